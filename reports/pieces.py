"""An answer in pieces: a season's whole history is written while it is read, and never all of it in memory."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

_PORTION: Final = 1 << 16
"""Characters written at once. What breaks before so many are there has written nothing."""


def json_pieces(members: Iterable[tuple[str, Any]]) -> Iterator[str]:
    """An object, letter by letter as `json.dumps` writes it. A member that is an iterator is a list, written as it comes."""
    before = "{\n"
    for name, value in members:
        yield f"{before}  {_written(name)}: "
        if isinstance(value, Iterator):
            yield from _list(value)
        else:
            yield _written(value, "  ")
        before = ",\n"
    yield "{}\n" if before == "{\n" else "\n}\n"


def _list(items: Iterator[Any]) -> Iterator[str]:
    before = "["
    for item in items:
        yield f"{before}\n    {_written(item, '    ')}"
        before = ","
    yield "[]" if before == "[" else "\n  ]"


def _written(value: Any, before: str = "") -> str:
    """A value that stands behind so many spaces. A line end inside a text is escaped, so every other one is the layout's."""
    return json.dumps(value, ensure_ascii=False, indent=2).replace("\n", f"\n{before}")


def csv_pieces(mark: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """A table, a line at a time."""
    import csv
    from io import StringIO

    from reports.spreadsheet import cells

    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    yield mark
    writer.writerow(headings)
    for row in rows:
        writer.writerow(cells(row))
        if out.tell() >= _PORTION:
            yield _taken(out)
    yield _taken(out)


def _taken(out: Any) -> str:
    """What was written so far, which is then forgotten."""
    text: str = out.getvalue()
    out.seek(0)
    out.truncate()
    return text


def portions(pieces: Iterable[str]) -> Iterator[str]:
    """Pieces put together until it is worth writing them."""
    gathered: list[str] = []
    size = 0
    for piece in pieces:
        gathered.append(piece)
        size += len(piece)
        if size >= _PORTION:
            yield "".join(gathered)
            gathered, size = [], 0
    yield "".join(gathered)
