"""Which plan values hold for a unit, and from where: `daihoi plan show`."""

from __future__ import annotations

from datetime import date

import attrs

from engine.board import AsOf
from engine.planning import PlanValueFound, candidates, winner
from engine.workflow import PlanValue
from store.questions.find import unknown_unit
from store.questions.moments import then
from store.session import Session


@attrs.frozen(kw_only=True)
class PlanLine:
    """One name that the unit's procedure reads. `found`: the value that holds, None when no plan gives one; `others` stand behind it."""

    declared: PlanValue
    found: PlanValueFound | None
    others: tuple[PlanValueFound, ...] = ()


@attrs.frozen(kw_only=True)
class PlanValuesAnswer:
    """The plan values of one unit on a day."""

    as_of: AsOf
    unit: str
    values: tuple[PlanLine, ...]


def plan_values(session: Session, unit: str, on: date | None = None) -> PlanValuesAnswer:
    with then(session, None, on) as moment:
        world = moment.world
        case = world.case(unit)
        if case is None:
            raise unknown_unit(session, unit)
        line = world.line(unit)
        lines = []
        for declared in session.memory.workflow(case.workflow).plan_values:
            every = list(candidates(world.plans(), declared.id, line, world.board, moment.day))
            found = winner(every)
            lines.append(PlanLine(declared=declared, found=found, others=tuple(f for f in every if f is not found)))
        return PlanValuesAnswer(as_of=moment.as_of, unit=unit, values=tuple(lines))
