"""How an event changes a case.

`evolve` never judges and never refuses: whatever an event says has happened. Events carry their results, so no rule of any procedure is
needed here, and an outside verifier can do the same from the log alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any, TypeAlias

import attrs

from engine import events as ev
from engine.case import Award, Case, DocumentEntry, FactEntry, Pause, PlannedDay, RollEntry, Step, Waiver
from engine.events import Recorded

Changes: TypeAlias = dict[str, Any]
"""The fields of a case that an event changes: one new case an event, however much it changes."""


class NoSuchCase(ValueError):
    """An event about a unit that has not joined: no log of ours holds one."""


def evolve(case: Case | None, recorded: Recorded) -> Case:
    """The case after one more event of its unit. `case` is None before the unit has joined."""
    event = recorded.event
    if isinstance(event, ev.UnitEnrolled):
        return _enrolled(recorded, event)
    if case is None:
        raise NoSuchCase(recorded.unit)
    return _after(case, recorded.version, _CHANGES[type(event)](case, recorded, event))


def _after(case: Case, version: int, changes: Changes) -> Case:
    """`attrs.evolve`, without asking the class for its fields and going through its constructor each time: logs have millions of events."""
    after = object.__new__(Case)
    fields = vars(after)
    fields.update(vars(case))
    fields["version"] = version
    fields.update(changes)
    return after


def replay(start: Case | None, log: Iterable[Recorded]) -> Case | None:
    """The case after a whole history of its unit."""
    return reduce(evolve, log, start)


def _enrolled(recorded: Recorded, event: ev.UnitEnrolled) -> Case:
    return Case(
        unit=event.enrolled,
        workflow=event.workflow,
        version=recorded.version,
        state=event.state,
        joined_on=recorded.on,
    )


def _left(case: Case, recorded: Recorded, event: ev.UnitLeft) -> Changes:
    return {"left_on": recorded.on}


def _roll_set(case: Case, recorded: Recorded, event: ev.RollSet) -> Changes:
    return {"roll": (*case.roll, RollEntry(on=recorded.on, seq=recorded.seq, status=event.status))}


def _fact_recorded(case: Case, recorded: Recorded, event: ev.FactRecorded) -> Changes:
    entry = FactEntry(
        name=event.fact, on=recorded.on, seq=recorded.seq, said=recorded.seq, value=event.value, attempt=case.attempt
    )
    return {"facts": (*case.facts, entry)}


def _document_filed(case: Case, recorded: Recorded, event: ev.DocumentFiled) -> Changes:
    return _document(case, recorded, event.document, "filed", number=event.number, digest=event.digest)


def _document_approved(case: Case, recorded: Recorded, event: ev.DocumentApproved) -> Changes:
    return _document(
        case, recorded, event.document, "approved", number=event.number, decision=event.decision, changes=event.changes
    )  # fmt: skip


def _document_returned(case: Case, recorded: Recorded, event: ev.DocumentReturned) -> Changes:
    return _document(case, recorded, event.document, "returned", number=event.number, reason=recorded.reason)


def _document(case: Case, recorded: Recorded, name: str, act: str, **fields: Any) -> Changes:
    entry = DocumentEntry(name=name, on=recorded.on, seq=recorded.seq, act=act, attempt=case.attempt, **fields)
    return {"documents": (*case.documents, entry)}


def _advanced(case: Case, recorded: Recorded, event: ev.Advanced) -> Changes:
    on, seq = recorded.on, recorded.seq
    step = Step(
        seq=seq,
        on=on,
        trigger=event.trigger,
        source=event.source,
        target=event.target,
        attempt=event.attempt,
        rests_on=_seqs_read(event),
        counted=_counts_read(event),
        new_attempt=event.attempt != case.attempt,
    )
    awards = tuple(
        attrs.evolve(a, until=on, until_seq=seq) if a.name in event.revokes and a.until is None else a for a in case.awards
    )
    known = {e.name for e in case.facts}
    filed = {e.name for e in case.documents}
    return {
        "state": event.target,
        "attempt": event.attempt,
        "steps": (*case.steps, step),
        "awards": (*awards, *(Award(name=name, on=on, seq=seq) for name in event.awards)),
        "facts": (
            *case.facts,
            *(FactEntry(name=n, on=on, seq=seq, said=seq, attempt=event.attempt) for n in event.clears if n in known),
        ),
        "documents": (
            *case.documents,
            *(DocumentEntry(name=n, on=on, seq=seq, act="cleared", attempt=event.attempt) for n in event.clears if n in filed),
        ),
    }


def _seqs_read(event: ev.Advanced) -> tuple[int, ...]:
    """The events whose values the verdicts rest on, each once."""
    seqs = (read["seq"] for verdict in event.verdicts for read in verdict.get("reads", ()) if "seq" in read)
    return tuple(sorted(set(seqs)))


def _counts_read(event: ev.Advanced) -> tuple[tuple[str, str, int], ...]:
    """The counts that the verdicts rest on: (owner/roll, milestone, how many had reached it)."""
    tallies = (read["tally"] for verdict in event.verdicts for read in verdict.get("reads", ()) if "tally" in read)
    counted = {(f"{t['owner']}/{t['roll']}", t["milestone"]): t.get("reached", 0) for t in tallies if "milestone" in t}
    return tuple((roll, milestone, reached) for (roll, milestone), reached in counted.items())


def _scheduled(case: Case, recorded: Recorded, event: ev.Scheduled) -> Changes:
    return {"planned": (*case.planned, PlannedDay(on=recorded.on, seq=recorded.seq, day=event.day))}


def _postponed(case: Case, recorded: Recorded, event: ev.Postponed) -> Changes:
    return {"pauses": (*case.pauses, Pause(on=recorded.on, seq=recorded.seq, until=event.until))}


def _resumed(case: Case, recorded: Recorded, event: ev.Resumed) -> Changes:
    return {"pauses": (*case.pauses, Pause(on=recorded.on, seq=recorded.seq, over=True))}


def _waived(case: Case, recorded: Recorded, event: ev.GuardWaived) -> Changes:
    waiver = Waiver(guard=event.guard, on=recorded.on, seq=recorded.seq, until=event.until, basis=event.basis)
    return {"waivers": (*case.waivers, waiver)}


def _corrected(case: Case, recorded: Recorded, event: ev.Corrected) -> Changes:
    """The entry of the event named says something else from now on; its place among the entries of its day stays."""
    if event.what == ev.FactRecorded.kind:
        changed = (_fact_corrected(e, recorded, event) if e.seq == event.seq else e for e in case.facts)
        return {"facts": tuple(e for e in changed if e is not None)}
    papers = (_document_corrected(e, recorded, event) if e.seq == event.seq else e for e in case.documents)
    return {"documents": tuple(e for e in papers if e is not None)}


def _fact_corrected(entry: FactEntry, recorded: Recorded, event: ev.Corrected) -> FactEntry | None:
    if event.withdrawn:
        return None
    value = entry.value if event.value is None else event.value
    return attrs.evolve(entry, on=recorded.on, said=recorded.seq, value=value)


def _document_corrected(entry: DocumentEntry, recorded: Recorded, event: ev.Corrected) -> DocumentEntry | None:
    return None if event.withdrawn else attrs.evolve(entry, on=recorded.on)


def _annulled(case: Case, recorded: Recorded, event: ev.Annulled) -> Changes:
    """All that the annulled state change did is undone: its awards, revocations and clearings."""
    seq = event.seq
    return {
        "state": event.target,
        "attempt": event.attempt,
        "steps": tuple(s for s in case.steps if s.seq != seq),
        "awards": tuple(
            attrs.evolve(a, until=None, until_seq=None) if a.until_seq == seq else a for a in case.awards if a.seq != seq
        ),
        "facts": tuple(e for e in case.facts if e.seq != seq),
        "documents": tuple(e for e in case.documents if e.seq != seq),
    }


def _confirmed(case: Case, recorded: Recorded, event: ev.Confirmed) -> Changes:
    steps = (attrs.evolve(s, confirmed=recorded.seq) if s.seq == event.seq else s for s in case.steps)
    return {"steps": tuple(steps)}


_CHANGES: dict[type[ev.Event], Callable[[Case, Recorded, Any], Changes]] = {
    ev.UnitLeft: _left,
    ev.RollSet: _roll_set,
    ev.FactRecorded: _fact_recorded,
    ev.DocumentFiled: _document_filed,
    ev.DocumentApproved: _document_approved,
    ev.DocumentReturned: _document_returned,
    ev.Advanced: _advanced,
    ev.Scheduled: _scheduled,
    ev.Postponed: _postponed,
    ev.Resumed: _resumed,
    ev.GuardWaived: _waived,
    ev.Corrected: _corrected,
    ev.Annulled: _annulled,
    ev.Confirmed: _confirmed,
}


_TAKING_BACK = frozenset({ev.Annulled, ev.Corrected, ev.Advanced})


def replaces(case: Case | None, recorded: Recorded) -> tuple[int, ...]:
    """The earlier events whose word no longer stands once this one is known: corrected, annulled, or their milestone revoked.

    `case` is the case before the event. State changes that rest on such an event are shown until the superior confirms them.
    """
    event = recorded.event
    if case is None or type(event) not in _TAKING_BACK:
        return ()
    if isinstance(event, ev.Annulled):
        return (event.seq,)
    if isinstance(event, ev.Corrected):
        return tuple({e.said for e in case.facts if e.seq == event.seq} | {event.seq})
    if isinstance(event, ev.Advanced):
        return tuple(sorted({a.seq for a in case.awards if a.name in event.revokes and a.until is None}))
    return ()
