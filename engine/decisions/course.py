"""Deciding on a unit's course beside its states: planned day, postponement, waivers, its roll, leaving."""

from __future__ import annotations

from engine import commands as cmd
from engine import events as ev
from engine.decisions.common import ABOVE, ABOVE_OR_BOARD, Decision, first, happened, in_future, left, not_theirs, sealed
from engine.errors import DaihoiError
from engine.refusals import AlreadySo, NoSuchStep, UnknownName, WrongDay
from engine.view import View
from engine.workflow import HELD

SCHEDULE, POSTPONE, RESUME, WAIVE, LEAVE, ROLL = "schedule", "postpone", "resume", "waive", "leave", "roll"


def schedule(view: View, command: cmd.Schedule) -> Decision:
    """Set the planned day; the earlier ones stay in its history."""
    planned = view.case.planned_on(view.on)
    refusal = first(
        left(view),
        _held_already(view, SCHEDULE),
        not_theirs(view, command, SCHEDULE, ("unit", *ABOVE_OR_BOARD)),
        in_future(view, SCHEDULE),
        AlreadySo(unit=view.code, step=SCHEDULE, name=command.day.isoformat()) if planned == command.day else None,
    )
    return refusal or happened(view, ev.Scheduled(day=command.day))


def _held_already(view: View, step: str) -> NoSuchStep | None:
    """After the congress was held there is nothing to plan or to postpone."""
    if view.case.award(HELD) is None:
        return None
    return NoSuchStep(unit=view.code, step=step, state=view.case.state)


def postpone(view: View, command: cmd.Postpone) -> Decision:
    """Postpone the congress, until a day or with none set. The superior or the board says so."""
    pause = view.case.pause(view.on)
    refusal = first(
        left(view),
        _held_already(view, POSTPONE),
        not_theirs(view, command, POSTPONE, ABOVE_OR_BOARD),
        in_future(view, POSTPONE),
        _ends_before(view, command, POSTPONE),
        None
        if pause is None or pause.until != command.until
        else AlreadySo(unit=view.code, step=POSTPONE, name=POSTPONE, seq=pause.seq),
    )
    return refusal or happened(view, ev.Postponed(until=command.until))


def _ends_before(view: View, command: cmd.Postpone | cmd.Waive, step: str) -> WrongDay | None:
    if command.until is None or command.until >= view.on:
        return None
    return WrongDay(unit=view.code, step=step, on=command.until, bound=view.on, why="before_start")


def resume(view: View, command: cmd.Resume) -> Decision:
    """End a postponement."""
    refusal = first(
        left(view),
        not_theirs(view, command, RESUME, ABOVE_OR_BOARD),
        in_future(view, RESUME),
        AlreadySo(unit=view.code, step=RESUME, name=RESUME) if view.case.pause(view.on) is None else None,
    )
    return refusal or happened(view, ev.Resumed())


def waive(view: View, command: cmd.Waive) -> Decision:
    """Set a guard aside for one unit: by the superior, on a basis, until a day."""
    guards = view.workflow.guard_by_id
    if command.guard not in guards:
        return UnknownName(kind="guard", name=command.guard, known=tuple(guards))
    standing = view.case.waiver(command.guard, view.on)
    refusal = first(
        left(view),
        not_theirs(view, command, WAIVE, ABOVE),
        in_future(view, WAIVE),
        _ends_before(view, command, WAIVE),
        None
        if standing is None or standing.until != command.until
        else AlreadySo(unit=view.code, step=WAIVE, name=command.guard, seq=standing.seq),
    )
    return refusal or happened(view, ev.GuardWaived(guard=command.guard, basis=sealed(command.basis), until=command.until))


def set_roll(view: View, command: cmd.SetRoll) -> Decision:
    """Say whether the roll of children is complete, open or not tracked."""
    refusal = first(
        left(view),
        not_theirs(view, command, ROLL, ("unit", *ABOVE_OR_BOARD)),
        in_future(view, ROLL),
        AlreadySo(unit=view.code, step=ROLL, name=command.status)
        if view.case.roll and view.case.roll_status(view.on) == command.status
        else None,
    )
    return refusal or happened(view, ev.RollSet(status=command.status))


def leave(view: View, command: cmd.RemoveUnit) -> Decision:
    """A unit leaves the season; its history stays. Its own children have to leave or move first."""
    children = (view.world.case(code) for code in view.world.members(view.code, "children"))
    staying = next((c.unit.code for c in children if c is not None and c.left_on is None), None)
    refusal: DaihoiError | None = first(
        left(view),
        None if staying is None else NoSuchStep(unit=view.code, step=LEAVE, state=f"parent_of:{staying}"),
        not_theirs(view, command, LEAVE, ABOVE_OR_BOARD),
        in_future(view, LEAVE),
    )
    return refusal or happened(view, ev.UnitLeft())
