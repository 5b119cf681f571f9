"""`daihoi workflow list`, `show` and `diagram`: a procedure as people read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.workflow import Guard, Transition, Workflow
from reports import names, verdicts
from reports.catalogue import Words
from reports.output import Report
from reports.page import Block, blank, line, table


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


def to_json(workflow: Workflow, words: Words) -> dict[str, Any]:
    language = words.language
    return {
        **_head(workflow, words),
        "initial": workflow.initial,
        "states": [{"id": s.id, "text": s.text.in_language(language), "due": s.due, "final": s.final} for s in workflow.states],
        "transitions": [_transition_to_json(t, words) for t in workflow.transitions],
        "milestones": [{"id": m.id, "text": m.text.in_language(language)} for m in workflow.milestones],
        "facts": [
            {"id": f.id, "type": f.type, "text": f.text.in_language(language), "by": list(f.by), "choices": list(f.choices)}
            for f in workflow.facts
        ],
        "documents": [
            {"id": d.id, "text": d.text.in_language(language), "by": list(d.by), "approved_by": list(d.approved_by)}
            for d in workflow.documents
        ],
        "plan_values": [
            {"id": p.id, "type": p.type, "text": p.text.in_language(language), "by": p.by} for p in workflow.plan_values
        ],
        "guards": [_guard_to_json(g, workflow, words) for g in workflow.all_guards],
    }


def _transition_to_json(transition: Transition, words: Words) -> dict[str, Any]:
    return {
        "trigger": transition.trigger,
        "from": list(transition.sources),
        "to": transition.target,
        "by": list(transition.by),
        "when": transition.when,
        "awards": list(transition.awards),
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
    }


def page(workflow: Workflow, words: Words) -> Iterator[Block]:
    yield line((workflow.text.in_language(words.language), "title"), f" · {workflow.id} {workflow.version}")
    for transition in workflow.transitions:
        yield blank()
        yield from _transition(transition, workflow, words)
    yield blank()
    yield from _facts(workflow, words)
    yield blank()
    yield from _documents(workflow, words)


def _transition(transition: Transition, workflow: Workflow, words: Words) -> Iterator[Block]:
    """A step, and the guards that stand before it."""
    by = words.say("why.or").join(words.say(f"role.{role}") for role in transition.by)
    target = names.state(workflow, transition.target, words)
    sources = ", ".join(transition.sources)
    yield line((transition.trigger, "title"), f": {sources} → {target} · {transition.text.in_language(words.language)} ({by})")
    if transition.when is not None:
        yield line("    ", (words.say("procedure.when", when=transition.when), "dim"))
    for guard in workflow.guards_before(transition.trigger):
        severity = "" if guard.severity == "must" else words.say("verdict.shown_only")
        yield line("    · ", guard.id, f"  {verdicts.guard_text(guard, workflow, words)}{severity}  ", (guard.expression, "dim"))


def _facts(workflow: Workflow, words: Words) -> Iterator[Block]:
    headings = tuple(words.say(f"procedure.column.{c}") for c in ("fact", "type", "by", "text"))
    rows = ((f.id, words.say(f"type.{f.type}"), _roles(f.by, words), f.text.in_language(words.language)) for f in workflow.facts)
    return table(headings, rows)


def _documents(workflow: Workflow, words: Words) -> Iterator[Block]:
    headings = tuple(words.say(f"procedure.column.{c}") for c in ("document", "by", "approved_by", "text"))
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
