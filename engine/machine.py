"""The kernel that says which edge is legal: one `transitions` machine per procedure.

One machine, one cursor: the cursor is placed on a state and triggered, because a model per unit costs memory and time that grow
with the season (115,000 models took 158 s). What may be *listed* comes from the declarations; what is legal, from here alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from transitions import Machine, MachineError, State

from engine.workflow import SAME_STATE, Transition, Workflow

RouteOpen = Callable[[Transition], bool]


class _Cursor:
    """What the machine moves: a state, and which routes exist for the unit at hand."""

    state: str

    def __init__(self) -> None:
        self.open: RouteOpen = lambda transition: True
        self.taken: Transition | None = None


class Kernel:
    """The edges of one procedure."""

    def __init__(self, workflow: Workflow) -> None:
        self._cursor = _Cursor()
        self._machine = Machine(
            model=self._cursor,
            states=[state.id for state in workflow.states],
            initial=workflow.initial,
            auto_transitions=False,
            ignore_invalid_triggers=False,
        )
        for transition in workflow.transitions:
            self._machine.add_transition(
                transition.trigger,
                list(transition.sources),
                _destination(transition),
                conditions=_route(self._cursor, transition),
                before=_remember(self._cursor, transition),
            )

    def edge(self, state: str, trigger: str, is_open: RouteOpen) -> Transition | None:
        """The transition that a trigger takes from a state for a unit, or None when there is no such edge."""
        cursor = self._cursor
        self._machine.set_state(state)
        cursor.open, cursor.taken = is_open, None
        if trigger not in self._machine.events:
            return None
        try:
            moved = cursor.trigger(trigger)  # type: ignore[attr-defined]  # given to the cursor by the machine
        except MachineError:
            return None
        return cursor.taken if moved else None

    def edges(self) -> frozenset[tuple[str, str, str]]:
        """Every (source, trigger, target) the machine knows."""
        return frozenset(
            (t.source, trigger, t.source if t.dest is None else t.dest)
            for trigger, event in self._machine.events.items()
            for transitions in event.transitions.values()
            for t in transitions
        )


def _route(cursor: _Cursor, transition: Transition) -> Callable[..., bool]:
    def exists(*_: Any, **__: Any) -> bool:
        return cursor.open(transition)

    return exists


def _remember(cursor: _Cursor, transition: Transition) -> Callable[..., None]:
    def remember(*_: Any, **__: Any) -> None:
        cursor.taken = transition

    return remember


def mermaid(workflow: Workflow, language: str) -> str:
    """The diagram of a procedure as Mermaid text, states and triggers in the reader's language."""
    # the graph machine is a heavier import, and only diagrams need it
    from transitions.extensions import GraphMachine  # noqa: PLC0415

    class Labelled(GraphMachine):
        """Diagrams print a state's `label`, which the library's own state does not take."""

        @classmethod
        def _create_state(cls, *args: Any, **kwargs: Any) -> State:
            label = kwargs.pop("label")
            state = super()._create_state(*args, **kwargs)
            vars(state)["label"] = label
            return state

    title = workflow.text.in_language(language)
    machine = Labelled(
        model=_Cursor(),
        states=[{"name": s.id, "label": s.text.in_language(language)} for s in workflow.states],
        transitions=[
            {
                "trigger": t.trigger,
                "source": list(t.sources),
                "dest": _destination(t),
                "label": f"{t.trigger}: {t.text.in_language(language)}",
            }
            for t in workflow.transitions
        ],
        initial=workflow.initial,
        auto_transitions=False,
        graph_engine="mermaid",
        title=title,
    )
    return str(machine.get_combined_graph(title=title).draw(None))


def _destination(transition: Transition) -> str:
    """The target as the library writes it: `=` for a reflexive transition."""
    return "=" if transition.target == SAME_STATE else transition.target
