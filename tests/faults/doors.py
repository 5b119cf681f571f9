"""Kills whoever opens or closes a store, at random moments. A program of its own, because it forks.

    python -m tests.faults.doors FOLDER KILLS SEED      says as JSON how many were at work when they were killed, and what did not hold

Three things happen at the doors: the last writer brings its log into the file, a writer rebuilds projections of another version, and one
just opens what stands.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final

from store.desk import Desk
from store.layout import STAMP
from tests.faults.course import step, take
from tests.faults.survivors import problems, recorded
from tests.store.seasons import opened

BEFORE: Final = 60
"""So many commands stand when the first is killed: a log that takes a while to fold."""

OTHER_LAYOUT: Final = STAMP // 1000 * 1000


def outdated(path: Path) -> None:
    """As another version of the program would have left it."""
    raw = sqlite3.connect(path)
    raw.execute(f"PRAGMA user_version = {OTHER_LAYOUT}")
    raw.close()


def close_often(path: Path, first: int, out: int) -> None:
    """Act, answer, close: again and again."""
    number = first
    for _ in range(4):
        with Desk.open(path) as desk:
            numbers = step(number)
            lines = [f"{n} {a.receipt.leaf_hash}\n" for n, a in zip(numbers, take(desk, numbers), strict=True) if a.receipt]
            os.write(out, "".join(lines).encode())
            number = numbers[-1] + 1


def rebuild(path: Path, _first: int, _out: int) -> None:
    outdated(path)
    Desk.open(path).close()


def open_often(path: Path, _first: int, _out: int) -> None:
    for _ in range(4):
        Desk.open(path).close()


DOORS: Final[dict[str, Callable[[Path, int, int], None]]] = {"closing": close_often, "rebuild": rebuild, "opening": open_often}


class Doors:
    """The kills over one store for each door. `answered`: by door and number, the leaf hash that was told."""

    def __init__(self, folder: Path, seed: str) -> None:
        self.chance = Random(seed)
        self.seen: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.paths = {door: folder / f"{door}.db" for door in DOORS}
        self.answered: dict[str, dict[int, str]] = {door: {} for door in DOORS}
        self.longest: dict[str, float] = {}
        for path in self.paths.values():
            opened(path).desk.close()
            with Desk.open(path) as desk:
                while len(recorded(desk)) < BEFORE:
                    take(desk, step(len(recorded(desk))))

    def measure(self, door: str) -> None:
        """How long somebody needs at a door who is left alone."""
        began = time.monotonic()
        self._visit(door, None)
        self.longest[door] = time.monotonic() - began

    def kill(self, door: str) -> None:
        at_work = self._visit(door, self.chance.uniform(0.0, self.longest[door]))
        self.seen[door] += at_work
        found = problems(self.paths[door], self.answered[door])
        self.wrong += [f"{door}: {problem}" for problem in found]

    def _visit(self, door: str, wait: float | None) -> bool:
        """Let somebody through a door, and kill them after a while. Whether they were still at it."""
        path = self.paths[door]
        with Desk.open(path) as desk:
            first = len(recorded(desk))
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            try:
                DOORS[door](path, first, writing)
                os._exit(0)
            finally:
                os._exit(3)
        os.close(writing)
        if wait is not None:
            time.sleep(wait)
            os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        if os.WIFEXITED(status) and os.WEXITSTATUS(status):
            self.wrong.append(f"{door}: ended by itself")
        with os.fdopen(reading, "r", encoding="utf-8") as pipe:
            for number, leaf_hash in (line.split() for line in pipe):
                self.answered[door][int(number)] = leaf_hash
        return os.WIFSIGNALED(status)


def main(folder: str, kills: str, seed: str) -> None:
    doors = Doors(Path(folder), seed)
    for number in range(int(kills)):
        door = list(DOORS)[number % len(DOORS)]
        if number % 60 < len(DOORS):
            doors.measure(door)  # again and again: a busy machine gives everybody more time
        doors.kill(door)
    sys.stdout.write(json.dumps({"at work": doors.seen, "wrong": doors.wrong}))


if __name__ == "__main__":
    main(*sys.argv[1:])
