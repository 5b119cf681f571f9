"""From a dated act to the commands it stands for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final

import attrs

from engine import commands as cmd
from engine.actors import Actor
from engine.codec import digest, plan_bytes
from engine.desk import Desk
from engine.unit import SEASON
from workflows.forms import Day
from workflows.scenario import Scenario
from workflows.scenario_course import DatedAct
from workflows.scenario_forms import ActForm, DeedForm
from workflows.season_forms import UnitForm
from workflows.season_units import as_unit


@attrs.frozen
class Reference:
    """An event that an act recorded, for a later act to name."""

    seq: int
    unit: str


@attrs.frozen
class Writer:
    """Makes commands. `references` grows while a scenario runs."""

    scenario: Scenario
    desk: Desk
    references: Mapping[str, Reference]

    def commands(self, dated: DatedAct) -> tuple[cmd.AnyCommand, ...]:
        """The commands of an act, in the order of its list."""
        common = {"on": dated.on, "reason": dated.deed.reason}
        return tuple(_spread_out(self, dated, common))

    def unit(self, dated: DatedAct) -> str:
        """The unit an act is about; what refers to an earlier act is about that act's unit."""
        return dated.unit or self.reference(dated.act).unit

    def actor(self, dated: DatedAct, unit: str, default: str = "@unit") -> Actor:
        """Who acts; `default`: who it is when the act does not say."""
        code, _, person = (dated.deed.actor or default).partition("/")
        if code == "@superior":
            code = self.desk.superior_of(unit) or unit
        elif code == "@board":
            code = self.scenario.season.board
        elif code == "@unit":
            code = unit
        return Actor(unit=code, person=person or None)

    def reference(self, act: ActForm) -> Reference:
        named = act.correct or act.annul or act.confirm
        if named is None or named.ref is None:
            raise ValueError("this act refers to none")
        return self.references[named.ref]


def refers_to(act: ActForm) -> str | None:
    """The name of the earlier act that an act is about."""
    named = act.correct or act.annul or act.confirm
    return None if named is None else named.ref


def _spread_out(writer: Writer, dated: DatedAct, common: dict[str, Any]) -> Iterator[cmd.AnyCommand]:
    deed, act = dated.deed, dated.act
    if deed is act and act.plan is not None:
        yield _issue(writer, dated, act.plan, common)
        return
    if deed is act and act.enrol is not None:
        yield _enrol(writer, dated, act.enrol, common)
        return
    unit = writer.unit(dated)
    common = {**common, "unit": unit, "actor": writer.actor(dated, unit)}
    yield from _listed(deed, common)
    for verb, make in (*_COURSE.items(), *(_OF_THE_FILE.items() if deed is act else ())):
        if getattr(deed, verb) is not None:
            yield make(writer, dated, common)


def _listed(deed: DeedForm, common: dict[str, Any]) -> Iterator[cmd.AnyCommand]:
    """The verbs that take a list: a command for each of its items."""
    for name, value in (deed.record or {}).items():
        yield cmd.RecordFact(fact=name, value=value, **common)
    for name in deed.file or ():
        yield cmd.FileDocument(document=name, **common)
    for name in deed.approve or ():
        yield cmd.ApproveDocument(document=name, decision=deed.decision, changes=tuple(deed.with_changes or ()), **common)
    for name in deed.give_back or ():
        yield cmd.ReturnDocument(document=name, **common)
    for trigger in deed.advance or ():
        yield cmd.Advance(trigger=trigger, **common)


def _issue(writer: Writer, dated: DatedAct, name: str, common: dict[str, Any]) -> cmd.IssuePlan:
    plan = writer.scenario.plans[name].plan
    actor = writer.actor(dated, plan.issuer)
    return cmd.IssuePlan(unit=SEASON, actor=actor, plan=plan, digest=digest(plan_bytes(plan)), **common)


def _enrol(writer: Writer, dated: DatedAct, joining: UnitForm, common: dict[str, Any]) -> cmd.EnrolUnit:
    unit = as_unit(joining)
    actor = writer.actor(dated, unit.code, default=unit.parent or "@board")
    return cmd.EnrolUnit(unit=unit.code, actor=actor, enrolled=unit, **common)


def _day(day: Day | None, dated: DatedAct) -> date | None:
    return dated.on + timedelta(days=day) if isinstance(day, int) else day


def _schedule(writer: Writer, dated: DatedAct, common: dict[str, Any]) -> cmd.Schedule:
    return cmd.Schedule(day=_day(dated.deed.schedule, dated) or dated.on, **common)


def _postpone(writer: Writer, dated: DatedAct, common: dict[str, Any]) -> cmd.Postpone:
    postponed = dated.deed.postpone
    return cmd.Postpone(until=None if postponed is None else _day(postponed.until, dated), **common)


def _waive(writer: Writer, dated: DatedAct, common: dict[str, Any]) -> cmd.Waive:
    waived = dated.deed.waive
    if waived is None:
        raise ValueError("nothing is set aside")
    return cmd.Waive(guard=waived.guard or "", basis=waived.basis or "", until=_day(waived.until, dated) or dated.on, **common)


def _correct(writer: Writer, dated: DatedAct, common: dict[str, Any]) -> cmd.Correct:
    right = dated.act.correct
    if right is None:
        raise ValueError("nothing is corrected")
    seq = writer.reference(dated.act).seq
    return cmd.Correct(seq=seq, value=right.value, day=right.day, withdraw=right.withdraw, **common)


_Make = Callable[[Writer, DatedAct, dict[str, Any]], cmd.AnyCommand]

_COURSE: Final[dict[str, _Make]] = {
    "schedule": _schedule,
    "postpone": _postpone,
    "resume": lambda writer, dated, common: cmd.Resume(**common),
    "waive": _waive,
}
_OF_THE_FILE: Final[dict[str, _Make]] = {
    "correct": _correct,
    "annul": lambda writer, dated, common: cmd.Annul(seq=writer.reference(dated.act).seq, **common),
    "confirm": lambda writer, dated, common: cmd.Confirm(seq=writer.reference(dated.act).seq, **common),
    "leave": lambda writer, dated, common: cmd.RemoveUnit(**common),
    "roll": lambda writer, dated, common: cmd.SetRoll(status=dated.act.roll or "open", **common),
}
