"""Trials: does a given set of levers have values with which every guard of a group is true?

Levers are set one after the other to the values worth trying, and a branch is given up as soon as a guard is certainly not true: what is
not set yet counts as unknown, and unknown beats everything that could still be mended.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

import attrs

from engine.guards.bounds import atoms_of, counts_for, values_for
from engine.guards.levers import Choice, Count, Free, Lever, Option
from engine.guards.linear import Undecided
from engine.guards.operators import Operand
from engine.guards.program import Program
from engine.guards.settling import Numbers, Solution, is_numeric
from engine.guards.terms import Has, paths, walk
from engine.readings import Path, Reading


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

    def cheapest(self, levers: Mapping[int, Lever]) -> Solution | None:
        """The cheapest options of all these levers that make every guard true."""
        trial = _Trial(self, levers)
        trial.descend(tuple(levers), 0)
        return trial.best


class _Trial:
    def __init__(self, trials: Trials, levers: Mapping[int, Lever]) -> None:
        self.best: Solution | None = None
        self._trials = trials
        self._levers = levers
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
        with suppress(Undecided):
            return self._settle(left, cost)
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

    def _settle(self, left: tuple[int, ...], cost: int) -> bool:
        """Set all levers that are left at once. Raises `Undecided` when not all are numbers, or they cannot be had exactly."""
        levers = {n: lever for n in left if is_numeric(lever := self._levers[n])}
        if len(levers) < len(left):
            raise Undecided
        stop = False
        for solution in Numbers(levers, self._seen, least_count=1).solutions(self._trials.programs):
            self._trials.tries.spend()
            price = cost + sum(option.cost for option in solution.values())
            if self.best is not None and price >= self._cost:
                continue
            before = self._put({path: value for option in solution.values() for path, value in option.values.items()})
            self._chosen.update(solution)
            stop = self._finish(price)
            self._put(before)
            if self._cost != price:
                raise Undecided
            if stop:
                return True
        return stop

    def _finish(self, cost: int) -> bool:
        if not all(program.run(self._seen) is True for program in self._trials.programs):
            return False
        self.best, self._cost = dict(self._chosen), cost
        return cost == len(self._levers)

    def _next(self, left: tuple[int, ...]) -> int:
        """Levers that take no numbers first; then one whose boundary can be computed, because all else in a comparison is set."""
        unset = self._unset(left)
        for number in left:
            if not is_numeric(self._levers[number]):
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
