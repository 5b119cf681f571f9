"""A view: what a command about a unit meets, at one position of the log and on one day."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Final

import attrs

from engine.case import Case
from engine.events import Recorded
from engine.guards import Program, Roles, judge, outcome, smallest
from engine.procedure import Procedure
from engine.reading import Reader
from engine.readings import Path, Reading
from engine.refusals import NoSuchStep
from engine.verdicts import Todo, Verdict
from engine.workflow import Guard, Transition, Workflow
from engine.world import World

OTHER_UNITS: Final = frozenset({"children", "pilots", "lead", "parent"})
"""The roots of what a guard reads about units other than its own."""


@attrs.frozen(kw_only=True, slots=False)
class View:
    """The unit's case and what surrounds it, for an act on day `on`. `target`: the event that a correction names."""

    world: World
    case: Case
    on: date
    today: date
    target: Recorded | None = None

    @property
    def code(self) -> str:
        return self.case.unit.code

    @cached_property
    def procedure(self) -> Procedure:
        return self.world.procedure(self.case.workflow)

    @property
    def workflow(self) -> Workflow:
        return self.procedure.workflow

    @cached_property
    def reader(self) -> Reader:
        return Reader(self.world, self.case, self.on)

    @cached_property
    def about_unit(self) -> dict[Path, Reading]:
        """What `unit.*` reads, as far as routes ask for it."""
        return self.reader.read_all(self.procedure.unit_reads())

    @cached_property
    def roles(self) -> Roles:
        """Who is who for this unit."""
        return Roles(unit=self.code, superior=self.case.unit.above, board=self.world.board, lead=self.reader.lead())

    def edge(self, trigger: str) -> Transition | None:
        """The transition that a trigger takes from here."""
        return self.procedure.edge(self.case.state, trigger, self.about_unit)

    def ways(self) -> tuple[Transition, ...]:
        """The next transitions: those whose route exists and that do not lead back."""
        return self.procedure.ways(self.case.state, self.about_unit)

    def ways_back(self) -> tuple[Transition, ...]:
        """What leads back from here, where its route exists."""
        return self.procedure.ways_back(self.case.state, self.about_unit)

    def no_such_step(self, trigger: str) -> NoSuchStep:
        """The refusal of a trigger that has no edge from here: it names every trigger that has one."""
        return NoSuchStep(
            unit=self.code,
            step=trigger,
            state=self.case.state,
            possible=tuple(dict.fromkeys(t.trigger for t in self.ways())),
            back=tuple(dict.fromkeys(t.trigger for t in self.ways_back())),
        )

    def verdicts(self, trigger: str, *, about_others: bool = False) -> tuple[Verdict, ...]:
        """What each guard before a trigger says, in the order of declaration; or only those that read other units."""
        guards = self.procedure.guards(trigger, self.about_unit)
        if about_others:
            guards = tuple(g for g in guards if any(path[0] in OTHER_UNITS for path in self.procedure.program(g).reads))
        return tuple(self._verdict_of(guard.id) for guard in guards)

    def outcomes(self, trigger: str) -> tuple[Verdict, ...]:
        """The same verdicts without what words are made of: an act that is accepted needs no more."""
        return tuple(self._outcome_of(guard) for guard in self.procedure.guards(trigger, self.about_unit))

    def smallest(self, trigger: str) -> tuple[Todo, ...] | None:
        """The least that would let a trigger through: () when nothing is needed, None when no act can do it."""
        pairs = [
            (guard, self.procedure.program(guard))
            for guard in self.procedure.guards(trigger, self.about_unit)
            if guard.severity == "must" and self.case.waiver(guard.id, self.on) is None
        ]
        reads = self._read(*(program for _, program in pairs))
        return smallest(pairs, reads, self.workflow, self.roles)

    def _read(self, *programs: Program) -> dict[Path, Reading]:
        """What guards read, and whether each document they ask about was filed: who has to act first depends on it."""
        paths = dict.fromkeys(path for program in programs for path in program.reads)
        filed = dict.fromkeys((*path[:2], "filed") for path in paths if path[0] == "doc")
        return self.reader.read_all({**paths, **filed})

    def _verdict_of(self, guard_id: str) -> Verdict:
        guard = self.workflow.guard_by_id[guard_id]
        program = self.procedure.program(guard)
        return self._waived(judge(guard, program, self._read(program), self.workflow, self.roles))

    def _outcome_of(self, guard: Guard) -> Verdict:
        program = self.procedure.program(guard)
        return self._waived(outcome(guard, program, self.reader.read_all(program.reads)))

    def _waived(self, verdict: Verdict) -> Verdict:
        waiver = self.case.waiver(verdict.guard, self.on)
        if waiver is None or verdict.result == "met":
            return verdict
        return attrs.evolve(verdict, result="waived", waiver_seq=waiver.seq)
