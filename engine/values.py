"""The few kinds of value that facts and plans hold, and how they stand in JSON.

A date is written ``{"date": "2021-04-02"}`` in the log, so that a reader who does not have the procedure at hand can still tell a
date from a word. Integers lie within ±(2**53 - 1): a verifier in JavaScript must read the same number.
"""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any, Final, Literal, TypeAlias

import attrs

Value: TypeAlias = bool | int | str | date
TypeName: TypeAlias = Literal["bool", "int", "string", "date"]

TYPE_NAMES: Final[tuple[TypeName, ...]] = ("bool", "int", "string", "date")
GREATEST_RECORDED: Final = 2**53 - 1
"""Of what is recorded, either way from nought: a verifier in JavaScript reads it unchanged. Guards compute with 64 bits."""


@attrs.frozen
class Text:
    """A text that people read, in both languages."""

    vi: str
    en: str

    def in_language(self, language: str) -> str:
        return self.en if language == "en" else self.vi


def type_of(value: Value) -> TypeName:
    """The declared type a value belongs to (bool before int: Python's True is an int)."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "int"
    if isinstance(value, date):
        return "date"
    return "string"


def to_json(value: Value) -> Any:
    """The value as it stands in the log."""
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return value


def from_json(raw: Any) -> Value:
    """The value that `to_json` wrote."""
    if isinstance(raw, dict):
        return date.fromisoformat(raw["date"])
    if isinstance(raw, (bool, int, str)):
        return raw
    raise TypeError(f"not a value of the log: {raw!r}")


def plain(value: Value | None) -> bool | int | str | None:
    """The value as people's programs get it: a date is its ISO text."""
    return value.isoformat() if isinstance(value, date) else value


def is_whole(text: str) -> bool:
    """Whether a text has whole characters only: half ones (lone surrogates) are bytes that were no UTF-8, and nothing can keep them."""
    return text.isprintable() or not any("\ud800" <= letter <= "\udfff" for letter in text)


def nfc(text: str) -> str:
    """One spelling for each Vietnamese letter: composed and decomposed accents are the same text."""
    return unicodedata.normalize("NFC", text)
