"""Progress is for people who watch a terminal, and only for what takes its time."""

from __future__ import annotations

import io
import time

import pytest

from reports.progress import Progress
from tests.reports.made import EN, VI


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_how_far_it_is_after_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    with Progress(VI, "progress.scenario") as progress:
        progress(1, 9000)
        assert terminal.getvalue() == ""
        now[0] += 1.5
        progress(4500, 9000)
        assert "việc 4.500/9.000" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_a_pipe_sees_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.StringIO()
    monkeypatch.setattr("sys.stderr", pipe)
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    with Progress(EN, "progress.scenario") as progress:
        now[0] += 5
        progress(1, 2)

    assert pipe.getvalue() == ""
