"""What every decision shares: drafts, and the questions that are asked of any command."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypeAlias

import attrs

from engine import events as ev
from engine.actors import Sealed, Words
from engine.commands import Command
from engine.errors import DaihoiError
from engine.refusals import HasLeft, NotYours, ReasonMissing, WrongDay
from engine.view import View
from engine.workflow import Role


@attrs.frozen
class Draft:
    """An event before it has its place in the log: about which unit, and on which day it took place."""

    unit: str
    on: date
    event: ev.AnyEvent


Decision: TypeAlias = tuple[Draft, ...] | DaihoiError
"""What happens, or why not. A refusal is returned, not raised: saying no is an answer."""

ABOVE: tuple[Role, ...] = ("superior",)
ABOVE_OR_BOARD: tuple[Role, ...] = ("superior", "board")


def happened(view: View, event: ev.AnyEvent, on: date | None = None) -> Decision:
    """One event about the view's unit, on the act's day unless another is given."""
    return (Draft(view.code, view.on if on is None else on, event),)


def sealed(words: Words) -> Sealed:
    """The digest of words that the desk has sealed. Plain words here are a mistake of the caller's."""
    if isinstance(words, str):
        raise TypeError("words must be sealed before they are decided on")
    return words


def not_theirs(view: View, command: Command, step: str, roles: Iterable[Role]) -> NotYours | None:
    """Whether the actor is none of those who may."""
    wanted = tuple(roles)
    codes = {"unit": view.code, "superior": view.case.unit.above, "board": view.world.board}
    allowed = tuple(dict.fromkeys(code for role in wanted if (code := codes[role]) is not None))
    if command.actor.unit in allowed:
        return None
    return NotYours(unit=view.code, step=step, actor=command.actor.unit, roles=wanted, allowed=allowed)


def left(view: View) -> HasLeft | None:
    """Whether the unit has left the season."""
    gone = view.case.left_on
    return None if gone is None else HasLeft(unit=view.code, on=gone)


def in_future(view: View, step: str) -> WrongDay | None:
    """Nothing takes place after today."""
    if view.on <= view.today:
        return None
    return WrongDay(unit=view.code, step=step, on=view.on, bound=view.today, why="future")


def no_reason(command: Command, step: str) -> ReasonMissing | None:
    """Acts that undo or set aside need their reason in words."""
    return ReasonMissing(step=step) if command.reason is None else None


def first(*refusals: DaihoiError | None) -> DaihoiError | None:
    """The first that refuses: the order of the questions is the order of the answers."""
    return next((r for r in refusals if r is not None), None)
