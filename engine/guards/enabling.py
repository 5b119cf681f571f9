"""Which sets of levers could at all make a guard true: a lower bound that needs no values.

A set of levers is a bit mask. `enabling` gives the least masks of which any set that works must contain one; that a comparison can really
be met with them is not said. So the search for the smallest set tries few sets, and none that cannot work.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

from engine.guards.demands import Way
from engine.guards.evaluate import Walk
from engine.guards.levers import Levers
from engine.guards.terms import Apply, Choose, Has, Logic, Term, negated, paths, sames, walk
from engine.readings import Path, Reading

Masks: TypeAlias = frozenset[int]

NOTHING_NEEDED: Final[Masks] = frozenset({0})
IMPOSSIBLE: Final[Masks] = frozenset()
MOST: Final = 512
"""Of more masks the smallest are kept: beyond this many the search is no longer sure to find the least set."""


class Enabling:
    """The sets of levers for some readings."""

    def __init__(self, readings: Mapping[Path, Reading], levers: Levers) -> None:
        self._readings = readings
        self._levers = levers
        self._walk = Walk(readings)

    def masks(self, term: Term, *, wanted: bool) -> Masks:
        """The least sets of levers that could make a term what is wanted."""
        match term:
            case Logic():
                parts = [self.masks(part, wanted=wanted) for part in term.parts]
                return either(parts) if wanted is (term.operator == "||") else both(parts)
            case Apply(operator="!" | "==" | "!=") if all(operand.type == "bool" for operand in term.operands):
                return self._of_bools(term, wanted=wanted)
            case Choose():
                yes = both((self.masks(term.condition, wanted=True), self.masks(term.yes, wanted=wanted)))
                no = both((self.masks(term.condition, wanted=False), self.masks(term.no, wanted=wanted)))
                return either((yes, no))
            case Has():
                return self._has(term.path, wanted=wanted)
            case _:
                return self._leaf(term, wanted=wanted)

    def masks_of(self, ways: Iterable[Way]) -> Masks:
        """The least sets of levers that could bring about one of these ways."""
        return either(both(self.masks(atom, wanted=wanted) for atom, wanted in way) for way in ways)

    def _of_bools(self, term: Apply, *, wanted: bool) -> Masks:
        inner = negated(term)
        if inner is not None:
            return self.masks(inner, wanted=not wanted)
        return either(both(self.masks(part, wanted=value) for part, value in case) for case in sames(term, wanted=wanted))

    def _has(self, path: Path, *, wanted: bool) -> Masks:
        """What is known stays known; what is not can become so."""
        known = self._known(path)
        if known is wanted:
            return NOTHING_NEEDED
        return IMPOSSIBLE if known else self._unlocked(path)

    def _leaf(self, term: Term, *, wanted: bool) -> Masks:
        outcome = self._walk(term)
        if outcome is wanted:
            return NOTHING_NEEDED
        if outcome is None and not any(isinstance(part, Has | Choose | Logic) for part in walk(term)):
            return both(self._unlocked(path) for path in paths(term) if not self._known(path))
        return least(1 << n for path in paths(term) for n in bits(self._levers.moving[path]))

    def _known(self, path: Path) -> bool:
        reading = self._readings.get(path)
        return reading is not None and reading.value is not None

    def _unlocked(self, path: Path) -> Masks:
        mask = self._levers.unlocking[path]
        return frozenset({mask}) if mask else IMPOSSIBLE


def bits(mask: int) -> tuple[int, ...]:
    return tuple(n for n in range(mask.bit_length()) if mask >> n & 1)


def both(families: Iterable[Masks]) -> Masks:
    """One mask of each family, together."""
    found = NOTHING_NEEDED
    for family in families:
        found = least(a | b for a in found for b in family)
    return found


def either(families: Iterable[Masks]) -> Masks:
    return least(mask for family in families for mask in family)


def least(masks: Iterable[int]) -> Masks:
    """The masks that contain no other one."""
    kept: list[int] = []
    for mask in sorted(set(masks), key=int.bit_count):
        if not any(mask & other == other for other in kept):
            kept.append(mask)
    return frozenset(kept[:MOST])
