"""A unit of the season's tree: what is fixed about it from the day it joins."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import attrs

SEASON: Final = "season"
"""The reserved unit code to which season-wide events belong."""

RollStatus: TypeAlias = Literal["complete", "open", "untracked"]


@attrs.frozen(kw_only=True)
class Unit:
    """One node of the tree. The code is its identity; names repeat and move.

    `parent`: the unit directly above, or None for the root. `superior`: an outside superior (no congress of its own in this season, but it
    may act as the one above) for a unit without a parent. `pilot_of`: the unit that designated it as a pilot. `tags`: words of the
    season's own that a route may ask for (`unit.tag("appointed")`).
    """

    code: str
    name: str
    level: str
    parent: str | None = None
    superior: str | None = None
    block: str | None = None
    pilot_of: str | None = None
    tags: tuple[str, ...] = ()

    @property
    def above(self) -> str | None:
        """Who acts as the direct superior: the parent, or the outside superior of a root."""
        return self.parent if self.parent is not None else self.superior
