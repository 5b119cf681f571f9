"""The values that a guard had read, in words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.readings import Calendar, Path, Reading, Tally
from reports import readings
from tests.reports.made import EN, FACT, PROCEDURE, SUMMONED, VI, compared, pilots, read, verdict

CHILDREN = Tally(roll="children", owner="north", milestone=None, total=3)
OPEN = Tally(roll="children", owner="north", milestone="held", total=3, complete=False)


def words_of(path: Path, value: Any, words: Any = EN, **fields: Any) -> str:
    return readings.reading_words(path, Reading(value=value, **fields), PROCEDURE, words)


@pytest.mark.parametrize(
    ("path", "value", "fields", "english"),
    [
        (FACT, 1300, {"seq": 12}, "delegates_present = 1,300 (event 12)"),
        (("fact", "sub_committees"), False, {"seq": 3}, "sub_committees = no (event 3)"),
        (("fact", "opened_on"), date(2021, 4, 2), {}, "opened_on = 2/4/2021"),
        (FACT, None, {"unit": "north"}, "fact.delegates_present is not recorded"),
        (("on",), date(2021, 4, 28), {}, "the day = 28/4/2021"),
        (
            ("plan", "least_delegates"),
            100,
            {"seq": 2, "plan": "plan-1", "unit": "city"},
            "least number of delegates = 100 (plan plan-1 of city)",
        ),
        (("doc", "political_report", "approved"), True, {"seq": 9}, "political report: approved = yes (event 9)"),
        (("doc", "political_report", "open_items"), 2, {"seq": 9}, "political report: open items = 2 (event 9)"),
        (("doc", "annex", "filed_on"), date(2021, 4, 2), {}, "annex: filed on = 2/4/2021"),
        (("unit", "pilot"), True, {"unit": "east"}, "is a pilot = yes"),
        (("unit", "tag", "cycle.2021"), True, {"unit": "east"}, "tag cycle.2021 = yes"),
        (("unit", "day", "held"), date(2021, 4, 2), {"unit": "east", "seq": 40}, "milestone held = 2/4/2021 (event 40)"),
        (("parent", "reached", "held"), True, {"unit": "city", "seq": 40}, "milestone held of city = yes (event 40)"),
        (("parent", "doc", "political_report", "version"), 2, {"unit": "city"}, "political report: version of city = 2"),
        (("parent", "fact", "delegates_summoned"), 7, {"unit": "city"}, "delegates_summoned of city = 7"),
        (
            ("lead", "reached", "lessons_drawn"),
            False,
            {"unit": "city", "tally": pilots(1, 2, "east")},
            "milestone lessons_drawn of city = no",
        ),
        (("pilots", "reached", "held"), 1, {"tally": pilots(1, 2, "east")}, "its pilots have held 1 of 2, still open: east"),
        (
            ("lead", "pilots", "reached", "held"),
            1,
            {"unit": "city", "tally": pilots(1, 2, "east")},
            "city leads; its pilots have held 1 of 2, still open: east",
        ),
        (("pilots", "last", "held"), date(2021, 4, 2), {"tally": pilots(2, 2)}, "the last pilot = 2/4/2021"),
        (("children", "total"), 3, {"tally": CHILDREN}, "3 units below"),
        (("children", "tracked"), False, {}, "the roll of units below is tracked = no"),
        (("children", "reached", "held"), None, {"unit": "north", "tally": OPEN}, "the roll of north is still open"),
        (("calendar",), Calendar(), {"plan": "plan-1", "unit": "city"}, "the working calendar of plan plan-1"),
        (("calendar",), None, {"unit": "city"}, "no plan gives the working calendar"),
    ],
)
def test_each_value_by_its_name_with_what_gave_it(path: Path, value: Any, fields: dict[str, Any], english: str) -> None:
    assert words_of(path, value, **fields) == english


def test_vietnamese_says_the_procedures_words() -> None:
    assert words_of(SUMMONED, 1489, VI, seq=7) == "delegates_summoned (vi) = 1.489 (sự kiện 7)"
    assert words_of(("doc", "political_report", "filed"), True, VI) == "political report (vi): đã nộp = có"
    assert words_of(("parent", "day", "held"), date(2021, 4, 2), VI, unit="city") == "mốc held (vi) của city = 02/4/2021"


def test_a_guard_that_was_met_says_its_numbers_too() -> None:
    met = verdict("met", compared("x", 1, 1, read(FACT, 326, seq=12), read(SUMMONED, 489, seq=7)))

    assert readings.sentence(met, PROCEDURE, EN) == (
        "read then: delegates_present = 326 (event 12); delegates_summoned = 489 (event 7)"
    )
    assert readings.sentence(verdict("met"), PROCEDURE, EN) == ""


def test_programs_get_every_value_by_the_name_that_the_guard_calls_it() -> None:
    (fact, tally) = readings.to_json(
        (read(FACT, 326, seq=12), read(("pilots", "reached", "held"), 1, unit="city", tally=pilots(1, 2, "east"))), PROCEDURE, EN
    )

    assert fact == {
        "name": "fact.delegates_present",
        "value": 326,
        "unit": "north",
        "seq": 12,
        "plan": None,
        "tally": None,
        "words": "delegates_present = 326 (event 12)",
    }
    assert (tally["name"], tally["value"], tally["tally"]["still_open"]) == ("pilots.reached.held", 1, ["east"])
