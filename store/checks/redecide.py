"""Every decision taken again: from an event back to its command, from the log's prefix to the view it met, and through `decide`.

An event whose evidence was forged, with every hash made to fit, is found here and nowhere else inside the file: what it says its guards
read is not what the log said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import tzinfo
from typing import Any, Final

import attrs

from engine import commands as cmd
from engine import events as ev
from engine.commands import AnyCommand
from engine.decide import Decision, Draft, Moment, decide
from engine.decisions.season import issued
from engine.errors import DaihoiError
from engine.events import AnyEvent, Recorded
from engine.heads import Heads
from engine.plan import Plan
from engine.season import SeasonState
from engine.workflow import Workflow
from store.checks.findings import Findings
from store.clock import local_day, zone_of
from store.writing import workflow_of

Target = Callable[[int], Recorded | None]
Plans = Callable[[str], Plan]


class Redecide:
    """Decides each event again before it is folded."""

    def __init__(
        self,
        findings: Findings,
        *,
        target: Target,
        heads: Heads,
        workflow: Callable[[str], Workflow],
        plan: Callable[[str], Plan],
    ) -> None:
        self._findings = findings
        self._target = target
        self._heads = heads
        self._workflow = workflow
        self._plan = plan
        self._zone: tzinfo | None = None
        self._opening = ""

    def take(self, state: SeasonState, recorded: Recorded) -> AnyEvent:
        """Compare an event with what its command comes to at this position.

        What that is, where both are the same; else the event itself, with nothing left to compare it with.
        """
        event = recorded.event
        if recorded.workflow != workflow_of(state.case(recorded.unit), event):
            self._findings.problem("decided_otherwise", recorded.seq, recorded.unit, kind=event.kind, field="workflow")
        if isinstance(event, ev.SeasonOpened):
            self._open(recorded, event)
        elif recorded.command == self._opening:
            return self._check_opening(state, recorded)
        elif self._zone is None:
            self._before_opening(recorded)
        elif isinstance(event, ev.WorkflowAdopted):
            self._findings.problem("out_of_place", recorded.seq, recorded.unit, kind=event.kind)
        else:
            return self._compare(recorded, self._decided(state, recorded, self._zone))
        return event

    def _before_opening(self, recorded: Recorded) -> None:
        """A log begins with the opening. Where that could not be read, it is told already, and nothing after it can be decided again."""
        if recorded.seq == 1:
            self._findings.problem("out_of_place", recorded.seq, recorded.unit, kind=recorded.event.kind)

    def _open(self, recorded: Recorded, event: ev.SeasonOpened) -> None:
        if recorded.seq != 1:
            self._findings.problem("out_of_place", recorded.seq, recorded.unit, kind=event.kind)
            return
        self._opening, self._zone = recorded.command, zone_of(event.timezone)

    def _check_opening(self, state: SeasonState, recorded: Recorded) -> AnyEvent:
        """What a season is opened with was checked when its file was loaded; here it has to agree with itself and its definitions."""
        event = recorded.event
        if isinstance(event, ev.WorkflowAdopted):
            workflow = self._workflow(event.digest)
            same = (event.workflow, event.workflow_version, event.initial) == (workflow.id, workflow.version, workflow.initial)
        elif isinstance(event, ev.UnitEnrolled):
            adopted = state.adopted(event.enrolled.level)
            same = adopted is not None and (event.workflow, event.state) == (adopted.digest, adopted.initial)
        elif isinstance(event, ev.PlanIssued):
            said = issued(self._plan(event.digest), event.digest)
            if event == said:
                return said
            same = False
        else:
            same = isinstance(event, ev.RollSet)
        if not same:
            self._findings.problem("opening", recorded.seq, recorded.unit, kind=event.kind)
        return event

    def _decided(self, state: SeasonState, recorded: Recorded, zone: tzinfo) -> Decision:
        command = command_of(recorded, self._plan)
        target = self._target(command.seq) if isinstance(command, (cmd.Correct, cmd.Annul, cmd.Confirm)) else None
        moment = Moment(on=recorded.on, today=local_day(recorded.at, zone), target=target, heads=self._heads)
        return decide(state, command, moment)

    def _compare(self, recorded: Recorded, decision: Decision) -> AnyEvent:
        event = recorded.event
        if isinstance(decision, DaihoiError):
            self._findings.problem("refused", recorded.seq, recorded.unit, kind=event.kind, code=decision.code)
            return event
        names = tuple(_differing(decision[0], recorded))
        for name in names:
            self._findings.problem("decided_otherwise", recorded.seq, recorded.unit, kind=event.kind, field=name)
        return event if names else decision[0].event


def command_of(recorded: Recorded, plan: Plans) -> AnyCommand:
    """The command that an event answers. `plan`: the plan that a digest stands for."""
    return _COMMANDS[type(recorded.event)](plan, recorded)


def _differing(draft: Draft, recorded: Recorded) -> Iterator[str]:
    """What a decision and an event do not agree on: fields by name, evidence down to the guard and the value read."""
    if draft.unit != recorded.unit:
        yield "unit"
    if draft.on != recorded.on:
        yield "on"
    for attribute in attrs.fields(type(recorded.event)):
        ours, theirs = getattr(draft.event, attribute.name), getattr(recorded.event, attribute.name)
        if ours == theirs:
            continue
        if attribute.name == "verdicts":
            yield from _evidence(ours, theirs)
        else:
            yield attribute.name


def _evidence(ours: tuple[dict[str, Any], ...], theirs: tuple[dict[str, Any], ...]) -> Iterator[str]:
    if [v["guard"] for v in ours] != [v.get("guard") for v in theirs]:
        yield "verdicts"
        return
    for one, other in zip(ours, theirs, strict=True):
        if one == other:
            continue
        read = {r["name"]: r for r in other.get("reads", ())}
        names = [r["name"] for r in one.get("reads", ()) if read.get(r["name"]) != r]
        yield " ".join((one["guard"], *(names or ["result"])))


def _about(recorded: Recorded) -> dict[str, Any]:
    return {"unit": recorded.unit, "actor": recorded.actor, "on": recorded.on, "reason": recorded.reason}


def _fields(recorded: Recorded, *names: str) -> dict[str, Any]:
    return {**_about(recorded), **{name: getattr(recorded.event, name) for name in names}}


def _issue(plan: Plans, recorded: Recorded) -> AnyCommand:
    issued = _fields(recorded, "digest")
    return cmd.IssuePlan(**issued, plan=plan(issued["digest"]))


def _correct(_: Plans, recorded: Recorded) -> AnyCommand:
    said = _fields(recorded, "seq", "value", "withdrawn")
    withdraw = said.pop("withdrawn")
    return cmd.Correct(**said, day=recorded.on, withdraw=withdraw)


_COMMANDS: Final[dict[type[ev.Event], Callable[[Plans, Recorded], AnyCommand]]] = {
    ev.PlanIssued: _issue,
    ev.HeadsRecorded: lambda _, r: cmd.RecordHeads(**_about(r)),
    ev.UnitEnrolled: lambda _, r: cmd.EnrolUnit(**_fields(r, "enrolled")),
    ev.UnitLeft: lambda _, r: cmd.RemoveUnit(**_about(r)),
    ev.RollSet: lambda _, r: cmd.SetRoll(**_fields(r, "status")),
    ev.FactRecorded: lambda _, r: cmd.RecordFact(**_fields(r, "fact", "value", "evidence")),
    ev.DocumentFiled: lambda _, r: cmd.FileDocument(**_fields(r, "document", "digest")),
    ev.DocumentApproved: lambda _, r: cmd.ApproveDocument(**_fields(r, "document", "decision", "changes")),
    ev.DocumentReturned: lambda _, r: cmd.ReturnDocument(**_fields(r, "document")),
    ev.Advanced: lambda _, r: cmd.Advance(**_fields(r, "trigger")),
    ev.Scheduled: lambda _, r: cmd.Schedule(**_fields(r, "day")),
    ev.Postponed: lambda _, r: cmd.Postpone(**_fields(r, "until")),
    ev.Resumed: lambda _, r: cmd.Resume(**_about(r)),
    ev.GuardWaived: lambda _, r: cmd.Waive(**_fields(r, "guard", "basis", "until")),
    ev.Corrected: _correct,
    ev.Annulled: lambda _, r: cmd.Annul(**_fields(r, "seq")),
    ev.Confirmed: lambda _, r: cmd.Confirm(**_fields(r, "seq")),
}
