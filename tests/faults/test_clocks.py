"""Clocks that are wrong: a year behind or ahead, going back while work goes on, of two machines that differ, across changes of the hour.

After each course: the order is that of the log, no instant is before the one above it, what the clock said instead is kept and told, an
act is never of a day that has not come where the season is held, and verify agrees. FAULT_SEED draws the courses.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import attrs
import pytest

from engine import commands as cmd
from engine.refusals import WrongDay
from store.desk import Desk
from store.sources import seeded_sources
from tests import sample
from tests.store.seasons import Clock, act, opened
from tests.trials import Trial

SEED = os.environ.get("FAULT_SEED", "20210428")
ACTS = 12
ZONES = ("Asia/Ho_Chi_Minh", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "America/St_Johns", "Pacific/Kiritimati")
"""Where seasons are held: no change of the hour, one of an hour, one of half an hour, a day that never was, both ends of the world."""

TURNS = (
    datetime(2021, 3, 28, 1, tzinfo=UTC),  # Berlin's spring
    datetime(2021, 10, 31, 1, tzinfo=UTC),  # Berlin's autumn
    datetime(2021, 4, 3, 15, tzinfo=UTC),  # Lord Howe's autumn
    datetime(2011, 12, 30, 10, tzinfo=UTC),  # Apia leaves out a day
    datetime(2021, 4, 28, 17, tzinfo=UTC),  # midnight in Hà Nội
)
JUMPS = (
    *(timedelta(days=days) for days in (-366, -365, -31, -1, 1, 365, 366)),
    *(timedelta(hours=hours) for hours in (-1, 1)),
    *(timedelta(milliseconds=ms) for ms in (-1, 0, 1, 900)),
)


@attrs.define
class Course:
    """One season with one or two machines on it. `last`: the latest instant of the log, `behind`: how often a clock was."""

    desks: Sequence[tuple[Desk, Clock]]
    zone: ZoneInfo
    last: datetime
    behind: int = 0
    expected: list[tuple[datetime, datetime | None]] = attrs.field(factory=list)
    wrong: list[str] = attrs.field(factory=list)

    def act(self, number: int, chance: Random) -> None:
        """One clock jumps, somebody acts by it, and tries to act on the day after as well."""
        desk, clock = chance.choice(self.desks)
        clock.now += chance.choice(JUMPS)
        at = max(cut(clock.now), self.last)
        today = at.astimezone(self.zone).date()
        if desk.today() != today:
            self.wrong.append(f"today is said to be {desk.today()}, and is {today}")
        self.refuse(desk, today + timedelta(days=chance.choice((1, 2, 400))), today)
        desk.submit(act(cmd.RecordFact, "east", today.isoformat(), fact="delegates_summoned", value=number + 1))
        self.behind += cut(clock.now) < at
        self.expected.append((at, cut(clock.now) if cut(clock.now) < at else None))
        self.last = at

    def refuse(self, desk: Desk, on: date, today: date) -> None:
        try:
            desk.submit(act(cmd.RecordFact, "east", on.isoformat(), fact="theme", value="unity"))
        except WrongDay as refusal:
            if (refusal.why, refusal.bound) != ("future", today):
                self.wrong.append(f"refused for another reason: {refusal}")
        else:
            self.wrong.append(f"an act of {on} was recorded on {today}")

    def look(self) -> list[str]:
        desk = self.desks[0][0]
        lines = list(desk.history())
        found = [(read(x.recorded.at), x.recorded.clock and read(x.recorded.clock)) for x in lines[-len(self.expected) :]]
        if found != self.expected:
            self.wrong.append(f"recorded {found}, and not {self.expected}")
        if [x.recorded.seq for x in lines] != list(range(1, len(lines) + 1)):
            self.wrong.append("the order is not that of the log")
        if any(a.recorded.at > b.recorded.at for a, b in pairwise(lines)):
            self.wrong.append("an instant is before the one above it")
        told = sum(note.code == "clock_behind" for one, _ in self.desks for note in one.notes())
        if told != self.behind:
            self.wrong.append(f"told {told} times of a clock that was behind {self.behind} times")
        if not desk.verify("full").ok:
            self.wrong.append("verify fails")
        return self.wrong


def cut(instant: datetime) -> datetime:
    """An instant as exactly as the log has it."""
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def read(at: str) -> datetime:
    return datetime.fromisoformat(at)


def tried(path: str, seed: str) -> tuple[list[str], int]:
    """A course by wrong clocks: what does not hold, and how often a clock was behind."""
    chance = Random(seed)
    zone = chance.choice(ZONES)
    begins = chance.choice(TURNS) + chance.choice(JUMPS)
    clock, other = Clock(), Clock()
    clock.now, other.now = begins, begins + chance.choice(JUMPS)
    on = begins.astimezone(ZoneInfo(zone)).date()
    season = opened(path, clock=clock, opening=attrs.evolve(sample.opening(), timezone=zone, on=on))
    with season.desk as first, Desk.open(path, sources=seeded_sources(seed, other)) as second:
        course = Course([(first, clock), (second, other)], ZoneInfo(zone), cut(begins))
        for number in range(ACTS):
            course.act(number, chance)
        return course.look(), course.behind


@pytest.mark.trial("clock")
def test_by_whatever_clocks_the_order_stands_and_what_they_said_is_told(folder: object, trial: Trial) -> None:
    wrong: dict[str, list[str]] = {}
    behind = 0
    for number in range(trial.size):
        seed = f"{SEED} {number}"
        found, often = tried(f"{folder}/season-{number}.db", seed)
        behind += often
        if found:
            wrong[seed] = found
    trial.report(trial.size, len(wrong), acts=trial.size * ACTS, clocks_behind=behind)
    assert not wrong, "\n".join(f"{seed}: {found}" for seed, found in list(wrong.items())[:5])
    assert behind
