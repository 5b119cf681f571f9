"""What stands between a unit and its next states, and what below it holds it up.

The same views and verdicts that `decide` uses, asked without a command. `below` follows every count over a roll and every milestone
of a lead that is still open, unit by unit, until it arrives at a missing paper, fact, plan value or act.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import attrs

from engine.answers import Missing, Way
from engine.case import Case
from engine.decisions.steps import postponed
from engine.readings import Path, Reading
from engine.verdicts import Todo
from engine.view import View
from engine.workflow import HELD, Role, Transition
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


def below(start: View) -> tuple[Missing, ...]:
    """Every unit that holds this one up on its way to its congress, each with what is missing there now, in the order they are met."""
    goal = HELD if start.case.award(HELD, start.on) is None else None
    missing: dict[str, dict[Todo, None]] = {}
    waiting = [(start, goal)]
    visited = {(start.code, goal)}
    while waiting:
        view, wanted = waiting.pop(0)
        if view.code != start.code or wanted != goal:
            missing.setdefault(view.code, {}).update(dict.fromkeys(_missing(view, wanted)))
        for code, milestone in _holding_up(view, wanted):
            case = view.world.case(code)
            if (code, milestone) in visited or case is None:
                continue
            visited.add((code, milestone))
            other = attrs.evolve(view, case=case)
            if _can_still_reach(other, milestone):
                waiting.append((other, milestone))
    return tuple(Missing(unit=code, todo=tuple(todo)) for code, todo in missing.items() if todo)


def units_named(ways: Iterable[Way], below: Iterable[Missing] = ()) -> Iterator[str]:
    """The units that any to-do of an answer is about."""
    of_ways = (t for way in ways for t in (*(t for v in way.verdicts for t in v.todo), *(way.smallest or ())))
    for todo in (*of_ways, *(t for m in below for t in m.todo)):
        yield from (todo.unit, *todo.any_of)


def _can_still_reach(view: View, milestone: str) -> bool:
    """Whether the milestone lies ahead at all: a unit that has met will not withdraw, and one that withdrew will not meet."""
    ahead = view.procedure.ahead(view.case.state, milestone, view.about_unit)
    return any(milestone in transition.awards for transition in ahead)


def _missing(view: View, wanted: str | None) -> Iterator[Todo]:
    """The inputs missing before a unit's next step, or the act that is due there; where it only waits for others, who they are."""
    state = view.case.state
    for transition in view.procedure.ahead(state, wanted, view.about_unit):
        if state not in transition.sources:
            continue
        blocking = [v for v in view.verdicts(transition.trigger) if v.blocks]
        todo = [t for v in blocking for t in v.todo]
        own = [t for t in todo if t.deed != "reach"]
        yield from own or todo
        if not blocking:
            yield Todo(who=actor_of(view, transition.by[0]), deed="take", name=transition.trigger, unit=view.code)


def actor_of(view: View, role: Role) -> str:
    """The code of the unit that has a role for this one; its own where there is nobody above."""
    return {"unit": view.code, "superior": view.case.unit.above or view.code, "board": view.world.board}[role]


def _holding_up(view: View, wanted: str | None) -> Iterator[tuple[str, str]]:
    """The units whose open milestones are counted anywhere on the way, with the milestone: a far step's children can hold today."""
    triggers = dict.fromkeys(t.trigger for t in view.procedure.ahead(view.case.state, wanted, view.about_unit))
    for verdict in (v for trigger in triggers for v in view.verdicts(trigger, about_others=True) if v.blocks):
        for path, reading in verdict.readings:
            yield from _open_units(view, path, reading)


def _open_units(view: View, path: Path, reading: Reading) -> Iterator[tuple[str, str]]:
    world, milestone = view.world, path[-1]
    if path[0] in ("children", "pilots") and path[1] in ("reached", "first", "last"):
        owner, roll = view.code, path[0]
    elif path[:2] == ("lead", "pilots") and path[2] in ("reached", "first", "last") and reading.unit is not None:
        owner, roll = reading.unit, "pilots"
    elif path[0] in ("lead", "parent") and path[1] in ("reached", "day") and not reading.value and reading.unit is not None:
        yield reading.unit, milestone
        return
    else:
        return
    yield from ((code, milestone) for code in _still_open(world, owner, roll, milestone, view.on))


def _still_open(world: World, owner: str, roll: str, milestone: str, day: date) -> Iterable[str]:
    """All members of a roll without the milestone: the tally names 20, a board has to see every one."""
    cases = (world.case(code) for code in world.members(owner, roll))
    return [c.unit.code for c in cases if c is not None and _is_open(c, milestone, day)]


def _is_open(case: Case, milestone: str, day: date) -> bool:
    return case.member_on(day) and case.award(milestone, day) is None
