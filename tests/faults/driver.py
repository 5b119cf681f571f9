"""Another SQLite, whose files are ours to break: apsw's, made to look like the driver that the store knows.

`through(disk)` lets every store that is opened meanwhile do its reading and writing through a virtual file system of apsw's.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import apsw

from store.dialects import sqlite
from store.dialects.base import Raw

_FLAGS: Final = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE | apsw.SQLITE_OPEN_URI


@contextmanager
def through(disk: apsw.VFS, kind: type[Driven] | None = None) -> Iterator[None]:
    """Stores that are opened in here lie on a disk of ours."""
    kept = sqlite.SQLite
    made: Any = type("SQLite", (kind or Driven,), {"disk": disk})
    sqlite.SQLite = made  # type: ignore[misc]  # where the store looks for its dialect
    try:
        yield
    finally:
        sqlite.SQLite = kept  # type: ignore[misc]


class Driven(sqlite.SQLite):
    """The dialect as it is, with a connection of apsw's."""

    disk: apsw.VFS

    def connect(self) -> Raw:
        self._check()
        self._notes = tuple(self._leftovers())
        raw = Connection(self._uri(), self.disk.vfs_name, self._wait)  # type: ignore[attr-defined]  # ours have it
        self._dress(raw)
        return raw

    def tidy(self) -> None:
        """The other SQLite may not touch a file that this one has open: their locks would not see each other."""


class Cursor:
    """What a statement gave, fetched at once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: Iterator[Any] = iter(())
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid = 0
        self.arraysize = 1

    def execute(self, statement: str, values: Sequence[Any] = ()) -> Cursor:
        self._rows = iter(self._connection.run(lambda raw: self._all(raw, statement, values)))
        self.rowcount = -1 if self.description else self._connection.raw.changes()
        return self

    def _all(self, raw: apsw.Connection, statement: str, values: Sequence[Any]) -> list[Any]:
        cursor = raw.cursor()
        cursor.exec_trace = self._described
        return list(cursor.execute(statement, tuple(values)))

    def _described(self, cursor: apsw.Cursor, _statement: str, _values: Any) -> bool:
        self.description = [(name, None, None, None, None, None, None) for name, _ in cursor.get_description()] or None
        return True

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]]) -> Cursor:
        self._connection.run(lambda raw: raw.cursor().executemany(statement, list(rows)))
        return self

    def fetchone(self) -> Any:
        return next(self._rows, None)

    def fetchall(self) -> list[Any]:
        return list(self._rows)

    def fetchmany(self, size: int = 1) -> list[Any]:
        return [row for row, _ in zip(self._rows, range(size), strict=False)]

    def __iter__(self) -> Iterator[Any]:
        return self._rows

    def close(self) -> None:
        self._rows = iter(())


class Connection:
    """A connection of apsw's as far as the store and SQLAlchemy use one of sqlite3's. Errors are the standard driver's, by their codes."""

    def __init__(self, uri: str, disk: str, wait: float) -> None:
        self._rolled_back = False
        try:
            self.raw = apsw.Connection(uri, flags=_FLAGS, vfs=disk)
        except apsw.Error as error:
            raise as_standard(error) from error
        self.raw.set_busy_timeout(int(wait * 1000))
        self.raw.set_rollback_hook(self._rolls_back)

    def _rolls_back(self) -> None:
        self._rolled_back = True

    def run(self, work: Callable[[apsw.Connection], Any]) -> Any:
        try:
            return work(self.raw)
        except apsw.Error as error:
            raise as_standard(error) from error

    def execute(self, statement: str, values: Sequence[Any] = ()) -> Cursor:
        return Cursor(self).execute(statement, values)

    def cursor(self) -> Cursor:
        return Cursor(self)

    def create_function(self, name: str, arguments: int, function: Any, *, deterministic: bool = False) -> None:
        self.raw.create_scalar_function(name, function, arguments, deterministic=deterministic)

    def commit(self) -> None:
        if not self.raw.in_transaction:
            return
        self._rolled_back = False
        try:
            self.execute("COMMIT")
        except sqlite3.Error:
            # apsw tells the errors of the checkpoint after a commit too; SQLite does not: what is committed is committed
            if self._rolled_back or self.raw.in_transaction:
                raise

    def rollback(self) -> None:
        if self.raw.in_transaction:
            self.execute("ROLLBACK")

    def close(self) -> None:
        try:
            self.raw.close()
        except apsw.Error:
            self.raw.close(True)  # as SQLite itself: a file that cannot be tidied up is closed all the same


def as_standard(error: apsw.Error) -> sqlite3.Error:
    """The error that the standard driver would raise."""
    code = getattr(error, "extendedresult", 0) or getattr(error, "result", 0)
    kind = sqlite3.IntegrityError if isinstance(error, apsw.ConstraintError) else sqlite3.OperationalError
    made = kind(str(error) or type(error).__name__)
    made.sqlite_errorcode = code
    made.sqlite_errorname = str(apsw.mapping_extended_result_codes.get(code) or apsw.mapping_result_codes.get(code & 0xFF, ""))
    return made
