"""The log as it is streamed for a verification."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from store.connection import Store, as_bytes

_LOG = (
    "SELECT seq, unit, version, command, kind, effective_on, recorded_at, clock, actor_unit, person, leaf, leaf_hash"
    " FROM log WHERE season = ? ORDER BY seq"
)


class LogRow(NamedTuple):
    """One row, leaf and all."""

    seq: int
    unit: str
    version: int
    command: str
    kind: str
    effective_on: str
    recorded_at: str
    clock: str | None
    actor_unit: str
    person: str | None
    leaf: bytes
    leaf_hash: bytes


def log_rows(store: Store, season: str) -> Iterator[LogRow]:
    for row in map(LogRow._make, store.stream(_LOG, (season,))):
        if type(row.leaf) is bytes is type(row.leaf_hash):
            yield row
        else:
            yield row._replace(leaf=as_bytes(row.leaf), leaf_hash=as_bytes(row.leaf_hash))
