"""How the daily questions grow with the log: the same ones asked of a small season and of a whole country's.

One seed makes both (`benchmarks.scribe`); a commune, a branch and their courses are alike in both. Each case asks a desk that is opened
for it, as the command line does, with the file in the system's cache. The board counts every unit, so it grows with the units;
everything about one unit should not.

    python -m benchmarks.growth --small 1200 --large 4500000 [--folder WHERE] [--verify]

The full size takes 6 GB and a quarter of an hour to write on a quiet machine; `--folder` keeps the files for the next time.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

from benchmarks.country import EVENTS, Country, papers_of
from benchmarks.harness import Case, compare, interleaved, machine, show
from benchmarks.scribe import write_country
from engine.actors import Actor
from engine.commands import Advance
from engine.refusals import AlreadySo
from store.desk import Desk

SEED = 71
DISTRICT = "p01-d01"
COMMUNE = "p01-d01-c01"
"""It never submits its papers, so its step to and fro is open."""

BRANCH = "p01-d01-c01-b01"

IN_SEASON = date(2021, 3, 20)
"""Today is long after it: whoever has not finished is late, and the board looks at each of them."""


def made(folder: Path, events: int) -> Path:
    """A season of that size; one that is there already is taken."""
    path = folder / f"country-{events}.db"
    if not path.exists():
        written, _ = write_country(path, events, SEED)
        print(f"wrote {written:,} events to {path}", flush=True)
    with Desk.open(path) as desk:
        gather(desk)
    return path


def gather(desk: Desk) -> None:
    """See to it that the commune has its papers together, wherever the log broke off: its next step is open then."""
    unit = next(unit for unit in Country(seed=SEED, events=1).units if unit.code == COMMUNE)
    for act in papers_of(unit):
        with suppress(AlreadySo):
            desk.submit(act)


def asked(path: Path, question: Callable[[Desk], object], *, read_only: bool = True) -> Case:
    """A question as a process asks it: from a desk of its own, whose opening counts."""

    def case() -> float:
        started = time.perf_counter()
        with Desk.open(path, read_only=read_only) as desk:
            question(desk)
        return time.perf_counter() - started

    return case


def step(desk: Desk) -> object:
    """One durable advance: the commune submits its papers, the district hands them back, and so on."""
    if desk.state_of(COMMUNE) == "document_approval":
        return desk.submit(Advance(unit=COMMUNE, actor=Actor(unit=DISTRICT), trigger="return_documents", reason="-"))
    return desk.submit(Advance(unit=COMMUNE, actor=Actor(unit=COMMUNE), trigger="submit"))


QUESTIONS: dict[str, Callable[[Desk], object]] = {
    "status of the country": lambda desk: desk.status(),
    "status of the country, in its season": lambda desk: desk.status(on=IN_SEASON),
    f"status {COMMUNE}": lambda desk: desk.status_of(COMMUNE),
    f"status {BRANCH}": lambda desk: desk.status_of(BRANCH),
    f"why {COMMUNE}": lambda desk: desk.why(COMMUNE),
    f"why {BRANCH}": lambda desk: desk.why(BRANCH),
    f"history {COMMUNE}": lambda desk: list(desk.history(COMMUNE)),
    "version of a unit": lambda desk: desk.version_of(BRANCH),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--small", type=int, default=1_200)
    parser.add_argument("--large", type=int, default=EVENTS)
    parser.add_argument("--folder", type=Path, help="where the seasons lie, or are put")
    parser.add_argument("--verify", action="store_true", help="also verify both, once")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as own:
        folder: Path = wanted.folder or Path(own)
        small, large = made(folder, wanted.small), made(folder, wanted.large)
        print(f"Growth from {wanted.small:,} to {wanted.large:,} events, {wanted.rounds} rounds: {machine('SQLAlchemy')}")
        for name, question in QUESTIONS.items():
            measure(name, asked(small, question), asked(large, question), wanted.rounds)
        small_step, large_step = (asked(path, step, read_only=False) for path in (small, large))
        measure("one advance", small_step, large_step, wanted.rounds)
        if wanted.verify:
            for depth in ("hashes", "fold"):
                for path in (small, large):
                    verified(path, depth)


def measure(name: str, small: Case, large: Case, rounds: int) -> None:
    seconds = interleaved({"small": small, "large": large}, rounds=rounds)
    show(name, compare(seconds, "small"), "small")


def verified(path: Path, depth: str) -> None:
    started = time.perf_counter()
    with Desk.open(path, read_only=True) as desk:
        answer = desk.verify("hashes" if depth == "hashes" else "fold")
    if not answer.ok:
        raise SystemExit(f"{path} does not verify: {answer.problems[:3]}")
    seconds = time.perf_counter() - started
    print(f"verify --{depth}: {answer.events:,} events in {seconds:,.1f} s, {seconds / answer.events * 1e6:.1f} us an event")


if __name__ == "__main__":
    main()
