"""Commands: what somebody asks for. A command is a wish; whether it may happen is `decide`'s to say.

Free text and persons never reach a decision as words: a command holds plain words only until the desk has sealed them (`Words` becomes
`Sealed`, a person becomes a random id) and has filled in the day. `decide` sees sealed ones only.
"""

from __future__ import annotations

from datetime import date
from typing import TypeAlias

import attrs

from engine.actors import Actor, Words
from engine.plan import Plan
from engine.unit import RollStatus, Unit
from engine.values import Value


@attrs.frozen(kw_only=True)
class Command:
    """What every command has. `unit`: the unit it is about; `on`: the day the act takes place (None: today); `reason`: why."""

    unit: str
    actor: Actor
    on: date | None = None
    reason: Words | None = None


@attrs.frozen(kw_only=True)
class Adoption:
    """A level and the workflow its units follow."""

    level: str
    workflow: str
    version: str
    digest: str
    initial: str


@attrs.frozen(kw_only=True)
class OpenSeason(Command):
    """Open a season: its board, levels, first plans and units. `unit` is the reserved code `season`; the actor is the board."""

    season: str
    board: str
    timezone: str
    digest: str
    adoptions: tuple[Adoption, ...]
    plans: tuple[tuple[Plan, str], ...] = ()
    units: tuple[Unit, ...] = ()
    rolls: tuple[tuple[str, RollStatus], ...] = ()


@attrs.frozen(kw_only=True)
class IssuePlan(Command):
    """Put a plan in force. `digest`: of the plan's canonical JSON."""

    plan: Plan
    digest: str


@attrs.frozen(kw_only=True)
class RecordHeads(Command):
    """Put on record where every unit's record ends, before a checkpoint is signed. `unit` is the reserved code `season`."""


@attrs.frozen(kw_only=True)
class EnrolUnit(Command):
    """A unit joins the season."""

    enrolled: Unit


@attrs.frozen(kw_only=True)
class RemoveUnit(Command):
    """A unit leaves the season (merged, dissolved). Its history stays."""


@attrs.frozen(kw_only=True)
class SetRoll(Command):
    """Say whether the roll of a unit's children is complete, open, or not tracked."""

    status: RollStatus


@attrs.frozen(kw_only=True)
class RecordFact(Command):
    fact: str
    value: Value
    evidence: str | None = None


@attrs.frozen(kw_only=True)
class FileDocument(Command):
    """File a version of a document. `digest`: SHA-256 of the file, hex, or None when only paper exists."""

    document: str
    digest: str | None = None


@attrs.frozen(kw_only=True)
class ApproveDocument(Command):
    """Approve the latest version filed. `changes`: what must still change; with any, it is approved with changes."""

    document: str
    decision: str | None = None
    changes: tuple[Words, ...] = ()


@attrs.frozen(kw_only=True)
class ReturnDocument(Command):
    """Give the latest version back; the reason is required."""

    document: str


@attrs.frozen(kw_only=True)
class Advance(Command):
    """Take a transition."""

    trigger: str


@attrs.frozen(kw_only=True)
class Schedule(Command):
    """Set the planned day of the unit's congress."""

    day: date


@attrs.frozen(kw_only=True)
class Postpone(Command):
    """Postpone the unit's congress until a day, or with no day set (`until` None)."""

    until: date | None = None


@attrs.frozen(kw_only=True)
class Resume(Command):
    """End a postponement."""


@attrs.frozen(kw_only=True)
class Waive(Command):
    """Set a guard aside for one unit, on a basis, until a day inclusive."""

    guard: str
    basis: Words
    until: date


@attrs.frozen(kw_only=True)
class Correct(Command):
    """Replace what an event said: another value, another day (`day`), or nothing at all (`withdraw`). The reason is required."""

    seq: int
    value: Value | None = None
    day: date | None = None
    withdraw: bool = False


@attrs.frozen(kw_only=True)
class Annul(Command):
    """Undo the unit's last state change, a clerk's mistake. The reason is required."""

    seq: int


@attrs.frozen(kw_only=True)
class Confirm(Command):
    """The superior confirms a state change that rests on a value corrected since."""

    seq: int


AnyCommand: TypeAlias = (
    OpenSeason | IssuePlan | RecordHeads | EnrolUnit | RemoveUnit | SetRoll | RecordFact | FileDocument | ApproveDocument
    | ReturnDocument | Advance | Schedule | Postpone | Resume | Waive | Correct | Annul | Confirm
)  # fmt: skip
