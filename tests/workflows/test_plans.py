"""A plan's file: values of the right kinds, in the ranges every reader can hold, each said once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine.plan import Scope
from engine.values import GREATEST_RECORDED
from tests.workflows.files import PLAN, checked_plan, edited, told
from workflows.problems import FileMistakes


def test_a_plan_is_read_with_its_values_and_its_pilots(tmp_path: Path) -> None:
    loaded = checked_plan(tmp_path, PLAN)
    plan = loaded.plan

    assert loaded.problems == ()
    assert (plan.id, plan.issuer, plan.number, plan.year, plan.dated) == ("plan-1", "top", "1", 2026, date(2026, 1, 5))
    assert plan.values[0].value == 5
    assert plan.values[1].value == date(2026, 6, 30)
    assert plan.values[1].scope == Scope(level="group")
    assert [(p.level, p.count, p.units) for p in loaded.pilots] == [("group", 1, ("group-a",))]


def test_a_plan_may_leave_its_date_blank(tmp_path: Path) -> None:
    assert checked_plan(tmp_path, edited(PLAN, "dated = 2026-01-05\n", "")).plan.dated is None


def test_the_working_calendar_is_part_of_the_plan(tmp_path: Path) -> None:
    loaded = checked_plan(tmp_path, PLAN + "[calendar]\ndays_off = [2026-04-30, 2026-05-01]\ndays_on = [2026-05-09]\n")

    assert loaded.plan.days_off == (date(2026, 4, 30), date(2026, 5, 1))
    assert loaded.plan.days_on == (date(2026, 5, 9),)


@pytest.mark.parametrize(
    ("old", "new", "code", "where", "guess"),
    [
        ('number = "1"', "number = 1", "E-TYPE", "number", None),
        ("year = 2026", 'year = "2026"', "E-TYPE", "year", None),
        ("dated = 2026-01-05", "dated = 2026-01-05T10:00:00", "E-TYPE", "dated", None),
        ("dated = 2026-01-05", 'dated = "5/1/2026"', "E-TYPE", "dated", None),
        ("dated = 2026-01-05", "dated = 0202-01-05", "E-YEAR", "dated", None),
        ('issuer = "top"\n', "", "E-KEY-MISSING", "issuer", None),
        ('issuer = "top"', 'issuer = "Hội"', "E-ID", "issuer", "hoi"),
        ("value = 5", "value = 5.5", "E-TYPE", "values[1].value", None),
        ("value = 5", "value = [5]", "E-TYPE", "values[1].value", None),
        ("value = 5", "value = nan", "E-TYPE", "values[1].value", None),
        ("value = 5", f"value = {GREATEST_RECORDED + 1}", "E-INTEGER", "values[1].value", None),
        ("value = 5", f"value = {-GREATEST_RECORDED - 1}", "E-INTEGER", "values[1].value", None),
        ("value = 5\n", "", "E-KEY-MISSING", "values[1].value", None),
        ("value = 5", "value = 5\nvaleu = 6", "E-KEY-UNKNOWN", "values[1].valeu", "value"),
        ('scope = { level = "group" }', 'scope = { levle = "group" }', "E-KEY-UNKNOWN", "values[2].scope.levle", "level"),
        ('scope = { level = "group" }', "scope = { pilot = 1 }", "E-TYPE", "values[2].scope.pilot", None),
        ('name = "meeting_by"', 'name = "meeting-by"', "E-ID", "values[2].name", "meeting_by"),
        ("count = 1", "count = -1", "E-COUNT", "pilots[1].count", None),
        ("count = 1", "count = 2", "E-PILOTS-LISTED", "pilots[1].units", None),
        ('text.vi = "Kế hoạch"\n', "", "E-TEXT-MISSING", "text.vi", None),
    ],
)
def test_one_mistake_is_told_with_code_place_and_guess(
    tmp_path: Path, old: str, new: str, code: str, where: str, guess: str | None
) -> None:
    loaded = checked_plan(tmp_path, edited(PLAN, old, new))

    assert (code, where, guess) in [(p.code, p.where, p.guess) for p in loaded.problems]
    with pytest.raises(FileMistakes):
        loaded.raise_errors()


@pytest.mark.parametrize("value", [GREATEST_RECORDED, -GREATEST_RECORDED, 0])
def test_the_greatest_and_least_integers_are_fine(tmp_path: Path, value: str) -> None:
    loaded = checked_plan(tmp_path, edited(PLAN, "value = 5", f"value = {value}"))

    assert loaded.problems == ()
    assert loaded.plan.values[0].value == value


def test_false_is_a_value_like_any_other(tmp_path: Path) -> None:
    assert checked_plan(tmp_path, edited(PLAN, "value = 5", "value = false")).plan.values[0].value is False


def test_one_value_for_one_scope_is_said_once(tmp_path: Path) -> None:
    text = PLAN + '[[values]]\nname = "quorum"\nvalue = 6\n'

    assert told(checked_plan(tmp_path, text).problems) == [("E-VALUE-TWICE", "values[3]")]


def test_a_day_is_not_both_off_and_worked(tmp_path: Path) -> None:
    text = PLAN + "[calendar]\ndays_off = [2026-05-01]\ndays_on = [2026-05-01]\n"

    assert told(checked_plan(tmp_path, text).problems) == [("E-DAY-BOTH", "calendar.days_on")]


def test_two_wrong_days_of_one_list_are_two_mistakes(tmp_path: Path) -> None:
    loaded = checked_plan(tmp_path, PLAN + '[calendar]\ndays_off = [2026-05-01, "2026-05-02", 3]\n')

    assert told(loaded.problems) == [("E-TYPE", "calendar.days_off[2]"), ("E-TYPE", "calendar.days_off[3]")]


def test_a_table_among_days_is_a_mistake_and_not_the_end_of_the_program(tmp_path: Path) -> None:
    loaded = checked_plan(tmp_path, PLAN + '[calendar]\ndays_off = [2026-05-01, { level = "base" }]\n')

    assert told(loaded.problems) == [("E-TYPE", "calendar.days_off[2]")]
