"""The benchmark's step in `eventsourcing`: load an aggregate, check two guards, trigger an event, save.

It keeps neither hashes nor projections nor receipts, and its events hold the readings of the guards as ours do.
"""

from __future__ import annotations

from itertools import cycle, islice
from pathlib import Path
from typing import Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

FACTS = {"summoned": 100, "present": 80, "elected": 60, "valid": 78}


class Congress(Aggregate):
    """A unit on its way to and fro."""

    @event("Registered")
    def __init__(self, code: str) -> None:
        self.code = code
        self.state = "here"
        self.facts = dict(FACTS)

    def advance(self) -> None:
        facts = self.facts
        if not (facts["present"] * 3 >= facts["summoned"] * 2 and facts["elected"] * 2 > facts["valid"]):
            raise RuntimeError("a guard refuses")
        self.moved("there" if self.state == "here" else "here", self.state, facts)

    @event("Moved")
    def moved(self, target: str, source: str, read: dict[str, int]) -> None:
        self.state = target


class EventSourced:
    """Units in an application of its own, on SQLite in WAL with a full sync, as the library sets it by default."""

    def __init__(self, path: Path, units: int, *, events: int = 6) -> None:
        self.application: Application[UUID] = Application(
            env={"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(path)}
        )
        made = [Congress(f"u-{number:05}") for number in range(units)]
        for congress in made:
            for _ in range(events - 1):
                congress.advance()
        for start in range(0, units, 100):
            self.application.save(*made[start : start + 100])
        self.events = units * events
        self._ids: list[UUID] = [congress.id for congress in made]
        self._next = cycle(self._ids)

    def advance(self, times: int) -> None:
        for one in islice(self._next, times):
            congress: Any = self.application.repository.get(one)
            congress.advance()
            self.application.save(congress)

    def replay(self) -> None:
        """Every aggregate from its events. Nothing is proved by it."""
        for one in self._ids:
            self.application.repository.get(one)
