"""The nets that traces have to fit: each procedure as the kernel allows it, once for each kind of unit that its routes tell apart."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from engine.procedure import Procedure
from engine.view import View
from store.desk import Desk

Edge = tuple[str, str, str]


def nets_of(desk: Desk) -> dict[str, Any]:
    """`units`: which net is whose. `nets`: states, the first one, and the edges (trigger, from, to)."""
    nets: dict[str, Any] = {}
    units: dict[str, str] = {}
    with desk._session.reading() as world:
        for (unit,) in desk._session.store.rows("SELECT code FROM unit_case WHERE season = ? ORDER BY code", (desk.season,)):
            case = world.case(unit)
            assert case is not None
            view = View(world=world, case=case, on=desk.today(), today=desk.today())
            edges = sorted(_edges(view.procedure, view))
            workflow = view.workflow
            name = f"{workflow.id} {sha256(repr(edges).encode()).hexdigest()[:8]}"
            nets[name] = {"states": [s.id for s in workflow.states], "initial": workflow.initial, "edges": edges}
            units[unit] = name
    return {"nets": nets, "units": units}


def _edges(procedure: Procedure, view: View) -> set[Edge]:
    """What leads from which state to which, for the routes that exist for a unit."""
    workflow = procedure.workflow
    found = set()
    for state in (state.id for state in workflow.states):
        for trigger in workflow.triggers:
            transition = procedure.edge(state, trigger, view.about_unit)
            if transition is not None:
                found.add((trigger, state, transition.target_from(state)))
    return found
