"""PostgreSQL's errors in our words, by SQLSTATE and never by their text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import psycopg
from psycopg import errors as pg

from engine.errors import DaihoiError
from store.errors import ConnectionLost, Corrupt, DatabaseFailed, DiskFull, Locked, NoRight, NotConnected, ReadOnlyPlace

_PASSING: Final = (pg.SerializationFailure, pg.DeadlockDetected)
"""What befalls a transaction through no fault of its own: the whole of it is tried again."""

_MEANINGS: Final[dict[type[Exception], Callable[[str, float, str], DaihoiError]]] = {
    pg.LockNotAvailable: lambda place, wait, _: Locked(place=place, seconds=wait),
    pg.SerializationFailure: lambda place, wait, _: Locked(place=place, seconds=wait),
    pg.DeadlockDetected: lambda place, wait, _: Locked(place=place, seconds=wait),
    pg.QueryCanceled: lambda place, wait, _: Locked(place=place, seconds=wait),
    pg.DiskFull: lambda place, *_: DiskFull(place=place),
    pg.InsufficientPrivilege: lambda place, _, detail: NoRight(place=place, detail=detail),
    pg.ReadOnlySqlTransaction: lambda place, *_: ReadOnlyPlace(place=place),
    pg.DataCorrupted: lambda place, _, detail: Corrupt(place=place, detail=detail),
    pg.IndexCorrupted: lambda place, _, detail: Corrupt(place=place, detail=detail),
    pg.IdleInTransactionSessionTimeout: lambda place, _, detail: ConnectionLost(place=place, detail=detail),
    pg.AdminShutdown: lambda place, _, detail: ConnectionLost(place=place, detail=detail),
    pg.CrashShutdown: lambda place, _, detail: ConnectionLost(place=place, detail=detail),
    pg.CannotConnectNow: lambda place, _, detail: NotConnected(place=place, detail=detail),
    pg.TooManyConnections: lambda place, _, detail: NotConnected(place=place, detail=detail),
}


def is_of_the_connection(error: Exception) -> bool:
    """Whether the server may have gone on by itself after it was last heard: no word of its own, or that it was stopped."""
    return isinstance(error, psycopg.OperationalError) and (
        error.sqlstate is None or error.sqlstate.startswith(("08", "57P", "40003"))
    )


def passes(error: BaseException | None) -> bool:
    """Whether the same transaction may succeed when it is begun again."""
    return isinstance(error, _PASSING)


def translated(error: Exception, place: str, wait: float) -> DaihoiError:
    """What a driver's error means for the one who uses the store."""
    detail = first_line(error)
    meaning = next((_MEANINGS[kind] for kind in type(error).__mro__ if kind in _MEANINGS), None)
    if meaning is not None:
        return meaning(place, wait, detail)
    if isinstance(error, psycopg.OperationalError) and error.sqlstate is None:
        return ConnectionLost(place=place, detail=detail)  # no word from the server at all
    name = type(error).__name__ if error.sqlstate is None else f"{error.sqlstate} {type(error).__name__}"  # type: ignore[attr-defined]
    return DatabaseFailed(place=place, detail=f"{name}: {detail}")


def first_line(error: Exception) -> str:
    """The server's own word for it; what follows repeats the statement."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
