"""A case: what is known of one unit.

Facts, documents, milestones and the rest are kept as timelines ordered by (day, seq), because events may be recorded late: what
was so *on a day* is then a look-up, not another fold. How an event changes a case is `engine.evolve`'s to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import reduce
from typing import Protocol, TypeVar

import attrs

from engine.actors import Sealed
from engine.unit import RollStatus, Unit
from engine.values import Value


@attrs.frozen(kw_only=True)
class FactEntry:
    """A value a fact had from a day on; None: it became not known (withdrawn, or cleared for a new attempt).

    `seq` orders entries of one day and stays that of the first record; `said` is the event whose word stands now.
    """

    name: str
    on: date
    seq: int
    said: int
    value: Value | None = None
    attempt: int = 1


@attrs.frozen(kw_only=True)
class DocumentEntry:
    """One thing that happened to a document. `act`: filed, approved, returned or cleared."""

    name: str
    on: date
    seq: int
    act: str
    number: int = 0
    digest: str | None = None
    decision: str | None = None
    changes: tuple[Sealed, ...] = ()
    reason: Sealed | None = None
    attempt: int = 1


@attrs.frozen(kw_only=True)
class Award:
    """A milestone reached on a day; `until`: the day it was revoked, by event `until_seq`."""

    name: str
    on: date
    seq: int
    until: date | None = None
    until_seq: int | None = None

    def stands_on(self, day: date | None) -> bool:
        """Whether the milestone stands on a day (None: as far as is known now)."""
        if day is None:
            return self.until is None
        return self.on <= day and (self.until is None or self.until > day)


@attrs.frozen(kw_only=True)
class Step:
    """A state change that stands. `rests_on`: the events whose values its guards read; `counted`: (roll, milestone, how many)."""

    seq: int
    on: date
    trigger: str
    source: str
    target: str
    attempt: int
    rests_on: tuple[int, ...] = ()
    counted: tuple[tuple[str, str, int], ...] = ()
    confirmed: int | None = None
    new_attempt: bool = False

    @property
    def moved(self) -> bool:
        """Whether the unit stands elsewhere since, or starts anew where it stood."""
        return self.source != self.target or self.new_attempt


@attrs.frozen(kw_only=True)
class Pause:
    """A postponement, until a day or open (`until` None), or its end (`over`)."""

    on: date
    seq: int
    until: date | None = None
    over: bool = False


@attrs.frozen(kw_only=True)
class PlannedDay:
    on: date
    seq: int
    day: date


@attrs.frozen(kw_only=True)
class Waiver:
    guard: str
    on: date
    seq: int
    until: date
    basis: Sealed


@attrs.frozen(kw_only=True)
class RollEntry:
    on: date
    seq: int
    status: RollStatus


@attrs.frozen(kw_only=True)
class DocumentStatus:
    """A document as it stood on a day.

    `status`: filed, approved, approved_with_changes or returned. `version` is the latest filed; `approved_version` the one guards read.
    """

    status: str
    version: int
    approved_version: int | None
    digest: str | None
    decision: str | None
    changes: tuple[Sealed, ...]
    filed_on: date | None
    approved_on: date | None
    seq: int

    @property
    def approved(self) -> bool:
        return self.approved_version is not None

    @property
    def filed(self) -> bool:
        """A version lies with the superior, or one has been approved."""
        return self.approved or self.status == "filed"


@attrs.frozen(kw_only=True, slots=False)  # its fields are copied at once when an event changes some (`engine.evolve`)
class Case:
    """All that the log says of one unit. `version` counts its events; `state`, `attempt` go by the order of the log."""

    unit: Unit
    workflow: str
    version: int
    state: str
    joined_on: date
    attempt: int = 1
    left_on: date | None = None
    facts: tuple[FactEntry, ...] = ()
    documents: tuple[DocumentEntry, ...] = ()
    awards: tuple[Award, ...] = ()
    steps: tuple[Step, ...] = ()
    pauses: tuple[Pause, ...] = ()
    planned: tuple[PlannedDay, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    roll: tuple[RollEntry, ...] = ()

    @property
    def since(self) -> date:
        """The day of the last standing change of state."""
        return next((s.on for s in reversed(self.steps) if s.moved), self.joined_on)

    def member_on(self, day: date | None) -> bool:
        """Whether the unit takes part in the season on a day."""
        if day is None:
            return self.left_on is None
        return self.joined_on <= day and (self.left_on is None or self.left_on > day)

    def state_on(self, day: date) -> tuple[str, date, int]:
        """The state on a day with all that is known now, since when, and in which attempt."""
        state, since, attempt = (self.steps[0].source if self.steps else self.state), self.joined_on, 1
        for step in self.steps:
            if step.on > day:
                continue  # not the last: what moves nothing may be of a later day than a change of state recorded after it
            if step.moved:
                state, since = step.target, step.on
            attempt = step.attempt
        return state, since, attempt

    def fact(self, name: str, day: date | None = None) -> FactEntry | None:
        """The entry that holds on a day; None, or an entry without a value, when it is not known."""
        return _latest((e for e in self.facts if e.name == name), day)

    def fact_values(self, day: date | None = None) -> dict[str, FactEntry]:
        """The facts known on a day, by name, in the order they were first recorded."""
        entries = ((name, self.fact(name, day)) for name in dict.fromkeys(e.name for e in self.facts))
        return {name: entry for name, entry in entries if entry is not None and entry.value is not None}

    def award(self, milestone: str, day: date | None = None) -> Award | None:
        """The award by which a milestone stands on a day."""
        return next((a for a in reversed(self.awards) if a.name == milestone and a.stands_on(day)), None)

    def milestones(self, day: date | None = None) -> dict[str, date]:
        """The milestones that stand on a day, with their days."""
        return {a.name: a.on for a in self.awards if a.stands_on(day)}

    def document(self, name: str, day: date | None = None) -> DocumentStatus | None:
        """A document as it stood on a day; None when nothing was filed, or it was cleared for a new attempt."""
        return reduce(_document_after, _until((e for e in self.documents if e.name == name), day), None)

    def document_course(self, name: str) -> Iterator[tuple[DocumentEntry, DocumentStatus | None]]:
        """All that happened to a document, in the order of (day, seq), each with how it stood then; None: it was cleared."""
        status: DocumentStatus | None = None
        for entry in _until((e for e in self.documents if e.name == name), None):
            status = _document_after(status, entry)
            yield entry, status

    def pause(self, day: date | None = None) -> Pause | None:
        """The postponement in force on a day (None: the last one said)."""
        last = _latest(self.pauses, day)
        if last is None or last.over or (day is not None and last.until is not None and last.until <= day):
            return None
        return last

    def planned_on(self, day: date | None = None) -> date | None:
        """The congress's planned day, as it was planned on a day."""
        last = _latest(self.planned, day)
        return None if last is None else last.day

    def waiver(self, guard: str, day: date) -> Waiver | None:
        """The waiver that sets a guard aside on a day."""
        return next((w for w in reversed(self.waivers) if w.guard == guard and w.on <= day <= w.until), None)

    def roll_status(self, day: date | None = None) -> RollStatus:
        """Whether the roll of children is complete on a day; a roll nobody has spoken of is open."""
        last = _latest(self.roll, day)
        return "open" if last is None else last.status


class _Dated(Protocol):
    @property
    def on(self) -> date: ...
    @property
    def seq(self) -> int: ...


D = TypeVar("D", bound=_Dated)


def _until(entries: Iterable[D], day: date | None) -> list[D]:
    """The entries that took place by a day, in the order of (day, seq)."""
    return sorted((e for e in entries if day is None or e.on <= day), key=lambda e: (e.on, e.seq))


def _latest(entries: Iterable[D], day: date | None) -> D | None:
    return max((e for e in entries if day is None or e.on <= day), key=lambda e: (e.on, e.seq), default=None)


def _document_after(status: DocumentStatus | None, entry: DocumentEntry) -> DocumentStatus | None:
    """A document's status after one more entry of its life."""
    if entry.act == "cleared":
        return None
    if status is None:
        status = DocumentStatus(
            status="filed", version=0, approved_version=None, digest=None, decision=None, changes=(), filed_on=None, approved_on=None,
            seq=entry.seq,
        )  # fmt: skip
    if entry.act == "filed":
        return attrs.evolve(status, status="filed", version=entry.number, digest=entry.digest, filed_on=entry.on, seq=entry.seq)
    if entry.act == "returned":
        return attrs.evolve(status, status="returned", seq=entry.seq)
    return attrs.evolve(
        status,
        status="approved_with_changes" if entry.changes else "approved",
        approved_version=entry.number,
        decision=entry.decision,
        changes=entry.changes,
        approved_on=entry.on,
        seq=entry.seq,
    )
