"""Every mistake in a guard has a code of its own, the column where it stands, and a guess where one can be made."""

from __future__ import annotations

import pytest

from engine.guards import GuardMistake, Names, Problem, compile_guard
from engine.guards.problems import CODES, OUTSIDE_RULES, WARNINGS
from tests.guards.sample import CONGRESS, NAMES, mistakes, program

FOUND = [
    ("", Problem("empty", 1)),
    ("x" * 1001, Problem("too_long", 1001, "1001")),
    ("!" * 70 + "fact.a", Problem("too_deep", 65, "64")),
    ("fact.a @ fact.b", Problem("unexpected_character", 8, "@")),
    ("fact.present ≥ 3", Problem("unexpected_character", 14, "≥", ">=")),
    ("fact.a & fact.b", Problem("unexpected_character", 8, "&", "&&")),
    ("fact.a = fact.b", Problem("unexpected_character", 8, "=", "==")),
    ("fact.a and fact.b", Problem("unexpected_word", 8, "and", "&&")),
    ("NOT fact.a", Problem("unexpected_word", 5, "fact")),
    ("fact.a )", Problem("unexpected_word", 8, ")")),
    ("fact.a &&", Problem("unexpected_end", 10)),
    ("fact.venue == 'hall", Problem("unclosed_string", 15, "'")),
    (r"fact.venue == 'h\all\q'", Problem("bad_escape", 21, r"\q")),
    (r"fact.venue == '\ud83d\ude00' && '\400' == ''", Problem("bad_escape", 16, r"\ud83d")),
    ("fact.present > 9223372036854775808", Problem("number_too_large", 16, "9223372036854775808")),
    ("fact.present > -(9223372036854775808)", Problem("number_too_large", 18, "9223372036854775808")),
    ("fact.present > -0x8000000000000001", Problem("number_too_large", 17, "0x8000000000000001")),
    ("fact.a && while", Problem("reserved_word", 11, "while")),
    ("delegates_present > 3", Problem("unknown_name", 1, "delegates_present")),
    ("present > 3", Problem("unknown_name", 1, "present", "fact.present")),
    ("facts.present > 3", Problem("unknown_name", 1, "facts", "fact")),
    ("fact.presnt * 3 >= fact.summoned * 2", Problem("unknown_fact", 6, "presnt", "present")),
    ("on <= fact.congress_by", Problem("unknown_fact", 12, "congress_by", "plan.congress_by")),
    ("doc.raport.filed", Problem("unknown_document", 5, "raport", "report")),
    ("doc.report.aproved", Problem("unknown_member", 12, "aproved", "approved")),
    ("unit.pilots", Problem("unknown_member", 6, "pilots", "pilot")),
    ("fact.present.total > 3", Problem("unknown_member", 14, "total")),
    ("(fact.a || fact.b).total > 3", Problem("unknown_member", 20, "total")),
    ("on <= plan.congress_buy", Problem("unknown_plan_value", 12, "congress_buy", "congress_by")),
    ("lead.reached('lesson_drawn')", Problem("unknown_milestone", 14, "lesson_drawn", "lessons_drawn")),
    ("children.reached('hold') == 3", Problem("unknown_milestone", 18, "hold", "held")),
    ("sice(fact.venue) > 3", Problem("unknown_function", 1, "sice", "size")),
    ("fact.venue.upper() == 'X'", Problem("unknown_function", 12, "upper")),
    ("children.counted('held') == 3", Problem("unknown_member", 10, "counted")),
    ("unit.reached", Problem("needs_brackets", 6, "unit.reached", 'unit.reached("…")')),
    ("unit.pilot()", Problem("takes_no_brackets", 6, "unit.pilot", "unit.pilot")),
    ("doc.report", Problem("not_a_value", 5, "doc.report", "doc.report.filed")),
    ("children == 3", Problem("not_a_value", 1, "children", "children.total")),
    ("unit.reached('held', 'recognised')", Problem("argument_count", 6, "reached", 'reached("…")')),
    ("days(on) > 3", Problem("argument_count", 1, "days", "days(a, b)")),
    ("unit.reached(fact.venue)", Problem("argument_not_literal", 19, "reached")),
    ("on < date(fact.venue)", Problem("argument_not_literal", 16, "date")),
    ("on < date('02/4/2021')", Problem("bad_date", 11, "02/4/2021")),
    ("on < date('2021-02-30')", Problem("bad_date", 11, "2021-02-30")),
    ("has(on)", Problem("has_needs_member", 5, "on")),
    ("has(unit.day('held'))", Problem("has_needs_member", 10, "unit.day('held')")),
    ("fact.present", Problem("not_bool", 1, types=("int",))),
    ("fact.present + fact.a > 3", Problem("type_mismatch", 14, "+", types=("int", "bool"))),
    ("fact.a == 1", Problem("type_mismatch", 8, "==", types=("bool", "int"))),
    ("1 < 2 < 3", Problem("type_mismatch", 7, "<", types=("bool", "int"))),
    ("on + 3 > plan.congress_by", Problem("type_mismatch", 4, "+", "days(a, b)", types=("date", "int"))),
    ("fact.a && fact.present", Problem("type_mismatch", 16, "&&", types=("int",))),
    ("!fact.present", Problem("type_mismatch", 1, "!", types=("int",))),
    ("-fact.venue == 3", Problem("type_mismatch", 1, "-", types=("string",))),
    ("fact.venue in ['a', 1]", Problem("type_mismatch", 21, "in", types=("string", "int"))),
    ("fact.present ? fact.a : fact.b", Problem("condition_not_bool", 6, types=("int",))),
    ("fact.a ? fact.b : fact.present", Problem("branches_differ", 24, types=("bool", "int"))),
    ("fact.a == null", Problem("outside_null", 11, "null")),
    ("fact.present > 1.5", Problem("outside_double", 16, "1.5")),
    ("fact.present > 1e3", Problem("outside_double", 16, "1e3")),
    ("fact.present > 2u", Problem("outside_uint", 16, "2u")),
    ("fact.venue == b'hall'", Problem("outside_bytes", 15, "b'hall'")),
    ("fact.venue in fact.method", Problem("outside_list", 20, "fact.method")),
    ("[1] == [1]", Problem("outside_list", 1, "[]")),
    ("{'a': 1} == {}", Problem("outside_map", 1, "{}")),
    ("Unit{pilot: true} == unit", Problem("outside_message", 5, "{}")),
    ("fact['present'] > 3", Problem("outside_index", 5, "[]")),
    ("children.all(c, c.held)", Problem("outside_macro", 10, "all")),
    ("int(fact.venue) > 3", Problem("outside_conversion", 1, "int")),
    ("fact.venue.startsWith('h')", Problem("outside_string_function", 12, "startsWith")),
    ("timestamp('2021-04-02T00:00:00Z') < on", Problem("outside_time", 1, "timestamp")),
    (".fact.a", Problem("outside_absolute_name", 1, ".fact")),
    ("fact.`a`", Problem("outside_quoted_name", 6, "`a`")),
]


@pytest.mark.parametrize(("expression", "problem"), FOUND)
def test_a_mistake_is_told_with_its_column_and_a_guess(expression: str, problem: Problem) -> None:
    assert mistakes(expression)[0] == problem


WARNED = [
    ("has(fact.present) && fact.present > 3", Problem("has_hides_unknown", 1, "fact.present", severity="warning")),
    ("!has(fact.present) || fact.present > 3", Problem("has_hides_unknown", 2, "fact.present", severity="warning")),
    ("has(plan.least) && fact.present > plan.least", Problem("has_hides_unknown", 1, "plan.least", severity="warning")),
    ("!(has(plan.least) && fact.present < plan.least)", Problem("has_hides_unknown", 3, "plan.least", severity="warning")),
    ("!has(plan.least) && fact.present > plan.least", Problem("has_hides_unknown", 2, "plan.least", severity="warning")),
    (
        "(!has(plan.least) || fact.present > plan.least) && has(plan.least)",
        Problem("has_hides_unknown", 52, "plan.least", severity="warning"),
    ),
    ("!has(plan.least) || fact.a", Problem("has_hides_unknown", 2, "plan.least", severity="warning")),
    ("fact.method == 'secret'", Problem("not_a_choice", 16, "secret", "secret_ballot", severity="warning")),
    ("'by hand' != fact.method", Problem("not_a_choice", 1, "by hand", severity="warning")),
    (
        "fact.method in ['show_of_hands', 'secret_balot']",
        Problem("not_a_choice", 34, "secret_balot", "secret_ballot", severity="warning"),
    ),
    ("fact.venue == 'hô\u0323i'", Problem("not_composed", 15, "'hô\u0323i'", "'hội'", severity="warning")),
    ("1 < 2", Problem("reads_nothing", 1, severity="warning")),
]


@pytest.mark.parametrize(("expression", "problem"), WARNED)
def test_what_is_seldom_meant_is_a_warning_and_the_guard_loads(expression: str, problem: Problem) -> None:
    assert program(expression).warnings == (problem,)


def test_has_alone_hides_nothing() -> None:
    assert program("has(fact.present) && (fact.a || has(plan.least))").warnings == ()


@pytest.mark.parametrize(
    "expression",
    [
        "!has(plan.least) || fact.present > plan.least",
        "fact.a || plan.least < 3 || !has(plan.least)",
        "fact.a && (!has(plan.least) || fact.present > plan.least)",
    ],
)
def test_a_plan_that_says_nothing_may_be_a_route_of_its_own(expression: str) -> None:
    assert program(expression).warnings == ()


def test_what_reads_outside_unit_is_refused_in_a_when() -> None:
    assert mistakes("unit.pilot && fact.a", unit_only=True) == (Problem("only_unit", 15, "fact"),)
    assert mistakes("on > date('2021-01-01')", unit_only=True) == (Problem("only_unit", 1, "on"),)
    assert mistakes("workdays(unit.day('held'), unit.planned_on) > 3", unit_only=True) == (Problem("only_unit", 1, "workdays"),)
    assert mistakes("!unit.pilot && unit.tag('appointed')", unit_only=True) == ()


def test_all_mistakes_are_told_at_once_in_the_order_of_the_text() -> None:
    found = mistakes("fact.presnt > 1.5 && lead.reached('helt') || fact.method == 'secret' && null")

    assert [(p.code, p.column) for p in found] == [
        ("unknown_fact", 6),
        ("outside_double", 15),
        ("unknown_milestone", 35),
        ("not_a_choice", 61),
        ("outside_null", 73),
    ]


def test_a_mistake_is_raised_with_its_problems() -> None:
    with pytest.raises(GuardMistake) as mistake:
        compile_guard("fact.nobody", NAMES)

    assert mistake.value.problems == (Problem("unknown_fact", 6, "nobody"),)


def test_every_code_has_its_test() -> None:
    tested = {problem.code for _, problem in FOUND + WARNED} | {"only_unit"}

    assert tested == CODES
    assert {p.code for _, p in WARNED} == WARNINGS
    assert OUTSIDE_RULES < CODES


def test_names_of_workflows_that_are_not_at_hand_are_accepted() -> None:
    alone = Names(CONGRESS)

    assert mistakes("parent.fact.anything > 3 && parent.doc.any_paper.filed && children.reached('ended') == 2", alone) == ()
    assert mistakes("lead.reached('ended') && parent.fact.anything && pilots.last('ended') < on", alone) == ()
    assert [p.code for p in mistakes("lead.pilots.reached('ended') == 2", alone)] == ["unknown_milestone"]
    assert [p.code for p in mistakes("unit.reached('ended') && parent.doc.any_paper.field", alone)] == [
        "unknown_milestone",
        "unknown_member",
    ]
