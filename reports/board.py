"""`daihoi status`: the board, level by level."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from reports import names, standing
from reports.catalogue import Words
from reports.output import Report
from reports.page import Block, blank, line, table

if TYPE_CHECKING:
    from engine.board import BoardAnswer, LevelLine, UnitLine


def to_json(answer: BoardAnswer, words: Words) -> dict[str, Any]:
    written: dict[str, Any] = {
        "as_of": standing.as_of_to_json(answer.as_of),
        "check_code": str(answer.check_code),
        "levels": [_level_to_json(level) for level in answer.levels],
        "overdue": [standing.flag_to_json(f, words) for f in answer.overdue],
        "blocked": [standing.flag_to_json(f, words) for f in answer.blocked],
        "notes": [standing.note_to_json(n, words) for n in answer.notes],
    }
    if answer.under is not None:
        written["under"] = answer.under
    if answer.asked:
        written["units"] = [unit_to_json(u) for u in answer.units]
    return written


def _level_to_json(level: LevelLine) -> dict[str, Any]:
    return {
        "level": level.level,
        "total": level.total,
        "states": dict(level.states),
        "held": level.held,
        "recognised": level.recognised,
        "last_held": standing.plain_deep(level.last_held),
        "due": standing.plain_deep(level.due),
        "days_early": level.days_early,
    }


def unit_to_json(unit: UnitLine) -> dict[str, Any]:
    return {
        "unit": unit.unit,
        "name": unit.name,
        "level": unit.level,
        "parent": unit.parent,
        "pilot": unit.pilot,
        "state": unit.state,
        "since": unit.since.isoformat(),
        "held": standing.plain_deep(unit.held),
        "recognised": standing.plain_deep(unit.recognised),
        "left_on": standing.plain_deep(unit.left_on),
    }


def rows(answer: BoardAnswer, words: Words) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """The levels for a spreadsheet, or the units where the question named some."""
    if answer.asked:
        return unit_rows(answer.units)
    headings = ("level", "total", "held", "recognised", "last_held", "due", "days_early", "states")
    return headings, [
        (w["level"], w["total"], w["held"], w["recognised"], w["last_held"], w["due"], w["days_early"], _states(level))
        for level, w in ((level, _level_to_json(level)) for level in answer.levels)
    ]


def unit_rows(units: tuple[UnitLine, ...]) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Units for a spreadsheet."""
    headings = ("unit", "name", "level", "parent", "pilot", "state", "since", "held", "recognised", "left_on")
    return headings, [tuple(unit_to_json(u)[h] for h in headings) for u in units]


def _states(level: LevelLine) -> str:
    return " ".join(f"{state}={count}" for state, count in level.states.items() if count)


def page(answer: BoardAnswer, words: Words) -> Iterator[Block]:
    over = words.say("board.under", unit=answer.under) if answer.under else words.say("board.season")
    yield line((over, "title"), " · ", words.say("board.as_of", day=answer.as_of.day, seq=answer.as_of.seq))
    yield blank()
    headings = tuple(
        words.say(f"board.column.{c}") for c in ("level", "held", "recognised", "last_held", "due", "early", "states")
    )
    yield from table(headings, (_row(level, words) for level in answer.levels), right=(1, 2))
    yield from _units(answer, words)
    yield from _flags(answer, words)
    if answer.notes:
        yield blank()
    yield from standing.notes(answer.notes, words)
    yield blank()
    yield standing.log(answer.check_code, words)


def _flags(answer: BoardAnswer, words: Words) -> Iterator[Block]:
    """Who is late and who cannot go on; where somebody asked and there is nobody, that is said."""
    waiting = tuple(f for f in answer.blocked if f.why != "past_due")
    for title, found in (("board.overdue", answer.overdue), ("board.blocked", waiting)):
        if found:
            yield blank()
        yield from standing.flags(title, found, words)
    for name, flags in (("overdue", answer.overdue), ("blocked", answer.blocked)):
        if name in answer.asked and not flags:
            yield blank()
            yield line((words.say(f"board.none.{name}"), "good"))


def _row(level: LevelLine, words: Words) -> tuple[str, ...]:
    return (
        names.level(level.level, words),
        f"{words.number(level.held)}/{words.number(level.total)}",
        f"{words.number(level.recognised)}/{words.number(level.total)}",
        words.value(level.last_held),
        words.value(level.due),
        _early(level.days_early, words),
        ", ".join(f"{names.short_state(state, words)} {words.number(n)}" for state, n in level.states.items() if n),
    )


def _early(days: int | None, words: Words) -> str:
    if days is None:
        return words.value(None)
    return words.many("board.days_early" if days >= 0 else "board.days_late", abs(days))


def _units(answer: BoardAnswer, words: Words) -> Iterator[Block]:
    if answer.units:
        yield blank()
        yield from unit_table(answer.units, words)
    elif "state" in answer.asked:
        yield blank()
        yield line(words.say("units.none"))


def unit_table(units: tuple[UnitLine, ...], words: Words) -> Iterator[Block]:
    """Units, one to a line."""
    headings = tuple(words.say(f"units.column.{c}") for c in ("unit", "name", "level", "state", "since", "held"))
    return table(headings, (_unit_row(u, words) for u in units))


def _unit_row(unit: UnitLine, words: Words) -> tuple[str, ...]:
    name = words.say("units.pilot", name=unit.name) if unit.pilot else unit.name
    state = words.say("units.left", day=unit.left_on) if unit.left_on is not None else names.short_state(unit.state, words)
    return unit.unit, name, names.level(unit.level, words), state, words.value(unit.since), words.value(unit.held)


REPORT = Report(to_json=to_json, page=page, rows=rows)
