"""Ratios that a busy machine cannot bend: cases run interleaved, round by round, and are compared inside their round.

A machine's speed swings by a factor of two within minutes. So in each round every case runs once, in rotated order; the ratio to
the yardstick is taken inside the round, and the median of those ratios is the result. Absolute times are indications only.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import sqlite3
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from statistics import median, quantiles

import attrs

Case = Callable[[], float]
"""Runs once and returns the seconds that count (a case may leave its own set-up out)."""


@attrs.frozen
class Row:
    """One line of a table: the median time, and the ratio to the yardstick with its quartiles."""

    name: str
    seconds: float
    ratio: float
    lower: float
    upper: float


def timed(work: Callable[[], object]) -> Case:
    """A case that counts all of its work."""

    def case() -> float:
        started = time.perf_counter()
        work()
        return time.perf_counter() - started

    return case


def computed(work: Callable[[], object]) -> Case:
    """A case that counts the seconds of the processor: for work that waits for nothing, others' work cannot bend it."""

    def case() -> float:
        started = time.process_time()
        work()
        return time.process_time() - started

    return case


def process(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Case:
    """A case that is a whole process, from start to end, its output thrown away. A process that fails is no measurement."""

    def case() -> float:
        started = time.perf_counter()
        subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **(environment or {})},
            check=True,
        )
        return time.perf_counter() - started

    return case


def interleaved(cases: Mapping[str, Case], *, rounds: int, warm_up: int = 1) -> dict[str, list[float]]:
    """The seconds of every case in every round."""
    names = list(cases)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    for number in range(-warm_up, rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            gc.collect()
            spent = cases[name]()
            if number >= 0:
                seconds[name].append(spent)
    return seconds


def compare(seconds: Mapping[str, Sequence[float]], yardstick: str, *, speed: bool = False) -> list[Row]:
    """Rows against one yardstick: how many times its time, or with `speed` how many times its throughput."""
    rows = []
    for name, spent in seconds.items():
        pairs = zip(spent, seconds[yardstick], strict=True)
        ratios = [base / own if speed else own / base for own, base in pairs]
        lower, _, upper = quantiles(ratios, n=4)
        rows.append(Row(name, median(spent), median(ratios), lower, upper))
    return rows


def show(title: str, rows: Sequence[Row], yardstick: str) -> None:
    """Print a table in Markdown."""
    print(f"\n### {title}\n")
    print(f"| case | ms | x {yardstick} | quartiles |")
    print("|---|---:|---:|---:|")
    for row in rows:
        print(f"| {row.name} | {row.seconds * 1e3:.2f} | {row.ratio:.2f} | {row.lower:.2f}..{row.upper:.2f} |")


def machine(*distributions: str) -> str:
    """What the figures were taken on: processor count, system, Python, SQLite and the versions that matter."""
    versions = ", ".join(f"{name} {version(name)}" for name in distributions)
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.release().split('-')[0]} {platform.machine()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {versions}"
    )


def rounds_wanted(default: int) -> int:
    """How many rounds the command line asks for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=default, help="rounds to take medians of (at least 9)")
    wanted: int = parser.parse_args().rounds
    return max(wanted, 2)
