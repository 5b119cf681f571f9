"""The log's tree: RFC 6962 hashes, and the frontier from which each append knows the new root.

A frontier keeps the roots of the perfect subtrees of the leaves so far, largest first: one hash for each 1 in the binary form of
the size. Appending folds equal ones together; the root folds what is left from the right.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

import attrs

EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    """RFC 6962 §2.1: SHA-256(0x00 ‖ leaf)."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 6962 §2.1: SHA-256(0x01 ‖ left ‖ right)."""
    return sha256(b"\x01" + left + right).digest()


@attrs.frozen
class Frontier:
    """The state of a growing tree: its size, and the roots of its perfect subtrees, largest first."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def append(self, leaf: bytes) -> Frontier:
        """The frontier after one more leaf, given by its leaf hash."""
        return self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> Frontier:
        """The frontier after several more leaves, given by their leaf hashes."""
        size, hashes = self.size, list(self.hashes)
        for leaf in leaves:
            node, height = leaf, size
            while height & 1:
                node = node_hash(hashes.pop(), node)
                height >>= 1
            hashes.append(node)
            size += 1
        return Frontier(size, tuple(hashes))

    def root(self) -> bytes:
        """The Merkle tree head (RFC 6962 §2.1); of an empty log, the hash of nothing."""
        if not self.hashes:
            return EMPTY_ROOT
        root = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            root = node_hash(left, root)
        return root

    def to_bytes(self) -> bytes:
        return b"".join(self.hashes)

    @classmethod
    def from_bytes(cls, size: int, raw: bytes) -> Frontier:
        """Read back what `to_bytes` wrote. Raises ValueError when the length does not fit the size."""
        if len(raw) != 32 * size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} subtrees, not {len(raw) / 32:g}")
        return cls(size, tuple(raw[i : i + 32] for i in range(0, len(raw), 32)))
