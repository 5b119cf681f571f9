"""A COMMIT that ends in an error may have been carried out: the answer is what the log says, or that nobody knows."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from store.connection import Lent
from store.desk import Desk
from store.dialects.sqlite import SQLite
from store.errors import CommitUnknown, DiskFailed, DiskFull, SeasonExists
from tests import sample
from tests.store.seasons import DEFINITIONS, StoredSeason, fact, opened, reopened

ID = "3f2c8a52-0000-4000-8000-000000000001"


def failure(code: int, name: str = "") -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode, error.sqlite_errorname = code, name
    return error


class Breaking(Lent):
    """A connection whose COMMIT fails, `after` doing its work or before; once, or `for_ever`."""

    def __init__(self, raw: Any, code: int, *, after: bool = False, for_ever: bool = False) -> None:
        super().__init__(raw)
        self.code = code
        self.after = after
        self.for_ever = for_ever
        self.failed = 0

    def commit(self) -> None:
        if self.failed and not self.for_ever:
            self._raw.commit()
            return
        self.failed += 1
        if self.after and self.failed == 1:
            self._raw.commit()
        raise failure(self.code, "SQLITE_IOERR_FSYNC")

    def rollback(self) -> None:
        self._raw.rollback()

    def close(self) -> None:
        self._raw.close()


@pytest.fixture
def breaks(stored: StoredSeason) -> Callable[..., Breaking]:
    """Makes the season's connection break."""

    def broken(code: int = sqlite3.SQLITE_IOERR_FSYNC, **how: bool) -> Breaking:
        store = stored.desk._session.store
        store.raw = breaking = Breaking(store.raw, code, **how)
        return breaking

    return broken


def test_what_was_recorded_although_the_commit_failed_gets_its_receipt(
    stored: StoredSeason, breaks: Callable[..., Breaking]
) -> None:
    breaks(after=True)

    accepted = stored.desk.submit(fact("east", 1), command_id=ID)

    assert stored.size() == 20
    assert accepted.receipt is not None
    assert accepted.receipt.last_seq == 20
    assert not accepted.repeated
    assert [event.kind for event in accepted.events] == ["fact_recorded"]
    again = stored.desk.submit(fact("east", 1), command_id=ID)
    assert again.repeated
    assert again.receipt == accepted.receipt


def test_all_commands_of_the_transaction_get_their_receipts(stored: StoredSeason, breaks: Callable[..., Breaking]) -> None:
    breaks(after=True)

    accepted = stored.desk.submit_all([fact("east", 1), fact("west", 2)])

    assert [one.receipt and one.receipt.last_seq for one in accepted] == [20, 21]
    assert stored.desk.submit(fact("east", 3, on="2021-03-02")).events[0].version == 4
    assert stored.desk.verify().ok


def test_what_was_not_recorded_is_told_with_the_failure(stored: StoredSeason, breaks: Callable[..., Breaking]) -> None:
    breaks()

    with pytest.raises(DiskFailed) as error:
        stored.desk.submit(fact("east", 1), command_id=ID)

    assert error.value.detail == "SQLITE_IOERR_FSYNC"
    assert stored.size() == 19
    assert not stored.desk.submit(fact("east", 1), command_id=ID).repeated
    assert stored.desk.verify().ok


@pytest.mark.parametrize("after", [True, False])
def test_where_nobody_can_be_asked_the_ids_are_told(stored: StoredSeason, breaks: Callable[..., Breaking], after: bool) -> None:
    breaking = breaks(after=after, for_ever=True)

    with pytest.raises(CommitUnknown) as error:
        stored.desk.submit(fact("east", 1), command_id=ID)

    assert error.value.command_ids == (ID,)
    assert error.value.why == "disk"
    assert error.value.recorded is None
    breaking.for_ever = False
    assert stored.desk.submit(fact("east", 1), command_id=ID).repeated is after
    assert stored.size() == 20


def test_an_id_that_nobody_gave_is_told_too(stored: StoredSeason, breaks: Callable[..., Breaking]) -> None:
    breaking = breaks(after=True, for_ever=True)

    with pytest.raises(CommitUnknown) as error:
        stored.desk.submit(fact("east", 1))

    breaking.for_ever = False
    assert stored.desk.submit(fact("east", 1), command_id=error.value.command_ids[0]).repeated


def test_a_full_disk_is_in_no_doubt(stored: StoredSeason, breaks: Callable[..., Breaking]) -> None:
    breaks(sqlite3.SQLITE_FULL, for_ever=True)

    with pytest.raises(DiskFull):
        stored.desk.submit(fact("east", 1))


def test_a_rehearsal_that_is_not_to_be_kept_commits_nothing(stored: StoredSeason, breaks: Callable[..., Breaking]) -> None:
    breaking = breaks(for_ever=True)

    assert stored.desk.submit(fact("east", 1), dry_run=True).dry_run
    assert breaking.failed == 0


@pytest.mark.parametrize("after", [True, False])
def test_the_opening_of_a_season_is_found_out_about_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: bool) -> None:
    path = tmp_path / "season.db"
    connect = SQLite.connect
    monkeypatch.setattr(SQLite, "connect", lambda self: Breaking(connect(self), sqlite3.SQLITE_IOERR_DELETE, after=after))

    if after:
        season = opened(path)
        assert season.desk.opening is not None
        assert season.desk.opening.receipt is not None
        season.desk.close()
    else:
        with pytest.raises(DiskFailed):
            opened(path)
        assert not path.exists()
        monkeypatch.undo()
        opened(path).desk.close()
    monkeypatch.undo()
    with reopened(path) as desk:
        assert desk.verify().ok


def test_an_opening_repeated_by_its_id_gets_its_first_receipt(tmp_path: Path) -> None:
    path = tmp_path / "season.db"
    with Desk.create(path, sample.opening(), DEFINITIONS, command_id=ID) as desk:
        first = desk.opening
    with Desk.create(path, sample.opening(), DEFINITIONS, command_id=ID) as desk:
        again = desk.opening
        assert desk.verify().ok

    assert first is not None
    assert again is not None
    assert again.repeated
    assert again.receipt == first.receipt
    with pytest.raises(SeasonExists):
        Desk.create(path, sample.opening(), DEFINITIONS)
    with pytest.raises(SeasonExists):
        Desk.create(path, sample.opening(), DEFINITIONS, origin="rehearsal", command_id=ID)
