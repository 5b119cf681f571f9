"""RFC 6962 proofs: that an entry is in a tree, and that a tree is the beginning of a larger one.

Making: a proof is a list of roots of runs of leaves (`Span`). `inclusion` and `consistency` name the runs, as RFC 6962 §2.1.1 and §2.1.2
define them; `roots` works them out in one pass over the log, of many proofs together too, with the memory of what it gives. Verifying
follows RFC 9162 §2.1.3.2 and §2.1.4.2: hashes in, yes or no out, whatever stands in them. An empty tree is the beginning of every tree; its
proof is empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple

from engine.merkle import EMPTY_ROOT, node_hash

MOST_HASHES: Final = 63
"""A file with a longer proof is not read (C2SP tlog-witness, "add-checkpoint"); it would be of a log with 2^61 entries."""


class Span(NamedTuple):
    """The leaves from index `start` up to, and without, `end`: one subtree."""

    start: int
    end: int


def inclusion(index: int, size: int) -> tuple[Span, ...]:
    """PATH(m, D[n]): the subtrees beside the way from a leaf to the root, the lowest first. Raises ValueError."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has none at index {index}")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(Span(middle, end))
            end = middle
        else:
            path.append(Span(start, middle))
            start = middle
    return tuple(reversed(path))


def consistency(old: int, size: int) -> tuple[Span, ...]:
    """PROOF(m, D[n]): the subtrees that make up the old tree, and those that make the new one of it. Raises ValueError."""
    if not 0 <= old <= size:
        raise ValueError(f"a tree of {size} leaves has no beginning of {old}")
    if old in (0, size):
        return ()
    start, end, path = 0, size, []
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(Span(middle, end))
            end = middle
        else:
            path.append(Span(start, middle))
            start = middle
    if start:  # else it is the whole old tree, whose root the verifier holds
        path.append(Span(start, end))
    return tuple(reversed(path))


def _split(size: int) -> int:
    """The largest power of two below a size of at least two."""
    return 1 << (size - 1).bit_length() - 1


def roots(spans: Sequence[Span], leaves: Iterable[bytes]) -> tuple[bytes, ...]:
    """The roots of subtrees of one tree, from its leaf hashes in their order; the spans of many proofs of it may lie in one another.

    Raises ValueError where leaves are missing, or a span is no subtree.
    """
    wanted = set(spans)
    last = max((span.end for span in wanted), default=0)
    found: dict[Span, bytes] = {}
    peaks: list[tuple[int, bytes]] = []  # the perfect subtrees so far, the largest first: where each begins, and its root
    end = 0
    for node in islice(leaves, last):
        start, height, end = end, end, end + 1
        if (start, end) in wanted:
            found[Span(start, end)] = node
        while height & 1:
            start, left = peaks.pop()
            node, height = node_hash(left, node), height >> 1  # noqa: PLW2901 - the subtree that the leaf has completed
            if (start, end) in wanted:
                found[Span(start, end)] = node
        peaks.append((start, node))
    found.update(_at_the_end(peaks, end))
    missing = wanted - found.keys()
    if missing:
        raise ValueError(f"there are no leaves for {min(missing)}")
    return tuple(found[span] for span in spans)


def _at_the_end(peaks: Sequence[tuple[int, bytes]], end: int) -> Iterator[tuple[Span, bytes]]:
    """The subtrees at the right edge that are not perfect, folded from the right."""
    root = b""
    for start, peak in reversed(peaks):
        root = node_hash(peak, root) if root else peak
        yield Span(start, end), root


def includes(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether a leaf hash stands at an index of the tree with that size and root (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size or not _are_hashes((leaf, root, *proof)):
        return False
    node, last, found = index, size - 1, leaf
    for beside in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            found = node_hash(beside, found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, beside)
        node, last = node >> 1, last >> 1
    return last == 0 and found == root


def extends(old: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the tree of an old size and root is the beginning of another (RFC 9162 §2.1.4.2)."""
    if not 0 <= old <= size or not _are_hashes((old_root, root, *proof)):
        return False
    if size == 0 and root != EMPTY_ROOT:
        return False
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    if old == size:
        return not proof and old_root == root
    return _leads_from(old, old_root, size, root, proof)


def _leads_from(old: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    whole = old & (old - 1) == 0
    path = (old_root, *proof) if whole else tuple(proof)
    if not path:
        return False
    node, last = old - 1, size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    first = second = path[0]
    for beside in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            first, second = node_hash(beside, first), node_hash(beside, second)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            second = node_hash(second, beside)
        node, last = node >> 1, last >> 1
    return last == 0 and first == old_root and second == root


def _are_hashes(found: Iterable[bytes]) -> bool:
    return all(len(one) == len(EMPTY_ROOT) for one in found)
