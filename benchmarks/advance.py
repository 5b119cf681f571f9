"""Durable advances on SQLite (WAL, synchronous FULL): one transaction each, and a thousand units in one, against the plain driver.

Both sides drive copies of one store. At the end both are verified in full: what was measured is what counts.
"""

from __future__ import annotations

import shutil
import tempfile
from itertools import cycle, islice
from pathlib import Path

from benchmarks.course import DAY, codes, open_season
from benchmarks.harness import compare, interleaved, machine, rounds_wanted, show, timed
from benchmarks.raw import RawDesk
from engine.actors import Actor
from engine.commands import Advance
from store.desk import Desk

UNITS = 1_000
ONE_BY_ONE = 100
CODES = codes(UNITS)
YARDSTICK = "the plain driver"


class Ours:
    """The desk, driven as the command line drives it, but for the process around it."""

    def __init__(self, path: Path | str) -> None:
        self.desk = Desk.open(path)
        self._there = {line.unit for line in self.desk.status(state="there").units}

    def advance(self, unit: str) -> None:
        self.desk.submit(self._command(unit))

    def advance_all(self, units: tuple[str, ...]) -> None:
        self.desk.submit_all([self._command(unit) for unit in units])

    def _command(self, unit: str) -> Advance:
        trigger = "come" if unit in self._there else "go"
        self._there ^= {unit}
        return Advance(unit=unit, actor=Actor(unit=unit), on=DAY, trigger=trigger)


class Runs:
    """A hundred advances at a time, of other units each time."""

    def __init__(self, desk: Ours | RawDesk) -> None:
        self._desk = desk
        self._next = cycle(CODES)

    def __call__(self) -> None:
        for unit in islice(self._next, ONE_BY_ONE):
            self._desk.advance(unit)


def main() -> None:
    rounds = rounds_wanted(21)
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:  # the disk that is to be measured, not a memory disk
        made, copied = Path(folder, "ours.db"), Path(folder, "raw.db")
        open_season(made, UNITS).close()
        shutil.copy(made, copied)
        ours, raw = Ours(made), RawDesk.on_sqlite(copied)
        print(f"Durable advances, {rounds} rounds: {machine('SQLAlchemy')}")
        single = {YARDSTICK: timed(Runs(raw)), "daihoi": timed(Runs(ours))}
        many = {YARDSTICK: timed(lambda: raw.advance_all(CODES)), "daihoi": timed(lambda: ours.advance_all(CODES))}
        rows = compare(interleaved(single, rounds=rounds), YARDSTICK, speed=True)
        show(f"{ONE_BY_ONE} advances, a transaction each: throughput", rows, YARDSTICK)
        rows = compare(interleaved(many, rounds=rounds), YARDSTICK, speed=True)
        show(f"{UNITS} units in one transaction: throughput", rows, YARDSTICK)
        ours.desk.close()
        raw.connection.close()
        for path in (made, copied):
            with Desk.open(path, read_only=True) as desk:
                answer = desk.verify()
            if not answer.ok:
                raise SystemExit(f"{path.name} does not verify: {answer.problems[:3]}")


if __name__ == "__main__":
    main()
