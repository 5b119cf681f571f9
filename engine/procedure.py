"""A procedure made ready: a workflow with its kernel and its compiled expressions, each compiled when first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from engine.guards import Names, Program, compile_guard, holds
from engine.machine import Kernel
from engine.readings import Path, Reading
from engine.workflow import Guard, Transition, Workflow


class Procedure:
    """One workflow, ready for decisions. It holds no position, so one serves every unit that follows it."""

    def __init__(self, workflow: Workflow, digest: str) -> None:
        self.workflow = workflow
        self.digest = digest
        self._programs: dict[tuple[str, bool], Program] = {}

    @cached_property
    def kernel(self) -> Kernel:
        return Kernel(self.workflow)

    @cached_property
    def _names(self) -> Names:
        return Names(self.workflow)

    def program(self, guard: Guard) -> Program:
        """A guard's expression, compiled."""
        return self._compiled(guard.expression, unit_only=False)

    def guards(self, trigger: str, unit: Mapping[Path, Reading]) -> tuple[Guard, ...]:
        """The guards that stand before a trigger for a unit, by what `unit.*` reads."""
        return tuple(g for g in self.workflow.guards_before(trigger) if g.when is None or self.is_so(g.when, unit))

    def route_exists(self, transition: Transition, unit: Mapping[Path, Reading]) -> bool:
        """Whether a transition's route exists for a unit."""
        return transition.when is None or self.is_so(transition.when, unit)

    def is_so(self, expression: str, unit: Mapping[Path, Reading]) -> bool:
        """An expression over `unit` only. What is not known is not so: a route nobody can vouch for does not exist."""
        return holds(self._compiled(expression, unit_only=True), unit) is True

    def unit_reads(self) -> tuple[Path, ...]:
        """Every path under `unit` that a route or a guard's `when` reads."""
        whens = [t.when for t in self.workflow.transitions] + [g.when for g in self.workflow.all_guards]
        programs = [self._compiled(w, unit_only=True) for w in dict.fromkeys(whens) if w is not None]
        return tuple(dict.fromkeys(path for program in programs for path in program.reads))

    def ways(self, state: str, unit: Mapping[Path, Reading]) -> tuple[Transition, ...]:
        """What may be listed as next from a state: routes that exist and do not lead back."""
        return tuple(t for t in self.workflow.leading_from(state) if not t.back and self.route_exists(t, unit))

    def ways_back(self, state: str, unit: Mapping[Path, Reading]) -> tuple[Transition, ...]:
        """What leads back from a state, where its route exists. It may be taken, and is never proposed as the next step."""
        return tuple(t for t in self.workflow.leading_from(state) if t.back and self.route_exists(t, unit))

    def ahead(self, state: str, milestone: str | None, unit: Mapping[Path, Reading]) -> tuple[Transition, ...]:
        """What lies before a unit from a state on: forward, up to where the milestone is awarded, nearest first.

        A transition that leads round to the same state is on the way only when it is the one that awards the milestone.
        """
        found: dict[Transition, None] = {}
        waiting, seen = [state], {state}
        while waiting:
            here = waiting.pop(0)
            on_the_way = [t for t in self.ways(here, unit) if t.leads_on or milestone in t.awards]
            awarding = [t for t in on_the_way if milestone in t.awards]
            found.update(dict.fromkeys(awarding or on_the_way))
            targets = [] if awarding else [t.target_from(here) for t in on_the_way]
            waiting += [t for t in dict.fromkeys(targets) if t not in seen]
            seen.update(targets)
        return tuple(found)

    def edge(self, state: str, trigger: str, unit: Mapping[Path, Reading]) -> Transition | None:
        """The transition a trigger takes from a state for a unit: the kernel's word."""
        return self.kernel.edge(state, trigger, lambda transition: self.route_exists(transition, unit))

    def _compiled(self, expression: str, *, unit_only: bool) -> Program:
        key = (expression, unit_only)
        program = self._programs.get(key)
        if program is None:
            program = self._programs[key] = compile_guard(expression, self._names, unit_only=unit_only)
        return program
