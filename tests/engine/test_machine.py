"""The kernel: its edges are exactly the declared ones."""

from __future__ import annotations

from engine.machine import Kernel, mermaid
from engine.workflow import Transition, Workflow
from tests.sample import CONGRESS


def declared(workflow: Workflow) -> frozenset[tuple[str, str, str]]:
    return frozenset((s, t.trigger, t.target_from(s)) for t in workflow.transitions for s in t.sources)


def test_the_edges_are_exactly_the_declared_ones() -> None:
    assert Kernel(CONGRESS).edges() == declared(CONGRESS)


def test_every_declared_edge_is_taken_and_no_other() -> None:
    kernel = Kernel(CONGRESS)
    triggers = {*CONGRESS.triggers, "state", "initial", "to_recognised", "set_state"}
    for state in CONGRESS.state_by_id:
        for trigger in triggers:
            taken = kernel.edge(state, trigger, lambda transition: True)
            assert (taken is not None) == any(t.trigger == trigger for t in CONGRESS.leading_from(state)), (state, trigger)


def test_a_route_decides_between_two_transitions_of_one_trigger() -> None:
    kernel = Kernel(CONGRESS)

    def for_pilots(transition: Transition) -> bool:
        return transition.when != "!unit.pilot"

    pilot = kernel.edge("document_approval", "approve", for_pilots)
    other = kernel.edge("document_approval", "approve", lambda t: t.when != "unit.pilot")

    assert [t.target for t in (pilot, other) if t] == ["election", "pilot_review"]


def test_without_an_open_route_there_is_no_edge() -> None:
    assert Kernel(CONGRESS).edge("election", "hold", lambda transition: False) is None


def test_asking_leaves_no_trace_for_the_next_question() -> None:
    kernel = Kernel(CONGRESS)
    kernel.edge("preparation", "submit", lambda transition: True)

    assert kernel.edge("recognised", "submit", lambda transition: True) is None


def test_a_diagram_shows_every_state_and_edge_in_both_languages() -> None:
    for language in ("vi", "en"):
        text = mermaid(CONGRESS, language)
        assert text.startswith("---")
        for state in CONGRESS.states:
            assert f'"{state.text.in_language(language)}" as {state.id}' in text
        for source, trigger, target in declared(CONGRESS):
            assert any(line.strip().startswith(f"{source} --> {target}:") and trigger in line for line in text.splitlines())
