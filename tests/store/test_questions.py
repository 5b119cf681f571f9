"""What the desk answers: boards, one unit, why, history, replay, plan values, and which unit somebody means."""

from __future__ import annotations

import unicodedata
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from random import Random
from typing import Any

import pytest

from engine import commands as cmd
from engine.refusals import NoSuchStep, UnknownName, UnknownUnit
from engine.texts import UnfitText
from engine.unit import Unit
from store.errors import AmbiguousUnit, NoSuchPosition, UnitChanged
from store.questions import find
from store.questions.find import closest
from tests import sample
from tests.store.seasons import Maker, StoredSeason, act, fact, reopened


def notes_of(answer: object) -> set[str]:
    return {note.code for note in answer.notes}  # type: ignore[attr-defined]


# Boards


def test_a_board_counts_each_level_top_first_by_state_in_the_order_of_the_procedure(season: StoredSeason) -> None:
    season.held("east")
    season.submitted("north")

    board = season.desk.status()
    district = board.levels[1]
    assert [line.level for line in board.levels] == ["city", "district", "base"]
    assert list(district.states) == [s.id for s in sample.CONGRESS.states]
    assert {state: n for state, n in district.states.items() if n} == {
        "preparation": 2,
        "document_approval": 1,
        "pilot_review": 1,
    }
    assert (district.total, district.held, district.recognised) == (4, 1, 0)
    assert (district.last_held, district.due) == (date(2021, 4, 10), date(2021, 7, 31))
    assert district.days_early is None


def test_days_early_are_known_once_everybody_has_held(make: Maker) -> None:
    units = tuple(u for u in sample.UNITS if u.code in ("city", "east", "west"))
    season = make(opening=sample.opening(units=units, rolls=(("city", "complete"),)))
    season.held("east", "2021-04-10")
    season.held("west", "2021-04-12")

    district = season.desk.status(under="city").levels[0]
    assert (district.held, district.total, district.days_early) == (2, 2, 110)


def test_a_board_under_a_unit_counts_those_below_it_and_not_itself(season: StoredSeason) -> None:
    board = season.desk.status(under="north")

    assert [(line.level, line.total) for line in board.levels] == [("base", 2)]
    assert board.under == "north"


def test_units_are_listed_when_a_state_or_a_flag_is_asked_for(season: StoredSeason) -> None:
    season.submitted("north")
    season.clock.set(date(2021, 6, 1))

    assert season.desk.status().units == ()
    assert [u.unit for u in season.desk.status(state="document_approval").units] == ["north"]
    late = season.desk.status(overdue=True)
    assert [u.unit for u in late.units] == ["north-1", "north-2"]
    assert [(f.unit, f.why, f.detail) for f in late.overdue] == [
        ("north-1", "past_due", date(2021, 5, 30)),
        ("north-2", "past_due", date(2021, 5, 30)),
    ]
    assert [u.unit for u in season.desk.status(level="district", blocked=True).units] == []


def test_what_holds_a_unit_up_is_told_once_with_its_day(season: StoredSeason) -> None:
    season.submitted("south")
    season.do(cmd.ReturnDocument, "south", "2021-03-10", "city", document="political_report", reason="thiếu số liệu")
    season.do(cmd.Postpone, "north", "2021-03-05", "city", until=date(2021, 6, 1))

    board = season.desk.status()
    assert [(f.unit, f.why, f.since) for f in board.blocked] == [
        ("north", "postponed", date(2021, 3, 5)),
        ("south", "returned", date(2021, 3, 10)),
    ]
    assert board.overdue == ()


def test_a_postponed_unit_is_not_overdue(season: StoredSeason) -> None:
    season.do(cmd.Postpone, "north-1", "2021-03-05", "north")
    season.clock.set(date(2021, 6, 1))

    assert [f.unit for f in season.desk.status().overdue] == ["north-2"]


def test_every_board_says_which_rolls_are_not_tracked_and_what_was_waived(season: StoredSeason) -> None:
    season.do(cmd.Waive, "north", "2021-04-01", "city", guard="in-time", basis="dịch bệnh", until=date(2021, 5, 1))

    notes = season.desk.status().notes
    untracked = next(n for n in notes if n.code == "untracked_rolls")
    assert untracked.fields["count"] == 4
    assert untracked.fields["units"] == ("east", "west", "north-1", "north-2")
    assert next(n for n in notes if n.code == "waived").unit == "north"


def test_a_board_says_when_the_ground_moved_under_a_state_change(season: StoredSeason) -> None:
    season.held("east")
    season.do(cmd.Correct, "east", by="city", seq=26, value=139, reason="đếm lại")

    assert ("rests_on_changed", "east") in {(n.code, n.unit) for n in season.desk.status(level="district").notes}
    season.do(cmd.Confirm, "east", by="city", seq=27, reason="vẫn đủ hai phần ba")
    assert "rests_on_changed" not in notes_of(season.desk.status())


def test_a_count_that_fell_is_told_where_it_was_counted(season: StoredSeason) -> None:
    season.held("east")
    season.held("west")
    season.do(cmd.Advance, "city", "2021-04-20", trigger="draw_lessons")
    season.do(cmd.Annul, "east", by="city", seq=27, reason="nhầm đơn vị")

    note = next(n for n in season.desk.status().notes if n.code == "rests_on_changed")
    assert note.unit == "city"
    assert note.fields["counts"] == (("city/pilots", "held", 2, 1),)


@pytest.mark.parametrize("options", [{"level": "province"}, {"state": "dreaming"}])
def test_a_level_or_state_that_is_not_there_is_refused_with_those_that_are(season: StoredSeason, options: dict[str, str]) -> None:
    with pytest.raises(UnknownName) as error:
        season.desk.status(**options)  # type: ignore[arg-type]
    assert error.value.known


def test_units_that_left_are_not_counted_and_those_that_joined_are(season: StoredSeason) -> None:
    season.do(cmd.RemoveUnit, "north-2", "2021-04-01", "north")
    newcomer = Unit(code="north-3", name="Phường Ba", level="base", parent="north")
    season.do(cmd.EnrolUnit, "north-3", "2021-04-10", "north", enrolled=newcomer)

    assert [line.total for line in season.desk.status(level="base").levels] == [2]
    assert [line.total for line in season.desk.status(level="base", at=date(2021, 4, 5)).levels] == [1]
    assert [line.total for line in season.desk.status(level="base", at=19).levels] == [2]
    assert season.desk.codes(level="base") == ["north-1", "north-3"]


# One unit


def test_a_unit_is_shown_with_all_that_stands(season: StoredSeason) -> None:
    season.held("east")

    answer = season.desk.status_of("east")
    assert (answer.state, answer.since, answer.version, answer.attempt) == ("pilot_review", date(2021, 4, 10), 10, 1)
    assert answer.milestones == {"documents_approved": date(2021, 3, 20), "held": date(2021, 4, 10)}
    assert answer.facts["delegates_present"].value == 140
    assert answer.documents["political_report"].status == "approved"
    assert answer.documents["political_report"].decision == "1/QĐ"
    assert answer.next == ("close_review",)
    assert answer.unit.pilot_of == "city"
    assert answer.digest == sample.DIGEST


def test_a_units_children_are_counted_by_milestone(season: StoredSeason) -> None:
    season.held("east")

    children = season.desk.status_of("city").children
    assert (children.roll, children.total) == ("complete", 4)
    assert children.reached == {"documents_approved": 1, "held": 1, "lessons_drawn": 0, "recognised": 0}


def test_a_unit_can_be_asked_for_a_position_and_for_a_day(season: StoredSeason) -> None:
    season.held("east")

    assert season.desk.status_of("east", at=22).state == "document_approval"
    assert season.desk.status_of("east", at=22).facts.keys() == {"sub_committees"}
    then = season.desk.status_of("east", at=date(2021, 3, 15))
    assert (then.state, then.version, then.milestones) == ("document_approval", 5, {})
    assert then.documents["political_report"].status == "filed"
    assert season.desk.status_of("east", on=date(2021, 3, 25)).facts.keys() == {"sub_committees"}


def test_a_unit_nobody_knows_is_refused_with_those_that_look_like_it(season: StoredSeason) -> None:
    with pytest.raises(UnknownUnit) as error:
        season.desk.status_of("esat")
    assert "east" in error.value.near


@pytest.mark.parametrize("at", [0, 20, -1])
def test_a_position_the_log_does_not_have_is_refused(season: StoredSeason, at: int) -> None:
    with pytest.raises(NoSuchPosition) as error:
        season.desk.status(at=at)
    assert (error.value.first, error.value.last) == (1, 19)


def test_a_day_before_everything_is_refused(season: StoredSeason) -> None:
    with pytest.raises(NoSuchPosition) as error:
        season.desk.replay(date(2019, 1, 1))
    assert error.value.first == sample.OPENED_ON


# Why


def test_why_names_every_guard_and_the_smallest_way_through(season: StoredSeason) -> None:
    answer = season.desk.why("east")

    assert [(w.transition.trigger, w.to, w.allowed) for w in answer.ways] == [("submit", "document_approval", False)]
    assert {v.guard: v.result for v in answer.ways[0].verdicts} == {
        "sub-committees": "unknown",
        "political-report-filed": "unmet",
    }
    assert {(t.deed, t.name) for t in answer.ways[0].smallest or ()} == {
        ("record", "sub_committees"),
        ("file", "political_report"),
    }


def test_why_goes_down_to_what_is_missing_below(season: StoredSeason) -> None:
    answer = season.desk.why("city", below=True)

    assert answer.below is not None
    assert {m.unit for m in answer.below} >= {"east", "west"}


def test_why_tells_the_ways_back_apart_from_those_that_lead_on(season: StoredSeason) -> None:
    season.submitted("north")

    answer = season.desk.why("north")

    assert [way.transition.trigger for way in answer.ways] == ["approve"]
    assert [t.trigger for t in answer.back or ()] == ["return_documents"]
    assert season.desk.why("east").back == ()
    assert season.desk.why("north", "return_documents").back is None


def test_a_step_that_is_not_there_is_refused_with_every_step_that_is(season: StoredSeason) -> None:
    season.submitted("north")

    refusal = season.refused(cmd.Advance, "north", "2021-03-02", trigger="hold")

    assert isinstance(refusal, NoSuchStep)
    assert (refusal.possible, refusal.back) == (("approve",), ("return_documents",))


def test_why_of_a_trigger_that_does_not_lead_on_is_refused_as_the_act_would_be(season: StoredSeason) -> None:
    with pytest.raises(NoSuchStep):
        season.desk.why("east", "hold")
    with pytest.raises(UnknownName) as error:
        season.desk.why("east", "fly")
    assert "submit" in error.value.known


# History


def test_history_tells_the_words_the_person_and_how_late_it_came(season: StoredSeason) -> None:
    season.do(cmd.RecordFact, "east", "2021-04-20", person="NV-1", fact="delegates_summoned", value=150, reason="theo biên bản")

    line = list(season.desk.history("east"))[-1]
    assert list(line.words.values()) == ["theo biên bản"]
    assert line.person == "NV-1"
    assert line.late == 8
    assert line.payload == {"fact": "delegates_summoned", "value": 150}
    assert line.recorded.actor.person != "NV-1"


def test_one_person_has_one_random_id_within_a_season(season: StoredSeason) -> None:
    for day, person in (("2021-03-01", "NV-1"), ("2021-03-02", " NV-1 "), ("2021-03-03", "NV-2")):
        season.do(cmd.RecordFact, "east", day, person=person, fact="delegates_summoned", value=150)

    ids = [line.recorded.actor.person for line in season.desk.history("east", limit=3)]
    assert ids[0] == ids[1] != ids[2]


def test_history_is_the_last_so_many_since_a_day_or_of_one_unit(season: StoredSeason) -> None:
    season.submitted("east")
    season.clock.set(date(2021, 4, 29))
    season.desk.submit(fact("west", 3))

    assert [line.recorded.seq for line in season.desk.history(limit=2)] == [22, 23]
    assert [line.recorded.seq for line in season.desk.history("east", limit=2)] == [21, 22]
    assert [line.recorded.seq for line in season.desk.history(since=date(2021, 4, 29))] == [23]
    assert [line.recorded.unit for line in season.desk.history("season")] == ["season"] * 5
    assert list(season.desk.history(limit=0)) == []
    with pytest.raises(UnknownUnit):
        season.desk.history("nobody")


def test_a_long_history_comes_a_page_at_a_time_and_whole(season: StoredSeason) -> None:
    season.desk.submit_all([fact("east", n, on="2021-03-01") for n in range(1200)])

    seqs = [line.recorded.seq for line in season.desk.history()]
    assert seqs == list(range(1, 1220))


def test_a_day_begins_where_the_season_is_held(season: StoredSeason) -> None:
    """At 20:00 UTC it is the next day in Hanoi."""
    season.clock.set(date(2021, 4, 28), hour=20)

    assert season.desk.today() == date(2021, 4, 29)
    season.desk.submit(fact("east", 1, on="2021-04-29"))
    assert len(list(season.desk.history(since=date(2021, 4, 29)))) == 1


def test_an_event_can_be_asked_for_by_its_place(season: StoredSeason) -> None:
    assert season.desk.event(6).unit == "east"
    with pytest.raises(NoSuchPosition):
        season.desk.event(99)


# Replay


def test_a_replay_to_a_position_and_to_a_day_differ_where_something_came_late(season: StoredSeason) -> None:
    season.clock.set(date(2021, 3, 1))
    season.submitted("east")
    seq = season.size()
    season.clock.set(date(2021, 3, 20))
    season.submitted("west")

    prefix, day = season.desk.replay(seq).units, season.desk.replay(date(2021, 3, 1)).units
    assert {code for code in prefix if prefix[code] != day[code]} == {"west"}
    assert (prefix["west"].state, day["west"].state) == ("preparation", "document_approval")


def test_an_annulled_state_change_and_its_annulment_drop_out_of_the_day(season: StoredSeason) -> None:
    season.submitted("east")
    season.do(cmd.Annul, "east", by="city", seq=22, reason="nhầm")

    assert season.desk.replay(date(2021, 3, 1)).units["east"].state == "preparation"
    assert [s.recorded.event.kind for s in season.desk.replay_of("east").steps][-2:] == ["advanced", "annulled"]
    assert season.desk.replay_of("east", date(2021, 4, 1)).steps[-1].recorded.event.kind == "document_filed"


def test_past_verdicts_are_those_of_then(season: StoredSeason) -> None:
    season.held("east")
    season.do(cmd.Correct, "east", by="city", seq=26, value=90, reason="đếm lại")

    step = next(s for s in season.desk.replay_of("east").steps if s.recorded.seq == 27)
    quorum = next(v for v in step.verdicts if v.guard == "quorum")
    assert quorum.result == "met"
    assert quorum.because[0].left == 420
    assert step.notes == ()
    assert (step.source, step.target) == ("election", "pilot_review")


def test_a_waived_guard_replays_as_waived(season: StoredSeason) -> None:
    season.submitted("east")
    season.do(cmd.ApproveDocument, "east", "2021-03-20", "city", document="political_report")
    season.do(cmd.Advance, "east", "2021-03-20", "city", trigger="approve")
    season.do(cmd.RecordFact, "east", "2021-04-01", fact="delegates_summoned", value=150)
    season.do(cmd.RecordFact, "east", "2021-04-01", fact="delegates_present", value=90)
    season.do(cmd.Waive, "east", "2021-04-01", "city", guard="quorum", basis="dịch bệnh", until=date(2021, 4, 30))
    season.do(cmd.Advance, "east", "2021-04-01", trigger="hold")

    verdict = next(v for v in season.desk.replay_of("east").steps[-1].verdicts if v.guard == "quorum")
    assert (verdict.result, verdict.waiver_seq) == ("waived", 27)


# Plans


def test_the_values_that_hold_for_a_unit_are_told_with_their_paper(season: StoredSeason) -> None:
    answer = season.desk.plan_values("north-1")

    found = {line.declared.id: line.found for line in answer.values}
    assert found["congress_by"] is not None
    assert (found["congress_by"].value.value, found["congress_by"].plan.issued.plan) == (date(2021, 5, 30), "plan-1")
    assert [p.issued.number for p in season.desk.plans()] == ["1"]


# Names


@pytest.mark.parametrize("text", ["north-1", "NORTH-1", "Phường Một", "phuong mot", "PHƯỜNG  MỘT", " phường mot "])
def test_a_unit_is_found_by_code_or_by_name_however_it_is_typed(season: StoredSeason, text: str) -> None:
    assert season.desk.find_unit(text) == "north-1"
    assert season.desk.find_unit(unicodedata.normalize("NFD", text)) == "north-1"


def test_the_letter_with_a_stroke_is_found_without_it(season: StoredSeason) -> None:
    assert season.desk.find_unit("quan dong") == season.desk.find_unit("Quận Đông") == "east"


def test_two_units_of_one_name_are_told_apart_by_their_codes(make: Maker) -> None:
    twins = (
        Unit(code="yen-vien", name="Yên Viên", level="base", parent="north"),
        Unit(code="yen-vien-tt", name="Yên Viên", level="base", parent="north"),
        Unit(code="yen-vien-2", name="Yến Viên", level="base", parent="north"),
    )
    season = make(opening=sample.opening(units=(*sample.UNITS, *twins)))

    with pytest.raises(AmbiguousUnit) as error:
        season.desk.find_unit("yên viên")
    assert error.value.codes == ("yen-vien", "yen-vien-tt")
    with pytest.raises(AmbiguousUnit) as error:
        season.desk.find_unit("yen vien")
    assert error.value.codes == ("yen-vien", "yen-vien-tt", "yen-vien-2")
    assert season.desk.find_unit("Yến Viên") == "yen-vien-2"


def test_a_name_nobody_has_is_refused_with_the_nearest(season: StoredSeason) -> None:
    with pytest.raises(UnknownUnit) as error:
        season.desk.find_unit("quan dung")
    assert error.value.near[0] == "east"


def test_the_desk_says_what_scenarios_ask(season: StoredSeason) -> None:
    assert season.desk.superior_of("city") == "union"
    assert season.desk.superior_of("north-1") == "north"
    assert season.desk.codes(under="city", level="district") == ["east", "west", "north", "south"]
    assert season.desk.codes() == [u.code for u in sample.UNITS]
    assert season.desk.reached("east") == frozenset()
    assert season.desk.workflow_of("east").id == "sample-congress"
    assert list(season.desk.workflows()) == ["city", "district", "base"]
    assert season.desk.version_of("season") == 5
    with pytest.raises(UnknownUnit):
        season.desk.state_of("nobody")


def test_commands_given_as_they_are_asked_for_need_no_day(season: StoredSeason) -> None:
    season.desk.submit(act(cmd.RecordFact, "east", fact="theme", value="unity"))

    assert list(season.desk.history("east"))[-1].recorded.on == date(2021, 4, 28)


def test_nobody_waits_while_the_names_nearest_to_a_mistyped_one_are_looked_for(
    stored: StoredSeason, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a country's season that takes seconds."""
    nearest = find.nearest

    def meanwhile(*arguments: Any) -> tuple[str, ...]:
        with reopened(path, wait=0.1) as other:
            other.submit(fact("west", 1))
        return nearest(*arguments)

    monkeypatch.setattr(find, "nearest", meanwhile)
    with pytest.raises(UnknownUnit) as error:
        stored.desk.submit(act(cmd.RecordFact, "east", by="eest", fact="theme", value="x"))

    assert "east" in error.value.near
    assert stored.desk.version_of("west") == 3


def test_a_history_asks_for_no_persons_but_its_own(season: StoredSeason, monkeypatch: pytest.MonkeyPatch) -> None:
    for unit in ("east", "west"):
        season.do(cmd.RecordFact, unit, person=f"NV-{unit}", fact="theme", value="unity")
    store = season.desk._session.store
    rows, read = store.rows, []

    def listening(statement: str, values: Any = ()) -> list[Any]:
        found = rows(statement, values)
        if "FROM person" in statement:
            read.append(found)
        return found

    monkeypatch.setattr(store, "rows", listening)

    assert [line.person for line in season.desk.history("east")][-1] == "NV-east"
    assert [len(found) for found in read] == [1]


def test_numbers_that_no_database_can_be_asked_for_are_answered_like_any_other(season: StoredSeason) -> None:
    beyond = 10**30
    desk = season.desk

    with pytest.raises(NoSuchPosition):
        desk.event(beyond)
    with pytest.raises(NoSuchPosition):
        desk.replay(beyond)
    assert len(list(desk.history(limit=beyond))) == season.size()
    with pytest.raises(UnitChanged) as conflict:
        desk.submit(fact("east", 1), expect=beyond)
    assert conflict.value.winner is None
    assert season.refused(cmd.Annul, "east", by="city", seq=beyond, reason="x").code == "E-TARGET"


@pytest.mark.parametrize("name", ["\udcff", "east\udcff"])
def test_half_a_character_in_a_units_name_is_told_as_such(season: StoredSeason, name: str) -> None:
    with pytest.raises(UnfitText) as error:
        season.desk.find_unit(name)
    assert (error.value.name, error.value.why) == ("unit", "broken")


SYLLABLES = ("an", "bac", "cao", "chi", "dai", "dong", "ha", "hai", "hoa", "hong", "khanh", "lam", "linh", "long", "minh", "my")


def test_of_very_many_names_the_one_that_was_meant_is_still_the_nearest() -> None:
    """Not all are compared in earnest: what is left is what comparing all of them would have given first."""
    chance = Random(7)
    names = [f"chi doan {' '.join(chance.choices(SYLLABLES, k=2))} {number}" for number in range(1500)]
    spelled = {name: name for name in names}

    for meant in chance.sample(names, 12):
        at = chance.randrange(len(meant) - 1)
        for typed in (
            meant[:at] + meant[at + 1 :],
            meant[:at] + "q" + meant[at:],
            meant[:at] + "q" + meant[at + 1 :],
            meant[:at] + meant[at + 1] + meant[at] + meant[at + 2 :],
        ):
            assert closest(typed, spelled)[:1] == tuple(get_close_matches(typed, names, n=1, cutoff=0.6))


@pytest.mark.parametrize("text", ["", "q", "\N{FACE WITH TEARS OF JOY}" * 50])
def test_what_is_like_nothing_is_near_nothing(text: str) -> None:
    assert closest(text, {name: name for name in map(str, range(1000))}) == ()
