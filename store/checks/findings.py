"""What a verification found so far."""

from __future__ import annotations

from typing import Any, Final

import attrs

from engine.answers import Problem
from engine.board import Note

MOST: Final = 50
"""Problems listed one by one: one hole in a log pulls many after it, and the first ones say where it is."""


@attrs.define
class Findings:
    problems: list[Problem] = attrs.field(factory=list)
    notes: list[Note] = attrs.field(factory=list)
    more: int = 0

    def problem(self, what: str, seq: int | None = None, unit: str | None = None, **fields: Any) -> None:
        if len(self.problems) < MOST:
            self.problems.append(Problem(seq=seq, unit=unit, problem=what, fields=fields))
        else:
            self.more += 1

    def note(self, code: str, unit: str | None = None, **fields: Any) -> None:
        self.notes.append(Note(code=code, unit=unit, fields=fields))

    @property
    def ok(self) -> bool:
        return not self.problems
