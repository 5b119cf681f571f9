"""A verdict as it stands in the log, and back: guard ids, results and every value read, no texts.

Each read is (unit, name, value, seq); a roll is a tally with at most 20 open codes. From these readings the same guard can be judged
again, so a replay explains *then*, not *now*.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from engine import codec, values
from engine.readings import Calendar, Path, Reading, Tally
from engine.verdicts import Verdict


def evidence(verdict: Verdict) -> dict[str, Any]:
    """One guard's verdict for an event's `verdicts`."""
    written: dict[str, Any] = {"guard": verdict.guard, "result": verdict.result, "severity": verdict.severity}
    if verdict.error is not None:
        written["error"] = verdict.error
    if verdict.waiver_seq is not None:
        written["waiver"] = verdict.waiver_seq
    reads = [_read_to_json(path, reading) for path, reading in verdict.readings]
    if reads:
        written["reads"] = reads
    return written


def readings(written: dict[str, Any]) -> dict[Path, Reading]:
    """What a guard had read, from its verdict in the log."""
    return dict(_read_from_json(read) for read in written.get("reads", ()))


def _read_to_json(path: Path, reading: Reading) -> dict[str, Any]:
    written: dict[str, Any] = {"name": ".".join(path)}
    if reading.unit is not None:
        written["unit"] = reading.unit
    if isinstance(reading.value, Calendar):
        written["calendar"] = {
            "off": sorted(d.isoformat() for d in reading.value.days_off),
            "on": sorted(d.isoformat() for d in reading.value.days_on),
        }
    elif reading.value is not None:
        written["value"] = values.to_json(reading.value)
    if reading.seq is not None:
        written["seq"] = reading.seq
    if reading.plan is not None:
        written["plan"] = reading.plan
    if reading.tally is not None:
        written["tally"] = codec.to_json(reading.tally)
    return written


def _read_from_json(read: dict[str, Any]) -> tuple[Path, Reading]:
    tally = codec.from_json(Tally, read["tally"]) if "tally" in read else None
    reading = Reading(value=_value(read), unit=read.get("unit"), seq=read.get("seq"), plan=read.get("plan"), tally=tally)
    return _path(read["name"]), reading


def _path(name: str) -> Path:
    """The path behind a dotted name. A tag is a word of the procedure's own and may have dots; no other part of a name may."""
    return tuple(name.split(".", 2) if name.startswith("unit.tag.") else name.split("."))


def _value(read: dict[str, Any]) -> values.Value | Calendar | None:
    if "calendar" in read:
        off, on = (frozenset(map(date.fromisoformat, read["calendar"][key])) for key in ("off", "on"))
        return Calendar(days_off=off, days_on=on)
    return values.from_json(read["value"]) if "value" in read else None
