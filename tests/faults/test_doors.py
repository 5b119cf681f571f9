"""A kill while a store is opened, its projections are rebuilt, or it is closed. KILL_SEED sets when."""

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
@pytest.mark.trial("doors")
@pytest.mark.timeout(3_600)
@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks whom it kills")
def test_whoever_is_killed_at_a_door_leaves_a_store_that_stands(folder: Path, trial: Trial) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.faults.doors", str(folder), str(trial.size), SEED],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    assert run.returncode == 0, run.stderr
    seen = json.loads(run.stdout)
    assert seen["wrong"] == []
    assert all(seen["at work"].get(door, 0) > trial.size // 12 for door in ("closing", "rebuild", "opening")), seen
    trial.report(trial.size, **seen["at work"])
