"""Answers and verdicts made by hand, for the words alone."""

from __future__ import annotations

from datetime import date
from typing import Any

import attrs

from engine.answers import Way, WhyAnswer
from engine.board import AsOf
from engine.readings import Path, Reading, Tally
from engine.unit import Unit
from engine.values import Text, Value
from engine.verdicts import Because, Need, Todo, Verdict
from engine.workflow import Workflow
from reports.catalogue import Language, Words, words
from reports.page import Block
from reports.terminal import Screen, render
from tests import sample

EN = words("en")
VI = words("vi")

FACT: Path = ("fact", "delegates_present")
SUMMONED: Path = ("fact", "delegates_summoned")
LESSONS: Path = ("lead", "reached", "lessons_drawn")

# the sample procedure, with the words of a real one where the tests look at them
PROCEDURE: Workflow = attrs.evolve(
    sample.CONGRESS,
    transitions=tuple(
        attrs.evolve(t, text=Text(vi="Tổ chức rút kinh nghiệm", en="draw the lessons")) if t.trigger == "draw_lessons" else t
        for t in sample.CONGRESS.transitions
    ),
)


def said(page: Any) -> str:
    """A page as plain text."""
    blocks: list[Block] = list(page)
    return render(blocks, Screen())


def in_language(language: Language) -> Words:
    return words(language)


def verdict(result: Any, *because: Because, guard: str = "quorum", **fields: Any) -> Verdict:
    readings = tuple(r for b in because for r in b.readings)
    return Verdict(
        guard=guard, result=result, severity=fields.pop("severity", "must"), because=because, readings=readings, **fields
    )


def compared(
    expression: str, left: Value | None, right: Value | None, *paths: tuple[Path, Reading], need: Need | None = None
) -> Because:
    return Because(expression=expression, left=left, right=right, path=paths[0][0], need=need, readings=paths)


def read(path: Path, value: Value | None, **fields: Any) -> tuple[Path, Reading]:
    return path, Reading(value=value, unit=fields.pop("unit", "north"), **fields)


def pilots(reached: int, total: int, *still_open: str, **fields: Any) -> Tally:
    return Tally(
        roll="pilots",
        owner="city",
        milestone=fields.pop("milestone", "held"),
        total=total,
        reached=reached,
        still_open=still_open,
        **fields,
    )


def quorum(present: int, summoned: int) -> Verdict:
    """Two thirds of those summoned are wanted."""
    needed = -(-2 * summoned // 3)
    need = Need(
        operator=">=", needed=needed, present=present, missing=needed - present, share=(2, 3), of=summoned, of_path=SUMMONED
    )
    expression = "fact.delegates_present * 3 >= fact.delegates_summoned * 2"
    because = compared(expression, present * 3, summoned * 2, read(FACT, present), read(SUMMONED, summoned), need=need)
    return verdict("unmet", because, todo=(todo("record", "delegates_present"),))


def lessons_not_drawn() -> Verdict:
    because = compared(
        'lead.reached("lessons_drawn")', False, None, read(LESSONS, False, unit="city", tally=pilots(1, 2, "east"))
    )
    return verdict("unmet", because, guard="lessons-drawn", todo=(todo("reach", "lessons_drawn", who="city"),))


def todo(deed: Any, name: str, who: str = "north", unit: str | None = None, **fields: Any) -> Todo:
    return Todo(who=who, deed=deed, name=name, unit=unit or who, **fields)


def why_answer(*verdicts: Verdict, trigger: str = "convene", smallest: tuple[Todo, ...] | None = (), **fields: Any) -> WhyAnswer:
    transition = next(t for t in PROCEDURE.transitions if t.trigger == trigger)
    allowed = not any(v.blocks for v in verdicts)
    way = Way(transition=transition, to=transition.target, allowed=allowed, verdicts=verdicts, smallest=smallest)
    return WhyAnswer(
        as_of=AsOf(seq=12, day=date(2021, 4, 28)),
        unit=Unit(code="north", name="Quận Bắc", level="district", parent="city"),
        workflow=PROCEDURE,
        state="pilot_review",
        since=date(2021, 4, 2),
        ways=fields.pop("ways", (way,)),
        **fields,
    )
