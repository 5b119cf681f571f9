"""The verdict on a guard: what it says, the comparisons that decided, how far off they are, and who could do what.

The same walk gives the result and the words, so that they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from engine.guards.evaluate import Fault, Outcome, Walk
from engine.guards.inputs import UNREAD, Inputs, Roles
from engine.guards.needs import need_of
from engine.guards.operators import COMPARISONS
from engine.guards.program import Program
from engine.guards.syntax import spell
from engine.guards.terms import Apply, Choose, Logic, OneOf, Term, paths
from engine.readings import Path, Reading
from engine.values import Value
from engine.verdicts import Because, Result, Todo, Verdict
from engine.workflow import Guard, Workflow


def judge(guard: Guard, program: Program, readings: Mapping[Path, Reading], workflow: Workflow, roles: Roles) -> Verdict:
    """What a guard says about these readings, with the words' material. Never raises."""
    inputs = Inputs(readings, workflow, roles)
    explanation = _Explanation(inputs)
    result, error = _result(explanation.walk(program.term))
    deciding = [(explanation.because(term, wanted=w), term, w) for term, w in explanation.deciding(program.term, wanted=True)]
    todo = [t for because, term, w in deciding for t in explanation.todo(because, term, wanted=w)] if result != "met" else []
    return Verdict(
        guard=guard.id,
        result=result,
        severity=guard.severity,
        because=tuple(dict.fromkeys(because for because, _, _ in deciding)),
        todo=tuple(dict.fromkeys(todo)),
        readings=tuple((path, inputs.reading(path)) for path in program.reads),
        error=error,
    )


def outcome(guard: Guard, program: Program, readings: Mapping[Path, Reading]) -> Verdict:
    """The same verdict without the words' material: all that an event keeps of it, at a fraction of the price."""
    result, error = _result(program.run(readings))
    read = tuple((path, readings.get(path, UNREAD)) for path in program.reads)
    return Verdict(guard=guard.id, result=result, severity=guard.severity, readings=read, error=error)


def _result(outcome: Outcome) -> tuple[Result, str | None]:
    if outcome is None:
        return "unknown", None
    if isinstance(outcome, Fault):
        return "error", outcome.reason
    if isinstance(outcome, bool):
        return ("met" if outcome else "unmet"), None
    return "error", "no_such_overload"


class _Explanation:
    """Why one guard says what it says. `wanted`: what a term would have to be for the guard to be met (under ``!``: False)."""

    def __init__(self, inputs: Inputs) -> None:
        self.walk = Walk(inputs.readings)
        self._inputs = inputs

    def deciding(self, term: Term, *, wanted: bool) -> Iterator[tuple[Term, bool]]:
        """The comparisons and bare names that decide a term, in the order of the text, each with what is wanted of it."""
        match term:
            case Logic():
                for part in self._deciding_parts(term, wanted=wanted):
                    yield from self.deciding(part, wanted=wanted)
            case Apply(operator="!", operands=(inner,)):
                yield from self.deciding(inner, wanted=not wanted)
            case Choose():
                yield from self._deciding_choice(term, wanted=wanted)
            case _:
                yield term, wanted

    def _deciding_parts(self, term: Logic, *, wanted: bool) -> list[Term]:
        """`a && b` that is false is held up by whatever is not true; that is true, by all of its parts. `||` is its mirror."""
        decisive = term.operator == "||"
        if self.walk(term) is decisive and wanted is decisive:
            return [part for part in term.parts if self.walk(part) is decisive]
        if wanted is not decisive and self.walk(term) is not wanted:
            return [part for part in term.parts if self.walk(part) is not wanted]
        return list(term.parts)

    def _deciding_choice(self, term: Choose, *, wanted: bool) -> Iterator[tuple[Term, bool]]:
        condition = self.walk(term.condition)
        if not isinstance(condition, bool):
            yield from self.deciding(term.condition, wanted=True)
            return
        yield from self.deciding(term.condition, wanted=condition)
        yield from self.deciding(term.yes if condition else term.no, wanted=wanted)

    def because(self, term: Term, *, wanted: bool) -> Because:
        outcome = self.walk(term)
        read = tuple((path, self._inputs.reading(path)) for path in paths(term))
        left, right = _sides(term)
        return Because(
            expression=spell(term.node),
            left=_value(self.walk(left)),
            right=None if right is None else _value(self.walk(right)),
            path=next(iter(paths(left)), None),
            need=need_of(term, self.walk, read, wanted=wanted),
            readings=read,
            error=outcome.reason if isinstance(outcome, Fault) else None,
        )

    def todo(self, because: Because, term: Term, *, wanted: bool) -> tuple[Todo, ...]:
        """The inputs that would help one comparison."""
        if self.walk(term) is wanted:
            return ()
        count = _count(because)
        helping = (tuple(t for path in side for t in self._inputs.todos(path, count)) for side in self._sides_to_change(term))
        return next(filter(None, helping), ())

    def _sides_to_change(self, term: Term) -> list[tuple[Path, ...]]:
        """What is not known; else the left side, whose need is shown; else the right one."""
        outcome = self.walk(term)
        if outcome is None:
            return [tuple(path for path in paths(term) if self._inputs.reading(path).value is None)]
        if isinstance(outcome, Fault):
            return [paths(term)]
        left, right = _sides(term)
        return [paths(left), () if right is None else paths(right)]


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


def _count(because: Because) -> int:
    """How many units more it takes, where units are counted."""
    missing = None if because.need is None else because.need.missing
    return missing or 1
