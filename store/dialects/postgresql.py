"""PostgreSQL: a schema of our own in somebody's database, for many clerks at once.

A writer takes the row of the season's head before it reads anything (`SELECT … FOR UPDATE`, READ COMMITTED), so writers of one season stand
in one line and those of two seasons do not wait for each other. A reader sees one position of the log: REPEATABLE READ, READ ONLY.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import count
from typing import TYPE_CHECKING, Any, Final

import psycopg
from psycopg.conninfo import conninfo_to_dict

from engine.board import Note
from engine.errors import DaihoiError
from store.dialects import postgresql_errors, postgresql_roles, postgresql_triggers
from store.dialects.base import Raw, Scope
from store.errors import NotConnected, NotOurs, UnknownStore

if TYPE_CHECKING:
    from sqlalchemy import Engine

SCHEMA_NAME: Final = "daihoi"

_BEGIN: Final[dict[Scope, str]] = {
    "read": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    # somebody who folds the log beside outdated tables makes temporary ones, which a transaction that is READ ONLY may not
    "aside": "BEGIN ISOLATION LEVEL REPEATABLE READ READ WRITE",
    # whether it may write is the session's to say: one that only reads was told so when it connected
    "write": "BEGIN ISOLATION LEVEL READ COMMITTED",
    "whole": "BEGIN ISOLATION LEVEL READ COMMITTED",
}

_WHOLE_STORE: Final = "SELECT pg_advisory_xact_lock(hashtext('daihoi'), hashtext(current_database()))"
"""Who makes the tables or makes them anew stands in line with whoever does the same."""

_DURABLE: Final = "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
"""A COMMIT is answered when it is on the disk, whatever the server, the database or the role is set to. What waits for more stays so."""

_ROWS_AT_ONCE: Final = 2_000
_PATIENCE_TO_CONNECT: Final = 10
"""Seconds until a server that does not answer is given up."""

_BETWEEN_TRIES: Final = 0.2

_IDLE: Final = 300
"""Seconds after which the server ends a transaction that has stopped asking: it stands in everybody's way."""

_SETTINGS: Final = {
    "application_name": "daihoi",
    "connect_timeout": str(_PATIENCE_TO_CONNECT),
    "keepalives": "1",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}
"""Unless the address says otherwise."""


class PostgreSQL:
    """A season store in a schema of one PostgreSQL database."""

    mark: Final = "%s"
    driver_error: Final[type[Exception]] = psycopg.Error
    locking: Final = " FOR UPDATE"

    def __init__(self, url: str, *, read_only: bool, wait: float) -> None:
        self._asked = _connection_settings(url)
        self.place = shown(self._asked)
        self.read_only = read_only
        self._wait = wait
        self._cursors = count()

    def connect(self) -> Raw:
        try:
            raw = psycopg.connect(**{**_SETTINGS, **self._asked}, autocommit=True)
        except psycopg.OperationalError as error:
            raise NotConnected(place=self.place, detail=postgresql_errors.first_line(error)) from error
        raw.execute("; ".join(self._session_settings()))  # at once: each way to a server and back is waited for
        return raw

    def _session_settings(self) -> Iterator[str]:
        yield f"SET search_path TO {SCHEMA_NAME}"
        yield f"SET lock_timeout TO {round(self._wait * 1000)}"
        yield f"SET idle_in_transaction_session_timeout TO '{_IDLE}s'"
        yield "SET TimeZone TO 'UTC'"
        if self.read_only:
            yield "SET default_transaction_read_only TO on"
        else:
            yield _DURABLE

    def in_doubt(self, error: Exception) -> str | None:
        return "connection" if postgresql_errors.is_of_the_connection(error) else None

    def afresh(self, raw: Raw) -> Raw:
        raw.close()
        return self._connect_again()

    def _connect_again(self) -> Raw:
        """A server that has crashed is back in some seconds."""
        until = time.monotonic() + self._wait
        while True:
            try:
                return self.connect()
            except NotConnected:
                if time.monotonic() > until:
                    raise
                time.sleep(_BETWEEN_TRIES)

    def lost(self, raw: Raw) -> bool:
        return bool(raw.closed)

    def passes(self, error: BaseException | None) -> bool:
        return postgresql_errors.passes(error)

    def engine(self, raw: Raw) -> Engine:
        from sqlalchemy import create_engine
        from sqlalchemy.pool import StaticPool

        return create_engine("postgresql+psycopg://", creator=lambda: raw, poolclass=StaticPool, use_native_hstore=False)

    def begin(self, raw: Raw, scope: Scope) -> None:
        raw.execute(_BEGIN[scope])
        if scope == "whole":
            raw.execute(_WHOLE_STORE)

    def stream(self, raw: Raw, statement: str, values: Sequence[Any]) -> Iterator[Any]:
        # a cursor of the server's: the driver's own would fetch the whole log before it gave the first row
        with raw.cursor(name=f"stream_{next(self._cursors)}", binary=True) as cursor:
            cursor.itersize = _ROWS_AT_ONCE
            cursor.execute(statement, values)
            yield from cursor

    def prepare(self, raw: Raw) -> None:
        """Nothing: what a writer needs is set when it connects."""

    def finish(self, raw: Raw) -> None:
        """Nothing: the server keeps its own files."""

    def stamp(self, raw: Raw) -> int | None:
        found = raw.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", (SCHEMA_NAME,)).fetchone()
        if found is None:
            return None
        if raw.execute("SELECT to_regclass(%s)", (f"{SCHEMA_NAME}.layout",)).fetchone()[0] is None:
            raise NotOurs(place=self.place)
        row = raw.execute("SELECT stamp FROM layout").fetchone()
        if row is None:
            raise NotOurs(place=self.place)
        stamp: int = row[0]
        return stamp

    def set_stamp(self, raw: Raw, stamp: int) -> None:
        raw.execute("DELETE FROM layout")
        raw.execute("INSERT INTO layout (stamp) VALUES (%s)", (stamp,))
        postgresql_roles.grant(raw, SCHEMA_NAME)

    def make_room(self, raw: Raw) -> None:
        raw.execute(f"CREATE SCHEMA {SCHEMA_NAME}")
        raw.execute("CREATE TABLE layout (stamp bigint NOT NULL)")
        postgresql_roles.make(raw)

    def triggers(self) -> Mapping[str, str]:
        return postgresql_triggers.STATEMENTS

    def missing_triggers(self, raw: Raw) -> tuple[str, ...]:
        return postgresql_triggers.missing(raw, SCHEMA_NAME)

    def make_views(self, raw: Raw) -> None:
        from store.dialects import postgresql_views

        postgresql_views.make(raw)

    def drop_views(self, raw: Raw) -> None:
        from store.dialects import postgresql_views

        postgresql_views.drop(raw)

    def changed_views(self, raw: Raw) -> tuple[str, ...]:
        from store.dialects import postgresql_views

        return postgresql_views.changed(raw)

    def notes(self) -> tuple[Note, ...]:
        return ()

    def tidy(self) -> None:
        """Nothing lies beside a database."""

    def damages(self, _raw: Raw) -> Iterator[str]:
        return iter(())  # the server's files are not the auditor's to read, and its own checks are an extension that few have

    def is_no_text(self, _error: Exception) -> str | None:
        return None  # the server takes no other

    def any_text(self, _raw: Raw) -> AbstractContextManager[None]:
        return nullcontext()

    def undo(self) -> None:
        """Nothing: tables are made in a transaction like everything else."""

    def translated(self, error: Exception) -> DaihoiError:
        return postgresql_errors.translated(error, self.place, self._wait)


def _connection_settings(url: str) -> dict[str, Any]:
    """What libpq makes of the address; SQLAlchemy's way to write it, with the driver's name, is understood too."""
    try:
        return dict(conninfo_to_dict(url.replace("postgresql+psycopg://", "postgresql://", 1)))
    except psycopg.ProgrammingError:
        raise UnknownStore(url=_without_password(url), served=("sqlite", "postgresql")) from None


def _without_password(url: str) -> str:
    """An address that nobody could read, as far as it may be repeated."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def shown(settings: Mapping[str, Any]) -> str:
    """An address as people see it: no password, and no user."""
    host = settings.get("host") or "localhost"
    port = f":{settings['port']}" if settings.get("port") else ""
    return f"postgresql://{host}{port}/{settings.get('dbname') or ''}"
