"""What stands between a unit and its next states: `daihoi why UNIT`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from engine import outlook, standing
from engine.answers import WhyAnswer
from engine.refusals import NoSuchStep, UnknownName
from engine.view import View
from engine.workflow import Workflow
from engine.world import World
from store.questions.find import unknown_unit
from store.questions.moments import then
from store.session import Session


def why(session: Session, unit: str, trigger: str | None = None, *, below: bool = False, on: date | None = None) -> WhyAnswer:
    with then(session, None, on) as moment:
        case = moment.world.case(unit)
        if case is None:
            raise unknown_unit(session, unit)
        view = View(world=moment.world, case=case, on=moment.day, today=max(moment.day, session.today(session.head())))
        ways = outlook.ways(view, trigger)
        if trigger is not None and not ways:
            raise _no_such_step(view, trigger)
        missing = outlook.below(view) if below else None
        return WhyAnswer(
            as_of=moment.as_of,
            unit=case.unit,
            workflow=view.workflow,
            state=case.state,
            since=case.since,
            ways=ways,
            back=view.ways_back() if trigger is None else None,
            below=missing,
            notes=standing.notes(moment.world, case),
            others=_procedures(session, moment.world, outlook.units_named(ways, missing or ())),
        )


def _procedures(session: Session, world: World, units: Iterable[str]) -> dict[str, Workflow]:
    """The procedures that some units follow."""
    cases = ((code, world.case(code)) for code in dict.fromkeys(units))
    return {code: session.memory.workflow(case.workflow) for code, case in cases if case is not None}


def _no_such_step(view: View, trigger: str) -> NoSuchStep | UnknownName:
    """A trigger that the procedure does not have, or that does not lead on from here."""
    if trigger not in view.workflow.triggers:
        return UnknownName(kind="trigger", name=trigger, known=view.workflow.triggers)
    return view.no_such_step(trigger)
