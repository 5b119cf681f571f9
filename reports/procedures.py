"""`daihoi workflow list`, `show` and `diagram`: a procedure as people read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.procedure import Procedure
from engine.workflow import SAME_STATE, Guard, Transition, Workflow
from reports import names, verdicts
from reports.catalogue import Words
from reports.output import Report
from reports.page import Block, blank, line, table
from reports.why import wrapped


def list_to_json(workflows: tuple[Workflow, ...], words: Words) -> dict[str, Any]:
    return {"workflows": [_head(w, words) for w in workflows]}


def _head(workflow: Workflow, words: Words) -> dict[str, Any]:
    return {"id": workflow.id, "version": workflow.version, "text": workflow.text.in_language(words.language)}


def list_rows(workflows: tuple[Workflow, ...], words: Words) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    return ("id", "version", "text"), [tuple(_head(w, words).values()) for w in workflows]


def list_page(workflows: tuple[Workflow, ...], words: Words) -> Iterator[Block]:
    headings = tuple(words.say(f"procedure.column.{c}") for c in ("id", "version", "text", "states", "guards"))
    rows = ((w.id, w.version, w.text.in_language(words.language), str(len(w.states)), str(len(w.all_guards))) for w in workflows)
    yield from table(headings, rows, right=(3, 4))


def plan_values_read(workflow: Workflow) -> dict[str, tuple[str, ...]]:
    """The plan values that each guard reads."""
    procedure = Procedure(workflow, "")
    return {g.id: tuple(path[1] for path in procedure.program(g).reads if path[0] == "plan") for g in workflow.all_guards}


def _awarded_by(workflow: Workflow, milestone: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(t.trigger for t in workflow.transitions if milestone in t.awards))


def to_json(workflow: Workflow, words: Words) -> dict[str, Any]:
    language = words.language
    read = plan_values_read(workflow)
    return {
        **_head(workflow, words),
        "initial": workflow.initial,
        "states": [{"id": s.id, "text": s.text.in_language(language), "due": s.due, "final": s.final} for s in workflow.states],
        "transitions": [_transition_to_json(t, words) for t in workflow.transitions],
        "milestones": [
            {"id": m.id, "text": m.text.in_language(language), "awarded_by": list(_awarded_by(workflow, m.id))}
            for m in workflow.milestones
        ],
        "facts": [
            {"id": f.id, "type": f.type, "text": f.text.in_language(language), "by": list(f.by), "choices": list(f.choices)}
            for f in workflow.facts
        ],
        "documents": [
            {
                "id": d.id,
                "text": d.text.in_language(language),
                "by": list(d.by),
                "approved_by": list(d.approved_by),
                "needed_before": list(d.needed_before),
                "approved_before": list(d.approved_before),
                "settled_before": list(d.settled_before),
                "when": d.when,
                "source": verdicts.source(d, words),
                "certainty": d.certainty,
            }
            for d in workflow.documents
        ],
        "plan_values": [
            {
                "id": p.id,
                "type": p.type,
                "text": p.text.in_language(language),
                "by": p.by,
                "read_by": [guard for guard, names_read in read.items() if p.id in names_read],
            }
            for p in workflow.plan_values
        ],
        "guards": [_guard_to_json(g, workflow, words) | {"plan_values": list(read[g.id])} for g in workflow.all_guards],
    }


def _transition_to_json(transition: Transition, words: Words) -> dict[str, Any]:
    return {
        "trigger": transition.trigger,
        "from": list(transition.sources),
        "to": transition.target,
        "by": list(transition.by),
        "when": transition.when,
        "awards": list(transition.awards),
        "revokes": list(transition.revokes),
        "clears": list(transition.clears),
        "new_attempt": transition.new_attempt,
        "back": transition.back,
        "text": transition.text.in_language(words.language),
        "source": verdicts.source(transition, words),
    }


def _guard_to_json(guard: Guard, workflow: Workflow, words: Words) -> dict[str, Any]:
    return {
        "id": guard.id,
        "text": verdicts.guard_text(guard, workflow, words),
        "severity": guard.severity,
        "expression": guard.expression,
        "before": list(guard.before),
        "when": guard.when,
        "source": verdicts.source(guard, words),
        "certainty": guard.certainty,
        "way_out": guard.way_out,
        "who": guard.who,
        "todo": None if guard.todo is None else guard.todo.in_language(words.language),
    }


def page(workflow: Workflow, words: Words) -> Iterator[Block]:
    yield line((workflow.text.in_language(words.language), "title"), f" · {workflow.id} {workflow.version}")
    yield blank()
    yield from _states(workflow, words)
    read = plan_values_read(workflow)
    for transition in workflow.transitions:
        yield blank()
        yield from _transition(transition, workflow, words)
        for guard in workflow.guards_before(transition.trigger):
            yield from _guard(guard, read[guard.id], workflow, words)
    for shown in (_milestones(workflow, words), _facts(workflow, words), _documents(workflow, words)):
        yield from _set_apart(shown)
    yield from _set_apart(_plan_values(workflow, read, words))


def _set_apart(shown: Iterator[Block]) -> Iterator[Block]:
    """A table with a line before it, or nothing where it is empty."""
    for block in shown:
        yield blank()
        yield block


def _transition(transition: Transition, workflow: Workflow, words: Words) -> Iterator[Block]:
    """A step, what it brings and takes, and its source."""
    by = words.say("why.or").join(words.say(f"role.{role}") for role in transition.by)
    stays = transition.target == SAME_STATE
    target = words.say("procedure.stays") if stays else names.state(workflow, transition.target, words)
    sources = ", ".join(transition.sources)
    yield line((transition.trigger, "title"), f": {sources} → {target} · {transition.text.in_language(words.language)} ({by})")
    for said in _about_transition(transition, workflow, words):
        yield from wrapped(said, "      ", first="    ", style="dim")


def _about_transition(transition: Transition, workflow: Workflow, words: Words) -> Iterator[str]:
    if transition.when is not None:
        yield words.say("procedure.when", when=transition.when)
    if transition.back:
        yield words.say("procedure.back")
    if transition.awards:
        yield words.say("procedure.awards", milestones=_milestone_names(transition.awards, workflow, words))
    if transition.revokes:
        yield words.say("procedure.revokes", milestones=_milestone_names(transition.revokes, workflow, words))
    if transition.clears:
        yield words.say("procedure.clears", names=transition.clears)
    if transition.new_attempt:
        yield words.say("procedure.new_attempt")
    if transition.source:
        yield words.say("procedure.source", source=verdicts.source(transition, words))


def _milestone_names(ids: tuple[str, ...], workflow: Workflow, words: Words) -> tuple[str, ...]:
    return tuple(words.say("name.with_id", text=names.milestone(workflow, name, words), id=name) for name in ids)


def _guard(guard: Guard, plan_values: tuple[str, ...], workflow: Workflow, words: Words) -> Iterator[Block]:
    """A guard: what it says, what it reads, and where it comes from."""
    severity = "" if guard.severity == "must" else words.say("verdict.shown_only")
    yield line("    · ", guard.id, f"  {verdicts.guard_text(guard, workflow, words)}{severity}")
    for said in (guard.expression, " · ".join(_about_guard(guard, plan_values, words))):
        yield from wrapped(said, "        ", style="dim")


def _about_guard(guard: Guard, plan_values: tuple[str, ...], words: Words) -> Iterator[str]:
    if guard.when is not None:
        yield words.say("procedure.when", when=guard.when)
    yield words.say("procedure.source", source=verdicts.source(guard, words) or None)
    yield words.say("procedure.certainty", certainty=guard.certainty)
    if guard.way_out is not None:
        yield words.say("procedure.way_out", way=guard.way_out)
    if plan_values:
        yield words.say("procedure.reads_plan", values=plan_values)


def _states(workflow: Workflow, words: Words) -> Iterator[Block]:
    headings = tuple(words.say(f"procedure.column.{c}") for c in ("state", "due", "named"))
    rows = (
        (s.id, words.value(s.due), s.text.in_language(words.language) + (words.say("procedure.final") if s.final else ""))
        for s in workflow.states
    )
    return table(headings, rows)


def _milestones(workflow: Workflow, words: Words) -> Iterator[Block]:
    headings = tuple(words.say(f"procedure.column.{c}") for c in ("milestone", "awarded_by", "named"))
    rows = ((m.id, ", ".join(_awarded_by(workflow, m.id)), m.text.in_language(words.language)) for m in workflow.milestones)
    return table(headings, rows)


def _plan_values(workflow: Workflow, read: dict[str, tuple[str, ...]], words: Words) -> Iterator[Block]:
    headings = tuple(words.say(f"procedure.column.{c}") for c in ("plan_value", "type", "by", "read_by", "named"))
    rows = (
        (
            p.id,
            words.say(f"type.{p.type}"),
            _roles((p.by,), words),
            _read_by(p.id, workflow, read),
            p.text.in_language(words.language),
        )
        for p in workflow.plan_values
    )
    return table(headings, rows)


def _read_by(name: str, workflow: Workflow, read: dict[str, tuple[str, ...]]) -> str:
    """The guards that read a plan value, and the states that it is the due day of."""
    return ", ".join((*(g for g, values in read.items() if name in values), *(s.id for s in workflow.states if s.due == name)))


def _facts(workflow: Workflow, words: Words) -> Iterator[Block]:
    headings = tuple(words.say(f"procedure.column.{c}") for c in ("fact", "type", "by", "named"))
    rows = ((f.id, words.say(f"type.{f.type}"), _roles(f.by, words), f.text.in_language(words.language)) for f in workflow.facts)
    return table(headings, rows)


def _documents(workflow: Workflow, words: Words) -> Iterator[Block]:
    headings = tuple(words.say(f"procedure.column.{c}") for c in ("document", "by", "approved_by", "named"))
    rows = (
        (d.id, _roles(d.by, words), _roles(d.approved_by, words), d.text.in_language(words.language)) for d in workflow.documents
    )
    return table(headings, rows)


def _roles(roles: tuple[str, ...], words: Words) -> str:
    return ", ".join(words.say(f"role.{role}") for role in roles)


def diagram_to_json(text: str, words: Words) -> dict[str, Any]:
    return {"mermaid": text}


def diagram_page(text: str, words: Words) -> Iterator[Block]:
    for said in text.splitlines():
        yield line(said)


LIST = Report(to_json=list_to_json, page=list_page, rows=list_rows)
ONE = Report(to_json=to_json, page=page)
DIAGRAM = Report(to_json=diagram_to_json, page=diagram_page)
