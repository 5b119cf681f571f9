"""The board's lines, one a level: how many units stand where, and by when they should have held their congress."""

from __future__ import annotations

from collections import Counter
from datetime import date

import attrs

from engine import standing
from engine.board import LevelLine
from engine.workflow import State, Workflow
from store.questions.moments import Then


@attrs.frozen
class Count:
    """How many units, and how far they are."""

    total: int
    held: int
    recognised: int
    last_held: date | None


@attrs.define
class _Level:
    states: Counter[str] = attrs.field(factory=Counter)
    workflows: dict[str, None] = attrs.field(factory=dict)
    held: int = 0
    recognised: int = 0
    last_held: date | None = None
    due: date | None = None


class Levels:
    """Counts units by level and state. Units that only their own code tells apart from their neighbours count as one for plans."""

    def __init__(self, moment: Then) -> None:
        self._moment = moment
        self._levels: dict[str, _Level] = {}
        self._days: dict[tuple[object, ...], date | None] = {}
        plans = moment.world.plans()
        issuers = {p.issued.issuer for p in plans}
        scopes = {v.scope.under for p in plans for v in p.issued.values if v.scope.under is not None}
        self.special: tuple[str, ...] = tuple(sorted(issuers | scopes))
        """Units that a plan names, or that issued one: no neighbour's due day is theirs."""

    def add(self, level: str, workflow: str, state: str, code: str, count: Count) -> None:
        """Count some units that stand in one state and are alike for every plan; `code` is one of them."""
        line = self._levels.setdefault(level, _Level())
        line.workflows.setdefault(workflow)
        line.states[state] += count.total
        line.held += count.held
        line.recognised += count.recognised
        line.last_held = _later(line.last_held, count.last_held)
        due_state = standing.held_due_state(self._workflow(workflow))
        if due_state is not None:
            line.due = _later(line.due, self._due(due_state, code))

    def is_late(self, workflow: str, state: str, code: str) -> bool:
        """Whether the day has passed by which units like this one should have left a state."""
        due = self._due(self._workflow(workflow).state_by_id[state], code)
        return due is not None and self._moment.day > due

    def lines(self, *, everything: bool, only: str | None) -> tuple[LevelLine, ...]:
        """A line for each level, top first: for every level there is, or for those that have units (and the one asked for)."""
        adoptions = self._moment.charter.adoptions
        levels = [level for level in adoptions if everything or level == only or level in self._levels]
        return tuple(self._line(level, self._levels.get(level, _Level()), adoptions[level].digest) for level in levels)

    def _line(self, level: str, found: _Level, adopted: str) -> LevelLine:
        workflows = [self._workflow(digest) for digest in dict.fromkeys((adopted, *found.workflows))]
        states = dict.fromkeys(state.id for workflow in workflows for state in workflow.states)
        return LevelLine(
            level=level,
            total=found.states.total(),
            states={state: found.states[state] for state in states},
            held=found.held,
            recognised=found.recognised,
            last_held=found.last_held,
            due=found.due,
        )

    def _workflow(self, digest: str) -> Workflow:
        return self._moment.session.memory.workflow(digest)

    def _due(self, state: State, code: str) -> date | None:
        if state.due is None:
            return None
        world = self._moment.world
        line = world.line(code)
        unit = line[0]
        alone = code if code in self.special else None
        key = (state.due, unit.parent, unit.level, unit.block, unit.pilot_of is not None, alone)
        if key not in self._days:
            self._days[key] = standing.due_day(world.plans(), line, world.board, state, self._moment.day)
        return self._days[key]


def _later(one: date | None, other: date | None) -> date | None:
    return other if one is None else one if other is None else max(one, other)
