"""SQLite: one file, WAL, a full sync for each commit, and our own BEGIN.

The driver's implicit transactions are off: with its defaults 693 of 800 concurrent increments were lost without an error. A writer
takes the lock before it reads (`BEGIN IMMEDIATE`), so what it decided on is what it writes on.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from engine.board import Note
from engine.errors import DaihoiError
from store import places
from store.dialects import sqlite_errors, sqlite_triggers
from store.dialects.base import Raw, Scope
from store.errors import DiskFailed, DiskFull, NotOurs, ReadOnlyPlace

if TYPE_CHECKING:
    from sqlalchemy import Engine

APPLICATION_ID: Final = 0x64616968
"""`daih`, in the file's header: so `file` and we can tell whose it is."""

MEMORY: Final = ":memory:"

_MOST_DAMAGES: Final = 10


class SQLite:
    """A season store in one file, or in memory for as long as it is open."""

    mark: Final = "?"
    driver_error: Final[type[Exception]] = sqlite3.Error
    locking: Final = ""  # BEGIN IMMEDIATE has taken the whole file

    def __init__(self, path: Path | None, *, read_only: bool, create: bool, wait: float) -> None:
        self.path = path
        self.place = MEMORY if path is None else str(path)
        self.read_only = read_only
        self._create = create
        self._wait = wait
        self._notes: tuple[Note, ...] = ()
        self._new = create and path is not None and not places.is_there(path)
        self._alone = False

    def connect(self) -> Raw:
        self._check()
        wal = self._wal()
        self._alone = wal is not None and not places.is_there(wal)
        self._notes = tuple(self._leftovers())
        raw = sqlite3.connect(self._uri(), uri=True, timeout=self._wait, isolation_level=None, check_same_thread=False)
        self._dress(raw)
        return raw

    def _dress(self, raw: Raw) -> None:
        if self._create:
            # a new file is not in WAL mode yet: its first transaction ends when a file is deleted, and only so is that made to last
            raw.execute("PRAGMA synchronous = EXTRA")
        raw.execute("PRAGMA foreign_keys = ON")
        raw.execute("PRAGMA trusted_schema = OFF")

    def engine(self, raw: Raw) -> Engine:
        from sqlalchemy import create_engine
        from sqlalchemy.pool import StaticPool

        return create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)

    def _check(self) -> None:
        if self.path is None:
            return
        if self._create:
            places.check_new(self.path)
        else:
            places.check_existing(self.path, read_only=self.read_only)

    def _leftovers(self) -> list[Note]:
        """A write-ahead log that is not empty: somebody is writing, or a machine stopped. It belongs to the file."""
        wal = self._wal()
        if wal is None or not wal.exists() or wal.stat().st_size == 0:
            return []
        return [Note(code="leftover_wal", fields={"file": str(wal), "bytes": wal.stat().st_size})]

    def _wal(self) -> Path | None:
        return None if self.path is None else self.path.with_name(self.path.name + "-wal")

    def _uri(self) -> str:
        if self.path is None:
            return f"file:{MEMORY}"
        return f"{self.path.absolute().as_uri()}?{self._mode()}"

    def _mode(self) -> str:
        if not self.read_only:
            return "mode=rwc" if self._create else "mode=rw"
        wal = self._wal()
        # where nothing can be written beside the file, SQLite could not open it at all; without a -wal nobody is writing either
        still = self.path is not None and not places.folder_is_writable(self.path) and not (wal and wal.exists())
        return "mode=ro&immutable=1" if still else "mode=ro"

    def begin(self, raw: Raw, scope: Scope) -> None:
        raw.execute("BEGIN IMMEDIATE" if scope in ("write", "whole") else "BEGIN")

    def stream(self, raw: Raw, statement: str, values: Sequence[Any]) -> Iterator[Any]:
        return iter(raw.cursor().execute(statement, values))

    def lost(self, _raw: Raw) -> bool:
        return False

    def passes(self, _error: BaseException | None) -> bool:
        return False  # whoever waits for the lock has not read anything yet

    def make_room(self, raw: Raw) -> None:
        """Nothing: an empty file has room."""

    def prepare(self, raw: Raw) -> None:
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("PRAGMA synchronous = FULL")
        raw.execute("PRAGMA fullfsync = ON")

    def finish(self, raw: Raw) -> None:
        raw.execute("PRAGMA busy_timeout = 0")
        # everything is committed already: while somebody else is at it, the last one to close brings the log into the file
        with suppress(sqlite3.Error):
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def stamp(self, raw: Raw) -> int | None:
        ours = raw.execute("PRAGMA application_id").fetchone()[0]
        stamp: int = raw.execute("PRAGMA user_version").fetchone()[0]
        if ours == APPLICATION_ID and stamp:
            return stamp
        if ours or stamp or raw.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise NotOurs(place=self.place)
        return None

    def set_stamp(self, raw: Raw, stamp: int) -> None:
        raw.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        raw.execute(f"PRAGMA user_version = {stamp}")

    def triggers(self) -> Mapping[str, str]:
        return sqlite_triggers.TRIGGERS

    def missing_triggers(self, raw: Raw) -> tuple[str, ...]:
        standing = dict(raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall())
        return tuple(name for name, statement in sqlite_triggers.TRIGGERS.items() if standing.get(name) != statement)

    def make_views(self, raw: Raw) -> None:
        from store.dialects import sqlite_views

        sqlite_views.make(raw)

    def drop_views(self, raw: Raw) -> None:
        from store.dialects import sqlite_views

        sqlite_views.drop(raw)

    def changed_views(self, raw: Raw) -> tuple[str, ...]:
        from store.dialects import sqlite_views

        return sqlite_views.changed(raw)

    def notes(self) -> tuple[Note, ...]:
        return self._notes

    def tidy(self) -> None:
        # a reader makes an empty -wal where there was none, and may not take it away; a writer that closes does
        wal = self._wal()
        if self.path is None or not (self.read_only and self._alone and wal and wal.exists() and wal.stat().st_size == 0):
            return
        with (
            suppress(sqlite3.Error),
            closing(sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=rw", uri=True, timeout=0)) as raw,
        ):
            raw.execute("SELECT 1 FROM sqlite_master")

    def damages(self, raw: Raw) -> Iterator[str]:
        for (said,) in raw.execute(f"PRAGMA integrity_check({_MOST_DAMAGES})"):
            if said != "ok":
                yield said.removeprefix("*** in database main ***\n")

    def is_no_text(self, error: Exception) -> str | None:
        return sqlite_errors.is_no_text(error)

    @contextmanager
    def any_text(self, raw: Raw) -> Iterator[None]:
        kept = raw.text_factory
        raw.text_factory = lambda read: read.decode("utf-8", "backslashreplace")
        try:
            yield
        finally:
            raw.text_factory = kept

    def undo(self) -> None:
        # an empty file only: whatever somebody else has put there meanwhile is theirs
        if self._new and self.path is not None and self.path.exists() and self.path.stat().st_size == 0:
            self.path.unlink()

    def translated(self, error: Exception) -> DaihoiError:
        told = sqlite_errors.translated(error, self.place, self._wait)
        # where a file beside the store finds no room (the log's index, a journal), SQLite does not say that this is why
        if isinstance(told, (DiskFailed, ReadOnlyPlace)) and self.path is not None and places.is_full(self.path):
            return DiskFull(place=self.place)
        return told

    def in_doubt(self, error: Exception) -> str | None:
        return "disk" if sqlite_errors.is_of_the_disk(error) else None

    def afresh(self, raw: Raw) -> Raw:
        # the connection that failed knows where the log ended before: one that opens the file anew could take up what it left there
        return raw
