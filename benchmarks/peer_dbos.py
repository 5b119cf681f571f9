"""The benchmark's step in DBOS: a durable step of a workflow, on SQLite in WAL. It does more: it can go on where it was stopped.

DBOS lives once in a process, so this module is run as one and told to go by lines on its input:

    python -m benchmarks.peer_dbos FILE STEPS
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Self


class Child:
    """The process, as a case: seconds of so many steps."""

    def __init__(self, path: Path, steps: int) -> None:
        with closing(sqlite3.connect(path)) as made:
            made.execute("PRAGMA journal_mode = WAL")
        command = [sys.executable, "-m", "benchmarks.peer_dbos", str(path), str(steps)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        while (line := self._process.stdout.readline().strip()) != "ready":  # type: ignore[union-attr]  # piped above
            if not line and self._process.poll() is not None:
                raise SystemExit("DBOS did not start")

    def __call__(self) -> float:
        self._process.stdin.write("go\n")  # type: ignore[union-attr]  # piped above
        self._process.stdin.flush()  # type: ignore[union-attr]  # piped above
        return float(self._process.stdout.readline())  # type: ignore[union-attr]  # piped above

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()


def main() -> None:
    from dbos import DBOS

    path, steps = sys.argv[1], int(sys.argv[2])
    DBOS(
        config={
            "name": "bench",
            "system_database_url": f"sqlite:///{path}",
            "run_admin_server": False,
            "log_level": "ERROR",
        }
    )
    facts = {"summoned": 100, "present": 80, "elected": 60, "valid": 78}

    @DBOS.step()
    def step(source: str) -> dict[str, object]:
        if not (facts["present"] * 3 >= facts["summoned"] * 2 and facts["elected"] * 2 > facts["valid"]):
            raise RuntimeError("a guard refuses")
        return {"source": source, "target": "there" if source == "here" else "here", "read": facts}

    @DBOS.workflow()
    def course(times: int) -> str:
        state = "here"
        for _ in range(times):
            state = str(step(state)["target"])
        return state

    DBOS.launch()
    course(2)
    print("ready", flush=True)
    for _ in sys.stdin:
        started = time.perf_counter()
        course(steps)
        print(time.perf_counter() - started, flush=True)
    DBOS.destroy()


if __name__ == "__main__":
    main()
