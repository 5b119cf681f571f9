"""`daihoi history`: what was accepted, in its order, with who, when and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import attrs

from engine import events as ev
from engine.answers import HistoryLine, Mark
from engine.events import Recorded
from engine.values import plain
from reports import names, standing
from reports.catalogue import DASH, Words
from reports.output import Report
from reports.page import Block, Cell, blank, line, table

if TYPE_CHECKING:
    from engine.check_code import CheckCode
    from engine.workflow import Workflow


def kind(name: str, words: Words) -> str:
    """An event's kind in words."""
    code = f"event.{name}"
    return words.say(code) if words.has(code) else name


@attrs.frozen
class Shown:
    """Events as they were asked for. `code`: asked when they have all been read, so that the check code vouches for each of them."""

    lines: Iterable[HistoryLine]
    code: Callable[[], CheckCode]


def to_json(shown: Shown, words: Words) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, Iterator) else value for name, value in members(shown, words)}


def members(shown: Shown, words: Words) -> Iterator[tuple[str, Any]]:
    """The events one after the other as they are read, and behind them the code."""
    yield "events", (line_to_json(entry, words) for entry in shown.lines)
    yield "check_code", str(shown.code())


def event_to_json(recorded: Recorded) -> dict[str, Any]:
    """Which event it is, and when it took place and was recorded."""
    return {
        "seq": recorded.seq,
        "unit": recorded.unit,
        "version": recorded.version,
        "kind": recorded.event.kind,
        "effective_on": recorded.on.isoformat(),
        "recorded_at": recorded.at,
    }


def line_to_json(entry: HistoryLine, words: Words) -> dict[str, Any]:
    recorded = entry.recorded
    written: dict[str, Any] = {
        **event_to_json(recorded),
        "actor": {"unit": recorded.actor.unit, "person": entry.person},
        "payload": dict(entry.payload),
        "leaf_hash": entry.leaf_hash,
        "command_id": recorded.command,
        "late": entry.late,
        "marks": [mark_to_json(mark, words) for mark in entry.marks],
    }
    if recorded.clock is not None:
        written["clock"] = recorded.clock
    if recorded.reason is not None:
        written["reason"] = entry.words.get(recorded.reason.digest)
    if entry.words:
        written["words"] = dict(entry.words)
    return written


def rows(shown: Shown, words: Words) -> tuple[tuple[str, ...], Iterator[tuple[Any, ...]]]:
    headings = ("seq", "unit", "version", "kind", "effective_on", "recorded_at", "actor", "what", "late", "leaf_hash", "marks")
    return headings, (
        (
            e.recorded.seq, e.recorded.unit, e.recorded.version, e.recorded.event.kind, e.recorded.on.isoformat(), e.recorded.at,
            e.recorded.actor.unit, what(e, words), e.late, e.leaf_hash, marks_words(e.marks, words),
        )
        for e in shown.lines
    )  # fmt: skip


def page(shown: Shown, words: Words) -> Iterator[Block]:
    entries = tuple(shown.lines)
    if entries:
        yield from _table(entries, words)
    else:
        yield line(words.say("history.none"))
    yield blank()
    yield standing.log(shown.code(), words)


def _table(entries: tuple[HistoryLine, ...], words: Words) -> Iterator[Block]:
    columns = ("seq", "on", "unit", "what", "actor", "recorded", *(("marks",) if any(map(_told_beside, entries)) else ()))
    headings = tuple(words.say(f"history.column.{c}") for c in columns)
    yield from table(headings, (_row(entry, words)[: len(columns)] for entry in entries), right=(0,))


_STYLE: Final[Mapping[str, str]] = {
    "late": "late",
    "clock_back": "clock",
    "corrects": "corrected",
    "withdraws": "corrected",
    "corrected_by": "corrected",
    "withdrawn_by": "corrected",
    "superseded": "corrected",
    "annuls": "annulled",
    "annulled_by": "annulled",
    "waives": "waived",
    "waived": "waived",
}

_SAID: Final = frozenset({"corrects", "withdraws", "annuls", "waives", "waived"})
"""Marks that the line itself says in words: they colour it."""


def mark_words(mark: Mark, words: Words) -> str:
    if mark.code == "late":
        return words.many("mark.late", mark.fields["days"])
    return words.say(f"mark.{mark.code}", **mark.fields)


def marks_words(marks: Iterable[Mark], words: Words) -> str:
    return "; ".join(mark_words(mark, words) for mark in marks)


def mark_to_json(mark: Mark, words: Words) -> dict[str, Any]:
    return {"code": mark.code, "words": mark_words(mark, words), **{name: plain(v) for name, v in mark.fields.items()}}


def _told_beside(entry: HistoryLine) -> tuple[Mark, ...]:
    """The marks that have to be put into words beside the line."""
    return tuple(mark for mark in entry.marks if mark.code not in _SAID)


def _row(entry: HistoryLine, words: Words) -> tuple[Cell, ...]:
    recorded = entry.recorded
    actor = recorded.actor.unit if entry.person is None else f"{recorded.actor.unit}/{entry.person}"
    style = next((_STYLE[mark.code] for mark in entry.marks if mark.code in _SAID), "")
    said: Cell = ((what(entry, words), style),) if style else what(entry, words)
    beside = _told_beside(entry)
    between = [("; ", "")] * len(beside)
    marks = tuple(chain.from_iterable(zip(between, ((mark_words(m, words), _STYLE[m.code]) for m in beside), strict=True)))[1:]
    # the day in the season's time zone, in which it is late
    when = words.day(recorded.on + timedelta(days=entry.late))
    return str(recorded.seq), words.day(recorded.on), recorded.unit, said, actor, when, marks


def what(entry: HistoryLine, words: Words) -> str:
    """What happened, in one line, with the words that were sealed."""
    recorded = entry.recorded
    said = event_words(recorded.event, entry.workflow, words)
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


def event_words(event: ev.AnyEvent, workflow: Workflow | None, words: Words) -> str:
    """An event in a line: its kind, and the names and values it carries. `workflow`: what they are called; without it, the ids."""
    named = {} if workflow is None else _named(event, workflow, words)
    return words.say(f"happened.{_variant(event)}", **_event_fields(event, words) | named)


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
        level = names.level(event.enrolled.level, words)
        fields = {"unit": event.enrolled.code, "name": event.enrolled.name, "level": level, "state": event.state}
    if isinstance(event, ev.WorkflowAdopted):
        fields["level"] = names.level(event.level, words)
    if isinstance(event, ev.PlanIssued):
        fields |= {"count": len(event.values), "dated": event.dated}
    if isinstance(event, ev.RollSet):
        fields["status"] = words.say(f"roll.{event.status}")
    if isinstance(event, ev.DocumentApproved):
        fields["decision"] = event.decision or DASH
    if isinstance(event, ev.Advanced):
        fields["awards"] = _awards(event.awards, words)
        fields["unmet"] = _shortcomings(event, words)
    return fields


def _named(event: ev.AnyEvent, workflow: Workflow, words: Words) -> dict[str, str]:
    """The ids in an event as its procedure calls them; states by their short words, for two of them stand in one line."""
    if isinstance(event, ev.UnitEnrolled):
        return {"state": names.short_state(event.state, words)}
    if isinstance(event, ev.FactRecorded):
        return {"fact": names.fact(workflow, event.fact, words)}
    if isinstance(event, ev.DocumentFiled | ev.DocumentApproved | ev.DocumentReturned):
        return {"document": names.document(workflow, event.document, words)}
    if isinstance(event, ev.Corrected):
        called = names.fact if event.what == ev.FactRecorded.kind else names.document
        return {"name": called(workflow, event.name, words)}
    if isinstance(event, ev.Annulled | ev.Advanced):
        moved = {"source": names.short_state(event.source, words), "target": names.short_state(event.target, words)}
        if isinstance(event, ev.Annulled):
            return moved
        awards = tuple(names.milestone(workflow, award, words) for award in event.awards)
        return {**moved, "trigger": names.trigger(workflow, event.trigger, words), "awards": _awards(awards, words)}
    return {}


def _awards(awards: tuple[str, ...], words: Words) -> str:
    return words.say("happened.awards", awards=awards) if awards else ""


def _shortcomings(event: ev.Advanced, words: Words) -> str:
    """Guards that were waived, or advised otherwise, when the step was taken."""
    waived = tuple(v["guard"] for v in event.verdicts if v["result"] == "waived")
    return words.say("happened.waived", guards=waived) if waived else ""


REPORT = Report(to_json=to_json, page=page, rows=rows, members=members, long=True)
