"""Bundled seasons, played to their end in memory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache

import attrs

from engine.season import SeasonState
from engine.unit import Unit
from engine.view import View
from tests.simulator import Simulator
from tests.workflows.simulated import SimulatedDesk
from workflows.scenario import Scenario, load_scenario
from workflows.scenario_run import ActDone, Played, run
from workflows.seasons import Season, load_season


@attrs.frozen
class Play:
    """A scenario that was run, with what became of each act."""

    scenario: Scenario
    desk: SimulatedDesk
    played: Played
    done: tuple[ActDone, ...]

    @property
    def state(self) -> SeasonState:
        return self.desk.simulator.state

    def view(self, unit: str, on: date | None = None) -> View:
        return self.desk.simulator.view(unit, on)

    def day(self, unit: str, milestone: str) -> date:
        case = self.state.case(unit)
        assert case is not None
        return case.milestones()[milestone]

    def prefix(self, day: date) -> SeasonState:
        """The season as far as it had been recorded by a day."""
        last = max(r.seq for r in self.desk.simulator.log if date.fromisoformat(r.at[:10]) <= day)
        return self.desk.simulator.prefix(last)


@cache
def play(name: str) -> Play:
    scenario = load_scenario(name)
    desk = SimulatedDesk(scenario.season)
    done: list[ActDone] = []
    played = run(scenario, desk, desk.set_day, on_act=done.append)
    return Play(scenario, desk, played, tuple(done))


def opened(name: str, change: Callable[[Unit], Unit] = lambda unit: unit) -> Simulator:
    """A season on the day it was opened, its units changed."""
    season: Season = load_season(name)
    return SimulatedDesk(attrs.evolve(season, units=tuple(change(u) for u in season.units))).simulator
