"""`daihoi replay --from A --to B`: what changed in between, line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from engine.answers import BetweenAnswer, Moment, UnitBetween
from engine.board import AsOf
from engine.case import DocumentStatus
from engine.changes import Change
from engine.workflow import Workflow
from reports import names, plans
from reports.catalogue import DASH, Words
from reports.output import Report
from reports.page import Block, blank, line
from reports.standing import as_of_to_json, plain_deep
from reports.unit import document_to_json


def to_json(answer: BetweenAnswer, words: Words) -> dict[str, Any]:
    return {
        **({} if answer.unit is None else {"unit": answer.unit}),
        "from": as_of_to_json(answer.begin.as_of),
        "to": as_of_to_json(answer.end.as_of),
        "units": {one.unit.code: _unit_to_json(one, words) for one in answer.units},
        "plans": [plans.plan_to_json(plan) for plan in answer.plans],
    }


def _unit_to_json(one: UnitBetween, words: Words) -> dict[str, Any]:
    unit = one.unit
    return {"name": unit.name, "level": unit.level, "changes": changes_to_json(one.changes, one.workflow, words)}


def changes_to_json(found: Sequence[Change], workflow: Workflow, words: Words) -> list[dict[str, Any]]:
    return [
        {
            "what": change.what,
            "name": change.name,
            "before": _plain(change.before),
            "after": _plain(change.after),
            "words": sentence(change, workflow, words),
        }
        for change in found
    ]


def _plain(value: Any) -> Any:
    return document_to_json(value) if isinstance(value, DocumentStatus) else plain_deep(value)


def rows(answer: BetweenAnswer, words: Words) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    headings = ("unit", "what", "name", "before", "after")
    return headings, [
        (one.unit.code, change.what, change.name, _cell(change.before), _cell(change.after))
        for one in answer.units
        for change in one.changes
    ]


def _cell(value: Any) -> Any:
    return f"{value.status} {value.version}" if isinstance(value, DocumentStatus) else plain_deep(value)


def page(answer: BetweenAnswer, words: Words) -> Iterator[Block]:
    yield line(
        (words.say("between.title", begin=_moment(answer.begin, words), end=_moment(answer.end, words)), "title"),
        (known_words(answer.end.as_of, words), "warn"),
    )
    for plan in answer.plans:
        issued = plan.issued
        paper = f"{issued.number}/{issued.type}"
        yield line(
            "  ", words.say("between.plan", plan=issued.plan, paper=paper, issuer=issued.issuer, day=plan.since, seq=plan.seq)
        )
    for one in answer.units:
        if one.changes:
            yield blank()
            yield line((one.unit.name, "title"), f" ({one.unit.code}) · {names.level(one.unit.level, words)}")
            yield from lines(one.changes, one.workflow, words)
    if not answer.plans and not any(one.changes for one in answer.units):
        yield line(words.say("between.none"))


def _moment(moment: Moment, words: Words) -> str:
    """A day as it is known now (or was) has no place in the log; a position has a day."""
    as_of = moment.as_of
    return words.day(as_of.day) if moment.by_day else words.say("between.moment", day=as_of.day, seq=as_of.seq)


def known_words(as_of: AsOf, words: Words) -> str:
    """By when what is told had been recorded; nothing where all of it is told."""
    if as_of.known is None:
        return ""
    time = f"{as_of.known:%H:%M:%S %Z}" if isinstance(as_of.known, datetime) else ""
    return words.say("replay.known_at" if time else "replay.known_on", day=as_of.known, time=time)


def lines(found: Sequence[Change], workflow: Workflow, words: Words) -> Iterator[Block]:
    for change in found:
        yield line("  ", sentence(change, workflow, words))


def sentence(change: Change, workflow: Workflow, words: Words) -> str:
    """One change: what reads otherwise, how it read, and how it reads."""
    what = words.say(f"change.{change.what}", name=_name(change, workflow, words))
    before, after = (_value(change, value, workflow, words) for value in (change.before, change.after))
    return words.say("change.line", what=what, before=before, after=after)


def _name(change: Change, workflow: Workflow, words: Words) -> str:
    named: dict[str, Callable[[Workflow, str, Words], str]] = {
        "milestone": names.milestone,
        "document": names.document,
        "fact": names.fact,
        "plan": names.plan_value,
    }
    name = change.name or ""
    return named[change.what](workflow, name, words) if change.what in named else name


def _value(change: Change, value: Any, workflow: Workflow, words: Words) -> str:
    if value is None:
        return DASH
    if change.what == "state":
        return names.state(workflow, value, words)
    if change.what == "roll":
        return words.say(f"roll.{value}")
    if isinstance(value, DocumentStatus):
        return words.say("change.version", status=words.say(f"document.{value.status}"), version=value.version)
    return words.say("change.open") if change.what == "postponed" and value == "open" else words.value(value)


REPORT = Report(to_json=to_json, page=page, rows=rows, long=True)
