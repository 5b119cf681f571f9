"""The shape of a scenario file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import attrs

from engine.unit import RollStatus
from engine.values import Value
from workflows.forms import KEY, REQUIRED, Day, TextForm, Units, Words
from workflows.season_forms import UnitForm

VERBS: Final = (
    *("course", "record", "file", "approve", "give_back", "advance", "schedule", "postpone", "resume", "waive", "correct"),
    *("annul", "confirm", "plan", "enrol", "leave", "roll", "check"),
)
"""The fields of which an act has exactly one."""


@attrs.frozen(kw_only=True)
class SpreadForm:
    start: date | None = attrs.field(default=None, metadata={**REQUIRED, KEY: "from"})
    end: date | None = attrs.field(default=None, metadata={**REQUIRED, KEY: "to"})


@attrs.frozen(kw_only=True)
class PostponeForm:
    until: Day | None = None


@attrs.frozen(kw_only=True)
class WaiveForm:
    guard: str | None = attrs.field(default=None, metadata=REQUIRED)
    basis: str | None = attrs.field(default=None, metadata=REQUIRED)
    until: Day | None = attrs.field(default=None, metadata=REQUIRED)


@attrs.frozen(kw_only=True)
class CorrectForm:
    ref: str | None = attrs.field(default=None, metadata=REQUIRED)
    value: Value | None = None
    withdraw: bool = False
    day: date | None = None


@attrs.frozen(kw_only=True)
class RefForm:
    ref: str | None = attrs.field(default=None, metadata=REQUIRED)


@attrs.frozen(kw_only=True)
class ExpectForm:
    refused: str | None = attrs.field(default=None, metadata=REQUIRED)
    guards: Words | None = None


@attrs.frozen(kw_only=True)
class CheckForm:
    """What must be so: of one unit, or of how many of those that `under` and `level` name."""

    unit: str | None = None
    state: str | None = None
    reached: Words | None = None
    under: str | None = None
    level: str | None = None
    count: int | None = None


@attrs.frozen(kw_only=True)
class DeedForm:
    """What acts of a course and acts of the file have in common."""

    actor: str | None = attrs.field(default=None, metadata={KEY: "as"})
    record: Mapping[str, Value] | None = None
    file: Words | None = None
    approve: Words | None = None
    decision: str | None = None
    with_changes: Words | None = None
    give_back: Words | None = attrs.field(default=None, metadata={KEY: "return"})
    advance: Words | None = None
    schedule: Day | None = None
    postpone: PostponeForm | None = None
    resume: bool | None = None
    waive: WaiveForm | None = None
    reason: str | None = None
    note: TextForm | None = None
    illustrative: bool = False
    expect: ExpectForm | None = None


@attrs.frozen(kw_only=True)
class StepForm(DeedForm):
    """One act of a course, so many days after the unit's own; a course in a course counts from that day."""

    after: int | None = attrs.field(default=None, metadata=REQUIRED)
    course: str | None = None


@attrs.frozen(kw_only=True)
class CourseForm:
    acts: tuple[StepForm, ...] | None = attrs.field(default=None, metadata=REQUIRED)


@attrs.frozen(kw_only=True)
class ActForm(DeedForm):
    """One act of the file."""

    on: date | None = None
    recorded: date | None = None
    spread: SpreadForm | None = None
    unit: str | None = None
    units: Units | None = None
    name: str | None = None
    course: str | None = None
    correct: CorrectForm | None = None
    annul: RefForm | None = None
    confirm: RefForm | None = None
    plan: str | None = None
    enrol: UnitForm | None = None
    leave: bool | None = None
    roll: RollStatus | None = None
    check: CheckForm | None = None


@attrs.frozen(kw_only=True)
class ScenarioForm:
    id: str | None = attrs.field(default=None, metadata=REQUIRED)
    season: str | None = attrs.field(default=None, metadata=REQUIRED)
    text: TextForm | None = attrs.field(default=None, metadata=REQUIRED)
    seed: int = 0
    until: date | None = None
    courses: Mapping[str, CourseForm] = attrs.field(factory=dict)
    acts: tuple[ActForm, ...] | None = attrs.field(default=None, metadata=REQUIRED)


def verbs_of(form: DeedForm) -> tuple[str, ...]:
    """The verbs that an act gives; it ought to be one. One with an empty list says nothing."""
    return tuple(verb for verb in VERBS if getattr(form, verb, None) not in (None, (), {}))
