"""At what time an event took place, for programs that know nothing but instants.

The log knows the day on which something took place, not the hour. Its time is made: noon of that day in UTC, and as many milliseconds as
its place in the log. So two events of one day keep their order, no two have the same time, and whoever shows it in another time zone
still shows the right day.
"""

from __future__ import annotations

from datetime import date
from typing import Final

EPOCH: Final = "1970-01-01T00:00:00.000Z"
"""OCEL's time of what always was so."""

_AT_MOST: Final = 43_199_999
"""Milliseconds from noon to the end of the day. Events beyond have one time: their order is then that of the file."""


def taken_place(day: date, seq: int) -> str:
    """The time of an event, ISO 8601 in UTC with milliseconds."""
    seconds, thousandths = divmod(min(seq, _AT_MOST), 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{day.isoformat()}T{12 + hours:02}:{minutes:02}:{seconds:02}.{thousandths:03}Z"
