"""Verdicts: what a guard said, with the values it read, so that words are made from the verdict and never the other way round."""

from __future__ import annotations

from typing import Literal, TypeAlias

import attrs

from engine.readings import Path, Reading, Tally
from engine.values import Value
from engine.workflow import Severity

Result: TypeAlias = Literal["met", "unmet", "unknown", "error", "waived"]

Deed: TypeAlias = Literal[
    "record", "file", "approve", "settle", "issue", "complete_roll", "reach", "schedule", "name_pilots", "take"
]
"""What kind of input a to-do is: record a fact, file / approve / settle a document, issue a plan value, declare a roll complete,
reach a milestone, set the planned day, name pilots (or say in a plan that there are none), take a transition."""


@attrs.frozen(kw_only=True)
class Todo:
    """One input that somebody can give.

    `who`: the unit whose act it is. `deed` and `name` say what (the fact, document, plan value or milestone); `unit`: about which unit.
    `any_of`: for interchangeable units, the codes of which any `count` will do (`unit` is then the owner of the roll).
    """

    who: str
    deed: Deed
    name: str
    unit: str
    any_of: tuple[str, ...] = ()
    count: int = 1


@attrs.frozen(kw_only=True)
class Need:
    """How far off a comparison ``m*A op n*B`` with literal m and n is: what A would have to be, and how much is missing.

    `needed`, `present`, `missing` are in units of A (days when A is a date, then `needed` is the date itself). `share` is (n, m) where
    B is itself read ("two thirds of 489 summoned" is share (2, 3), of 489).
    """

    operator: str
    needed: Value
    present: Value | None
    missing: int | None = None
    share: tuple[int, int] | None = None
    of: Value | None = None
    of_path: Path | None = None
    tally: Tally | None = None


@attrs.frozen(kw_only=True)
class Because:
    """One comparison (or one bare name) that decided the verdict, with both values; None on a side: not known, or no such side.

    `path`: the first input on the left (or of a bare name); `readings` are the inputs that this comparison read.
    """

    expression: str
    left: Value | None
    right: Value | None
    path: Path | None = None
    need: Need | None = None
    readings: tuple[tuple[Path, Reading], ...] = ()
    error: str | None = None


@attrs.frozen(kw_only=True)
class Verdict:
    """What one guard said. `readings`: every value it read, in the order of reading; `error`: overflow, division_by_zero, …"""

    guard: str
    result: Result
    severity: Severity
    because: tuple[Because, ...] = ()
    todo: tuple[Todo, ...] = ()
    readings: tuple[tuple[Path, Reading], ...] = ()
    error: str | None = None
    waiver_seq: int | None = None

    @property
    def blocks(self) -> bool:
        return self.severity == "must" and self.result in ("unmet", "unknown", "error")
