"""What a command shows, before it is known where: lines and tables. `reports.terminal` puts it on a screen or into a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

import attrs

Span: TypeAlias = tuple[str, str]
"""A piece of text and its style: one of `STYLES`, or nothing."""

STYLES: Final[Mapping[str, str]] = {
    "title": "bold",
    "good": "green",
    "bad": "red",
    "warn": "yellow",
    "dim": "dim",
    "late": "yellow",
    "clock": "cyan",
    "corrected": "blue",
    "annulled": "red",
    "waived": "magenta",
}

Cell: TypeAlias = str | tuple[Span, ...]
"""What stands in a table: a text, or pieces each with its style."""


@attrs.frozen
class Aside:
    """What stands to the right of a line: from a column on, or behind the line's end where that is further."""

    column: int
    span: Span


@attrs.frozen
class Line:
    """A line. On a screen too narrow for both, what stands to its right comes below it."""

    spans: tuple[Span, ...] = ()
    aside: Aside | None = None

    @property
    def begun(self) -> str:
        """The line without what stands to its right."""
        return "".join(text for text, _ in self.spans)

    @property
    def gap(self) -> int:
        """The spaces before what stands to its right; three where its column has passed."""
        if self.aside is None:
            return 0
        used = len(self.begun)
        return self.aside.column - used if used < self.aside.column - 1 else _APART

    @property
    def text(self) -> str:
        """All of it in one line."""
        aside = "" if self.aside is None else " " * self.gap + self.aside.span[0]
        return f"{self.begun}{aside}".rstrip()


_APART: Final = 3


@attrs.frozen
class Table:
    """Columns with their headings; `right` are the places of those that hold numbers."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    right: frozenset[int] = frozenset()
    title: str = ""


Block: TypeAlias = Line | Table
Page: TypeAlias = Iterable[Block]


def line(*parts: str | Span, aside: Aside | None = None) -> Line:
    return Line(tuple((part, "") if isinstance(part, str) else part for part in parts), aside)


def cell_text(cell: Cell) -> str:
    """A cell without its colours."""
    return cell if isinstance(cell, str) else "".join(text for text, _ in cell)


def lines_of(text: str) -> Iterator[Block]:
    """A text of several lines as it stands, its last line end left out: the printer puts one."""
    return (line(one) for one in text.removesuffix("\n").split("\n"))


def blank() -> Line:
    return Line()


def table(headings: Sequence[str], rows: Iterable[Sequence[Cell]], right: Iterable[int] = (), title: str = "") -> Iterator[Block]:
    """A table, or nothing at all where there are no rows."""
    kept = tuple(tuple(row) for row in rows)
    if kept:
        yield Table(tuple(headings), kept, frozenset(right), title)
