"""A small season with everything in it that makes an export stumble: names that are formulas or markup, words that are sealed, and every
kind of event that takes another one back.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import attrs

from engine import commands as cmd
from engine.unit import Unit
from tests import sample
from tests.store.seasons import StoredSeason

NAMES: Final = {
    "city": '=HYPERLINK("http://example.org";"Thành phố")',
    "east": "+84 Quận Đông",
    "west": '-1+1 <Huyện> & "Tây" ]]>',
    "north": "@SUM(A1:A9)",
    "south": "'Huyện Nam'\u2028\u200f\ufffe",
    "north-1": 'Phường Một, "một"; hai\tba',
    "north-2": "Phường\nHai 👩‍👩‍👧",
}  # fmt: skip

SEALED: Final = (
    "lời niêm phong về việc trả lại",
    "lời niêm phong về căn cứ",
    "lời niêm phong về điểm còn mở",
    "lời niêm phong về việc hủy",
    "lời niêm phong về việc sửa",
    "lời niêm phong về việc không công nhận",
    "lời niêm phong về việc ghi",
)
PERSON: Final = "nguyen.van.x"
DECISION: Final = "số 17 của ông Nguyễn Văn X"

UNITS: Final = tuple(attrs.evolve(unit, name=NAMES[unit.code]) for unit in sample.UNITS)


def hostile(season: StoredSeason) -> StoredSeason:
    """What happened in it, on a season opened with these units."""
    _west_is_held_and_recognised_at_its_second_attempt(season)
    _north_takes_steps_back(season)
    _the_city_draws_its_lessons_before_a_step_that_was_recorded_late(season)
    season.do(cmd.Postpone, "south", "2021-03-05", by="city", until=date(2021, 3, 20))
    season.do(cmd.Resume, "south", "2021-03-10", by="city")
    season.do(cmd.Schedule, "south", "2021-03-05", day=date(2021, 5, 20))
    season.do(cmd.EnrolUnit, "late-comer", "2021-04-02", by="city", enrolled=_late_comer())
    season.do(cmd.RemoveUnit, "north-2", "2021-04-22", by="north", reason=SEALED[5])
    return season


def _the_city_draws_its_lessons_before_a_step_that_was_recorded_late(season: StoredSeason) -> None:
    season.do(cmd.Advance, "city", "2021-04-20", trigger="draw_lessons")
    season.submitted("city", "2021-04-15")


def _late_comer() -> Unit:
    return Unit(code="late-comer", name="đến muộn", level="district", parent="city", tags=("appointed", "small"))


def _west_is_held_and_recognised_at_its_second_attempt(season: StoredSeason) -> None:
    for unit in ("east", "west"):
        season.held(unit)
    season.do(cmd.Waive, "west", "2021-04-11", "city", guard="in-time", basis=SEALED[1], until=date(2021, 12, 31))
    season.do(cmd.Advance, "west", "2021-04-11", "city", trigger="close_review")
    season.do(cmd.Advance, "west", "2021-04-12", "city", trigger="refuse_recognition", reason=SEALED[5])
    season.do(cmd.RecordFact, "west", "2021-04-15", fact="delegates_present", value=120, person=PERSON)
    season.do(cmd.Advance, "west", "2021-04-15", trigger="hold")
    season.do(cmd.Advance, "west", "2021-04-16", "city", trigger="close_review")
    season.do(cmd.Advance, "west", "2021-04-17", "city", trigger="recognise", person=PERSON)


def _north_takes_steps_back(season: StoredSeason) -> None:
    season.submitted("north", "2021-03-10")
    season.do(cmd.ReturnDocument, "north", "2021-03-11", "city", document="political_report", reason=SEALED[0])
    season.do(cmd.Advance, "north", "2021-03-11", "city", trigger="return_documents", reason=SEALED[0])
    season.do(cmd.FileDocument, "north", "2021-03-15", document="political_report", digest="ab" * 32)
    season.do(cmd.Advance, "north", "2021-03-15", trigger="submit")
    season.do(
        cmd.ApproveDocument, "north", "2021-03-20", "city", document="political_report", decision=DECISION, changes=(SEALED[2],)
    )
    wrong = season.do(cmd.Advance, "north", "2021-03-22", "city", trigger="approve")
    season.do(cmd.Annul, "north", by="city", seq=wrong.events[0].seq, reason=SEALED[3])
    season.do(cmd.Advance, "north", "2021-03-21", "city", trigger="approve")
    summoned = season.do(cmd.RecordFact, "north", "2021-03-02", fact="delegates_summoned", value=-5, reason=SEALED[6])
    season.do(cmd.Correct, "north", by="north", seq=summoned.events[0].seq, value=150, reason=SEALED[4])
    theme = season.do(cmd.RecordFact, "north", "2021-03-03", fact="theme", value="unity")
    season.do(cmd.Correct, "north", by="north", seq=theme.events[0].seq, withdraw=True, reason=SEALED[4])
    season.do(cmd.RecordFact, "north", "2021-03-04", fact="opened_on", value=date(2021, 5, 4))
