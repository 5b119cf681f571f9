"""An event as one line of named values: what every export says of it, under the same names.

Nothing that is sealed is in it, and nothing that was said in words: of reasons, bases and open items at most how many there are, of a
person the random id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import attrs

from engine import events as ev
from engine.leaf import EVENTS
from engine.values import plain
from engine.workflow import Workflow
from reports import history
from reports.catalogue import Words
from reports.mining.instants import taken_place
from store.questions.courses import Course, Happening


@attrs.frozen(kw_only=True)
class Entry:
    """What is said of an event. The names of the fields are the columns of the CSV, and attributes in XES and OCEL."""

    seq: int
    unit: str
    version: int
    time: str
    on: str
    recorded_at: str
    late: int
    activity: str
    activity_name: str
    kind: str
    stands: bool
    actor: str
    person: str | None
    state_before: str | None
    state: str | None
    state_name: str | None
    attempt: int | None
    subject: str | None = None
    value: bool | int | str | None = None
    number: int | None = None
    about: int | None = None
    awards: str | None = None
    revokes: str | None = None
    clears: str | None = None
    waived: str | None = None
    advised: str | None = None
    unit_name: str | None
    level: str | None
    parent: str | None
    block: str | None
    pilot_of: str | None
    workflow: str | None


COLUMNS: Final = tuple(field.name for field in attrs.fields(Entry))

OF_UNIT: Final = ("unit_name", "level", "parent", "block", "pilot_of", "workflow")
"""What is said of an event's unit."""

PARTICULARS: Final[Mapping[str, tuple[str, ...]]] = {
    "season_opened": ("subject",),
    "workflow_adopted": ("subject", "value"),
    "plan_issued": ("subject",),
    "heads_recorded": ("number",),
    "unit_enrolled": (),
    "unit_left": (),
    "roll_set": ("value",),
    "fact_recorded": ("subject", "value"),
    "document_filed": ("subject", "number"),
    "document_approved": ("subject", "number", "value"),
    "document_returned": ("subject", "number"),
    "advanced": ("awards", "revokes", "clears", "waived", "advised"),
    "scheduled": ("value",),
    "postponed": ("value",),
    "resumed": (),
    "guard_waived": ("subject", "value"),
    "corrected": ("about", "subject", "value"),
    "annulled": ("about",),
    "confirmed": ("about",),
}
"""What an event of each kind has of its own."""

_SAID: Final[Mapping[type[ev.Event], Callable[[Any], tuple[Any, ...]]]] = {
    ev.SeasonOpened: lambda event: (event.season,),
    ev.WorkflowAdopted: lambda event: (event.level, event.workflow),
    ev.PlanIssued: lambda event: (event.plan,),
    ev.HeadsRecorded: lambda event: (event.size,),
    ev.UnitEnrolled: lambda event: (),
    ev.UnitLeft: lambda event: (),
    ev.RollSet: lambda event: (event.status,),
    ev.FactRecorded: lambda event: (event.fact, plain(event.value)),
    ev.DocumentFiled: lambda event: (event.document, event.number),
    ev.DocumentApproved: lambda event: (event.document, event.number, len(event.changes)),
    ev.DocumentReturned: lambda event: (event.document, event.number),
    ev.Advanced: lambda event: (
        _listed(event.awards),
        _listed(event.revokes),
        _listed(event.clears),
        _listed(v["guard"] for v in event.verdicts if v["result"] == "waived"),
        _listed(v["guard"] for v in event.verdicts if v["severity"] == "should" and v["result"] not in ("met", "waived")),
    ),
    ev.Scheduled: lambda event: (event.day.isoformat(),),
    ev.Postponed: lambda event: (plain(event.until),),
    ev.Resumed: lambda event: (),
    ev.GuardWaived: lambda event: (event.guard, event.until.isoformat()),
    ev.Corrected: lambda event: (event.seq, event.name, plain(event.value)),
    ev.Annulled: lambda event: (event.seq,),
    ev.Confirmed: lambda event: (event.seq,),
}
"""The values of these, in the same order."""


def text(value: Any) -> str:
    """A value as a text: what is not known is an empty one."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _listed(names: Any) -> str | None:
    """Ids, one behind the other; None where there are none."""
    return " ".join(names) or None


def activity(event: ev.AnyEvent) -> str:
    """What a person would call the step: the trigger of a state change, else the kind of event. A trigger may be called like a kind."""
    if not isinstance(event, ev.Advanced):
        return event.kind
    return f"step {event.trigger}" if event.trigger in EVENTS else event.trigger


class Entries:
    """The events of courses as entries, in the reader's language."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._called: dict[str, _Called] = {}

    def of(self, course: Course) -> Iterator[Entry]:
        """One for each event of a unit's course, or of the season's."""
        called = self._names(course)
        unit = None if course.case is None else course.case.unit
        of_unit: dict[str, Any] = {
            "unit_name": None if unit is None else unit.name,
            "level": None if unit is None else unit.level,
            "parent": None if unit is None else unit.parent,
            "block": None if unit is None else unit.block,
            "pilot_of": None if unit is None else unit.pilot_of,
            "workflow": None if course.workflow is None else course.workflow.id,
        }
        for happening in course.happenings:
            yield Entry(**self._event(happening, called), **of_unit)

    def _event(self, happening: Happening, called: _Called) -> dict[str, Any]:
        recorded, state = happening.recorded, happening.state
        event = recorded.event
        return {
            "seq": recorded.seq,
            "unit": recorded.unit,
            "version": recorded.version,
            "time": taken_place(recorded.on, recorded.seq),
            "on": recorded.on.isoformat(),
            "recorded_at": recorded.at,
            "late": happening.late,
            "activity": activity(event),
            "activity_name": self._activity_name(event, called),
            "kind": event.kind,
            "stands": happening.stands,
            "actor": recorded.actor.unit,
            "person": recorded.actor.person,
            "state_before": happening.source,
            "state": state,
            "state_name": None if state is None else called.states.get(state, state),
            "attempt": happening.attempt,
            **dict(zip(PARTICULARS[event.kind], _SAID[type(event)](event), strict=True)),
        }

    def _activity_name(self, event: ev.AnyEvent, called: _Called) -> str:
        if isinstance(event, ev.Advanced):
            return called.steps.get((event.trigger, event.source, event.target), event.trigger)
        return history.kind(event.kind, self._words)

    def _names(self, course: Course) -> _Called:
        """What the steps and states of a unit's procedure are called, looked up once for each procedure."""
        if course.case is None or course.workflow is None:
            return _NOTHING_CALLED
        found = self._called.get(course.case.workflow)
        if found is None:
            found = self._called[course.case.workflow] = _called(course.workflow, self._words.language)
        return found


@attrs.frozen
class _Called:
    """The words for a procedure's steps (by trigger, state left, state reached) and states."""

    steps: Mapping[tuple[str, str, str], str]
    states: Mapping[str, str]


_NOTHING_CALLED: Final = _Called({}, {})


def _called(workflow: Workflow, language: str) -> _Called:
    steps = {
        (step.trigger, state, step.target_from(state)): step.text.in_language(language)
        for step in workflow.transitions
        for state in step.sources
    }
    return _Called(steps, {state.id: state.text.in_language(language) for state in workflow.states})
