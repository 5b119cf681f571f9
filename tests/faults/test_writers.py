"""Many who write at once: of those who decided on one version one wins, and what everybody was told has one order.

Whoever checks sees nothing of the store: only what the clients were told (`tests.faults.told`).
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import attrs
import pytest

from store.desk import Desk
from tests import sample
from tests.faults import writers
from tests.faults.proxy import Proxy
from tests.faults.told import Told, complaints, in_step
from tests.faults.writers import Clerk
from tests.postgres import Server, server
from tests.store.seasons import opened
from tests.trials import Trial

ROOT = Path(__file__).parents[2]
PROCESSES, THREADS = 8, 8
WRITERS = PROCESSES * THREADS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(7_200),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="forks its clerks"),
]


@pytest.fixture(params=["file", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "file":
        return str(tmp_path / "season.db")
    server: Server = request.getfixturevalue("postgresql")
    return server.new_database()


def open_season(address: str) -> list[str]:
    """A season with a unit for each writer; the leaf hashes of its opening, as whoever opened it can read them."""
    season = opened(address, opening=sample.opening(units=writers.units(WRITERS), rolls=writers.rolls(WRITERS)))
    hashes = [line.leaf_hash for line in season.desk.history()]
    season.desk.close()
    return hashes


def program(mode: str, address: str, *numbers: int) -> list[str]:
    return [sys.executable, "-m", "tests.faults.writers", mode, address, *map(str, numbers)]


def answers(mode: str, address: str, *numbers: int) -> list[Told]:
    run = subprocess.run(program(mode, address, *numbers), cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return [Told(**json.loads(line)) for line in run.stdout.splitlines()]


@pytest.mark.trial("one-winner")
def test_of_64_who_decide_on_one_version_one_wins_and_63_are_told_who(address: str, trial: Trial) -> None:
    opening = open_season(address)

    told = answers("rounds", address, PROCESSES, THREADS, trial.size)

    kinds = [one.kind for one in told]
    assert kinds.count("write") == trial.size
    assert kinds.count("conflict") == trial.size * (WRITERS - 1)
    wrong = complaints(told, opening)
    assert not wrong
    trial.report(len(told), len(wrong), winners=kinds.count("write"), told_who_won=kinds.count("conflict"))


@pytest.mark.trial("apart")
def test_64_who_write_to_64_units_lose_nothing_and_stand_in_one_order(address: str, trial: Trial) -> None:
    opening = open_season(address)

    told = answers("apart", address, PROCESSES, THREADS, trial.size)

    assert not in_step(told)
    wrong = complaints(told, opening)
    assert not wrong
    with Desk.open(address, read_only=True) as desk:
        verified = desk.verify("fold")
        assert verified.ok, verified.problems
        assert verified.events == len(opening) + len(told)
    trial.report(len(told), len(wrong))


# Cuts and restarts


@attrs.define
class Asked:
    """A command that may have gone without an answer."""

    asked: float
    id: str
    unit: str
    value: int
    expect: int | None


class Disturbed:
    """One run: two processes of clerks, one of them killed and replaced now and then; on PostgreSQL the line and the server go too."""

    def __init__(self, address: str, seed: int, disturb: Sequence[str]) -> None:
        self.address = address
        self.seed = seed
        self.disturb = disturb
        self.chance = Random(seed)
        self.said: list[str] = []
        self._started = 0
        self._readers: list[threading.Thread] = []

    def start(self) -> subprocess.Popen[str]:
        first = 10 * self._started
        self._started += 1
        process = subprocess.Popen(
            program("mixed", self.address, first, 2, self.seed),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        reader = threading.Thread(target=self._listen, args=(process,))
        reader.start()
        self._readers.append(reader)
        return process

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            self.said.extend(line for line in lines if line.endswith("\n"))

    def run(self, proxy: Proxy | None, victim: Server | None) -> int:
        """Let them work and disturb them; how often."""
        clerks = [self.start() for _ in range(2)]
        try:
            self._disturb(clerks, proxy, victim)
        finally:
            for clerk in clerks:
                self._end(clerk)
            for reader in self._readers:
                reader.join()
        return len(self.disturb)

    def _disturb(self, clerks: list[subprocess.Popen[str]], proxy: Proxy | None, victim: Server | None) -> None:
        self._until(40)
        for what in self.disturb:
            before = len(self.said)
            if what == "kill":
                self._end(clerks.pop(0))
                clerks.append(self.start())
            elif what == "cut" and proxy is not None:
                proxy.cut_next = [self.chance.choice(("before", "after")) for _ in range(self.chance.randrange(1, 4))]
            elif what == "restart" and victim is not None:
                time.sleep(self.chance.uniform(0.0, 0.05))
                victim.kill()
                victim.start()
            self._until(before + 40)

    def _until(self, lines: int) -> None:
        until = time.monotonic() + writers.PATIENCE
        while len(self.said) < lines:
            assert time.monotonic() < until, "nobody writes any more"
            time.sleep(0.005)

    @staticmethod
    def _end(clerk: subprocess.Popen[str]) -> None:
        assert clerk.poll() is None, clerk.stderr and clerk.stderr.read()
        clerk.send_signal(signal.SIGKILL)
        clerk.wait()
        if clerk.stderr is not None:
            clerk.stderr.close()

    def told(self, straight: str) -> list[Told]:
        """Everything that was said; what went without an answer is asked again by its id."""
        lines: list[dict[str, Any]] = [json.loads(line) for line in self.said]
        told = [Told(**line) for line in lines if "kind" in line]
        answered = {one.id for one in told}
        open_ = [Asked(**line) for line in lines if "kind" not in line and line["id"] not in answered]
        with Desk.open(straight) as desk:
            told.extend(attrs.evolve(Clerk(desk).record(a.unit, a.value, a.id, expect=a.expect), asked=a.asked) for a in open_)
        return told


@pytest.fixture
def restartable() -> Iterator[Server]:
    with server() as running:
        yield running


@pytest.mark.trial("one-order")
def test_what_clients_were_told_has_one_order_whatever_breaks(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, restartable: Server, trial: Trial
) -> None:
    proxy = Proxy(restartable.folder, tmp_path_factory.mktemp("line"))
    for seed in range(trial.size):
        chance = Random(seed)
        if seed % 2:
            kinds = ["kill", "cut", "cut", "restart"]
            straight = restartable.new_database()
            address = proxy.url(straight)
        else:
            kinds, straight = ["kill"], str(tmp_path / f"{seed}.db")
            address = straight
        opening = open_season(straight)
        disturbed = Disturbed(address, seed, [chance.choice(kinds) for _ in range(chance.randrange(1, 4))])
        disturbances = disturbed.run(proxy, restartable)
        proxy.cut_next = []

        told = disturbed.told(straight)

        wrong = complaints(told, opening)
        assert not wrong, (seed, wrong[:5])
        assert not in_step(told)
        with Desk.open(straight, read_only=True) as desk:
            assert desk.verify("fold").ok
        trial.report(1, len(wrong), answers=len(told), disturbances=disturbances)
    proxy.close()


# The checker itself


def some_writes(count: int = 6) -> tuple[list[Told], list[str]]:
    """Honest answers: two units in turn, and what lay there before."""
    from engine.merkle import Frontier

    opening = [f"{n:064x}" for n in range(3)]
    frontier = Frontier().extend(bytes.fromhex(one) for one in opening)
    told = []
    for n in range(count):
        frontier = frontier.append((100 + n).to_bytes(32, "big"))
        told.append(
            Told(
                kind="write", asked=n, answered=n + 1.5, unit=f"unit-{n % 2}", version=n // 2 + 1, id=f"id-{n}", seq=n + 4,
                leaf_hash=f"{100 + n:064x}", size=frontier.size, root=frontier.root().hex(),
            )
        )  # fmt: skip
    return told, opening


def test_the_checker_finds_honest_answers_in_order() -> None:
    told, opening = some_writes()
    lost = Told(kind="conflict", asked=1, answered=3, unit="unit-0", version=2, id="late", winner="id-2")
    seen = Told(kind="read", asked=2, answered=3, unit="unit-0", version=2)

    again = attrs.evolve(seen, asked=3.2, answered=3.4)

    assert complaints([*told, lost, again, seen], opening) == []


@pytest.mark.parametrize(
    "lie",
    [
        {"seq": 9},
        {"seq": 4},
        {"id": "id-1"},
        {"leaf_hash": "0" * 64},
        {"root": "0" * 64},
        {"size": 1},
        {"version": 7},
        {"answered": -1.0},
    ],
    ids=str,
)
def test_the_checker_notices_one_wrong_answer(lie: dict[str, Any]) -> None:
    told, opening = some_writes()
    told[2] = attrs.evolve(told[2], **lie)

    assert complaints(told, opening)


@pytest.mark.parametrize(
    "lie",
    [
        Told(kind="conflict", asked=1, answered=3, unit="unit-0", version=2, winner="id-3"),
        Told(kind="conflict", asked=1, answered=3, unit="unit-0", version=9, winner="id-2"),
        Told(kind="conflict", asked=0, answered=1, unit="unit-0", version=3, winner="id-4"),
        Told(kind="read", asked=10, answered=11, unit="unit-0", version=2),
        Told(kind="read", asked=0.1, answered=0.2, unit="unit-0", version=3),
    ],
    ids=str,
)
def test_the_checker_notices_a_winner_or_a_reading_that_cannot_be(lie: Told) -> None:
    told, opening = some_writes()

    assert complaints([*told, lie], opening)


def test_the_checker_notices_an_answer_that_is_missing() -> None:
    told, opening = some_writes()

    assert complaints(told[:2] + told[3:], opening)
