"""How a unit stands: overdue, blocked, and what its reader has to know.

Overdue: in a state past its due. Blocked: postponed, returned with open items, or overdue. A postponed unit is not overdue.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from engine.board import Flag, Note
from engine.case import Case
from engine.planning import plan_value
from engine.shaken import shaken_steps
from engine.unit import Unit
from engine.workflow import HELD, State, Workflow
from engine.world import PlanInForce, World


def due_day(plans: Iterable[PlanInForce], line: Sequence[Unit], board: str, state: State, day: date) -> date | None:
    """By when a unit should have left a state, as the plans stand on a day."""
    if state.due is None:
        return None
    found = plan_value(plans, state.due, line, board, day)
    value = None if found is None else found.value.value
    return value if isinstance(value, date) else None


def held_due_state(workflow: Workflow) -> State | None:
    """The state from which `held` is reached and that has a due: its due is the level's."""
    sources = (s for t in workflow.transitions if HELD in t.awards for s in t.sources)
    states = (workflow.state_by_id[s] for s in sources)
    return next((s for s in states if s.due is not None), None)


def overdue(world: World, case: Case, workflow: Workflow, day: date) -> Flag | None:
    """Whether the unit is in a state past its due."""
    state_id, since, _ = case.state_on(day)
    if case.pause(day) is not None and case.award(HELD, day) is None:
        return None
    state = workflow.state_by_id[state_id]
    due = due_day(world.plans(), world.line(case.unit.code), world.board, state, day)
    if due is None or day <= due:
        return None
    return Flag(unit=case.unit.code, since=max(since, due), why="past_due", detail=due)


def blocked(world: World, case: Case, workflow: Workflow, day: date) -> tuple[Flag, ...]:
    """Everything that keeps the unit from going on."""
    return tuple(_blocked(world, case, workflow, day))


def _blocked(world: World, case: Case, workflow: Workflow, day: date) -> Iterator[Flag]:
    code = case.unit.code
    pause = case.pause(day)
    if pause is not None and case.award(HELD, day) is None:
        yield Flag(unit=code, since=pause.on, why="postponed", detail=pause.until)
    for name in dict.fromkeys(e.name for e in case.documents):
        status = case.document(name, day)
        if status is None:
            continue
        if status.status == "returned":
            returned = next(e.on for e in reversed(case.documents) if e.name == name and e.act == "returned")
            yield Flag(unit=code, since=returned, why="returned", detail=name)
        elif status.changes and case.award(HELD, day) is None:
            yield Flag(unit=code, since=status.approved_on or day, why="open_items", detail=name)
    late = overdue(world, case, workflow, day)
    if late is not None:
        yield late


def notes(world: World, case: Case) -> tuple[Note, ...]:
    """What the unit's reader has to know: ground that moved under a state change, waivers, an untracked roll."""
    return tuple(_notes(world, case))


def _notes(world: World, case: Case) -> Iterator[Note]:
    code = case.unit.code
    for shaken in shaken_steps(world, case):
        step = shaken.step
        fields = {"seq": step.seq, "trigger": step.trigger, "replaced": shaken.replaced, "counts": shaken.counts}
        yield Note(code="rests_on_changed", unit=code, fields=fields)
    for waiver in case.waivers:
        yield Note(code="waived", unit=code, fields={"guard": waiver.guard, "until": waiver.until, "seq": waiver.seq})
    if case.roll_status() == "untracked":
        yield Note(code="untracked_roll", unit=code)
