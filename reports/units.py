"""`daihoi unit list`: units, one to a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.board import UnitLine
from reports import board
from reports.catalogue import Words
from reports.collation import collated
from reports.guess import folded
from reports.output import Report
from reports.page import Block, line


def named(units: tuple[UnitLine, ...], text: str | None) -> tuple[UnitLine, ...]:
    """Those whose name or code has a text in it, with or without its accents."""
    if text is None:
        return units
    wanted = folded(text)
    return tuple(u for u in units if wanted in folded(u.name) or wanted in folded(u.unit))


def to_json(units: tuple[UnitLine, ...], words: Words) -> dict[str, Any]:
    return {"units": [board.unit_to_json(u) for u in units]}


def rows(units: tuple[UnitLine, ...], words: Words) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    return board.unit_rows(units)


def page(units: tuple[UnitLine, ...], words: Words) -> Iterator[Block]:
    """By level as the season has them, then by name in the order of the Vietnamese alphabet."""
    levels = {name: place for place, name in enumerate(dict.fromkeys(u.level for u in units))}
    ordered = tuple(sorted(units, key=lambda u: (levels[u.level], collated(u.name), u.unit)))
    yield from board.unit_table(ordered, words)
    if not ordered:
        yield line(words.say("units.none"))


REPORT = Report(to_json=to_json, page=page, rows=rows, long=True)
