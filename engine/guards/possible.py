"""The ways to meet some guards that acts can bring about; where there is none, that no act can meet them is proven.

A way (`demands`) is out of reach when it asks of a name what no lever makes of it, when it needs what nobody can make known, or when its
sums have no solution. What cannot be told counts as possible.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.guards.demands import Way, ways_to_meet
from engine.guards.evaluate import Walk
from engine.guards.levers import COMPLETE, Choice, Count, Lever
from engine.guards.operators import Operand
from engine.guards.program import Program
from engine.guards.settling import Numbers, is_numeric
from engine.guards.terms import Has, Read, paths
from engine.readings import Path, Reading


class Possibilities:
    """What some levers can bring about, whatever stands `before`."""

    def __init__(self, levers: Mapping[int, Lever], before: Mapping[Path, Operand | None]) -> None:
        self._levers = levers
        self._before = before
        self._movable = {path for lever in levers.values() for path in lever.paths}
        world: dict[Path, Operand | None] = {path: None if path in self._movable else value for path, value in before.items()}
        world |= {(*lever.roll, COMPLETE): True for lever in levers.values() if isinstance(lever, Count)}
        self._readings = {path: Reading(value=value) for path, value in world.items()}

    def ways(self, programs: Sequence[Program]) -> list[Way]:
        """The ways to make every guard true that are not out of reach at first sight. Raises `TooManyWays`."""
        asked = {path: True if self._before.get(path) is not None else None for path in self._movable}
        return [way for way in ways_to_meet(programs, Walk(self._readings, asked=asked)) if self._possible(way)]

    def solvable(self, ways: Sequence[Way]) -> list[Way]:
        """Those whose sums may have a solution."""
        numeric = {n: lever for n, lever in self._levers.items() if is_numeric(lever)}
        numbers = Numbers(numeric, self._readings, least_count=0)
        return [way for way in ways if numbers.may_solve(way)]

    def _possible(self, way: Way) -> bool:
        read = (path for atom, _ in way if not isinstance(atom, Has) for path in paths(atom))
        if not all(path in self._movable or self._before.get(path) is not None for path in read):
            return False
        names = {atom.path: wanted for atom, wanted in way if isinstance(atom, Read)}
        return all(self._can_be(lever, names) for lever in self._levers.values() if isinstance(lever, Choice))

    def _can_be(self, lever: Choice, names: Mapping[Path, bool]) -> bool:
        """Whether a lever has an option, or stands already, as some bare names are asked to be."""
        asked = {path: wanted for path, wanted in names.items() if path in lever.paths}
        worlds = (self._before, *(option.values for option in lever.options))
        return any(all(world.get(path) is wanted for path, wanted in asked.items()) for world in worlds)
