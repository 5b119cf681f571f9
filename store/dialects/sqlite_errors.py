"""SQLite's errors in our words, by the code the library gives; by their text only where they have none."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from typing import Final

from engine.errors import DaihoiError
from store.errors import Corrupt, DatabaseFailed, DiskFailed, DiskFull, Locked, NoStore, ReadOnlyPlace

_PRIMARY: Final = 0xFF
"""Extended codes keep the primary one in their last byte."""

_no_text: Final = re.compile("Could not decode to UTF-8 column '(.*?)' with text ").match

_MEANINGS: Final[dict[int, Callable[[str, str, float], DaihoiError]]] = {
    sqlite3.SQLITE_BUSY: lambda place, _, wait: Locked(place=place, seconds=wait),
    sqlite3.SQLITE_LOCKED: lambda place, _, wait: Locked(place=place, seconds=wait),
    sqlite3.SQLITE_FULL: lambda place, *_: DiskFull(place=place),
    # somebody died while a new file was being made; who may write rolls that back, and then there is no store in it
    sqlite3.SQLITE_READONLY_ROLLBACK: lambda place, *_: NoStore(place=place),
    sqlite3.SQLITE_READONLY: lambda place, *_: ReadOnlyPlace(place=place),
    sqlite3.SQLITE_CANTOPEN: lambda place, *_: ReadOnlyPlace(place=place),
    sqlite3.SQLITE_IOERR: lambda place, name, _: DiskFailed(place=place, detail=name),
    sqlite3.SQLITE_CORRUPT: lambda place, name, _: Corrupt(place=place, detail=name),
    sqlite3.SQLITE_NOTADB: lambda place, name, _: Corrupt(place=place, detail=name),
}


def is_of_the_disk(error: Exception) -> bool:
    """Whether the disk failed. A full one is another matter: it takes no commit mark, so what it refused is surely not recorded.

    A failed sync is not: the commit mark stands in the file, unsynced, and whoever recovers the file takes it up.
    """
    return getattr(error, "sqlite_errorcode", 0) & _PRIMARY == sqlite3.SQLITE_IOERR


def is_no_text(error: Exception) -> str | None:
    """The column whose words are none. The driver's own finding: it has no code, and only its text tells it apart."""
    found = _no_text(str(error))
    return None if found is None else found[1]


def translated(error: Exception, place: str, wait: float) -> DaihoiError:
    """What a driver's error means for the one who uses the store."""
    column = is_no_text(error)
    if column is not None:
        return Corrupt(place=place, detail=f"no UTF-8 in column {column}")
    number = getattr(error, "sqlite_errorcode", None)
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    meaning = None if number is None else _MEANINGS.get(number, _MEANINGS.get(number & _PRIMARY))
    return DatabaseFailed(place=place, detail=f"{name}: {error}") if meaning is None else meaning(place, name, wait)
