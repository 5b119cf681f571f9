"""What changed of a unit between two moments: its case before and after, compared line by line.

A moment is a position (then everything the case has taken in counts) or a day (then what stood on the day). Nothing is judged here and
nothing folded: whoever asks brings the cases as they stood.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Literal, TypeAlias

import attrs

from engine.case import Case

What: TypeAlias = Literal[
    "member", "state", "attempt", "milestone", "document", "fact", "roll", "planned", "postponed", "waiver", "plan"
]


@attrs.frozen(kw_only=True)
class Change:
    """One line that reads otherwise. `before`, `after`: None where there was, or is, nothing.

    ``member``: whether it takes part. ``state``, ``attempt``. By `name`: ``milestone`` (its day), ``document`` (its `DocumentStatus`),
    ``fact`` (its value), ``waiver`` (until when). ``roll`` (its status), ``planned`` (the day), ``postponed`` (until when, or `open`).
    ``plan``: a value of the plans that hold for the unit, which is not the case's to say.
    """

    what: What
    name: str | None = None
    before: Any = None
    after: Any = None


@attrs.frozen
class Stood:
    """A unit at a moment: its case, and the day it is asked about (None: all that it has taken in)."""

    case: Case
    day: date | None = None


def changes(before: Stood | None, after: Stood | None) -> tuple[Change, ...]:
    """What reads otherwise at the second moment. None: the unit had not joined."""
    return tuple(_changes(before, after))


def _changes(before: Stood | None, after: Stood | None) -> Iterator[Change]:
    for what, told in _TOLD.items():
        then = {} if before is None else told(before)
        now = {} if after is None else told(after)
        for name in dict.fromkeys((*then, *now)):
            if then.get(name) != now.get(name):
                yield Change(what=what, name=name or None, before=then.get(name), after=now.get(name))


Told: TypeAlias = Mapping[str, Any]


def _only(value: Any) -> Told:
    return {} if value is None else {"": value}


def _member(stood: Stood) -> Told:
    return _only(stood.case.member_on(stood.day))


def _planned(stood: Stood) -> Told:
    return _only(stood.case.planned_on(stood.day))


def _postponed(stood: Stood) -> Told:
    pause = stood.case.pause(stood.day)
    return {} if pause is None else {"": pause.until or "open"}


def _facts(stood: Stood) -> Told:
    return {name: entry.value for name, entry in stood.case.fact_values(stood.day).items()}


def _documents(stood: Stood) -> Told:
    names = dict.fromkeys(entry.name for entry in stood.case.documents)
    found = ((name, stood.case.document(name, stood.day)) for name in names)
    return {name: status for name, status in found if status is not None}


def _waivers(stood: Stood) -> Told:
    """Those that set a guard aside; on a day, those in force on it."""
    day = stood.day
    return {w.guard: w.until for w in stood.case.waivers if day is None or w.on <= day <= w.until}


_TOLD: Mapping[What, Callable[[Stood], Told]] = {
    "member": _member,
    "state": lambda stood: _only(stood.case.state),
    "attempt": lambda stood: _only(stood.case.attempt),
    "milestone": lambda stood: stood.case.milestones(stood.day),
    "document": _documents,
    "fact": _facts,
    "roll": lambda stood: _only(stood.case.roll_status(stood.day)),
    "planned": _planned,
    "postponed": _postponed,
    "waiver": _waivers,
}
