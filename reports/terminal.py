"""Pages on a terminal (rich, with colours, as wide as the screen) and in a pipe (plain text that other programs can read).

Control characters never reach a screen: texts of the log come from people, and a terminal obeys what it is sent.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Iterator
from typing import IO, Final, Literal, TypeAlias

import attrs

from reports.page import STYLES, Block, Cell, Line, Span, Table, cell_text

Colour: TypeAlias = Literal["auto", "always", "never"]

PIPE_WIDTH: Final = 120
_NARROWEST: Final = 40
_DATE: Final = 10
"""A cell no longer than a date is never broken; headings may be."""

_BELOW: Final = 8
"""How far in from the edge what stood to the right of a line comes below it."""


@attrs.frozen
class Screen:
    """Where a page goes. `rich`: a terminal that shows colours and boxes."""

    rich: bool = False
    width: int = PIPE_WIDTH
    colour: bool = False


def screen(stream: IO[str], colour: Colour) -> Screen:
    """What a stream can show."""
    terminal = stream.isatty()
    if not terminal and colour != "always":
        return Screen()
    wanted = colour == "always" or (colour == "auto" and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb")
    return Screen(rich=True, width=_width(stream) if terminal else PIPE_WIDTH, colour=wanted)


def _width(stream: IO[str]) -> int:
    try:
        columns = os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):
        columns = 0
    return max(columns, _NARROWEST) if columns else PIPE_WIDTH


def render(page: Iterable[Block], where: Screen) -> str:
    """The page as text, each line with its end."""
    return _rich(page, where) if where.rich else "".join(f"{text}\n" for text in _plain(page))


def clean(text: str) -> str:
    """Text without anything that a terminal would obey; line breaks and tabs become spaces."""
    if text.isprintable():
        return text
    kept = (" " if c in "\n\t\r" else c for c in text)
    return "".join("�" if unicodedata.category(c) in ("Cc", "Cf", "Cs") else c for c in kept)


def _plain(page: Iterable[Block]) -> Iterator[str]:
    for block in page:
        if isinstance(block, Line):
            yield clean(block.text)
        else:
            yield from _plain_table(block)


def _plain_table(table: Table) -> Iterator[str]:
    if table.title:
        yield clean(table.title)
    cells = [tuple(clean(cell_text(cell)) for cell in row) for row in (table.headings, *table.rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        padded = (
            cell.rjust(width) if place in table.right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield f"  {'  '.join(padded)}".rstrip()


def _rich(page: Iterable[Block], where: Screen) -> str:
    from io import StringIO

    from rich.console import Console
    from rich.text import Text

    out = StringIO()
    console = Console(
        file=out, force_terminal=True, width=where.width, no_color=not where.colour, highlight=False, emoji=False, markup=False,
        legacy_windows=False,
    )  # fmt: skip
    for block in page:
        if isinstance(block, Line):
            for spans in _folded(block, where.width):
                text = Text.assemble(*((clean(text), STYLES.get(style, "")) for text, style in spans))
                text.rstrip()
                for place, piece in enumerate(
                    text.wrap(console, where.width - _hang(text.plain)) if len(text) > where.width else [text]
                ):
                    console.print(Text(" " * _hang(text.plain)) + piece if place else piece, soft_wrap=True)
        else:
            console.print(_rich_table(block))
    return out.getvalue()


def _hang(text: str) -> int:
    """How far in a long line goes on below itself."""
    return len(text) - len(text.lstrip()) + 2


def _folded(line: Line, width: int) -> Iterator[tuple[Span, ...]]:
    """A line, and below it what stands to its right, where the screen has no room for both."""
    if line.aside is None:
        yield line.spans
    elif len(line.text) <= width:
        yield (*line.spans, (" " * line.gap, ""), line.aside.span)
    else:
        if line.begun.strip():
            yield line.spans
        yield ((" " * _BELOW, ""), line.aside.span)


def _rich_table(table: Table) -> object:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table as RichTable
    from rich.text import Text

    drawn = RichTable(
        box=SIMPLE_HEAD, title=clean(table.title) or None, title_justify="left", pad_edge=False, padding=(0, 1, 0, 0)
    )
    for place, heading in enumerate(table.headings):
        longest = max((len(cell_text(row[place])) for row in table.rows), default=0)
        drawn.add_column(
            clean(heading), justify="right" if place in table.right else "left", overflow="fold", min_width=min(longest, _DATE)
        )
    for row in table.rows:
        drawn.add_row(*(Text.assemble(*_styled(cell)) for cell in row))
    return drawn


def _styled(cell: Cell) -> Iterator[Span]:
    for text, style in ((cell, ""),) if isinstance(cell, str) else cell:
        yield clean(text), STYLES.get(style, "")
