"""A season in a store that tests can drive: the sample procedure, a clock that stands still until it is moved, salts from a seed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from engine import commands as cmd
from engine.actors import Actor
from engine.commands import AnyCommand
from engine.desk import Accepted
from engine.errors import DaihoiError
from engine.events import Recorded
from store.checks.redecide import command_of
from store.definitions import Definition
from store.desk import Desk
from store.receipts import Receipts
from store.sources import Sources, seeded_sources
from tests import sample

DEFINITIONS = (Definition.of_workflow(sample.CONGRESS, "# the sample procedure"), Definition.of_season(sample.DESCRIBED))
TODAY = date(2021, 4, 28)


class Clock:
    """A clock that tests set."""

    def __init__(self, day: date = TODAY) -> None:
        self.now = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def set(self, day: date, hour: int = 3) -> None:
        self.now = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


class StoredSeason:
    """`do` submits an act that has to be accepted, `refused` one that has to be refused."""

    def __init__(self, desk: Desk, clock: Clock) -> None:
        self.desk = desk
        self.clock = clock

    def do(self, kind: type[cmd.Command], unit: str, on: str | None = None, by: str | None = None, **fields: Any) -> Accepted:
        return self.desk.submit(act(kind, unit, on, by, **fields))

    def refused(self, kind: type[cmd.Command], unit: str, on: str | None = None, by: str | None = None, **fields: Any) -> Any:
        size = self.size()
        try:
            accepted = self.desk.submit(act(kind, unit, on, by, **fields))
        except DaihoiError as refusal:
            assert self.size() == size
            return refusal
        raise AssertionError(f"was accepted: {accepted}")

    def size(self) -> int:
        return sum(1 for _ in self.desk.history())

    def submitted(self, unit: str, on: str = "2021-03-01") -> None:
        """Bring a unit to the approval of its documents."""
        self.do(cmd.RecordFact, unit, on, fact="sub_committees", value=True)
        self.do(cmd.FileDocument, unit, on, document="political_report")
        self.do(cmd.Advance, unit, on, trigger="submit")

    def held(self, unit: str, on: str = "2021-04-10") -> None:
        """Bring a pilot to its congress."""
        self.submitted(unit)
        self.do(cmd.ApproveDocument, unit, "2021-03-20", "city", document="political_report", decision="1/QĐ")
        self.do(cmd.Advance, unit, "2021-03-20", "city", trigger="approve")
        self.do(cmd.RecordFact, unit, on, fact="delegates_summoned", value=150)
        self.do(cmd.RecordFact, unit, on, fact="delegates_present", value=140)
        self.do(cmd.Advance, unit, on, trigger="hold")


def act(
    kind: type[cmd.Command], unit: str, on: str | None = None, by: str | None = None, person: str | None = None, **fields: Any
) -> Any:
    """A command; the unit acts for itself unless somebody else is named."""
    day = None if on is None else date.fromisoformat(on)
    return kind(unit=unit, actor=Actor(unit=by or unit, person=person), on=day, **fields)


def fact(unit: str, value: int, name: str = "delegates_summoned", **fields: Any) -> cmd.RecordFact:
    made: cmd.RecordFact = act(cmd.RecordFact, unit, fields.pop("on", "2021-03-01"), fact=name, value=value, **fields)
    return made


def opened(
    address: str | Path = "sqlite://",
    *,
    origin: str = "live",
    clock: Clock | None = None,
    receipts: Receipts | None = None,
    sources: Sources | None = None,
    opening: cmd.OpenSeason | None = None,
) -> StoredSeason:
    """The sample season, just opened."""
    clock = clock or Clock()
    desk = Desk.create(
        address,
        opening or sample.opening(),
        DEFINITIONS,
        origin=origin,
        sources=sources or seeded_sources("tests", clock),
        receipts=receipts,
    )
    return StoredSeason(desk, clock)


def reopened(address: str | Path, *, seed: str = "again", **options: Any) -> Desk:
    """A second desk on a store, with ids and salts of its own."""
    return Desk.open(address, sources=seeded_sources(seed, Clock()), **options)


def commands_of(log: Iterable[Recorded]) -> Iterable[tuple[Recorded, AnyCommand]]:
    """The commands that made a log, after its opening."""
    plans = {sample.PLAN.id: sample.PLAN}
    for recorded in log:
        if recorded.command != "command-1" and recorded.seq > _opening_events():
            yield recorded, command_of(recorded, lambda digest: plans["plan-1"])


def _opening_events() -> int:
    return 1 + 3 + len(sample.UNITS) + len(sample.ROLLS) + 1


def with_history(log: Iterable[Recorded], address: str | Path = "sqlite://") -> StoredSeason:
    """A rehearsal in which everything of a log was recorded again, each act on the day it was recorded first."""
    season = opened(address, origin="history")
    for recorded, command in commands_of(log):
        season.desk.advance_clock(date.fromisoformat(recorded.at[:10]))
        season.desk.submit(command)
    return season


Maker = Callable[..., StoredSeason]
