"""Trials: does a given set of levers have values with which every guard of a group is true?

Levers are set one after the other to the values worth trying, and a branch is given up as soon as a guard is certainly not true: what is
not set yet counts as unknown, and unknown beats everything that could still be mended.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

import attrs

from engine.guards.bounds import atoms_of, counts_for, values_for
from engine.guards.levers import COMPLETE, Choice, Count, Free, Lever, Option
from engine.guards.operators import Operand
from engine.guards.program import Program
from engine.guards.terms import Has, paths, walk
from engine.readings import Path, Reading

Solution: TypeAlias = Mapping[int, Option]
"""The options used, by the number of their lever."""


class TooMany(Exception):
    """The search has used up its tries."""


@attrs.define
class Tries:
    """How many values may still be tried."""

    left: int

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise TooMany


class Trials:
    """The trials for one group of guards."""

    def __init__(self, programs: Sequence[Program], readings: Mapping[Path, Reading], tries: Tries) -> None:
        self.programs = programs
        self.tries = tries
        self.atoms = atoms_of(program.term for program in programs)
        self.reads = [paths(atom) for atom in self.atoms]
        self.asked = {id(p): frozenset(t.path for t in walk(p.term) if isinstance(t, Has)) for p in programs}
        read = dict.fromkeys(path for program in programs for path in program.reads)
        self.before = {path: readings[path].value if path in readings else None for path in read}

    def cheapest(self, levers: Mapping[int, Lever], *, optional: bool = False) -> Solution | None:
        """The cheapest options of all these levers that make every guard true. `optional`: some may be left alone; any solution will do."""
        trial = _Trial(self, levers, optional=optional)
        trial.descend(tuple(levers), 0)
        return trial.best


class _Trial:
    def __init__(self, trials: Trials, levers: Mapping[int, Lever], *, optional: bool) -> None:
        self.best: Solution | None = None
        self._trials = trials
        self._levers = levers
        self._optional = optional
        self._cost = 0
        self._chosen: dict[int, Option] = {}
        self._world: dict[Path, Operand | None] = {**trials.before, **self._unset(tuple(levers))}
        self._seen = {path: Reading(value=value) for path, value in self._world.items()}

    def descend(self, left: tuple[int, ...], cost: int) -> bool:
        """Set the levers that are left. True when there is nothing to gain by trying on."""
        if self.best is not None and cost + len(left) >= self._cost:
            return False
        if not left:
            return self._finish(cost)
        number = self._next(left)
        rest = tuple(n for n in left if n != number)
        for option in self._options(self._levers[number]):
            self._trials.tries.spend()
            before = self._put({**option.values, **self._unset(rest)})
            self._chosen[number] = option
            stop = self._open(self._levers[number], rest) and self.descend(rest, cost + option.cost)
            self._put(before)
            if stop:
                return True
        return False

    def _finish(self, cost: int) -> bool:
        if not all(program.run(self._seen) is True for program in self._trials.programs):
            return False
        self.best, self._cost = dict(self._chosen), cost
        return self._optional or cost == len(self._levers)

    def _next(self, left: tuple[int, ...]) -> int:
        """Levers with few options first; then one whose boundary can be computed, because all else in a comparison is set."""
        unset = self._unset(left)
        for number in left:
            if isinstance(self._levers[number], Choice):
                return number
        for number in left:
            own = self._levers[number].paths
            others = unset.keys() - set(own)
            if any(others.isdisjoint(read) and not set(own).isdisjoint(read) for read in self._trials.reads):
                return number
        return left[0]

    def _options(self, lever: Lever) -> Iterator[Option]:
        match lever:
            case Choice():
                yield from lever.options
            case Free():
                yield from (lever.option(value) for value in values_for(lever, self._trials.atoms, self._world))
            case Count():
                yield from (lever.option(count) for count in counts_for(lever, self._trials.atoms, self._world))
        if self._optional:
            yield Option((), self._left_alone(lever), 0)

    def _left_alone(self, lever: Lever) -> Mapping[Path, Operand | None]:
        """As it was; a count over a roll that has just been declared complete, as it was counted so far."""
        if isinstance(lever, Count) and self._world.get((*lever.roll, COMPLETE)) is True:
            return lever.option(0).values
        return {path: self._trials.before[path] for path in lever.paths}

    def _unset(self, left: tuple[int, ...]) -> dict[Path, None]:
        """What the levers that are left decide is not known yet."""
        return {path: None for n in left for path in self._levers[n].paths}

    def _put(self, values: Mapping[Path, Operand | None]) -> dict[Path, Operand | None]:
        """Set some paths, and give back what stood there."""
        before = {path: self._world.get(path) for path in values}
        for path, value in values.items():
            self._world[path] = value
            self._seen[path] = Reading(value=value)
        return before

    def _open(self, lever: Lever, rest: tuple[int, ...]) -> bool:
        """Whether every guard that reads a lever may still become true."""
        unset = self._unset(rest).keys()
        touched = (p for p in self._trials.programs if not set(p.reads).isdisjoint(lever.paths))
        return all(
            program.run(self._seen) in (True, None) or not unset.isdisjoint(self._trials.asked[id(program)])
            for program in touched
        )


def slightest(lever: Lever) -> Option:
    """The first option of a lever, whatever its value."""
    match lever:
        case Choice():
            return lever.options[0]
        case Free():
            return Option((lever.todo,), {})
        case Count():
            return lever.option(1)
