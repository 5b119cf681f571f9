"""The same through the command line: a process that is killed, asked again by its command id."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.faults.killing import FILLER, fill

ROOT = Path(__file__).parents[2]
KILLS = 6
PATIENCE = 60.0

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="kills as Unix does")]


class Line:
    """The command line on one store."""

    def __init__(self, folder: Path) -> None:
        self.store = folder / "season.db"
        self.environment = {
            **os.environ,
            "DAIHOI_STORE": str(self.store),
            "DAIHOI_RECEIPTS": str(folder / "receipts.jsonl"),
            "DAIHOI_ACTOR": "long-bien",
        }

    def start(self, *arguments: str, out: int = subprocess.PIPE) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "cli", "--format", "json", *arguments]
        return subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=out, stderr=subprocess.PIPE)

    def run(self, *arguments: str) -> dict[str, object]:
        process = self.start(*arguments)
        out, error = process.communicate()
        assert process.returncode == 0, error.decode()
        answer: dict[str, object] = json.loads(out)
        return answer

    def record(self, number: int) -> tuple[str, ...]:
        id_ = f"00000000-0000-4000-8000-{number:012}"
        day = f"2021-03-{number + 1:02}"
        return ("record", "long-bien", "delegates_summoned", str(number + 100), "--on", day, "--command-id", id_)

    def events(self) -> int:
        raw = sqlite3.connect(self.store)
        found: int = raw.execute("SELECT count(*) FROM log").fetchone()[0]
        raw.close()
        return found


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Line:
    made = Line(tmp_path_factory.mktemp("line"))
    made.run("init", "hanoi-2021", "--on", "2020-10-01")
    return made


@pytest.mark.parametrize("number", range(KILLS))
def test_a_command_killed_at_any_moment_was_recorded_once_or_not_at_all(line: Line, number: int) -> None:
    before = line.events()
    process = line.start(*line.record(number))
    time.sleep(random.Random(number).uniform(0.0, 1.5))
    process.kill()
    out, _ = process.communicate()

    recorded = line.events() - before
    assert recorded in (0, 1)
    again = line.run(*line.record(number))
    assert line.events() == before + 1
    if out.strip():
        assert json.loads(out)["receipt"] == again["receipt"]
    assert line.run("verify", "--fold")["ok"] is True


def test_a_command_that_stands_before_a_full_pipe_has_been_recorded_and_answers_when_asked_again(line: Line) -> None:
    before = line.events()
    reading, writing = os.pipe()
    fill(writing)
    process = line.start(*line.record(20), out=writing)
    os.close(writing)
    until = time.monotonic() + PATIENCE
    while line.events() == before:
        assert time.monotonic() < until, "was not recorded"
        time.sleep(0.01)
    process.kill()
    process.communicate()
    with os.fdopen(reading, "rb") as pipe:
        assert pipe.read().strip(FILLER) == b""

    again = line.run(*line.record(20))
    assert line.events() == before + 1
    assert again["receipt"]["last_seq"] == before + 1  # type: ignore[index]  # JSON
