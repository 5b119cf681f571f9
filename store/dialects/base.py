"""What a kind of database has to say for itself. Everything else in the store is the same for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

from engine.board import Note
from engine.errors import DaihoiError

if TYPE_CHECKING:
    from sqlalchemy import Engine

Raw: TypeAlias = Any
"""The driver's own connection; SQLite's and psycopg's both have `execute` and `cursor`."""

Scope: TypeAlias = Literal["read", "aside", "write", "whole"]
"""What a transaction is for: reading; reading beside tables of another version, in temporary ones; appending to a season; making tables."""


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

    @property
    def locking(self) -> str:
        """What a writer adds to the statement that reads a season's head, so that no other writer of the season comes between."""
        ...

    def begin(self, raw: Raw, scope: Scope) -> None: ...

    def stream(self, raw: Raw, statement: str, values: Sequence[Any]) -> Iterator[Any]:
        """Rows one after the other, without all of them in memory; inside a transaction."""
        ...

    def lost(self, raw: Raw, /) -> bool:
        """Whether the connection is gone, so that a new one has to be made."""
        ...

    def passes(self, error: BaseException | None, /) -> bool:
        """Whether a transaction failed through no fault of its own, so that the whole of it may be tried again."""
        ...

    def make_room(self, raw: Raw) -> None:
        """What comes before the first table, in the same transaction."""
        ...

    def stamp(self, raw: Raw) -> int | None:
        """The layout found, None in an empty database. Refuses another program's."""
        ...

    def set_stamp(self, raw: Raw, stamp: int) -> None:
        """Say which layout stands now: the tables were just made, or made anew."""
        ...

    def triggers(self) -> Mapping[str, str]:
        """What protects the log: the statement that makes each trigger, by name."""
        ...

    def missing_triggers(self, raw: Raw) -> tuple[str, ...]:
        """Those that do not stand as they were made."""
        ...

    def make_views(self, raw: Raw) -> None:
        """Make the views that people ask in SQL (`store.views`), none of which stands."""
        ...

    def drop_views(self, raw: Raw) -> None:
        """Drop every version's views, before the tables under them are changed."""
        ...

    def changed_views(self, raw: Raw) -> tuple[str, ...]:
        """The views that do not say what they were made to say, or are gone. Inside a transaction."""
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

    def damages(self, raw: Raw, /) -> Iterator[str]:
        """What the database finds wrong with the way it keeps the tables and their indexes, in its own words."""
        ...

    def is_no_text(self, error: Exception, /) -> str | None:
        """Where an error says that a column of words holds what is no text: which column."""
        ...

    def any_text(self, raw: Raw, /) -> AbstractContextManager[None]:
        """Read such columns all the same, with what is no text written out."""
        ...

    def undo(self) -> None:
        """Take away what was made at a new place when nothing came of it."""
        ...

    def translated(self, error: Exception) -> DaihoiError:
        """The driver's error in our words."""
        ...

    def in_doubt(self, error: Exception) -> str | None:
        """Of the error that a COMMIT ended with: what failed (`disk`, …) where it may be carried out all the same, or None."""
        ...

    def afresh(self, raw: Raw) -> Raw:
        """After a COMMIT in doubt: a connection that can be asked what came of it."""
        ...
