"""History: what is asked for is found, on every kind of store, and what has to be seen at an event is told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine import commands as cmd
from engine.actors import Actor
from engine.leaf import EVENTS
from engine.refusals import UnknownName, UnknownUnit
from store.questions import sought
from tests.store.seasons import Maker, StoredSeason, fact


def seqs(season: StoredSeason, unit: str | None = None, **narrowed: Any) -> list[int]:
    return [line.recorded.seq for line in season.desk.history(unit, **narrowed)]


def marks(season: StoredSeason, unit: str | None = None) -> dict[int, list[tuple[str, dict[str, Any]]]]:
    return {
        line.recorded.seq: [(mark.code, dict(mark.fields)) for mark in line.marks]
        for line in season.desk.history(unit)
        if line.marks
    }


# What is asked for


@pytest.fixture
def busy(season: StoredSeason) -> StoredSeason:
    """Events 20 to 27 are east's up to its congress (hold is the last), 28 to 30 of two wards, 31 a waiver for north."""
    season.held("east")
    season.desk.submit(fact("north-1", 1, on="2021-04-27"))
    season.desk.submit(fact("north-2", 2, on="2021-04-28"))
    season.clock.set(date(2021, 5, 3))
    season.do(cmd.RecordFact, "north-1", "2021-05-02", person="NV-1", fact="delegates_present", value=3)
    season.do(cmd.Waive, "north", "2021-05-03", "city", guard="in-time", basis="dịch bệnh", until=date(2021, 6, 1))
    return season


def test_a_part_of_the_tree_is_a_unit_and_all_below_it(busy: StoredSeason, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = {"north", "north-1", "north-2"}
    expected = [line.recorded.seq for line in busy.desk.history() if line.recorded.unit in wanted]

    assert seqs(busy, under="north") == expected
    assert seqs(busy, under="north", limit=3) == expected[-3:]
    assert seqs(busy, under="north-1") == seqs(busy, "north-1")
    assert seqs(busy, "north-1", under="north") == seqs(busy, "north-1")
    assert seqs(busy, "east", under="north") == []
    monkeypatch.setattr(sought, "_FEW", 0)  # as a part with many events is gone through
    assert seqs(busy, under="north") == expected
    assert seqs(busy, under="north", limit=3) == expected[-3:]
    assert seqs(busy, under="north", kinds=("fact_recorded",)) == [28, 29, 30]


def test_events_are_found_by_kind_and_by_who_recorded_them(busy: StoredSeason) -> None:
    assert seqs(busy, kinds=("guard_waived", "advanced")) == [22, 24, 27, 31]
    assert seqs(busy, kinds=("advanced",), by=Actor(unit="city")) == [24]
    assert seqs(busy, by=Actor(unit="Phường Một", person=" NV-1 ")) == [30]
    assert seqs(busy, by=Actor(unit="north-1", person="NV-2")) == []
    assert seqs(busy, by=Actor(unit="union")) == []
    with pytest.raises(UnknownUnit):
        seqs(busy, by=Actor(unit="nobody"))


def test_a_guard_is_found_in_verdicts_and_in_its_waivers(busy: StoredSeason) -> None:
    assert seqs(busy, guard="in-time") == [27, 31]
    assert seqs(busy, guard="in-time", kinds=("guard_waived",)) == [31]
    assert seqs(busy, guard="in-time", kinds=("fact_recorded",)) == []
    assert seqs(busy, "east", guard="sub-committees") == [22]
    assert seqs(busy, guard="in-time", limit=1) == [31]


def test_the_days_of_recording_and_the_days_on_which_it_took_place_are_two_things(busy: StoredSeason) -> None:
    assert seqs(busy, since=date(2021, 5, 3)) == [30, 31]
    assert seqs(busy, until=date(2021, 5, 2)) == list(range(1, 30))
    assert seqs(busy, since=date(2021, 4, 28), until=date(2021, 5, 2), limit=2) == [28, 29]
    assert seqs(busy, first=date(2021, 4, 28)) == [29, 30, 31]
    assert seqs(busy, first=date(2021, 4, 10), last=date(2021, 4, 27)) == [25, 26, 27, 28]
    assert seqs(busy, first=date(2021, 5, 1), until=date(2021, 5, 2)) == []
    assert seqs(busy, since=date.min, until=date.max, first=date.min, last=date.max) == list(range(1, 32))


def test_what_came_late_is_found_by_how_late_it_came(busy: StoredSeason) -> None:
    assert seqs(busy, "north-1", late=0)[-2:] == [28, 30]
    assert seqs(busy, kinds=("fact_recorded",), late=0) == [20, 25, 26, 28, 30]
    assert seqs(busy, kinds=("fact_recorded",), late=1) == [20, 25, 26]
    assert seqs(busy, kinds=("fact_recorded",), late=18) == [20]
    assert seqs(busy, kinds=("fact_recorded",), late=58) == []


def test_a_day_of_recording_is_a_day_where_the_season_is_held(season: StoredSeason) -> None:
    season.clock.set(date(2021, 4, 28), hour=20)  # in Hanoi it is the 29th
    season.desk.submit(fact("east", 1, on="2021-04-29"))

    assert seqs(season, until=date(2021, 4, 28))[-1] == 19
    assert seqs(season, until=date(2021, 4, 29))[-1] == 20


def test_a_kind_or_guard_that_is_not_there_is_refused_with_those_that_are(season: StoredSeason) -> None:
    with pytest.raises(UnknownName) as kind:
        seqs(season, kinds=("advanced", "dreamt"))
    with pytest.raises(UnknownName) as guard:
        seqs(season, guard="quorun")
    with pytest.raises(UnknownUnit):
        seqs(season, under="nobody")

    assert (kind.value.name, kind.value.known) == ("dreamt", tuple(EVENTS))
    assert "quorum" in guard.value.known


def test_many_events_are_narrowed_a_page_at_a_time(season: StoredSeason) -> None:
    season.desk.submit_all([fact(("east", "north-1")[n % 2], n, on=f"2021-03-0{1 + n % 3}") for n in range(1300)])

    assert len(seqs(season, "east", kinds=("fact_recorded",))) == 650
    assert seqs(season, under="north", kinds=("fact_recorded",), limit=600) == list(range(121, 1320, 2))[-600:]
    assert len(seqs(season, late=56, kinds=("fact_recorded",))) == 867
    assert len(seqs(season, late=56, kinds=("fact_recorded",), limit=700)) == 700


# What has to be seen


def test_late_records_and_a_clock_that_went_back_are_marked(season: StoredSeason) -> None:
    season.desk.submit(fact("north-1", 1, on="2021-04-16"))
    season.desk.submit(fact("north-1", 2, on="2021-04-28"))
    season.clock.set(date(2021, 4, 27), hour=20)
    season.desk.submit(fact("north-1", 3, on="2021-04-28"))

    clock = {"clock": "2021-04-27T20:00:00.000Z", "day": date(2021, 4, 28), "time": "03:00"}
    assert {seq: said for seq, said in marks(season, "north-1").items() if seq > 19} == {
        20: [("late", {"days": 12})],
        22: [("clock_back", clock)],
    }


def test_corrections_and_annulments_are_marked_where_they_stand_and_where_they_point(season: StoredSeason) -> None:
    season.held("east", on="2021-04-28")
    season.do(cmd.Annul, "east", by="city", seq=27, reason="nhầm")
    season.do(cmd.Correct, "east", by="east", seq=26, value=139, reason="đếm lại")
    season.do(cmd.Correct, "east", by="east", seq=26, value=138, reason="đếm lại lần nữa")
    season.do(cmd.Correct, "east", by="east", seq=25, withdraw=True, reason="của đơn vị khác")

    codes = {seq: [(code, f.get("seq")) for code, f in said if code != "late"] for seq, said in marks(season, "east").items()}
    assert codes[25] == [("withdrawn_by", 31)]
    assert codes[26] == [("corrected_by", 29), ("corrected_by", 30)]
    assert codes[27] == [("annulled_by", 28)]
    assert codes[28] == [("annuls", 27)]
    assert codes[29] == [("corrects", 26), ("superseded", None)]
    assert codes[30] == [("corrects", 26)]
    assert codes[31] == [("withdraws", 25)]


def test_waivers_are_marked_and_so_are_the_steps_taken_under_them(make: Maker) -> None:
    season = make()
    season.clock.set(date(2021, 8, 20))
    season.do(cmd.Waive, "east", "2021-08-10", "city", guard="in-time", basis="dịch bệnh", until=date(2021, 9, 1))
    season.held("east", on="2021-08-20")

    said = {code: fields for found in marks(season, "east").values() for code, fields in found}
    assert said["waives"] == {"guard": "in-time", "until": date(2021, 9, 1)}
    assert said["waived"] == {"guard": "in-time"}
