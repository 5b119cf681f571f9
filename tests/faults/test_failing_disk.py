"""A disk that fails at the n-th write, sync, truncation, opening, deletion or lock, for every n: once, or from then on.

After each: what was acknowledged is there, nothing is half there, what was said not to be recorded is not and never comes back, everybody
who asks again by command id gets the first receipt, and the message is one of the disk's. FAULT_SEED draws which n a small run takes.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from engine.errors import DaihoiError
from store.desk import Desk
from store.errors import CommitUnknown, DiskFailed, DiskFull, ReadOnlyPlace
from tests.faults.course import step, take
from tests.faults.driver import Driven, through
from tests.faults.failing import ERRORS, FOR_EVER, ONCE, FailingDisk, Fault
from tests.faults.survivors import machine_stopped, problems
from tests.store.seasons import opened
from tests.trials import Trial

SEED = os.environ.get("FAULT_SEED", "20210428")
COMMANDS = 20
SOUND = FailingDisk()
KINDS = ("write", "sync", "truncate", "open", "delete", "lock")
PATIENCE = 4
"""How often a clerk is told of a failure before giving up."""

TESTS = 2 * len(KINDS)
"""How many tests share the trials of the kind."""

FITTING = {
    "write": (DiskFull, DiskFailed, CommitUnknown),
    "sync": (DiskFailed, CommitUnknown),
    "truncate": (DiskFailed, CommitUnknown),
    "open": (ReadOnlyPlace,),
    "delete": (DiskFailed, CommitUnknown),
    "lock": (DiskFailed, CommitUnknown),
}
"""What may be said when an operation of a kind failed."""

pytestmark = [pytest.mark.trial("disk"), pytest.mark.timeout(3_600)]


class Clerk:
    """Works through the course on a disk that fails, and asks again by command id as long as the disk lets anybody.

    `answered`: by number, the leaf hash that was told; `denied`: the commands of which was last said that nothing of them is recorded;
    `stopped`: what does not hold of the store as it is found when the machine stops just after the first failure was told.
    """

    def __init__(self, path: Path, *, opening: bool) -> None:
        self.path = path
        self.opened = not opening
        self.answered: dict[int, str] = {}
        self.denied: frozenset[int] = frozenset()
        self.said: list[DaihoiError] = []
        self.stopped: list[str] = []

    def work(self, commands: int) -> None:
        """To the end of the course, or to where the disk does not come back."""
        while len(self.said) < PATIENCE and len(self.answered) < commands:
            try:
                self._open_and_work(commands)
            except DaihoiError as error:
                if error not in self.said:
                    self.said.append(error)

    def _open_and_work(self, commands: int) -> None:
        if not self.opened:
            opened(self.path).desk.close()
            self.opened = True
        with Desk.open(self.path) as desk:
            while len(self.answered) < commands:
                numbers = step(len(self.answered))
                try:
                    self._take(desk, numbers)
                except DaihoiError as error:
                    self._hear(error, numbers)
                    self._take(desk, numbers)  # the desk is as good as before, if the disk is

    def _take(self, desk: Desk, numbers: Sequence[int]) -> None:
        for number, accepted in zip(numbers, take(desk, numbers), strict=True):
            assert accepted.receipt is not None
            self.answered[number] = accepted.receipt.leaf_hash
        self.denied = frozenset()

    def _hear(self, error: DaihoiError, numbers: Sequence[int]) -> None:
        self.said.append(error)
        self.denied = frozenset(numbers) if is_denied(error) else frozenset()
        if len(self.said) == 1:
            stopped = machine_stopped(self.path, self.path.parent / "stopped")
            with through(SOUND):
                self.stopped = problems(stopped, self.answered, not_there=self.denied)


def is_denied(error: DaihoiError) -> bool:
    """Whether it says that nothing was recorded."""
    return getattr(error, "recorded", False) is False


def tried(folder: Path, fault: Fault, start: Path | None, kind: type[Driven] = Driven) -> tuple[list[str], Clerk]:
    """One trial: what does not hold, and the clerk with what was told."""
    path = folder / "season.db"
    for old in folder.glob("season.db*"):
        old.unlink()
    if start is not None:
        shutil.copyfile(start, path)
    disk = FailingDisk(fault)
    clerk = Clerk(path, opening=start is None)
    with through(disk, kind):
        clerk.work(COMMANDS if start is not None else step(0)[-1] + 1)
    found = [f"not the disk's words: {error!r}" for error in clerk.said if not isinstance(error, FITTING[fault.kind])]
    after = problems(path, clerk.answered, must_stand=clerk.opened, not_there=clerk.denied)
    return [*found, *(f"when the machine stops: {p}" for p in clerk.stopped), *after], clerk


def operations(folder: Path, start: Path | None) -> Counter[str]:
    """How many operations of each kind there are when nothing fails."""
    disk = FailingDisk()
    path = folder / "counted.db"
    if start is not None:
        shutil.copyfile(start, path)
    with through(disk):
        Clerk(path, opening=start is None).work(COMMANDS if start is not None else step(0)[-1] + 1)
    return disk.done


def faults(kind: str, count: int, size: int) -> Sequence[Fault]:
    """Every fault of a kind there is, or as many of them as asked for."""
    every = [
        Fault(kind, number, error, how)
        for number in range(1, count + 1)
        for error in ERRORS
        for how in (ONCE, FOR_EVER)
        if kind in ERRORS[error]
    ]
    return every if size >= len(every) else Random(f"{SEED} {kind}").sample(every, size)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("opening", [True, False], ids=["opening", "course"])
def test_whatever_the_disk_refuses_nothing_acknowledged_is_lost_and_nothing_is_half_done(
    folder: Path, kind: str, opening: bool, trial: Trial
) -> None:
    start = None if opening else folder / "start.db"
    if start is not None:
        opened(start).desk.close()
    told: Counter[str] = Counter()
    wrong: dict[Fault, list[str]] = {}
    tries = faults(kind, operations(folder, start)[kind], trial.size // TESTS)
    for fault in tries:
        found, clerk = tried(folder, fault, start)
        told.update(error.code for error in clerk.said)
        if found:
            wrong[fault] = found
    trial.report(len(tries), len(wrong), **told)
    assert not wrong, "\n".join(f"{fault}: {found}" for fault, found in list(wrong.items())[:5])


class Guessing(Driven):
    """A store that takes the failure of a COMMIT for proof that nothing was recorded."""

    def in_doubt(self, error: Exception) -> str | None:
        return None


def test_a_store_that_does_not_ask_what_came_of_a_failed_commit_is_found_out(folder: Path, trial: Trial) -> None:
    """The trials can fail, and in this very way: what was denied comes back from the log that a failed sync left."""
    start = folder / "start.db"
    opened(start).desk.close()
    syncs = [Fault("sync", number, "EIO", how) for number in range(2, 12) for how in (ONCE, FOR_EVER)]

    guessed = [tried(folder, fault, start, Guessing)[0] for fault in syncs]
    asked = [tried(folder, fault, start) for fault in syncs]

    assert any("said not to be recorded, and is" in problem for found in guessed for problem in found)
    assert not any(found for found, _ in asked)
    assert any(isinstance(error, CommitUnknown) for _, clerk in asked for error in clerk.said)
    trial.report(len(asked))
