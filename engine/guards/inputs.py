"""Who can change what a guard reads: from a path to the acts that would give it another value.

What stands outside anybody's reach has no act: the day itself, what a unit is, a milestone once reached, the length of a complete roll.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from engine.readings import Path, Reading, Tally
from engine.verdicts import Deed, Todo
from engine.workflow import Role, Workflow

UNREAD: Final = Reading(value=None)
"""What stands at a path that nobody looked up."""

_DOCUMENT_DEEDS: Final[Mapping[str, Deed]] = {
    "filed": "file",
    "filed_on": "file",
    "version": "file",
    "approved": "approve",
    "approved_on": "approve",
    "open_items": "settle",
}


@attrs.frozen
class Roles:
    """The units that act for one unit. `superior`: None for a root with nobody above; `lead`: who leads the pilots, if anybody."""

    unit: str
    superior: str | None
    board: str
    lead: str | None = None

    def code(self, role: Role) -> str:
        """The unit in a role. Where nobody stands above, the board does."""
        if role == "unit":
            return self.unit
        return (self.superior or self.board) if role == "superior" else self.board


@attrs.frozen
class Roll:
    """A roll and whose it is."""

    name: str
    owner: str
    path: Path


@attrs.frozen
class Inputs:
    """The acts open to the units around one unit, given what was read."""

    readings: Mapping[Path, Reading]
    workflow: Workflow
    roles: Roles

    def reading(self, path: Path) -> Reading:
        return self.readings.get(path, UNREAD)

    def todos(self, path: Path, count: int = 1) -> tuple[Todo, ...]:  # noqa: PLR0911 - one case for each kind of path
        """The acts that would change what stands at a path. `count`: of how many units, where units are counted."""
        roll = self.roll(path)
        if roll is not None:
            return self._roll_todos(roll, path, count)
        match path:
            case ("fact", name):
                return (Todo(who=self._recorder(name), deed="record", name=name, unit=self.roles.unit),)
            case ("doc", name, what):
                return self._document(name, what, self.reading(("doc", name, "filed")))
            case ("plan", name):
                return (self._issue(name),)
            case ("calendar",):
                return (self._issue("calendar"),)
            case ("unit", "planned_on"):
                return (Todo(who=self.roles.unit, deed="schedule", name="planned_on", unit=self.roles.unit),)
            case ("unit" | "parent" | "lead", "reached" | "day", name):
                return self._reach(path, name)
            case ("parent", *rest):
                return self._of_parent(rest, self.reading(path).unit)
            case _:
                return ()

    def roll(self, path: Path) -> Roll | None:
        """The roll that a path counts; None when it counts none, or the roll has no owner."""
        if path[0] in ("children", "pilots"):
            return Roll(path[0], self.roles.unit, path[:1])
        if path[:2] == ("lead", "pilots") and self.lead is not None:
            return Roll("pilots", self.lead, path[:2])
        return None

    @property
    def lead(self) -> str | None:
        return self.roles.lead

    def without_lead(self, path: Path) -> bool:
        """Whether nothing is known at a path because nobody above has named pilots."""
        return path[0] == "lead" and self.lead is None and self.reading(path).value is None

    def _recorder(self, fact: str) -> str:
        return self.roles.code(self.workflow.fact_by_id[fact].by[0])

    def _document(self, name: str, what: str, filed: Reading) -> tuple[Todo, ...]:
        document, deed = self.workflow.document_by_id[name], _DOCUMENT_DEEDS[what]
        roles = {"file": document.by, "approve": document.approved_by, "settle": document.by}
        deeds: tuple[Deed, ...] = ("file", deed) if deed == "approve" and filed.value is False else (deed,)
        return tuple(Todo(who=self.roles.code(roles[d][0]), deed=d, name=name, unit=self.roles.unit) for d in deeds)

    def _issue(self, name: str) -> Todo:
        declared = self.workflow.plan_value_by_id.get(name)
        by: Role = "superior" if declared is None else declared.by
        return Todo(who=self.roles.code(by), deed="issue", name=name, unit=self.roles.unit)

    def _reach(self, path: Path, milestone: str) -> tuple[Todo, ...]:
        reading = self.reading(path)
        if self.without_lead(path):
            return (Todo(who=self.roles.board, deed="name_pilots", name="pilots", unit=self.roles.unit),)
        unit = {"unit": self.roles.unit, "lead": self.lead}.get(path[0], reading.unit)
        if unit is None or reading.value not in (None, False):
            return ()
        return (Todo(who=unit, deed="reach", name=milestone, unit=unit),)

    def _of_parent(self, rest: list[str], parent: str | None) -> tuple[Todo, ...]:
        if parent is None:
            return ()
        deed: Deed = "record" if rest[0] == "fact" else _DOCUMENT_DEEDS[rest[2]]
        return (Todo(who=parent, deed=deed, name=rest[1], unit=parent),)

    def _roll_todos(self, roll: Roll, path: Path, count: int) -> tuple[Todo, ...]:
        reading = self.reading(path)
        tally = reading.tally
        if reading.value is False or (tally is not None and not (tally.complete and tally.tracked)):
            return (Todo(who=roll.owner, deed="complete_roll", name=roll.name, unit=roll.owner),)
        counted = path[len(roll.path)] in ("reached", "first", "last")
        return () if tally is None or not counted else reached_by(tally, path[-1], count)


def reached_by(tally: Tally, milestone: str, count: int) -> tuple[Todo, ...]:
    """That `count` more units of a roll reach a milestone: each by its code where all of them are needed, else any of those open."""
    left = len(tally.still_open) + tally.more
    if left == 0:
        return ()
    if count >= left and tally.more == 0:
        return tuple(Todo(who=code, deed="reach", name=milestone, unit=code) for code in tally.still_open)
    owner = tally.owner
    return (Todo(who=owner, deed="reach", name=milestone, unit=owner, any_of=tally.still_open, count=min(count, left)),)
