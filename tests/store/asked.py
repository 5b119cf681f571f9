"""A store as somebody sees it who asks in SQL and knows nothing of the program."""

from __future__ import annotations

import sqlite3
from typing import Any

import attrs

from store.desk import Desk
from store.views import NAMES


@attrs.frozen
class Table:
    """What a view gave: its columns, and the rows in no order of their own."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def dicts(self) -> list[dict[str, Any]]:
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def asked(raw: Any, question: str) -> Table:
    """The answer to a question, on the connection of any driver."""
    cursor = raw.execute(question)
    return Table(tuple(column[0] for column in cursor.description), tuple(sorted(cursor.fetchall(), key=repr)))


def views_of(desk: Desk) -> dict[str, Table]:
    """All that the views say of a season."""
    raw = desk._session.store.raw
    if isinstance(raw, sqlite3.Connection):
        raw.execute("PRAGMA trusted_schema = ON")  # as SQLite has it by itself; 3.40 takes its own JSON functions for dangerous
    return {name: asked(raw, f"SELECT * FROM {name} WHERE season = '{desk.season}'") for name in NAMES}
