"""When an act is recorded, and which day is today.

`recorded_at` never decreases: where the clock goes back, the log's last instant stands and what the clock said is kept beside it. A
rehearsal has a clock of its own: the day of its last record, moved on by a later act's day or by hand.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo
from typing import Final

import attrs

from store.sources import Sources

LIVE: Final = "live"
"""The origin of a season that is really held; every other is a rehearsal."""

_MORNING: Final = time(8)
"""When a rehearsal's day begins: one instant a day is enough, and the same each time."""


@attrs.frozen
class Instant:
    """When an act is recorded: `at` as the log has it, `clock` what the clock said where that was earlier, and the local day."""

    at: str
    clock: str | None
    today: date


class LiveClock:
    """Time as the machine's clock has it."""

    def __init__(self, sources: Sources, zone: tzinfo) -> None:
        self._now = sources.clock
        self._zone = zone

    def instant(self, last: str, _act: date | None) -> Instant:
        said = written(self._now())
        at = max(said, last)
        return Instant(at, None if at == said else said, local_day(at, self._zone))

    def moved(self, _day: date) -> date:
        raise ValueError("a live season's clock cannot be moved")


class RehearsalClock:
    """Time as the rehearsal has come to it."""

    def __init__(self, zone: tzinfo, moved_to: date | None) -> None:
        self._zone = zone
        self._moved_to = moved_to

    def instant(self, last: str, act: date | None) -> Instant:
        days = [d for d in (self._moved_to, act, local_day(last, self._zone) if last else None) if d is not None]
        today = max(days)
        at = max(last, written(datetime.combine(today, _MORNING, self._zone)))
        return Instant(at, None, today)

    def moved(self, day: date) -> date:
        """The day to which the clock comes: it never goes back."""
        return day if self._moved_to is None else max(day, self._moved_to)


def written(instant: datetime) -> str:
    """An instant as the log has it: UTC with milliseconds."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def read(at: str) -> datetime:
    return datetime.fromisoformat(at)


def local_day(at: str, zone: tzinfo) -> date:
    """The day of an instant where the season is held."""
    return read(at).astimezone(zone).date()


def start_of(day: date, zone: tzinfo) -> str:
    """The instant at which a day begins where the season is held; of the first day there is, the first instant there is."""
    try:
        return written(datetime.combine(day, time(), zone))
    except OverflowError:  # east of Greenwich it began in the year before
        return written(datetime.min.replace(tzinfo=UTC))


def zone_of(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)
