"""A kill, a crash or a lost connection at any moment: nothing acknowledged is lost, nothing is half done.

KILL_SEED sets when the clerks are killed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.trials import Trial

SEED = os.environ.get("KILL_SEED", "20210428")
ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.trial("kill")
@pytest.mark.timeout(3_600)
@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks its clerks")
def test_whoever_is_killed_leaves_a_whole_log_with_every_answer_in_it(tmp_path: Path, trial: Trial) -> None:
    full_pipes = trial.size // 10
    run = subprocess.run(
        [sys.executable, "-m", "tests.faults.killing", str(tmp_path), str(trial.size), str(full_pipes), SEED],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    seen = json.loads(run.stdout)
    assert seen["answered"] > trial.size
    assert seen["repeated"] > 0
    assert seen["between commit and answer"] == full_pipes
    trial.report(trial.size, seen["problems"], answers=seen["answered"], repeated=seen["repeated"])
