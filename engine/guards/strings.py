"""String literals as CEL writes them: quotes, raw strings, escapes."""

from __future__ import annotations

import re
from typing import Final

from engine.guards.problems import Problem

_PLAIN: Final = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"} | {c: c for c in "\\?\"'`"}
_ESCAPE: Final = re.compile(
    r"\\(?:x(?P<x>[0-9a-fA-F]{2})|X(?P<X>[0-9a-fA-F]{2})|u(?P<u>[0-9a-fA-F]{4})|U(?P<U>[0-9a-fA-F]{8})"
    r"|(?P<octal>[0-3][0-7]{2})|(?P<plain>[abfnrtv\\?\"'`])|(?P<other>[\s\S]?))"
)
_SURROGATES: Final = range(0xD800, 0xE000)
_BEYOND_UNICODE: Final = 0x110000


def read_string(literal: str, column: int) -> tuple[str, list[Problem]]:
    """The value of a literal, and the escapes in it that CEL does not have."""
    raw = literal[0] in "rR"
    opening = 1 if raw else 0
    quotes = 3 if literal[opening : opening + 3] in ("'''", '"""') and len(literal) >= opening + 6 else 1
    body = literal[opening + quotes : -quotes]
    return (body, []) if raw else _unescaped(body, column + opening + quotes)


def _unescaped(body: str, column: int) -> tuple[str, list[Problem]]:
    problems: list[Problem] = []

    def replace(found: re.Match[str]) -> str:
        character = _character(found)
        if character is None:
            problems.append(Problem("bad_escape", column + found.start(), found.group()))
            return ""
        return character

    return _ESCAPE.sub(replace, body), problems


def _character(found: re.Match[str]) -> str | None:
    kind, digits = found.lastgroup, found.group(found.lastgroup or 0)
    if kind == "plain":
        return _PLAIN[digits]
    if kind == "other":
        return None
    point = int(digits, 8 if kind == "octal" else 16)
    return None if point in _SURROGATES or point >= _BEYOND_UNICODE else chr(point)
