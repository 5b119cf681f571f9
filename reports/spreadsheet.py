"""Cells that a spreadsheet shows and does not work out: a name or a reason that begins like a formula would be run (CWE-1236).

An apostrophe in front keeps a text a text (docs/decisions/0016). Numbers and days stay as they are, and so does every other text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

_STARTS: Final = frozenset("=+-@＝＋－＠'\t\r\n ")
_FORMULA: Final = re.compile(r"'*(?:\s*[=+\-@＝＋－＠]|[\t\r\n])")
_NUMBER: Final = re.compile(r"[+-]?[0-9]+")


def cells(row: Iterable[Any]) -> list[Any]:
    """A row as it may stand in a file for a spreadsheet."""
    return [_guarded(cell) if isinstance(cell, str) and cell[:1] in _STARTS else cell for cell in row]


def _guarded(text: str) -> str:
    """With an apostrophe more where there has to be one: whoever takes one away from what matches has the text again."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text
