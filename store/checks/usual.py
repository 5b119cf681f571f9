"""Leaves as we write them, read by way of the columns beside them.

The columns say what most of a leaf says. So the text around its payload is written again from the columns: where it stands in the leaf
letter by letter, the columns are right and only the payload is left to be parsed. Every other leaf is read the long way
(`engine.leaf.read_leaf`), whatever makes it different; both ways read the same event.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from engine import codec
from engine.actors import Actor
from engine.events import AnyEvent, Recorded
from engine.leaf import EVENTS, SEMANTICS, Log
from store.checks.rows import LogRow

_LONGEST: Final = 200
"""Characters of a payload that is worth remembering; a state change with its evidence never comes again."""

_MOST: Final = 10_000


def plain(text: str) -> bool:
    """Whether a text stands in JSON as it is, between quotes. (Some others do too: they are read the long way.)"""
    return text.isprintable() and '"' not in text and "\\" not in text


class UsualLeaves:
    """The leaves of one log. `_events`: events by kind and payload, because thousands of units say the same words."""

    def __init__(self, log: Log) -> None:
        self._plain = plain(log.season) and plain(log.origin)
        self._origin = f'"origin":"{log.origin}","payload":'
        self._season = f',"season":"{log.season}","semantics":{SEMANTICS},'
        self._events: dict[tuple[str, str], AnyEvent] = {}
        self._actors: dict[str, Actor] = {}
        self._days: dict[str, date] = {}

    def read(self, row: LogRow, workflow: str | None) -> Recorded | None:
        """The event of a row that says of its unit's procedure what is known already; None where the leaf is another text."""
        seq, unit, version, command, kind, on, at, clock, actor, person, leaf, _ = row
        if not self._plain or clock is not None or person is not None or workflow is None:
            return None
        try:
            if not plain(f"{unit}{command}{kind}{on}{at}{actor}{workflow}"):
                return None
            before = (
                f'{{"actor":{{"unit":"{actor}"}},"at":"{at}","command":"{command}","kind":"{kind}","on":"{on}",{self._origin}'
            )
            behind = f'{self._season}"seq":{seq:d},"unit":"{unit}","version":{version:d},"workflow":"{workflow}"}}'
            text = leaf.decode()
            if not (text.startswith(before) and text.endswith(behind)):
                return None
            payload = text[len(before) : -len(behind)]
            event = self._events.get((kind, payload)) or self._event(kind, payload)
            day = self._days.get(on) or self._day(on)
        except (KeyError, TypeError, ValueError):
            return None
        who = self._actors.get(actor)
        if who is None:
            who = self._actors[actor] = Actor(unit=actor)
        return Recorded(
            seq=seq, unit=unit, version=version, command=command, on=day, at=at, actor=who, event=event, workflow=workflow
        )  # fmt: skip

    def _event(self, kind: str, payload: str) -> AnyEvent:
        event: AnyEvent = codec.from_json(EVENTS[kind], codec.parse_text(payload))
        if len(payload) <= _LONGEST:
            if len(self._events) == _MOST:
                self._events.clear()
            self._events[kind, payload] = event
        return event

    def _day(self, on: str) -> date:
        day = codec.day(on)
        if day.isoformat() != on:
            raise ValueError(f"{on} is not how the column would say {day}")
        self._days[on] = day
        return day
