"""What people type: dates in both forms, and values by the type that a fact declares.

A date is 2021-04-02 or 02/4/2021, day first. Yes and no may be said in both languages.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from typing import Final

from engine.refusals import WrongValue
from engine.values import TypeName, Value

YES: Final = frozenset({"yes", "true", "có", "đúng", "y"})
NO: Final = frozenset({"no", "false", "không", "sai", "n"})

_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_DAY_FIRST: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_INTEGER: Final = re.compile(r"[+-]?\d{1,18}", re.ASCII)


def day(text: str) -> date | None:
    """The date a text means, or None when it means none."""
    iso = _ISO.fullmatch(text.strip())
    day_first = _DAY_FIRST.fullmatch(text.strip())
    if iso is not None:
        year, month, number = iso.groups()
    elif day_first is not None:
        number, month, year = day_first.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(number))
    except ValueError:
        return None


def position(text: str) -> date | int | None:
    """A date, or a position in the log."""
    found = day(text)
    if found is not None:
        return found
    return int(text) if re.fullmatch(r"\d{1,15}", text.strip(), re.ASCII) else None


def instant(text: str) -> date | datetime | None:
    """A day, or a day with a time (10:30, 10:30:15.250), where it is said with its zone (Z, +07:00); None when a text means neither."""
    said, _, time = text.strip().partition("T") if "T" in text else text.strip().partition(" ")
    found = day(said)
    if found is None or not time:
        return found
    try:
        return datetime.fromisoformat(f"{found.isoformat()}T{time.strip()}")
    except ValueError:
        return None


def value(text: str, kind: TypeName, name: str, choices: tuple[str, ...] = ()) -> Value:
    """The value a text means for a fact. Raises WrongValue."""
    composed = unicodedata.normalize("NFC", text.strip())
    found: Value | None = composed
    if kind == "bool":
        word = composed.casefold()
        found = True if word in YES else False if word in NO else None
    elif kind == "int":
        found = int(composed) if _INTEGER.fullmatch(composed) else None
    elif kind == "date":
        found = day(composed)
    if found is None:
        raise WrongValue(name=name, value=text, expected=kind, choices=choices)
    return found
