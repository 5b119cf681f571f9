"""Events: what was accepted. In the past tense, and never changed.

Each event carries its results (the state arrived at, milestones awarded and revoked, names cleared), so that folding a log needs
no rule and an outside verifier can do it without us. `Recorded` is an event with its place in the log.
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, TypeAlias

import attrs

from engine.actors import Actor, Sealed
from engine.plan import ScopedValue
from engine.unit import RollStatus, Unit
from engine.values import Value


@attrs.frozen(kw_only=True)
class Event:
    """What happened. `kind` is its name in the log."""

    kind: ClassVar[str]


@attrs.frozen(kw_only=True)
class SeasonOpened(Event):
    kind = "season_opened"
    season: str
    board: str
    timezone: str
    digest: str


@attrs.frozen(kw_only=True)
class WorkflowAdopted(Event):
    """From here on, units that join at this level follow this workflow."""

    kind = "workflow_adopted"
    level: str
    workflow: str
    workflow_version: str
    digest: str
    initial: str


@attrs.frozen(kw_only=True)
class PlanIssued(Event):
    """A plan is in force from its own date, or, where the paper has none, from the day of this event."""

    kind = "plan_issued"
    plan: str
    issuer: str
    number: str
    type: str
    year: int
    dated: date | None
    digest: str
    values: tuple[ScopedValue, ...]
    days_off: tuple[date, ...] = ()
    days_on: tuple[date, ...] = ()


@attrs.frozen(kw_only=True)
class HeadsRecorded(Event):
    """Where every unit's record ended just before this event (`engine.heads`): how many entries, and their root (hex)."""

    kind = "heads_recorded"
    size: int
    root: str


@attrs.frozen(kw_only=True)
class UnitEnrolled(Event):
    kind = "unit_enrolled"
    enrolled: Unit
    workflow: str
    state: str


@attrs.frozen(kw_only=True)
class UnitLeft(Event):
    kind = "unit_left"


@attrs.frozen(kw_only=True)
class RollSet(Event):
    kind = "roll_set"
    status: RollStatus


@attrs.frozen(kw_only=True)
class FactRecorded(Event):
    kind = "fact_recorded"
    fact: str
    value: Value
    evidence: str | None = None


@attrs.frozen(kw_only=True)
class DocumentFiled(Event):
    kind = "document_filed"
    document: str
    number: int
    digest: str | None = None


@attrs.frozen(kw_only=True)
class DocumentApproved(Event):
    """`number`: the version approved. `changes`: open items (with any, it was approved with changes)."""

    kind = "document_approved"
    document: str
    number: int
    decision: str | None = None
    changes: tuple[Sealed, ...] = ()


@attrs.frozen(kw_only=True)
class DocumentReturned(Event):
    """The superior gave a version back with what must change (the header's reason)."""

    kind = "document_returned"
    document: str
    number: int


@attrs.frozen(kw_only=True)
class Advanced(Event):
    """A transition was taken. `verdicts`: each guard's verdict with every value read, in the form of `engine.codec`."""

    kind = "advanced"
    trigger: str
    source: str
    target: str
    awards: tuple[str, ...] = ()
    revokes: tuple[str, ...] = ()
    clears: tuple[str, ...] = ()
    attempt: int = 1
    verdicts: tuple[dict[str, Any], ...] = ()


@attrs.frozen(kw_only=True)
class Scheduled(Event):
    kind = "scheduled"
    day: date


@attrs.frozen(kw_only=True)
class Postponed(Event):
    kind = "postponed"
    until: date | None = None


@attrs.frozen(kw_only=True)
class Resumed(Event):
    kind = "resumed"


@attrs.frozen(kw_only=True)
class GuardWaived(Event):
    kind = "guard_waived"
    guard: str
    basis: Sealed
    until: date


@attrs.frozen(kw_only=True)
class Corrected(Event):
    """What event `seq` said is replaced: by `value`, by the same on another day, or by nothing (`withdrawn`).

    `what` is the kind of the event corrected and `name` its fact or document. The header's `on` is the right day.
    """

    kind = "corrected"
    seq: int
    what: str
    name: str
    value: Value | None = None
    withdrawn: bool = False


@attrs.frozen(kw_only=True)
class Annulled(Event):
    """State change `seq` is undone: the unit stands at `target` again, in `attempt`."""

    kind = "annulled"
    seq: int
    source: str
    target: str
    attempt: int


@attrs.frozen(kw_only=True)
class Confirmed(Event):
    """The superior stands by state change `seq` although a value it rests on has changed."""

    kind = "confirmed"
    seq: int


AnyEvent: TypeAlias = (
    SeasonOpened | WorkflowAdopted | PlanIssued | HeadsRecorded | UnitEnrolled | UnitLeft | RollSet | FactRecorded | DocumentFiled
    | DocumentApproved | DocumentReturned | Advanced | Scheduled | Postponed | Resumed | GuardWaived | Corrected | Annulled | Confirmed
)  # fmt: skip


@attrs.frozen(kw_only=True, slots=False)  # none of them stays, and so they are made faster
class Recorded:
    """An event with its place in the log.

    `version`: of the unit, counted from 1. `on`: the day it took place. `at`: the instant it was recorded, ISO 8601 in UTC with
    milliseconds, never decreasing; `clock`: what the clock really said, where that was earlier. `workflow`: digest of the procedure
    in force for the unit (None for season-wide events).
    """

    seq: int
    unit: str
    version: int
    command: str
    on: date
    at: str
    actor: Actor
    event: AnyEvent
    reason: Sealed | None = None
    workflow: str | None = None
    clock: str | None = None
