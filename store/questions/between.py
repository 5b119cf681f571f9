"""What changed between two moments, for one unit or the tree: `daihoi replay --from A --to B`.

Both moments are those of `store.questions.moments`. Of two positions only the units that have an event in between are looked at, each by
its own events; where a day is asked about, every unit is, because a postponement also ends by its day alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import attrs

from engine.answers import BetweenAnswer, Moment, UnitBetween
from engine.case import Case
from engine.changes import Change, Stood, changes
from engine.planning import plan_value
from engine.unit import SEASON
from engine.world import PlanInForce
from store.errors import NoSuchPosition
from store.questions.find import unknown_unit
from store.questions.lengths import Known
from store.questions.moments import At, Then, folded, moment
from store.session import Session

# Without DISTINCT: SQLite would go through the index of units, and so through the whole log, only to find each unit once.
_TOUCHED = "SELECT unit FROM log WHERE season = ? AND seq > ? AND seq <= ?"


def between(session: Session, first: At, last: At, *, unit: str | None = None, known: Known | None = None) -> BetweenAnswer:
    """What reads otherwise at the second moment. Raises NoSuchPosition, UnknownUnit."""
    with session.store.transaction():
        mixed = unit is None and isinstance(first, date) != isinstance(last, date)
        begin, end = (moment(session, at, known=known, unit=unit, own=not mixed) for at in (first, last))
        _check(begin, end)
        found: tuple[UnitBetween, ...]
        if unit is not None:
            found = (_of_one(begin, end, unit),)
        elif mixed or begin.past is not None:
            found = tuple(_of_every(begin, end, alike=not mixed))
        else:
            found = tuple(_of_touched(begin, end))
        return BetweenAnswer(begin=_asked(begin), end=_asked(end), unit=unit, units=found, plans=_issued(begin, end))


def _check(begin: Then, end: Then) -> None:
    """The second moment is not before the first. A day and a position are not compared."""
    backwards: tuple[int | date, int | date] | None = None
    if begin.past is not None and end.past is not None:
        backwards = (begin.past, end.past) if begin.past > end.past else None
    elif begin.past is None and end.past is None and begin.as_of.seq > end.as_of.seq:
        backwards = begin.as_of.seq, end.as_of.seq
    if backwards is not None:
        raise NoSuchPosition(at=backwards[1], first=backwards[0], last=begin.session.head().size, what="between")


def _asked(then: Then) -> Moment:
    return Moment(as_of=then.as_of, by_day=then.past is not None)


def _stood(then: Then, case: Case | None) -> Stood | None:
    return None if case is None else Stood(case, then.past)


def _of_one(begin: Then, end: Then, unit: str) -> UnitBetween:
    cases = begin.case(unit), end.case(unit)
    known = cases[1] or cases[0]
    if known is None:
        raise unknown_unit(begin.session, unit)
    found = changes(_stood(begin, cases[0]), _stood(end, cases[1]))
    return _told(begin, known, (*found, *_values(begin, end, known)))


def _of_touched(begin: Then, end: Then) -> Iterator[UnitBetween]:
    """Of two positions: nothing else than an event changes a unit."""
    session = begin.session
    rows = session.store.stream(_TOUCHED, (session.season, begin.as_of.seq, end.as_of.seq))
    for unit in sorted({unit for (unit,) in rows} - {SEASON}):
        told = _of_pair(begin, end, begin.case(unit), end.case(unit))
        if told is not None:
            yield told


def _of_every(begin: Then, end: Then, *, alike: bool) -> Iterator[UnitBetween]:
    """`alike`: both are days of the same log, so that each case is turned back to the one and to the other."""
    if alike and begin.own:  # as it was known: the one part of the log is folded once
        world = folded(begin.session, begin.as_of.seq)
        begin, end = attrs.evolve(begin, world=world, own=False), attrs.evolve(end, world=world, own=False)
    if alike:
        pairs = ((begin.turned(case), end.turned(case)) for case in begin.folded_cases())
    else:
        before = {case.unit.code: case for case in begin.cases()}
        pairs = ((before.get(c.unit.code), end.turned(c)) for c in end.folded_cases())
    for first, last in pairs:
        told = _of_pair(begin, end, first, last)
        if told is not None:
            yield told


def _of_pair(begin: Then, end: Then, first: Case | None, last: Case | None) -> UnitBetween | None:
    case = last or first
    found = changes(_stood(begin, first), _stood(end, last))
    return _told(begin, case, found) if case is not None and found else None


def _told(then: Then, case: Case, found: tuple[Change, ...]) -> UnitBetween:
    return UnitBetween(unit=case.unit, workflow=then.session.memory.workflow(case.workflow), changes=found)


def _in_force(then: Then) -> list[PlanInForce]:
    day = then.past
    plans = then.charter.plans
    return [plan for plan in plans if plan.seq <= then.as_of.seq and (day is None or plan.since <= day)]


def _issued(begin: Then, end: Then) -> tuple[PlanInForce, ...]:
    """The plans in force at the second moment that were not at the first."""
    before = {plan.seq for plan in _in_force(begin)}
    return tuple(plan for plan in _in_force(end) if plan.seq not in before)


def _values(begin: Then, end: Then, case: Case) -> Iterator[Change]:
    """The plan values that hold for a unit."""
    session = begin.session
    line, board = session.world(session.head()).line(case.unit.code), begin.charter.board
    for declared in session.memory.workflow(case.workflow).plan_values:
        found = (plan_value(_in_force(then), declared.id, line, board, then.day) for then in (begin, end))
        before, after = (None if one is None else one.value.value for one in found)
        if before != after:
            yield Change(what="plan", name=declared.id, before=before, after=after)
