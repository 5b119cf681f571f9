"""Replay: the season and one unit as they stood, as they were known, and what changed in between; on every kind of store."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from engine import commands as cmd
from store.desk import Desk
from store.errors import NoSuchPosition
from store.questions.moments import own_case, then
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
