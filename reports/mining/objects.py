"""OCEL 2.0: which objects there are, what is said of them and since when, and what they have to do with each other.

Events say what was *recorded*; objects say what *was so*, with all that is known now: corrections are applied, annulled steps are not in
a unit's states. That is what `--at DATE` tells too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any, Final, TypeAlias

import attrs

from engine import events as ev
from engine.case import Case
from engine.events import Recorded
from engine.unit import SEASON, Unit
from engine.values import Value, plain
from engine.workflow import Workflow
from engine.world import PlanInForce
from reports.mining.entries import text
from reports.mining.instants import EPOCH, taken_place
from store.questions.courses import Course

Link: TypeAlias = tuple[str, str]
"""An object's id, and what it is to whatever points to it."""

UNIT: Final = "unit"
DOCUMENT: Final = "document"
PLAN: Final = "plan"
SUPERIOR: Final = "superior"

_FACT: Final = "fact_"
_PAPERS: Final = (ev.DocumentFiled, ev.DocumentApproved, ev.DocumentReturned)

_TYPES: Final[Mapping[str, Mapping[str, str]]] = {
    UNIT: {
        **dict.fromkeys(("code", "name", "level", "block", "tags", "workflow"), "string"),
        "pilot": "boolean",
        "state": "string",
        "attempt": "integer",
        "planned_on": "string",
        "postponed": "boolean",
        "member": "boolean",
    },
    DOCUMENT: {
        "name": "string",
        "status": "string",
        "version": "integer",
        "approved_version": "integer",
        "open_items": "integer",
    },
    PLAN: {**dict.fromkeys(("code", "number", "type", "in_force_from"), "string"), "year": "integer", "values": "integer"},
    SUPERIOR: {"code": "string"},
}
_OF_FACTS: Final = {"bool": "boolean", "int": "integer"}


@attrs.frozen
class Said:
    """A value of an attribute from an instant on; None: it is not known any more."""

    name: str
    value: bool | int | str | None
    time: str


@attrs.frozen
class Thing:
    """An object."""

    id: str
    type: str
    said: tuple[Said, ...] = ()
    links: tuple[Link, ...] = ()


def types(workflows: tuple[Workflow, ...]) -> dict[str, dict[str, str]]:
    """What may be said of objects of each type. A fact that two procedures declare differently is a text."""
    found = {name: dict(attributes) for name, attributes in _TYPES.items()}
    for fact in (fact for workflow in workflows for fact in workflow.facts):
        kind = _OF_FACTS.get(fact.type, "string")
        name = _FACT + fact.id
        found[UNIT][name] = kind if found[UNIT].get(name, kind) == kind else "string"
    return found


def unit_id(code: str) -> str:
    return f"{UNIT}:{code}"


def document_id(unit: str, name: str) -> str:
    return f"{DOCUMENT}:{unit}/{name}"


def plan_id(plan: str) -> str:
    return f"{PLAN}:{plan}"


# What an event is about


def concerned(recorded: Recorded) -> tuple[Link, ...]:
    """The objects of an event: whose it is, what it was about, who acted, and on which papers it rested.

    Each once, as the first of these: programs keep one qualifier of an object for an event. Who acted for themselves are not named again.
    """
    found: dict[str, str] = {}
    for name, qualifier in _concerned(recorded):
        found.setdefault(name, qualifier)
    return tuple(found.items())


def _concerned(recorded: Recorded) -> Iterator[Link]:
    event = recorded.event
    if recorded.unit != SEASON:
        yield unit_id(recorded.unit), "unit"
    if isinstance(event, ev.PlanIssued):
        yield plan_id(event.plan), "plan"
    if isinstance(event, _PAPERS):
        yield document_id(recorded.unit, event.document), "document"
    if isinstance(event, ev.Corrected) and event.what != ev.FactRecorded.kind:
        yield document_id(recorded.unit, event.name), "document"
    yield unit_id(recorded.actor.unit), "actor"
    if isinstance(event, ev.Advanced):
        for read in (read for verdict in event.verdicts for read in verdict.get("reads", ())):
            yield from _read(read)


def _read(read: Mapping[str, Any]) -> Iterator[Link]:
    """The papers behind a value that a guard had read, where an event had said it."""
    if "plan" in read:
        yield plan_id(read["plan"]), "read"
    path = read["name"].split(".")
    if "doc" in path[:-1] and "seq" in read and "unit" in read:
        yield document_id(read["unit"], path[path.index("doc") + 1]), "read"


# Units


def unit(found: Unit, workflow: Workflow | None = None) -> Thing:
    """What is fixed about a unit."""
    always = {
        "code": found.code,
        "name": found.name,
        "level": found.level,
        "block": found.block,
        "tags": " ".join(found.tags) or None,
        "workflow": None if workflow is None else workflow.id,
        "pilot": found.pilot_of is not None,
    }
    related = ((found.parent, "parent"), (found.superior, "superior"), (found.pilot_of, "designated_by"))
    links = tuple((unit_id(code), qualifier) for code, qualifier in related if code is not None)
    return Thing(unit_id(found.code), UNIT, _always(always), links)


def unit_of(course: Course, case: Case, types_of_facts: Mapping[str, str]) -> Thing:
    """A unit with all that became of it. `types_of_facts`: of its attributes."""
    fixed = unit(case.unit, course.workflow)
    said = sorted(_became(course, case, types_of_facts), key=lambda one: one.time)
    return attrs.evolve(fixed, said=(*fixed.said, *said))


def _became(course: Course, case: Case, types_of_facts: Mapping[str, str]) -> Iterator[Said]:
    yield from _membership(course, case)
    yield from _stages(case)
    for day in case.planned:
        yield Said("planned_on", day.day.isoformat(), taken_place(day.on, day.seq))
    yield from _pauses(case)
    for fact in case.facts:
        name = _FACT + fact.name
        yield Said(name, _typed(fact.value, types_of_facts.get(name)), taken_place(fact.on, fact.seq))


def _typed(value: Value | None, declared: str | None) -> bool | int | str | None:
    """A fact's value as its attribute's type has it."""
    said = plain(value)
    return text(said) if declared == "string" and isinstance(said, int) else said


def _membership(course: Course, case: Case) -> Iterator[Said]:
    for recorded in (one.recorded for one in course.happenings):
        time = taken_place(recorded.on, recorded.seq)
        if isinstance(recorded.event, ev.UnitEnrolled):
            yield Said("member", value=True, time=time)
            yield Said("state", case.steps[0].source if case.steps else case.state, time)
            yield Said("attempt", 1, time)
        elif isinstance(recorded.event, ev.UnitLeft):
            yield Said("member", value=False, time=time)


def _pauses(case: Case) -> Iterator[Said]:
    """A postponement until a day ends by itself, unless something else was said of it before."""
    said = sorted(case.pauses, key=lambda pause: (pause.on, pause.seq))
    for pause, following in zip_longest(said, said[1:]):
        yield Said("postponed", not pause.over, taken_place(pause.on, pause.seq))
        if pause.until is not None and (following is None or following.on > pause.until):
            yield Said("postponed", value=False, time=taken_place(pause.until, 0))


def _stages(case: Case) -> Iterator[Said]:
    attempt = 1
    for step in case.steps:
        time = taken_place(step.on, step.seq)
        if step.moved:
            yield Said("state", step.target, time)
        if step.attempt != attempt:
            attempt = step.attempt
            yield Said("attempt", attempt, time)


# Documents, plans, outside superiors


def documents_of(course: Course, case: Case) -> Iterator[Thing]:
    """Every paper that was ever filed; one whose filing was withdrawn has a name and no course."""
    events = (one.recorded.event for one in course.happenings)
    for name in dict.fromkeys(event.document for event in events if isinstance(event, _PAPERS)):
        fixed = document(case.unit.code, name)
        yield attrs.evolve(fixed, said=(*fixed.said, *_statuses(case, name)))


def document(unit_code: str, name: str) -> Thing:
    return Thing(document_id(unit_code, name), DOCUMENT, _always({"name": name}), ((unit_id(unit_code), UNIT),))


def _statuses(case: Case, name: str) -> Iterator[Said]:
    """What changed each time. A paper cleared for a new attempt says so and has no version."""
    known: dict[str, Any] = {}
    for entry, status in case.document_course(name):
        now = {
            "status": "cleared" if status is None else status.status,
            "version": None if status is None else status.version,
            "approved_version": None if status is None else status.approved_version,
            "open_items": None if status is None or not status.approved else len(status.changes),
        }
        time = taken_place(entry.on, entry.seq)
        yield from (Said(attribute, value, time) for attribute, value in now.items() if known.get(attribute) != value)
        known = now


def plan(found: PlanInForce) -> Thing:
    issued = found.issued
    always: dict[str, int | str] = {
        "code": issued.plan,
        "number": issued.number,
        "type": issued.type,
        "year": issued.year,
        "in_force_from": found.since.isoformat(),
        "values": len(issued.values),
    }
    return Thing(plan_id(issued.plan), PLAN, _always(always), ((unit_id(issued.issuer), "issuer"),))


def superior(code: str) -> Thing:
    """Somebody outside: no congress of its own, but it may act and issue plans."""
    return Thing(unit_id(code), SUPERIOR, _always({"code": code}))


def _always(values: Mapping[str, Any]) -> tuple[Said, ...]:
    return tuple(Said(name, value, EPOCH) for name, value in values.items() if value is not None)
