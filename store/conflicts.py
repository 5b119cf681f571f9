"""Of those who decided on one version of a unit, one wins. The others are told who."""

from __future__ import annotations

from engine import codec
from engine import commands as cmd
from engine.commands import AnyCommand
from engine.events import FactRecorded
from engine.unit import SEASON
from store.commands import receipt_of
from store.connection import Store
from store.errors import UnitChanged

_WINNER = "SELECT command, actor_unit, person FROM log WHERE season = ? AND unit = ? AND version = ?"
_SINCE = "SELECT kind, leaf FROM log WHERE season = ? AND unit = ? AND version > ? ORDER BY version"
_PERSON = "SELECT text FROM person WHERE season = ? AND id = ?"


def subject_of(command: AnyCommand) -> str:
    """The unit whose version a command is decided on."""
    if isinstance(command, cmd.EnrolUnit):
        return command.enrolled.code
    if isinstance(command, (cmd.OpenSeason, cmd.IssuePlan, cmd.RecordHeads)):
        return SEASON
    return command.unit


def only_other_facts(store: Store, season: str, command: AnyCommand, read: int) -> bool:
    """Whether all that came between are other facts: recording one of two facts does not depend on the other."""
    if not isinstance(command, cmd.RecordFact):
        return False
    rows = store.rows(_SINCE, (season, command.unit, read))
    return all(kind == FactRecorded.kind and codec.parse(leaf)["payload"]["fact"] != command.fact for kind, leaf in rows)


def conflict(store: Store, season: str, unit: str, expected: int, found: int) -> UnitChanged:
    """Who took the version that was wanted."""
    row = store.row(_WINNER, (season, unit, expected + 1)) if expected < found else None
    if row is None:
        return UnitChanged(unit=unit, expected=expected, found=found)
    command_id, actor, person = row
    named = None if person is None else store.row(_PERSON, (season, person))
    return UnitChanged(
        unit=unit,
        expected=expected,
        found=found,
        winner=receipt_of(store, season, command_id),
        actor=actor,
        person=None if named is None else named[0],
    )
