"""Runs the programs of this folder on many inputs: in processes of their own, so many inputs in each, and adds up what they found."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Final

import attrs
import pytest

SEED: Final = os.environ.get("FUZZ_SEED", "20210428")
ROOT: Final = Path(__file__).parents[2]

MOST: Final = 480
"""Inputs in one process: its memory is measured from its start. A multiple of a run of command lines."""


@attrs.define
class Found:
    """What became of the inputs, by name, and the words for those that went wrong."""

    seen: Counter[str] = attrs.field(factory=Counter)
    wrong: list[str] = attrs.field(factory=list)

    def told(self, program: str, seed: str) -> str:
        again = f"try one again: python -m tests.fuzz.{program} {seed} NUMBER NUMBER+1"
        return "\n\n".join((again, *self.wrong[:20]))


def tried(program: str, first: int, count: int) -> Found:
    """Some inputs of the seed."""
    if sys.platform != "linux":
        pytest.skip("NOT TRIED: memory and CPU are limited and measured as Linux does")
    found = Found()
    for start in range(first, first + count, MOST):
        end = min(start + MOST, first + count)
        run = subprocess.run(
            [sys.executable, "-m", f"tests.fuzz.{program}", SEED, str(start), str(end)],
            cwd=ROOT,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if run.returncode != 0:
            found.wrong.append(f"inputs {start} to {end}: the process ended with {run.returncode}\n{run.stderr[-2000:]}")
            continue
        told = json.loads(run.stdout)
        found.seen.update(told["seen"])
        found.wrong.extend(told["wrong"])
    return found
