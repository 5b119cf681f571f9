"""What a writing command answers: its receipt, the events it made, the state after it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from engine.desk import Accepted
from reports import history, names
from reports.catalogue import Words
from reports.output import Report
from reports.page import Block, line

_SHOWN = 12


def to_json(answer: Accepted, words: Words) -> dict[str, Any]:
    written: dict[str, Any] = {
        "events": [attrs.asdict(event) for event in answer.events],
        "state": answer.state,
    }
    if answer.dry_run:
        return {"dry_run": True, **written}
    receipt = None if answer.receipt is None else attrs.asdict(answer.receipt)
    return {"receipt": receipt, **written, "repeated": answer.repeated}


def page(answer: Accepted, words: Words) -> Iterator[Block]:
    if answer.dry_run:
        yield line((words.say("accepted.dry_run"), "warn"))
    elif answer.repeated:
        yield line((words.say("accepted.repeated"), "warn"))
    for event in answer.events[:_SHOWN]:
        kind = history.kind(event.kind, words)
        yield line(words.say("accepted.event", seq=event.seq, unit=event.unit, kind=kind, version=event.version))
    if len(answer.events) > _SHOWN:
        yield line(words.many("accepted.more", len(answer.events) - _SHOWN))
    if answer.state is not None:
        yield line(words.say("accepted.state", state=names.short_state(answer.state, words)))
    yield from _receipt(answer, words)


def _receipt(answer: Accepted, words: Words) -> Iterator[Block]:
    receipt = answer.receipt
    if receipt is not None:
        yield line((words.say("accepted.receipt", size=receipt.size, root=receipt.root[:16], command=receipt.command_id), "dim"))


def of_opening(answer: Accepted, *, dry_run: bool) -> Accepted:
    """What a season got that was opened; of a dry run nothing stays, so there is no receipt."""
    return attrs.evolve(answer, receipt=None, dry_run=True) if dry_run else answer


def opened_page(answer: Accepted, words: Words) -> Iterator[Block]:
    """The same for a season that was opened, which takes hundreds of events."""
    units = sum(event.kind == "unit_enrolled" for event in answer.events)
    plans = sum(event.kind == "plan_issued" for event in answer.events)
    if answer.dry_run:
        yield line((words.say("accepted.dry_run"), "warn"))
    yield line((words.many("accepted.opened", units, plans=plans, events=words.number(len(answer.events))), "good"))
    yield from _receipt(answer, words)
    yield line(words.say("accepted.opened_next"))


REPORT = Report(to_json=to_json, page=page)
OPENED = Report(to_json=to_json, page=opened_page)
