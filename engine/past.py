"""A unit as it stood at a position of the log, or on a day with all that is known by now.

At a position, the fold of the prefix says it. On a day, everything accepted is folded first, corrections and annulments with it, and
the timelines are asked for the day. Without late records and corrections the two agree (docs/time-and-log.md,
"Four ways to look back").
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from engine.answers import UnitThen
from engine.case import Case
from engine.events import Recorded


def at_position(case: Case) -> UnitThen:
    """The unit as the fold has it."""
    return UnitThen(
        state=case.state,
        version=case.version,
        since=case.since,
        attempt=case.attempt,
        milestones=case.milestones(),
        left=case.left_on is not None,
    )


def on_day(case: Case, day: date, version: int) -> UnitThen | None:
    """The unit on a day; None when it had not joined. `version`: that of its last event that took place by then."""
    if case.joined_on > day:
        return None
    state, since, attempt = case.state_on(day)
    return UnitThen(
        state=state,
        version=version,
        since=since,
        attempt=attempt,
        milestones=case.milestones(day),
        left=not case.member_on(day),
    )


def versions_on(log: Iterable[Recorded], day: date) -> dict[str, int]:
    """By unit, the version after its last event (in the order of the log) that took place by a day."""
    return {recorded.unit: recorded.version for recorded in log if recorded.on <= day}
