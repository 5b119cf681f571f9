"""What a transaction says to the database: the head is taken before anything is read, and written so that the disk has it.

SQLite needs no lock on a row, so a comment stands in the place of PostgreSQL's here: where it stands, that one takes the row.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest

from engine import commands as cmd
from store.dialects.sqlite import SQLite
from store.errors import CommitUnknown, Corrupt, DiskFailed
from store.writing import found_out
from tests.store.seasons import StoredSeason, act, fact, opened

TAKEN = " /* taken */"
ID = "00000000-0000-4000-8000-000000000001"


@pytest.fixture(autouse=True)
def _marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SQLite, "locking", TAKEN)


@pytest.fixture
def season() -> Iterator[StoredSeason]:
    made = opened()
    yield made
    made.desk.close()


@contextmanager
def heard(season: StoredSeason) -> Iterator[list[str]]:
    """The statements of what is done meanwhile, with their values."""
    said: list[str] = []
    raw = season.desk._session.store.raw
    raw.set_trace_callback(said.append)
    yield said
    raw.set_trace_callback(None)


def written(said: list[str]) -> list[str]:
    return [statement for statement in said if statement.startswith("UPDATE head")]


def first_of_the_transaction(said: list[str]) -> str:
    return said[said.index("BEGIN IMMEDIATE") + 1]


def test_a_writer_takes_the_head_before_anything_else(season: StoredSeason) -> None:
    request = season.desk.prepare(fact("east", 150))
    with heard(season) as said:
        season.desk.commit((request,))

    assert first_of_the_transaction(said).endswith(TAKEN)
    assert sum(TAKEN in statement for statement in said) == 1
    assert len(written(said)) == 1


def test_whoever_only_looks_takes_nothing(season: StoredSeason) -> None:
    with heard(season) as said:
        season.desk.status()
        season.desk.why("east")
        season.desk.verify("full")

    assert said
    assert [statement for statement in said if TAKEN in statement or statement.startswith("UPDATE")] == []


def test_an_answer_that_is_given_again_writes_the_head_over(season: StoredSeason) -> None:
    """It may be about a commit that somebody was killed in before the disk had it."""
    season.desk.submit(fact("east", 150), command_id=ID)
    with heard(season) as said:
        assert season.desk.submit(fact("east", 150), command_id=ID).repeated

    there, back = written(said)
    assert there != back


def test_a_command_of_several_events_writes_the_head_once(season: StoredSeason) -> None:
    requests = [season.desk.prepare(fact("east", 150)), season.desk.prepare(act(cmd.Schedule, "west", day=date(2021, 6, 1)))]
    with heard(season) as said:
        season.desk.commit(requests)

    assert len(written(said)) == 1


def test_moving_a_rehearsals_clock_takes_the_head() -> None:
    season = opened(origin="thử")
    with heard(season) as said:
        season.desk.advance_clock(date(2021, 6, 1))
    season.desk.close()

    assert first_of_the_transaction(said).endswith(TAKEN)


def test_whoever_asks_what_came_of_a_commit_takes_the_head_too(season: StoredSeason) -> None:
    request = season.desk.prepare(fact("east", 150), command_id=ID)
    season.desk.commit((request,))
    unknown = CommitUnknown(place="here", command_ids=(ID,), why="disk")
    unknown.__cause__ = DiskFailed(place="here", detail="EIO")
    with heard(season) as said:
        (found,) = found_out(season.desk._session, (request,), unknown)

    assert found.receipt is not None
    assert any(statement.endswith(TAKEN) for statement in said)
    assert len(written(said)) == 2


def test_a_head_whose_last_instant_is_none_is_damage(season: StoredSeason) -> None:
    season.desk._session.store.run("UPDATE head SET last_recorded_at = 'gestern'")

    with pytest.raises(Corrupt):
        season.desk.submit(fact("east", 150))
