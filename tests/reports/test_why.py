"""`daihoi why` as people see it."""

from __future__ import annotations

import attrs

from engine.answers import Missing
from engine.board import Note
from reports import why
from tests.reports.made import EN, PROCEDURE, VI, compared, lessons_not_drawn, quorum, read, said, todo, verdict, why_answer

UNKNOWN = verdict(
    "unknown",
    compared("fact.delegates_summoned > 0", None, 0, read(("fact", "delegates_summoned"), None)),
    guard="enough-delegates",
    todo=(todo("record", "delegates_summoned"),),
)
SMALLEST = (todo("record", "delegates_summoned"), todo("reach", "lessons_drawn", who="city"))


def test_every_guard_with_its_reason_its_todo_and_the_smallest_way() -> None:
    page = said(why.page(why_answer(lessons_not_drawn(), UNKNOWN, smallest=SMALLEST), EN))

    assert page == (
        "Quận Bắc · district · in pilot_review since 2/4/2021\n"
        "\n"
        "  to election (trigger convene, by the unit)                                  not yet: 1 unmet, 1 not known\n"
        "\n"
        "  ✗ lessons-drawn     lessons-drawn                                                        sample\n"
        '      lead.reached("lessons_drawn") is false: city leads; its pilots have held 1 of 2, still open: east\n'
        "                                                                      → city: draw the lessons\n"
        "  ? enough-delegates  enough-delegates                                                     sample\n"
        "      fact.delegates_summoned is not recorded                         → north: record it\n"
        "\n"
        "  Smallest way through: city draws the lessons; north records delegates_summoned.\n"
        "  What holds city up: daihoi why city --below\n"
    )


def test_the_same_in_vietnamese() -> None:
    page = said(why.page(why_answer(lessons_not_drawn(), UNKNOWN, smallest=SMALLEST), VI))

    assert "Quận Bắc · cấp huyện · đang ở trạng thái pilot review (vi) [pilot_review] từ 02/4/2021" in page
    assert "chưa được: 1 chưa đạt, 1 chưa rõ" in page
    assert "fact.delegates_summoned: chưa được ghi" in page
    assert "→ north: ghi dữ kiện này" in page
    assert "Xem city còn vướng gì: daihoi why city --below" in page


def test_what_blocks_comes_first_then_advice_then_what_is_met() -> None:
    met = verdict("met", guard="sub-committees")
    advice = verdict("unmet", guard="in-time", severity="should")

    page = said(why.page(why_answer(met, advice, quorum(300, 489), smallest=None), EN))

    assert page.index("✗ quorum") < page.index("! in-time") < page.index("✓ sub-committees")
    assert "in-time (shown, does not block)" in page


def test_a_step_that_may_be_taken_says_so_and_asks_nothing() -> None:
    page = said(why.page(why_answer(verdict("met")), EN))

    assert "may be taken now" in page
    assert "Smallest" not in page


def test_when_no_act_can_meet_it_the_way_out_is_named() -> None:
    late = verdict("unmet", guard="in-time")

    page = said(why.page(why_answer(late, smallest=None), EN))

    assert "No act can meet this on 28/4/2021." in page
    assert "daihoi waive north in-time --basis TEXT --until DATE" in page


def test_units_below_that_lack_the_same_are_told_together() -> None:
    missing = tuple(Missing(unit=code, todo=(todo("record", "x", who=code), todo("file", "y", who=code))) for code in ("a", "b"))
    other = Missing(unit="c", todo=(todo("approve", "y", who="north", unit="c"),))

    page = said(why.page(why_answer(quorum(1, 3), below=(*missing, other)), EN))

    assert "  a, b\n      → record x; file y\n  c\n      → north: approve y of c\n" in page


def test_nothing_below_is_said_too() -> None:
    assert "No unit below holds it up." in said(why.page(why_answer(verdict("met"), below=()), EN))


def test_a_unit_with_no_way_on_says_so() -> None:
    assert "Nothing leads on from here." in said(why.page(why_answer(ways=()), EN))


def test_what_leads_back_is_one_quiet_line() -> None:
    back = tuple(t for t in PROCEDURE.transitions if t.trigger == "refuse_recognition")
    answer = why_answer(verdict("met"), back=back)

    assert said(why.page(answer, EN)).endswith("\n\n  Ways back: refuse_recognition (by the superior: refuse recognition).\n")
    assert "  Có thể lùi bước: refuse_recognition (do cấp trên trực tiếp: refuse recognition (vi)).\n" in said(
        why.page(answer, VI)
    )
    assert why.to_json(answer, EN)["ways_back"] == [
        {"trigger": "refuse_recognition", "to": "election", "by": ["superior"], "text": "refuse recognition", "source": ""}
    ]
    assert "ways_back" not in why.to_json(attrs.evolve(answer, back=None), EN)
    assert "Ways back" not in said(why.page(attrs.evolve(answer, back=()), EN))


def test_an_untracked_roll_is_said_once() -> None:
    tracked = verdict(
        "met", compared("children.tracked", False, None, read(("children", "tracked"), False)), guard="children-held"
    )
    note = Note(code="untracked_roll", unit="north")

    page = said(why.page(why_answer(tracked, notes=(note,)), EN))

    assert "children-held: this roll is not tracked" in page
    assert "To be known" not in page


def test_the_json_has_the_keys_of_the_contract() -> None:
    answer = why_answer(
        lessons_not_drawn(), UNKNOWN, smallest=SMALLEST, below=(Missing(unit="a", todo=(todo("record", "x", who="a"),)),)
    )

    written = why.to_json(answer, EN)

    assert (written["unit"], written["state"]) == ("north", "pilot_review")
    (way,) = written["transitions"]
    assert (way["trigger"], way["to"], way["by"], way["allowed"]) == ("convene", "election", ["unit"], False)
    assert [v["verdict"] for v in way["verdicts"]] == ["unmet", "unknown"]
    assert [(t["who"], t["what"]) for t in way["smallest"]] == [
        ("city", "draw the lessons"),
        ("north", "record delegates_summoned"),
    ]
    assert [(b["unit"], [m["what"] for m in b["missing"]]) for b in written["below"]] == [("a", ["record x"])]
    assert "below" not in why.to_json(attrs.evolve(answer, below=None), EN)
    impossible = why.to_json(why_answer(lessons_not_drawn(), smallest=None), EN)
    assert impossible["transitions"][0]["smallest"] is None
