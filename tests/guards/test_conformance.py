"""Where CEL has an answer, ours is the same; what we leave out is refused by a rule of the language."""

from __future__ import annotations

import os
from typing import Any

import pytest

from tests.guards import conformance
from tests.guards.sample import variables

PRESENT = conformance.FILE.exists()
REASON = (
    f"CEL'S OWN CASES WERE NOT RUN: {conformance.FILE} is absent"
    + (" - AND THIS IS CI, WHICH SHOULD HAVE IT" if os.environ.get("CI") else "")
)  # fmt: skip
needs_cases = pytest.mark.skipif(not PRESENT, reason=REASON)

KNOWN_CASES = 249
KNOWN_COUNTS = {
    "inside": 184,
    "outside_conversion": 18,
    "outside_null": 7,
    "outside_string_function": 15,
    "outside_time": 25,
}


@needs_cases
@pytest.mark.parametrize("case", conformance.cases() if PRESENT else [], ids=conformance.title)
def test_a_case_gives_cels_answer_or_is_refused_by_a_rule(case: dict[str, Any]) -> None:
    found = conformance.answer(case)

    assert found.kind == "outside" or conformance.agrees(found, case["expect"]), (case["expr"], found, case["expect"])


@needs_cases
def test_the_cases_that_came_with_the_project_are_inside_and_outside_by_these_rules() -> None:
    counts = conformance.counts()

    print(counts)  # noqa: T201 - the report of inside and outside, with pytest -s
    assert sum(counts.values()) == len(conformance.cases())
    if len(conformance.cases()) == KNOWN_CASES:
        assert counts == KNOWN_COUNTS


@needs_cases
@pytest.mark.parametrize("kind", ["double", "null", "timestamp", "bytes"])
def test_a_value_of_a_type_we_do_not_have_is_outside(kind: str) -> None:
    """No case may be inside by accident: whoever expects such a type has to have met a rule."""
    expecting = [c for c in conformance.cases() if c["expect"].get("type") == kind]

    assert all(conformance.answer(case).kind == "outside" for case in expecting)


def test_a_qualified_name_is_one_name() -> None:
    case = {"expr": "a.b.c == 'yeah'", "bindings": {"a.b.c": {"type": "string", "value": "yeah"}}, "unchecked": False}

    assert conformance.answer(case) == conformance.Answer("value", value=True)
    assert variables({"a.b.c": "string", "a.d": "int"}).members.keys() == {"a"}
