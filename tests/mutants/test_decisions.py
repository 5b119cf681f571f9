"""The small print of decisions: bounds that are included, who may correct what, what is the same thing said twice.

Each of these was once changed by a mutant without a test noticing.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import attrs
import pytest

from engine import codec
from engine import commands as cmd
from engine import events as ev
from engine.actors import Actor
from engine.decide import decide_opening
from engine.plan import ScopedValue
from engine.refusals import AlreadySo, NoSuchStep, NotYours, UnknownUnit, WrongDay, WrongTarget, WrongValue
from engine.unit import SEASON, Unit
from engine.values import GREATEST_RECORDED
from engine.workflow import SAME_STATE
from tests import sample
from tests.simulator import Simulator, file_and_submit, hold_pilot, opened, procedures_of, seal

TODAY = date(2021, 4, 28)
BEFORE = date(2021, 4, 20)


@pytest.fixture
def season() -> Simulator:
    return opened(TODAY)


def filed(season: Simulator, unit: str = "north", digest: str | None = None, on: date = BEFORE) -> int:
    return season.do(cmd.FileDocument, unit, on, document="political_report", digest=digest).seq


def correct(season: Simulator, seq: int, unit: str = "north", by: str | None = None, **fields: object) -> object:
    return season.submit(season.command(cmd.Correct, unit, TODAY, by, seq=seq, reason=seal("why"), **fields))


def test_who_filed_a_paper_may_correct_its_day_and_who_approves_may_not_be_corrected_by_them(season: Simulator) -> None:
    filing = filed(season)
    approval = season.do(cmd.ApproveDocument, "north", BEFORE, by="city", document="political_report").seq

    assert not isinstance(correct(season, filing, day=date(2021, 4, 19)), Exception)
    refusal = correct(season, approval, day=date(2021, 4, 21))
    assert isinstance(refusal, NotYours)
    assert refusal.allowed == ("city",)
    assert not isinstance(correct(season, approval, by="city", day=date(2021, 4, 21)), Exception)


def test_a_correction_changes_the_paper_that_it_names_and_no_other(season: Simulator) -> None:
    first = filed(season, digest="a" * 64, on=date(2021, 4, 18))
    second = filed(season, digest="b" * 64, on=BEFORE)

    correct(season, second, day=date(2021, 4, 22))

    corrected = season.log[-1].event
    assert isinstance(corrected, ev.Corrected)
    assert (corrected.seq, corrected.what, corrected.name) == (second, "document_filed", "political_report")
    assert [e.on for e in season.view("north").case.documents if e.seq == first] == [date(2021, 4, 18)]


def test_what_only_cleared_a_paper_cannot_be_corrected(season: Simulator) -> None:
    seq = season.do(cmd.Schedule, "north", BEFORE, day=TODAY).seq

    refusal = correct(season, seq, day=BEFORE)

    assert isinstance(refusal, WrongTarget)
    assert refusal.why == "kind"


def test_the_right_day_of_an_event_may_be_today_but_not_tomorrow(season: Simulator) -> None:
    seq = filed(season)

    assert isinstance(correct(season, seq, day=date(2021, 4, 29)), WrongDay)
    assert not isinstance(correct(season, seq, day=TODAY), Exception)


def test_a_roll_is_not_declared_twice_but_its_first_word_is_kept(season: Simulator) -> None:
    refusal = season.refused(cmd.SetRoll, "north", status="complete")
    assert isinstance(refusal, AlreadySo)

    season.do(cmd.EnrolUnit, "east-1", by="east", enrolled=Unit(code="east-1", name="Một", level="base", parent="east"))
    said = season.do(cmd.SetRoll, "east-1", status="open")
    assert said.event == ev.RollSet(status="open")


def test_a_unit_may_leave_once_all_those_below_it_have(season: Simulator) -> None:
    assert isinstance(season.refused(cmd.RemoveUnit, "north", by="city"), NoSuchStep)

    season.do(cmd.RemoveUnit, "north-1", by="north")
    season.do(cmd.RemoveUnit, "north-2", by="north")
    season.do(cmd.RemoveUnit, "north", by="city")

    assert season.view("north").case.left_on == TODAY


def test_a_postponement_may_be_said_anew_with_another_day_but_not_with_the_same(season: Simulator) -> None:
    season.do(cmd.Postpone, "north", by="city", until=date(2021, 5, 10))

    assert isinstance(season.refused(cmd.Postpone, "north", by="city", until=date(2021, 5, 10)), AlreadySo)
    assert season.do(cmd.Postpone, "north", by="city", until=date(2021, 5, 20)).event == ev.Postponed(until=date(2021, 5, 20))


def test_a_waiver_may_be_prolonged_but_not_repeated(season: Simulator) -> None:
    waiver: dict[str, Any] = {"guard": "quorum", "basis": seal("the floods")}
    season.do(cmd.Waive, "north", by="city", until=date(2021, 5, 10), **waiver)

    assert isinstance(season.refused(cmd.Waive, "north", by="city", until=date(2021, 5, 10), **waiver), AlreadySo)
    season.do(cmd.Waive, "north", by="city", until=date(2021, 5, 20), **waiver)


def test_a_waiver_may_end_on_the_day_it_begins(season: Simulator) -> None:
    waiver: dict[str, Any] = {"guard": "quorum", "basis": seal("the floods")}

    season.do(cmd.Waive, "north", by="city", until=TODAY, **waiver)
    refusal = season.refused(cmd.Waive, "north", by="city", until=date(2021, 4, 27), **waiver)

    assert isinstance(refusal, WrongDay)
    assert refusal.why == "before_start"


@pytest.mark.parametrize(("returned", "state"), [(False, "not_filed"), (True, "returned")])
def test_only_what_lies_with_the_superior_can_be_approved(season: Simulator, returned: bool, state: str) -> None:
    if returned:
        filed(season)
        season.do(cmd.ReturnDocument, "north", BEFORE, by="city", document="political_report", reason=seal("figures"))

    refusal = season.refused(cmd.ApproveDocument, "north", by="city", document="political_report")

    assert isinstance(refusal, NoSuchStep)
    assert refusal.state == state


def test_the_same_file_is_filed_once_and_again_only_after_it_was_returned(season: Simulator) -> None:
    filed(season, digest="a" * 64)

    assert isinstance(season.refused(cmd.FileDocument, "north", document="political_report", digest="a" * 64), AlreadySo)
    season.do(cmd.ReturnDocument, "north", by="city", document="political_report", reason=seal("figures"))
    again = season.do(cmd.FileDocument, "north", document="political_report", digest="a" * 64).event
    assert again == ev.DocumentFiled(document="political_report", number=2, digest="a" * 64)


def test_paper_without_a_file_is_another_paper_on_another_day(season: Simulator) -> None:
    filed(season)

    assert isinstance(season.refused(cmd.FileDocument, "north", BEFORE, document="political_report"), AlreadySo)
    again = season.do(cmd.FileDocument, "north", document="political_report").event
    assert again == ev.DocumentFiled(document="political_report", number=2)


@pytest.mark.parametrize("value", [GREATEST_RECORDED, -GREATEST_RECORDED])
def test_the_greatest_integer_that_every_verifier_can_read_may_be_recorded(season: Simulator, value: int) -> None:
    season.do(cmd.RecordFact, "north", fact="delegates_summoned", value=value)

    further = value + (1 if value > 0 else -1)
    assert isinstance(season.refused(cmd.RecordFact, "north", fact="delegates_summoned", value=further), WrongValue)


def test_a_unit_joins_under_one_that_is_there_by_its_parent_or_the_board_and_not_tomorrow(season: Simulator) -> None:
    def joining(code: str) -> Unit:
        return Unit(code=code, name="Ba", level="base", parent="north")

    assert isinstance(season.refused(cmd.EnrolUnit, "north-1", by="north", enrolled=joining("north-1")), AlreadySo)
    assert isinstance(season.refused(cmd.EnrolUnit, SEASON, by="north", enrolled=joining(SEASON)), AlreadySo)
    assert isinstance(season.refused(cmd.EnrolUnit, "north-3", by="west", enrolled=joining("north-3")), NotYours)
    tomorrow = season.refused(cmd.EnrolUnit, "north-3", date(2021, 4, 29), by="north", enrolled=joining("north-3"))
    assert isinstance(tomorrow, WrongDay)
    season.do(cmd.EnrolUnit, "north-3", TODAY, by="north", enrolled=joining("north-3"))
    season.do(cmd.EnrolUnit, "north-4", by="city", enrolled=joining("north-4"))


def test_a_unit_does_not_join_under_one_that_is_not_there(season: Simulator) -> None:
    stranger = Unit(code="north-3", name="Ba", level="base", parent="nowhere")

    refusal = season.refused(cmd.EnrolUnit, "north-3", by="city", enrolled=stranger)

    assert isinstance(refusal, UnknownUnit)
    assert refusal.unit == "nowhere"


@pytest.mark.parametrize("issuer", ["city", "union"])
def test_the_board_and_the_outside_superior_above_it_issue_plans(season: Simulator, issuer: str) -> None:
    values = (ScopedValue(name="least_delegates", value=120),)
    plan = attrs.evolve(sample.PLAN, id="plan-2", issuer=issuer, dated=None, values=values)

    issued = season.do(cmd.IssuePlan, SEASON, by=issuer, plan=plan, digest=codec.digest(codec.plan_bytes(plan)))

    assert isinstance(issued.event, ev.PlanIssued)
    assert issued.event.issuer == issuer


def annulled(season: Simulator, unit: str, by: str) -> ev.Annulled:
    last = season.view(unit).case.steps[-1].seq
    event = season.do(cmd.Annul, unit, by=by, seq=last, reason=seal("a wrong button")).event
    assert isinstance(event, ev.Annulled)
    return event


def test_who_annuls_the_step_that_began_a_new_attempt_is_back_in_the_old_one(season: Simulator) -> None:
    hold_pilot(season, "east", BEFORE)
    season.do(cmd.Advance, "east", by="city", trigger="close_review")
    season.do(cmd.Advance, "east", by="city", trigger="refuse_recognition")
    assert season.view("east").case.attempt == 2

    assert annulled(season, "east", "city").attempt == 1
    assert season.view("east").case.state == "recognition"


def test_who_annuls_the_only_step_is_in_the_first_attempt(season: Simulator) -> None:
    file_and_submit(season, "north", BEFORE)

    assert annulled(season, "north", "city").attempt == 1


def test_who_annuls_a_step_of_the_second_attempt_stays_in_it() -> None:
    again = sample.transition("again", "preparation", SAME_STATE, back=True, new_attempt=True)
    workflow = attrs.evolve(sample.CONGRESS, transitions=(again, *sample.CONGRESS.transitions))
    digest = codec.digest(codec.workflow_bytes(workflow))
    opening = sample.opening()
    adoptions = tuple(attrs.evolve(adoption, digest=digest) for adoption in opening.adoptions)
    season = Simulator(TODAY, procedures_of(workflow, digest)).open(attrs.evolve(opening, adoptions=adoptions))
    season.do(cmd.Advance, "north", BEFORE, trigger="again")
    file_and_submit(season, "north", BEFORE)

    assert annulled(season, "north", "city").attempt == 2


def test_who_would_annul_an_earlier_step_is_told_which_is_the_last(season: Simulator) -> None:
    hold_pilot(season, "east", BEFORE)
    first, *_, last = season.view("east").case.steps

    refusal = season.refused(cmd.Annul, "east", by="city", seq=first.seq, reason=seal("a wrong button"))

    assert isinstance(refusal, WrongTarget)
    assert (refusal.why, refusal.last) == ("not_last", last.seq)


# Who acts


def test_an_actor_nobody_knows_is_told_before_anything_else(season: Simulator) -> None:
    refusal = season.refused(cmd.Advance, "east", by="nobody", trigger="no_such_trigger")

    assert isinstance(refusal, UnknownUnit)
    assert refusal.unit == "nobody"


def test_a_superior_outside_the_season_is_somebody(season: Simulator) -> None:
    assert season.state.superiors() == {"union"}
    assert isinstance(season.refused(cmd.Advance, "east", by="union", trigger="submit"), NotYours)


@pytest.mark.parametrize(("actor", "known"), [("city", True), ("east", True), ("union", True), ("nobody", False)])
def test_a_season_is_opened_by_somebody_in_it_or_above_it(actor: str, known: bool) -> None:
    opening = sample.opening(actor=Actor(unit=actor))

    assert isinstance(decide_opening(opening, sample.OPENED_ON), UnknownUnit) is not known
