"""A whole season in memory: the fold of its log, and a `World` that answers from it.

Replays, verification and rehearsals without a store use it; the store's projections answer the same questions from tables. The tree
is kept as indexes beside the cases, so a tally walks only its own roll.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from engine import events as ev
from engine.case import Case
from engine.events import Recorded
from engine.evolve import evolve, replaces
from engine.readings import OPEN_CODES_SHOWN, Tally
from engine.unit import SEASON, Unit
from engine.world import Adopted, PlanInForce

if TYPE_CHECKING:  # folding a log needs no guard; whoever decides on it brings the procedures
    from engine.procedure import Procedure


class SeasonState:
    """The season after the events folded so far. Mutable: it grows with `fold`; the cases in it never change."""

    def __init__(self, procedures: Callable[[str], Procedure]) -> None:
        self._procedures = procedures
        self._cases: dict[str, Case] = {}
        self._rolls: dict[tuple[str, str], list[str]] = {}
        self._piloted: dict[str, set[str]] = {}
        self._plans: list[PlanInForce] = []
        self._adopted: dict[str, Adopted] = {}
        self._superiors: set[str] = set()
        self._replaced: set[int] = set()
        self._season_version = 0
        self.opened: ev.SeasonOpened | None = None
        self.size = 0

    def fold(self, recorded: Recorded) -> None:
        """Take in the next event of the log."""
        self.size = recorded.seq
        if recorded.unit == SEASON:
            self._season_version = recorded.version
            self._fold_season(recorded)
            return
        before = self._cases.get(recorded.unit)
        fallen = replaces(before, recorded)
        if fallen:
            self._replaced.update(fallen)
        after = self._cases[recorded.unit] = evolve(before, recorded)
        if before is None:
            self._join(after.unit)

    def _fold_season(self, recorded: Recorded) -> None:
        event = recorded.event
        if isinstance(event, ev.SeasonOpened):
            self.opened = event
        elif isinstance(event, ev.WorkflowAdopted):
            self._adopted[event.level] = Adopted(
                level=event.level, workflow=event.workflow, digest=event.digest, initial=event.initial
            )
        elif isinstance(event, ev.PlanIssued):
            self._plans.append(PlanInForce(seq=recorded.seq, since=recorded.on, issued=event))

    def _join(self, unit: Unit) -> None:
        if unit.parent is None and unit.superior is not None:
            self._superiors.add(unit.superior)
        if unit.parent is not None:
            self._rolls.setdefault((unit.parent, "children"), []).append(unit.code)
        if unit.pilot_of is not None:
            self._rolls.setdefault((unit.pilot_of, "pilots"), []).append(unit.code)
            self._piloted.setdefault(unit.pilot_of, set()).add(unit.level)

    # The World

    @property
    def board(self) -> str:
        return "" if self.opened is None else self.opened.board

    def case(self, code: str) -> Case | None:
        return self._cases.get(code)

    def cases(self) -> Iterator[Case]:
        """Every unit that ever joined, in the order they joined."""
        return iter(self._cases.values())

    def version(self, code: str) -> int:
        """How many events a unit (or the season itself) has."""
        if code == SEASON:
            return self._season_version
        case = self._cases.get(code)
        return 0 if case is None else case.version

    def unit(self, code: str) -> Unit | None:
        case = self._cases.get(code)
        return None if case is None else case.unit

    def superiors(self) -> frozenset[str]:
        return frozenset(self._superiors)

    def line(self, code: str) -> Sequence[Unit]:
        line = []
        unit = self.unit(code)
        while unit is not None:
            line.append(unit)
            unit = None if unit.parent is None else self.unit(unit.parent)
        return line

    def levels_piloted(self, code: str) -> frozenset[str]:
        return frozenset(self._piloted.get(code, ()))

    def members(self, owner: str, roll: str) -> Iterable[str]:
        return tuple(self._rolls.get((owner, roll), ()))

    def tally(self, owner: str, roll: str, milestone: str | None, day: date) -> Tally:
        members = [c for c in map(self._cases.__getitem__, self.members(owner, roll)) if c.member_on(day)]
        awards = {c.unit.code: None if milestone is None else c.award(milestone, day) for c in members}
        days = [a.on for a in awards.values() if a is not None]
        still_open = [] if milestone is None else sorted(code for code, a in awards.items() if a is None)
        status = self._cases[owner].roll_status(day) if roll == "children" else "complete"
        return Tally(
            roll=roll,
            owner=owner,
            milestone=milestone,
            total=len(members),
            reached=len(days),
            first=min(days, default=None),
            last=max(days, default=None),
            still_open=tuple(still_open[:OPEN_CODES_SHOWN]),
            more=max(0, len(still_open) - OPEN_CODES_SHOWN),
            complete=status == "complete",
            tracked=status != "untracked",
        )

    def still_counted(self, owner: str, roll: str, milestone: str, day: date) -> int:
        awards = (self._cases[code].award(milestone) for code in self.members(owner, roll))
        return sum(a is not None and a.on <= day for a in awards)

    def plans(self) -> Sequence[PlanInForce]:
        return self._plans

    def adopted(self, level: str) -> Adopted | None:
        return self._adopted.get(level)

    def adoptions(self) -> Sequence[Adopted]:
        """The levels that follow a procedure, top first."""
        return tuple(self._adopted.values())

    def procedure(self, digest: str) -> Procedure:
        return self._procedures(digest)

    def replaced(self, seqs: Collection[int]) -> frozenset[int]:
        return frozenset(self._replaced.intersection(seqs))
