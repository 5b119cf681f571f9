"""The CEL project's own cases, run on our language.

``python -m tests.guards.conformance`` prints how many are inside and outside the subset, by rule.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any, Final, Literal

import attrs

from engine.guards import GuardMistake
from engine.guards.evaluate import Fault, Outcome, Walk
from engine.guards.names import Type
from engine.guards.problems import OUTSIDE_RULES, Problem
from engine.guards.program import Program, compile_expression
from engine.readings import Reading
from engine.values import TYPE_NAMES, Value, type_of
from tests.guards.sample import variables

FILE: Final = Path(__file__).parents[3] / "shared" / "cel-conformance.json"

Kind = Literal["value", "error", "outside"]


@attrs.frozen
class Answer:
    """What our language makes of a case: a value, an error (at load or at evaluation), or a rule that it is outside."""

    kind: Kind
    value: Value | None = None
    rule: str = ""


def cases() -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads(FILE.read_text("utf-8"))["cases"]
    return loaded


def title(case: dict[str, Any]) -> str:
    return f"{case['file']}/{case['section']}/{case['name']}"


def answer(case: dict[str, Any]) -> Answer:
    """Our answer. A case that is marked unchecked goes to the evaluator whatever the checker says."""
    program, problems = _compiled(case)
    outside = [p.code for p in problems if p.code in OUTSIDE_RULES]
    if outside:
        return Answer("outside", rule=outside[0])
    wrong = [p.code for p in problems if p.severity == "error"]
    if program is None or (wrong and not case["unchecked"]):
        return Answer("error", rule=wrong[0])
    return _evaluated(program, case["bindings"])


def agrees(found: Answer, expected: dict[str, Any]) -> bool:
    """Whether an answer from inside is CEL's."""
    if "error" in expected:
        return found.kind == "error"
    return (
        found.kind == "value"
        and found.value is not None
        and type_of(found.value) == expected["type"]
        and found.value == expected["value"]
    )


def _compiled(case: dict[str, Any]) -> tuple[Program | None, tuple[Problem, ...]]:
    types: dict[str, Type] = {name: b["type"] for name, b in case["bindings"].items() if b["type"] in TYPE_NAMES}
    try:
        return compile_expression(case["expr"], variables(types))
    except GuardMistake as mistake:
        return None, mistake.problems


def _evaluated(program: Program, bindings: dict[str, Any]) -> Answer:
    readings = {tuple(name.split(".")): Reading(value=b["value"]) for name, b in bindings.items()}
    outcome = program.run(readings)
    assert outcome == Walk(readings)(program.term), "the compiled form and the walk disagree"
    return _answer(outcome)


def _answer(outcome: Outcome) -> Answer:
    if isinstance(outcome, Fault):
        return Answer("error", rule=outcome.reason)
    return Answer("value", value=outcome if isinstance(outcome, bool | int | str) else None)


def counts() -> dict[str, int]:
    """How many cases are inside, and how many outside by which rule."""
    found = [answer(case) for case in cases()]
    return dict(sorted(Counter(a.rule if a.kind == "outside" else "inside" for a in found).items()))


if __name__ == "__main__":
    for name, number in counts().items():
        print(f"{number:5}  {name}")  # noqa: T201 - it is what this module is run for
