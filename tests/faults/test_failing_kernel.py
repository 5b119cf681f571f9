"""The same with everybody's driver and a real process: the kernel refuses its n-th write or sync of the store's files.

strace puts the error in the place of the call. FAULT_SEED draws which n a small run takes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from random import Random

import attrs
import pytest

from tests.faults.course import step
from tests.faults.survivors import machine_stopped, problems
from tests.store.seasons import opened
from tests.trials import Trial

SEED = os.environ.get("FAULT_SEED", "20210428")
ROOT = Path(__file__).parents[2]
COMMANDS = 20
ERRORS = {
    "fsync": ("EIO", "ENOSPC"),
    "fdatasync": ("EIO", "ENOSPC"),
    "pwrite64": ("EIO", "ENOSPC"),
    "write": ("EIO",),
    "ftruncate": ("EIO",),
}
FITTING = {"EIO": {"E-DISK", "E-COMMIT-UNKNOWN"}, "ENOSPC": {"E-DISK-FULL", "E-DISK", "E-COMMIT-UNKNOWN"}}

pytestmark = [pytest.mark.slow, pytest.mark.timeout(7_200)]


@attrs.frozen
class Injection:
    """The n-th call of a kind fails; with `+`, all after it as well."""

    call: str
    error: str
    when: str

    @property
    def options(self) -> tuple[str, ...]:
        return ("-e", f"inject={self.call}:error={self.error}:when={self.when}")


@attrs.define
class Told:
    """What a clerk said: `answered` by number, `codes` of failures, `denied`: the step of which nothing is said to be recorded."""

    answered: dict[int, str] = attrs.field(factory=dict)
    codes: list[str] = attrs.field(factory=list)
    denied: frozenset[int] = frozenset()

    def hear(self, line: str) -> None:
        first, second, third = line.split()
        if first == "!":
            self.codes.append(second)
            self.denied = frozenset(step(len(self.answered))) if third == "1" else frozenset()
        else:
            self.answered[int(first)] = second
            self.denied = frozenset()


def traced(path: Path, log: Path, *options: str) -> Told:
    """A clerk's course under strace."""
    files = (f"-P{path}", f"-P{path}-wal", f"-P{path}-journal")
    clerk = (sys.executable, "-m", "tests.faults.clerk", str(path), str(COMMANDS))
    run = subprocess.run(
        ["strace", "-f", "-o", str(log), *files, "-e", f"trace={','.join(ERRORS)}", *options, *clerk],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert run.returncode == 0, run.stderr
    told = Told()
    for line in run.stdout.splitlines():
        told.hear(line)
    return told


def may_trace() -> bool:
    if shutil.which("strace") is None:
        return False
    return subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True, check=False).returncode == 0


def injections(log: Path) -> list[Injection]:
    """All that there can be, by the log of a course that nothing happened to."""
    calls = Counter(line.split()[1].partition("(")[0] for line in log.read_text("utf-8").splitlines())
    return [
        Injection(call, error, f"{number}{after}")
        for call, errors in ERRORS.items()
        for number in range(1, calls[call] + 1)
        for error in errors
        for after in ("", "+")
    ]


@pytest.mark.trial("kernel")
def test_whatever_the_kernel_refuses_nothing_acknowledged_is_lost_and_nothing_is_half_done(folder: Path, trial: Trial) -> None:
    if not may_trace():
        pytest.skip("NOT TRIED: strace is missing, or may not trace here (apt install strace; ptrace allowed)")
    start, path, log = folder / "start.db", folder / "season.db", folder / "log"
    opened(start).desk.close()
    shutil.copyfile(start, path)
    assert len(traced(path, log).answered) == COMMANDS
    every = injections(log)
    some = every if trial.size >= len(every) else Random(SEED).sample(every, trial.size)
    wrong: dict[Injection, list[str]] = {}
    codes: Counter[str] = Counter()
    for injection in some:
        for old in folder.glob("season.db*"):
            old.unlink()
        shutil.copyfile(start, path)
        told = traced(path, log, *injection.options)
        assert "INJECTED" in log.read_text("utf-8"), injection
        codes.update(told.codes)
        found = [f"not the disk's words: {code}" for code in told.codes if code not in FITTING[injection.error]]
        stopped = machine_stopped(path, folder / "stopped")
        found += problems(stopped, told.answered, not_there=told.denied)
        if found:
            wrong[injection] = found
    trial.report(len(some), len(wrong), **codes)
    assert not wrong, "\n".join(f"{injection}: {found}" for injection, found in wrong.items())
