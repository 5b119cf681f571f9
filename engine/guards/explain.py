"""The verdict on a guard: what it says, the comparisons that decided, how far off they are, and who could do what.

The same walk gives the result and the words, so that they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TypeAlias

from engine.guards.evaluate import Fault, Outcome, Walk
from engine.guards.inputs import Inputs, Roles
from engine.guards.needs import need_of
from engine.guards.operators import COMPARISONS
from engine.guards.program import Program
from engine.guards.syntax import spell
from engine.guards.terms import Apply, Choose, Has, Logic, OneOf, Term, paths
from engine.readings import Path, Reading
from engine.values import Value
from engine.verdicts import Because, Result, Todo, Verdict
from engine.workflow import Guard, Workflow

Decider: TypeAlias = tuple[Term, bool]
"""A comparison or a bare name, and what it would have to be."""


def judge(
    guard: Guard, program: Program, readings: Mapping[Path, Reading], workflow: Workflow, roles: Roles
) -> Verdict:
    """What a guard says about these readings, with the words' material. Never raises."""
    inputs = Inputs(readings, workflow, roles)
    walk = Walk(readings)
    outcome = walk(program.term)
    result, error = _result(outcome)
    deciding = tuple(_deciding(program.term, True, walk))
    explained = [(_because(term, wanted, walk, inputs), term, wanted) for term, wanted in deciding]
    todo = () if result == "met" else tuple(t for because, term, wanted in explained for t in _todo(because, term, wanted, walk, inputs))
    return Verdict(
        guard=guard.id,
        result=result,
        severity=guard.severity,
        because=tuple(dict.fromkeys(because for because, _, _ in explained)),
        todo=tuple(dict.fromkeys(todo)),
        readings=tuple((path, inputs.reading(path)) for path in program.reads),
        error=error,
    )


def _result(outcome: Outcome) -> tuple[Result, str | None]:
    if outcome is None:
        return "unknown", None
    if isinstance(outcome, Fault):
        return "error", outcome.reason
    if isinstance(outcome, bool):
        return ("met" if outcome else "unmet"), None
    return "error", "no_such_overload"


def _deciding(term: Term, wanted: bool, walk: Walk) -> Iterator[Decider]:
    """The comparisons and bare names that decide a term, in the order of the text."""
    match term:
        case Logic():
            for part in _deciding_parts(term, wanted, walk):
                yield from _deciding(part, wanted, walk)
        case Apply(operator="!"):
            yield from _deciding(term.operands[0], not wanted, walk)
        case Choose():
            yield from _deciding_choice(term, wanted, walk)
        case _:
            yield term, wanted


def _deciding_parts(term: Logic, wanted: bool, walk: Walk) -> list[Term]:
    """`a && b` that is false is held up by whatever is not true; that is true, by all of its parts. `||` is its mirror."""
    decisive = term.operator == "||"
    if walk(term) is decisive and wanted is decisive:
        return [part for part in term.parts if walk(part) is decisive]
    if wanted is not decisive and walk(term) is not wanted:
        return [part for part in term.parts if walk(part) is not wanted]
    return list(term.parts)


def _deciding_choice(term: Choose, wanted: bool, walk: Walk) -> Iterator[Decider]:
    condition = walk(term.condition)
    if not isinstance(condition, bool):
        yield from _deciding(term.condition, True, walk)
        return
    yield from _deciding(term.condition, condition, walk)
    yield from _deciding(term.yes if condition else term.no, wanted, walk)


def _because(term: Term, wanted: bool, walk: Walk, inputs: Inputs) -> Because:
    outcome = walk(term)
    read = tuple((path, inputs.reading(path)) for path in paths(term))
    left, right = _sides(term)
    return Because(
        expression=spell(term.node),
        left=_value(walk(left)),
        right=None if right is None else _value(walk(right)),
        path=next(iter(paths(left)), None),
        need=need_of(term, wanted, walk, read),
        readings=read,
        error=outcome.reason if isinstance(outcome, Fault) else None,
    )


def _sides(term: Term) -> tuple[Term, Term | None]:
    match term:
        case Apply() if term.operator in COMPARISONS:
            return term.operands[0], term.operands[1]
        case OneOf():
            return term.needle, None
        case _:
            return term, None


def _value(outcome: Outcome) -> Value | None:
    return outcome if isinstance(outcome, bool | int | str | date) else None


def _todo(because: Because, term: Term, wanted: bool, walk: Walk, inputs: Inputs) -> Iterator[Todo]:
    """The inputs that would help one comparison: what is not known; else its left side, whose need is shown; else its right."""
    outcome = walk(term)
    if outcome is wanted:
        return
    sides: list[tuple[Path, ...]]
    if outcome is None:
        sides = [tuple(path for path in paths(term) if inputs.reading(path).value is None)]
    elif isinstance(term, Has) or isinstance(outcome, Fault):
        sides = [paths(term)]
    else:
        left, right = _sides(term)
        sides = [paths(left), () if right is None else paths(right)]
    for side in sides:
        todos = [todo for path in side for todo in inputs.todos(path, _count(because))]
        if todos:
            yield from todos
            return


def _count(because: Because) -> int:
    """How many units more it takes, where units are counted."""
    missing = None if because.need is None else because.need.missing
    return 1 if missing is None or missing < 1 else missing
