"""What a command shows, before it is known where: lines and tables. `reports.terminal` puts it on a screen or into a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

import attrs

Span: TypeAlias = tuple[str, str]
"""A piece of text and its style: title, good, bad, warn, dim, or nothing."""

STYLES: Final[Mapping[str, str]] = {"title": "bold", "good": "green", "bad": "red", "warn": "yellow", "dim": "dim"}


@attrs.frozen
class Line:
    spans: tuple[Span, ...] = ()

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.spans).rstrip()


@attrs.frozen
class Table:
    """Columns with their headings; `right` are the places of those that hold numbers."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: frozenset[int] = frozenset()
    title: str = ""


Block: TypeAlias = Line | Table
Page: TypeAlias = Iterable[Block]


def line(*parts: str | Span) -> Line:
    return Line(tuple((part, "") if isinstance(part, str) else part for part in parts))


def blank() -> Line:
    return Line()


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], right: Iterable[int] = (), title: str = "") -> Iterator[Block]:
    """A table, or nothing at all where there are no rows."""
    kept = tuple(tuple(row) for row in rows)
    if kept:
        yield Table(tuple(headings), kept, frozenset(right), title)
