"""How long the log was at an instant: which events had been recorded by then.

`recorded_at` never decreases, so the place is found by halving, with a few look-ups however long the log is.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final, TypeAlias

from store.clock import start_of, written
from store.head import Head
from store.session import Session

Known: TypeAlias = date | datetime
"""By when something was recorded: a day, all of it, or an instant. Without a time zone it is one where the season is held."""

_DAY: Final = timedelta(days=1)
_LEAST: Final = timedelta(milliseconds=1)
_BEFORE = "SELECT recorded_at < ? FROM log WHERE season = ? AND seq = ?"


def known_by(session: Session, head: Head, known: Known) -> int:
    """How long the log was at the end of a day, or at an instant."""
    if not isinstance(known, datetime):
        return recorded_by(session, head, known)
    if not _has_a_day_around(known):
        return 0 if known.year == date.min.year else head.size
    return _length_before(session, head, written(placed(session, head, known) + _LEAST))


def day_of(session: Session, head: Head, known: Known) -> date:
    """The day of an instant where the season is held."""
    if not isinstance(known, datetime):
        return known
    return (
        placed(session, head, known).astimezone(session.charter(head).zone).date() if _has_a_day_around(known) else known.date()
    )


def _has_a_day_around(known: datetime) -> bool:
    """Whether there are a day before and a day after, for another time zone to fall on."""
    return date.min + _DAY < known.date() < date.max - _DAY


def placed(session: Session, head: Head, instant: datetime) -> datetime:
    """An instant with its time zone: where none was said, that of the season."""
    return instant if instant.tzinfo is not None else instant.replace(tzinfo=session.charter(head).zone)


def recorded_by(session: Session, head: Head, day: date) -> int:
    """How long the log was when a day ended where the season is held."""
    return head.size if day >= date.max - _DAY else recorded_before(session, head, day + _DAY)


def recorded_before(session: Session, head: Head, day: date) -> int:
    """How long the log was when a day began where the season is held."""
    return 0 if day <= date.min + _DAY else _length_before(session, head, start_of(day, session.charter(head).zone))


def _length_before(session: Session, head: Head, at: str) -> int:
    low, high = 0, head.size
    while low < high:
        middle = (low + high + 1) // 2
        row = session.store.row(_BEFORE, (at, session.season, middle))
        if row is not None and row[0]:
            low = middle
        else:
            high = middle - 1
    return low
