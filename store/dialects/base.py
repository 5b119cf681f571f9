"""What a kind of database has to say for itself. Everything else in the store is the same for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from engine.board import Note
from engine.errors import DaihoiError

if TYPE_CHECKING:
    from sqlalchemy import Engine

Raw: TypeAlias = Any
"""The driver's own connection; SQLite's and psycopg's both have `execute` and `cursor`."""


class Dialect(Protocol):
    """One store of one kind of database."""

    @property
    def place(self) -> str:
        """Its file or address, as people see it."""
        ...

    @property
    def mark(self) -> str:
        """How the driver marks a parameter in a statement."""
        ...

    @property
    def driver_error(self) -> type[Exception]:
        """What every error of the driver is."""
        ...

    @property
    def read_only(self) -> bool: ...

    def connect(self) -> Raw:
        """The driver's connection, in autocommit: transactions are begun by `begin`. Refuses a place that cannot be used."""
        ...

    def engine(self, raw: Raw) -> Engine:
        """SQLAlchemy's engine over that very connection, for tables and migrations."""
        ...

    def begin(self, raw: Raw, *, write: bool) -> None:
        """Begin a transaction: for writing, so that no other writer can come between."""
        ...

    def stamp(self, raw: Raw) -> int | None:
        """The layout found, None in an empty database. Refuses another program's."""
        ...

    def set_stamp(self, raw: Raw, stamp: int) -> None: ...

    def triggers(self) -> Mapping[str, str]:
        """What protects the log: the statement that makes each trigger, by name."""
        ...

    def missing_triggers(self, raw: Raw) -> tuple[str, ...]:
        """Those that do not stand as they were made."""
        ...

    def notes(self) -> tuple[Note, ...]:
        """What was found at the place before it was opened."""
        ...

    def prepare(self, raw: Raw) -> None:
        """What a writer sets once, outside any transaction."""
        ...

    def finish(self, raw: Raw) -> None:
        """What a writer does before it closes."""
        ...

    def tidy(self) -> None:
        """After closing: take away what a reader left beside the place."""
        ...

    def undo(self) -> None:
        """Take away what was made at a new place when nothing came of it."""
        ...

    def translated(self, error: Exception) -> DaihoiError:
        """The driver's error in our words."""
        ...
