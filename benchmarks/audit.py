"""What an auditor's visit costs on a log of a million events: whole commands as they are typed, their time and their memory.

The yardstick is the same loop by hand as in `benchmarks.fold` (rows, hashes, tree, JSON, a fold into dicts), as a process of its own. Each
act runs in a process of its own too; what counts is the processor's seconds and the most memory it held.

    python -m benchmarks.audit [--events 1000000] [--rounds 3]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

import attrs

from benchmarks.fold import raw_fold
from benchmarks.harness import machine
from store.audit import ed25519  # noqa: F401 - told at the start, and not after the season is written, that the package is missing

DAIHOI = str(Path(sys.executable).with_name("daihoi"))
PASSPHRASE = "a passphrase of a benchmark"
YARDSTICK = "sqlite3 + orjson + SHA-256 + fold, by hand"
UNIT = "p01-d01-c01"


@attrs.frozen
class Cost:
    """`seconds` of the processor, `wall` seconds by the clock, `memory`: the most that was held, in megabytes."""

    seconds: float
    wall: float
    memory: float


def cost(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Cost:
    """What a process cost from its start to its end. One that fails is no measurement."""
    started = time.perf_counter()
    with subprocess.Popen(command, cwd=folder, env={**os.environ, **environment}, stdout=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return Cost(used.ru_utime + used.ru_stime, time.perf_counter() - started, used.ru_maxrss / 1024)


def acts(folder: Path, season: Path, place: int) -> dict[str, list[str]]:
    """The acts of one round, in the order of a visit. What they write has a name of its own in each round."""
    daihoi = [DAIHOI, "--store", str(season)]
    signed = folder / f"{place}.checkpoint"
    bundle, of_unit = folder / f"{place}.zip", folder / f"{place}-unit.zip"
    held = ["--checkpoint", str(signed), "--policy", str(folder / "policy")]
    return {
        YARDSTICK: [sys.executable, "-m", "benchmarks.audit", "--raw", str(season)],
        "verify --hashes": [*daihoi, "verify", "--hashes"],
        "checkpoint": [*daihoi, "checkpoint", "--key", "daihoi.key", "--passphrase-file", "passphrase", "--out", str(signed)],
        "audit verify --hashes": [*daihoi, "audit", "verify", "--hashes", *held],
        "audit verify --fold": [*daihoi, "audit", "verify", "--fold", *held],
        "audit verify": [*daihoi, "audit", "verify", *held],
        "audit bundle, the season": [*daihoi, "audit", "bundle", str(bundle), *held],
        "verify.py, the season": [sys.executable, str(VERIFIER), str(bundle), "--policy", str(folder / "policy"), "--json"],
        "audit bundle, a unit": [*daihoi, "audit", "bundle", str(of_unit), UNIT, *held],
        "verify.py, a unit": [sys.executable, str(VERIFIER), str(of_unit), "--policy", str(folder / "policy"), "--json"],
    }


VERIFIER = Path(__file__).parents[1] / "reports" / "bundle" / "verify.py"


def prepare(folder: Path, season: Path, environment: Mapping[str, str]) -> None:
    """A key of the log, and a policy that trusts it."""
    (folder / "passphrase").write_text(PASSPHRASE)
    command = [DAIHOI, "--store", str(season), "key", "new", "--passphrase-file", "passphrase", "--out", "daihoi.key"]
    subprocess.run(command, cwd=folder, env={**os.environ, **environment}, check=True, stdout=subprocess.DEVNULL)
    public = (folder / "daihoi.key").read_text().splitlines()[0]
    (folder / "policy").write_text(f"log {public}\nquorum none\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--raw", type=Path, help="only the yardstick, on this season")
    wanted = parser.parse_args()
    if wanted.raw is not None:
        raw_fold(wanted.raw)
        return
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as own:
        folder = Path(own)
        season = folder / "country.db"
        # in a process of its own: a process begins with the memory of the one that it comes from on its account
        scribe = [sys.executable, "-m", "benchmarks.scribe", str(season), "--events", str(wanted.events), "--seed", "71"]
        subprocess.run(scribe, check=True, stdout=subprocess.DEVNULL)
        environment = {"DAIHOI_RECEIPTS": str(folder / "receipts"), "PYTHONPATH": str(Path(__file__).parents[1])}
        prepare(folder, season, environment)
        print(f"An auditor's visit, {wanted.events:,} events, {wanted.rounds} rounds: {machine('cryptography', 'orjson')}\n")
        costs: dict[str, list[Cost]] = {}
        for place in range(wanted.rounds):
            for name, command in acts(folder, season, place).items():
                costs.setdefault(name, []).append(cost(command, folder, environment))
        show(costs, wanted.events)


def show(costs: Mapping[str, Sequence[Cost]], events: int) -> None:
    print("| | processor s | µs an event | by the clock s | most memory MB | throughput against the yardstick |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, spent in costs.items():
        seconds = median(one.seconds for one in spent)
        ratio = median(base.seconds / one.seconds for base, one in zip(costs[YARDSTICK], spent, strict=True))
        wall, memory = median(one.wall for one in spent), max(one.memory for one in spent)
        print(f"| {name} | {seconds:.1f} | {seconds / events * 1e6:.1f} | {wall:.1f} | {memory:,.0f} | {ratio:.2f} |")


if __name__ == "__main__":
    main()
