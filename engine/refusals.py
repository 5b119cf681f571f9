"""Why a command may not happen. Refusals are values: `decide` returns them, the desk raises them.

Exit code 7 is the procedure's no, 4 is "not you", 2 is a name or value that cannot be.
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Final

import attrs

from engine.errors import DaihoiError
from engine.verdicts import Todo, Verdict


@attrs.define(kw_only=True)
class Refused(DaihoiError):
    """The procedure says no. Nothing was recorded."""

    exit_code: ClassVar[int] = 7

    unit: str


@attrs.define(kw_only=True)
class NoSuchStep(Refused):
    """The step does not lead on from where the unit (or its document) stands. `possible`: what does; `back`: what leads back."""

    code: ClassVar[str] = "E-EDGE"

    step: str
    state: str
    possible: tuple[str, ...] = ()
    back: tuple[str, ...] = ()


@attrs.define(kw_only=True)
class NotYours(Refused):
    """Somebody else has to do this. `allowed`: the codes of those who may, `roles` what they are to the unit."""

    code: ClassVar[str] = "E-ROLE"
    exit_code: ClassVar[int] = 4

    step: str
    actor: str
    roles: tuple[str, ...]
    allowed: tuple[str, ...]


@attrs.define(kw_only=True)
class IsPostponed(Refused):
    """The unit's congress is postponed; only facts and documents go on."""

    code: ClassVar[str] = "E-POSTPONED"

    step: str
    since: date
    until: date | None


@attrs.define(kw_only=True)
class WrongDay(Refused):
    """The day cannot be.

    `why`: future (after today), not_today (earlier), before_last_change, before_joining, before_start (it ends before it begins).
    """

    code: ClassVar[str] = "E-DAY"

    step: str
    on: date
    bound: date
    why: str


@attrs.define(kw_only=True)
class AlreadySo(Refused):
    """It is so already; saying it again would add nothing. `seq`: the event that said it, where one did."""

    code: ClassVar[str] = "E-DUPLICATE"

    step: str
    name: str
    seq: int | None = None


@attrs.define(kw_only=True)
class GuardsRefuse(Refused):
    """Guards stand before the step: every verdict, and the smallest way through (None: no act can meet them)."""

    code: ClassVar[str] = "E-GUARD"

    trigger: str
    verdicts: tuple[Verdict, ...]
    smallest: tuple[Todo, ...] | None


@attrs.define(kw_only=True)
class HasLeft(Refused):
    """The unit has left the season."""

    code: ClassVar[str] = "E-LEFT"

    on: date


@attrs.define(kw_only=True)
class BadRequest(DaihoiError):
    """What was asked names something that is not there, or gives a value that cannot be. Nothing was recorded."""

    exit_code: ClassVar[int] = 2


@attrs.define(kw_only=True)
class UnknownName(BadRequest):
    """No such fact, document, guard, level, plan, workflow, season … `kind` says which; `known` are the names there are."""

    code: ClassVar[str] = "E-NAME"

    kind: str
    name: str
    known: tuple[str, ...] = ()


@attrs.define(kw_only=True)
class UnknownUnit(BadRequest):
    """No such unit; `near`: codes that look like it."""

    code: ClassVar[str] = "E-UNIT"

    unit: str
    near: tuple[str, ...] = ()


@attrs.define(kw_only=True)
class WrongValue(BadRequest):
    """A value that the fact does not take. `expected`: its type; `choices`: the words it is limited to."""

    code: ClassVar[str] = "E-VALUE"

    name: str
    value: Any
    expected: str
    choices: tuple[str, ...] = ()


@attrs.define(kw_only=True)
class WrongTarget(BadRequest):
    """The event named cannot be corrected, annulled or confirmed.

    `why`: missing, other_unit, kind (events of its kind cannot), gone (withdrawn already), not_last, nothing_changed.
    """

    code: ClassVar[str] = "E-TARGET"

    seq: int
    step: str
    why: str
    last: int | None = None


@attrs.define(kw_only=True)
class ReasonMissing(BadRequest):
    """This act needs its reason in words."""

    code: ClassVar[str] = "E-REASON"

    step: str


CODES: Final = tuple(dict.fromkeys(cls.code for kind in (Refused, BadRequest) for cls in kind.__subclasses__()))
"""What a command can be refused with."""
