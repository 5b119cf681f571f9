"""What can be wrong with a guard's text: codes and typed fields, no sentences (`reports` makes the words).

A code that begins with ``outside_`` is a rule about the language: the text is good CEL, but of a part of CEL that guards leave out.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import attrs

Grade: TypeAlias = Literal["error", "warning"]

GREATEST_LENGTH: Final = 1_000
GREATEST_DEPTH: Final = 64

OUTSIDE_RULES: Final = frozenset(
    {
        "outside_absolute_name",
        "outside_bytes",
        "outside_conversion",
        "outside_double",
        "outside_index",
        "outside_list",
        "outside_macro",
        "outside_map",
        "outside_message",
        "outside_null",
        "outside_quoted_name",
        "outside_string_function",
        "outside_time",
        "outside_uint",
    }
)

WARNINGS: Final = frozenset({"has_hides_unknown", "not_a_choice", "not_composed", "reads_nothing"})

CODES: Final = (
    OUTSIDE_RULES
    | WARNINGS
    | frozenset(
        {
            "argument_count",
            "argument_not_literal",
            "bad_date",
            "bad_escape",
            "branches_differ",
            "condition_not_bool",
            "empty",
            "has_needs_member",
            "needs_brackets",
            "not_a_value",
            "not_bool",
            "number_too_large",
            "only_unit",
            "reserved_word",
            "takes_no_brackets",
            "too_deep",
            "too_long",
            "type_mismatch",
            "unclosed_string",
            "unexpected_character",
            "unexpected_end",
            "unexpected_word",
            "unknown_document",
            "unknown_fact",
            "unknown_function",
            "unknown_member",
            "unknown_milestone",
            "unknown_name",
            "unknown_plan_value",
        }
    )
)


@attrs.frozen
class Problem:
    """One mistake. `column` counts characters from 1 over the whole text; `name` is the word it is about.

    `types`: for a mistake of types, the types that were found, in the order of the text.
    """

    code: str
    column: int
    name: str = ""
    guess: str | None = None
    severity: Grade = "error"
    types: tuple[str, ...] = ()


class GuardMistake(Exception):
    """A guard's text cannot be used. `problems` holds all that was found, in the order of the text, warnings among them."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems
