"""Whatever is typed into a guard gives one clean answer: no traceback, no endless parse."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.guards import GuardMistake
from engine.guards.parser import parse
from engine.guards.problems import CODES
from tests.guards.sample import mistakes, program


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("!" * 900 + "fact.a", "too_deep"),
        ("-" * 900 + "1 > 0", "too_deep"),
        ("!" * 20_000 + "fact.a", "too_long"),
        ("-" * 20_000 + "1 > 0", "too_long"),
        ("(" * 900, "unexpected_end"),
        ("(" * 450 + "fact.a" + ")" * 449, "unexpected_end"),
        ("(" * 449 + "fact.a" + ")" * 450, "unexpected_word"),
        ("(" * 20_000 + "fact.a" + ")" * 20_000, "too_long"),
        ("[" * 450 + "]" * 450, "too_deep"),
        ("size(" * 150 + "'a'" + ")" * 150 + " > 0", "too_deep"),
        ("unit" + ".unit" * 190, "too_deep"),
        ("+".join(["1"] * 400) + " > 0", "too_deep"),
        ("fact.a ? " * 70 + "fact.b" + " : fact.c" * 70, "too_long"),
        ("fact.a?" * 70 + "fact.b" + ":true" * 70, "unexpected_word"),
        ("fact.a?fact.a:" * 65 + "fact.b", "too_deep"),
        ("fact.present > " + "9" * 900, "number_too_large"),
        ("fact.present > 0x" + "f" * 900, "number_too_large"),
        ("fact.present > " + "9" * 20_000, "too_long"),
        ("fact.present > " + "-" * 30 + "9" * 900, "number_too_large"),
        ("'" + "a" * 20_000, "too_long"),
        ("fact.venue == '" + "a" * 900, "unclosed_string"),
        ("\\" * 900, "unexpected_character"),
        ("//" + "x" * 900, "empty"),
    ],
)
def test_what_is_too_much_is_one_mistake(expression: str, code: str) -> None:
    assert [p.code for p in mistakes(expression)] == [code]


def test_brackets_are_free() -> None:
    assert program("(" * 490 + "fact.a" + ")" * 490).reads == (("fact", "a"),)


def test_chains_of_and_and_or_are_flat() -> None:
    assert program(" && ".join(["fact.a"] * 99)).reads == (("fact", "a"),)
    assert program(" || ".join(["fact.a"] * 99)).reads == (("fact", "a"),)


def test_cels_own_least_sizes_are_met() -> None:
    """32 levels, 32 operators in a row, 32 items: cel-spec, doc/langdef.md, "Syntax"."""
    assert program("!" * 32 + "fact.a").type == "bool"
    assert program("+".join(["1"] * 32) + " > 0").type == "bool"
    assert program("fact.present in [" + ", ".join(map(str, range(32))) + "]").type == "bool"
    assert program("fact.a ? fact.b : " * 32 + "fact.c").type == "bool"
    assert program("fact.a" + " == fact.b" * 32).type == "bool"


def test_the_deepest_that_is_allowed_evaluates() -> None:
    assert program("!" * 62 + "fact.a").run({}) is None


@pytest.mark.parametrize(
    "expression", ["\ud800", "'\ud800'", "fact.\ud800", "\x00", "a\x00b", "\ufeff1", "é", "'a\nb'", "\u00a0true"]
)
def test_characters_that_are_no_part_of_the_language_are_named(expression: str) -> None:
    with pytest.raises(GuardMistake) as mistake:
        parse(expression)

    assert {p.code for p in mistake.value.problems} <= {"unexpected_character", "unclosed_string", "unexpected_word"}


WORDS = st.sampled_from(
    [
        *["fact.a", "fact.present", "unit.tag('x')", "has", "size", "date(", "days", "null", "true", "in", "if", "é"],
        *["(", ")", "[", "]", "{", "}", "!", "-", "&&", "||", "?", ":", "==", "<", ".", ",", "`", "\\", "\n", "//"],
        *["1", "0x", "1.5", "2u", "'", '"', "b'x'", "r'", r"'\u00e9'"],
    ]
)


@given(words=st.lists(WORDS | st.text(max_size=3), max_size=20), glue=st.sampled_from(["", " "]))
@example(words=["1"], glue="")
def test_no_text_at_all_raises_anything_but_a_mistake(words: list[str], glue: str) -> None:
    for problem in mistakes(glue.join(words)):
        assert problem.code in CODES
        assert problem.column >= 1
