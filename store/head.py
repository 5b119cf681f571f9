"""The head of a season's log: how long it is, the frontier of its tree, and what tells whether something kept in memory still holds."""

from __future__ import annotations

from datetime import date

import attrs

from engine.merkle import Frontier
from store.connection import Store
from store.errors import WhichSeason

_READ = "SELECT origin, size, frontier, last_recorded_at, season_version, joined, clock_day FROM head WHERE season = ?"
_WRITE = (
    "UPDATE head SET size = ?, frontier = ?, last_recorded_at = ?, season_version = ?, joined = ?, clock_day = ? WHERE season = ?"
)
_MAKE = (
    "INSERT INTO head (size, frontier, last_recorded_at, season_version, joined, clock_day, season, origin)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)


@attrs.define(kw_only=True)
class Head:
    """Grows while a transaction writes; stored with it."""

    season: str
    origin: str
    frontier: Frontier = attrs.field(factory=Frontier)
    last_recorded_at: str = ""
    season_version: int = 0
    joined: int = 0
    clock_day: date | None = None

    @property
    def size(self) -> int:
        return self.frontier.size

    def write(self, store: Store) -> None:
        store.run(_WRITE, self._columns())

    def make(self, store: Store) -> None:
        store.run(_MAKE, (*self._columns(), self.origin))

    def _columns(self) -> tuple[object, ...]:
        return (
            self.frontier.size,
            self.frontier.to_bytes(),
            self.last_recorded_at,
            self.season_version,
            self.joined,
            None if self.clock_day is None else self.clock_day.isoformat(),
            self.season,
        )


def find_head(store: Store, season: str) -> Head | None:
    row = store.row(_READ, (season,))
    if row is None:
        return None
    origin, size, frontier, last, season_version, joined, clock_day = row
    return Head(
        season=season,
        origin=origin,
        frontier=Frontier.from_bytes(size, frontier),
        last_recorded_at=last,
        season_version=season_version,
        joined=joined,
        clock_day=None if clock_day is None else date.fromisoformat(clock_day),
    )


def read_head(store: Store, season: str) -> Head:
    """The head of a season that the store holds."""
    found = find_head(store, season)
    if found is None:
        raise WhichSeason(seasons=tuple(seasons(store)))
    return found


def seasons(store: Store) -> dict[str, str]:
    """The seasons that a store holds, each with its origin."""
    return dict(store.rows("SELECT season, origin FROM head ORDER BY season"))


def the_season(store: Store, named: str | None) -> str:
    """The season asked for; with none named, the only one there is."""
    held = seasons(store)
    if named is None and len(held) == 1:
        return next(iter(held))
    if named is None or named not in held:
        raise WhichSeason(seasons=tuple(held), named=named)
    return named
