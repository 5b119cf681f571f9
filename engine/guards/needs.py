"""How far off a comparison is: what its left side would have to be.

The need is given for ``m*A op n*B`` with literal m and n, for whole numbers and for dates; otherwise both values speak for themselves.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import attrs

from engine.guards.evaluate import Walk
from engine.guards.operators import COMPARISONS
from engine.guards.terms import Apply, Const, Read, Term, paths
from engine.readings import Path, Reading, Tally
from engine.verdicts import Need

NEGATED: Final = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
MIRRORED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_DAY: Final = timedelta(days=1)


@attrs.frozen
class _Side:
    """One side of a comparison: a literal factor and what it multiplies."""

    factor: int
    term: Term

    @property
    def path(self) -> Path | None:
        return self.term.path if isinstance(self.term, Read) else None


def need_of(term: Term, walk: Walk, readings: tuple[tuple[Path, Reading], ...], *, wanted: bool) -> Need | None:
    """What would make a comparison `wanted`; None where that cannot be said in one number or day."""
    if not isinstance(term, Apply) or term.operator not in COMPARISONS:
        return None
    operator = term.operator if wanted else NEGATED[term.operator]
    left, right = (_side(operand) for operand in term.operands)
    if not paths(left.term):
        left, right, operator = right, left, MIRRORED[operator]
    present, basis = walk(left.term), walk(right.term)
    if isinstance(basis, bool) or left.factor <= 0:
        return None
    needed = _needed(operator, left.factor, right.factor, basis)
    if needed is None or not (present is None or type(present) is type(needed)):
        return None
    known = present if isinstance(present, int | date) else None
    read = bool(paths(right.term))
    return Need(
        operator=operator,
        needed=needed,
        present=known,
        missing=None if known is None else _missing(operator, needed, known),
        share=(right.factor, left.factor) if read and (right.factor, left.factor) != (1, 1) else None,
        of=basis if read and isinstance(basis, int | date) else None,
        of_path=right.path if read else None,
        tally=_tally(readings),
    )


def _side(term: Term) -> _Side:
    if isinstance(term, Apply) and term.operator == "*":
        for factor, other in (term.operands, term.operands[::-1]):
            if isinstance(factor, Const) and isinstance(factor.value, int):
                return _Side(factor.value, other)
    return _Side(1, term)


def _needed(operator: str, factor: int, times: int, basis: object) -> int | date | None:
    if isinstance(basis, date):
        return _day_needed(operator, basis) if factor == times == 1 else None
    if not isinstance(basis, int):
        return None
    whole, rest = divmod(times * basis, factor)
    match operator:
        case ">=":
            return whole + (rest > 0)
        case ">":
            return whole + 1
        case "<=":
            return whole
        case "<":
            return whole - (rest == 0)
        case "==" if rest == 0:
            return whole
        case _:
            return None


def _day_needed(operator: str, basis: date) -> date | None:
    try:
        return {">=": basis, "<=": basis, "==": basis}.get(operator) or {">": basis + _DAY, "<": basis - _DAY}.get(operator)
    except OverflowError:
        return None


def _missing(operator: str, needed: int | date, present: int | date) -> int:
    """By how much the left side would have to move; 0 when it stands right."""
    gap = _number(needed) - _number(present)
    if operator == "==":
        return abs(gap)
    return max(0, gap) if operator in (">", ">=") else max(0, -gap)


def _number(value: int | date) -> int:
    return value.toordinal() if isinstance(value, date) else value


def _tally(readings: tuple[tuple[Path, Reading], ...]) -> Tally | None:
    return next((r.tally for _, r in readings if r.tally is not None and r.tally.milestone is not None), None)
