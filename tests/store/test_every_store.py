"""State is the fold of the log, and the log is the same everywhere: every scenario on every kind of store, byte by byte.

The same salts, ids and days go in; the same leaves, roots and answers have to come out.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import attrs
import pytest

from engine.actors import Actor
from engine.commands import RecordHeads
from engine.unit import SEASON
from store.desk import Desk, seasons
from store.errors import SeasonExists
from store.sources import seeded_sources
from tests import postgres
from tests.newcomer.test_another_organisation import SEASON as ANOTHER
from tests.store.asked import views_of
from tests.store.seasons import Maker, fact
from tests.trials import Trial
from workflows.scenario import Scenario, load_scenario
from workflows.scenario_run import run
from workflows.seasons import to_open_command

SCENARIOS = ("two-pilots", "mong-cai-2021", "hanoi-2021", str(ANOTHER / "spring-2026.toml"))
ASKED = 12
"""Units whose answers are compared, spread over the season."""


@attrs.frozen
class Said:
    """What a store holds after a scenario, and what it answers: the digest of every leaf as it lies there, the root, the answers."""

    leaves: tuple[str, ...]
    root: str
    answers: dict[str, Any]


def played(address: str, name: str) -> Said:
    scenario = load_scenario(name)
    with created(address, scenario) as desk:
        to_the_end(scenario, desk)
        return said(desk)


def to_the_end(scenario: Scenario, desk: Desk) -> None:
    """The whole season, and behind it what a checkpoint wants recorded."""
    run(scenario, desk, desk.advance_clock)
    desk.submit(RecordHeads(unit=SEASON, actor=Actor(unit=desk.board)))


def created(address: str, scenario: Scenario) -> Desk:
    season = scenario.season
    opening = to_open_command(season, Actor(unit=season.board), season.opened_on)
    return Desk.create(address, opening, season.definitions, origin=scenario.id, sources=seeded_sources(scenario.seed))


def said(desk: Desk) -> Said:
    verified = desk.verify("full")
    assert verified.ok, verified.problems
    codes = desk.codes()
    middle = verified.events // 2
    answers: dict[str, Any] = {
        "status": desk.status(units=True),
        "status then": desk.status(at=middle),
        "replay": desk.replay(),
        "replay of a day": desk.replay(desk.event(middle).on),
        "history": tuple(desk.history()),
        "why below": desk.why(desk.board, below=True),
    }
    for code in codes[:: max(1, len(codes) // ASKED)]:
        answers[f"status {code}"] = desk.status_of(code)
        answers[f"why {code}"] = desk.why(code)
        answers[f"replay {code}"] = desk.replay_of(code)
        answers[f"plans {code}"] = desk.plan_values(code)
    answers.update(views_of(desk))
    return Said(tuple(leaves(desk)), str(verified.root), answers)


def leaves(desk: Desk) -> Iterator[str]:
    for (leaf,) in desk._session.store.rows("SELECT leaf FROM log WHERE season = ? ORDER BY seq", (desk.season,)):
        yield sha256(leaf).hexdigest()


@cache
def in_memory(name: str) -> Said:
    return played("sqlite://", name)


@pytest.mark.slow
@pytest.mark.trial("same-bytes")
@pytest.mark.parametrize("name", SCENARIOS, ids=lambda name: Path(name).stem)
@pytest.mark.parametrize("kind", ["file", "postgresql"])
def test_a_scenario_leaves_the_same_bytes_and_answers_in_every_store(
    kind: str, name: str, tmp_path: Path, request: pytest.FixtureRequest, trial: Trial
) -> None:
    address = str(tmp_path / "season.db")
    if kind == "postgresql":
        server: postgres.Server = request.getfixturevalue("postgresql")
        address = server.new_database()

    here, there = played(address, name), in_memory(name)

    trial.report(len(here.leaves), sum(one != other for one, other in zip(here.leaves, there.leaves, strict=True)))
    assert here.root == there.root
    for question, answer in here.answers.items():
        assert answer == there.answers[question], question


@pytest.mark.parametrize("address", ["file", "postgresql"], indirect=True)
def test_several_seasons_in_one_store_do_not_see_each_other(address: str, make: Maker) -> None:
    live = make()
    live.desk.submit(fact("east", 150))
    scenario = load_scenario("two-pilots")
    with created(address, scenario) as desk:
        to_the_end(scenario, desk)
        beside = said(desk)
    live.desk.submit(fact("east", 140, "delegates_present"))

    assert beside == in_memory("two-pilots")
    assert seasons(address) == {live.desk.season: "live", scenario.season.id: "two-pilots"}
    assert live.desk.verify("full").ok
    with pytest.raises(SeasonExists):
        created(address, scenario)
