"""Checks of procedures against each other, where a season says which level follows which file.

A guard is compiled again with the procedures of the units that are really around: names of a parent, of children, of pilots and of who
leads them are then no longer taken on trust. And what a level declares but nobody reads is told here, because a child may read it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import attrs

from engine.guards import Names, Program
from engine.reading import NO_PILOTS
from engine.readings import Path
from engine.unit import Unit
from engine.workflow import Workflow
from workflows.expressions import Expressions, compile_all
from workflows.load import LoadedWorkflow
from workflows.plans import LoadedPlan
from workflows.problems import Findings
from workflows.season_plans import declared_values, has_no_pilots
from workflows.season_tree import Tree


@attrs.frozen
class _Around:
    """The levels of the units around one of a level: who is above, below, piloted, leading."""

    level: str
    parent: str | None
    children: str | None
    pilots: str | None
    lead: str | None


def check_levels(
    tree: Tree, loaded: Mapping[str, LoadedWorkflow], plans: Sequence[LoadedPlan], board: str, findings: Findings
) -> None:
    """`loaded`: the procedures by level, each without mistakes of its own."""
    workflows = {level: one.workflow for level, one in loaded.items()}
    for around in _arounds(tree, workflows):
        one = loaded[around.level]
        _compile(one, around, workflows, findings.beside(one.source, one.origins))
    reads = {level: _reads(one.compiled) for level, one in loaded.items()}
    for level, one in loaded.items():
        _check_lead(level, reads[level], tree, plans, board, findings)
        _check_unread(level, one, reads, tree, findings.beside(one.source, one.origins))
    _check_types(workflows, loaded, findings)


def _arounds(tree: Tree, workflows: Mapping[str, Workflow]) -> Iterator[_Around]:
    """Every way in which the levels lie around each other in this tree, each once."""
    designators = tree.designators()
    seen: set[_Around] = set()
    for unit in tree.units:
        if unit.level in workflows:
            seen.update(_around(unit, tree, designators, workflows))
    yield from sorted(seen, key=lambda a: (a.level, a.parent or "", a.children or "", a.pilots or "", a.lead or ""))


def _around(
    unit: Unit, tree: Tree, designators: frozenset[tuple[str, str]], workflows: Mapping[str, Workflow]
) -> Iterator[_Around]:
    lead = tree.lead(unit.code, designators)
    children = {tree.unit(c).level for c in tree.children.get(unit.code, ())} & workflows.keys()
    pilots = {level for code, level in designators if code == unit.code} & workflows.keys()
    for child in sorted(children) or (None,):
        for pilot in sorted(pilots) or (None,):
            yield _Around(unit.level, _level(unit.parent, tree), child, pilot, _level(lead, tree))


def _level(code: str | None, tree: Tree) -> str | None:
    return tree.unit(code).level if code is not None and code in tree.placed else None


def _compile(one: LoadedWorkflow, around: _Around, workflows: Mapping[str, Workflow], findings: Findings) -> None:
    names = Names(
        own=one.workflow,
        parent=workflows.get(around.parent or ""),
        children=workflows.get(around.children or ""),
        pilots=workflows.get(around.pilots or ""),
        lead=workflows.get(around.lead or ""),
    )
    compile_all(one.workflow, names, findings)


def _reads(compiled: Expressions) -> frozenset[Path]:
    programs: tuple[Program, ...] = (*compiled.guards.values(), *compiled.whens.values())
    return frozenset(path for program in programs for path in program.reads)


def _check_lead(
    level: str, reads: frozenset[Path], tree: Tree, plans: Sequence[LoadedPlan], board: str, findings: Findings
) -> None:
    """Where nobody above designated pilots, what is read of `lead` stays unknown for ever, unless a plan says there are none."""
    if not any(path[0] == "lead" for path in reads):
        return
    designators = tree.designators()
    without = [
        unit.code
        for unit in tree.units
        if unit.level == level and tree.lead(unit.code, designators) is None and not has_no_pilots(unit, plans, tree, board)
    ]
    if without:
        findings.warn("W-NO-LEAD", ("levels", level), level=level, units=tuple(without[:5]), count=len(without), value=NO_PILOTS)


def _check_unread(level: str, one: LoadedWorkflow, reads: Mapping[str, frozenset[Path]], tree: Tree, findings: Findings) -> None:
    """Facts, documents and plan values that no guard reads, here or at the level below, and that are not there to be shown."""
    below = {u.level for u in tree.units if _level(u.parent, tree) == level}
    own = reads[level]
    theirs = {path[1:] for other in below for path in reads.get(other, ()) if path[0] == "parent"}
    read = {path[:2] for path in (*own, *theirs)}
    workflow = one.workflow
    for fact in workflow.facts:
        if not fact.shown and ("fact", fact.id) not in read:
            findings.error("E-UNREAD", ("facts", fact.id), kind="fact", name=fact.id)
    for document in workflow.documents:
        stands = document.needed_before or document.approved_before or document.settled_before
        if not (document.shown or stands or ("doc", document.id) in read):
            findings.error("E-UNREAD", ("documents", document.id), kind="document", name=document.id)
    due = {state.due for state in workflow.states}
    for value in workflow.plan_values:
        if not (value.shown or value.id in due or ("plan", value.id) in read or value.id == NO_PILOTS):
            findings.error("E-UNREAD", ("plan_values", value.id), kind="plan_value", name=value.id)


def _check_types(workflows: Mapping[str, Workflow], loaded: Mapping[str, LoadedWorkflow], findings: Findings) -> None:
    """A plan speaks to several levels at once, so a value has one type."""
    for name, declared in declared_values(workflows).items():
        first_level, first = declared[0]
        for level, value in declared[1:]:
            if value.type != first.type:
                one = loaded[level]
                told = findings.beside(one.source, one.origins)
                told.error(
                    "E-PLAN-TYPES",
                    ("plan_values", name, "type"),
                    name=name,
                    found=value.type,
                    expected=first.type,
                    level=first_level,
                )
