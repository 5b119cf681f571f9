"""The words people read: one gettext catalogue for each language, with codes as message ids.

A code stands for what is said (`why.smallest`, `error.E-DAY.what`), so neither language is the other's original and a script can rely on
the code. Texts take named fields in braces; a field is written in the reader's way by `Words.value` (dates, yes and no, lists).

``python -m reports.catalogue check`` compares codes, catalogues and compiled files; ``… compile`` compiles them.
"""

from __future__ import annotations

import gettext
import os
import sys
from collections.abc import Mapping
from copy import copy
from datetime import date
from functools import cache
from typing import Any, Final, Literal, TypeAlias

Language: TypeAlias = Literal["vi", "en"]

LANGUAGES: Final[tuple[Language, ...]] = ("vi", "en")
LOCALE: Final = os.path.join(os.path.dirname(__file__), "locale")  # noqa: PTH118, PTH120 - pathlib would cost `--help` two milliseconds
DOMAIN: Final = "daihoi"

DASH: Final = "—"


class _Fields(dict[str, Any]):
    """The fields of a text. One that was not given is left open: a message with a hole beats an error about an error."""

    def __missing__(self, name: str) -> str:
        return DASH


class Words:
    """What can be said in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.levels: Mapping[str, str] = {}
        self.states: Mapping[str, str] = {}
        self._texts = gettext.translation(DOMAIN, LOCALE, languages=[language])

    def calling(self, levels: Mapping[str, str], states: Mapping[str, str]) -> Words:
        """The same words, with a season's own names for its levels and states."""
        other = copy(self)
        other.levels, other.states = levels, states
        return other

    def has(self, code: str) -> bool:
        return self._texts.gettext(code) != code

    def say(self, code: str, /, **fields: Any) -> str:
        """The text of a code. A code nobody has put into words (a newer log's, say) is shown as it is, with its fields."""
        text = self._texts.gettext(code)
        if text == code:
            return " ".join((code, *(f"{name}={value}" for name, value in fields.items())))
        return self._filled(text, fields)

    def many(self, code: str, count: int, /, **fields: Any) -> str:
        """The text of a code for a number of things, given to it as `{count}`."""
        return self._filled(self._texts.ngettext(code, code, count), {"count": self.number(count), **fields})

    def value(self, value: Any) -> str:
        """A value as people write it in this language."""
        if value is None:
            return DASH
        if isinstance(value, bool):
            return self.say("value.true" if value else "value.false")
        if isinstance(value, date):
            return self.day(value)
        if isinstance(value, (tuple, list)):
            return ", ".join(map(self.value, value))
        return str(value)

    def day(self, day: date) -> str:
        """A date, day first. Vietnamese papers write 02/4/2021: a nought before days below 10 and months below 3, nowhere else."""
        if self.language == "en":
            return f"{day.day}/{day.month}/{day.year}"
        return f"{day.day:02}/{f'{day.month:02}' if day.month < 3 else day.month}/{day.year}"  # noqa: PLR2004 - as above

    def number(self, number: int) -> str:
        """A count, with its thousands set apart. Never a year or a position in the log."""
        grouped = f"{number:,}"
        return grouped if self.language == "en" else grouped.replace(",", ".")

    def _filled(self, text: str, fields: dict[str, Any]) -> str:
        """A record is handed over whole, so that a text can name its parts (`{winner.last_seq}`)."""
        if not fields:
            return text
        return text.format_map(_Fields((n, v if hasattr(v, "__attrs_attrs__") else self.value(v)) for n, v in fields.items()))


@cache
def words(language: Language) -> Words:
    """The catalogue of a language, read when it is first asked for."""
    return Words(language)


if __name__ == "__main__":
    from reports.catalogue_check import main

    sys.exit(main(sys.argv[1:]))
