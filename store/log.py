"""The log as it lies in its table: an event by its place, the first so many, or one unit's.

`verify` reads it in another way (`store.checks.rows`): every column, and without trusting any.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.events import Recorded
from engine.leaf import read_leaf
from store.connection import Store

_AT = "SELECT leaf FROM log WHERE season = ? AND seq = ?"
_LEAVES = "SELECT leaf FROM log WHERE season = ? AND seq > ? AND seq <= ? ORDER BY seq"
# The position as an expression: else SQLite goes through the whole log in its order rather than to the unit's few events.
_OF_UNIT = "SELECT leaf FROM log WHERE season = ? AND unit = ? AND seq + 0 <= ? ORDER BY version"


def leaf_at(store: Store, season: str, seq: int) -> Any:
    """What stands in the leaf's column at a position; None where there is no such event."""
    row = store.row(_AT, (season, seq))
    return None if row is None else row[0]


def event_at(store: Store, season: str, seq: int) -> Recorded | None:
    """The event at a position. Raises NotALeaf."""
    row = store.row(_AT, (season, seq))
    return None if row is None else read_leaf(row[0])[1]


def first_leaves(store: Store, season: str, size: int, *, after: int = 0) -> Iterator[Any]:
    """What stands in the leaf's column of the first so many events, one after the other; inside a transaction.

    `after`: without the first so many of them.
    """
    return (leaf for (leaf,) in store.stream(_LEAVES, (season, after, size)))


def events_of(store: Store, season: str, unit: str, size: int) -> list[Recorded]:
    """One unit's events among the first so many of the log. Raises NotALeaf."""
    return [read_leaf(leaf)[1] for (leaf,) in store.rows(_OF_UNIT, (season, unit, size))]
