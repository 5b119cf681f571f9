"""The season, or one unit, as it stood: `daihoi replay`.

Past verdicts are made again from the values that stand in the log beside them: they explain *then*, not *now*.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from engine import events as ev
from engine.answers import ReplayAnswer, ReplayStep, StepAnswer, UnitReplayAnswer, UnitThen
from engine.board import AsOf, Note
from engine.case import Case
from engine.changes import Stood, changes
from engine.events import Recorded
from engine.evidence import readings
from engine.evolve import evolve
from engine.guards import Roles, judge
from engine.leaf import read_leaf
from engine.past import at_position, on_day
from engine.verdicts import Verdict
from engine.view import View
from store.errors import NoSuchPosition
from store.log import events_of
from store.questions.find import unknown_unit
from store.questions.lengths import Known
from store.questions.moments import At, Then, own_case, then
from store.session import Session

_SEQ = "SELECT seq, leaf FROM log WHERE season = ? AND unit = ? AND version = ?"


def replay(session: Session, at: At = None, known: Known | None = None) -> ReplayAnswer:
    with then(session, at, known=known) as moment:
        stood = ((case.unit.code, _stood(moment, case)) for case in moment.folded_cases())
        return ReplayAnswer(as_of=moment.as_of, units={code: unit for code, unit in stood if unit is not None})


def _stood(moment: Then, case: Case) -> UnitThen | None:
    if moment.past is None:
        return at_position(case)
    return on_day(case, moment.past, moment.versions.get(case.unit.code, 0))


def replay_of(session: Session, unit: str, at: At = None, known: Known | None = None) -> UnitReplayAnswer:
    with then(session, at, known=known, unit=unit) as moment:
        case = moment.case(unit)
        if case is None:
            raise unknown_unit(session, unit)
        procedure = moment.world.procedure(case.workflow)
        roles = View(world=moment.world, case=case, on=moment.day, today=moment.day).roles
        return UnitReplayAnswer(
            as_of=moment.as_of,
            unit=case.unit,
            workflow=procedure.workflow,
            steps=tuple(_step(moment, recorded, roles) for recorded in _events(moment, unit)),
            state=case.state,
        )


def step_of(session: Session, unit: str, number: int) -> StepAnswer:
    """One event of a unit's course, by its place in it, and what it changed. Raises NoSuchPosition, UnknownUnit."""
    with then(session, None) as now:
        stands = now.case(unit)
        if stands is None:
            raise unknown_unit(session, unit)
        row = session.store.row(_SEQ, (session.season, unit, number)) if 0 < number <= stands.version else None
        if row is None:
            raise NoSuchPosition(at=number, first=1, last=stands.version, what="step")
        before, recorded = own_case(session, unit, row[0] - 1), read_leaf(row[1])[1]
        after = evolve(before, recorded)
        roles = View(world=now.world, case=after, on=recorded.on, today=recorded.on).roles
        return StepAnswer(
            as_of=AsOf(seq=recorded.seq, day=recorded.on),
            unit=after.unit,
            workflow=now.world.procedure(after.workflow).workflow,
            step=_step(now, recorded, roles),
            number=number,
            of=stands.version,
            changes=changes(None if before is None else Stood(before), Stood(after)),
            state=after.state,
        )


def _events(moment: Then, unit: str) -> Iterator[Recorded]:
    """The unit's events up to the moment. On a day, an annulled state change and its annulment both drop out."""
    session = moment.session
    events = events_of(session.store, session.season, unit, moment.as_of.seq)
    if moment.past is None:
        yield from events
        return
    undone = {e.event.seq for e in events if isinstance(e.event, ev.Annulled)}
    for recorded in events:
        if recorded.on <= moment.past and recorded.seq not in undone and not isinstance(recorded.event, ev.Annulled):
            yield recorded


def _step(moment: Then, recorded: Recorded, roles: Roles) -> ReplayStep:
    event = recorded.event
    if isinstance(event, ev.Annulled):
        return ReplayStep(recorded=recorded, source=event.source, target=event.target)
    if not isinstance(event, ev.Advanced):
        return ReplayStep(recorded=recorded)
    judged = [_judged(moment, recorded, written, roles) for written in event.verdicts]
    return ReplayStep(
        recorded=recorded,
        source=event.source,
        target=event.target,
        verdicts=tuple(verdict for verdict, _ in judged if verdict is not None),
        notes=tuple(note for _, note in judged if note is not None),
    )


def _judged(moment: Then, recorded: Recorded, written: dict[str, Any], roles: Roles) -> tuple[Verdict | None, Note | None]:
    """One verdict as it was taken, and a note where today's judgement of the same values would be another."""
    fields = {"seq": recorded.seq, "guard": written["guard"]}
    procedure = moment.world.procedure(recorded.workflow or "")
    guard = procedure.workflow.guard_by_id.get(written["guard"])
    if guard is None:
        return None, Note(code="guard_gone", unit=recorded.unit, fields=fields)
    verdict = judge(guard, procedure.program(guard), readings(written), procedure.workflow, roles)
    result = written["result"]
    if result == "waived":
        return attrs.evolve(verdict, result="waived", waiver_seq=written.get("waiver")), None
    note = (
        None if verdict.result == result else Note(code="judged_otherwise", unit=recorded.unit, fields={**fields, "then": result})
    )
    return verdict, note
