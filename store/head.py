"""The head of a season's log: how long it is, the frontier of its tree, and what tells whether something kept in memory still holds."""

from __future__ import annotations

from datetime import date
from operator import index

import attrs

from engine.merkle import Frontier
from store.clock import read
from store.connection import Row, Store
from store.errors import Corrupt, WhichSeason

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
    """Stored with each transaction that writes. `hashes`: the frontier, as `engine.merkle` writes it."""

    season: str
    origin: str
    size: int = 0
    hashes: bytes = b""
    last_recorded_at: str = ""
    season_version: int = 0
    joined: int = 0
    clock_day: date | None = None

    def frontier(self) -> Frontier:
        """The frontier of the tree. Raises ValueError where size and hashes do not fit each other."""
        return Frontier.from_bytes(self.size, self.hashes)

    def grow(self, frontier: Frontier) -> None:
        self.size, self.hashes = frontier.size, frontier.to_bytes()

    def write(self, store: Store) -> None:
        store.run(_WRITE, self._columns())

    def write_over(self, store: Store) -> None:
        """Write it as it is, and really: SQLite writes no page for a row that stays the same."""
        attrs.evolve(self, joined=self.joined + 1).write(store)
        self.write(store)

    def make(self, store: Store) -> None:
        store.run(_MAKE, (*self._columns(), self.origin))

    def _columns(self) -> tuple[object, ...]:
        return (
            self.size,
            self.hashes,
            self.last_recorded_at,
            self.season_version,
            self.joined,
            None if self.clock_day is None else self.clock_day.isoformat(),
            self.season,
        )


def find_head(store: Store, season: str, *, to_write: bool) -> Head | None:
    """The head of a season; `to_write`: whoever else would write to it waits until this transaction ends."""
    row = store.row(_READ + store.dialect.locking if to_write else _READ, (season,))
    if row is None:
        return None
    try:
        return _head(season, row)
    except (ValueError, TypeError) as error:
        raise Corrupt(place=store.dialect.place, detail=f"head: {error}") from error


def _head(season: str, row: Row) -> Head:
    """Whoever tampers may leave anything anywhere: what is no number, day or instant is not gone on with. Raises ValueError, TypeError."""
    origin, size, hashes, last, season_version, joined, clock_day = row
    if last:
        read(last)
    return Head(
        season=season,
        origin=origin,
        size=index(size),
        hashes=hashes,
        last_recorded_at=last,
        season_version=index(season_version),
        joined=index(joined),
        clock_day=None if clock_day is None else date.fromisoformat(clock_day),
    )


def read_head(store: Store, season: str, *, to_write: bool = False) -> Head:
    """The head of a season that the store holds."""
    found = find_head(store, season, to_write=to_write)
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
