"""What a name in a guard means: from a path (`engine.readings`) to what the season says there, for one unit on one day.

This is the only place that gives names their meaning. Facts, documents, plans and other units' milestones are read as they stood on
the day; a unit's own state and attempt go by the order of the log (docs/time-and-log.md, "What a decision sees").
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Final

import attrs

from engine.case import Case
from engine.planning import calendar, plan_value
from engine.readings import Path, Reading
from engine.values import Value
from engine.workflow import HELD
from engine.world import World

NO_PILOTS: Final = "no_pilots"
"""The plan value that says that a unit's level has no pilots to wait for."""


@attrs.frozen
class Reader:
    """Reads paths for one unit on one day."""

    world: World
    case: Case
    on: date

    @property
    def code(self) -> str:
        return self.case.unit.code

    def read_all(self, paths: Iterable[Path]) -> dict[Path, Reading]:
        return {path: self.read(path) for path in paths}

    def read(self, path: Path) -> Reading:
        return _ROOTS[path[0]](self, path)

    def lead(self) -> str | None:
        """The nearest unit above that has designated pilots of this unit's level."""
        level = self.case.unit.level
        above = self.world.line(self.code)[1:]
        return next((u.code for u in above if level in self.world.levels_piloted(u.code)), None)

    def without_pilots(self) -> bool:
        """Whether a plan says that there are no pilots to wait for."""
        return self.plan((NO_PILOTS,)).value is True

    def plan(self, rest: Path) -> Reading:
        line = self.world.line(self.code)
        found = plan_value(self.world.plans(), rest[0], line, self.world.board, self.on)
        if found is None:
            return Reading(value=None, unit=self.code)
        issued = found.plan.issued
        return Reading(value=found.value.value, unit=issued.issuer, seq=found.plan.seq, plan=issued.plan)


def _on(reader: Reader, path: Path) -> Reading:
    return Reading(value=reader.on)


def _calendar(reader: Reader, path: Path) -> Reading:
    found = calendar(reader.world.plans(), reader.world.line(reader.code), reader.world.board, reader.on)
    if found is None:
        return Reading(value=None, unit=reader.code)
    return Reading(value=found[0], unit=found[1].issued.issuer, seq=found[1].seq, plan=found[1].issued.plan)


def _unit(reader: Reader, path: Path) -> Reading:
    case, name = reader.case, path[1]
    if name in ("reached", "day"):
        return _milestone(case, name, path[2], reader.on)
    if name == "tag":
        return Reading(value=path[2] in case.unit.tags, unit=case.unit.code)
    return Reading(value=_UNIT[name](reader), unit=case.unit.code)


_UNIT: Final[dict[str, Callable[[Reader], Value | None]]] = {
    "code": lambda r: r.code,
    "level": lambda r: r.case.unit.level,
    "block": lambda r: r.case.unit.block or "",
    "pilot": lambda r: r.case.unit.pilot_of is not None,
    "designates": lambda r: bool(r.world.levels_piloted(r.code)),
    "attempt": lambda r: r.case.attempt,
    "planned_on": lambda r: r.case.planned_on(r.on),
}


def _milestone(case: Case, name: str, milestone: str, on: date) -> Reading:
    """A milestone of one unit: reached is a bool, its day is not known until then."""
    award = case.award(milestone, on)
    code, seq = case.unit.code, None if award is None else award.seq
    if name == "reached":
        return Reading(value=award is not None, unit=code, seq=seq)
    return Reading(value=None if award is None else award.on, unit=code, seq=seq)


def _fact(reader: Reader, path: Path) -> Reading:
    return _fact_of(reader.case, path[1], reader.on)


def _fact_of(case: Case, name: str, on: date) -> Reading:
    entry = case.fact(name, on)
    if entry is None or entry.value is None:
        return Reading(value=None, unit=case.unit.code)
    return Reading(value=entry.value, unit=case.unit.code, seq=entry.said)


def _doc(reader: Reader, path: Path) -> Reading:
    return _document_of(reader.case, path[1], path[2], reader.on)


def _document_of(case: Case, name: str, what: str, on: date) -> Reading:
    status, code = case.document(name, on), case.unit.code
    if status is None:
        return Reading(value=_UNFILED.get(what), unit=code)
    values: dict[str, Value | None] = {
        "filed": status.filed,
        "approved": status.approved,
        "filed_on": status.filed_on,
        "approved_on": status.approved_on,
        "open_items": len(status.changes),
        "version": status.version,
    }
    return Reading(value=values[what], unit=code, seq=status.seq)


_UNFILED: Final[dict[str, Value]] = {"filed": False, "approved": False, "open_items": 0, "version": 0}
"""A document that was never filed is known not to be there; only its days are not known."""


def _plan(reader: Reader, path: Path) -> Reading:
    return reader.plan(path[1:])


def _parent(reader: Reader, path: Path) -> Reading:
    above = reader.case.unit.parent
    parent = None if above is None else reader.world.case(above)
    if parent is None:
        return Reading(value=None)
    name = path[1]
    if name == "fact":
        return _fact_of(parent, path[2], reader.on)
    if name == "doc":
        return _document_of(parent, path[2], path[3], reader.on)
    return _milestone(parent, name, path[2], reader.on)


def _lead(reader: Reader, path: Path) -> Reading:
    code = reader.lead()
    if code is None:
        return _without_lead(reader, path)
    if path[1] == "pilots":
        return _roll(reader, code, "pilots", path[2:])
    lead = reader.world.case(code)
    if lead is None:
        return Reading(value=None, unit=code)
    reading = _milestone(lead, path[1], path[2], reader.on)
    if path[1] == "reached" and reading.value is False:
        # what the lead waits for belongs to the explanation: its pilots, and who of them is still open
        return attrs.evolve(reading, tally=reader.world.tally(code, "pilots", HELD, reader.on))
    return reading


def _without_lead(reader: Reader, path: Path) -> Reading:
    """Nobody above designated pilots: not known, unless a plan says there are none; then there is nobody to wait for."""
    if not reader.without_pilots():
        return Reading(value=None)
    said = reader.plan((NO_PILOTS,))
    value: Value | None = True if path[1] == "reached" else None
    if path[1] == "pilots" and path[2] in ("total", "reached"):
        value = 0
    return Reading(value=value, unit=said.unit, seq=said.seq, plan=said.plan)


def _children(reader: Reader, path: Path) -> Reading:
    return _roll(reader, reader.code, "children", path[1:])


def _pilots(reader: Reader, path: Path) -> Reading:
    return _roll(reader, reader.code, "pilots", path[1:])


def _roll(reader: Reader, owner: str, roll: str, rest: Path) -> Reading:
    """A count over a roll; over an open or untracked one it is not known."""
    what = rest[0]
    tally = reader.world.tally(owner, roll, rest[1] if len(rest) > 1 else None, reader.on)
    if what == "tracked":
        return Reading(value=tally.tracked, unit=owner)
    if not tally.tracked or not tally.complete:
        return Reading(value=None, unit=owner, tally=tally)
    counted: dict[str, Value | None] = {
        "total": tally.total,
        "reached": tally.reached,
        "first": tally.first,
        "last": tally.last,
    }
    return Reading(value=counted[what], unit=owner, tally=tally)


_ROOTS: Final[dict[str, Callable[[Reader, Path], Reading]]] = {
    "on": _on,
    "calendar": _calendar,
    "unit": _unit,
    "fact": _fact,
    "doc": _doc,
    "plan": _plan,
    "parent": _parent,
    "lead": _lead,
    "children": _children,
    "pilots": _pilots,
}
