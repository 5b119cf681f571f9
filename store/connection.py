"""A store that is open: one held connection, transactions for reading and for writing, errors in our words.

`raw` is the driver's own connection: every statement that a question or a command needs runs on it, in transactions that the dialect
begins. `connection` is SQLAlchemy's view of the same connection, for tables and migrations; it is made when first asked for, because
importing SQLAlchemy is most of what a cold start takes (docs/decisions/0002).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

from engine.board import Note
from engine.codec import NotReadable
from engine.errors import DaihoiError
from engine.leaf import NotALeaf
from store.dialects.base import Dialect, Scope
from store.errors import CommitUnknown, Corrupt, NewerSchema, NoStore, OlderSchema, TriggersMissing
from store.layout import SCHEMA, STAMP

if TYPE_CHECKING:
    from sqlalchemy import Connection

Row = tuple[Any, ...]
_T = TypeVar("_T")

_PAUSES: Final = (0.01, 0.05, 0.2, 0.5, 1.0)
"""Seconds before a transaction that the database gave up is begun again."""

_AT_ONCE: Final = 500
"""Keys in one statement."""


class Store:
    """One open connection, held for as long as its desk."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.read_only = dialect.read_only
        self.layout_stands = False
        self.folded_aside = 0
        """Where the projections are another version's: up to which position a reader has folded the log beside them."""
        self.connections = 1
        """How many there were: what was read on an earlier one is not relied on."""
        self._missing: tuple[str, ...] = ()
        self._closed = False
        self._within = False
        with self.translating():
            self.raw: Any = dialect.connect()

    @cached_property
    def connection(self) -> Connection:
        """The same connection as SQLAlchemy sees it. Beginning and ending transactions stays the store's."""
        return self.dialect.engine(Lent(self.raw)).connect()

    # Start

    def check_stamp(self) -> int | None:
        """The layout found: None in an empty database. Refuses another program's file and a newer one."""
        with self.translating():
            stamp = self.dialect.stamp(self.raw)
        if stamp is not None and stamp // 1000 > SCHEMA:
            raise NewerSchema(place=self.dialect.place, found=stamp // 1000, known=SCHEMA)
        self.layout_stands = stamp == STAMP
        return stamp

    def start(self) -> None:
        """Check that this is a store of ours whose log is protected; a writer brings an older one up to date."""
        stamp = self.check_stamp()
        if stamp is None:
            raise NoStore(place=self.dialect.place)
        if stamp // 1000 < SCHEMA:
            self._migrate(stamp // 1000)
        with self.translating():
            self._missing = self.dialect.missing_triggers(self.raw)
            if self.read_only:
                return
            if self._missing:
                raise TriggersMissing(place=self.dialect.place, triggers=self._missing)
            self.dialect.prepare(self.raw)

    def _migrate(self, found: int) -> None:
        if self.read_only:
            raise OlderSchema(place=self.dialect.place, found=found, known=SCHEMA)
        from store.migrate import upgrade

        with self.transaction("whole"):
            # no view stands in a migration's way; whoever makes the projections anew makes them
            self.dialect.drop_views(self.raw)
            upgrade(self.connection, self.dialect)

    def make(self) -> None:
        """Make the tables in an empty database, inside the transaction that is open."""
        from store.migrate import upgrade
        from store.schema import projections

        self.dialect.make_room(self.raw)
        upgrade(self.connection, self.dialect)
        projections.create_all(self.connection)
        self.dialect.make_views(self.raw)
        self.dialect.set_stamp(self.raw, STAMP)
        self.layout_stands = True

    def notes(self) -> Iterator[Note]:
        """What a reader of this store has to know."""
        yield from self.dialect.notes()
        if self._missing:
            yield Note(code="triggers_missing", fields={"triggers": self._missing})
        if not self.layout_stands:
            yield Note(code="projections_outdated")

    # Transactions

    @contextmanager
    def transaction(self, scope: Scope = "read", *, keep: bool = True, ids: Sequence[str] = ()) -> Iterator[None]:
        """One transaction: committed at the end, rolled back when anything is raised, or when nothing of it is to be kept.

        `ids`: of the commands in it. Where it fails in the middle of committing, CommitUnknown names them.
        """
        with self.translating():
            try:
                self._begin("aside" if scope == "read" and not self.layout_stands else scope)
                yield
                self._end(keep=keep, ids=ids)
            except BaseException:
                with suppress(self.dialect.driver_error):  # what failed first is what is told
                    self._end(keep=False)  # a commit that failed leaves nothing open either
                raise
            finally:
                self._within = False

    def do(self, work: Callable[[], _T], scope: Scope, *, keep: bool = True, ids: Sequence[str] = ()) -> _T:
        """Do some work in one transaction; all of it again where the database gave that up through no fault of its own."""
        for pause in (*_PAUSES, None):
            try:
                with self.transaction(scope, keep=keep, ids=ids):
                    return work()
            except DaihoiError as error:
                if pause is None or not self.dialect.passes(_of_the_driver(error.__cause__)):
                    raise
                time.sleep(pause)
        raise AssertionError("the last pause is none")

    def _begin(self, scope: Scope) -> None:
        self._renew_if_lost()
        try:
            self.dialect.begin(self.raw, scope)
        except self.dialect.driver_error:
            if not self.dialect.lost(self.raw):
                raise
            self.afresh()  # it broke while nobody used it, and nothing was asked yet
            self.dialect.begin(self.raw, scope)
        self._within = True

    def _renew_if_lost(self) -> None:
        if not self._within and self.dialect.lost(self.raw):
            self.afresh()

    def _end(self, *, keep: bool, ids: Sequence[str] = ()) -> None:
        if keep:
            self._commit(ids)
        else:
            self.raw.rollback()
            self.folded_aside = 0  # temporary tables go with the transaction
        if "connection" in vars(self):
            self.connection.rollback()  # SQLAlchemy's own bookkeeping; what it was lent does nothing

    def _commit(self, ids: Sequence[str]) -> None:
        try:
            self.raw.commit()
        except self.dialect.driver_error as error:
            why = self.dialect.in_doubt(error)
            if why is None or not ids:
                raise
            failure = self.dialect.translated(error)
            raise CommitUnknown(place=self.dialect.place, command_ids=tuple(ids), why=why) from failure

    def afresh(self) -> None:
        """After a COMMIT in doubt: go on with a connection that can be asked what came of it."""
        self._end_lending()
        with self.translating():
            self.raw = self.dialect.afresh(self.raw)
        self.connections += 1

    def _end_lending(self) -> None:
        if "connection" in vars(self):
            self.connection.close()
            self.connection.engine.dispose()
            del self.connection

    @contextmanager
    def translating(self) -> Iterator[None]:
        """The driver's errors in our words."""
        try:
            yield
        except self.dialect.driver_error as error:
            raise self.dialect.translated(error) from error
        except (NotALeaf, NotReadable, UnicodeDecodeError) as error:  # SQLite tells what it cannot read in the very bytes
            raise Corrupt(place=self.dialect.place, detail=str(error)) from error
        except Exception as error:
            original = _of_the_driver(error)
            if not isinstance(original, self.dialect.driver_error):
                raise
            raise self.dialect.translated(original) from error

    @property
    def within(self) -> bool:
        """Whether a transaction is open."""
        return self._within

    # Statements

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        if self._within:
            return self._all(statement, values)
        with self.translating():
            return self._asked(lambda: self._all(statement, values))

    def row(self, statement: str, values: Sequence[Any] = ()) -> Row | None:
        if self._within:
            return self._first(statement, values)
        with self.translating():
            return self._asked(lambda: self._first(statement, values))

    def _all(self, statement: str, values: Sequence[Any]) -> list[Row]:
        found: list[Row] = self.raw.execute(marked(statement, self.dialect.mark), values).fetchall()
        return found

    def _first(self, statement: str, values: Sequence[Any]) -> Row | None:
        found: Row | None = self.raw.execute(marked(statement, self.dialect.mark), values).fetchone()
        return found

    def _asked(self, question: Callable[[], _T]) -> _T:
        """Outside a transaction a question that found the connection broken is asked once more on a new one."""
        self._renew_if_lost()
        try:
            return question()
        except self.dialect.driver_error:
            if not self.dialect.lost(self.raw):
                raise
            self.afresh()
            return question()

    def stream(self, statement: str, values: Sequence[Any] = ()) -> Iterator[Row]:
        return self.dialect.stream(self.raw, marked(statement, self.dialect.mark), values)

    def run(self, statement: str, values: Sequence[Any] = ()) -> int:
        count: int = self.raw.execute(marked(statement, self.dialect.mark), values).rowcount
        return count

    def run_many(self, statement: str, values: Iterable[Sequence[Any]]) -> None:
        self.raw.cursor().executemany(marked(statement, self.dialect.mark), values)

    def close(self) -> None:
        """Give the connection back; closing twice is once."""
        if self._closed:
            return
        self._closed = True
        try:
            with self.translating():
                if not self.read_only:
                    self.dialect.finish(self.raw)
        finally:
            self._end_lending()
            self.raw.close()
            self.dialect.tidy()


class Lent:
    """A driver's connection as it is lent to SQLAlchemy: all of it, but for ending transactions and closing."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)

    def commit(self) -> None:
        """The store's to do."""

    def rollback(self) -> None:
        """The store's to do."""

    def close(self) -> None:
        """The store's to do."""


def _of_the_driver(error: BaseException | None) -> BaseException | None:
    """The driver's error in one of SQLAlchemy's, which is not imported only to be asked whether it is one."""
    return getattr(error, "orig", None) or error


def as_bytes(stored: Any) -> bytes:
    """What stands in a column of bytes; whoever tampers may have left a text there, or nothing."""
    return stored if isinstance(stored, bytes) else str(stored).encode("utf-8", "surrogateescape")


def in_batches(keys: Sequence[_T]) -> Iterator[tuple[str, Sequence[_T]]]:
    """Keys in portions that one statement takes, each with its marks: for `IN ({marks})`."""
    for start in range(0, len(keys), _AT_ONCE):
        some = keys[start : start + _AT_ONCE]
        yield ", ".join("?" * len(some)), some


@lru_cache(maxsize=256)
def marked(statement: str, mark: str) -> str:
    """A statement as the driver wants it. Ours are written with question marks, and no text in them has one."""
    return (statement.replace("%", "%%") if mark.startswith("%") else statement).replace("?", mark)
