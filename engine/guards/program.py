"""A guard compiled once: its term, what it reads, and the function that gives its outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Final

import attrs

from engine.guards.check import Checker
from engine.guards.compiled import compile_term, walked
from engine.guards.evaluate import Outcome
from engine.guards.names import Names, Scope, Type
from engine.guards.problems import GuardMistake, Problem
from engine.guards.terms import Has, Logic, Read, Term, negated, paths, walk
from engine.readings import Path, Reading

_DAYS: Final = frozenset({"day", "first", "last"})


@attrs.frozen(kw_only=True)
class Program:
    """A guard that passed the check.

    `reads`: every path it reads, in the order of first reading. `reads_day`: it reads the day of the act or a milestone's day, so
    that time alone can make it impossible. `warnings`: what the author should look at again. `sound`: the check found no mistake.
    """

    expression: str
    term: Term
    type: Type
    reads: tuple[Path, ...]
    reads_day: bool
    sound: bool = True
    warnings: tuple[Problem, ...] = ()

    @cached_property
    def run(self) -> Callable[[Mapping[Path, Reading]], Outcome]:
        """The outcome for some readings, without the words."""
        return compile_term(self.term) if self.sound else walked(self.term)


def compile_guard(expression: str, names: Names, *, unit_only: bool = False) -> Program:
    """Compile a guard, which must be a bool. `unit_only`: it may read `unit` alone (a route's or a guard's `when`).

    Raises `GuardMistake` with everything that is wrong, warnings included.
    """
    program, problems = compile_expression(expression, names.scope, unit_only=unit_only)
    if program.type not in ("bool", "dyn"):
        problems = (*problems, Problem("not_bool", 1, types=(program.type,)))
    if any(p.severity == "error" for p in problems):
        raise GuardMistake(tuple(sorted(problems, key=lambda p: p.column)))
    return attrs.evolve(program, warnings=problems)


def compile_expression(expression: str, scope: Scope, *, unit_only: bool = False) -> tuple[Program, tuple[Problem, ...]]:
    """Compile an expression of any type, and say what is wrong with it; with errors its program is not fit for use as a guard.

    Raises `GuardMistake` only where there is no term at all.
    """
    from engine.guards.parser import parse  # noqa: PLC0415 - lark is loaded when the first guard is compiled, not before

    checker = Checker(scope, unit_only=unit_only)
    term = checker.term(parse(expression))
    reads = paths(term)
    problems = tuple(checker.problems)
    sound = not any(p.severity == "error" for p in problems)
    if sound:
        problems += _doubts(term)
    return (
        Program(
            expression=expression,
            term=term,
            type=term.type,
            reads=reads,
            reads_day=any(_is_day(path) for path in reads),
            sound=sound,
        ),
        problems,
    )


def holds(program: Program, readings: Mapping[Path, Reading]) -> bool | None:
    """Whether a guard holds; None when that is not yet known. A fault counts as False: it blocks, and a route does not exist."""
    outcome = program.run(readings)
    return None if outcome is None else outcome is True


def _is_day(path: Path) -> bool:
    """Whether time passes it by: the day of the act, or the day of a milestone."""
    if path[0] in ("fact", "doc", "plan") or path[:2] == ("parent", "doc"):
        return False
    return path == ("on",) or not _DAYS.isdisjoint(path[1:-1])


def _doubts(term: Term) -> tuple[Problem, ...]:
    """What is allowed, but seldom meant."""
    if not paths(term):
        return (Problem("reads_nothing", 1, severity="warning"),)
    valued = {part.path for part in walk(term) if isinstance(part, Read)}
    plain, routes = set(_plain_has(term)), set(_where_plans_are_silent(term))
    return tuple(
        Problem("has_hides_unknown", part.node.column, ".".join(part.path), severity="warning")
        for part in walk(term)
        if isinstance(part, Has) and id(part) not in routes and (part.path in valued or id(part) not in plain)
    )


def _plain_has(term: Term) -> list[int]:
    """The `has()` that only ask for something to be there: without it the guard is false, which hides nothing."""
    if isinstance(term, Has):
        return [id(term)]
    return [found for part in term.parts for found in _plain_has(part)] if isinstance(term, Logic) else []


def _where_plans_are_silent(term: Term) -> Iterator[int]:
    """The `has()` of ``!has(plan.x) || … plan.x …``: a route of its own for units of whom no plan asks it.

    That a plan says nothing is an answer; that nobody has recorded a fact is none, so the same over a fact keeps its warning.
    """
    if not isinstance(term, Logic):
        return
    for part in term.parts:
        yield from _where_plans_are_silent(part)
        asked = negated(part) if term.operator == "||" else None
        if isinstance(asked, Has) and asked.path[0] == "plan" and any(_reads(other, asked.path) for other in term.parts):
            yield id(asked)


def _reads(term: Term, path: Path) -> bool:
    return any(isinstance(part, Read) and part.path == path for part in walk(term))
