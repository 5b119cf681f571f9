"""Values worth trying for an input: those at the boundaries of the comparisons that read it.

For a comparison in which everything else is known, the boundary is where its two sides meet. Straight lines are solved, other curves
are searched by halving. For the rest there are the constants that stand in the guards, and their neighbours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Final, TypeAlias

from engine.guards.evaluate import Walk
from engine.guards.levers import Count, Free, World
from engine.guards.operators import COMPARISONS, Operand
from engine.guards.terms import Apply, Const, OneOf, Term, paths, walk
from engine.readings import Reading
from engine.values import GREATEST_RECORDED

Gap: TypeAlias = Callable[[int], int | None]
"""How far the left side lies above the right one, for one value of the input; None where that is not known."""

_FAR: Final = 2**40
_FIRST_DAY: Final = 1
_LAST_DAY: Final = date.max.toordinal()
_A_WORD: Final = "…"
_STEPS: Final = 1_000


def atoms_of(terms: Iterable[Term]) -> tuple[Term, ...]:
    """The comparisons and the `in` that stand in some guards."""
    found = (part for term in terms for part in walk(term))
    return tuple(t for t in found if isinstance(t, OneOf) or (isinstance(t, Apply) and t.operator in COMPARISONS))


def values_for(lever: Free, atoms: tuple[Term, ...], world: World) -> list[Operand]:
    """The values to try for a lever, the likeliest first."""
    return list(dict.fromkeys(_VALUES[lever.type](lever, [a for a in atoms if lever.path in paths(a)], world)))


def counts_for(lever: Count, atoms: tuple[Term, ...], world: World) -> list[int]:
    """How many units more to try, the fewest first."""
    most = lever.most(world)
    touched = [a for a in atoms if any(p in lever.paths for p in paths(a))]
    near = {c for a in touched for c in _meeting(_gap(a, world, lambda n: lever.option(n).values), 0, most)}
    return sorted(c for c in {1, most, *near} if 1 <= c <= most)


def _bools(lever: Free, atoms: list[Term], world: World) -> Iterator[Operand]:
    yield from (True, False)


def _strings(lever: Free, atoms: list[Term], world: World) -> Iterator[Operand]:
    if lever.choices:
        yield from lever.choices
        return
    yield from (c for c in _constants(atoms) if isinstance(c, str))
    yield from (w for a in atoms for p in paths(a) if isinstance(w := world.get(p), str))
    lengths = {n + d for n in _constants(atoms) if isinstance(n, int) for d in (-1, 0, 1)}
    yield from (_A_WORD * n for n in sorted(lengths) if 0 < n <= _STEPS)
    yield from (_A_WORD, "")


def _ints(lever: Free, atoms: list[Term], world: World) -> Iterator[Operand]:
    for atom in atoms:
        yield from _meeting(_gap(atom, world, lambda n: {lever.path: n}), -GREATEST_RECORDED, GREATEST_RECORDED)
    yield from (1, 0)
    yield from (c + d for c in _constants(atoms) if type(c) is int for d in (0, 1, -1))


def _dates(lever: Free, atoms: list[Term], world: World) -> Iterator[Operand]:
    for atom in atoms:
        gap = _gap(atom, world, lambda n: {lever.path: date.fromordinal(n)})
        yield from (date.fromordinal(n) for n in _meeting(gap, _FIRST_DAY, _LAST_DAY))
    known = [
        d
        for d in (*_constants(atoms), world.get(("on",)), *(world.get(p) for a in atoms for p in paths(a)))
        if isinstance(d, date)
    ]
    near = (d.toordinal() + n for d in known for n in (0, 1, -1))
    yield from (date.fromordinal(n) for n in near if _FIRST_DAY <= n <= _LAST_DAY)
    yield date(2000, 1, 1)


def _any(lever: Free, atoms: list[Term], world: World) -> Iterator[Operand]:
    """The type is not declared where this guard was checked: every kind is tried, and what does not fit is a fault."""
    for values in (_bools, _ints, _dates, _strings):
        yield from values(lever, atoms, world)


_VALUES: Final[Mapping[str, Callable[[Free, list[Term], World], Iterator[Operand]]]] = {
    "bool": _bools,
    "int": _ints,
    "date": _dates,
    "string": _strings,
    "dyn": _any,
}


def _constants(atoms: Iterable[Term]) -> tuple[Operand, ...]:
    return tuple(dict.fromkeys(part.value for atom in atoms for part in walk(atom) if isinstance(part, Const)))


def _gap(atom: Term, world: World, put: Callable[[int], World]) -> Gap:
    """The gap between the sides of a comparison, as a function of one input."""
    if not isinstance(atom, Apply):
        return lambda n: None
    left, right = atom.operands
    seen = {path: Reading(value=world.get(path)) for path in paths(atom)}

    def gap(n: int) -> int | None:
        sides = Walk({**seen, **{path: Reading(value=value) for path, value in put(n).items()}})
        high, low = _number(sides(left)), _number(sides(right))
        return None if high is None or low is None else high - low

    return gap


def _number(outcome: object) -> int | None:
    if isinstance(outcome, date):
        return outcome.toordinal()
    return outcome if type(outcome) is int else None


def _meeting(gap: Gap, least: int, most: int) -> list[int]:
    """The inputs around which a gap closes, within bounds."""
    start = min(max(0 if least <= 0 else (least + most) // 5, least), most)
    first, second = gap(start), gap(start + 1)
    if first is None or second is None:
        return []
    slope = second - first
    if all(gap(start + n) == first + slope * n for n in (2, _STEPS)):
        roots = [start - first // slope] if slope else []
    else:
        roots = [*_crossing(gap, max(least, -_FAR), start), *_crossing(gap, start, min(most, _FAR)), *range(start, start + 13)]
    return [n for root in roots for n in (root, root + 1, root - 1) if least <= n <= most]


def _crossing(gap: Gap, low: int, high: int) -> list[int]:
    """Where a gap changes its sign between two inputs, by halving."""
    at_low, at_high = gap(low), gap(high)
    if at_low is None or at_high is None or (at_low >= 0) == (at_high >= 0):
        return []
    while high - low > 1:
        middle = (low + high) // 2
        at_middle = gap(middle)
        if at_middle is None:
            return []
        if (at_middle >= 0) == (at_low >= 0):
            low = middle
        else:
            high = middle
    return [low, high]
