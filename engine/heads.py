"""Heads: where every unit's record ends, under one root. With it a unit shows that nothing of it was left out, and shows no other unit.

The tree is of the same kind as the log's (RFC 6962). It has one entry for each unit that ever joined and one for the season itself, in the
order of the codes' bytes; docs/bundle.md says what an entry is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

import attrs

from engine import codec
from engine.events import HeadsRecorded
from engine.merkle import Frontier, leaf_hash


@attrs.frozen
class UnitHead:
    """A unit's last event: its version, and the hash of its leaf."""

    unit: str
    version: int
    leaf: bytes

    @property
    def entry(self) -> bytes:
        return codec.canonical({"leaf": self.leaf.hex(), "unit": self.unit, "version": self.version})

    @property
    def hash(self) -> bytes:
        """The entry's own hash in the tree."""
        return leaf_hash(self.entry)


Heads: TypeAlias = Callable[[], Iterable[UnitHead]]
"""The heads at a place of the log, in any order: asked for only by the one command that needs them."""


def in_order(heads: Iterable[UnitHead]) -> list[UnitHead]:
    """By the bytes of the codes (the code points of a text and the bytes of its UTF-8 have one order)."""
    return sorted(heads, key=lambda head: head.unit)


def put_on_record(heads: Iterable[UnitHead]) -> HeadsRecorded:
    """What the log says of them."""
    tree = Frontier().extend(head.hash for head in in_order(heads))
    return HeadsRecorded(size=tree.size, root=tree.root().hex())
