"""The leaf: the exact bytes of one event that are hashed and stored.

A leaf is canonical JSON (`engine.codec`) and holds all of an event: its place, who and when, and its payload. Columns beside it are only
indexes; `verify` derives them from the leaf again.

====================  =====================================================================================
``season, origin``    which log: the season's id, and the origin of this copy (``live``, or a rehearsal's name)
``semantics``         the version of the meaning of events (1)
``seq, unit, version``  the place: dense from 1; of the unit, dense from 1
``command``           the id of the command that caused it
``kind, payload``     what happened (`engine.events`)
``on, at, clock``     the day it took place; when it was recorded (UTC); what the clock said where that was earlier
``actor``             ``{"unit": …, "person": random id}``
``reason``            ``{"sealed": hex}``
``workflow``          digest of the procedure in force for the unit
====================  =====================================================================================
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final, get_args

import attrs

from engine import codec
from engine import events as ev
from engine.actors import Actor, Sealed
from engine.events import Recorded

SEMANTICS: Final = 1

EVENTS: Final[dict[str, type[ev.AnyEvent]]] = {cls.kind: cls for cls in get_args(ev.AnyEvent)}


@attrs.frozen
class Log:
    """Which log a leaf belongs to."""

    season: str
    origin: str


class NotALeaf(ValueError):
    """Bytes that are no leaf of ours."""


def leaf_bytes(log: Log, recorded: Recorded) -> bytes:
    """The bytes of one event."""
    written: dict[str, Any] = {
        "season": log.season,
        "origin": log.origin,
        "semantics": SEMANTICS,
        "seq": recorded.seq,
        "unit": recorded.unit,
        "version": recorded.version,
        "command": recorded.command,
        "kind": recorded.event.kind,
        "on": recorded.on.isoformat(),
        "at": recorded.at,
        "actor": codec.to_json(recorded.actor),
        "payload": codec.to_json(recorded.event),
    }
    if recorded.clock is not None:
        written["clock"] = recorded.clock
    if recorded.workflow is not None:
        written["workflow"] = recorded.workflow
    if recorded.reason is not None:
        written["reason"] = {"sealed": recorded.reason.digest}
    return codec.canonical(written)


def read_leaf(raw: bytes) -> tuple[Log, Recorded]:
    """The event that a leaf holds. Raises NotALeaf."""
    try:
        found = codec.parse(raw)
        if found["semantics"] != SEMANTICS:
            raise NotALeaf(f"semantics {found['semantics']} is not ours")
        recorded = Recorded(
            seq=found["seq"],
            unit=found["unit"],
            version=found["version"],
            command=found["command"],
            on=codec.day(found["on"]),
            at=found["at"],
            actor=codec.from_json(Actor, found["actor"]),
            event=codec.from_json(EVENTS[found["kind"]], found["payload"]),
            reason=Sealed(found["reason"]["sealed"]) if "reason" in found else None,
            workflow=found.get("workflow"),
            clock=found.get("clock"),
        )
        return _log(found["season"], found["origin"]), recorded
    except (KeyError, TypeError, ValueError) as error:
        raise NotALeaf(str(error)) from error


@lru_cache(maxsize=16)
def _log(season: str, origin: str) -> Log:
    return Log(season, origin)
