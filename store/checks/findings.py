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

    def first_hand(self, what: str, seq: int | None = None, **fields: Any) -> None:
        """What is known from outside the log: told however many were found inside it."""
        self.problems.append(Problem(seq=seq, unit=None, problem=what, fields=fields))

    def problem(self, what: str, seq: int | None = None, unit: str | None = None, **fields: Any) -> None:
        if len(self.problems) < MOST:
            self.problems.append(Problem(seq=seq, unit=unit, problem=what, fields=fields))
        else:
            self.more += 1

    def take(self, other: Findings) -> None:
        """Those of another check, behind what was found before."""
        room = max(0, MOST - len(self.problems))
        self.problems.extend(other.problems[:room])
        self.more += len(other.problems[room:])
        self.notes.extend(other.notes)
        self.more += other.more

    def note(self, code: str, unit: str | None = None, **fields: Any) -> None:
        self.notes.append(Note(code=code, unit=unit, fields=fields))

    @property
    def ok(self) -> bool:
        return not self.problems
