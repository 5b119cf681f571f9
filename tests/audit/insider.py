"""Somebody with write access to a season's file, who knows the format and lacks only the keys."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

from tests.audit.databases import refold
from tests.audit.rows import Leaf, Row, Vandal


class Insider:
    """One season's file, open to be written by hand."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.raw = sqlite3.connect(path)

    def run(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        return self.raw.execute(statement, values).fetchall()

    def refold(self) -> None:
        self.raw.commit()
        refold(str(self._path))


def rewrite(path: Path, other_past: Callable[[list[Leaf]], object]) -> None:
    """Another past: no trigger, hash, column, receipt or table inside the file says afterwards that there was one before it."""
    insider = Insider(path)
    with closing(insider.raw):
        triggers = insider.run("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        for name, _ in triggers:
            insider.run(f"DROP TRIGGER {name}")
        Vandal(insider, Random(0)).rewrite(other_past)
        for _, statement in triggers:
            insider.run(statement)
        insider.raw.commit()
