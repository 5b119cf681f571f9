"""Deciding on corrections: another value, another day, or nothing, in the place of what an event said.

A correction never rewrites an earlier verdict. It is known from its own position on, keeps the place of the event it corrects among
those of its day, and may itself be corrected.
"""

from __future__ import annotations

from datetime import date

from engine import commands as cmd
from engine import events as ev
from engine.case import Case, DocumentEntry, FactEntry
from engine.decisions.common import Decision, first, happened, no_reason, not_theirs
from engine.decisions.papers import wrong_value
from engine.events import Recorded
from engine.refusals import AlreadySo, WrongDay, WrongTarget, WrongValue
from engine.view import View
from engine.workflow import Fact, Role

CORRECT = "correct"


def correct(view: View, command: cmd.Correct) -> Decision:
    """Replace what an event about a fact or a document said: another value, another day, or nothing."""
    target = view.target
    if target is None:
        return WrongTarget(seq=command.seq, step=CORRECT, why="missing")
    root = target.event.seq if isinstance(target.event, ev.Corrected) else target.seq
    entry = _entry(view.case, root)
    if entry is None:
        why = "gone" if _correctable(target) else "kind"
        return WrongTarget(seq=command.seq, step=CORRECT, why=why)
    return _corrected(view, command, root, entry)


def _correctable(target: Recorded) -> bool:
    return isinstance(target.event, (ev.FactRecorded, ev.DocumentFiled, ev.DocumentApproved, ev.DocumentReturned, ev.Corrected))


def _entry(case: Case, seq: int) -> FactEntry | DocumentEntry | None:
    """The entry an event made, unless it only cleared something for a new attempt."""
    facts = (e for e in case.facts if e.seq == seq and e.value is not None)
    papers = (e for e in case.documents if e.seq == seq and e.act != "cleared")
    return next(facts, None) or next(papers, None)


def _corrected(view: View, command: cmd.Correct, root: int, entry: FactEntry | DocumentEntry) -> Decision:
    fact = view.workflow.fact_by_id.get(entry.name) if isinstance(entry, FactEntry) else None
    day = entry.on if command.day is None else command.day
    refusal = first(
        not_theirs(view, command, CORRECT, ("superior", *_authors(view, entry))),
        no_reason(command, CORRECT),
        _unfit(command, root, fact),
        _after_today(view, day),
        _same(view, command, entry, day),
    )
    if refusal is not None:
        return refusal
    what = ev.FactRecorded.kind if isinstance(entry, FactEntry) else f"document_{entry.act}"
    correction = ev.Corrected(seq=root, what=what, name=entry.name, value=command.value, withdrawn=command.withdraw)
    return happened(view, correction, on=day)


def _authors(view: View, entry: FactEntry | DocumentEntry) -> tuple[Role, ...]:
    """Whoever may say a thing may also correct it."""
    if isinstance(entry, FactEntry):
        fact = view.workflow.fact_by_id.get(entry.name)
        return () if fact is None else fact.by
    document = view.workflow.document_by_id.get(entry.name)
    if document is None:
        return ()
    return document.by if entry.act == "filed" else document.approved_by


def _unfit(command: cmd.Correct, root: int, fact: Fact | None) -> WrongTarget | WrongValue | None:
    """A value for something that has none, or of the wrong type; or nothing to correct at all."""
    if command.value is None:
        nothing = not command.withdraw and command.day is None
        return WrongTarget(seq=root, step=CORRECT, why="nothing_changed") if nothing else None
    if fact is None or command.withdraw:
        return WrongTarget(seq=root, step=CORRECT, why="kind")
    return wrong_value(fact, command.value)


def _after_today(view: View, day: date) -> WrongDay | None:
    if day <= view.today:
        return None
    return WrongDay(unit=view.code, step=CORRECT, on=day, bound=view.today, why="future")


def _same(view: View, command: cmd.Correct, entry: FactEntry | DocumentEntry, day: date) -> AlreadySo | None:
    """A correction that says what stands already."""
    value = entry.value if isinstance(entry, FactEntry) else None
    if command.withdraw or day != entry.on or command.value not in (None, value):
        return None
    return AlreadySo(unit=view.code, step=CORRECT, name=entry.name, seq=entry.seq)
