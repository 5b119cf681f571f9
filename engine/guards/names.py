"""The names that a guard may read, built from the declarations of the unit's workflow and of those around it.

A `Scope` is what may follow a dot. Where the workflow of a neighbour is not at hand (a file checked alone), whatever is
named there is accepted; what it holds is then known by its value only (type ``dyn``).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Final, Literal, TypeAlias

import attrs

from engine.values import TypeName
from engine.workflow import Workflow

Type: TypeAlias = TypeName | Literal["dyn", "calendar"]


@attrs.frozen
class Leaf:
    """A name that stands for a value. `choices` limits a string to the listed words."""

    type: Type
    choices: tuple[str, ...] = ()


@attrs.frozen
class Method:
    """``name("…")``. `allowed`: what may stand between the quotes (None: anything); `code`: the problem when something else does."""

    type: Type
    allowed: tuple[str, ...] | None = None
    code: str = "unknown_milestone"


@attrs.frozen
class Scope:
    """What may follow a dot. `code`: the problem when something else does; `otherwise`: what an undeclared name is taken for.

    `elsewhere`, of the outermost: where a declared name lives, for people who write ``delegates_present`` or ``fact.congress_by``.
    """

    members: Mapping[str, Entry]
    code: str = "unknown_member"
    otherwise: Entry | None = None
    elsewhere: Mapping[str, str] = attrs.field(factory=dict)

    def find(self, name: str) -> Entry | None:
        return self.members.get(name, self.otherwise)


Entry: TypeAlias = Leaf | Method | Scope

BOOL: Final = Leaf("bool")
INT: Final = Leaf("int")
STRING: Final = Leaf("string")
DATE: Final = Leaf("date")
_DOCUMENT: Final = Scope(
    {"filed": BOOL, "approved": BOOL, "filed_on": DATE, "approved_on": DATE, "open_items": INT, "version": INT}
)


@attrs.frozen
class Names:
    """The workflows whose declarations a guard of `own` may name. None: not at hand, so any name is accepted.

    `children`, `pilots`: the workflow of the units counted. The pilots of `lead` are units of one's own level.
    """

    own: Workflow
    parent: Workflow | None = None
    children: Workflow | None = None
    pilots: Workflow | None = None
    lead: Workflow | None = None

    @cached_property
    def scope(self) -> Scope:
        facts, documents, plan_values = _facts(self.own), _documents(self.own), _plan_values(self.own)
        return Scope(
            {
                "on": DATE,
                "unit": self._unit(),
                "fact": facts,
                "doc": documents,
                "plan": plan_values,
                "parent": Scope({**_milestones(self.parent), "fact": _facts(self.parent), "doc": _documents(self.parent)}),
                "lead": Scope({**_milestones(self.lead), "pilots": _roll(self.own)}),
                "children": _roll(self.children),
                "pilots": _roll(self.pilots),
            },
            code="unknown_name",
            elsewhere={
                name: f"{prefix}.{name}"
                for prefix, scope in (("plan", plan_values), ("doc", documents), ("fact", facts))
                for name in scope.members
            },
        )

    def _unit(self) -> Scope:
        return Scope(
            {
                "code": STRING,
                "level": STRING,
                "block": STRING,
                "pilot": BOOL,
                "designates": BOOL,
                "attempt": INT,
                "planned_on": DATE,
                "tag": Method("bool"),
                **_milestones(self.own),
            }
        )


def _milestone_ids(workflow: Workflow | None) -> tuple[str, ...] | None:
    return None if workflow is None else tuple(workflow.milestone_by_id)


def _milestones(workflow: Workflow | None) -> dict[str, Entry]:
    allowed = _milestone_ids(workflow)
    return {"reached": Method("bool", allowed), "day": Method("date", allowed)}


def _roll(workflow: Workflow | None) -> Scope:
    allowed = _milestone_ids(workflow)
    return Scope(
        {
            "total": INT,
            "tracked": BOOL,
            "reached": Method("int", allowed),
            "first": Method("date", allowed),
            "last": Method("date", allowed),
        }
    )


def _facts(workflow: Workflow | None) -> Scope:
    if workflow is None:
        return Scope({}, "unknown_fact", otherwise=Leaf("dyn"))
    return Scope({f.id: Leaf(f.type, f.choices) for f in workflow.facts}, "unknown_fact")


def _documents(workflow: Workflow | None) -> Scope:
    if workflow is None:
        return Scope({}, "unknown_document", otherwise=_DOCUMENT)
    return Scope(dict.fromkeys(workflow.document_by_id, _DOCUMENT), "unknown_document")


def _plan_values(workflow: Workflow) -> Scope:
    return Scope({p.id: Leaf(p.type) for p in workflow.plan_values}, "unknown_plan_value")
