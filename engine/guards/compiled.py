"""The compiled form of a guard: one Python function that gives the outcome, and nothing to explain it with.

It is made from the table of operators, as the walk is. It settles every guard whose inputs have the types that were declared and whose
computation does not fail, known or not; for the rest it asks the walk, so that no rule about faults stands here a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from itertools import count
from typing import Any, Final, TypeAlias

from engine.guards.evaluate import Outcome, Walk
from engine.guards.operators import HELPERS, OVERLOADS, Trouble
from engine.guards.terms import Apply, Choose, Const, Has, Logic, OneOf, Read, Term, walk
from engine.readings import Calendar, Path, Reading

Run: TypeAlias = Callable[[Mapping[Path, Reading]], Outcome]

_CLASSES: Final[Mapping[str, type]] = {"bool": bool, "int": int, "string": str, "date": date, "calendar": Calendar}


def compile_term(term: Term) -> Run:
    """The function for a term that passed the check. Where types are known only when it runs, that is the walk itself."""
    by_walking = walked(term)
    if any(part.type == "dyn" for part in walk(term)):
        return by_walking
    return _Writer().function(term, by_walking)


def walked(term: Term) -> Run:
    """The walk as a function."""
    return lambda readings: Walk(readings)(term)


class _Writer:
    """Writes the source of one function. No word of the guard's text gets into it: paths, strings and dates are passed by reference."""

    def __init__(self) -> None:
        self._inputs: dict[Path, tuple[str, str]] = {}
        self._values: dict[str, Any] = {"Trouble": Trouble, **HELPERS}
        self._numbers = count()

    def function(self, term: Term, by_walking: Run) -> Run:
        self._values["walked"] = by_walking
        self._note_inputs(term)
        answer = self._outcome(term)
        loads = "".join(f"  {name} = readings[{self._value(path)}].value\n" for path, (name, _) in self._inputs.items())
        odd = " or ".join(f"type({name}) is not {kind} and {name} is not None" for name, kind in self._inputs.values())
        source = (
            f"def run(readings):\n try:\n{loads}  if {odd or False}:\n   return walked(readings)\n  return {answer}\n"
            " except (Trouble, KeyError):\n  return walked(readings)\n"
        )
        exec(compile(source, "<guard>", "exec"), self._values)  # noqa: S102 - see the class
        run: Run = self._values["run"]
        return run

    def _note_inputs(self, term: Term) -> None:
        for part in walk(term):
            if isinstance(part, Read):
                self._inputs[part.path] = (self._name("v"), self._value(_CLASSES[part.type]))
        for part in walk(term):
            if isinstance(part, Has) and part.path not in self._inputs:
                self._inputs[part.path] = (self._name("v"), "object")

    def _outcome(self, term: Term) -> str:
        """An expression that gives the value of a term, or None."""
        match term:
            case Logic():
                return self._logic(term)
            case Choose():
                condition = self._name("t")
                settled = f"{self._outcome(term.yes)} if {condition} else {self._outcome(term.no)}"
                return f"(None if ({condition} := {self._outcome(term.condition)}) is None else {settled})"
            case _:
                unknown, value = self._strict(term)
                return f"(None if {' or '.join(unknown)} else {value})" if unknown else value

    def _logic(self, term: Logic) -> str:
        deciding = term.operator == "||"
        parts = [(self._name("t"), self._outcome(part)) for part in term.parts]
        decided = " or ".join(f"({name} := {part}) is {deciding}" for name, part in parts)
        unknown = " or ".join(f"{name} is None" for name, _ in parts)
        return f"({deciding} if {decided} else None if {unknown} else {not deciding})"

    def _strict(self, term: Term) -> tuple[list[str], str]:
        """The tests for what is unknown in a term, and its value when nothing is."""
        match term:
            case Const():
                return [], repr(term.value) if isinstance(term.value, int) else self._value(term.value)
            case Read():
                name, _ = self._inputs[term.path]
                return [f"{name} is None"], name
            case Has():
                return [], f"({self._inputs[term.path][0]} is not None)"
            case Apply():
                unknown, values = self._all(term.operands)
                overload = OVERLOADS[term.operator, tuple(operand.type for operand in term.operands)]
                return unknown, overload.python(tuple(values), self._name("t"))
            case OneOf():
                unknown, values = self._all((term.needle, *term.items))
                return unknown, f"({values[0]} in ({''.join(f'{item}, ' for item in values[1:])}))"
            case _:
                name = self._name("t")
                return [f"({name} := {self._outcome(term)}) is None"], name

    def _all(self, terms: tuple[Term, ...]) -> tuple[list[str], list[str]]:
        pairs = [self._strict(term) for term in terms]
        return list(dict.fromkeys(test for tests, _ in pairs for test in tests)), [value for _, value in pairs]

    def _name(self, kind: str) -> str:
        return f"{kind}{next(self._numbers)}"

    def _value(self, value: Any) -> str:
        """A name by which the source refers to a value."""
        name = self._name("k")
        self._values[name] = value
        return name
