"""Comparisons of sums as inequalities, and whole numbers that satisfy them.

Most guards compare sums of inputs: ``present * 3 >= summoned * 2``, ``days(filed_on, on) >= 15``. For these the question whether any values
will do is answered exactly, by Fourier and Motzkin's elimination: one input after the other is expressed by the others until only
numbers are left. Dates take part as day numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from math import gcd
from typing import Final

import attrs

from engine.guards.needs import NEGATED
from engine.guards.operators import COMPARISONS
from engine.guards.terms import Apply, Const, Read, Term
from engine.readings import Path

MOST_INEQUALITIES: Final = 300


@attrs.frozen
class Line:
    """A sum of inputs, each with its factor, and a number."""

    factors: Mapping[Path, int]
    number: int = 0

    def plus(self, other: Line, times: int = 1) -> Line:
        factors = dict(self.factors)
        for path, factor in other.factors.items():
            factors[path] = factors.get(path, 0) + times * factor
        return Line({path: f for path, f in factors.items() if f}, self.number + times * other.number)


@attrs.frozen
class Inequality:
    """``line <= 0``"""

    line: Line

    def tightened(self) -> Inequality:
        """Divided by what its factors have in common, rounding to the side of whole numbers."""
        common = gcd(*self.line.factors.values())
        if common in (0, 1):
            return self
        return Inequality(Line({p: f // common for p, f in self.line.factors.items()}, -(-self.line.number // common)))


class Undecided(Exception):
    """Elimination cannot tell: too many inequalities, or a gap between whole numbers."""


def line_of(term: Term, known: Mapping[Path, int]) -> Line | None:
    """A term as a sum of the inputs that are not in `known`; None when it is none."""
    match term:
        case Const():
            number = number_of(term.value)
            return None if number is None else Line({}, number)
        case Read(path=path):
            return Line({}, known[path]) if path in known else Line({path: 1})
        case Apply(operator="+" | "-" | "days" | "negate" | "*"):
            return _combined(term, [line_of(operand, known) for operand in term.operands])
        case _:
            return None


def _combined(term: Apply, lines: Sequence[Line | None]) -> Line | None:
    if any(line is None for line in lines):
        return None
    first, *rest = (line for line in lines if line is not None)
    match term.operator, rest:
        case "negate", []:
            return Line({}).plus(first, -1)
        case "+", [second]:
            return first.plus(second)
        case "-", [second]:
            return first.plus(second, -1)
        case "days", [second]:
            return second.plus(first, -1)
        case "*", [second] if not first.factors:
            return Line({}).plus(second, first.number)
        case "*", [second] if not second.factors:
            return Line({}).plus(first, second.number)
        case _:
            return None


def number_of(value: object) -> int | None:
    """A whole number or a day as a number."""
    if isinstance(value, date):
        return value.toordinal()
    return value if type(value) is int else None


def inequalities(atom: Term, known: Mapping[Path, int], *, wanted: bool) -> list[list[Inequality]] | None:
    """What makes a comparison `wanted`: any of these lists. None when it compares no sums."""
    if not isinstance(atom, Apply) or atom.operator not in COMPARISONS or atom.operands[0].type not in ("int", "date"):
        return None
    left, right = (line_of(operand, known) for operand in atom.operands)
    if left is None or right is None:
        return None
    above, below = left.plus(right, -1), right.plus(left, -1)
    one = Line({}, 1)
    ways = {
        "<=": [[above]],
        ">=": [[below]],
        "<": [[above.plus(one)]],
        ">": [[below.plus(one)]],
        "==": [[above, below]],
        "!=": [[above.plus(one)], [below.plus(one)]],
    }[atom.operator if wanted else NEGATED[atom.operator]]
    return [[Inequality(line) for line in way] for way in ways]


def between(path: Path, least: int, most: int) -> list[Inequality]:
    return [Inequality(Line({path: -1}, least)), Inequality(Line({path: 1}, -most))]


def solve(system: Iterable[Inequality], liked: Mapping[Path, int], last: frozenset[Path]) -> dict[Path, int] | None:
    """Whole numbers that satisfy all inequalities; None when not even fractions do.

    Each input gets the number nearest to its `liked` one. Those in `last` are eliminated last, so that they choose first.
    """
    systems = [[inequality.tightened() for inequality in system]]
    order: list[Path] = []
    while len(order) < len(liked):
        left = [path for path in liked if path not in order]
        order.append(min(left, key=lambda path: (path in last, _growth(systems[-1], path))))
        systems.append(_eliminated(systems[-1], order[-1]))
    if any(inequality.line.number > 0 for inequality in systems[-1]):
        return None
    found: dict[Path, int] = {}
    for path, before in zip(reversed(order), reversed(systems[:-1]), strict=True):
        least, most = _range(before, path, found)
        if least > most:
            raise Undecided
        found[path] = min(max(liked[path], least), most)
    return found


def _growth(system: list[Inequality], path: Path) -> int:
    """How many inequalities an elimination would add."""
    factors = [inequality.line.factors.get(path, 0) for inequality in system]
    return sum(f < 0 for f in factors) * sum(f > 0 for f in factors)


def _eliminated(system: list[Inequality], path: Path) -> list[Inequality]:
    lower = [i.line for i in system if i.line.factors.get(path, 0) < 0]
    upper = [i.line for i in system if i.line.factors.get(path, 0) > 0]
    rest = [i for i in system if path not in i.line.factors]
    if len(rest) + len(lower) * len(upper) > MOST_INEQUALITIES:
        raise Undecided
    joined = [
        Inequality(Line({}).plus(low, high.factors[path]).plus(high, -low.factors[path])).tightened()
        for low in lower
        for high in upper
    ]
    return rest + [i for i in joined if i.line.factors or i.line.number > 0]


def _range(system: list[Inequality], path: Path, found: Mapping[Path, int]) -> tuple[int, int]:
    """Between which whole numbers an input must lie, once those eliminated after it are set."""
    lower: list[int] = []
    upper: list[int] = []
    for line in (inequality.line for inequality in system):
        factor = line.factors.get(path, 0)
        if factor:
            rest = line.number + sum(f * found[p] for p, f in line.factors.items() if p != path)
            (upper if factor > 0 else lower).append(-rest // factor if factor > 0 else -(-rest // -factor))
    return max(lower), min(upper)
