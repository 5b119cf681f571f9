"""Where a unit stands, by the program's own fold, in the words of docs/bundle.md."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from engine.case import Case


def told(cases: Iterable[Case]) -> list[dict[str, Any]]:
    """What verifiers have to tell of some units."""
    return sorted((_told(case) for case in cases), key=lambda unit: str(unit["unit"]).encode())


def _told(case: Case) -> dict[str, Any]:
    pause, planned = case.pause(), case.planned_on()
    return {
        "attempt": case.attempt,
        "documents": {name: _document(case, name) for name in {e.name for e in case.documents} if case.document(name)},
        "facts": {name: _value(entry.value) for name, entry in case.fact_values().items()},
        "joined": str(case.joined_on),
        "left": _day(case.left_on),
        "milestones": {name: str(day) for name, day in case.milestones().items()},
        "planned": _day(planned),
        "postponed": pause is not None,
        "roll": case.roll_status(),
        "since": str(case.since),
        "state": case.state,
        "unit": case.unit.code,
        "until": None if pause is None else _day(pause.until),
        "version": case.version,
    }


def _document(case: Case, name: str) -> dict[str, Any]:
    status = case.document(name)
    assert status is not None
    return {"approved": status.approved_version, "status": status.status, "version": status.version}


def _value(value: Any) -> Any:
    return {"date": str(value)} if isinstance(value, date) else value


def _day(day: date | None) -> str | None:
    return None if day is None else str(day)
