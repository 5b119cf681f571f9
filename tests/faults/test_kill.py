"""A kill, a crash or a lost connection at any moment: nothing acknowledged is lost, nothing is half done.

DAIHOI_KILLS sets how many clerks are killed (200), DAIHOI_KILL_SEED when.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

KILLS = int(os.environ.get("DAIHOI_KILLS", "200"))
FULL_PIPES = max(1, KILLS // 10)
SEED = os.environ.get("DAIHOI_KILL_SEED", "20210428")
ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks its clerks")
def test_whoever_is_killed_leaves_a_whole_log_with_every_answer_in_it(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.faults.killing", str(tmp_path), str(KILLS), str(FULL_PIPES), SEED],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    seen = json.loads(run.stdout)
    assert seen["problems"] == 0
    assert seen["answered"] > KILLS
    assert seen["repeated"] > 0
    assert seen["between commit and answer"] == FULL_PIPES
