"""A declared procedure: which states there are, what leads from one to the next, and what stands before it.

A `Workflow` holds no position; it can only be asked. It is the *resolved* procedure (`extends` is already applied), and its
canonical JSON (`engine.codec`) is what a season pins by digest.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Final, Literal, TypeAlias

import attrs

from engine.values import Text, TypeName

Role: TypeAlias = Literal["unit", "superior", "board"]
Severity: TypeAlias = Literal["must", "should"]
Certainty: TypeAlias = Literal["A", "B", "C", "D"]

SAME_STATE: Final = "="
"""A transition's target that means: back to the state it started from."""

HELD: Final = "held"
RECOGNISED: Final = "recognised"
"""The two milestones that every board shows: done, and done for good."""

WAIVE: Final = "waive"
"""The way out of a guard that can be missed for ever, other than a trigger."""


@attrs.frozen(kw_only=True)
class State:
    """One stage of the procedure. `due` names the plan value by which a unit should have left it."""

    id: str
    text: Text
    due: str | None = None
    final: bool = False


@attrs.frozen(kw_only=True)
class Transition:
    """What leads from one state to another.

    `by`: the roles that may take it. `when`: an expression over `unit` only; where it is false the route does not exist for a
    unit. `back`: it leads backwards (returned, failed, not recognised), so it is never proposed as the next step. `clears`: the facts
    and documents that become not known again; `new_attempt`: the congress has to be held once more.
    """

    trigger: str
    sources: tuple[str, ...]
    target: str
    text: Text
    by: tuple[Role, ...] = ("unit",)
    when: str | None = None
    awards: tuple[str, ...] = ()
    revokes: tuple[str, ...] = ()
    clears: tuple[str, ...] = ()
    new_attempt: bool = False
    back: bool = False
    source: str | None = None
    source_en: str | None = None

    @property
    def leads_on(self) -> bool:
        """Whether it is a step forward: neither back nor round to the same state."""
        return not self.back and self.target != SAME_STATE

    def target_from(self, state: str) -> str:
        return state if self.target == SAME_STATE else self.target


@attrs.frozen(kw_only=True)
class Milestone:
    """What other units count: awarded by a transition, with its day."""

    id: str
    text: Text


@attrs.frozen(kw_only=True)
class Fact:
    """A typed value that may be recorded about a unit. `choices` limits a string to the listed words."""

    id: str
    type: TypeName
    text: Text
    by: tuple[Role, ...] = ("unit",)
    choices: tuple[str, ...] = ()
    shown: bool = False


@attrs.frozen(kw_only=True)
class Document:
    """A paper with a life: filed, approved, approved with changes, returned.

    It must be filed before the triggers in `needed_before`, approved before those in `approved_before`, and approved with no open
    item left before those in `settled_before`: each is a guard of its own (`Workflow.guards_before` gives them).
    """

    id: str
    text: Text
    by: tuple[Role, ...] = ("unit",)
    approved_by: tuple[Role, ...] = ("superior",)
    needed_before: tuple[str, ...] = ()
    approved_before: tuple[str, ...] = ()
    settled_before: tuple[str, ...] = ()
    when: str | None = None
    source: str = ""
    source_en: str | None = None
    certainty: Certainty = "A"
    shown: bool = False


@attrs.frozen(kw_only=True)
class PlanValue:
    """A value that a plan gives. `by` is who has to issue it when it is missing."""

    id: str
    type: TypeName
    text: Text
    by: Role = "superior"
    shown: bool = False


@attrs.frozen(kw_only=True)
class Guard:
    """A condition that stands before transitions.

    `expression` is in the guard language (`engine.guards`). `when`, over `unit` only, says for which units the guard exists. `todo`
    says in words what has to be done; `who` does it. `way_out` is `waive` or a back trigger: a `must` that a passed day can make
    impossible for ever needs one.
    """

    id: str
    text: Text
    severity: Severity
    expression: str
    before: tuple[str, ...]
    source: str
    certainty: Certainty
    source_en: str | None = None
    who: Role = "unit"
    todo: Text | None = None
    when: str | None = None
    way_out: str | None = None


@attrs.frozen(kw_only=True)
class Workflow:
    """A resolved procedure. Tuples keep the order of declaration, which is the order people see."""

    id: str
    version: str
    text: Text
    initial: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    milestones: tuple[Milestone, ...] = ()
    facts: tuple[Fact, ...] = ()
    documents: tuple[Document, ...] = ()
    plan_values: tuple[PlanValue, ...] = ()
    guards: tuple[Guard, ...] = ()

    @cached_property
    def state_by_id(self) -> dict[str, State]:
        return {s.id: s for s in self.states}

    @cached_property
    def fact_by_id(self) -> dict[str, Fact]:
        return {f.id: f for f in self.facts}

    @cached_property
    def document_by_id(self) -> dict[str, Document]:
        return {d.id: d for d in self.documents}

    @cached_property
    def plan_value_by_id(self) -> dict[str, PlanValue]:
        return {p.id: p for p in self.plan_values}

    @cached_property
    def milestone_by_id(self) -> dict[str, Milestone]:
        return {m.id: m for m in self.milestones}

    @cached_property
    def all_guards(self) -> tuple[Guard, ...]:
        """The declared guards, then those that the documents stand for."""
        return (*self.guards, *(g for d in self.documents for g in document_guards(d)))

    @cached_property
    def guard_by_id(self) -> dict[str, Guard]:
        return {g.id: g for g in self.all_guards}

    @cached_property
    def triggers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(t.trigger for t in self.transitions))

    def leading_from(self, state: str) -> tuple[Transition, ...]:
        """The transitions that leave a state, in the order they were declared."""
        return tuple(t for t in self.transitions if state in t.sources)

    def guards_before(self, trigger: str) -> tuple[Guard, ...]:
        """The guards that stand before a trigger, in the order they were declared."""
        return tuple(g for g in self.all_guards if trigger in g.before)


def source_in(declared: Transition | Document | Guard, language: str) -> str:
    """Where a rule comes from, in a language. A paper's number reads the same in both; `source_en` is there where words differ."""
    if language == "en" and declared.source_en is not None:
        return declared.source_en
    return declared.source or ""


def document_guards(document: Document) -> Iterator[Guard]:
    """The guards that a document's `needed_before`, `approved_before` and `settled_before` stand for."""
    name = document.id.replace("_", "-")
    for suffix, expression, before, who in (
        ("filed", f"doc.{document.id}.filed", document.needed_before, document.by[0]),
        ("approved", f"doc.{document.id}.approved", document.approved_before, document.approved_by[0]),
        ("settled", f"doc.{document.id}.open_items == 0", document.settled_before, document.by[0]),
    ):
        if before:
            yield Guard(
                id=f"{name}-{suffix}",
                text=document.text,
                severity="must",
                expression=expression,
                before=before,
                source=document.source,
                source_en=document.source_en,
                certainty=document.certainty,
                who=who,
                when=document.when,
            )
