"""A SQLite file for other programs: made anew, table by table, and let go. It is no store of ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from store.audit.errors import FileFailed


class NewTables:
    """The tables of a file that is being written. Raises FileFailed."""

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw

    def make(self, name: str, columns: Iterable[tuple[str, str]], *constraints: str) -> None:
        """A table with its columns (name, what is declared of it)."""
        parts = (*(f"{quoted(column)} {declared}" for column, declared in columns), *constraints)
        self._raw.execute(f"CREATE TABLE {quoted(name)} ({', '.join(parts)})")

    def add(self, table: str, rows: Sequence[Sequence[Any]]) -> None:
        """Rows of all columns of a table."""
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            self._raw.executemany(f"INSERT INTO {quoted(table)} VALUES ({marks})", rows)


def quoted(name: str) -> str:
    """A name as SQL takes it, whatever it is."""
    return '"' + name.replace('"', '""') + '"'


@contextmanager
def new_tables(path: Path) -> Iterator[NewTables]:
    """Tables in a file that nobody else uses yet: whoever makes it sees to it that it is whole before it is there."""
    try:
        raw = sqlite3.connect(path, isolation_level=None)
        try:
            raw.execute("PRAGMA journal_mode = OFF")
            raw.execute("PRAGMA synchronous = OFF")
            raw.execute("BEGIN")
            yield NewTables(raw)
            raw.execute("COMMIT")
        finally:
            raw.close()
    except sqlite3.Error as error:
        raise FileFailed(file=str(path), why="write", detail=str(error)) from error
