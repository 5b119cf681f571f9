"""`daihoi status UNIT`: everything known of one unit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.answers import UnitAnswer
from engine.case import DocumentStatus, FactEntry
from engine.unit import Unit
from engine.values import plain
from engine.workflow import Workflow
from reports import names, standing
from reports.catalogue import Words
from reports.output import Report
from reports.page import Block, blank, line, table


def to_json(answer: UnitAnswer, words: Words) -> dict[str, Any]:
    unit = answer.unit
    return {
        "as_of": standing.as_of_to_json(answer.as_of),
        "check_code": str(answer.check_code),
        "unit": unit.code,
        "name": unit.name,
        "level": unit.level,
        "parent": unit.parent,
        "superior": unit.above,
        "block": unit.block,
        "pilot": unit.pilot_of is not None,
        "pilot_of": unit.pilot_of,
        "tags": list(unit.tags),
        "state": answer.state,
        "since": answer.since.isoformat(),
        "version": answer.version,
        "attempt": answer.attempt,
        "postponed": _postponed(answer),
        "planned_on": plain(answer.planned_on),
        "workflow": {"id": answer.workflow.id, "version": answer.workflow.version, "digest": answer.digest},
        "milestones": {name: day.isoformat() for name, day in answer.milestones.items()},
        "overdue": None if answer.overdue is None else standing.flag_to_json(answer.overdue, words),
        "blocked": [standing.flag_to_json(f, words) for f in answer.blocked],
        "documents": {name: document_to_json(d) for name, d in answer.documents.items()},
        "facts": {name: {"value": plain(f.value), "on": f.on.isoformat(), "seq": f.said} for name, f in answer.facts.items()},
        "children": {
            "roll": answer.children.roll,
            "total": answer.children.total,
            "reached": dict(answer.children.reached),
        },
        "next": list(answer.next),
        "waivers": [{"guard": guard, "until": until.isoformat()} for guard, until in answer.waivers],
        "notes": [standing.note_to_json(n, words) for n in answer.notes],
    }


def _postponed(answer: UnitAnswer) -> dict[str, Any] | None:
    if answer.postponed is None:
        return None
    since, until = answer.postponed
    return {"since": since.isoformat(), "until": plain(until)}


def document_to_json(document: DocumentStatus) -> dict[str, Any]:
    return {
        "status": document.status,
        "version": document.version,
        "approved_version": document.approved_version,
        "digest": document.digest,
        "decision": document.decision,
        "open_items": len(document.changes),
        "filed_on": plain(document.filed_on),
        "approved_on": plain(document.approved_on),
    }


def page(answer: UnitAnswer, words: Words) -> Iterator[Block]:
    unit, workflow = answer.unit, answer.workflow
    state = names.state(workflow, answer.state, words)
    level = names.level(unit.level, words)
    yield line((unit.name, "title"), f" ({unit.code}) · {level} · ", words.say("why.state", state=state, since=answer.since))
    yield line("  ", words.say("unit.version", version=answer.version, attempt=answer.attempt, workflow=workflow.id))
    yield from _place(unit, words)
    yield from _course(answer, words)
    yield from _milestones(answer, words)
    yield from _documents(answer, words)
    yield from _facts(answer, words)
    yield from _children(answer, words)
    yield blank()
    yield _next(answer, words)
    if answer.notes:
        yield blank()
    yield from standing.notes(answer.notes, words)
    yield blank()
    yield standing.log(answer.check_code, words)


def _place(unit: Unit, words: Words) -> Iterator[Block]:
    if unit.above is not None:
        yield line("  ", words.say("unit.above", unit=unit.above))
    if unit.pilot_of is not None:
        yield line("  ", words.say("unit.pilot_of", unit=unit.pilot_of))


def _course(answer: UnitAnswer, words: Words) -> Iterator[Block]:
    if answer.planned_on is not None:
        yield line("  ", words.say("unit.planned", day=answer.planned_on))
    for flag in answer.blocked:
        yield line("  ", (standing.dated(flag, words), "bad"))
    for guard, until in answer.waivers:
        yield line("  ", (words.say("unit.waiver", guard=guard, until=until), "warn"))


def _milestones(answer: UnitAnswer, words: Words) -> Iterator[Block]:
    if not answer.milestones:
        return
    yield blank()
    yield line((words.say("unit.milestones"), "title"))
    for name, day in answer.milestones.items():
        yield line("  ", ("✓ ", "good"), f"{words.day(day):<12}", names.milestone(answer.workflow, name, words))


def _documents(answer: UnitAnswer, words: Words) -> Iterator[Block]:
    if not answer.documents:
        return
    yield blank()
    headings = tuple(words.say(f"unit.column.{c}") for c in ("document", "status", "version", "filed", "approved", "decision"))
    yield from table(
        headings,
        (_document_row(answer.workflow, name, d, words) for name, d in answer.documents.items()),
        right=(2,),
        title=words.say("unit.documents"),
    )


def _document_row(workflow: Workflow, name: str, document: DocumentStatus, words: Words) -> tuple[str, ...]:
    status = words.say(f"document.{document.status}")
    if document.changes:
        status = words.many("document.open_items", len(document.changes), status=status)
    return (
        names.document(workflow, name, words),
        status,
        str(document.version),
        words.value(document.filed_on),
        words.value(document.approved_on),
        words.value(document.decision),
    )


def _facts(answer: UnitAnswer, words: Words) -> Iterator[Block]:
    if not answer.facts:
        return
    yield blank()
    headings = tuple(words.say(f"unit.column.{c}") for c in ("fact", "value", "on", "event"))
    rows = (_fact_row(answer.workflow, name, entry, words) for name, entry in answer.facts.items())
    yield from table(headings, rows, right=(3,), title=words.say("unit.facts"))


def _fact_row(workflow: Workflow, name: str, entry: FactEntry, words: Words) -> tuple[str, ...]:
    return names.fact(workflow, name, words), words.value(entry.value), words.day(entry.on), str(entry.said)


def _children(answer: UnitAnswer, words: Words) -> Iterator[Block]:
    children = answer.children
    if children.total == 0 and children.roll != "open":
        return
    yield blank()
    roll = words.say(f"roll.{children.roll}")
    yield line((words.many("unit.children", children.total, roll=roll), "title"))
    for name, reached in children.reached.items():
        counts = f"{words.number(reached)}/{words.number(children.total)}"
        yield line(f"  {counts:<10}", names.milestone(answer.workflow, name, words))


def _next(answer: UnitAnswer, words: Words) -> Block:
    if not answer.next:
        return line(words.say("unit.nothing_next"))
    steps = ", ".join(names.trigger(answer.workflow, trigger, words) for trigger in answer.next)
    return line(words.say("unit.next", steps=steps, unit=answer.unit.code))


REPORT = Report(to_json=to_json, page=page)
