"""A look over a TOML text before it is parsed: how deep it nests, how many keys it has, and on which line each key stands.

`tomllib` recurses on nested arrays and is quadratic in the dots of one key, so both are counted first, in one pass that stops at
the first cap. The scan never judges the syntax: what it cannot follow it leaves to the parser, which comes to that place next.
"""

from __future__ import annotations

import re
from typing import Final

import attrs

from workflows.problems import KeyPath, prefixes

DEEPEST: Final = 12
MOST_KEYS: Final = 20_000
"""Keys and items of lists together: what is beyond could not be checked in a second."""

_MARKS = re.compile(r"""[#"'\[\]{}=.,\n]""")
_HEADER = re.compile(r"""\[\[?((?:[^\[\]\n#"']|"[^"\\\n]*"|'[^'\n]*')*+)\]\]?""")
_KEY_PART = re.compile(r"""\s*(?:"([^"\\]*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*(?:\.|$)""")


class TooDeep(Exception):
    """Brackets or dots beyond the cap, at a position."""

    def __init__(self, position: int) -> None:
        self.position = position


class TooManyKeys(TooDeep):
    """More keys and items than any procedure or season needs."""


@attrs.define
class _Inside:
    """An open array or inline table: where it hangs, and, of an array, which item comes next. `since`: where its key began."""

    path: KeyPath
    array: bool
    since: int
    item: int = 0


@attrs.define
class Scan:
    """One pass over a text. `lines` maps each key's path to its line; `unclosed`: where a text begins that never ends."""

    text: str
    lines: dict[KeyPath, int] = attrs.field(factory=dict)
    unclosed: int | None = None
    _table: KeyPath = ()
    _items: dict[KeyPath, int] = attrs.field(factory=dict)
    _open: list[_Inside] = attrs.field(factory=list)
    _line: int = 1
    _since: int = 0
    _key: KeyPath = ()
    _in_value: bool = False
    _dots: int = 0
    _keys: int = 0

    def run(self) -> dict[KeyPath, int]:
        """Raises TooDeep and TooManyKeys."""
        position: int | None = 0
        while position is not None:
            mark = _MARKS.search(self.text, position)
            position = None if mark is None else self._after(mark.group(), mark.start())
        return self.lines

    def _after(self, mark: str, at: int) -> int | None:
        """Where to go on after a mark, or None where the text cannot be followed."""
        if mark == "#":
            return _or_none(self.text.find("\n", at))
        if mark in "\"'":
            return self._string(mark, at)
        if mark == "[" and not self._in_value and not self._open:
            return self._header(at)
        if mark == ".":
            self._count_dot(at)
        elif mark == "=":
            self._equals(at)
        elif mark in "[{":
            self._enter(mark, at)
        elif mark in "]}":
            return at + 1 if self._leave() else None
        else:
            self._separator(mark, at)
        return at + 1

    def _string(self, quote: str, at: int) -> int | None:
        long = self.text.startswith(quote * 3, at)
        end = _string_end(self.text, quote * 3 if long else quote, at + (3 if long else 1))
        if end is None:
            self.unclosed = at
        elif long:
            self._line += self.text.count("\n", at, end)
        return end

    def _header(self, at: int) -> int | None:
        match = _HEADER.match(self.text, at)
        if match is None:
            # a quoted key with escapes, or no TOML: what follows is counted, but not placed
            self._open.append(_Inside(self._table, array=True, since=at))
            return at + 1
        dots = match.group(1).count(".")
        if dots >= DEEPEST:
            raise TooDeep(at)
        self._count_key(at)
        parts = _key_parts(match.group(1))
        path = self._resolved(parts[:-1]) + parts[-1:]
        if match.group().startswith("[["):
            self._items[path] = self._items.get(path, -1) + 1
            path = (*path, self._items[path])
        else:
            path = self._resolved(parts)
        self._table = path
        self._place(path)
        return match.end()

    def _place(self, path: KeyPath) -> None:
        """A dotted key is the place of each table on its way, where that has none yet."""
        for part in prefixes(path):
            if part in self.lines:
                break
            self.lines[part] = self._line

    def _resolved(self, parts: KeyPath) -> KeyPath:
        """A table's path, with the last item of each array of tables on the way."""
        path: KeyPath = ()
        for part in parts:
            path = (*path, part)
            if path in self._items:
                path = (*path, self._items[path])
        return path

    def _count_dot(self, at: int) -> None:
        self._dots += 1
        if self._dots > DEEPEST:
            raise TooDeep(at)

    def _count_key(self, at: int) -> None:
        self._dots = 0
        self._count(at)

    def _count(self, at: int) -> None:
        self._keys += 1
        if self._keys > MOST_KEYS:
            raise TooManyKeys(at)

    def _equals(self, at: int) -> None:
        self._count_key(at)
        inside = self._open[-1] if self._open else None
        since = self._since if inside is None else inside.since
        around = self._table if inside is None else inside.path
        self._key = (*around, *_key_parts(self.text[since:at]))
        self._place(self._key)
        self._in_value = True

    def _enter(self, bracket: str, at: int) -> None:
        if len(self._open) >= DEEPEST:
            raise TooDeep(at)
        self._count(at)
        path = self._key
        if self._open and self._open[-1].array:
            path = (*self._open[-1].path, self._open[-1].item)
            self._place(path)
        self._open.append(_Inside(path, array=bracket == "[", since=at + 1))

    def _leave(self) -> bool:
        if not self._open:
            return False
        self._open.pop()
        return True

    def _separator(self, mark: str, at: int) -> None:
        self._dots = 0
        if mark == "\n":
            self._line += 1
        if self._open:
            if mark == "," and self._open[-1].array:
                self._open[-1].item += 1
                self._count(at)
            if mark == "," and not self._open[-1].array:
                self._open[-1].since = at + 1
        elif mark == "\n":
            self._since, self._in_value = at + 1, False


def _string_end(text: str, quote: str, start: int) -> int | None:
    """The position after a string's closing quotes, or None when it is not closed."""
    position = start
    while True:
        end = text.find(quote, position)
        if end < 0 or (len(quote) == 1 and text.find("\n", position, end) >= 0):
            return None
        if quote[0] == '"' and _escaped(text, start, end):
            position = end + 1
            continue
        end += len(quote)
        if quote in ('"""', "'''"):
            # a long string may end in one or two quotes of its own
            end += text.startswith(quote[0], end) + text.startswith(quote[:2], end)
        return end


def _escaped(text: str, start: int, at: int) -> bool:
    """Whether an odd number of backslashes stands before a quote."""
    before = at
    while before > start and text[before - 1] == "\\":
        before -= 1
    return (at - before) % 2 == 1


def _key_parts(written: str) -> KeyPath:
    parts: list[str] = []
    position = 0
    while match := _KEY_PART.match(written, position):
        parts.append(next(group for group in match.groups() if group is not None))
        position = match.end()
        if position >= len(written):
            break
    return tuple(parts)


def _or_none(found: int) -> int | None:
    return None if found < 0 else found
