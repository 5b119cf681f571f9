"""Checks of the graph: every state can be reached and has a way to a final one, and every milestone is awarded by something."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from engine.workflow import HELD, Transition, Workflow
from workflows.problems import Findings


def check_graph(workflow: Workflow, findings: Findings) -> None:
    _check_final(workflow, findings)
    _check_ways(workflow, findings)
    _check_milestones(workflow, findings)


def steps(transitions: Iterable[Transition]) -> Iterator[tuple[str, str]]:
    """Each (from, to) that some transitions make possible."""
    for transition in transitions:
        for source in transition.sources:
            yield source, transition.target_from(source)


def reachable(starts: Collection[str], edges: Iterable[tuple[str, str]]) -> set[str]:
    """Everything that can be come to from some states, these included."""
    onward: dict[str, set[str]] = {}
    for source, target in edges:
        onward.setdefault(source, set()).add(target)
    found, front = set(starts), list(starts)
    while front:
        new = onward.get(front.pop(), set()) - found
        found |= new
        front.extend(new)
    return found


def dead_ends(workflow: Workflow, transitions: Collection[Transition]) -> tuple[str, ...]:
    """The states that can be reached, and from which no final state can."""
    edges = list(steps(transitions))
    finals = [s.id for s in workflow.states if s.final]
    home = reachable(finals, [(target, source) for source, target in edges])
    there = reachable([workflow.initial], edges)
    return tuple(s.id for s in workflow.states if s.id in there and s.id not in home)


def _check_final(workflow: Workflow, findings: Findings) -> None:
    if workflow.states and not any(s.final for s in workflow.states):
        findings.error("E-NO-FINAL", ("states",))
    for state in workflow.states:
        if state.final and state.due is not None:
            findings.error("E-FINAL-DUE", ("states", state.id, "due"), state=state.id)
    finals = {s.id for s in workflow.states if s.final}
    for index, transition in enumerate(workflow.transitions):
        for source in transition.sources:
            if source in finals:
                findings.error("E-FINAL-LEFT", ("transitions", index, "from"), state=source, trigger=transition.trigger)


def _check_ways(workflow: Workflow, findings: Findings) -> None:
    if workflow.initial not in workflow.state_by_id:
        return
    there = reachable([workflow.initial], steps(workflow.transitions))
    for state in workflow.states:
        if state.id not in there:
            findings.error("E-UNREACHABLE", ("states", state.id), state=state.id)
    if any(s.final for s in workflow.states):
        for state_id in dead_ends(workflow, workflow.transitions):
            findings.error("E-DEAD-END", ("states", state_id), state=state_id)


def _check_milestones(workflow: Workflow, findings: Findings) -> None:
    awarded = {m for t in workflow.transitions for m in t.awards}
    for milestone in workflow.milestones:
        if milestone.id not in awarded:
            findings.error("E-NOT-AWARDED", ("milestones", milestone.id), milestone=milestone.id)
    if workflow.states and HELD not in workflow.milestone_by_id:
        findings.warn("W-NO-HELD", ("milestones",), milestone=HELD)
