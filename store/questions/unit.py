"""Where one unit stands: `daihoi status UNIT`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from engine import standing
from engine.answers import RollCount, UnitAnswer
from engine.case import Case
from engine.season import SeasonState
from engine.view import View
from store.questions.find import unknown_unit
from store.questions.moments import At, Then, then
from store.session import Session

_FOLLOWED = "SELECT DISTINCT workflow FROM unit_case WHERE season = ? AND parent = ?"


def status_of(session: Session, unit: str, at: At = None, on: date | None = None) -> UnitAnswer:
    with then(session, at, on) as moment:
        case = moment.case(unit)
        if case is None:
            raise unknown_unit(session, unit)
        return _answer(moment, case)


def _answer(moment: Then, case: Case) -> UnitAnswer:
    world, day = moment.world, moment.day
    procedure = world.procedure(case.workflow)
    view = View(world=world, case=case, on=day, today=day)
    pause = case.pause(day)
    flags = standing.blocked(world, case, procedure.workflow, day)
    names = dict.fromkeys(e.name for e in case.documents)
    papers = ((name, case.document(name, day)) for name in names)
    return UnitAnswer(
        as_of=moment.as_of,
        check_code=moment.session.check_code(moment.head),
        unit=case.unit,
        workflow=procedure.workflow,
        digest=case.workflow,
        state=case.state,
        since=case.since,
        version=case.version,
        attempt=case.attempt,
        postponed=None if pause is None else (pause.on, pause.until),
        planned_on=case.planned_on(day),
        milestones=case.milestones(day),
        overdue=next((f for f in flags if f.why == "past_due"), None),
        blocked=flags,
        documents={name: paper for name, paper in papers if paper is not None},
        facts=case.fact_values(day),
        children=_children(moment, case),
        next=tuple(dict.fromkeys(t.trigger for t in view.ways())) if case.member_on(day) else (),
        waivers=tuple((w.guard, w.until) for w in case.waivers if w.on <= day <= w.until),
        notes=standing.notes(world, case),
    )


def _children(moment: Then, case: Case) -> RollCount:
    """The unit's children, and how many have reached each milestone that their procedures award."""
    world, day, code = moment.world, moment.day, case.unit.code
    workflows = (world.procedure(digest).workflow for digest in _followed(moment, code))
    milestones = dict.fromkeys(m.id for w in workflows for m in w.milestones)
    counts = {m: world.tally(code, "children", m, day).reached for m in milestones}
    total = world.tally(code, "children", None, day).total
    return RollCount(roll=case.roll_status(day), total=total, reached=counts)


def _followed(moment: Then, code: str) -> Iterable[str]:
    """The procedures that a unit's children follow."""
    if isinstance(moment.world, SeasonState):
        cases = (moment.world.case(child) for child in moment.world.members(code, "children"))
        return sorted({c.workflow for c in cases if c is not None})
    rows = moment.session.store.rows(_FOLLOWED, (moment.session.season, code))
    return sorted(digest for (digest,) in rows)
