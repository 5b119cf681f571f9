"""Tries files that are wrong somewhere. A program of its own, because its limits are the process's.

Input number n of a seed is always the same: ``python -m tests.fuzz.files SEED 17 18`` tries that one again.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final

from engine import codec
from engine.actors import Actor
from engine.errors import DaihoiError
from engine.machine import mermaid
from engine.plan import Plan
from engine.workflow import Workflow
from reports import board, procedures, replay, why
from reports.catalogue import LANGUAGES
from store.desk import Desk
from store.sources import seeded_sources
from tests.fuzz import octets, trees
from tests.fuzz.houses import House, Kind, houses
from tests.fuzz.limits import CPU, TooLong, limit_memory, within
from tests.fuzz.told import tell, tell_error, tell_problems
from workflows.load import check_workflow
from workflows.plans import check_plan
from workflows.problems import FileMistakes
from workflows.scenario import check_scenario
from workflows.scenario_run import run
from workflows.seasons import Season, check_season, to_open_command

USED: Final = 30.0
"""Seconds of CPU in which a season that was accepted has to open, or a short scenario to run."""

RICH: Final = 20
"""One answer in so many is drawn on a terminal too."""

CHECKS: Final[dict[Kind, Callable[[str], Any]]] = {
    "procedure": check_workflow,
    "plan": check_plan,
    "season": check_season,
    "units": check_season,
    "scenario": check_scenario,
}


class Fuzz:
    """Tries one input after another. `seen`: what became of them."""

    def __init__(self, folder: Path, seed: str) -> None:
        self.houses = houses(folder)
        self.seed = seed
        self.seen: Counter[str] = Counter()
        self.wrong: list[str] = []

    def warm_up(self) -> None:
        """Everything right once, so that no input pays for what is loaded with the first."""
        for house in self.houses:
            for name, kind in house.kinds.items():
                if kind != "units":
                    assert CHECKS[kind](str(house.folder / name)).ok, name
        self._use(self.houses[0], "season", check_season(str(self.houses[0].folder / "season.toml")), Random(0))

    def one(self, number: int) -> None:
        """Try an input; whatever happens is written down."""
        chance = Random(f"{self.seed} {number}")
        house = chance.choice(self.houses)
        name = chance.choice(list(house.files))
        content = self._content(house, name, chance)
        house.lay(name, content)
        try:
            self._try(house, name, chance)
        except (Exception, TooLong) as error:  # noqa: BLE001 - every error that is not ours is what is looked for
            where = "".join(traceback.format_tb(error.__traceback__)[-3:])
            self.wrong.append(f"input {number} ({house.folder.name}/{name}): {type(error).__name__}: {str(error)[:500]}\n{where}")
        finally:
            house.lay(name, house.files[name])

    def _content(self, house: House, name: str, chance: Random) -> bytes:
        if name in house.trees and chance.randrange(5) > 1:
            others = [tree for other in self.houses for tree in other.trees.values()]
            tree = trees.Mutator(chance, others).mutated(house.trees[name])
            self.seen["trees"] += 1
            return trees.write(tree, chance).encode("utf-8", "surrogatepass")
        self.seen["bytes"] += 1
        others_bytes = [content for other in self.houses for content in other.files.values()]
        return octets.mutated(house.files[name], others_bytes, chance)

    def _try(self, house: House, name: str, chance: Random) -> None:
        kind = house.kinds[name]
        path = str(house.folder / (house.season if kind == "units" else name))
        try:
            loaded = _read(kind, path)
        except DaihoiError as error:
            tell_error(error)
            self.seen["refused"] += 1
            return
        if not loaded.ok:
            self.seen["refused"] += 1
            return
        self.seen["accepted"] += 1
        within(USED, lambda: self._use(house, kind, loaded, chance))

    def _use(self, house: House, kind: Kind, loaded: Any, chance: Random) -> None:
        """What was accepted can be used."""
        if kind == "procedure":
            _use_workflow(loaded.workflow, rich=chance.randrange(RICH) == 0)
        elif kind == "plan":
            _same_again(codec.plan_bytes(loaded.plan), codec.plan_from_bytes, codec.plan_bytes, loaded.plan)
        if kind == "scenario":
            if house.played or chance.randrange(20) == 0:
                self._play(loaded.scenario)
            return
        season = loaded if kind in ("season", "units") else check_season(str(house.folder / house.season))
        if season.season is None:
            tell_error(FileMistakes(season.source.name, season.problems))
        else:
            self._open(season.season, chance)

    def _open(self, season: Season, chance: Random) -> None:
        """A season that was accepted opens and answers, or says in one message why not."""
        opening = to_open_command(season, Actor(unit=season.board))
        try:
            desk = Desk.create("sqlite://", opening, season.definitions, sources=seeded_sources(1))
        except DaihoiError as error:
            tell_error(error)
            self.seen["not opened"] += 1
            return
        with desk:
            self.seen["opened"] += 1
            rich = chance.randrange(RICH) == 0
            tell(board.REPORT, desk.status(), rich=rich)
            tell(why.REPORT, desk.why(chance.choice(season.units).code, below=True), rich=rich)
            tell(replay.SEASON, desk.replay(), rich=rich)
            answer = desk.verify("full" if len(season.units) < 50 else "hashes")
            assert answer.ok, answer.problems

    def _play(self, scenario: Any) -> None:
        season = scenario.season
        opening = to_open_command(season, Actor(unit=season.board), season.opened_on)
        try:
            with Desk.create(
                "sqlite://", opening, season.definitions, origin=scenario.id, sources=seeded_sources(scenario.seed)
            ) as desk:
                run(scenario, desk, desk.advance_clock)
                assert desk.verify("fold").ok
            self.seen["played"] += 1
        except DaihoiError as error:
            tell_error(error)
            self.seen["stopped"] += 1


def _read(kind: Kind, path: str) -> Any:
    """A file read, checked, and told of, within what it may cost. A machine that was busy elsewhere gets a second try."""

    def work() -> Any:
        loaded = CHECKS[kind](path)
        tell_problems(loaded.problems[:20])
        if not loaded.ok:
            tell_error(FileMistakes(loaded.source.name, loaded.problems[:20]))
        return loaded

    try:
        return within(CPU, work)
    except TooLong:
        return within(CPU, work)


def _use_workflow(workflow: Workflow, *, rich: bool) -> None:
    raw = codec.workflow_bytes(workflow)
    _same_again(raw, codec.workflow_from_bytes, codec.workflow_bytes, workflow)
    tell(procedures.ONE, workflow, rich=rich)
    for language in LANGUAGES:
        assert mermaid(workflow, language)


def _same_again(raw: bytes, read: Callable[[bytes], Any], write: Callable[[Any], bytes], value: Workflow | Plan) -> None:
    again = read(raw)
    assert again == value
    assert codec.digest(write(again)) == codec.digest(raw)


def main(seed: str, first: str, end: str) -> None:
    with TemporaryDirectory(prefix="daihoi-fuzz-") as folder:
        fuzz = Fuzz(Path(folder), seed)
        fuzz.warm_up()
        limit_memory()
        for number in range(int(first), int(end)):
            fuzz.one(number)
    sys.stdout.write(json.dumps({"seen": fuzz.seen, "wrong": fuzz.wrong}))


if __name__ == "__main__":
    main(*sys.argv[1:])
