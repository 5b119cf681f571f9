"""The walk over a guard's term: three-valued, with errors.

An outcome is a value, None where it is not yet known, or a `Fault`. Unknown beats a fault wherever both are needed: what is missing
may still come, and only then is it certain that the computation fails. ``&&`` and ``||`` are settled by one deciding part, whatever the
others are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TypeAlias, cast

import attrs

from engine.guards.names import Type
from engine.guards.operators import OVERLOADS, UNEQUAL_TYPES, Operand, Trouble
from engine.guards.terms import Apply, Broken, Choose, Const, Has, Logic, OneOf, Read, Term
from engine.readings import Calendar, Path, Reading
from engine.values import Value, type_of


@attrs.frozen
class Fault:
    """A computation that failed. `reason`: ``overflow``, ``division_by_zero``, ``no_such_overload``, …"""

    reason: str


Outcome: TypeAlias = Operand | Fault | None

_NO_OVERLOAD = Fault("no_such_overload")


class Walk:
    """One evaluation. Asked for a term, it remembers the answer: words are made from the same outcomes as the verdict.

    `asked`: what `has()` of some paths says in their place, for those who look ahead.
    """

    def __init__(self, readings: Mapping[Path, Reading], *, asked: Mapping[Path, bool | None] = MappingProxyType({})) -> None:
        self._readings = readings
        self._asked = asked
        self._found: dict[int, Outcome] = {}

    def __call__(self, term: Term) -> Outcome:
        key = id(term)
        if key not in self._found:
            self._found[key] = self._outcome(term)
        return self._found[key]

    def _outcome(self, term: Term) -> Outcome:
        match term:
            case Const():
                return term.value
            case Read():
                return self._value(term.path)
            case Has():
                return self._asked[term.path] if term.path in self._asked else self._value(term.path) is not None
            case Apply():
                return apply(term.operator, [self(operand) for operand in term.operands])
            case Logic():
                return decide((self(part) for part in term.parts), deciding=term.operator == "||")
            case OneOf():
                return one_of(self(term.needle), [self(item) for item in term.items])
            case Choose():
                return self._chosen(term)
            case Broken():
                return Fault(term.reason)

    def _value(self, path: Path) -> Operand | None:
        reading = self._readings.get(path)
        return None if reading is None else reading.value

    def _chosen(self, term: Choose) -> Outcome:
        condition = self(term.condition)
        if condition is True or condition is False:
            return self(term.yes if condition else term.no)
        return condition if condition is None or isinstance(condition, Fault) else _NO_OVERLOAD


def missing(outcomes: Iterable[Outcome]) -> tuple[bool, Fault | None]:
    """Whether one of them is unknown, and else the first fault among them."""
    fault = None
    for outcome in outcomes:
        if outcome is None:
            return True, None
        if fault is None and isinstance(outcome, Fault):
            fault = outcome
    return False, fault


def apply(operator: str, operands: list[Outcome]) -> Outcome:
    """An operator of the table on operands that are all needed."""
    unknown, fault = missing(operands)
    if unknown or fault is not None:
        return fault
    types = tuple(_type(operand) for operand in operands)
    overload = OVERLOADS.get((operator, types))
    if overload is None:
        return UNEQUAL_TYPES.get(operator, _NO_OVERLOAD)
    try:
        return overload.apply(*operands)
    except Trouble as trouble:
        return Fault(trouble.reason)


def one_of(needle: Outcome, items: list[Outcome]) -> Outcome:
    """``in``: a list is made before it is searched, so all of its items are needed."""
    unknown, fault = missing([needle, *items])
    if unknown or fault is not None:
        return fault
    return any(apply("==", [needle, item]) is True for item in items)


def decide(parts: Iterable[Outcome], *, deciding: bool) -> Outcome:
    """``||`` where True decides, ``&&`` where False does. A part that is no bool is a fault like any other."""
    unknown, fault = False, None
    for part in parts:
        if part is deciding:
            return deciding
        if part is None:
            unknown = True
        elif part is not (not deciding) and fault is None:
            fault = part if isinstance(part, Fault) else _NO_OVERLOAD
    if unknown:
        return None
    return fault if fault is not None else not deciding


def _type(operand: Outcome) -> Type:
    return "calendar" if isinstance(operand, Calendar) else type_of(cast("Value", operand))
