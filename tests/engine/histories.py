"""Histories nobody thought of: seasons played by somebody who half knows the procedure.

Three acts in four are what the verdicts ask for next, so that histories get to congresses, reviews and recognition; the fourth is
anything at all, about anybody, on any day. A history is its seed: the same number gives the same season on every machine.
"""

from __future__ import annotations

import os
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from hypothesis import strategies as st

from engine import commands as cmd
from engine.actors import Actor
from engine.commands import AnyCommand
from engine.events import Recorded
from engine.outlook import actor_of, ways
from engine.shaken import shaken_steps
from engine.unit import SEASON, Unit
from engine.verdicts import Todo
from engine.view import View
from tests.sample import CONGRESS, OPENED_ON, UNITS
from tests.simulator import Simulator, opened, seal

CODES = [unit.code for unit in UNITS]
LAST_DAY = OPENED_ON + timedelta(days=60)
SEEDS = int(os.environ.get("DAIHOI_LAW_SEEDS", "300"))
LONGEST = 90


def seasons(*, late: bool = True) -> st.SearchStrategy[Simulator]:
    """A season after some acts. `late` false: every act is recorded on its own day, and nothing is corrected or annulled."""
    return st.builds(
        lambda seed, length: replayed(*played(seed, late=late), length),
        st.integers(0, SEEDS - 1),
        st.integers(0, LONGEST),
    )


def replayed(log: tuple[Recorded, ...], marks: tuple[int, ...], acts: int) -> Simulator:
    """A fresh season with the first acts of a history."""
    season = Simulator(LAST_DAY)
    for recorded in log[: marks[min(acts, len(marks) - 1)]]:
        season.log.append(recorded)
        season.state.fold(recorded)
    return season


@cache
def played(seed: int, *, late: bool) -> tuple[tuple[Recorded, ...], tuple[int, ...]]:
    """The log of a whole history, and its size after each act."""
    chance = Random(f"{seed} {late}")
    season = opened(LAST_DAY if late else OPENED_ON)
    marks = [len(season.log)]
    for _ in range(LONGEST):
        if not late:
            season.today += timedelta(days=chance.randint(0, 2))
        if late and not chance.randrange(4):
            season.submit(any_command(chance) if chance.randrange(2) else by_those_who_may(chance, season))
        else:
            helpful_act(chance, season, late=late)
        marks.append(len(season.log))
    return tuple(season.log), tuple(marks)


def commands() -> st.SearchStrategy[AnyCommand]:
    """Every kind of command, right and wrong, about any unit by anybody."""
    return st.integers(0, 2**32).map(lambda seed: any_command(Random(seed)))


def any_day(chance: Random) -> date:
    return OPENED_ON + timedelta(days=chance.randint(-5, 60))


def any_value(chance: Random) -> Any:
    return chance.choice([True, False, chance.randint(-3, 300), "unity", "other", any_day(chance), 2**53])


def any_command(chance: Random) -> AnyCommand:
    """One command of any kind."""
    kind = chance.choice(list(_FIELDS))
    command: AnyCommand = kind(
        unit=chance.choice([*CODES, "nobody"]),
        actor=Actor(unit=chance.choice([*CODES, "union", "nobody"])),
        on=any_day(chance),
        reason=chance.choice([None, seal("why")]),
        **{name: choose(chance) for name, choose in _FIELDS[kind].items()},
    )
    return command


def _newcomer(chance: Random) -> Unit:
    return Unit(
        code=chance.choice(["north-3", "north-1"]),
        name="Phường Ba",
        level=chance.choice(["base", "nothing"]),
        parent=chance.choice(["north", "nobody"]),
    )


def _one_of(*choices: Any) -> Any:
    return lambda chance: chance.choice(choices)


def _seq(chance: Random) -> int:
    return chance.randint(0, 60)


_DOCUMENTS = _one_of("political_report", "political_report", "nothing")
_FIELDS: dict[Any, dict[str, Any]] = {
    cmd.RecordFact: {"fact": _one_of(*CONGRESS.fact_by_id, "nothing"), "value": any_value},
    cmd.FileDocument: {"document": _DOCUMENTS, "digest": _one_of(None, "aa", "bb")},
    cmd.ApproveDocument: {"document": _DOCUMENTS, "changes": _one_of((), (seal("change"),))},
    cmd.ReturnDocument: {"document": _DOCUMENTS},
    cmd.Advance: {"trigger": _one_of(*CONGRESS.triggers, "nothing")},
    cmd.Schedule: {"day": any_day},
    cmd.Postpone: {"until": lambda chance: chance.choice([None, any_day(chance)])},
    cmd.Resume: {},
    cmd.Waive: {"guard": _one_of(*CONGRESS.guard_by_id, "nothing"), "basis": _one_of(seal("basis")), "until": any_day},
    cmd.Correct: {
        "seq": _seq,
        "value": lambda chance: chance.choice([None, any_value(chance)]),
        "day": lambda chance: chance.choice([None, any_day(chance)]),
        "withdraw": _one_of(True, False),
    },
    cmd.Annul: {"seq": _seq},
    cmd.Confirm: {"seq": _seq},
    cmd.SetRoll: {"status": _one_of("complete", "open", "untracked")},
    cmd.RemoveUnit: {},
    cmd.EnrolUnit: {"enrolled": _newcomer},
    cmd.RecordHeads: {},
}


def by_those_who_may(chance: Random, season: Simulator) -> AnyCommand:
    """What a superior may do: return, remove, and undo, correct or confirm what was really recorded."""
    moved = [s.step.seq for case in season.state.cases() for s in shaken_steps(season.state, case)]
    if moved and chance.randrange(2):
        return _confirmation(season, chance.choice(moved))
    recorded = chance.choice([r for r in season.log if r.unit in CODES])
    superior = Actor(unit=season.view(recorded.unit).case.unit.above or "city")
    header: dict[str, Any] = {"unit": recorded.unit, "actor": superior, "on": LAST_DAY, "reason": seal("why")}
    acts: list[AnyCommand] = [
        cmd.Annul(**header, seq=recorded.seq),
        cmd.Confirm(**header, seq=recorded.seq),
        cmd.Correct(**header, seq=recorded.seq, value=chance.randint(60, 150)),
        cmd.Correct(**header, seq=recorded.seq, day=any_day(chance)),
        cmd.Correct(**header, seq=recorded.seq, withdraw=True),
        cmd.ReturnDocument(**header, document="political_report"),
        cmd.Postpone(**header),
        cmd.Resume(**header),
        cmd.RemoveUnit(**{**header, "unit": "north-2"}),
        cmd.RecordHeads(unit=SEASON, actor=Actor(unit="city")),
        _back(header),
    ]
    return chance.choice(acts)


def _confirmation(season: Simulator, seq: int) -> cmd.Confirm:
    unit = season.log[seq - 1].unit
    superior = Actor(unit=season.view(unit).case.unit.above or "city")
    return cmd.Confirm(unit=unit, actor=superior, on=LAST_DAY, reason=seal("why"), seq=seq)


def _back(header: dict[str, Any]) -> cmd.Advance:
    return cmd.Advance(**header, trigger="refuse_recognition")


def helpful_act(chance: Random, season: Simulator, *, late: bool) -> None:
    """What one unit's verdicts ask for: the next transition where nothing blocks it, else one of the missing inputs."""
    case = season.state.case(chance.choice(CODES))
    if case is None or case.since > season.today:
        return
    on = case.since + timedelta(days=chance.randint(0, (season.today - case.since).days)) if late else season.today
    view = season.view(case.unit.code, on)
    for way in ways(view):
        todo = [t for v in way.verdicts if v.blocks for t in v.todo if t.deed != "reach"]
        if way.allowed:
            by = Actor(unit=actor_of(view, way.transition.by[0]))
            season.submit(cmd.Advance(unit=view.code, actor=by, on=on, trigger=way.transition.trigger))
        elif todo:
            season.submit(_given(chance, view, chance.choice(todo)))


def _given(chance: Random, view: View, todo: Todo) -> AnyCommand:
    """The act that a to-do asks for."""
    header: dict[str, Any] = {"unit": todo.unit, "actor": Actor(unit=todo.who), "on": view.on}
    if todo.deed == "record":
        yes = chance.randrange(4) > 0
        value = yes if CONGRESS.fact_by_id[todo.name].type == "bool" else chance.randint(60, 150)
        return cmd.RecordFact(**header, fact=todo.name, value=value)
    if todo.deed == "approve":
        return cmd.ApproveDocument(**header, document=todo.name, changes=chance.choice([(), (), (seal("change"),)]))
    if todo.deed == "complete_roll":
        return cmd.SetRoll(**header, status="complete")
    return cmd.FileDocument(**header, document=todo.name, digest=chance.choice([None, "aa", "bb", "cc"]))


def days_of(season: Simulator) -> set[date]:
    """Every day on which something took place."""
    return {recorded.on for recorded in season.log if recorded.on >= OPENED_ON}
