"""Records the histories of the bundled procedures: `make history`, after a procedure got a new version.

Every bundled scenario that goes by procedures of which no recorded history knows is played and written to `tests/histories/`. What was
recorded before stays as it is: today's program has to come to the same bytes.
"""

from __future__ import annotations

from engine.actors import Actor
from store.desk import Desk
from store.sources import seeded_sources
from tests.histories import History, history_of, path_of, read, recorded
from workflows.catalogue import bundled
from workflows.scenario import load_scenario
from workflows.scenario_run import run
from workflows.seasons import to_open_command


def played(name: str) -> History:
    """A bundled scenario, played to its end in memory."""
    scenario = load_scenario(name)
    season = scenario.season
    opening = to_open_command(season, Actor(unit=season.board), season.opened_on)
    sources = seeded_sources(scenario.seed)
    with Desk.create("sqlite://", opening, season.definitions, origin=scenario.id, sources=sources) as desk:
        run(scenario, desk, desk.advance_clock)
        return history_of(desk, name)


def main() -> None:
    known = {digest for path in recorded().values() for digest in read(path).workflows}
    for history in sorted(map(played, bundled("scenario")), key=lambda one: len(one.leaves)):
        if history.workflows.keys() <= known:
            print(f"{history.scenario}: nothing new")
            continue
        known |= history.workflows.keys()
        path_of(history).write_bytes(history.to_bytes())
        print(f"{path_of(history)}: {len(history.leaves)} events, {', '.join(sorted(history.workflows.values()))}")


if __name__ == "__main__":
    main()
