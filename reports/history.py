"""`daihoi history`: what was accepted, in its order, with who, when and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

import attrs

from engine import events as ev
from engine.answers import HistoryLine
from reports.catalogue import DASH, Words
from reports.output import Report
from reports.page import Block, line, table


def kind(name: str, words: Words) -> str:
    """An event's kind in words."""
    code = f"event.{name}"
    return words.say(code) if words.has(code) else name


def to_json(lines: Iterable[HistoryLine], words: Words) -> dict[str, Any]:
    return {"events": [line_to_json(entry) for entry in lines]}


def line_to_json(entry: HistoryLine) -> dict[str, Any]:
    recorded = entry.recorded
    written: dict[str, Any] = {
        "seq": recorded.seq,
        "unit": recorded.unit,
        "version": recorded.version,
        "kind": recorded.event.kind,
        "effective_on": recorded.on.isoformat(),
        "recorded_at": recorded.at,
        "actor": {"unit": recorded.actor.unit, "person": entry.person},
        "payload": dict(entry.payload),
        "leaf_hash": entry.leaf_hash,
        "command_id": recorded.command,
        "late": entry.late,
    }
    if recorded.reason is not None:
        written["reason"] = entry.words.get(recorded.reason.digest)
    if entry.words:
        written["words"] = dict(entry.words)
    return written


def rows(lines: Iterable[HistoryLine], words: Words) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    headings = ("seq", "unit", "version", "kind", "effective_on", "recorded_at", "actor", "what", "late", "leaf_hash")
    return headings, [
        (
            e.recorded.seq, e.recorded.unit, e.recorded.version, e.recorded.event.kind, e.recorded.on.isoformat(), e.recorded.at,
            e.recorded.actor.unit, what(e, words), e.late, e.leaf_hash,
        )
        for e in lines
    ]  # fmt: skip


def page(lines: Iterable[HistoryLine], words: Words) -> Iterator[Block]:
    entries = tuple(lines)
    if not entries:
        yield line(words.say("history.none"))
        return
    headings = tuple(words.say(f"history.column.{c}") for c in ("seq", "on", "unit", "what", "actor", "recorded"))
    yield from table(headings, (_row(entry, words) for entry in entries), right=(0,))


def _row(entry: HistoryLine, words: Words) -> tuple[str, ...]:
    recorded = entry.recorded
    actor = recorded.actor.unit if entry.person is None else f"{recorded.actor.unit}/{entry.person}"
    when = words.day(recorded.on + timedelta(days=entry.late))  # the day where the season is held; `at` is UTC
    if entry.late > 0:
        when = words.many("history.late", entry.late, when=when)
    return str(recorded.seq), words.day(recorded.on), recorded.unit, what(entry, words), actor, when


def what(entry: HistoryLine, words: Words) -> str:
    """What happened, in one line, with the words that were sealed."""
    recorded = entry.recorded
    said = event_words(recorded.event, words)
    texts = [said, *_items(entry, words)]
    if recorded.reason is not None:
        texts.append(words.say("history.reason", reason=_text(entry, recorded.reason.digest, words)))
    return "; ".join(texts)


def _items(entry: HistoryLine, words: Words) -> Iterator[str]:
    event = entry.recorded.event
    if isinstance(event, ev.DocumentApproved) and event.changes:
        changes = tuple(_text(entry, c.digest, words) for c in event.changes)
        yield words.say("history.changes", changes=changes)
    if isinstance(event, ev.GuardWaived):
        yield words.say("history.basis", basis=_text(entry, event.basis.digest, words))


def _text(entry: HistoryLine, digest: str, words: Words) -> str:
    """A sealed text; one that was erased says so."""
    text = entry.words.get(digest)
    return words.say("history.erased") if text is None else text


def event_words(event: ev.AnyEvent, words: Words) -> str:
    """An event in a line: its kind, and the names and values it carries."""
    return words.say(f"happened.{_variant(event)}", **_event_fields(event, words))


def _variant(event: ev.AnyEvent) -> str:
    if isinstance(event, ev.Postponed):
        return "postponed_open" if event.until is None else "postponed"
    if isinstance(event, ev.Corrected):
        return "corrected_withdrawn" if event.withdrawn else "corrected_day" if event.value is None else "corrected"
    if isinstance(event, ev.DocumentApproved) and event.changes:
        return "document_approved_with_changes"
    if isinstance(event, ev.Advanced) and event.source == event.target:
        return "advanced_in_place"
    return event.kind


def _event_fields(event: ev.AnyEvent, words: Words) -> dict[str, Any]:
    fields = {a.name: getattr(event, a.name) for a in attrs.fields(type(event))}
    if isinstance(event, ev.UnitEnrolled):
        fields = {"unit": event.enrolled.code, "name": event.enrolled.name, "level": event.enrolled.level, "state": event.state}
    if isinstance(event, ev.PlanIssued):
        fields |= {"count": len(event.values), "dated": event.dated}
    if isinstance(event, ev.RollSet):
        fields["status"] = words.say(f"roll.{event.status}")
    if isinstance(event, ev.DocumentApproved):
        fields["decision"] = event.decision or DASH
    if isinstance(event, ev.Advanced):
        fields["awards"] = words.say("happened.awards", awards=event.awards) if event.awards else ""
        fields["unmet"] = _shortcomings(event, words)
    return fields


def _shortcomings(event: ev.Advanced, words: Words) -> str:
    """Guards that were waived, or advised otherwise, when the step was taken."""
    waived = tuple(v["guard"] for v in event.verdicts if v["result"] == "waived")
    return words.say("happened.waived", guards=waived) if waived else ""


REPORT = Report(to_json=to_json, page=page, rows=rows, long=True)
