"""The smallest set of to-dos that would let a transition through.

A to-do is one input: a fact, a document, a plan value, a roll, one unit's milestone. Asked for is a least set of inputs for which some
values, at the boundaries of the comparisons, make every `must` true on the day, without breaking one that is met. Ties go to what is
still missing, in the order of declaration (facts, documents, plan values, then the rest as the guards read it), then by code; what has been
given already and would be given anew comes last, as the guards read it.

Guards that share no input are solved apart. Within a group, the ways to meet the guards (`possible`) name the sets of inputs that could
work; the smallest are tried first (`trials`). Where the guards compare sums, the answer is exact (`settling`), and so is None.

The search is capped at `MOST_TRIES` trials of a value for one group, so that it ends in a moment on any guard. Past the cap the answer
is the first set that could work: no fewer inputs can do it, but that these are enough is then not proven. It takes products of inputs or
rests of divisions to get there.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from engine.guards.demands import TooManyWays, Way
from engine.guards.enabling import Enabling, bits, both
from engine.guards.inputs import Inputs, Roles
from engine.guards.levers import Lever, Levers, Option, levers_of
from engine.guards.possible import Possibilities
from engine.guards.program import Program
from engine.guards.settling import Solution
from engine.guards.trials import TooMany, Trials, Tries, slightest
from engine.readings import Path, Reading
from engine.verdicts import Todo
from engine.workflow import Guard, Workflow

MOST_TRIES: Final = 2_000


def smallest(
    pairs: Sequence[tuple[Guard, Program]], readings: Mapping[Path, Reading], workflow: Workflow, roles: Roles
) -> tuple[Todo, ...] | None:
    """The smallest set of to-dos for these guards; () when nothing is needed, None when no act can meet them."""
    programs = [program for guard, program in pairs if guard.severity == "must"]
    inputs = Inputs(readings, workflow, roles)
    levers = levers_of(programs, inputs)
    chosen: dict[int, Option] = {}
    for group in _groups(programs, levers):
        if all(program.run(readings) is True for program in group):
            continue
        found = _Search(group, levers, readings).solution()
        if found is None:
            return None
        chosen.update(found)
    # a pilot is also one of the children: what serves two rolls is one to-do
    return tuple(dict.fromkeys(todo for n in sorted(chosen) for todo in chosen[n].todos))


def _groups(programs: Sequence[Program], levers: Levers) -> list[list[Program]]:
    """The guards that share inputs, directly or through others."""
    groups: list[tuple[int, list[Program]]] = []
    for program in programs:
        mask = _mask(program, levers)
        apart = [(m, group) for m, group in groups if not m & mask]
        joined = [(m, group) for m, group in groups if m & mask]
        for other, _ in joined:
            mask |= other
        groups = [*apart, (mask, [*(p for _, group in joined for p in group), program])]
    return [group for _, group in groups]


def _mask(program: Program, levers: Levers) -> int:
    mask = 0
    for path in program.reads:
        mask |= levers.moving[path]
    return mask


class _Search:
    """The smallest solution for one group of guards."""

    def __init__(self, programs: list[Program], levers: Levers, readings: Mapping[Path, Reading]) -> None:
        self._programs = programs
        self._levers = levers
        self._enabling = Enabling(readings, levers)
        self._trials = Trials(programs, readings, Tries(MOST_TRIES))
        self._every = 0
        for program in programs:
            self._every |= _mask(program, levers)

    def solution(self) -> Solution | None:
        try:
            masks = self._enabling.masks_of(self._possible_ways())
        except TooManyWays:
            masks = both(self._enabling.masks(program.term, wanted=True) for program in self._programs)
        if not masks:
            return None
        try:
            return self._least(masks)
        except TooMany:
            return {n: slightest(self._levers.every[n]) for n in bits(min(masks, key=_order))}

    def _possible_ways(self) -> list[Way]:
        possibilities = Possibilities(self._chosen(self._every), self._trials.before)
        return possibilities.solvable(possibilities.ways(self._programs))

    def _least(self, masks: Iterable[int]) -> Solution | None:
        """Best first: a set that fails, or takes several units for one lever, grows by another lever; a solution waits for its turn."""
        waiting: list[tuple[tuple[int, tuple[int, ...]], int]] = [(_order(mask), mask) for mask in masks]
        heapq.heapify(waiting)
        seen, solved = set(masks), dict[int, Solution]()
        while waiting:
            order, mask = heapq.heappop(waiting)
            if mask in solved:
                return solved[mask]
            found = self._trials.cheapest(self._chosen(mask))
            if found is not None and _price(found) == order:
                return found
            if found is not None:
                solved[mask] = found
                heapq.heappush(waiting, (_price(found), mask))
            for n in bits(self._every & ~mask):
                wider = mask | 1 << n
                if wider not in seen:
                    seen.add(wider)
                    heapq.heappush(waiting, (_order(wider), wider))
        return None

    def _chosen(self, mask: int) -> dict[int, Lever]:
        return {n: self._levers.every[n] for n in bits(mask)}


def _order(mask: int) -> tuple[int, tuple[int, ...]]:
    """Fewer inputs first, then those declared first."""
    return mask.bit_count(), bits(mask)


def _price(solution: Solution) -> tuple[int, tuple[int, ...]]:
    """The same for a solution, in which one lever may take several inputs."""
    inputs = tuple(n for n in sorted(solution) for _ in range(solution[n].cost))
    return len(inputs), inputs
