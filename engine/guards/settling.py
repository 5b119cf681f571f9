"""Numbers and days for the levers that take them, all at once and exactly, where the guards compare sums.

What is left open by the levers set so far is spelled out into ways (`demands`), each way into inequalities (`linear`). Where that does not
go, with products of inputs or rests of a division, `Undecided` is raised, and values have to be tried one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, product
from typing import Final, TypeAlias, TypeGuard

from engine.guards.demands import TooManyWays, Way, ways_to_meet
from engine.guards.evaluate import Walk
from engine.guards.levers import Count, Free, Lever, Option
from engine.guards.linear import Inequality, Undecided, between, inequalities, number_of, solve
from engine.guards.program import Program
from engine.guards.terms import paths
from engine.readings import Path, Reading
from engine.values import GREATEST_RECORDED

Solution: TypeAlias = Mapping[int, Option]
"""The options used, by the number of their lever."""

_SOME_DAY: Final = date(2021, 1, 1).toordinal()
_LAST_DAY: Final = date.max.toordinal()


def is_numeric(lever: Lever) -> TypeGuard[Free | Count]:
    return isinstance(lever, Count) or (isinstance(lever, Free) and lever.type in ("int", "date"))


class Numbers:
    """The solutions for some numeric levers, where all others are set. `least_count`: how many units a count adds at least."""

    def __init__(self, levers: Mapping[int, Free | Count], readings: Mapping[Path, Reading], *, least_count: int) -> None:
        self._levers = levers
        self._readings = readings
        self._world = {path: reading.value for path, reading in readings.items()}
        self._least_count = least_count
        self._inputs = {_input(lever): n for n, lever in levers.items()}
        self._known = dict(self._known_numbers())

    def solutions(self, programs: Sequence[Program]) -> list[Solution]:
        """A solution for each way to meet the guards, the cheapest first; none when there is none. Raises `Undecided`."""
        seen = Walk(self._readings, asked=dict.fromkeys(self._inputs, True))
        try:
            found = ways_to_meet(programs, seen)
        except TooManyWays:
            raise Undecided from None
        solutions = chain.from_iterable(self._solved(way) for way in found)
        return sorted(solutions, key=lambda solution: sum(option.cost for option in solution.values()))

    def may_solve(self, way: Way) -> bool:
        """Whether the sums among some demands may have a solution; whatever else is asked is passed over."""
        readable = self._inputs.keys() | self._known.keys()
        sums = [inequalities(atom, self._known, wanted=wanted) for atom, wanted in way if readable.issuperset(paths(atom))]
        try:
            return any(self._solution(choice) is not None for choice in product(*(one for one in sums if one is not None)))
        except Undecided:
            return True

    def _solution(self, choice: Iterable[Iterable[Inequality]]) -> dict[Path, int] | None:
        return solve((*self._bounds(), *chain.from_iterable(choice)), self._liked(), self._counted())

    def _solved(self, way: Way) -> Iterator[Solution]:
        if any(self._missing(path) for atom, _ in way for path in paths(atom)):
            return
        spelled = [inequalities(atom, self._known, wanted=wanted) for atom, wanted in way]
        for choice in product(*(one for one in spelled if one is not None)):
            found = self._solution(choice)
            if found is None:
                continue
            if None in spelled:
                raise Undecided
            yield {n: self._option(self._levers[n], found[path]) for path, n in self._inputs.items()}

    def _missing(self, path: Path) -> bool:
        """Whether nothing that is left could make a path known."""
        return path not in self._inputs and path not in self._known and self._world.get(path) is None

    def _known_numbers(self) -> Iterator[tuple[Path, int]]:
        """What stands fast; the days of a count that surely adds somebody are those of today."""
        for path, value in self._world.items():
            number = number_of(value)
            if number is not None and path not in self._inputs:
                yield path, number
        for lever in self._levers.values():
            if isinstance(lever, Count):
                yield from self._days(lever)

    def _days(self, lever: Count) -> Iterator[tuple[Path, int]]:
        for path, day in lever.option(1).values.items():
            number = number_of(day)
            if self._least_count > 0 and path not in self._inputs and number is not None:
                yield path, number

    def _bounds(self) -> Iterator[Inequality]:
        for path, n in self._inputs.items():
            lever = self._levers[n]
            if isinstance(lever, Count):
                reached = lever.tally.reached
                yield from between(path, reached + self._least_count, reached + lever.most(self._world))
            elif lever.type == "date":
                yield from between(path, 1, _LAST_DAY)
            else:
                yield from between(path, -GREATEST_RECORDED, GREATEST_RECORDED)

    def _liked(self) -> dict[Path, int]:
        return {path: self._liked_by(self._levers[n]) for path, n in self._inputs.items()}

    def _liked_by(self, lever: Free | Count) -> int:
        if isinstance(lever, Count):
            return 0
        return 1 if lever.type == "int" else self._known.get(("on",), _SOME_DAY)

    def _counted(self) -> frozenset[Path]:
        return frozenset(path for path, n in self._inputs.items() if isinstance(self._levers[n], Count))

    @staticmethod
    def _option(lever: Free | Count, number: int) -> Option:
        if isinstance(lever, Count):
            return lever.option(number - lever.tally.reached)
        return lever.option(date.fromordinal(number) if lever.type == "date" else number)


def _input(lever: Free | Count) -> Path:
    """The path whose number a lever sets."""
    return (*lever.roll, "reached", lever.milestone) if isinstance(lever, Count) else lever.path
