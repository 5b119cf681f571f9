"""A desk without a store: the protocol that scenarios know, over the simulated season."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import attrs

from engine import codec
from engine import commands as cmd
from engine.actors import Actor
from engine.commands import AnyCommand
from engine.desk import Accepted, EventLine
from engine.errors import DaihoiError
from engine.procedure import Procedure
from tests.simulator import Simulator, seal
from workflows.scenario import Scenario
from workflows.seasons import Season, to_open_command


class SimulatedDesk:
    """Opens a season and takes what a scenario brings. `batches`: how many commands came together."""

    def __init__(self, season: Season) -> None:
        self.season = season
        self.batches: list[int] = []
        procedures = {
            d.digest: Procedure(codec.workflow_from_bytes(d.content), d.digest)
            for d in season.definitions
            if d.kind == "workflow"
        }
        assert season.opened_on is not None
        self.simulator = Simulator(season.opened_on, procedures.__getitem__)
        self.simulator.open(to_open_command(season, Actor(unit=season.board)))

    def set_day(self, day: date) -> None:
        assert day >= self.simulator.today, "the clock only moves on"
        self.simulator.today = day

    def submit(
        self, command: AnyCommand, *, expect: int | None = None, dry_run: bool = False, command_id: str | None = None
    ) -> Accepted:
        result = self.simulator.submit(_sealed(command))
        if isinstance(result, DaihoiError):
            raise result
        lines = tuple(EventLine(seq=r.seq, kind=r.event.kind, unit=r.unit, version=r.version) for r in result)
        case = self.simulator.state.case(command.unit)
        return Accepted(receipt=None, events=lines, state=None if case is None else case.state)

    def submit_all(self, commands: Sequence[AnyCommand]) -> list[Accepted]:
        before = len(self.simulator.log)
        self.batches.append(len(commands))
        try:
            return [self.submit(command) for command in commands]
        except DaihoiError:
            del self.simulator.log[before:]
            self.simulator.state = self.simulator.prefix(before)
            raise

    def codes(self, *, under: str | None = None, level: str | None = None) -> Iterable[str]:
        state = self.simulator.state
        for unit in self.season.units:
            if level in (None, unit.level) and (under is None or under in [u.code for u in state.line(unit.code)]):
                yield unit.code

    def superior_of(self, unit: str) -> str | None:
        found = self.simulator.state.unit(unit)
        return None if found is None else found.above

    def state_of(self, unit: str) -> str:
        case = self.simulator.state.case(unit)
        assert case is not None
        return case.state

    def reached(self, unit: str) -> frozenset[str]:
        case = self.simulator.state.case(unit)
        assert case is not None
        return frozenset(case.milestones())


def opened(scenario: Scenario) -> SimulatedDesk:
    return SimulatedDesk(scenario.season)


def _sealed(command: AnyCommand) -> AnyCommand:
    """The command as a desk would hand it on: no plain words."""
    changes: dict[str, Any] = {}
    if isinstance(command.reason, str):
        changes["reason"] = seal(command.reason)
    if isinstance(command, cmd.Waive) and isinstance(command.basis, str):
        changes["basis"] = seal(command.basis)
    if isinstance(command, cmd.ApproveDocument):
        changes["changes"] = tuple(seal(c) if isinstance(c, str) else c for c in command.changes)
    return attrs.evolve(command, **changes)
