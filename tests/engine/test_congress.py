"""How a congress goes through its procedure: what is accepted, what is refused, and why."""

from __future__ import annotations

from datetime import date

import pytest

from engine import commands as cmd
from engine import events as ev
from engine.actors import Actor
from engine.outlook import below, ways
from engine.plan import Plan, Scope, ScopedValue
from engine.shaken import shaken_steps
from engine.standing import blocked, overdue
from engine.unit import SEASON, Unit
from engine.values import Text
from tests.sample import CONGRESS
from tests.simulator import Simulator, approve, file_and_submit, hold, hold_pilot, opened, seal

MARCH = date(2021, 3, 1)


@pytest.fixture
def season() -> Simulator:
    return opened(today=date(2021, 7, 15))


def both_pilots_held(season: Simulator) -> Simulator:
    hold_pilot(season, "east", date(2021, 4, 10))
    hold_pilot(season, "west", date(2021, 4, 20))
    return season


def test_a_unit_starts_where_its_procedure_starts(season: Simulator) -> None:
    case = season.state.case("north")
    assert case is not None
    assert (case.state, case.version, case.attempt) == ("preparation", 2, 1)


def test_a_district_does_not_convene_before_the_lessons_are_drawn(season: Simulator) -> None:
    hold_pilot(season, "east", date(2021, 4, 10))
    file_and_submit(season, "north", MARCH)
    approve(season, "north", date(2021, 3, 20))

    refusal = season.refused(cmd.Advance, "north", "2021-04-28", trigger="convene")

    assert refusal.code == "E-GUARD"
    unmet = {v.guard for v in refusal.verdicts if v.blocks}
    assert unmet == {"lessons-drawn", "children-held"}
    lessons = next(v for v in refusal.verdicts if v.guard == "lessons-drawn")
    assert lessons.result == "unmet"
    tally = lessons.readings[0][1].tally
    assert tally is not None
    assert (tally.owner, tally.reached, tally.total, tally.still_open) == ("city", 1, 2, ("west",))


def test_lessons_are_drawn_when_every_pilot_has_held(season: Simulator) -> None:
    hold_pilot(season, "east", date(2021, 4, 10))
    assert season.refused(cmd.Advance, "city", "2021-04-12", trigger="draw_lessons").code == "E-GUARD"

    hold_pilot(season, "west", date(2021, 4, 20))
    drawn = season.do(cmd.Advance, "city", "2021-04-25", trigger="draw_lessons")

    assert isinstance(drawn.event, ev.Advanced)
    assert (drawn.event.source, drawn.event.target, drawn.event.awards) == ("preparation", "preparation", ("lessons_drawn",))


def test_drawing_lessons_is_no_step_for_a_unit_that_designated_nobody(season: Simulator) -> None:
    refusal = season.refused(cmd.Advance, "north", trigger="draw_lessons")
    assert (refusal.code, refusal.possible) == ("E-EDGE", ("submit",))


def test_a_pilot_goes_from_approval_to_its_congress_and_only_then_to_review(season: Simulator) -> None:
    hold_pilot(season, "east", date(2021, 4, 10))
    case = season.state.case("east")
    assert case is not None
    assert [step.target for step in case.steps] == ["document_approval", "election", "pilot_review"]


def test_only_the_direct_superior_approves(season: Simulator) -> None:
    file_and_submit(season, "north-1", MARCH)

    refusal = season.refused(cmd.Advance, "north-1", by="city", trigger="approve")

    assert (refusal.code, refusal.exit_code, refusal.allowed) == ("E-ROLE", 4, ("north",))


def test_the_root_has_its_outside_superior_above_it(season: Simulator) -> None:
    file_and_submit(season, "city", MARCH)
    assert season.refused(cmd.Advance, "city", by="city", trigger="approve").allowed == ("union",)


def test_who_may_is_asked_before_the_guards(season: Simulator) -> None:
    assert season.refused(cmd.Advance, "north", by="south", trigger="submit").code == "E-ROLE"


def test_an_act_is_not_dated_after_today(season: Simulator) -> None:
    refusal = season.refused(cmd.RecordFact, "north", "2021-07-16", fact="sub_committees", value=True)
    assert (refusal.code, refusal.why, refusal.bound) == ("E-DAY", "future", date(2021, 7, 15))


def test_a_state_change_is_not_dated_before_the_last_one(season: Simulator) -> None:
    file_and_submit(season, "north", MARCH)

    refusal = season.refused(cmd.Advance, "north", "2021-02-28", by="city", trigger="approve")

    assert (refusal.code, refusal.why, refusal.bound) == ("E-DAY", "before_last_change", MARCH)


def test_a_fact_may_be_late(season: Simulator) -> None:
    file_and_submit(season, "north", MARCH)
    late = season.do(cmd.RecordFact, "north", "2021-01-05", fact="delegates_summoned", value=120)
    assert late.on == date(2021, 1, 5)


def test_the_same_fact_for_the_same_day_adds_nothing(season: Simulator) -> None:
    first = season.do(cmd.RecordFact, "north", MARCH, fact="delegates_summoned", value=120)
    refusal = season.refused(cmd.RecordFact, "north", MARCH, fact="delegates_summoned", value=120)
    assert (refusal.code, refusal.seq) == ("E-DUPLICATE", first.seq)


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("delegates_summoned", True),
        ("delegates_summoned", "120"),
        ("sub_committees", 1),
        ("theme", "other"),
        ("delegates_present", 2**53),
    ],
)
def test_a_value_has_to_be_of_the_declared_type(season: Simulator, fact: str, value: object) -> None:
    assert season.refused(cmd.RecordFact, "north", fact=fact, value=value).code == "E-VALUE"


def test_the_quorum_says_how_many_are_missing(season: Simulator) -> None:
    file_and_submit(season, "east", MARCH)
    approve(season, "east", MARCH)
    season.do(cmd.RecordFact, "east", MARCH, fact="delegates_summoned", value=489)
    season.do(cmd.RecordFact, "east", MARCH, fact="delegates_present", value=300)

    refusal = season.refused(cmd.Advance, "east", "2021-04-10", trigger="hold")

    (quorum,) = [v for v in refusal.verdicts if v.guard == "quorum"]
    need = quorum.because[0].need
    assert need is not None
    assert (need.needed, need.present, need.missing, need.share, need.of) == (326, 300, 26, (2, 3), 489)
    (todo,) = refusal.smallest
    assert (todo.who, todo.deed) == ("east", "record")


def test_should_never_blocks_but_is_kept(season: Simulator) -> None:
    file_and_submit(season, "east", MARCH)
    approve(season, "east", MARCH)
    season.do(cmd.RecordFact, "east", MARCH, fact="delegates_summoned", value=90)
    season.do(cmd.RecordFact, "east", MARCH, fact="delegates_present", value=90)

    held = season.do(cmd.Advance, "east", "2021-04-10", trigger="hold")

    assert isinstance(held.event, ev.Advanced)
    results = {v["guard"]: (v["severity"], v["result"]) for v in held.event.verdicts}
    assert results["enough-delegates"] == ("should", "unmet")
    assert results["quorum"] == ("must", "met")


def test_a_waived_guard_lets_through_until_its_day_and_is_written_down(season: Simulator) -> None:
    season.today = date(2021, 8, 20)
    file_and_submit(season, "east", MARCH)
    approve(season, "east", MARCH)
    season.do(cmd.RecordFact, "east", MARCH, fact="delegates_summoned", value=150)
    season.do(cmd.RecordFact, "east", MARCH, fact="delegates_present", value=150)
    assert season.refused(cmd.Advance, "east", "2021-08-10", trigger="hold").code == "E-GUARD"
    assert season.refused(cmd.Waive, "east", guard="in-time", basis=seal("x"), until=date(2021, 8, 15)).code == "E-ROLE"
    waiver = season.do(
        cmd.Waive, "east", "2021-08-01", by="city", guard="in-time", basis=seal("epidemic"), until=date(2021, 8, 15)
    )

    assert season.refused(cmd.Advance, "east", "2021-08-16", trigger="hold").code == "E-GUARD"
    held = season.do(cmd.Advance, "east", "2021-08-15", trigger="hold")

    assert isinstance(held.event, ev.Advanced)
    (written,) = [v for v in held.event.verdicts if v["guard"] == "in-time"]
    assert (written["result"], written["waiver"]) == ("waived", waiver.seq)


def test_a_postponed_congress_takes_no_step_but_goes_on_preparing(season: Simulator) -> None:
    season.do(cmd.Postpone, "north", MARCH, by="city")

    assert season.refused(cmd.Advance, "north", trigger="submit").code == "E-POSTPONED"
    season.do(cmd.RecordFact, "north", fact="sub_committees", value=True)
    season.do(cmd.FileDocument, "north", document="political_report")
    season.do(cmd.Resume, "north", by="city")
    season.do(cmd.Advance, "north", trigger="submit")


def test_a_postponement_until_a_day_ends_by_itself(season: Simulator) -> None:
    season.do(cmd.RecordFact, "north", MARCH, fact="sub_committees", value=True)
    season.do(cmd.FileDocument, "north", MARCH, document="political_report")
    season.do(cmd.Postpone, "north", MARCH, by="city", until=date(2021, 4, 1))

    assert season.refused(cmd.Advance, "north", "2021-03-31", trigger="submit").code == "E-POSTPONED"
    season.do(cmd.Advance, "north", "2021-04-01", trigger="submit")


def test_a_postponed_unit_is_blocked_not_overdue(season: Simulator) -> None:
    season.today = date(2021, 8, 20)
    view = season.view("north")
    assert overdue(season.state, view.case, view.workflow, season.today) is not None

    season.do(cmd.Postpone, "north", by="city")

    view = season.view("north")
    assert overdue(season.state, view.case, view.workflow, season.today) is None
    assert [flag.why for flag in blocked(season.state, view.case, view.workflow, season.today)] == ["postponed"]


def test_documents_approved_with_changes_hold_the_congress_until_they_are_settled(season: Simulator) -> None:
    file_and_submit(season, "east", MARCH)
    season.do(
        cmd.ApproveDocument, "east", MARCH, by="city", document="political_report", changes=(seal("figures"), seal("names"))
    )
    season.do(cmd.Advance, "east", MARCH, by="city", trigger="approve")
    season.do(cmd.RecordFact, "east", MARCH, fact="delegates_summoned", value=150)
    season.do(cmd.RecordFact, "east", MARCH, fact="delegates_present", value=150)

    refusal = season.refused(cmd.Advance, "east", trigger="hold")
    assert [v.guard for v in refusal.verdicts if v.blocks] == ["political-report-settled"]

    season.do(cmd.FileDocument, "east", document="political_report", digest="bb")
    assert season.refused(cmd.Advance, "east", trigger="hold").code == "E-GUARD"
    season.do(cmd.ApproveDocument, "east", by="city", document="political_report")
    season.do(cmd.Advance, "east", trigger="hold")


def test_a_returned_document_changes_the_document_not_the_state(season: Simulator) -> None:
    file_and_submit(season, "north", MARCH)
    assert season.refused(cmd.ReturnDocument, "north", by="city", document="political_report").code == "E-REASON"
    season.do(cmd.ReturnDocument, "north", by="city", document="political_report", reason=seal("figures"))

    view = season.view("north")
    assert view.case.state == "document_approval"
    assert [flag.why for flag in blocked(season.state, view.case, view.workflow, date(2021, 3, 2))] == []
    assert season.refused(cmd.ApproveDocument, "north", by="city", document="political_report").code == "E-EDGE"
    season.do(cmd.FileDocument, "north", document="political_report", digest="v2")
    season.do(cmd.ApproveDocument, "north", by="city", document="political_report")


def test_a_version_filed_after_approval_lies_beside_the_approved_one(season: Simulator) -> None:
    file_and_submit(season, "north", MARCH)
    approve(season, "north", MARCH)
    season.do(cmd.FileDocument, "north", document="political_report", digest="v2")

    status = season.view("north").case.document("political_report")

    assert status is not None
    assert (status.version, status.approved_version, status.approved, status.status) == (2, 1, True, "filed")


def test_not_recognised_means_a_new_attempt_with_its_numbers_not_known_again(season: Simulator) -> None:
    hold_pilot(season, "east", date(2021, 4, 10))
    season.do(cmd.Advance, "east", "2021-04-12", by="city", trigger="close_review")
    season.do(cmd.Advance, "east", "2021-04-20", by="city", trigger="refuse_recognition")

    case = season.view("east").case
    assert (case.state, case.attempt, case.milestones()) == ("election", 2, {"documents_approved": date(2021, 3, 31)})
    assert case.fact_values() == {name: case.fact(name) for name in ("sub_committees", "delegates_summoned")}
    assert case.award("held", date(2021, 4, 15)) is not None
    old = [entry for entry in case.facts if entry.name == "delegates_present" and entry.value is not None]
    assert [entry.attempt for entry in old] == [1]

    hold(season, "east", date(2021, 5, 5))
    assert season.view("east").case.milestones()["held"] == date(2021, 5, 5)


def test_annulling_the_last_step_undoes_all_it_did_and_takes_its_day(season: Simulator) -> None:
    hold_pilot(season, "east", date(2021, 4, 10))
    held = season.log[-1]
    before = season.prefix(held.seq - 1).case("east")
    assert season.refused(cmd.Annul, "east", by="city", seq=held.seq).code == "E-REASON"
    assert season.refused(cmd.Annul, "east", by="east", seq=held.seq, reason=seal("x")).code == "E-ROLE"
    assert season.refused(cmd.Annul, "east", by="city", seq=held.seq - 3, reason=seal("x")).code == "E-TARGET"

    undone = season.do(cmd.Annul, "east", by="city", seq=held.seq, reason=seal("the wrong day"))

    after = season.state.case("east")
    assert before is not None
    assert after is not None
    assert (undone.on, after.state, after.milestones()) == (held.on, before.state, before.milestones())
    assert (after.steps, after.awards, after.facts) == (before.steps, before.awards, before.facts)
    season.do(cmd.Advance, "east", "2021-04-11", trigger="hold")


def test_a_correction_keeps_its_place_and_is_known_from_its_own_position_on(season: Simulator) -> None:
    first = season.do(cmd.RecordFact, "north", MARCH, fact="delegates_summoned", value=120)
    season.do(cmd.RecordFact, "north", MARCH, fact="delegates_summoned", value=130)
    season.do(cmd.Correct, "north", seq=first.seq, value=125, reason=seal("typing error"))

    case = season.state.case("north")
    assert case is not None
    assert [entry.value for entry in case.facts] == [125, 130]
    latest = case.fact("delegates_summoned", MARCH)
    assert latest is not None
    assert latest.value == 130
    then = season.prefix(first.seq).case("north")
    assert then is not None
    assert [entry.value for entry in then.facts] == [120]


def test_a_correction_may_give_the_right_day_or_withdraw(season: Simulator) -> None:
    fact = season.do(cmd.RecordFact, "north", MARCH, fact="delegates_summoned", value=120)
    season.do(cmd.Correct, "north", seq=fact.seq, day=date(2021, 3, 10), reason=seal("the right day"))
    case = season.view("north").case
    assert case.fact("delegates_summoned", MARCH) is None

    correction = season.log[-1]
    season.do(cmd.Correct, "north", seq=correction.seq, withdraw=True, reason=seal("never counted"))
    assert season.view("north").case.facts == ()
    gone = season.refused(cmd.Correct, "north", seq=fact.seq, value=1, reason=seal("again"))
    assert (gone.code, gone.why) == ("E-TARGET", "gone")


def test_a_step_that_rests_on_a_corrected_value_is_shown_until_the_superior_confirms_it(season: Simulator) -> None:
    hold_pilot(season, "east", date(2021, 4, 10))
    held = season.log[-1]
    assert shaken_steps(season.state, season.view("east").case) == ()
    present = next(r for r in season.log if isinstance(r.event, ev.FactRecorded) and r.event.fact == "delegates_present")
    nothing = season.refused(cmd.Confirm, "east", by="city", seq=held.seq, reason=seal("x"))
    assert nothing.why == "nothing_changed"

    season.do(cmd.Correct, "east", seq=present.seq, value=99, reason=seal("counted again"))

    (shaken,) = shaken_steps(season.state, season.view("east").case)
    assert (shaken.step.seq, shaken.replaced) == (held.seq, (present.seq,))
    season.do(cmd.Confirm, "east", by="city", seq=held.seq, reason=seal("still enough"))
    assert shaken_steps(season.state, season.view("east").case) == ()


def test_a_count_that_falls_afterwards_is_shown_at_the_unit_that_counted(season: Simulator) -> None:
    both_pilots_held(season)
    season.do(cmd.Advance, "city", "2021-04-25", trigger="draw_lessons")
    west = next(r for r in reversed(season.log) if r.unit == "west")

    season.do(cmd.Annul, "west", by="city", seq=west.seq, reason=seal("wrong unit"))

    (shaken,) = shaken_steps(season.state, season.view("city").case)
    assert shaken.counts == (("city/pilots", "held", 2, 1),)


def test_a_late_congress_counts_from_its_own_day(season: Simulator) -> None:
    both_pilots_held(season)
    refusal = season.refused(cmd.Advance, "city", "2021-04-15", trigger="draw_lessons")
    (held,) = [v for v in refusal.verdicts if v.guard == "pilots-held"]
    tally = held.readings[0][1].tally
    assert tally is not None
    assert (tally.reached, tally.still_open) == (1, ("west",))


def test_over_an_open_roll_counts_are_not_known(season: Simulator) -> None:
    file_and_submit(season, "south", MARCH)
    approve(season, "south", MARCH)
    refusal = season.refused(cmd.Advance, "south", trigger="convene")
    (children,) = [v for v in refusal.verdicts if v.guard == "children-held"]
    assert children.result == "unknown"
    assert [(t.who, t.deed) for t in children.todo] == [("south", "complete_roll")]


def test_an_untracked_roll_holds_nobody_up(season: Simulator) -> None:
    both_pilots_held(season)
    season.do(cmd.Advance, "city", "2021-04-25", trigger="draw_lessons")
    file_and_submit(season, "north-1", MARCH)
    approve(season, "north-1", MARCH)
    convened = season.do(cmd.Advance, "north-1", trigger="convene")
    assert isinstance(convened.event, ev.Advanced)
    assert {v["guard"]: v["result"] for v in convened.event.verdicts} == {"lessons-drawn": "met", "children-held": "met"}


def test_a_unit_that_joins_in_mid_season_is_counted_from_its_day(season: Simulator) -> None:
    season.do(
        cmd.EnrolUnit, "north-3", "2021-05-01", by="north",
        enrolled=Unit(code="north-3", name="Phường Ba", level="base", parent="north"),
    )  # fmt: skip
    assert season.state.tally("north", "children", "held", date(2021, 4, 30)).total == 2
    assert season.state.tally("north", "children", "held", date(2021, 5, 1)).total == 3
    season.do(cmd.RemoveUnit, "north-3", "2021-06-01", by="north")
    assert season.state.tally("north", "children", "held", date(2021, 6, 1)).total == 2
    assert season.refused(cmd.Advance, "north-3", trigger="submit").code in ("E-LEFT", "E-GUARD")


def test_a_unit_with_children_in_the_season_does_not_leave(season: Simulator) -> None:
    assert season.refused(cmd.RemoveUnit, "north", by="city").code == "E-EDGE"


def plan(number: str, issuer: str, *values: ScopedValue, dated: date | None = None) -> Plan:
    return Plan(
        id=f"plan-{number}", issuer=issuer, number=number, type="KH", year=2021, text=Text("Kế hoạch", "Plan"), dated=dated,
        values=values,
    )  # fmt: skip


def issue(season: Simulator, paper: Plan, on: date | None = None) -> None:
    season.do(cmd.IssuePlan, SEASON, on, by=paper.issuer, plan=paper, digest="00")


def due(season: Simulator, unit: str, on: date) -> object:
    return season.view(unit, on).reader.read(("plan", "congress_by")).value


def test_the_nearest_issuer_wins_then_the_latest_in_force_then_the_narrower_scope(season: Simulator) -> None:
    june, may = date(2021, 6, 1), date(2021, 5, 1)
    assert due(season, "north-1", june) == date(2021, 5, 30)
    issue(season, plan("2", "north", ScopedValue(name="congress_by", value=date(2021, 6, 20)), dated=may))
    assert due(season, "north-1", june) == date(2021, 6, 20)
    assert due(season, "north-1", date(2021, 4, 30)) == date(2021, 5, 30)
    issue(season, plan("3", "north", ScopedValue(name="congress_by", value=date(2021, 6, 25)), dated=date(2021, 5, 2)))
    assert due(season, "north-1", june) == date(2021, 6, 25)


def test_a_firm_value_is_not_replaced_from_below(season: Simulator) -> None:
    firm = ScopedValue(name="congress_by", value=date(2021, 5, 15), scope=Scope(level="base"), firm=True)
    issue(season, plan("2", "city", firm, dated=date(2021, 4, 1)))
    issue(season, plan("3", "north", ScopedValue(name="congress_by", value=date(2021, 6, 20)), dated=date(2021, 4, 2)))
    assert due(season, "north-1", date(2021, 6, 1)) == date(2021, 5, 15)


def test_a_plan_is_issued_by_its_issuer_once(season: Simulator) -> None:
    paper = plan("9", "city", dated=date(2021, 1, 1))
    assert season.refused(cmd.IssuePlan, SEASON, by="north", plan=paper, digest="00").code == "E-ROLE"
    issue(season, paper)
    assert season.refused(cmd.IssuePlan, SEASON, by="city", plan=paper, digest="00").code == "E-DUPLICATE"
    late = plan("10", "city", dated=date(2021, 12, 1))
    assert season.refused(cmd.IssuePlan, SEASON, by="city", plan=late, digest="00").code == "E-DAY"


def test_a_plan_is_not_issued_with_a_value_that_nobody_reads_or_of_another_type(season: Simulator) -> None:
    unread = plan("11", "city", ScopedValue(name="congress_bye", value=date(2021, 6, 1)), dated=date(2021, 1, 1))
    refusal = season.refused(cmd.IssuePlan, SEASON, by="city", plan=unread, digest="00")
    assert (refusal.code, refusal.kind, refusal.name) == ("E-NAME", "plan_value", "congress_bye")
    wrong = plan("12", "city", ScopedValue(name="congress_by", value=30), dated=date(2021, 1, 1))
    refusal = season.refused(cmd.IssuePlan, SEASON, by="city", plan=wrong, digest="00")
    assert (refusal.code, refusal.expected) == ("E-VALUE", "date")


def test_a_plan_without_a_date_is_in_force_from_the_day_it_was_recorded(season: Simulator) -> None:
    issue(season, plan("7", "north", ScopedValue(name="congress_by", value=date(2021, 6, 30))), on=date(2021, 6, 10))
    assert due(season, "north-1", date(2021, 6, 9)) == date(2021, 5, 30)
    assert due(season, "north-1", date(2021, 6, 10)) == date(2021, 6, 30)


def test_why_lists_every_way_on_and_none_that_leads_back(season: Simulator) -> None:
    file_and_submit(season, "north", MARCH)
    (way,) = ways(season.view("north"))
    assert (way.transition.trigger, way.to, way.allowed) == ("approve", "pilot_review", False)
    (back,) = ways(season.view("north"), "return_documents")
    assert back.allowed


def test_below_goes_down_to_the_missing_fact_or_act(season: Simulator) -> None:
    for unit in ("city", "north"):
        file_and_submit(season, unit, MARCH)
        season.do(cmd.ApproveDocument, unit, MARCH, by="union" if unit == "city" else "city", document="political_report")
        season.do(cmd.Advance, unit, MARCH, by="union" if unit == "city" else "city", trigger="approve")
    hold_pilot(season, "east", date(2021, 4, 10))

    found = {m.unit: [(t.who, t.deed, t.name) for t in m.todo] for m in below(season.view("city"))}

    assert set(found) == {"city", "west", "north", "south", "north-1", "north-2"}
    assert ("west", "record", "sub_committees") in found["west"]
    assert ("north-1", "file", "political_report") in found["north-1"]
    assert {who for who, deed, _ in found["north"] if deed == "reach"} >= {"city"}


def test_below_looks_past_the_next_step_to_everybody_the_congress_waits_for(season: Simulator) -> None:
    found = {m.unit: {t.deed for t in m.todo} for m in below(season.view("city"))}

    assert set(found) == {"east", "west", "north", "south", "north-1", "north-2", "city"}
    assert found["north-2"] == {"record", "file"}
    assert found["city"] == {"reach"}  # the lessons, which wait for the pilots


def test_below_names_the_act_that_is_due_where_nothing_is_missing(season: Simulator) -> None:
    both_pilots_held(season)
    file_and_submit(season, "north", MARCH)
    approve(season, "north", MARCH)
    found = {m.unit: [(t.who, t.deed, t.name) for t in m.todo] for m in below(season.view("north"))}
    assert found["city"] == [("city", "take", "draw_lessons")]


def test_an_unknown_unit_fact_document_or_guard_is_named(season: Simulator) -> None:
    assert season.refused(cmd.Advance, "nobody", trigger="submit").code == "E-UNIT"
    assert season.refused(cmd.RecordFact, "north", fact="nothing", value=1).known == tuple(CONGRESS.fact_by_id)
    assert season.refused(cmd.FileDocument, "north", document="nothing").kind == "document"
    waived = season.refused(cmd.Waive, "north", by="city", guard="nothing", basis=seal("x"), until=MARCH)
    assert (waived.code, waived.kind) == ("E-NAME", "guard")


def test_plain_words_never_reach_a_decision(season: Simulator) -> None:
    with pytest.raises(TypeError, match="sealed"):
        season.submit(
            cmd.Waive(unit="north", actor=Actor(unit="city"), guard="quorum", basis="plain words", until=date(2021, 8, 1))
        )


def test_a_step_that_moves_nothing_does_not_hide_a_change_of_state_recorded_after_it_for_an_earlier_day(
    season: Simulator,
) -> None:
    both_pilots_held(season)
    season.do(cmd.Advance, "city", date(2021, 4, 25), trigger="draw_lessons")
    file_and_submit(season, "city", date(2021, 4, 22))

    case = season.state.case("city")

    assert case is not None
    assert [case.state_on(date(2021, 4, day))[0] for day in (21, 22, 24, 25)] == ["preparation", *["document_approval"] * 3]
