"""Projections hold nothing that the log does not: dropped and made anew they are the same."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from hypothesis import given, settings

from store.layout import STAMP
from store.projections import rebuild
from store.schema import projections
from tests.engine.histories import seasons
from tests.simulator import Simulator
from tests.store.seasons import StoredSeason, fact, opened, reopened, with_history


def tables(season: StoredSeason) -> dict[str, Any]:
    store = season.desk._session.store
    return {name: sorted(store.rows(f"SELECT * FROM {name}"), key=repr) for name in projections.tables}


@settings(max_examples=25, deadline=None)
@given(seasons())
def test_projections_made_anew_are_those_that_were_written_along(history: Simulator) -> None:
    season = with_history(history.log)
    store = season.desk._session.store
    before = tables(season)
    store.dialect.set_stamp(store.raw, STAMP + 1)

    rebuild(store)

    assert tables(season) == before
    season.desk.close()


def other_layout(path: Path) -> None:
    """What another version of the program might have left."""
    with sqlite3.connect(path) as raw:
        raw.execute(f"PRAGMA user_version = {STAMP + 1}")
        raw.execute("UPDATE unit_case SET state = 'nonsense'")
        raw.execute("ALTER TABLE unit_case DROP COLUMN watch")
        raw.execute("DELETE FROM award")
    raw.close()


def test_a_reader_of_another_layout_folds_the_log_aside_and_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "season.db"
    season = opened(path)
    season.held("east")
    expected = season.desk.status().levels
    season.desk.close()
    other_layout(path)
    before = path.read_bytes()

    with reopened(path, read_only=True) as desk:
        assert desk.status().levels == expected
        assert desk.state_of("east") == "pilot_review"
        assert desk.version_of("east") == 10
        assert [n.code for n in desk.notes()] == ["projections_outdated"]
        assert desk.verify().ok
    assert path.read_bytes() == before


def test_a_reader_of_another_layout_follows_what_is_written_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "season.db"
    season = opened(path)
    with sqlite3.connect(path) as raw:
        raw.execute(f"PRAGMA user_version = {STAMP + 1}")
    raw.close()

    with reopened(path, read_only=True) as desk:
        assert desk.status_of("east").facts == {}
        season.desk.submit(fact("east", 7))
        assert desk.status_of("east").facts["delegates_summoned"].value == 7
    season.desk.close()


def test_the_next_writer_makes_them_anew(tmp_path: Path) -> None:
    path = tmp_path / "season.db"
    season = opened(path)
    season.held("east")
    expected = tables(season)
    season.desk.close()
    other_layout(path)

    with reopened(path) as desk:
        assert desk.notes() == ()
        assert desk.verify().ok
        assert desk._session.store.dialect.stamp(desk._session.store.raw) == STAMP
    again = StoredSeason(reopened(path), season.clock)
    assert tables(again) == expected
    again.desk.close()
