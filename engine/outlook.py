"""What stands between a unit and its next states, and what below it holds it up.

The same views and verdicts that `decide` uses, asked without a command. `below` follows every count over a roll and every milestone
of a lead that is still open, unit by unit, until it arrives at a missing paper, fact, plan value or act.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TypeAlias

import attrs

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


def below(start: View) -> tuple[Missing, ...]:
    """Every unit that holds this one up, each with what is missing there, in the order they are met."""
    missing: dict[str, dict[Todo, None]] = {}
    waiting: list[tuple[View, str | None]] = [(start, None)]
    visited: set[tuple[str, str | None]] = {(start.code, None)}
    while waiting:
        view, wanted = waiting.pop(0)
        blocking = tuple(_blocking(view, wanted))
        if wanted is not None:
            missing.setdefault(view.code, {}).update(dict.fromkeys(_missing(view, blocking)))
        for code, milestone in _holding_up(view, blocking):
            case = view.world.case(code)
            if (code, milestone) not in visited and case is not None:
                visited.add((code, milestone))
                waiting.append((attrs.evolve(view, case=case), milestone))
    return tuple(Missing(unit=code, todo=tuple(todo)) for code, todo in missing.items() if todo)


Blocking: TypeAlias = tuple[Transition, tuple[Verdict, ...]]


def _blocking(view: View, wanted: str | None) -> Iterator[Blocking]:
    """The next transitions on the way to a milestone, with the verdicts that block each."""
    every = view.ways()
    awarding = [t for t in every if wanted in t.awards]
    for transition in awarding or [t for t in every if t.leads_on]:
        yield transition, tuple(v for v in view.verdicts(transition.trigger) if v.blocks)


def _missing(view: View, blocking: Iterable[Blocking]) -> Iterator[Todo]:
    """The inputs missing at one unit, or the act that is due there; where it only waits for others, who they are."""
    for transition, verdicts in blocking:
        todo = [t for v in verdicts for t in v.todo]
        own = [t for t in todo if t.deed != "reach"]
        yield from own or todo
        if not verdicts:
            yield Todo(who=actor_of(view, transition.by[0]), deed="take", name=transition.trigger, unit=view.code)


def actor_of(view: View, role: Role) -> str:
    """The code of the unit that has a role for this one; its own where there is nobody above."""
    return {"unit": view.code, "superior": view.case.unit.above or view.code, "board": view.world.board}[role]


def _holding_up(view: View, blocking: Iterable[Blocking]) -> Iterator[tuple[str, str]]:
    """The units whose open milestones the blocking guards count, with the milestone."""
    for _, verdicts in blocking:
        for path, reading in (read for v in verdicts for read in v.readings):
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
