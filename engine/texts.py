"""Texts that people give. What one store could keep and another could not is refused before it is decided on, so that all hold the same.

PostgreSQL keeps no NUL and indexes nothing longer than some two thousand bytes; no JSON carries half a character; and whoever pastes a
whole report into a name did not mean to.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, ClassVar, Final

import attrs

from engine.refusals import BadRequest
from engine.values import is_whole

LONGEST_NAME: Final = 200
"""Characters in a name, a code or an id."""

LONGEST_TEXT: Final = 20_000
"""Characters in words meant to be read: reasons, bases, open items, values in words."""

_READ: Final = frozenset({"reason", "basis", "changes", "value", "vi", "en"})
_LINES: Final = frozenset("\t\n\r")


@attrs.define(kw_only=True)
class UnfitText(BadRequest):
    """A text that cannot be kept everywhere.

    `name`: where it stands; `why`: control (a control character), broken (half a character), long (`longest` characters are the most).
    """

    code: ClassVar[str] = "E-TEXT"

    name: str
    why: str
    longest: int = LONGEST_TEXT


def check_texts(value: Any) -> None:
    """Go over every text in a command. Raises UnfitText."""
    for name, text in _texts(value, ""):
        check_text(text, name)


def check_text(text: str, name: str) -> None:
    longest = LONGEST_TEXT if name in _READ else LONGEST_NAME
    if len(text) > longest:
        raise UnfitText(name=name, why="long", longest=longest)
    if text.isprintable():
        return  # nearly all are
    if not is_whole(text):
        raise UnfitText(name=name, why="broken")
    if any((letter < " " or "\x7f" <= letter < "\xa0") and letter not in _LINES for letter in text):
        raise UnfitText(name=name, why="control")


def _texts(value: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, tuple):
        for one in value:
            yield from _texts(one, name)
    else:
        for field in _fields(value.__class__):
            yield from _texts(getattr(value, field), field)


@cache
def _fields(kind: type[Any]) -> tuple[str, ...]:
    return tuple(attribute.name for attribute in attrs.fields(kind)) if attrs.has(kind) else ()
