"""The power goes at any moment: before every write, sync, truncation, opening and deletion of a season's life.

After each: what was acknowledged is there, nothing is half there, and who asks again by command id gets the first receipt. One run
of the course gives every moment; what the disk keeps of the unsynced is drawn anew for each trial (FAULT_SEED).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import TypeVar

import attrs
import pytest

from store.desk import Desk
from store.dialects.base import Raw
from store.errors import StorageError
from tests.faults.course import step, take
from tests.faults.driver import Driven, through
from tests.faults.power import Moment, PowerDisk
from tests.faults.survivors import machine_stopped, problems
from tests.store.seasons import opened
from tests.trials import Trial

SEED = os.environ.get("FAULT_SEED", "20210428")
COMMANDS = 20
SYNCS = 24
"""So many has a season's life in which none fails."""

T = TypeVar("T")

pytestmark = pytest.mark.timeout(3_600)


class Hasty(Driven):
    """A store that brings its log into the file every few pages, so that a short course sees it wrap round."""

    def prepare(self, raw: Raw) -> None:
        super().prepare(raw)
        raw.execute("PRAGMA wal_autocheckpoint = 24")


class Careless(Driven):
    """A store that never waits for the disk."""

    def prepare(self, raw: Raw) -> None:
        super().prepare(raw)
        raw.execute("PRAGMA synchronous = OFF")


class AlmostCareful(Driven):
    """A store that waits for the disk at checkpoints only, as many are told to."""

    def prepare(self, raw: Raw) -> None:
        super().prepare(raw)
        raw.execute("PRAGMA synchronous = NORMAL")


class Unprepared(Driven):
    """A store that could not be set up after its opening: nothing but the opening itself has made it last."""

    waits = True

    def prepare(self, raw: Raw) -> None:
        if type(self).waits:
            type(self).waits = False
            raise sqlite3.OperationalError
        super().prepare(raw)


@attrs.frozen
class Blackout:
    """The power goes: the disk then, and what had been acknowledged."""

    moment: Moment
    opened: bool
    answered: dict[int, str]


def life(folder: Path, kind: type[Driven], *, failing: int | None = None) -> list[Blackout]:
    """A season from its opening to its last closing, with half of the course on either side of another closing: every moment of it.

    `failing`: which sync fails. Who is told of it asks once more.
    """
    for old in folder.glob("season.db*"):
        old.unlink()
    blackouts: list[Blackout] = []
    answered: dict[int, str] = {}
    stands = False

    def hear(disk: PowerDisk) -> None:
        blackouts.append(Blackout(disk.moment(), stands, dict(answered)))

    disk = PowerDisk(hear, failing=failing)
    path = folder / "season.db"
    with through(disk, kind):
        season = again(lambda: opened(path))
        stands = True
        season.desk.close()
        for end in (COMMANDS // 2, COMMANDS):
            with again(lambda: Desk.open(path)) as desk:
                while len(answered) < end:
                    numbers = step(len(answered))
                    for number, accepted in zip(numbers, again(partial(take, desk, numbers)), strict=True):
                        assert accepted.receipt is not None
                        answered[number] = accepted.receipt.leaf_hash
    hear(disk)
    return blackouts


def again(work: Callable[[], T]) -> T:
    """Do it; and once more, if the disk failed."""
    try:
        return work()
    except StorageError:
        return work()


def found(folder: Path, blackout: Blackout, chance: Random) -> list[str]:
    """What does not hold when the power is back."""
    image = folder / "image"
    blackout.moment.survives(image, chance)
    return problems(image / "season.db", blackout.answered, must_stand=blackout.opened)


@pytest.mark.trial("power")
@pytest.mark.parametrize("kind", [Driven, Hasty, Unprepared])
def test_whenever_the_power_goes_nothing_acknowledged_is_lost_and_nothing_is_half_done(
    folder: Path, kind: type[Driven], trial: Trial
) -> None:
    Unprepared.waits = True
    blackouts = life(folder, kind)
    draws = Random(f"{SEED} {kind.__name__}")
    tries = trial.size // 3
    wrong: list[str] = []
    # every moment as often as any other, in an order of its own each time
    order = [number for _ in range(tries // len(blackouts) + 1) for number in draws.sample(range(len(blackouts)), len(blackouts))]
    for number in order[:tries]:
        seed = f"{SEED} {kind.__name__} {number} {draws.random()}"
        wrong += [f"moment {number} ({seed!r}): {problem}" for problem in found(folder, blackouts[number], Random(seed))[:1]]
    trial.report(tries, len(wrong), moments=min(tries, len(blackouts)))
    assert not wrong, "\n".join(wrong[:10])


@pytest.mark.trial("late-power")
def test_a_sync_that_failed_costs_nothing_acknowledged_when_the_power_goes_later(folder: Path, trial: Trial) -> None:
    lives = min(SYNCS, trial.size)
    chance = Random(f"{SEED} late")
    wrong: list[str] = []
    for failing in chance.sample(range(1, SYNCS + 1), lives):
        blackouts = life(folder, Driven, failing=failing)
        for number in chance.choices(range(len(blackouts)), k=trial.size // lives):
            seed = f"{SEED} {failing} {number} {chance.random()}"
            wrong += [
                f"sync {failing}, moment {number} ({seed!r}): {p}" for p in found(folder, blackouts[number], Random(seed))[:1]
            ]
    trial.report(trial.size // lives * lives, len(wrong), syncs=lives)
    assert not wrong, "\n".join(wrong[:10])


def test_an_opening_lasts_before_anything_else_is_written(folder: Path) -> None:
    """Without a sync of the folder the journal of the first transaction came back, and took the season with it."""
    Unprepared.waits = True
    first = [blackout for blackout in life(folder, Unprepared) if blackout.opened][:12]
    chance = Random(SEED)

    lost = [problem for blackout in first for _ in range(8) for problem in found(folder, blackout, chance)]

    assert not lost


def test_an_answer_that_is_given_again_waits_for_the_disk_as_the_first_would_have(folder: Path) -> None:
    """Somebody was killed between writing and syncing: the command is found in the log, and nothing has made it last yet."""
    disk = PowerDisk(lambda _: None)
    path = folder / "season.db"
    with through(disk):
        opened(path).desk.close()
    with through(disk, Careless):
        killed = Desk.open(path)
        take(killed, step(0))
    with through(disk):
        desk = Desk.open(machine_stopped(path, folder / "later"))
        repeated = take(desk, step(0))
    answered = {number: one.receipt.leaf_hash for number, one in zip(step(0), repeated, strict=True) if one.receipt}
    blackout = Blackout(disk.moment(), opened=True, answered=answered)

    assert all(one.repeated for one in repeated)
    assert not [problem for draw in range(20) for problem in found(folder, blackout, Random(f"{SEED} {draw}"))]
    desk.close()
    killed.close()


@pytest.mark.parametrize("kind", [Careless, AlmostCareful])
def test_a_store_that_does_not_wait_for_the_disk_is_found_out(folder: Path, kind: type[Driven]) -> None:
    """The trials can fail: of a store that acknowledges too early they find losses."""
    blackouts = life(folder, kind)
    chance = Random(SEED)

    losses = [problem for blackout in chance.sample(blackouts, 60) for problem in found(folder, blackout, chance)]

    assert any("acknowledged and lost" in loss for loss in losses)
