"""What Hoàng Mai is told on 28/4/2021, when one of the two pilots has held its congress."""

from __future__ import annotations

from engine.outlook import ways
from engine.workflow import source_in
from tests.procedures.played import play

QUARTER = "Kế hoạch Bắc Ninh, 2020"


def test_four_guards_stand_before_hoang_mai_convenes_and_each_says_what_it_should() -> None:
    (way,) = ways(play("two-pilots").view("hoang-mai"))

    assert (way.transition.trigger, way.to, way.allowed) == ("convene", "election", False)
    assert [(v.guard, v.result, v.severity) for v in way.verdicts] == [
        ("lessons-drawn", "unmet", "must"),
        ("delegates-summoned", "unknown", "must"),
        ("district-quarter-3", "unmet", "should"),
        ("children-held", "met", "must"),
    ]


def test_the_smallest_way_through_is_the_lessons_and_the_number_of_delegates() -> None:
    (way,) = ways(play("two-pilots").view("hoang-mai"))

    assert way.smallest is not None
    assert {(t.who, t.deed, t.name) for t in way.smallest} == {
        ("ha-noi", "reach", "lessons_drawn"),
        ("hoang-mai", "record", "delegates_summoned"),
    }


def test_the_lessons_wait_for_dong_anh_alone() -> None:
    (way,) = ways(play("two-pilots").view("hoang-mai"))
    (because,) = way.verdicts[0].because
    ((_, reading),) = because.readings

    assert reading.tally is not None
    assert (reading.unit, reading.tally.reached, reading.tally.total) == ("ha-noi", 1, 2)
    assert reading.tally.still_open == ("dong-anh",)


def test_sources_read_in_both_languages() -> None:
    guards = play("two-pilots").scenario.season.workflows["district"].guard_by_id
    shown = [guards[g] for g in ("lessons-drawn", "delegates-summoned", "district-quarter-3", "children-held")]

    assert [source_in(g, "en") for g in shown] == [
        "71/KH-BTV, I",
        "5024/QĐ-ĐCT (extract)",
        "Bắc Ninh plan, 2020",
        "000 Long Biên, practice",
    ]
    assert [source_in(g, "vi") for g in shown] == ["71/KH-BTV, I", "5024/QĐ-ĐCT (trích)", QUARTER, "000 Long Biên, thực tế"]
