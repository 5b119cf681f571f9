"""What has to come true for guards to be met: their comparisons and bare names, sorted into ways of which any one will do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from typing import Final, TypeAlias

from engine.guards.evaluate import Walk
from engine.guards.program import Program
from engine.guards.syntax import spell
from engine.guards.terms import Choose, Logic, Term, negated, sames

Demand: TypeAlias = tuple[Term, bool]
"""A comparison or a bare name, and what it has to be."""

Way: TypeAlias = frozenset[Demand]

MOST_WAYS: Final = 256


class TooManyWays(Exception):
    """Spelled out, the guards are longer than anybody wrote them."""


def ways_to_meet(programs: Iterable[Program], walk: Walk) -> list[Way]:
    """The ways to meet all guards, by what is not yet known; none when they never will be. Raises `TooManyWays`.

    No way asks opposite things of one comparison, and none asks for all that another one asks, and more.
    """
    spelling = _Spelling(walk)
    return _every([spelling.ways(program.term, wanted=True) for program in programs])


class _Spelling:
    """Spells terms out. What was spelled once is kept: `a == b == c …` asks for both values of each part, twice."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._atoms: dict[str, Term] = {}
        self._spelled: dict[tuple[int, bool], tuple[Term, list[Way]]] = {}

    def ways(self, term: Term, *, wanted: bool) -> list[Way]:
        found = self._spelled.get((id(term), wanted))
        if found is None:
            # the term is kept beside its ways, so that no other takes its place in memory
            found = self._spelled[id(term), wanted] = term, self._ways(term, wanted=wanted)
        return found[1]

    def _ways(self, term: Term, *, wanted: bool) -> list[Way]:
        outcome = self._walk(term)
        if outcome is not None:
            return [frozenset()] if outcome is wanted else []
        inner = negated(term)
        if inner is not None:
            return self.ways(inner, wanted=not wanted)
        if isinstance(term, Logic):
            parts = [self.ways(part, wanted=wanted) for part in term.parts]
            return _any(parts) if wanted is (term.operator == "||") else _every(parts)
        cases = sames(term, wanted=wanted)
        if isinstance(term, Choose):
            cases = (((term.condition, True), (term.yes, wanted)), ((term.condition, False), (term.no, wanted)))
        if cases:
            return _any([_every([self.ways(part, wanted=value) for part, value in case]) for case in cases])
        return [frozenset({(self._atoms.setdefault(spell(term.node), term), wanted)})]


def _every(families: Sequence[list[Way]]) -> list[Way]:
    """One way of each family, together."""
    found: list[Way] = [frozenset()]
    for family in families:
        found = _least(first | second for first, second in product(found, family))
    return found


def _any(families: Iterable[list[Way]]) -> list[Way]:
    return _least(way for family in families for way in family)


def _least(ways: Iterable[Way]) -> list[Way]:
    kept: list[Way] = []
    for way in sorted(dict.fromkeys(ways), key=len):
        if not any((term, not wanted) in way for term, wanted in way) and not any(other <= way for other in kept):
            kept.append(way)
    if len(kept) > MOST_WAYS:
        raise TooManyWays
    return kept
