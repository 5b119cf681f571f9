"""What a decision may ask about the season around a unit.

The store answers from its projections, a replay from memory; both give the same answers for the same log. Everything above these
few questions (what a guard's name means, which plan wins) is written once, in `engine.reading` and `engine.planning`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol

import attrs

if TYPE_CHECKING:  # a protocol names what it does not load: the kernel and the guards behind a procedure are heavy
    from engine.case import Case
    from engine.events import PlanIssued
    from engine.procedure import Procedure
    from engine.readings import Tally
    from engine.unit import Unit


@attrs.frozen(kw_only=True)
class PlanInForce:
    """A plan as the log has it: its event, and the day and position from which it is in force."""

    seq: int
    since: date
    issued: PlanIssued


@attrs.frozen(kw_only=True)
class Adopted:
    """What a level follows from a position on."""

    level: str
    workflow: str
    digest: str
    initial: str


class World(Protocol):
    """The season at one position of its log."""

    @property
    def board(self) -> str:
        """The unit that opened the season."""
        ...

    def case(self, code: str) -> Case | None:
        """The case of a unit, or None when no such unit ever joined."""
        ...

    def unit(self, code: str) -> Unit | None:
        """A unit of the tree, without its case."""
        ...

    def superiors(self) -> frozenset[str]:
        """The codes that stand above the roots: they have no congress here, and may act."""
        ...

    def line(self, code: str) -> Sequence[Unit]:
        """The unit itself, its parent, and so on up to the root."""
        ...

    def levels_piloted(self, code: str) -> frozenset[str]:
        """The levels at which a unit has designated pilots."""
        ...

    def tally(self, owner: str, roll: str, milestone: str | None, day: date) -> Tally:
        """How many of `children` or `pilots` of a unit had reached a milestone on a day, among those in the season on that day."""
        ...

    def still_counted(self, owner: str, roll: str, milestone: str, day: date) -> int:
        """How many reached the milestone by a day, and have it to this hour."""
        ...

    def members(self, owner: str, roll: str) -> Iterable[str]:
        """The codes of all `children` or `pilots` of a unit, in the order they joined."""
        ...

    def plans(self) -> Sequence[PlanInForce]:
        """Every plan issued, in the order of the log."""
        ...

    def adopted(self, level: str) -> Adopted | None:
        """What a level follows."""
        ...

    def adoptions(self) -> Sequence[Adopted]:
        """What every level follows, top first."""
        ...

    def procedure(self, digest: str) -> Procedure:
        """A procedure by the digest a unit is pinned to."""
        ...

    def replaced(self, seqs: Collection[int]) -> frozenset[int]:
        """Those of some events whose word no longer stands (`engine.evolve.replaces`)."""
        ...
