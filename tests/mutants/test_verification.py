"""The small print of `verify`: what it tells beside yes and no. Each was once changed by a mutant without a test noticing."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

import store.verify
from engine import commands as cmd
from store.desk import Desk
from tests.store.seasons import opened


@pytest.fixture
def season(tmp_path: Path) -> Path:
    """A season in which a congress rests on a fact that was corrected afterwards."""
    path = tmp_path / "season.db"
    stored = opened(path)
    stored.held("east")
    present = next(line.recorded.seq for line in stored.desk.history("east") if line.payload.get("fact") == "delegates_present")
    stored.do(cmd.Correct, "east", by="city", seq=present, value=139, reason="counted twice")
    stored.desk.close()
    return path


def notes(path: Path, depth: str = "full") -> list[str]:
    with Desk.open(path, read_only=True) as desk:
        answer = desk.verify(depth)  # type: ignore[arg-type]
    assert answer.ok
    return [note.code for note in answer.notes]


def test_only_a_full_verification_looks_for_ground_that_has_moved(season: Path) -> None:
    assert "rests_on_changed" in notes(season)
    assert "rests_on_changed" not in notes(season, "fold")
    assert "rests_on_changed" not in notes(season, "hashes")


def test_protection_that_is_gone_is_told_by_every_depth(season: Path) -> None:
    with sqlite3.connect(season) as raw:
        raw.execute("DROP TRIGGER log_no_update")
    raw.close()

    for depth in ("full", "fold", "hashes"):
        assert "triggers_missing" in notes(season, depth)


def test_progress_is_told_every_so_many_rows_and_at_the_end(season: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store.verify, "_STEP", 10)
    told: list[tuple[int, int]] = []

    with Desk.open(season, read_only=True) as desk:
        size = desk.verify(progress=lambda done, total: told.append((done, total))).events

    assert told == [*((done, size) for done in range(0, size, 10)), (size, size)]
