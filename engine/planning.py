"""Which plan's value holds for a unit on a day.

A `firm` value beats every other, the highest issuer's first. Otherwise the nearest issuer above the unit wins, then the latest in
force on the day, then, within one paper, the value with the narrower scope (docs/procedures.md, "The plan").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import attrs

from engine.plan import Scope, ScopedValue
from engine.readings import Calendar
from engine.unit import Unit
from engine.world import PlanInForce


@attrs.frozen(kw_only=True)
class PlanValueFound:
    """A plan's value that is in the running for a unit. `distance`: how far above the unit its issuer stands."""

    value: ScopedValue
    plan: PlanInForce
    distance: int


def covers(scope: Scope, line: Sequence[Unit]) -> bool:
    """Whether a unit (the first of its line up to the root) lies in a scope."""
    unit = line[0]
    return (
        (scope.level is None or scope.level == unit.level)
        and (scope.block is None or scope.block == unit.block)
        and (scope.pilot is None or scope.pilot == (unit.pilot_of is not None))
        and (scope.under is None or any(scope.under == above.code for above in line))
    )


def narrowness(scope: Scope) -> int:
    """How many conditions a scope sets."""
    return sum(field is not None for field in attrs.astuple(scope))


def issuers(line: Sequence[Unit], board: str) -> dict[str, int]:
    """Whose plans reach a unit: itself, those above it, the root's outside superior, the board; with their distance."""
    above = {unit.code: distance for distance, unit in enumerate(line)}
    outside = line[-1].superior
    if outside is not None:
        above.setdefault(outside, len(line))
    above.setdefault(board, len(line))
    return above


def candidates(plans: Iterable[PlanInForce], name: str, line: Sequence[Unit], board: str, day: date) -> Iterator[PlanValueFound]:
    """Every value of a name that is in force on a day and whose scope covers the unit."""
    distances = issuers(line, board)
    for plan in plans:
        if plan.since > day or plan.issued.issuer not in distances:
            continue
        for value in plan.issued.values:
            if value.name == name and covers(value.scope, line):
                yield PlanValueFound(value=value, plan=plan, distance=distances[plan.issued.issuer])


def winner(found: Iterable[PlanValueFound]) -> PlanValueFound | None:
    """The one that holds."""
    every = list(found)
    firm = [f for f in every if f.value.firm]
    if firm:
        highest = max(f.distance for f in firm)
        every = [f for f in firm if f.distance == highest]
    return max(every, key=lambda f: (-f.distance, f.plan.since, f.plan.seq, narrowness(f.value.scope)), default=None)


def plan_value(plans: Iterable[PlanInForce], name: str, line: Sequence[Unit], board: str, day: date) -> PlanValueFound | None:
    """The value that holds for a unit on a day, or None when no plan gives one."""
    return winner(candidates(plans, name, line, board, day))


def calendar(plans: Iterable[PlanInForce], line: Sequence[Unit], board: str, day: date) -> tuple[Calendar, PlanInForce] | None:
    """The working calendar in force for a unit on a day: the days of every plan that reaches it, and the last such plan."""
    reach = issuers(line, board)
    giving = [p for p in plans if p.since <= day and p.issued.issuer in reach and (p.issued.days_off or p.issued.days_on)]
    if not giving:
        return None
    days_on = frozenset(d for p in giving for d in p.issued.days_on)
    days_off = frozenset(d for p in giving for d in p.issued.days_off)
    return Calendar(days_off=days_off - days_on, days_on=days_on), giving[-1]
