"""Deciding: a command meets a view and becomes events, or a refusal with every verdict.

The same `decide` serves the live command, the dry run, rehearsals, replays and counterfactuals. It never raises on a well-formed
command. The order of its questions is fixed, because the first no is the one that is told: is the actor anybody, is there such a step,
who may take it, is the unit postponed, can the day be, is it so already, and what do the guards say.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import attrs

from engine import commands as cmd
from engine.decisions import corrections, course, papers, season, steps
from engine.decisions.common import Decision, Draft
from engine.events import Recorded
from engine.heads import Heads
from engine.refusals import UnknownUnit, WrongTarget
from engine.view import View
from engine.world import World

__all__ = ["Decision", "Draft", "Moment", "decide", "decide_opening"]


@attrs.frozen(kw_only=True)
class Moment:
    """When a command is decided: the act's day and today; and what its place in the log supplies.

    `target`: the event that a correction names. `heads`: where the units' records end.
    """

    on: date
    today: date
    target: Recorded | None = None
    heads: Heads | None = None


def decide(world: World, command: cmd.AnyCommand, moment: Moment) -> Decision:
    """What a command comes to at this position of the log. Raises nothing on a well-formed command."""
    actor = command.actor.unit
    if world.unit(actor) is None and actor not in world.superiors():
        return UnknownUnit(unit=actor)
    if isinstance(command, cmd.IssuePlan):
        return season.issue_plan(world, command, moment.on, moment.today)
    if isinstance(command, cmd.RecordHeads):
        return season.record_heads(world, command, moment.on, moment.today, moment.heads)
    if isinstance(command, cmd.EnrolUnit):
        return season.enrol(world, command, moment.on, moment.today)
    case = world.case(command.unit)
    if case is None:
        return UnknownUnit(unit=command.unit)
    target = moment.target
    if target is not None and target.unit != command.unit:
        return WrongTarget(seq=target.seq, step="target", why="other_unit")
    view = View(world=world, case=case, on=moment.on, today=moment.today, target=target)
    return _ABOUT_A_UNIT[type(command)](view, command)


def decide_opening(command: cmd.OpenSeason, on: date) -> Decision:
    """What a season opens with. There is no season yet to look at; its file was checked when it was loaded."""
    return season.open_season(command, on)


_ABOUT_A_UNIT: dict[type[cmd.Command], Callable[[View, Any], Decision]] = {
    cmd.RemoveUnit: course.leave,
    cmd.SetRoll: course.set_roll,
    cmd.RecordFact: papers.record_fact,
    cmd.FileDocument: papers.file_document,
    cmd.ApproveDocument: papers.approve_document,
    cmd.ReturnDocument: papers.return_document,
    cmd.Advance: steps.advance,
    cmd.Schedule: course.schedule,
    cmd.Postpone: course.postpone,
    cmd.Resume: course.resume,
    cmd.Waive: course.waive,
    cmd.Correct: corrections.correct,
    cmd.Annul: steps.annul,
    cmd.Confirm: steps.confirm,
}
