"""The shape of a procedure file: which keys each table takes, and of which type.

Every field may be absent here, so that one missing key does not hide the next mistake; `REQUIRED` says which may not be. A
field's TOML key is its name, but for the few that Python does not allow.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, NewType, TypeAlias

import attrs

from engine.values import TypeName
from engine.workflow import Certainty, Role

Words = NewType("Words", tuple[str, ...])
"""A string, or a list of strings."""

Roles = NewType("Roles", tuple[Role, ...])
"""A role, or a list of roles."""

Day: TypeAlias = date | int
"""A date, or in a course a number: that many days after the unit's own."""

KEY: Final = "toml_key"
REQUIRED: Final = {"required": True}


def key_of(attribute: attrs.Attribute[Any]) -> str:
    """The TOML key of a field."""
    return str(attribute.metadata.get(KEY, attribute.name))


def is_required(attribute: attrs.Attribute[Any]) -> bool:
    return bool(attribute.metadata.get("required"))


@attrs.frozen(kw_only=True)
class TextForm:
    """Both languages are required wherever a text stands."""

    vi: str | None = None
    en: str | None = None


@attrs.frozen(kw_only=True)
class SelectForm:
    """Units by where they stand."""

    under: str | None = None
    level: str | None = None


Units: TypeAlias = tuple[str, ...] | SelectForm
"""A list of codes, or a table that says where the units stand."""


@attrs.frozen(kw_only=True)
class StateForm:
    text: TextForm | None = attrs.field(default=None, metadata=REQUIRED)
    due: str | None = None
    final: bool = False


@attrs.frozen(kw_only=True)
class MilestoneForm:
    text: TextForm | None = attrs.field(default=None, metadata=REQUIRED)


@attrs.frozen(kw_only=True)
class TransitionForm:
    trigger: str | None = attrs.field(default=None, metadata=REQUIRED)
    sources: Words | None = attrs.field(default=None, metadata={**REQUIRED, KEY: "from"})
    target: str | None = attrs.field(default=None, metadata={**REQUIRED, KEY: "to"})
    text: TextForm | None = attrs.field(default=None, metadata=REQUIRED)
    by: Roles | None = None
    when: str | None = None
    awards: Words | None = None
    revokes: Words | None = None
    clears: Words | None = None
    new_attempt: bool = False
    back: bool = False
    source: str | None = None
    source_en: str | None = None


@attrs.frozen(kw_only=True)
class FactForm:
    type: TypeName | None = attrs.field(default=None, metadata=REQUIRED)
    text: TextForm | None = attrs.field(default=None, metadata=REQUIRED)
    by: Roles | None = None
    choices: Words | None = None
    shown: bool = False


@attrs.frozen(kw_only=True)
class DocumentForm:
    text: TextForm | None = attrs.field(default=None, metadata=REQUIRED)
    by: Roles | None = None
    approved_by: Roles | None = None
    needed_before: Words | None = None
    approved_before: Words | None = None
    settled_before: Words | None = None
    when: str | None = None
    source: str = ""
    source_en: str | None = None
    certainty: Certainty = "A"
    shown: bool = False


@attrs.frozen(kw_only=True)
class PlanValueForm:
    type: TypeName | None = attrs.field(default=None, metadata=REQUIRED)
    text: TextForm | None = attrs.field(default=None, metadata=REQUIRED)
    by: Role = "superior"
    shown: bool = False


@attrs.frozen(kw_only=True)
class GuardForm:
    text: TextForm | None = attrs.field(default=None, metadata=REQUIRED)
    must: str | None = None
    should: str | None = None
    before: Words | None = attrs.field(default=None, metadata=REQUIRED)
    source: str | None = attrs.field(default=None, metadata=REQUIRED)
    source_en: str | None = None
    certainty: Certainty | None = attrs.field(default=None, metadata=REQUIRED)
    who: Role = "unit"
    todo: TextForm | None = None
    when: str | None = None
    way_out: str | None = None


@attrs.frozen(kw_only=True)
class WorkflowForm:
    """A procedure file. `extends` and `remove` were applied before it is read; they stand here as keys that exist."""

    id: str | None = attrs.field(default=None, metadata=REQUIRED)
    version: str | None = attrs.field(default=None, metadata=REQUIRED)
    extends: str | None = None
    remove: Words | None = None
    text: TextForm | None = attrs.field(default=None, metadata=REQUIRED)
    initial: str | None = attrs.field(default=None, metadata=REQUIRED)
    states: Mapping[str, StateForm] | None = attrs.field(default=None, metadata=REQUIRED)
    transitions: tuple[TransitionForm, ...] | None = attrs.field(default=None, metadata=REQUIRED)
    milestones: Mapping[str, MilestoneForm] = attrs.field(factory=dict)
    facts: Mapping[str, FactForm] = attrs.field(factory=dict)
    documents: Mapping[str, DocumentForm] = attrs.field(factory=dict)
    plan_values: Mapping[str, PlanValueForm] = attrs.field(factory=dict)
    guards: Mapping[str, GuardForm] = attrs.field(factory=dict)
