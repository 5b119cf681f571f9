"""Where every unit stands: `daihoi status`.

Now is answered by counting rows; only the units that need more than their columns are looked at one by one. A position or a day of the
past is answered from the cases as they stood. Both give the same answer for the same moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import attrs

from engine import standing
from engine.board import BoardAnswer, Flag, Note, UnitLine
from engine.case import Case
from engine.errors import DaihoiError
from engine.workflow import HELD, RECOGNISED
from store.connection import in_batches
from store.projections import COUNTED, case_from
from store.questions.find import below, unknown_unit
from store.questions.levels import Count, Levels
from store.questions.moments import At, Then, then
from store.session import Session

UNTRACKED_SHOWN = 20

_GROUPED = "level, workflow, state, parent, block, pilot_of IS NOT NULL"
_ROLLS = "untracked"
_BELOW_VALUES = 3
"""The values of `find.below` that stand before its columns."""


@attrs.frozen(kw_only=True)
class Wanted:
    """What a board is asked for. `state`, `overdue`, `blocked` and `units` list the units themselves."""

    under: str | None = None
    level: str | None = None
    state: str | None = None
    overdue: bool = False
    blocked: bool = False
    units: bool = False

    @property
    def asked(self) -> tuple[str, ...]:
        """What lists the units themselves."""
        return tuple(name for name in ("state", "overdue", "blocked", "units") if getattr(self, name))


def status(session: Session, wanted: Wanted, at: At = None, on: date | None = None) -> BoardAnswer:
    """`on`: another day for today."""
    with then(session, at, on) as moment:
        _check(moment, wanted)
        board = _FromRows(moment, wanted) if at is None else _FromCases(moment, wanted)
        return board.answer()


def _check(moment: Then, wanted: Wanted) -> None:
    """Refuse a unit, a level or a state that is not there."""
    if wanted.under is not None and moment.world.unit(wanted.under) is None:
        raise unknown_unit(moment.session, wanted.under)
    levels = moment.charter.adoptions
    if wanted.level is not None and wanted.level not in levels:
        raise _unknown_name("level", wanted.level, levels)
    states = dict.fromkeys(s.id for a in levels.values() for s in moment.session.memory.workflow(a.digest).states)
    if wanted.state is not None and wanted.state not in states:
        raise _unknown_name("state", wanted.state, states)


def _unknown_name(kind: str, name: str, known: Iterable[str]) -> DaihoiError:
    from engine.refusals import UnknownName

    return UnknownName(kind=kind, name=name, known=tuple(known))


class _Board:
    """What both ways of answering share."""

    def __init__(self, moment: Then, wanted: Wanted) -> None:
        self.moment = moment
        self.wanted = wanted
        self.levels = Levels(moment)
        self.overdue: list[Flag] = []
        self.blocked: list[Flag] = []
        self.notes: list[Note] = []

    def look_at(self, case: Case) -> None:
        """All that one unit adds to the lists."""
        world, day = self.moment.world, self.moment.day
        flags = standing.blocked(world, case, self.moment.session.memory.workflow(case.workflow), day)
        self.blocked.extend(flags)
        self.overdue.extend(f for f in flags if f.why == "past_due")
        self.notes.extend(n for n in standing.notes(world, case) if n.code != "untracked_roll")

    def flagged(self) -> set[str]:
        """The units that were asked for by a flag."""
        late = {f.unit for f in self.overdue} if self.wanted.overdue else set()
        return late | {f.unit for f in self.blocked} if self.wanted.blocked else late

    def is_listed(self, code: str, state: str, flagged: set[str]) -> bool:
        by_flag = self.wanted.overdue or self.wanted.blocked
        return self.wanted.state in (None, state) and (not by_flag or code in flagged)

    def result(self, units: tuple[UnitLine, ...], untracked: list[str]) -> BoardAnswer:
        notes = list(self.notes)
        if untracked:
            fields = {"count": len(untracked), "units": tuple(untracked[:UNTRACKED_SHOWN])}
            notes.append(Note(code="untracked_rolls", fields=fields))
        return BoardAnswer(
            as_of=self.moment.as_of,
            check_code=self.moment.session.check_code(self.moment.head),
            under=self.wanted.under,
            levels=self.levels.lines(everything=self.wanted.under is None and self.wanted.level is None, only=self.wanted.level),
            overdue=tuple(self.overdue),
            blocked=tuple(self.blocked),
            notes=tuple(notes),
            units=units,
            asked=self.wanted.asked,
        )


class _FromRows(_Board):
    """The board as it stands now."""

    def answer(self) -> BoardAnswer:
        self._count()
        for _, body in sorted(self._worth_a_look()):
            self.look_at(case_from(body))
        untracked = [code for (code,) in self._rows("code", "roll = ?", _ROLLS)]
        return self.result(tuple(self._units()) if self.wanted.asked else (), untracked)

    def _rows(self, columns: str, where: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of the units in question, in the order they joined."""
        statement, scope = self._scope(columns)
        return self.moment.session.store.rows(f"{statement} AND {where} ORDER BY ordinal", (*scope, *values))

    def _scope(self, columns: str) -> tuple[str, tuple[Any, ...]]:
        statement, values = below(self.moment.session.season, self.wanted.under, columns)
        statement += " AND left_on IS NULL"
        if self.wanted.level is not None:
            return f"{statement} AND level = ?", (*values, self.wanted.level)
        return statement, values

    def _count(self) -> None:
        special = self.levels.special
        own = f"CASE WHEN code IN ({', '.join('?' * len(special))}) THEN code END" if special else "NULL"
        counted = f"{_GROUPED}, {own}, min(code), count(*), count(held), count(recognised), max(held)"
        statement, values = self._scope(counted)
        inside = 0 if self.wanted.under is None else _BELOW_VALUES
        ordered = (*values[:inside], *special, *values[inside:])
        rows = self.moment.session.store.rows(f"{statement} GROUP BY 1, 2, 3, 4, 5, 6, 7", ordered)
        self._late: list[tuple[Any, ...]] = []
        for level, workflow, state, parent, block, pilot, alone, code, total, held, recognised, last in rows:
            self.levels.add(level, workflow, state, code, Count(total, held, recognised, _day(last)))
            if self.levels.is_late(workflow, state, code):
                self._late.append((level, workflow, state, parent, block, pilot, alone))

    def _worth_a_look(self) -> Iterator[tuple[int, bytes]]:
        """The units that are looked at one by one: those that their columns say it of, and those whose ground may have moved."""
        yield from self._rows("ordinal, body", "attention = 1")
        codes = sorted({*self._late_codes(), *self._shaken_codes()})
        for marks, some in in_batches(codes):
            yield from self._rows("ordinal, body", f"attention = 0 AND code IN ({marks})", *some)

    def _late_codes(self) -> Iterator[str]:
        special = set(self.levels.special)
        wanted = set(self._late)
        if not wanted:
            return
        for code, *group in self._rows(f"code, {_GROUPED}", "recognised IS NULL"):
            if (*group, code if code in special else None) in wanted:
                yield code

    def _shaken_codes(self) -> Iterator[str]:
        """Units with a state change that may rest on a word that was taken back."""
        store, season = self.moment.session.store, self.moment.session.season
        gone = {str(seq) for (seq,) in store.rows("SELECT seq FROM replaced WHERE season = ?", (season,))}
        if not gone:
            return
        for code, watch in self._rows("code, watch", "watch <> ''"):
            grounds = set(watch.split())
            if COUNTED in grounds or gone & grounds:
                yield code

    def _units(self) -> Iterator[UnitLine]:
        flagged = self.flagged()
        columns = "code, name, level, parent, pilot_of, state, since, held, recognised, left_on"
        for code, name, level, parent, pilot_of, state, since, held, recognised, left_on in self._rows(columns, "1 = 1"):
            if self.is_listed(code, state, flagged):
                yield UnitLine(
                    unit=code,
                    name=name,
                    level=level,
                    parent=parent,
                    pilot=pilot_of is not None,
                    state=state,
                    since=date.fromisoformat(since),
                    held=_day(held),
                    recognised=_day(recognised),
                    left_on=_day(left_on),
                )


class _FromCases(_Board):
    """The board as it stood."""

    def answer(self) -> BoardAnswer:
        cases = list(self._cases())
        untracked = []
        for case in cases:
            held, recognised = case.award(HELD, self.moment.day), case.award(RECOGNISED, self.moment.day)
            count = Count(1, int(held is not None), int(recognised is not None), None if held is None else held.on)
            self.levels.add(case.unit.level, case.workflow, case.state, case.unit.code, count)
            self.look_at(case)
            if case.roll_status(self.moment.day) == _ROLLS:
                untracked.append(case.unit.code)
        return self.result(tuple(self._units(cases)) if self.wanted.asked else (), untracked)

    def _cases(self) -> Iterator[Case]:
        under = self.wanted.under
        for case in self.moment.cases():
            unit = case.unit
            if not case.member_on(self.moment.day) or self.wanted.level not in (None, unit.level):
                continue
            if under is None or any(u.code == under for u in self.moment.world.line(unit.code)[1:]):
                yield case

    def _units(self, cases: list[Case]) -> Iterator[UnitLine]:
        flagged, day = self.flagged(), self.moment.day
        for case in cases:
            unit = case.unit
            if not self.is_listed(unit.code, case.state, flagged):
                continue
            held, recognised = case.award(HELD, day), case.award(RECOGNISED, day)
            yield UnitLine(
                unit=unit.code,
                name=unit.name,
                level=unit.level,
                parent=unit.parent,
                pilot=unit.pilot_of is not None,
                state=case.state,
                since=case.since,
                held=None if held is None else held.on,
                recognised=None if recognised is None else recognised.on,
                left_on=case.left_on,
            )


def _day(written: str | None) -> date | None:
    return None if written is None else date.fromisoformat(written)
