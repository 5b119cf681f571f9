"""Against another implementation of CEL, in Rust, on expressions nobody thought of.

The oracle has no unknowns: a name that nobody bound is an error there, so unknown and error are one class here (which of the two beats the
other has its own truth table in `test_three_values`).
"""

from __future__ import annotations

from collections import Counter

import cel
import pytest

from engine.guards.evaluate import Fault, Outcome, Walk
from engine.guards.names import Type
from engine.guards.operators import LEAST_INT64
from engine.guards.problems import GREATEST_LENGTH
from engine.guards.program import compile_expression
from engine.guards.terms import Apply, Choose, Logic, Term, walk
from engine.readings import Path, Reading
from engine.values import type_of
from tests.guards.generator import BOUND, UNBOUND, Generator
from tests.guards.sample import variables

EXPRESSIONS = 20_000
PARTS = 8
TYPES: dict[str, Type] = {**{name: type_of(value) for name, value in BOUND.items()}, **UNBOUND}
SCOPE = variables(TYPES)
READINGS: dict[Path, Reading] = {(name,): Reading(value=value) for name, value in BOUND.items()}

NO_VALUE = "no value"


def oracle(expression: str) -> object:
    try:
        return cel.evaluate(expression, dict(BOUND))
    except (ArithmeticError, RuntimeError, TypeError, ValueError):
        return NO_VALUE


def as_one_class(outcome: Outcome) -> object:
    return NO_VALUE if outcome is None or isinstance(outcome, Fault) else outcome


def met_on_the_way(term: Term, seen: Walk) -> Counter[tuple[str, str]]:
    """What stood directly under each `&&`, `||` and `?:`: overflow, a zero divisor, an unknown."""
    found: Counter[tuple[str, str]] = Counter()
    for part in walk(term):
        if isinstance(part, Logic | Choose):
            operator = part.operator if isinstance(part, Logic) else "?:"
            below = part.parts if isinstance(part, Logic) else (part.condition, part.yes, part.no)
            for outcome in map(seen, below):
                if outcome is None or isinstance(outcome, Fault):
                    found[operator, "unknown" if outcome is None else outcome.reason] += 1
    return found


def oracle_wraps(term: Term, seen: Walk) -> bool:
    """The oracle gives -(-2**63) as -2**63, where CEL's own case `int64_min_negate` has an error: nothing to compare there."""
    negated = (part.operands[0] for part in walk(term) if isinstance(part, Apply) and part.operator == "negate")
    return any(seen(operand) == LEAST_INT64 for operand in negated)


@pytest.mark.parametrize("part", range(PARTS))
def test_both_give_the_same_for_thousands_of_expressions(part: int) -> None:
    generator, reached = Generator(seed=part), Counter[tuple[str, str]]()
    answers: Counter[bool] = Counter()
    done = 0
    while done < EXPRESSIONS // PARTS:
        expression = generator.expression()
        if len(expression) > GREATEST_LENGTH:
            continue
        program, problems = compile_expression(expression, SCOPE)
        assert not [p for p in problems if p.severity == "error"], (expression, problems)
        seen = Walk(READINGS)
        if oracle_wraps(program.term, seen):
            continue
        done += 1
        outcome = program.run(READINGS)
        expected = oracle(expression)

        assert outcome == seen(program.term), expression
        assert as_one_class(outcome) == expected, (expression, outcome, expected)
        assert type(as_one_class(outcome)) is type(expected), (expression, outcome, expected)
        reached += met_on_the_way(program.term, seen)
        answers[expected == NO_VALUE] += 1

    kinds = {(operator, kind) for operator in ("&&", "||", "?:") for kind in ("unknown", "overflow", "division_by_zero")}
    assert {what for what, times in reached.items() if times >= 10} >= kinds, reached
    assert min(answers.values()) > done // 10
