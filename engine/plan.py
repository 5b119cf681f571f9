"""Plans: numbered papers that a unit issues, with values for the units in their scope.

A plan's identity is its issuer, number, type and year, never the number alone: 48-CT/TW was given twice. Its date may
be blank on the paper (71/KH-BTV); it is then in force from the day it was recorded.
"""

from __future__ import annotations

from datetime import date

import attrs

from engine.values import Text, Value


@attrs.frozen(kw_only=True)
class Scope:
    """For which units a value holds: every condition that is given must be true. `under` includes the unit it names."""

    level: str | None = None
    block: str | None = None
    pilot: bool | None = None
    under: str | None = None


@attrs.frozen(kw_only=True)
class ScopedValue:
    """One value of a plan. `firm`: no plan of a unit further down may replace it."""

    name: str
    value: Value
    scope: Scope = Scope()
    firm: bool = False
    source: str = ""


@attrs.frozen(kw_only=True)
class Plan:
    """A plan as a value. `id` is ours; `number`, `type` and `year` are the paper's.

    `dated` is None where the paper leaves it blank. `days_off` (holidays) and `days_on` (weekend days worked instead) are the working
    calendar: they are kept in the log, so that `workdays()` is the same for ever.
    """

    id: str
    issuer: str
    number: str
    type: str
    year: int
    text: Text
    dated: date | None = None
    values: tuple[ScopedValue, ...] = ()
    days_off: tuple[date, ...] = ()
    days_on: tuple[date, ...] = ()
    source: str = ""
