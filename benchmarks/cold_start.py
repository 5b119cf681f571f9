"""Cold start: what a person waits for before anything is done.

The yardsticks are the imports that cannot be avoided: click for `--help`, click and SQLAlchemy for a command that opens a store.
"""

from __future__ import annotations

import compileall
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.harness import compare, interleaved, machine, process, rounds_wanted, show

PYTHON = sys.executable
DAIHOI = str(Path(PYTHON).with_name("daihoi"))
ROOT = Path(__file__).parents[1]


def compile_ours() -> None:
    """As an installation leaves it: what pip brought was compiled then, and ours is compiled at the first start, where that is allowed."""
    for name in ("cli.py", "engine", "reports", "store", "workflows"):
        path = str(ROOT / name)
        done = compileall.compile_dir(path, quiet=1) if (ROOT / name).is_dir() else compileall.compile_file(path, quiet=1)
        if not done:
            raise SystemExit(f"{path} cannot be compiled")


def main() -> None:
    rounds = rounds_wanted(21)
    compile_ours()
    with tempfile.TemporaryDirectory() as folder:
        environment = {"DAIHOI_STORE": str(Path(folder, "season.db")), "DAIHOI_RECEIPTS": str(Path(folder, "receipts"))}
        subprocess.run([DAIHOI, "init", "hanoi-2021"], check=True, stdout=subprocess.DEVNULL, env={**os.environ, **environment})
        seconds = interleaved(
            {
                "python -c pass": process([PYTHON, "-c", "pass"]),
                "import click": process([PYTHON, "-c", "import click"]),
                "import click, sqlalchemy": process([PYTHON, "-c", "import click, sqlalchemy"]),
                "daihoi --help": process([DAIHOI, "--help"], environment),
                "daihoi status --format json": process([DAIHOI, "status", "--format", "json"], environment),
                "daihoi status (table)": process([DAIHOI, "status"], environment),
                "daihoi why hoang-mai --format json": process([DAIHOI, "why", "hoang-mai", "--format", "json"], environment),
            },
            rounds=rounds,
        )
    print(f"Cold start, {rounds} rounds: {machine('click', 'SQLAlchemy')}")
    show("against importing click", compare(seconds, "import click"), "import click")
    show("against importing click and SQLAlchemy", compare(seconds, "import click, sqlalchemy"), "import click, sqlalchemy")


if __name__ == "__main__":
    main()
