"""Whether every unit of a season has a way to a final state by the routes that exist for it.

`workflow check` takes every route together; only a season knows which kinds of units there are. A route that goes by what may change
(the attempt, a milestone, the planned day) is taken to exist.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.guards import Program, holds
from engine.readings import Path, Reading
from engine.unit import Unit
from engine.values import Value
from engine.workflow import Workflow
from workflows.graph import dead_ends
from workflows.load import LoadedWorkflow
from workflows.problems import Findings
from workflows.season_tree import Tree


def check_routes(tree: Tree, loaded: Mapping[str, LoadedWorkflow], findings: Findings) -> None:
    """`loaded`: the procedures by level, each without mistakes of its own."""
    designators = {code for code, _ in tree.designators()}
    for level, one in loaded.items():
        units = [unit for unit in tree.units if unit.level == level]
        told = findings.beside(one.source, one.origins)
        for closed, alike in _kinds(units, one.compiled.whens, designators).items():
            for state in _stuck(one.workflow, closed):
                told.error("E-STUCK", ("states", state), state=state, unit=alike[0], count=len(alike))


def _kinds(units: list[Unit], whens: Mapping[str, Program], designators: set[str]) -> dict[frozenset[str], list[str]]:
    """The codes of the units, by the conditions that are false for them."""
    kinds: dict[frozenset[str], list[str]] = {}
    for unit in units:
        closed = frozenset(
            when for when, program in whens.items() if holds(program, _readings(unit, program, designators)) is False
        )
        kinds.setdefault(closed, []).append(unit.code)
    return kinds


def _stuck(workflow: Workflow, closed: frozenset[str]) -> Iterator[str]:
    open_routes = [t for t in workflow.transitions if t.when not in closed]
    yield from dead_ends(workflow, open_routes)


def _readings(unit: Unit, program: Program, designators: set[str]) -> dict[Path, Reading]:
    fixed: dict[str, Value] = {
        "code": unit.code,
        "level": unit.level,
        "block": unit.block or "",
        "pilot": unit.pilot_of is not None,
        "designates": unit.code in designators,
    }
    return {path: Reading(value=path[2] in unit.tags if path[1] == "tag" else fixed.get(path[1])) for path in program.reads}
