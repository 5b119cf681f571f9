"""What stands between a unit and its next states, and what below it holds it up.

The same views and verdicts that `decide` uses, asked without a command. `below` follows every count over a roll and every milestone
of a lead that is still open, unit by unit, until it arrives at a missing paper, fact, plan value or act.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from engine.answers import Missing, Way
from engine.case import Case
from engine.decisions.steps import postponed
from engine.readings import Path, Reading
from engine.verdicts import Todo, Verdict
from engine.view import View
from engine.workflow import Role, Transition
from engine.world import World


def ways(view: View, trigger: str | None = None) -> tuple[Way, ...]:
    """The next transitions with every guard; or one trigger's, also when it leads back."""
    if trigger is None:
        return tuple(way(view, t) for t in view.ways())
    edge = view.edge(trigger)
    return () if edge is None else (way(view, edge),)


def way(view: View, transition: Transition) -> Way:
    verdicts = view.verdicts(transition.trigger)
    waiting = postponed(view, transition.trigger) is not None
    blocked = any(v.blocks for v in verdicts)
    return Way(
        transition=transition,
        to=transition.target_from(view.case.state),
        allowed=not blocked and not waiting and view.case.left_on is None,
        verdicts=verdicts,
        smallest=view.smallest(transition.trigger) if blocked else (),
        postponed=waiting,
    )


def below(world: World, start: View) -> tuple[Missing, ...]:
    """Every unit that holds this one up, each with what is missing there, in the order they are met."""
    seen: dict[str, Missing] = {}
    waiting = [start]
    visited = {start.code}
    while waiting:
        view = waiting.pop(0)
        if view is not start:
            seen[view.code] = Missing(unit=view.code, todo=tuple(_missing(view)))
        for code in _holding_up(world, view):
            case = world.case(code)
            if code not in visited and case is not None:
                visited.add(code)
                waiting.append(View(world=world, case=case, on=view.on, today=view.today))
    return tuple(m for m in seen.values() if m.todo)


def _blocking(view: View) -> Iterator[tuple[Transition, tuple[Verdict, ...]]]:
    """Every next transition with the verdicts that block it."""
    for transition in view.ways():
        yield transition, tuple(v for v in view.verdicts(transition.trigger) if v.blocks)


def _missing(view: View) -> Iterator[Todo]:
    """The inputs missing at one unit, then the act that would follow; counts of other units' milestones are theirs to show."""
    given: set[Todo] = set()
    for transition, verdicts in _blocking(view):
        for todo in (t for v in verdicts for t in v.todo if t.deed != "reach"):
            if todo not in given:
                given.add(todo)
                yield todo
        if transition.leads_on and not verdicts:
            yield Todo(who=actor_of(view, transition.by[0]), deed="take", name=transition.trigger, unit=view.code)


def actor_of(view: View, role: Role) -> str:
    """The code of the unit that has a role for this one; its own where there is nobody above."""
    return {"unit": view.code, "superior": view.case.unit.above or view.code, "board": view.world.board}[role]


def _holding_up(world: World, view: View) -> Iterator[str]:
    """The units whose open milestones the view's blocking guards count."""
    for _, verdicts in _blocking(view):
        for verdict in verdicts:
            for path, reading in verdict.readings:
                yield from _open_units(world, view, path, reading)


def _open_units(world: World, view: View, path: Path, reading: Reading) -> Iterator[str]:
    if path[0] in ("children", "pilots") and path[1] in ("reached", "first", "last"):
        yield from _still_open(world, view.code, path[0], path[2], view.on)
    elif path[:2] == ("lead", "pilots") and path[2] in ("reached", "first", "last") and reading.unit is not None:
        yield from _still_open(world, reading.unit, "pilots", path[3], view.on)
    elif path[0] in ("lead", "parent") and path[1] in ("reached", "day") and reading.unit is not None:
        if reading.value in (None, False):
            yield reading.unit


def _still_open(world: World, owner: str, roll: str, milestone: str, day: date) -> Iterable[str]:
    """All members of a roll without the milestone: the tally names 20, a board has to see every one."""
    cases = (world.case(code) for code in world.members(owner, roll))
    return [c.unit.code for c in cases if c is not None and _is_open(c, milestone, day)]


def _is_open(case: Case, milestone: str, day: date) -> bool:
    return case.member_on(day) and case.award(milestone, day) is None
