"""Who may act at all: the units of a season, and the outside superiors of its roots.

A code that nobody has is a slip of the pen, which is another thing than somebody who may not do this: the one is told with the nearest
code, the other is the procedure's no.
"""

from __future__ import annotations

from engine import commands as cmd
from engine.refusals import UnknownUnit
from store.questions.find import closest, nearest
from store.session import Session
from store.world import SqlWorld

_IS_SUPERIOR = "SELECT 1 FROM unit_case WHERE season = ? AND parent IS NULL AND superior = ?"
_SUPERIORS = (
    "SELECT DISTINCT superior FROM unit_case WHERE season = ? AND parent IS NULL AND superior IS NOT NULL ORDER BY superior"
)


def check_actor(session: Session, world: SqlWorld, command: cmd.AnyCommand) -> None:
    """Refuse an actor whose code nobody has. Raises UnknownUnit with the codes that look like it."""
    code = command.actor.unit
    if isinstance(command, cmd.OpenSeason):
        known = dict.fromkeys((command.board, *(c for u in command.units for c in (u.code, u.superior) if c is not None)))
        if code not in known:
            raise UnknownUnit(unit=code, near=closest(code, {one: one for one in known}))
    elif world.unit(code) is None and session.store.row(_IS_SUPERIOR, (session.season, code)) is None:
        outside = (superior for (superior,) in session.store.rows(_SUPERIORS, (session.season,)))
        raise UnknownUnit(unit=code, near=nearest(session, code, outside))
