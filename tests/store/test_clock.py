"""When acts are recorded: never before the last one, and in a rehearsal on a day of its own."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from engine import commands as cmd
from engine.refusals import WrongDay
from store.sources import seeded_sources, system_sources
from tests import sample
from tests.store.seasons import Clock, Maker, StoredSeason, act, fact, opened, reopened


def recorded_at(season: StoredSeason) -> list[tuple[str, str | None]]:
    return [(line.recorded.at, line.recorded.clock) for line in season.desk.history("east")][2:]


def test_recorded_at_never_goes_back_and_says_what_the_clock_said(season: StoredSeason) -> None:
    season.desk.submit(fact("east", 1))
    season.clock.set(date(2021, 4, 1))
    season.desk.submit(fact("east", 2))
    season.clock.set(date(2021, 5, 1))
    season.desk.submit(fact("east", 3))

    assert recorded_at(season) == [
        ("2021-04-28T03:00:00.000Z", None),
        ("2021-04-28T03:00:00.000Z", "2021-04-01T03:00:00.000Z"),
        ("2021-05-01T03:00:00.000Z", None),
    ]
    assert [n.code for n in season.desk.notes()] == ["clock_behind"]
    assert season.desk.verify().ok


def test_a_live_act_is_not_of_tomorrow(season: StoredSeason) -> None:
    season.desk.submit(fact("east", 1, on="2021-04-28"))

    refusal = season.refused(cmd.RecordFact, "east", "2021-04-29", fact="theme", value="unity")
    assert isinstance(refusal, WrongDay)
    assert (refusal.why, refusal.bound) == ("future", date(2021, 4, 28))


def test_a_live_clock_cannot_be_moved(season: StoredSeason) -> None:
    with pytest.raises(ValueError, match="live"):
        season.desk.advance_clock(date(2021, 5, 1))


def test_a_rehearsal_begins_on_the_day_of_its_opening_and_moves_on_with_its_acts(make: Maker) -> None:
    season = make(origin="diễn tập")
    assert season.desk.today() == sample.OPENED_ON

    season.desk.submit(fact("east", 1, on="2021-03-01"))
    assert season.desk.today() == date(2021, 3, 1)
    season.desk.submit(fact("east", 2, on="2021-02-01"))
    assert season.desk.today() == date(2021, 3, 1)
    season.desk.advance_clock(date(2021, 4, 28))
    assert season.desk.today() == date(2021, 4, 28)
    season.desk.advance_clock(date(2021, 4, 1))
    assert season.desk.today() == date(2021, 4, 28)
    season.do(cmd.RecordFact, "east", fact="theme", value="unity")

    assert [line.recorded.on for line in season.desk.history("east")][-1] == date(2021, 4, 28)
    assert [at[:10] for at, _ in recorded_at(season)] == ["2021-03-01", "2021-03-01", "2021-04-28"]
    assert season.desk.verify().ok


def test_a_refused_act_does_not_move_a_rehearsals_clock(make: Maker) -> None:
    season = make(origin="diễn tập")
    season.refused(cmd.Advance, "east", "2021-03-01", trigger="submit")

    assert season.desk.today() == sample.OPENED_ON


def test_a_rehearsals_clock_stands_where_it_was_left(tmp_path: Path) -> None:
    path = tmp_path / "season.db"
    season = opened(path, origin="diễn tập")
    season.desk.advance_clock(date(2021, 4, 28))
    season.desk.close()

    with reopened(path) as desk:
        assert desk.today() == date(2021, 4, 28)
        assert desk.rehearsal


def test_a_rehearsal_without_a_day_opens_today(make: Maker) -> None:
    season = make(origin="diễn tập", opening=sample.opening(on=None))  # type: ignore[arg-type]  # no day: today

    assert season.desk.today() == date(2021, 4, 28)


def test_the_machines_sources_are_aware_of_the_zone_and_never_the_same() -> None:
    sources = system_sources()

    assert sources.clock().tzinfo is UTC
    assert len({sources.salt() for _ in range(100)}) == 100
    assert all(len(sources.salt()) == 16 for _ in range(3))
    ids = [sources.new_id() for _ in range(100)]
    assert len(set(ids)) == 100
    assert all(i[14] == "4" and i[19] in "89ab" and len(i) == 36 for i in ids)


def test_a_seed_gives_the_same_salts_and_ids_each_time() -> None:
    one, other, third = (seeded_sources(seed, Clock()) for seed in (7, 7, 8))

    assert [one.salt(), one.new_id()] == [other.salt(), other.new_id()] != [third.salt(), third.new_id()]
    assert one.clock() == datetime(2021, 4, 28, 3, tzinfo=UTC)


def test_an_act_of_a_repeated_command_keeps_its_day(season: StoredSeason) -> None:
    command = act(cmd.RecordFact, "east", fact="theme", value="unity")
    first = season.desk.submit(command, command_id="3f2c8a52-0000-4000-8000-000000000001")
    season.clock.set(date(2021, 5, 5))

    assert season.desk.submit(command, command_id="3f2c8a52-0000-4000-8000-000000000001").receipt == first.receipt
