"""Why a guard says what it says, in words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.readings import Reading, Tally
from engine.verdicts import Because, Need, Verdict
from reports import verdicts
from tests.reports.made import EN, PROCEDURE, VI, compared, lessons_not_drawn, pilots, quorum, read, verdict


def english(found: Verdict) -> list[str]:
    return [reason.said for reason in verdicts.reasons(found, PROCEDURE, EN)]


def vietnamese(found: Verdict) -> list[str]:
    return [reason.said for reason in verdicts.reasons(found, PROCEDURE, VI)]


def test_a_quorum_that_is_missed_says_how_many_more_it_takes() -> None:
    assert english(quorum(300, 489)) == ["present 300, needs 326 (two thirds of 489 summoned): 26 more"]


def test_in_vietnamese_the_facts_are_called_by_their_own_words() -> None:
    assert vietnamese(quorum(300, 489)) == [
        "delegates_present (vi): 300, cần 326 (hai phần ba của 489 delegates_summoned (vi)), còn thiếu 26"
    ]


def test_lessons_not_drawn_name_who_leads_and_which_pilot_is_still_open() -> None:
    assert english(lessons_not_drawn()) == [
        'lead.reached("lessons_drawn") is false: city leads; its pilots have held 1 of 2, still open: east'
    ]


def test_and_in_vietnamese() -> None:
    assert vietnamese(lessons_not_drawn()) == [
        'lead.reached("lessons_drawn") chưa đúng: city chỉ đạo điểm; các đơn vị làm điểm đã tổ chức đại hội 1/2, còn thiếu: east'
    ]


@pytest.mark.parametrize(
    ("path", "reading", "words"),
    [
        (("fact", "delegates_summoned"), Reading(value=None, unit="north"), "fact.delegates_summoned is not recorded"),
        (("plan", "congress_by"), Reading(value=None, unit="north"), "no plan in force gives plan.congress_by"),
        (("calendar",), Reading(value=None, unit="north"), "no plan gives the working calendar"),
        (("doc", "political_report", "filed_on"), Reading(value=None, unit="north"), "political_report is not filed"),
        (("doc", "political_report", "approved_on"), Reading(value=None, unit="north"), "political_report is not approved"),
        (("unit", "planned_on"), Reading(value=None, unit="north"), "no day is planned"),
        (("unit", "day", "held"), Reading(value=None, unit="north"), "held is not reached yet"),
        (("parent", "fact", "opened_on"), Reading(value=None, unit="city"), "parent.fact.opened_on is not recorded"),
        (("parent", "day", "held"), Reading(value=None), "there is no unit above"),
        (
            ("lead", "reached", "lessons_drawn"),
            Reading(value=None),
            "no unit above has named pilots of this level, and no plan says that there are none",
        ),
        (
            ("children", "reached", "held"),
            Reading(
                value=None, unit="north", tally=Tally(roll="children", owner="north", milestone="held", total=3, complete=False)
            ),
            "the roll of north is still open",
        ),
        (
            ("children", "reached", "held"),
            Reading(
                value=None,
                unit="north",
                tally=Tally(roll="children", owner="north", milestone="held", total=3, complete=False, tracked=False),
            ),
            "the roll of north is not tracked",
        ),
        (
            ("pilots", "last", "held"),
            Reading(value=None, unit="city", tally=pilots(0, 2, "east", "west")),
            "none has reached held yet",
        ),
    ],
)
def test_what_is_not_known_says_who_has_not_said_it(path: Any, reading: Any, words: Any) -> None:
    because = Because(expression="x", left=None, right=1, path=path, readings=((path, reading),))

    assert english(verdict("unknown", because)) == [words]


def test_each_input_that_is_not_known_has_a_line_of_its_own_and_only_one() -> None:
    first = compared("a < b", None, None, read(("fact", "delegates_present"), None), read(("fact", "delegates_summoned"), None))
    second = compared("b > 0", None, 0, read(("fact", "delegates_summoned"), None))

    assert english(verdict("unknown", first, second)) == [
        "fact.delegates_present is not recorded",
        "fact.delegates_summoned is not recorded",
    ]


def test_a_day_that_is_too_late_says_by_how_much() -> None:
    need = Need(operator="<=", needed=date(2021, 5, 30), present=date(2021, 6, 2), missing=3, of=date(2021, 5, 30))
    because = compared("on <= plan.congress_by", date(2021, 6, 2), date(2021, 5, 30), read(("on",), date(2021, 6, 2)), need=need)

    assert english(verdict("unmet", because)) == ["the day 2/6/2021, not after 30/5/2021: 3 days late"]
    assert vietnamese(verdict("unmet", because)) == ["ngày thực hiện 02/6/2021, chậm nhất 30/5/2021: quá 3 ngày"]


def test_a_day_that_is_too_early_says_so() -> None:
    need = Need(operator=">=", needed=date(2021, 4, 1), present=date(2021, 3, 31), missing=1)
    because = compared(
        "on >= plan.congress_from", date(2021, 3, 31), date(2021, 4, 1), read(("on",), date(2021, 3, 31)), need=need
    )

    assert english(verdict("unmet", because)) == ["the day 31/3/2021, not before 1/4/2021: 1 day early"]


def test_a_roll_that_is_not_through_says_who_is_missing() -> None:
    tally = Tally(roll="children", owner="north", milestone="held", total=30, reached=8, still_open=("a", "b"), more=20)
    need = Need(operator="==", needed=30, present=8, missing=22, of=30, of_path=("children", "total"), tally=tally)
    because = compared(
        'children.reached("held") == children.total', 8, 30, read(("children", "reached", "held"), 8, tally=tally), need=need
    )

    assert english(verdict("unmet", because)) == ["its units have held 8 of 30, still open: a, b and 20 more"]


def test_open_items_are_counted() -> None:
    need = Need(operator="==", needed=0, present=2, missing=2)
    because = compared(
        "doc.political_report.open_items == 0", 2, 0, read(("doc", "political_report", "open_items"), 2), need=need
    )

    assert english(verdict("unmet", because)) == ["political_report has 2 open items"]


def test_shares_are_said_as_people_say_them() -> None:
    for share, words in (((1, 2), "half"), ((2, 3), "two thirds"), ((10, 100), "10 %"), ((3, 7), "3/7")):
        need = Need(operator=">=", needed=50, present=40, missing=10, share=share, of=100, of_path=("fact", "delegates_summoned"))
        because = compared("x", 1, 2, read(("fact", "delegates_present"), 40), need=need)

        assert english(verdict("unmet", because)) == [f"present 40, needs 50 ({words} of 100 summoned): 10 more"]


def test_too_many_is_said_the_other_way_round() -> None:
    need = Need(operator="<=", needed=3, present=5, missing=2)
    because = compared("fact.duration <= 3", 5, 3, read(("fact", "duration"), 5), need=need)

    assert english(verdict("unmet", because)) == ["duration 5, may be 3 at most: 2 too many"]


def test_a_document_that_was_not_filed_is_called_so() -> None:
    because = compared("doc.political_report.filed", False, None, read(("doc", "political_report", "filed"), False))

    assert english(verdict("unmet", because)) == ["political_report is not filed"]


def test_a_comparison_without_a_need_shows_both_sides() -> None:
    because = compared("fact.a + fact.b == fact.c", 1100, 1200, read(("fact", "a"), 1100))

    assert english(verdict("unmet", because)) == ["fact.a + fact.b == fact.c is false: 1,100 against 1,200"]
    assert vietnamese(verdict("unmet", because)) == ["fact.a + fact.b == fact.c chưa đúng: vế trái là 1.100, vế phải là 1.200"]


def test_an_error_is_told_as_one() -> None:
    because = Because(expression="fact.a / fact.b > 1", left=None, right=1, error="division_by_zero")

    assert english(verdict("error", because, error="division_by_zero")) == [
        "fact.a / fact.b > 1 cannot be computed: division by zero"
    ]


def test_what_is_met_or_waived_needs_no_reason() -> None:
    assert english(verdict("met")) == []
    assert english(verdict("waived", waiver_seq=7)) == []
    assert verdicts.remark(verdict("waived", waiver_seq=7), EN) == ": waived (event 7)"


def test_a_should_that_is_unmet_is_marked_as_shown_only() -> None:
    found = verdict("unmet", severity="should")

    assert verdicts.mark(found) == "!"
    assert verdicts.remark(found, EN) == " (shown, does not block)"


def test_the_json_of_a_verdict_has_the_keys_of_the_contract() -> None:
    written = verdicts.to_json(quorum(300, 489), PROCEDURE, EN)

    assert {k: written[k] for k in ("guard", "text", "verdict", "severity", "source")} == {
        "guard": "quorum",
        "text": "quorum",
        "verdict": "unmet",
        "severity": "must",
        "source": "sample",
    }
    (because,) = written["because"]
    assert {k: because[k] for k in ("expression", "left", "right", "needs")} == {
        "expression": "fact.delegates_present * 3 >= fact.delegates_summoned * 2",
        "left": 900,
        "right": 978,
        "needs": 326,
    }
    (todo,) = written["todo"]
    assert (todo["who"], todo["what"]) == ("north", "record delegates_present")
