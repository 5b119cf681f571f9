"""The season that the write benchmarks drive: many units that go to and fro between two states, two guards before each step."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import attrs

from engine.actors import Actor
from engine.commands import Adoption, OpenSeason, RecordFact
from engine.unit import SEASON, Unit
from engine.values import Text
from engine.workflow import Fact, Guard, Milestone, State, Transition, Workflow
from store.definitions import Definition
from store.desk import Desk

DAY = date(2021, 3, 1)
BOARD = "board"
NAME = "bench"

_TEXT = Text("—", "-")

WORKFLOW = Workflow(
    id="to-and-fro",
    version="1",
    text=_TEXT,
    initial="here",
    states=(State(id="here", text=_TEXT), State(id="there", text=_TEXT), State(id="done", text=_TEXT, final=True)),
    milestones=(Milestone(id="held", text=_TEXT),),
    facts=tuple(Fact(id=name, type="int", text=_TEXT) for name in ("summoned", "present", "elected", "valid")),
    transitions=(
        Transition(trigger="go", sources=("here",), target="there", text=_TEXT),
        Transition(trigger="come", sources=("there",), target="here", text=_TEXT),
        Transition(trigger="end", sources=("here",), target="done", text=_TEXT, awards=("held",)),
    ),
    guards=tuple(
        Guard(id=name, text=_TEXT, severity="must", expression=rule, before=("go", "come"), source="-", certainty="A")
        for name, rule in (
            ("quorum", "fact.present * 3 >= fact.summoned * 2"),
            ("majority", "fact.elected * 2 > fact.valid"),
        )
    ),
)
FACTS = {"summoned": 100, "present": 80, "elected": 60, "valid": 78}


def codes(count: int) -> tuple[str, ...]:
    return tuple(f"u-{number:05}" for number in range(count))


def open_season(path: Path | str, count: int) -> Desk:
    """A desk on a new season of so many units, their facts recorded. No receipts file: the raw program keeps none either."""
    definition, described = Definition.of_workflow(WORKFLOW), Definition.of_season({"id": NAME})
    adoption = Adoption(level="unit", workflow=WORKFLOW.id, version="1", digest=definition.digest, initial=WORKFLOW.initial)
    units = tuple(Unit(code=code, name=code, level="unit", parent=BOARD) for code in codes(count))
    opening = OpenSeason(
        unit=SEASON,
        actor=Actor(unit=BOARD),
        on=DAY,
        season=NAME,
        board=BOARD,
        timezone="Asia/Ho_Chi_Minh",
        digest=described.digest,
        adoptions=(attrs.evolve(adoption, level="board"), adoption),  # nothing is asked of the board here
        units=(Unit(code=BOARD, name=BOARD, level="board"), *units),
        rolls=((BOARD, "complete"),),
    )
    desk = Desk.create(path, opening, (definition, described))
    desk.submit_all(
        [
            RecordFact(unit=code, actor=Actor(unit=code), on=DAY, fact=name, value=value)
            for code in codes(count)
            for name, value in FACTS.items()
        ]
    )
    return desk
