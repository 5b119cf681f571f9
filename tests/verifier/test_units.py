"""The parts of the verifier in JavaScript, by its own tests: Node's runner, nothing installed."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.programs import program

HERE = Path(__file__).parent


def test_the_parts_of_the_verifier_keep_to_what_others_wrote_down() -> None:
    run = subprocess.run(
        [program("node", "nodejs"), "--test", str(HERE / "units.test.mjs")], capture_output=True, encoding="utf-8", check=False
    )

    assert run.returncode == 0, run.stdout + run.stderr
    assert "\nok 1 " in run.stdout
