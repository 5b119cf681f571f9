"""Checks of guards and conditions: they compile, they can be met, and who misses one for ever has a way out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import attrs

from engine.guards import GuardMistake, Names, Program, compile_guard
from engine.workflow import WAIVE, Guard, Workflow
from workflows.forms import WorkflowForm
from workflows.names import check_used
from workflows.problems import Findings, KeyPath
from workflows.routes import overlapping

FOR_MUST: Final = ("A", "B")
"""How certain a rule has to be before it may stop anybody."""

LONGEST_TOGETHER: Final = 50_000
"""Characters of all expressions of a procedure: twenty times the longest bundled one; more could not be checked in a second."""


@attrs.define
class Expressions:
    """What compiled: `guards` by the guard's id, `whens` by their text."""

    guards: dict[str, Program] = attrs.field(factory=dict)
    whens: dict[str, Program] = attrs.field(factory=dict)


def check_expressions(workflow: Workflow, form: WorkflowForm, names: Names, findings: Findings) -> Expressions:
    """Check what a file says of itself. `names`: what guards may read."""
    _check_severity(form, findings)
    _check_certainty(workflow, findings)
    _check_choices(workflow, findings)
    compiled = compile_all(workflow, names, findings, _untyped(form))
    for guard in workflow.guards:
        _check_way_out(workflow, guard, compiled.guards.get(guard.id), findings)
    for first, second, state in overlapping(workflow, compiled.whens):
        trigger = workflow.transitions[second].trigger
        findings.warn("W-ROUTES", ("transitions", second, "when"), trigger=trigger, state=state, other=first + 1)
    return compiled


def compile_all(workflow: Workflow, names: Names, findings: Findings, untyped: frozenset[str] = frozenset()) -> Expressions:
    """Compile every expression of a procedure; what does not compile is told. Guards that read `untyped` names are left out."""
    compiled = Expressions()
    together = sum(len(text) for text in (*(g.expression for g in workflow.guards), *(when for when, _ in _whens(workflow))))
    if together > LONGEST_TOGETHER:
        findings.error("E-EXPRESSIONS", ("guards",), total=together, limit=LONGEST_TOGETHER)
        return compiled
    for guard in workflow.guards:
        if any(name in guard.expression for name in untyped):
            continue
        program = _compiled(guard.expression, names, ("guards", guard.id, guard.severity), findings)
        if program is not None:
            compiled.guards[guard.id] = program
    for when, path in _whens(workflow):
        program = _compiled(when, names, path, findings, unit_only=True)
        if program is not None:
            compiled.whens[when] = program
    return compiled


def _untyped(form: WorkflowForm) -> frozenset[str]:
    """The facts and plan values whose type is wrong or missing, as guards write them; one mistake is told once."""
    tables: tuple[tuple[str, Mapping[str, object]], ...] = (("fact", form.facts), ("plan", form.plan_values))
    return frozenset(
        f"{root}.{name}" for root, table in tables for name, item in table.items() if getattr(item, "type", 0) is None
    )


def _compiled(text: str, names: Names, path: KeyPath, findings: Findings, *, unit_only: bool = False) -> Program | None:
    if not text.strip():
        return None
    try:
        program = compile_guard(text, names, unit_only=unit_only)
        problems = program.warnings
    except GuardMistake as mistake:
        program, problems = None, mistake.problems
    for problem in problems:
        tell = findings.error if problem.severity == "error" else findings.warn
        tell(problem.code, path, column=problem.column, guess=problem.guess, name=problem.name, types=problem.types)
    return program


def _whens(workflow: Workflow) -> Iterator[tuple[str, KeyPath]]:
    """Every condition, with its place."""
    for index, transition in enumerate(workflow.transitions):
        if transition.when is not None:
            yield transition.when, ("transitions", index, "when")
    for table, items in (("documents", workflow.documents), ("guards", workflow.guards)):
        for item in items:
            if item.when is not None:
                yield item.when, (table, item.id, "when")


def _check_severity(form: WorkflowForm, findings: Findings) -> None:
    for name, guard in form.guards.items():
        given = [key for key in ("must", "should") if (getattr(guard, key) or "").strip()]
        if not given:
            findings.error("E-GUARD-NEITHER", ("guards", name), guard=name)
        elif given == ["must", "should"]:
            findings.error("E-GUARD-BOTH", ("guards", name), guard=name)


def _check_certainty(workflow: Workflow, findings: Findings) -> None:
    for guard in workflow.guards:
        if guard.severity == "must" and guard.certainty not in FOR_MUST:
            findings.error("E-CERTAINTY", ("guards", guard.id, "certainty"), name=guard.id, certainty=guard.certainty)
    for document in workflow.documents:
        blocks = document.needed_before or document.approved_before or document.settled_before
        if blocks and document.certainty not in FOR_MUST:
            findings.error("E-CERTAINTY", ("documents", document.id, "certainty"), name=document.id, certainty=document.certainty)


def _check_choices(workflow: Workflow, findings: Findings) -> None:
    for fact in workflow.facts:
        if fact.choices and fact.type != "string":
            findings.error("E-CHOICES-TYPE", ("facts", fact.id, "choices"), fact=fact.id, type=fact.type)


def _check_way_out(workflow: Workflow, guard: Guard, program: Program | None, findings: Findings) -> None:
    path = ("guards", guard.id, "way_out")
    if guard.way_out is None:
        if program is not None and program.reads_day and guard.severity == "must":
            findings.error("E-WAY-OUT-MISSING", ("guards", guard.id), guard=guard.id)
    elif guard.way_out != WAIVE and check_used(guard.way_out, (WAIVE, *workflow.triggers), "way_out", path, findings):
        _check_leads_out(workflow, guard, guard.way_out, findings)


def _check_leads_out(workflow: Workflow, guard: Guard, way_out: str, findings: Findings) -> None:
    """A way out is another step, from a state where the guard can hold a unit up."""
    held_up = {s for t in workflow.transitions if t.trigger in guard.before for s in t.sources}
    leaves = {s for t in workflow.transitions if t.trigger == way_out for s in t.sources}
    if way_out in guard.before or not held_up & leaves:
        findings.error("E-WAY-OUT-NOWHERE", ("guards", guard.id, "way_out"), guard=guard.id, way_out=way_out)
