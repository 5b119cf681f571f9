"""The two kinds of database as somebody changes them by hand: without our program, without triggers, and put right again at once."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

import psycopg

from store.connection import Store, marked
from store.dialects import dialect_for
from store.head import seasons
from store.layout import STAMP
from store.projections import Rebuild
from tests.audit.rows import KEYS, Row
from tests.postgres import Server, database_of


class Database(Protocol):
    """One season's tables. `run` writes by hand, `end` makes it last, `reset` puts everything back; `older`: copies taken before."""

    address: str
    older: list[Path]

    def run(self, statement: str, values: Sequence[Any] = ()) -> list[Row]: ...
    def refold(self) -> None: ...
    def end(self) -> None: ...
    def reset(self) -> None: ...
    def put(self, copy: Path) -> None: ...


class File:
    """A season's file, whose triggers were dropped."""

    def __init__(self, whole: Path, folder: Path, older: Sequence[Path] = ()) -> None:
        self.older = list(older)
        self.address = str(folder / "changed.db")
        self._whole = folder / "whole.db"
        shutil.copy(whole, self._whole)
        with sqlite3.connect(self._whole) as raw:
            for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                raw.execute(f"DROP TRIGGER {name}")
        raw.close()
        self._raw: sqlite3.Connection | None = None
        self.reset()

    def run(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        if self._raw is None:
            self._raw = sqlite3.connect(self.address)
        return self._raw.execute(statement, values).fetchall()

    def refold(self) -> None:
        self.end()
        refold(self.address)

    def end(self) -> None:
        if self._raw is not None:
            self._raw.commit()
            self._raw.close()
            self._raw = None

    def reset(self) -> None:
        if self._raw is not None:
            self._raw.close()
            self._raw = None
        shutil.copy(self._whole, self.address)

    def put(self, copy: Path) -> None:
        """Another copy of the file in its place."""
        self.reset()
        shutil.copy(copy, self.address)


class Served:
    """A database of a server, changed by the server's own superuser with its triggers switched off."""

    def __init__(self, server: Server, address: str) -> None:
        self.address = address
        self.older: list[Path] = []
        self._raw = psycopg.connect(server.url(database_of(address)))
        schema = self.run("SELECT table_schema FROM information_schema.tables WHERE table_name = 'log'")[0][0]
        self._raw.execute(f"SET search_path = {schema}")
        for table in KEYS:
            self._raw.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        self._raw.commit()
        self._whole = {table: self.run(f"SELECT * FROM {table}") for table in KEYS}
        self._raw.commit()

    def run(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        cursor = self._raw.execute(marked(statement, "%s"), values)
        return [tuple(map(_bytes, row)) for row in cursor.fetchall()] if cursor.description else []

    def refold(self) -> None:
        self.end()
        refold(self.address)

    def end(self) -> None:
        self._raw.commit()

    def reset(self) -> None:
        self._raw.rollback()
        for table, rows in self._whole.items():
            self.run(f"DELETE FROM {table}")
            if rows:
                marks = ", ".join(["%s"] * len(rows[0]))
                self._raw.cursor().executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
        self._raw.commit()

    def put(self, copy: Path) -> None:
        raise NotImplementedError(copy)  # there is no file

    def close(self) -> None:
        self._raw.close()


def keep_copy(path: Path, copy: Path) -> Path:
    """What a season's file holds now, as a file of its own."""
    with closing(sqlite3.connect(path)) as raw, closing(sqlite3.connect(copy)) as other:
        raw.backup(other)
    return copy


def _bytes(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def refold(address: str) -> None:
    """Make the tables beside the log anew, with the program's own means, as whoever wants them to fit would."""
    store = Store(dialect_for(address, read_only=False, wait=1))
    try:
        store.check_stamp()
        assert store.layout_stands, STAMP
        with store.transaction("whole"):
            for table in ("unit_case", "award", "replaced"):
                store.run(f"DELETE FROM {table}")
            for season in seasons(store):
                Rebuild(store, season).run()
    except Exception:  # noqa: BLE001 - what was forged cannot be folded: then they stay as they were
        pass
    finally:
        store.close()
