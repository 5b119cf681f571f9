"""The leaf hashes of a log, worked out from the leaves themselves: what stands in the columns is for `verify` to compare."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from itertools import islice
from typing import Final

from engine.merkle import Frontier, leaf_hash
from store.connection import Store, as_bytes
from store.log import first_leaves


def leaf_hashes(store: Store, season: str, size: int, *, after: int = 0) -> Iterator[bytes]:
    """Of the first so many events (`after`: without the first so many of them), inside a transaction."""
    return (leaf_hash(as_bytes(leaf)) for leaf in first_leaves(store, season, size, after=after))


def after_the_last(store: Store, season: str) -> int | None:
    """The position behind the last event; None where the numbers have gaps."""
    row = store.row("SELECT count(*), max(seq) FROM log WHERE season = ?", (season,))
    count, last = (0, 0) if row is None else row
    return count + 1 if count == (last or 0) else None


def root_at(store: Store, season: str, size: int) -> bytes | None:
    """The root of the first so many events; None where there are fewer."""
    return roots_at(store, season, (size,)).get(size)


_STEP: Final = 4096


def roots_at(
    store: Store, season: str, sizes: Collection[int], progress: Callable[[int], object] = lambda done: None
) -> dict[int, bytes]:
    """The roots at several sizes, in one reading; at a size that the log does not reach there is none.

    `progress` hears how many leaves are done.
    """
    leaves = leaf_hashes(store, season, max(sizes, default=0))
    frontier = Frontier()
    found: dict[int, bytes] = {}
    for size in sorted(set(sizes)):
        while frontier.size < size:
            before = frontier.size
            frontier = frontier.extend(islice(leaves, min(_STEP, size - before)))
            if frontier.size == before:
                return found
            progress(frontier.size)
        found[size] = frontier.root()
    return found
