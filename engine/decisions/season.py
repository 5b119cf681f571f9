"""Deciding on what belongs to the whole season: opening it, plans, units that join."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from engine import commands as cmd
from engine import events as ev
from engine.decisions.common import Decision, Draft
from engine.heads import Heads, put_on_record
from engine.plan import Plan
from engine.refusals import AlreadySo, NotYours, UnknownName, UnknownUnit, WrongDay, WrongValue
from engine.unit import SEASON, Unit
from engine.values import plain, type_of
from engine.world import World

ISSUE, ENROL, RECORD_HEADS = "issue", "enrol", "record_heads"


def open_season(command: cmd.OpenSeason, on: date) -> Decision:
    """Everything a season starts with, in one command: its procedures by level, first plans, units and rolls."""
    actors = {command.board, *(unit.code for unit in command.units), *(unit.superior for unit in command.units)}
    if command.actor.unit not in actors:
        return UnknownUnit(unit=command.actor.unit)
    return tuple(_opening(command, on))


def _opening(command: cmd.OpenSeason, on: date) -> Iterator[Draft]:
    opened = ev.SeasonOpened(season=command.season, board=command.board, timezone=command.timezone, digest=command.digest)
    yield Draft(SEASON, on, opened)
    for adoption in command.adoptions:
        yield Draft(
            SEASON,
            on,
            ev.WorkflowAdopted(
                level=adoption.level,
                workflow=adoption.workflow,
                workflow_version=adoption.version,
                digest=adoption.digest,
                initial=adoption.initial,
            ),
        )
    by_level = {adoption.level: adoption for adoption in command.adoptions}
    for unit in command.units:
        adopted = by_level[unit.level]
        yield Draft(unit.code, on, ev.UnitEnrolled(enrolled=unit, workflow=adopted.digest, state=adopted.initial))
    for code, status in command.rolls:
        yield Draft(code, on, ev.RollSet(status=status))
    for plan, digest in command.plans:
        yield Draft(SEASON, plan.dated or on, issued(plan, digest))


def issued(plan: Plan, digest: str) -> ev.PlanIssued:
    """What the log says of a plan. `digest`: of its canonical JSON."""
    return ev.PlanIssued(
        plan=plan.id,
        issuer=plan.issuer,
        number=plan.number,
        type=plan.type,
        year=plan.year,
        dated=plan.dated,
        digest=digest,
        values=plan.values,
        days_off=plan.days_off,
        days_on=plan.days_on,
    )


def issue_plan(world: World, command: cmd.IssuePlan, on: date, today: date) -> Decision:
    """Put a plan in force: from its own date, or from the act's day where the paper has none. It never touches acts already taken."""
    plan = command.plan
    since = plan.dated or on
    if world.unit(plan.issuer) is None and plan.issuer not in _outsiders(world):
        return UnknownUnit(unit=plan.issuer)
    if command.actor.unit != plan.issuer:
        return NotYours(unit=plan.issuer, step=ISSUE, actor=command.actor.unit, roles=("unit",), allowed=(plan.issuer,))
    if max(since, on) > today:
        return WrongDay(unit=plan.issuer, step=ISSUE, on=max(since, on), bound=today, why="future")
    misfit = _misfit(world, plan)
    if misfit is not None:
        return misfit
    known = next((p for p in world.plans() if p.issued.plan == plan.id), None)
    if known is not None:
        return AlreadySo(unit=plan.issuer, step=ISSUE, name=plan.id, seq=known.seq)
    return (Draft(SEASON, since, issued(plan, command.digest)),)


def _misfit(world: World, plan: Plan) -> UnknownName | WrongValue | None:
    """A value that no procedure of the season declares, or of another type: in force, it would be read by nobody, or as an error."""
    workflows = [world.procedure(adopted.digest).workflow for adopted in world.adoptions()]
    declared = {value.id: value.type for workflow in workflows for value in workflow.plan_values}
    for value in plan.values:
        if value.name not in declared:
            return UnknownName(kind="plan_value", name=value.name, known=tuple(declared))
        if type_of(value.value) != declared[value.name]:
            return WrongValue(name=value.name, value=plain(value.value), expected=declared[value.name])
    return None


def _outsiders(world: World) -> set[str]:
    """The board, and the outside superior of its root: they may issue plans without a congress of their own."""
    line = world.line(world.board)
    return {world.board} | {u.superior for u in line if u.superior is not None}


def record_heads(world: World, command: cmd.RecordHeads, on: date, today: date, heads: Heads | None) -> Decision:
    """Put on record where every unit's record ends: as things stand, and so on no day but today."""
    if heads is None:
        raise TypeError("whoever wants the heads decided on has to say where they are found")
    if command.actor.unit != world.board:
        return NotYours(unit=SEASON, step=RECORD_HEADS, actor=command.actor.unit, roles=("board",), allowed=(world.board,))
    if on != today:
        return WrongDay(unit=SEASON, step=RECORD_HEADS, on=on, bound=today, why="future" if on > today else "not_today")
    return (Draft(SEASON, on, put_on_record(heads())),)


def enrol(world: World, command: cmd.EnrolUnit, on: date, today: date) -> Decision:
    """A unit joins in mid-season, under a parent that is in it, at a level that follows a procedure."""
    unit = command.enrolled
    adopted = world.adopted(unit.level)
    if adopted is None:
        return UnknownName(kind="level", name=unit.level)
    if world.unit(unit.code) is not None or unit.code == SEASON:
        return AlreadySo(unit=unit.code, step=ENROL, name=unit.code)
    return (
        _stranger(world, unit)
        or _not_theirs(world, command)
        or _too_late(unit, on, today)
        or (Draft(unit.code, on, ev.UnitEnrolled(enrolled=unit, workflow=adopted.digest, state=adopted.initial)),)
    )


def _stranger(world: World, unit: Unit) -> UnknownUnit | None:
    """A parent or designator that is not a standing unit of this season (a designator has to stand above)."""
    parent = None if unit.parent is None else world.case(unit.parent)
    if parent is None or parent.left_on is not None:
        return UnknownUnit(unit=unit.parent or "")
    above = {u.code for u in world.line(parent.unit.code)}
    return UnknownUnit(unit=unit.pilot_of) if unit.pilot_of is not None and unit.pilot_of not in above else None


def _not_theirs(world: World, command: cmd.EnrolUnit) -> NotYours | None:
    unit = command.enrolled
    allowed = tuple(dict.fromkeys(code for code in (unit.parent, world.board) if code is not None))
    if command.actor.unit in allowed:
        return None
    return NotYours(unit=unit.code, step=ENROL, actor=command.actor.unit, roles=("superior", "board"), allowed=allowed)


def _too_late(unit: Unit, on: date, today: date) -> WrongDay | None:
    if on <= today:
        return None
    return WrongDay(unit=unit.code, step=ENROL, on=on, bound=today, why="future")
