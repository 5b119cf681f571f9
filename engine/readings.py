"""What a guard reads: a path, and what was found there.

A `Path` is the name as the guard language writes it, cut at the dots and brackets:

====================================  ===========================================================
``("on",)``                           the day the act takes place
``("calendar",)``                     the working calendar (`workdays()` reads it)
``("unit", "code")`` …                also ``level``, ``block``, ``pilot``, ``designates``, ``attempt``, ``planned_on``
``("unit", "tag", T)``                whether the unit carries the tag
``("unit", "reached", M)``            bool; ``("unit", "day", M)`` a date; the same for ``parent`` and ``lead``
``("fact", F)``, ``("plan", P)``      typed as declared; ``("parent", "fact", F)`` too
``("doc", D, "filed")`` …             also ``approved`` (bool), ``filed_on``, ``approved_on`` (date), ``open_items``, ``version`` (int);
                                      ``("parent", "doc", D, …)`` too
``("children", "total")`` …           also ``("children", "tracked")``; the same for ``pilots`` and for ``("lead", "pilots", …)``
``("children", "reached", M)`` …      how many; ``first`` and ``last`` are the days
====================================  ===========================================================
"""

from __future__ import annotations

from datetime import date
from typing import Final, TypeAlias

import attrs

from engine.values import Value

Path: TypeAlias = tuple[str, ...]

OPEN_CODES_SHOWN: Final = 20
"""How many open codes a tally names; every world names as many, or the same log would give other leaves."""


@attrs.frozen(kw_only=True)
class Calendar:
    """The working calendar in force: Saturdays and Sundays are free, but for `days_on`; `days_off` are free."""

    days_off: frozenset[date] = frozenset()
    days_on: frozenset[date] = frozenset()


@attrs.frozen(kw_only=True)
class Tally:
    """How many of a roll had reached a milestone on a day. `still_open`: the codes of at most 20 that had not, then `more`."""

    roll: str
    owner: str
    milestone: str | None
    total: int
    reached: int = 0
    first: date | None = None
    last: date | None = None
    still_open: tuple[str, ...] = ()
    more: int = 0
    complete: bool = True
    tracked: bool = True


@attrs.frozen(kw_only=True)
class Reading:
    """What was found at a path. `value` None: not yet known. `unit`: whose it is (None when there is no such unit, e.g. no lead).

    `seq`: the event that said so, if one did; `plan`: the id of the plan that gave a plan value.
    """

    value: Value | Calendar | None
    unit: str | None = None
    seq: int | None = None
    plan: str | None = None
    tally: Tally | None = None

    @property
    def known(self) -> bool:
        return self.value is not None
