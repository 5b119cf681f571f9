"""Words and values that files, command lines and expressions should never have to hold, and some day do."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time
from random import Random
from typing import Any, Final

LONG: Final = 3_000

WORDS: Final = (
    "",
    " ",
    "\t\n",
    "\x00",
    "a\x00b",
    "\x1b[2J\x1b]0;x\x07",
    "\x7f\x80\x9b",
    "\u200b\u200d\ufeff",
    "\u202egnorw\u202c",
    "שלום-עולם",
    "\ud800",
    "x\udcff",
    "\uffff\U0010ffff",
    "e" + "\u0301" * 200,
    "ﷺ" * 40,
    "𝟙𝟚",
    "١٢",
    "²",
    "İıſK",
    "{}",
    "{0} {name!r:>99}",
    "%s%n%(x)s",
    "[red]x[/]",
    "$(id)`id`",
    "' OR 1=1; --",
    '"""',
    "\\",
    "\\u12",
    "../../../etc/passwd",
    "/dev/null",
    "CON.toml",
    "-1",
    "--help",
    "@superior",
    "season",
    "board",
    "null",
    "NaN",
    "1e999",
    "0x10",
    "09",
    "1_000",
    "true",
    "2021-02-30",
    "31/4/2021",
    "2021-04-02",
    "9999-12-31",
    "99999999999999999999",
    "=",
    ".",
    "..",
    "a.b.c",
    "x" * LONG,
    "Đông Anh " * 300,
    unicodedata.normalize("NFD", "Hội Liên hiệp Phụ nữ Việt Nam"),
    unicodedata.normalize("NFD", "đồng-ý"),
)

NUMBERS: Final = (0, -1, 1, 2, 12, 13, 255, 2**31, -(2**31), 2**53 - 1, 2**53, 2**63 - 1, 2**63, -(2**63) - 1, 10**30, 10**4500)

OTHERS: Final = (
    True,
    False,
    0.5,
    float("nan"),
    float("inf"),
    date(1, 1, 1),
    date(2021, 4, 2),
    date(9999, 12, 31),
    datetime(2021, 4, 2, 7, 30),  # noqa: DTZ001 - TOML has local ones too
    time(7, 30),
)


def word(chance: Random) -> str:
    """A hostile word, sometimes with another one behind it."""
    found = chance.choice(WORDS)
    return found if chance.randrange(4) else found + chance.choice(WORDS)


def scalar(chance: Random) -> Any:
    return chance.choice((word, word, lambda c: c.choice(NUMBERS), lambda c: c.choice(OTHERS)))(chance)


def respelled(text: str, chance: Random) -> str:
    """The same word as somebody else's keyboard writes it, or one slip away from it."""
    changes: tuple[Callable[[], str], ...] = (
        lambda: unicodedata.normalize("NFD", text),
        lambda: unicodedata.normalize("NFKC", text),
        text.upper,
        text.swapcase,
        lambda: text.replace("-", "_") if "-" in text else text.replace("_", "-"),
        lambda: text[: chance.randint(0, len(text))],
        lambda: text + text,
        lambda: _slip(text, chance),
        lambda: text.replace("o", "о").replace("a", "а"),  # Cyrillic
        lambda: f" {text} ",
    )
    return chance.choice(changes)()


def _slip(text: str, chance: Random) -> str:
    at = chance.randint(0, len(text))
    slip: str = chance.choice((*"abz09-_. ", "ộ", "\u0301", word(chance)))
    return text[:at] + slip + text[at + chance.randint(0, 1) :]
