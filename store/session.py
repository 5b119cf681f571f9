"""A season of a store as a desk works on it: which log, with which sources, and what is kept in memory between questions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from engine.board import Note
from engine.leaf import Log
from engine.unit import SEASON
from store.charter import Charter
from store.clock import Instant, LiveClock, RehearsalClock
from store.connection import Store
from store.errors import Corrupt
from store.head import Head, read_head
from store.memory import Memory
from store.projections import fold_aside
from store.sources import Sources
from store.world import SqlWorld

if TYPE_CHECKING:
    from engine.check_code import CheckCode

_VERSION = "SELECT version FROM unit_case WHERE season = ? AND code = ?"


class Session:
    """One season of an open store."""

    def __init__(self, store: Store, season: str, origin: str, sources: Sources) -> None:
        self.store = store
        self.season = season
        self.origin = origin
        self.sources = sources
        self.memory = Memory(store)
        self.notes: list[Note] = []

    @property
    def log(self) -> Log:
        return Log(self.season, self.origin)

    def head(self, *, to_write: bool = False) -> Head:
        """Where the log stands; `to_write`: and nobody else writes to it until the transaction ends."""
        if not self.store.layout_stands and not self.store.within:
            with self.store.transaction():  # what is folded beside outdated tables is of one position, and takes temporary ones
                return self.head()
        head = read_head(self.store, self.season, to_write=to_write)
        if not self.store.layout_stands and self.store.folded_aside != head.size:
            with self.store.translating():
                fold_aside(self.store, self.season)
            self.store.folded_aside = head.size
        self.memory.settle(head)
        return head

    def check_code(self, head: Head) -> CheckCode:
        """The check code of the log as its head has it. Raises Corrupt."""
        from engine.check_code import CheckCode

        try:
            return CheckCode.of(head.size, head.frontier().root())
        except (ValueError, TypeError) as error:
            raise Corrupt(place=self.store.dialect.place, detail=f"head: {error}") from error

    def version_of(self, unit: str) -> int:
        """How many events a unit (or the season itself) has."""
        if unit == SEASON:
            return self.head().season_version
        if not self.store.layout_stands:
            self.head()
        row = self.store.row(_VERSION, (self.season, unit))
        return 0 if row is None else row[0]

    def charter(self, head: Head) -> Charter:
        charter = self.memory.charter(head)
        if charter.damage is not None:
            raise Corrupt(place=self.store.dialect.place, detail=charter.damage)
        return charter

    def world(self, head: Head) -> SqlWorld:
        return SqlWorld(self.store, self.charter(head), self.memory)

    def instant(self, head: Head, act: date | None = None) -> Instant:
        """The instant at which an act of a day is recorded now; even over a damaged log somebody has to know which day it is."""
        return self.clock(self.memory.charter(head), head).instant(head.last_recorded_at, act)

    def today(self, head: Head) -> date:
        return self.instant(head).today

    def clock(self, charter: Charter, head: Head) -> LiveClock | RehearsalClock:
        """The live clock, or the rehearsal's own at a head."""
        if charter.live:
            return LiveClock(self.sources, charter.zone)
        return RehearsalClock(charter.zone, head.clock_day)

    @contextmanager
    def reading(self) -> Iterator[SqlWorld]:
        """One transaction that reads, so that everything in an answer is of one position of the log."""
        with self.store.transaction():
            yield self.world(self.head())
