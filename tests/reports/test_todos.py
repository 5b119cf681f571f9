"""Who has to do what, in words."""

from __future__ import annotations

from typing import Any

import pytest

from reports import todos
from tests.reports.made import EN, PROCEDURE, VI, todo


@pytest.mark.parametrize(
    ("deed", "name", "english", "vietnamese"),
    [
        ("record", "delegates_summoned", "record delegates_summoned", "ghi delegates_summoned (vi) [delegates_summoned]"),
        ("file", "political_report", "file political_report", "nộp political report (vi) [political_report]"),
        ("reach", "lessons_drawn", "draw the lessons", "tổ chức rút kinh nghiệm"),
        ("reach", "held", "hold", "hold (vi)"),
        ("reach", "nowhere_awarded", "reach “nowhere_awarded”", "đạt mốc “nowhere_awarded”"),
        (
            "issue",
            "congress_by",
            "issue a plan that gives congress_by",
            "ban hành kế hoạch quy định congress by (vi) [congress_by]",
        ),
        ("schedule", "planned_on", "set the planned day of the congress", "định ngày dự kiến đại hội"),
        ("take", "submit", "take submit", "submit (vi)"),
    ],
)
def test_each_kind_of_input_has_its_verb(deed: Any, name: Any, english: Any, vietnamese: Any) -> None:
    assert todos.what(todo(deed, name), PROCEDURE, EN) == english
    assert todos.what(todo(deed, name), PROCEDURE, VI) == vietnamese


def test_an_act_for_another_unit_names_it() -> None:
    approval = todo("approve", "political_report", who="city", unit="north")

    assert todos.to_line(approval, PROCEDURE, EN) == "city: approve political_report of north"


def test_the_smallest_way_is_a_sentence_with_a_verb_for_each() -> None:
    way = (todo("reach", "lessons_drawn", who="city"), todo("record", "delegates_summoned"))

    assert todos.sentence(way, PROCEDURE, EN) == "city draws the lessons; north records delegates_summoned"
    assert todos.sentence(way, PROCEDURE, VI) == (
        "city tổ chức rút kinh nghiệm; north ghi delegates_summoned (vi) [delegates_summoned]"
    )


def test_inputs_of_one_kind_that_one_unit_owes_are_told_together() -> None:
    way = (todo("record", "a"), todo("record", "b"), todo("file", "c"))

    assert todos.sentence(way, PROCEDURE, EN) == "north records a, b; north files c"


def test_interchangeable_units_are_any_of_them() -> None:
    any_two = todo("reach", "held", who="city", any_of=("x", "y", "z"), count=2)

    assert todos.what(any_two, PROCEDURE, EN) == "hold (any 2 of x, y, z)"
    assert todos.sentence((any_two,), PROCEDURE, EN) == "any 2 of x, y, z: hold"
    written = todos.to_json(any_two, PROCEDURE, EN)
    assert (written["any_of"], written["count"]) == (["x", "y", "z"], 2)


@pytest.mark.parametrize(
    ("verb", "third"),
    [("draw", "draws"), ("have", "has"), ("fix", "fixes"), ("carry", "carries"), ("employ", "employs"), ("reach", "reaches")],
)
def test_english_verbs_take_their_s(verb: Any, third: Any) -> None:
    assert todos.third_person(f"{verb} it") == f"{third} it"


def test_an_act_that_is_due_says_the_steps_words_in_both_languages() -> None:
    due = todo("take", "draw_lessons", who="city")

    assert todos.what(due, PROCEDURE, EN) == "take draw_lessons (draw the lessons)"
    assert todos.sentence((due,), PROCEDURE, EN) == "city takes draw_lessons (draw the lessons)"
    assert todos.what(due, PROCEDURE, VI) == "tổ chức rút kinh nghiệm"
