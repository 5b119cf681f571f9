"""The operators and functions of guards: which types they take, what they give, and how each is computed.

This table is the only place that says what ``+`` does. The walk that explains a verdict and the compiled form that only gives it are
both made from its `code`: a Python expression in which ``{0}``, ``{1}`` stand for the operands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Final, TypeAlias

import attrs

from engine.guards.names import Type
from engine.readings import Calendar
from engine.values import Value

LEAST_INT64: Final = -(2**63)
GREATEST_INT64: Final = 2**63 - 1
"""What is computed with; what may be recorded is less (`engine.values.GREATEST_RECORDED`)."""

_SATURDAY: Final = 5

Operand: TypeAlias = Value | Calendar


class Trouble(Exception):
    """An operation that has no result. `reason`: ``overflow``, ``division_by_zero``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def overflow() -> int:
    raise Trouble("overflow")


def divide(dividend: int, divisor: int) -> int:
    """CEL's quotient is cut towards zero, Python's is rounded down."""
    quotient = floor_div(dividend, divisor)
    return quotient + 1 if quotient < 0 and dividend % divisor else quotient


def remainder(dividend: int, divisor: int) -> int:
    """The remainder has the sign of the dividend. Where the quotient overflows there is none, as in CEL."""
    quotient = divide(dividend, divisor)
    return dividend - quotient * divisor if quotient <= GREATEST_INT64 else overflow()


def floor_div(dividend: int, divisor: int) -> int:
    if divisor == 0:
        raise Trouble("division_by_zero")
    return dividend // divisor


def ceil_div(dividend: int, divisor: int) -> int:
    return -floor_div(-dividend, divisor)


def workdays(first: date, last: date, calendar: Calendar) -> int:
    """The working days after `first`, up to and with `last`; negative when `last` is the earlier day."""
    if last < first:
        return -workdays(last, first, calendar)
    weeks, rest = divmod((last - first).days, 7)
    weekdays = 5 * weeks + sum(_is_weekday(last - timedelta(days=n)) for n in range(rest))
    off = sum(first < day <= last and _is_weekday(day) for day in calendar.days_off - calendar.days_on)
    extra = sum(first < day <= last and not _is_weekday(day) for day in calendar.days_on)
    return weekdays - off + extra


def _is_weekday(day: date) -> bool:
    return day.weekday() < _SATURDAY


HELPERS: Final[Mapping[str, Any]] = {
    "overflow": overflow,
    "divide": divide,
    "remainder": remainder,
    "floor_div": floor_div,
    "ceil_div": ceil_div,
    "workdays": workdays,
}
"""What `code` may call."""


@attrs.frozen
class Overload:
    """An operator for operands of certain types. `ranged`: the result must fit 64 bits, or it is an overflow."""

    takes: tuple[Type, ...]
    gives: Type
    code: str
    ranged: bool = False

    def python(self, operands: tuple[str, ...], spare: str) -> str:
        """The Python expression over these operands; `spare` is a variable name that it may use."""
        result = self.code.format(*operands)
        if not self.ranged:
            return f"({result})"
        return f"({spare} if {LEAST_INT64} <= ({spare} := {result}) <= {GREATEST_INT64} else overflow())"

    @cached_property
    def apply(self) -> Callable[..., Value]:
        """The same as a function. Raises `Trouble`."""
        operands = tuple(f"v{n}" for n in range(len(self.takes)))
        source = f"lambda {', '.join(operands)}: {self.python(operands, 'spare')}"
        # Nothing in `source` comes from a guard's text: it is made of this table's own code.
        function: Callable[..., Value] = eval(source, {"__builtins__": {"len": len}, **HELPERS})  # noqa: S307
        return function


def _ints(code: str) -> Overload:
    return Overload(("int", "int"), "int", code, ranged=True)


def _relation(code: str) -> tuple[Overload, ...]:
    ordered: tuple[Type, ...] = ("int", "date", "bool", "string")
    return tuple(Overload((kind, kind), "bool", code) for kind in ordered)


OPERATORS: Final[Mapping[str, tuple[Overload, ...]]] = {
    "+": (_ints("{0} + {1}"), Overload(("string", "string"), "string", "{0} + {1}")),
    "-": (_ints("{0} - {1}"),),
    "*": (_ints("{0} * {1}"),),
    "/": (_ints("divide({0}, {1})"),),
    "%": (_ints("remainder({0}, {1})"),),
    "negate": (Overload(("int",), "int", "-{0}", ranged=True),),
    "!": (Overload(("bool",), "bool", "not {0}"),),
    "<": _relation("{0} < {1}"),
    "<=": _relation("{0} <= {1}"),
    ">": _relation("{0} > {1}"),
    ">=": _relation("{0} >= {1}"),
    "==": _relation("{0} == {1}"),
    "!=": _relation("{0} != {1}"),
    "size": (Overload(("string",), "int", "len({0})"),),
    "days": (Overload(("date", "date"), "int", "({1} - {0}).days"),),
    "workdays": (Overload(("date", "date", "calendar"), "int", "workdays({0}, {1}, {2})"),),
    "ceil_div": (_ints("ceil_div({0}, {1})"),),
    "floor_div": (_ints("floor_div({0}, {1})"),),
}

COMPARISONS: Final = ("<", "<=", ">", ">=", "==", "!=")
UNEQUAL_TYPES: Final[Mapping[str, bool]] = {"==": False, "!=": True}
"""What CEL says of two values of different types, where the checker could not refuse it."""


OVERLOADS: Final[Mapping[tuple[str, tuple[Type, ...]], Overload]] = {
    (operator, o.takes): o for operator, overloads in OPERATORS.items() for o in overloads
}
"""The overload that takes exactly these types."""


def fitting(operator: str, types: tuple[Type, ...]) -> tuple[Overload, ...]:
    """The overloads that could take these types, where ``dyn`` fits everything."""
    return tuple(o for o in OPERATORS[operator] if len(o.takes) == len(types) and all(map(_fits, types, o.takes)))


def _fits(found: Type, wanted: Type) -> bool:
    return found in (wanted, "dyn")
