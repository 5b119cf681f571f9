"""The board: where every unit stands. What `daihoi status` answers, and what every other answer says beside its subject.

Apart from `engine.answers`, because the board is asked for many times a day and should not load what it does not say.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from engine.check_code import CheckCode


@attrs.frozen(kw_only=True)
class AsOf:
    """At which position, and on which day, an answer holds. `known`: by when it had been recorded, where that was asked."""

    seq: int
    day: date
    known: date | datetime | None = None


@attrs.frozen(kw_only=True)
class Flag:
    """A unit that is late or cannot go on. `why`: past_due, postponed, or returned; `detail`: the due day, the day until, the document."""

    unit: str
    since: date
    why: str
    detail: date | str | None = None


@attrs.frozen(kw_only=True)
class Note:
    """Something a reader has to know. `code`: see the catalogue (`note.*`); `fields` fill its words."""

    code: str
    unit: str | None = None
    fields: Mapping[str, Any] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class LevelLine:
    """One level of the board.

    `states` counts by state in the order of the procedure; `due` is the last day for `held`, the latest of all units'.
    """

    level: str
    total: int
    states: Mapping[str, int]
    held: int
    recognised: int
    last_held: date | None = None
    due: date | None = None

    @property
    def days_early(self) -> int | None:
        """By how many days the last one that held was ahead of the due day (negative: late). Known once all have held."""
        if self.due is None or self.last_held is None or self.held < self.total:
            return None
        return (self.due - self.last_held).days


@attrs.frozen(kw_only=True)
class UnitLine:
    """One unit as a list shows it."""

    unit: str
    name: str
    level: str
    parent: str | None
    pilot: bool
    state: str
    since: date
    held: date | None
    recognised: date | None
    left_on: date | None = None


@attrs.frozen(kw_only=True)
class BoardAnswer:
    """`daihoi status`: where every unit stands.

    `check_code`: of the whole log, at whichever moment the units are shown.

    `asked`: by what the units themselves were asked for (`state`, `overdue`, `blocked`, `units`); then `units` are those that fit.
    """

    as_of: AsOf
    check_code: CheckCode
    under: str | None
    levels: tuple[LevelLine, ...]
    overdue: tuple[Flag, ...]
    blocked: tuple[Flag, ...]
    notes: tuple[Note, ...]
    units: tuple[UnitLine, ...] = ()
    asked: tuple[str, ...] = ()
