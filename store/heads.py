"""Where the units' records end, as the tables have it at the position of the transaction that is open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from engine.heads import UnitHead
from engine.unit import SEASON
from store.connection import Store
from store.errors import Corrupt

_OF_UNITS: Final = (
    "SELECT c.code, c.version, l.leaf_hash FROM unit_case c LEFT JOIN log l ON l.season = c.season AND l.unit = c.code"
    " AND l.version = c.version WHERE c.season = ?"
)
_OF_SEASON: Final = "SELECT unit, version, leaf_hash FROM log WHERE season = ? AND unit = ? AND version = ?"


def heads(store: Store, season: str, season_version: int) -> Iterator[UnitHead]:
    """Every unit's, and the season's own. Raises Corrupt where the log does not have a unit's last event."""
    for statement, values in ((_OF_UNITS, (season,)), (_OF_SEASON, (season, SEASON, season_version))):
        for unit, version, leaf in store.stream(statement, values):
            if not isinstance(leaf, bytes):
                raise Corrupt(place=store.dialect.place, detail=f"event {version} of {unit} is not in the log")
            yield UnitHead(unit, version, leaf)
