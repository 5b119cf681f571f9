"""From a procedure's form to the engine's `Workflow`.

What the form lacks is filled with an empty value, so that a file with mistakes can be checked as a whole; such a workflow is never
handed on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.values import Text
from engine.workflow import Document, Fact, Guard, Milestone, PlanValue, State, Transition, Workflow
from workflows.forms import (
    DocumentForm,
    FactForm,
    GuardForm,
    MilestoneForm,
    PlanValueForm,
    StateForm,
    TextForm,
    TransitionForm,
    WorkflowForm,
)


def build(form: WorkflowForm) -> Workflow:
    return Workflow(
        id=form.id or "",
        version=form.version or "",
        text=text(form.text),
        initial=form.initial or "",
        states=tuple(_states(form.states or {})),
        transitions=tuple(_transition(t) for t in form.transitions or ()),
        milestones=tuple(_milestones(form.milestones)),
        facts=tuple(_facts(form.facts)),
        documents=tuple(_documents(form.documents)),
        plan_values=tuple(_plan_values(form.plan_values)),
        guards=tuple(_guards(form.guards)),
    )


def text(form: TextForm | None) -> Text:
    return Text("", "") if form is None else Text(form.vi or "", form.en or "")


def _states(forms: Mapping[str, StateForm]) -> Iterator[State]:
    for name, form in forms.items():
        yield State(id=name, text=text(form.text), due=form.due, final=form.final)


def _milestones(forms: Mapping[str, MilestoneForm]) -> Iterator[Milestone]:
    for name, form in forms.items():
        yield Milestone(id=name, text=text(form.text))


def _transition(form: TransitionForm) -> Transition:
    return Transition(
        trigger=form.trigger or "",
        sources=_words(form.sources),
        target=form.target or "",
        text=text(form.text),
        by=_words(form.by) or ("unit",),
        when=form.when,
        awards=_words(form.awards),
        revokes=_words(form.revokes),
        clears=_words(form.clears),
        new_attempt=form.new_attempt,
        back=form.back,
        source=form.source,
        source_en=form.source_en,
    )


def _facts(forms: Mapping[str, FactForm]) -> Iterator[Fact]:
    for name, form in forms.items():
        yield Fact(
            id=name,
            type=form.type or "bool",
            text=text(form.text),
            by=_words(form.by) or ("unit",),
            choices=_words(form.choices),
            shown=form.shown,
        )


def _documents(forms: Mapping[str, DocumentForm]) -> Iterator[Document]:
    for name, form in forms.items():
        yield Document(
            id=name,
            text=text(form.text),
            by=_words(form.by) or ("unit",),
            approved_by=_words(form.approved_by) or ("superior",),
            needed_before=_words(form.needed_before),
            approved_before=_words(form.approved_before),
            settled_before=_words(form.settled_before),
            when=form.when,
            source=form.source,
            source_en=form.source_en,
            certainty=form.certainty,
            shown=form.shown,
        )


def _plan_values(forms: Mapping[str, PlanValueForm]) -> Iterator[PlanValue]:
    for name, form in forms.items():
        yield PlanValue(id=name, type=form.type or "bool", text=text(form.text), by=form.by, shown=form.shown)


def _guards(forms: Mapping[str, GuardForm]) -> Iterator[Guard]:
    for name, form in forms.items():
        yield Guard(
            id=name,
            text=text(form.text),
            severity="must" if form.must else "should",
            expression=form.must or form.should or "",
            before=_words(form.before),
            source=form.source or "",
            source_en=form.source_en,
            certainty=form.certainty or "A",
            who=form.who,
            todo=None if form.todo is None else text(form.todo),
            when=form.when,
            way_out=form.way_out,
        )


def _words(form: Any) -> tuple[Any, ...]:
    """A list that was written, or nothing; a single word was made a list of one when it was read."""
    return tuple(form) if form else ()
