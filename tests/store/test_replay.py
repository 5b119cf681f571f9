"""Replay: the season and one unit as they stood, as they were known, and what changed in between; on every kind of store."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise

import attrs
import pytest

from engine import commands as cmd
from engine.answers import BetweenAnswer
from engine.case import DocumentStatus
from engine.changes import Stood, changes
from engine.refusals import UnknownUnit
from engine.unit import Unit
from store.desk import Desk
from store.errors import NoSuchPosition
from store.questions.moments import own_case, then
from tests import sample
from tests.store.seasons import Clock, Maker, StoredSeason, fact

MARCH_1, MARCH_10, MARCH_20 = date(2021, 3, 1), date(2021, 3, 10), date(2021, 3, 20)


@pytest.fixture
def late(make: Maker) -> StoredSeason:
    """East submitted on 1/3 and that was recorded on 5/3; a number of 1/3 came on 12/3 and was corrected on 20/3."""
    season = make(clock=Clock(MARCH_1))
    season.clock.set(date(2021, 3, 5))
    season.submitted("east", "2021-03-01")
    season.clock.set(date(2021, 3, 12))
    season.desk.submit(fact("east", 150, on="2021-03-01"))
    season.clock.set(MARCH_20)
    season.do(cmd.Correct, "east", seq=23, value=140, reason="đếm lại")
    return season


def summoned(desk: Desk, at: date | int | None, known: date | None) -> object:
    with then(desk._session, at, known=known) as moment:
        case = moment.case("east")
        assert case is not None
        entry = case.fact("delegates_summoned", moment.day)
        return None if entry is None else entry.value


def test_what_was_known_of_a_day_is_what_had_been_recorded_by_then(late: StoredSeason) -> None:
    assert [summoned(late.desk, MARCH_10, known) for known in (date(2021, 3, 11), date(2021, 3, 12), MARCH_20, None)] == [
        None, 150, 140, 140,
    ]  # fmt: skip
    states = {late.desk.replay(MARCH_1, known=known).units["east"].state for known in (date(2021, 3, 5), date(2030, 1, 1))}
    assert states == {"document_approval"}


def test_what_was_known_at_an_instant_is_the_log_as_long_as_it_was(late: StoredSeason) -> None:
    instant = datetime(2021, 3, 12, 3, tzinfo=UTC)
    before = instant - timedelta(milliseconds=1)

    assert late.desk.replay(known=instant).as_of.seq == 23
    assert late.desk.replay(known=before).as_of.seq == 22
    assert late.desk.replay(known=instant.astimezone(timezone(timedelta(hours=-5)))).as_of.seq == 23
    assert late.desk.replay(known=datetime(2021, 3, 12, 10)).as_of.seq == 23  # noqa: DTZ001 - in Hanoi it is ten
    assert late.desk.replay(known=datetime(2021, 3, 12, 9, 59)).as_of.seq == 22  # noqa: DTZ001 - as above
    assert late.desk.replay(known=before).units == late.desk.replay(22).units
    assert late.desk.replay(known=date.max).units == late.desk.replay(24).units
    assert late.desk.replay(known=datetime.max.replace(tzinfo=UTC)).units == late.desk.replay(24).units
    assert late.desk.replay(known=instant).as_of.day == date(2021, 3, 12)


def test_a_units_steps_are_those_that_were_known(late: StoredSeason) -> None:
    def kinds(at: date | int | None, known: date | None) -> list[str]:
        return [step.recorded.event.kind for step in late.desk.replay_of("east", at, known=known).steps][2:]

    assert kinds(None, date(2021, 3, 11)) == ["fact_recorded", "document_filed", "advanced"]
    assert kinds(MARCH_10, date(2021, 3, 12)) == ["fact_recorded", "document_filed", "advanced", "fact_recorded"]
    assert kinds(20, date(2021, 3, 12)) == ["fact_recorded"]
    assert late.desk.replay_of("east", known=date(2021, 3, 11)).as_of.known == date(2021, 3, 11)


def test_an_annulment_that_came_later_was_not_known_before(late: StoredSeason) -> None:
    late.clock.set(date(2021, 3, 25))
    late.do(cmd.Annul, "east", by="city", seq=22, reason="nhầm")

    assert late.desk.replay(MARCH_10, known=MARCH_20).units["east"].state == "document_approval"
    assert late.desk.replay(MARCH_10).units["east"].state == "preparation"
    assert late.desk.replay_of("east", MARCH_10, known=MARCH_20).state == "document_approval"


def test_one_unit_stands_alone_as_it_stands_in_the_season(late: StoredSeason) -> None:
    late.clock.set(date(2021, 4, 28))
    late.held("west")
    late.do(cmd.Annul, "west", by="city", seq=late.size(), reason="nhầm")
    for seq in range(6, late.size() + 1):
        with then(late.desk._session, seq) as moment:
            for code in ("east", "west", "north"):
                assert own_case(late.desk._session, code, seq) == moment.case(code)
    for day in (MARCH_1, MARCH_10, MARCH_20):
        for known in (None, date(2021, 3, 12)):
            with then(late.desk._session, day, known=known) as whole:
                found = whole.case("east")
            with then(late.desk._session, day, known=known, unit="east") as alone:
                assert alone.case("east") == found


def test_what_was_known_before_the_log_was_begun_is_refused(late: StoredSeason) -> None:
    for known in (date(2019, 1, 1), date.min, datetime.min.replace(tzinfo=UTC)):
        with pytest.raises(NoSuchPosition) as error:
            late.desk.replay(known=known)
        assert error.value.what == "known"
    with pytest.raises(NoSuchPosition) as later:
        late.desk.replay_of("east", 23, known=date(2021, 3, 11))
    assert later.value.last == 22


def test_everything_known_now_is_what_is_known_without_asking(late: StoredSeason) -> None:
    assert late.desk.replay(MARCH_10, known=date.max).units == late.desk.replay(MARCH_10).units
    assert late.desk.replay(known=date.max).units == late.desk.replay(late.size()).units


# What changed in between


def said(answer: BetweenAnswer) -> dict[str, list[tuple[str, str | None, object, object]]]:
    return {one.unit.code: [(c.what, c.name, plain(c.before), plain(c.after)) for c in one.changes] for one in answer.units}


def plain(value: object) -> object:
    return f"{value.status} {value.version}" if isinstance(value, DocumentStatus) else value


def test_between_two_positions_the_units_that_changed_are_told_line_by_line(late: StoredSeason) -> None:
    late.do(cmd.Waive, "north", "2021-03-15", "city", guard="in-time", basis="dịch bệnh", until=date(2021, 6, 1))
    late.do(cmd.Postpone, "south", "2021-03-15", "city")
    late.do(cmd.SetRoll, "south", "2021-03-15", status="complete")
    late.do(cmd.Schedule, "south", "2021-03-15", day=date(2021, 5, 5))

    assert said(late.desk.between(19)) == {
        "east": [
            ("state", None, "preparation", "document_approval"),
            ("document", "political_report", None, "filed 1"),
            ("fact", "sub_committees", None, True),
            ("fact", "delegates_summoned", None, 140),
        ],
        "north": [("waiver", "in-time", None, date(2021, 6, 1))],
        "south": [
            ("roll", None, "open", "complete"),
            ("planned", None, None, date(2021, 5, 5)),
            ("postponed", None, None, "open"),
        ],
    }
    assert said(late.desk.between(23, 24)) == {"east": [("fact", "delegates_summoned", 150, 140)]}
    assert said(late.desk.between(24, 24)) == {}
    assert late.desk.between(19, 22, unit="north").units[0].changes == ()
    assert set(said(late.desk.between(2, 19))) == {"city", "east", "west", "north", "south", "north-1", "north-2"}


def test_between_two_days_it_is_what_is_known_now_of_them(late: StoredSeason) -> None:
    fact_ = ("fact", "delegates_summoned", None, 140)

    assert fact_ in said(late.desk.between(date(2021, 2, 28), MARCH_1))["east"]
    assert said(late.desk.between(MARCH_1, MARCH_20)) == {}
    assert said(late.desk.between(date(2021, 2, 28), MARCH_1, unit="east")) == {
        "east": said(late.desk.between(date(2021, 2, 28), MARCH_1))["east"]
    }
    known = said(late.desk.between(date(2021, 2, 28), MARCH_1, known=date(2021, 3, 12)))
    assert known["east"][-1] == ("fact", "delegates_summoned", None, 150)
    assert known == said(late.desk.between(date(2021, 2, 28), MARCH_1, unit="east", known=date(2021, 3, 12)))


def test_between_a_day_and_now_a_late_record_shows(late: StoredSeason) -> None:
    late.desk.submit(fact("west", 99, on="2021-03-02"))

    assert said(late.desk.between(MARCH_1)) == {"west": [("fact", "delegates_summoned", None, 99)]}
    assert said(late.desk.between(MARCH_10)) == {}
    assert said(late.desk.between(24, MARCH_10)) == {"west": [("fact", "delegates_summoned", None, 99)]}
    assert said(late.desk.between(24, MARCH_10, unit="west")) == said(late.desk.between(24, MARCH_10))


def test_a_postponement_that_ends_by_its_day_is_a_change_although_nothing_was_recorded(season: StoredSeason) -> None:
    season.do(cmd.Postpone, "south", "2021-03-15", "city", until=date(2021, 4, 1))

    assert said(season.desk.between(date(2021, 3, 20), date(2021, 4, 2))) == {
        "south": [("postponed", None, date(2021, 4, 1), None)]
    }


def test_a_unit_that_joins_or_leaves_and_a_new_attempt_are_changes(season: StoredSeason) -> None:
    begin = season.size()
    newcomer = Unit(code="north-3", name="Phường Ba", level="base", parent="north")
    season.do(cmd.EnrolUnit, "north-3", "2021-04-10", "north", enrolled=newcomer)
    season.do(cmd.RemoveUnit, "north-2", "2021-04-01", "north")

    changed = said(season.desk.between(begin))
    assert changed["north-2"] == [("member", None, True, False)]
    assert changed["north-3"][:2] == [("member", None, None, True), ("state", None, None, "preparation")]
    assert said(season.desk.between(date(2021, 4, 5), date(2021, 4, 12))) == {"north-3": changed["north-3"]}


def test_plans_that_came_into_force_and_the_values_they_change_for_a_unit(season: StoredSeason) -> None:
    begin = season.size()
    plan = attrs.evolve(sample.PLAN, id="plan-2", number="2", dated=date(2021, 4, 20))
    values = (attrs.evolve(plan.values[0], value=date(2021, 8, 31)),)
    season.do(cmd.IssuePlan, "season", "2021-04-20", "city", plan=attrs.evolve(plan, values=values), digest="d" * 64)

    changed = ("plan", "congress_by", date(2021, 7, 31), date(2021, 8, 31))
    assert [p.issued.plan for p in season.desk.between(begin).plans] == ["plan-2"]
    assert [p.issued.plan for p in season.desk.between(date(2021, 4, 1), date(2021, 4, 25)).plans] == ["plan-2"]
    assert season.desk.between(date(2021, 4, 1), date(2021, 4, 19)).plans == ()
    assert said(season.desk.between(begin, unit="east")) == {"east": [changed]}
    assert said(season.desk.between(date(2021, 4, 1), date(2021, 4, 25), unit="east")) == {"east": [changed]}
    assert said(season.desk.between(begin, unit="north-1")) == {"north-1": []}


def test_what_changed_by_position_is_the_same_unit_by_unit_as_over_the_whole_season(late: StoredSeason) -> None:
    late.clock.set(date(2021, 4, 28))
    late.held("west")
    late.do(cmd.Annul, "west", by="city", seq=late.size(), reason="nhầm")
    for first, last in ((7, 20), (20, 27), (27, late.size())):
        with then(late.desk._session, first) as begin:
            before = {case.unit.code: Stood(case) for case in begin.cases()}
        with then(late.desk._session, last) as end:
            whole = {case.unit.code: changes(before.get(case.unit.code), Stood(case)) for case in end.cases()}
        told = {one.unit.code: one.changes for one in late.desk.between(first, last).units}
        assert told == {code: found for code, found in whole.items() if found}


@pytest.mark.parametrize(("first", "last"), [(20, 19), (MARCH_10, MARCH_1), (99, None), (1, 99), (date(2019, 1, 1), None)])
def test_moments_that_are_not_there_or_go_backwards_are_refused(late: StoredSeason, first: int | date, last: int | date) -> None:
    with pytest.raises(NoSuchPosition):
        late.desk.between(first, last)
    with pytest.raises(UnknownUnit):
        late.desk.between(20, 21, unit="nobody")


# Step by step


def test_each_step_of_a_course_says_what_it_changed_and_together_they_are_all_that_changed(season: StoredSeason) -> None:
    season.held("east")
    season.do(cmd.Annul, "east", by="city", seq=27, reason="nhầm")
    steps = [season.desk.step_of("east", number) for number in range(1, 12)]

    assert [(s.number, s.of, s.step.recorded.seq) for s in steps[-2:]] == [(10, 11, 27), (11, 11, 28)]
    assert [(c.what, c.name, c.before, c.after) for c in steps[9].changes] == [
        ("state", None, "election", "pilot_review"),
        ("milestone", "held", None, date(2021, 4, 10)),
    ]
    assert [(c.what, c.before, c.after) for c in steps[10].changes] == [
        ("state", "pilot_review", "election"),
        ("milestone", date(2021, 4, 10), None),
    ]
    assert [s.state for s in steps[8:]] == ["election", "pilot_review", "election"]
    assert {v.guard for v in steps[9].step.verdicts} == {v.guard for v in season.desk.replay_of("east").steps[9].verdicts}
    for before, after in pairwise(steps):
        (changed,) = season.desk.between(before.as_of.seq, after.as_of.seq, unit="east").units
        assert tuple(c for c in changed.changes if c.what != "plan") == after.changes  # a plan is no step of the unit's own


def test_a_step_that_is_not_there_is_refused_with_how_many_there_are(season: StoredSeason) -> None:
    with pytest.raises(NoSuchPosition) as error:
        season.desk.step_of("east", 3)
    assert (error.value.what, error.value.first, error.value.last) == ("step", 1, 2)
    with pytest.raises(UnknownUnit):
        season.desk.step_of("nobody", 1)


# What it costs


def test_what_is_asked_of_one_unit_goes_to_its_own_events_and_not_through_the_log(stored: StoredSeason) -> None:
    stored.held("east")
    asked: list[str] = []
    raw = stored.desk._session.store.raw
    raw.set_trace_callback(asked.append)
    stored.desk.replay_of("east", 24)
    stored.desk.replay_of("east", MARCH_1, known=date.max)
    stored.desk.between(20, 24, unit="east")
    list(stored.desk.history("east", kinds=("advanced",), first=MARCH_1, since=MARCH_1))
    raw.set_trace_callback(None)

    about_east = [said for said in asked if "FROM log" in said and "'east'" in said]
    plans = [row[3] for said in about_east for row in raw.execute(f"EXPLAIN QUERY PLAN {said}")]
    assert len(about_east) >= 7
    assert all("(season=? AND unit=?" in plan for plan in plans if plan.startswith("SEARCH log")), plans
    assert not [plan for plan in plans if plan.startswith("SCAN")]
