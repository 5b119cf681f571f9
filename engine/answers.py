"""What the desk answers to questions. Values only; the words are made in `reports`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import attrs

from engine.board import AsOf, Flag, Note

if TYPE_CHECKING:  # a board needs none of these at run time, and every command pays for what it loads
    from engine.case import DocumentStatus, FactEntry
    from engine.changes import Change
    from engine.check_code import CheckCode
    from engine.events import Recorded
    from engine.unit import RollStatus, Unit
    from engine.verdicts import Todo, Verdict
    from engine.workflow import Transition, Workflow
    from engine.world import PlanInForce


@attrs.frozen(kw_only=True)
class RollCount:
    """A unit's children: whether the roll is complete, how many, and how many have reached each milestone."""

    roll: RollStatus
    total: int
    reached: Mapping[str, int]


@attrs.frozen(kw_only=True)
class UnitAnswer:
    """`daihoi status UNIT`. `check_code`: of the whole log."""

    as_of: AsOf
    check_code: CheckCode
    unit: Unit
    workflow: Workflow
    digest: str
    state: str
    since: date
    version: int
    attempt: int
    postponed: tuple[date, date | None] | None
    planned_on: date | None
    milestones: Mapping[str, date]
    overdue: Flag | None
    blocked: tuple[Flag, ...]
    documents: Mapping[str, DocumentStatus]
    facts: Mapping[str, FactEntry]
    children: RollCount
    next: tuple[str, ...]
    waivers: tuple[tuple[str, date], ...]
    notes: tuple[Note, ...]


@attrs.frozen(kw_only=True)
class Way:
    """One next transition, and what stands before it. `smallest`: None when no act can meet the guards."""

    transition: Transition
    to: str
    allowed: bool
    verdicts: tuple[Verdict, ...]
    smallest: tuple[Todo, ...] | None
    postponed: bool = False


@attrs.frozen(kw_only=True)
class Missing:
    """What one unit below still has to see done."""

    unit: str
    todo: tuple[Todo, ...]


@attrs.frozen(kw_only=True)
class WhyAnswer:
    """`daihoi why UNIT`. `below` is None unless it was asked for.

    `back`: what leads back from here, with nothing about its guards; None where one trigger was asked about.

    `others`: the procedures of the other units that any to-do names, by code: their milestones and papers have words of their own.
    """

    as_of: AsOf
    unit: Unit
    workflow: Workflow
    state: str
    since: date
    ways: tuple[Way, ...]
    back: tuple[Transition, ...] | None = None
    below: tuple[Missing, ...] | None = None
    notes: tuple[Note, ...] = ()
    others: Mapping[str, Workflow] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Mark:
    """Something that has to be seen at an event. `code`: see the catalogue (`mark.*`); `fields` fill its words."""

    code: str
    fields: Mapping[str, Any] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class HistoryLine:
    """One event of the log.

    `words`: the sealed texts by digest, None where they were erased. `workflow`: the unit's procedure, which says what things are called;
    None of what concerns the whole season, or where it is damaged. `late`: days between the day and its recording. `marks`: what has to be
    seen at it.
    """

    recorded: Recorded
    leaf_hash: str
    payload: Mapping[str, Any]
    words: Mapping[str, str | None]
    workflow: Workflow | None = None
    person: str | None = None
    late: int = 0
    marks: tuple[Mark, ...] = ()


@attrs.frozen(kw_only=True)
class UnitThen:
    """A unit as it stood at a position or on a day."""

    state: str
    version: int
    since: date
    attempt: int
    milestones: Mapping[str, date]
    left: bool = False


@attrs.frozen(kw_only=True)
class ReplayAnswer:
    """`daihoi replay`: the season as it stood."""

    as_of: AsOf
    units: Mapping[str, UnitThen]


@attrs.frozen(kw_only=True)
class ReplayStep:
    """One event of a unit's history; for a state change the verdicts as they were taken, judged again from the values in the log."""

    recorded: Recorded
    source: str | None = None
    target: str | None = None
    verdicts: tuple[Verdict, ...] = ()
    notes: tuple[Note, ...] = ()


@attrs.frozen(kw_only=True)
class UnitReplayAnswer:
    """`daihoi replay UNIT`."""

    as_of: AsOf
    unit: Unit
    workflow: Workflow
    steps: tuple[ReplayStep, ...]
    state: str


@attrs.frozen(kw_only=True)
class StepAnswer:
    """`daihoi replay UNIT --step N`: one event of a unit's course, and what it changed. `number` of `of`; `state`: after it."""

    as_of: AsOf
    unit: Unit
    workflow: Workflow
    step: ReplayStep
    number: int
    of: int
    changes: tuple[Change, ...]
    state: str


@attrs.frozen(kw_only=True)
class Moment:
    """A moment as it was asked for: by its day, or by a position."""

    as_of: AsOf
    by_day: bool


@attrs.frozen(kw_only=True)
class UnitBetween:
    """What changed of one unit between two moments."""

    unit: Unit
    workflow: Workflow
    changes: tuple[Change, ...]


@attrs.frozen(kw_only=True)
class BetweenAnswer:
    """`daihoi replay --from A --to B`: the units that changed, the plans that came into force. `unit`: only this one was asked about."""

    begin: Moment
    end: Moment
    unit: str | None
    units: tuple[UnitBetween, ...]
    plans: tuple[PlanInForce, ...]


Depth: TypeAlias = Literal["hashes", "fold", "full"]


@attrs.frozen(kw_only=True)
class Problem:
    """What does not hold, and where. `problem`: a code of the catalogue (`verify.*`)."""

    seq: int | None
    unit: str | None
    problem: str
    fields: Mapping[str, Any] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class VerifyAnswer:
    """`daihoi verify`."""

    ok: bool
    depth: Depth
    events: int
    root: str
    problems: tuple[Problem, ...]
    notes: tuple[Note, ...]
