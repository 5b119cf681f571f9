"""The season as its projections say it: a `World` (engine.world) answered by indexed queries.

It gives the answers of `engine.season.SeasonState` for the same log. While a transaction writes, cases that are not yet in the tables
lie over them; they are written down before a question that has to count them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from engine.case import Case
from engine.readings import OPEN_CODES_SHOWN, Tally
from engine.unit import Unit
from engine.world import Adopted, PlanInForce
from store.charter import Charter
from store.connection import Store, in_batches
from store.memory import Memory
from store.projections import case_from

if TYPE_CHECKING:
    from engine.procedure import Procedure

_COLUMN: Final = {"children": "parent", "pilots": "pilot_of"}
_CASE = "SELECT version, body FROM unit_case WHERE season = ? AND code = ?"
_UNIT = "SELECT code, name, level, parent, superior, block, pilot_of, tags FROM unit_case WHERE season = ? AND code = ?"
# Without DISTINCT: SQLite would go through the board's index, and so through every unit, only to find the levels in order.
_PILOTED = "SELECT level FROM unit_case WHERE season = ? AND pilot_of = ?"

_SUPERIORS = "SELECT DISTINCT superior FROM unit_case WHERE season = ? AND parent IS NULL AND superior IS NOT NULL"


def _by_roll(statement: str) -> dict[str, str]:
    """A statement for each roll; `{roll}` is the column that names the roll's owner."""
    return {roll: statement.format(roll=column) for roll, column in _COLUMN.items()}


_MEMBERS = _by_roll("SELECT code FROM unit_case WHERE season = ? AND {roll} = ? ORDER BY ordinal")
_TOTAL = _by_roll(
    "SELECT count(*) FROM unit_case WHERE season = ? AND {roll} = ? AND joined_on <= ? AND (left_on IS NULL OR left_on > ?)"
)
# Of several awards of one milestone that stand on the day, the latest counts; and only members of the day count.
_REACHED = _by_roll(
    "SELECT count(*), min(a.day), max(a.day) FROM award a"
    " WHERE a.season = ? AND a.{roll} = ? AND a.milestone = ? AND a.day <= ? AND (a.until IS NULL OR a.until > ?)"
    " AND NOT EXISTS (SELECT 1 FROM award b WHERE b.season = a.season AND b.unit = a.unit AND b.milestone = a.milestone"
    " AND b.seq > a.seq AND b.day <= ? AND (b.until IS NULL OR b.until > ?))"
    " AND a.unit NOT IN (SELECT code FROM unit_case WHERE season = ? AND {roll} = ? AND (joined_on > ? OR left_on <= ?))"
)
# The owner stands at the awards too, and the codes in an expression: else SQLite reads every award, or every unit, to save itself a sort.
_OPEN = _by_roll(
    "SELECT code FROM unit_case u WHERE season = ? AND {roll} = ? AND joined_on <= ? AND (left_on IS NULL OR left_on > ?)"
    " AND NOT EXISTS (SELECT 1 FROM award a WHERE a.season = u.season AND a.{roll} = u.{roll} AND a.unit = u.code"
    " AND a.milestone = ? AND a.day <= ? AND (a.until IS NULL OR a.until > ?)) ORDER BY code || '' LIMIT ?"
)
_STILL = _by_roll(
    "SELECT count(*) FROM award a WHERE a.season = ? AND a.{roll} = ? AND a.milestone = ? AND a.until IS NULL AND a.day <= ?"
    " AND NOT EXISTS (SELECT 1 FROM award b WHERE b.season = a.season AND b.unit = a.unit AND b.milestone = a.milestone"
    " AND b.seq > a.seq AND b.until IS NULL)"
)


class SqlWorld:
    """The season at the position of the transaction that is open."""

    def __init__(self, store: Store, charter: Charter, memory: Memory) -> None:
        self._store = store
        self._season = charter.log.season
        self._memory = memory
        self._read: dict[str, Case | None] = {}
        self._tallies: dict[tuple[str, str, str | None, date], Tally] = {}
        self._unwritten_owners: set[str] = set()
        self.charter = charter
        self.pending: dict[str, Case] = {}
        self.fallen: set[int] = set()
        self.write_down: Callable[[], None] = lambda: None

    def lay(self, case: Case, fallen: Iterable[int] = ()) -> None:
        """Lay a new case over the tables, and the events whose word it takes away (`engine.evolve.replaces`)."""
        self.fallen.update(fallen)
        unit = case.unit
        self.pending[unit.code] = case
        self._unwritten_owners.update(owner for owner in (unit.parent, unit.pilot_of) if owner is not None)
        self._tallies.clear()
        if case.version == 1 and unit.pilot_of is not None:
            self._memory.piloted.pop(unit.pilot_of, None)

    def written_down(self) -> None:
        self._unwritten_owners.clear()

    def _settle(self, owner: str) -> None:
        """Bring the tables up to date where a question counts what lies over them."""
        if owner in self._unwritten_owners:
            self.write_down()

    # The World

    @property
    def board(self) -> str:
        return self.charter.board

    def case(self, code: str) -> Case | None:
        found = self.pending.get(code)
        if found is not None:
            return found
        if code not in self._read:
            self._read[code] = self._stored(code)
        return self._read[code]

    def _stored(self, code: str) -> Case | None:
        row = self._store.row(_CASE, (self._season, code))
        if row is None:
            return None
        version, body = row
        case = self._memory.cases.get(code)
        if case is None or case.version != version:
            case = self._memory.cases[code] = case_from(body)
        return case

    def version(self, code: str) -> int:
        """How many events a unit has."""
        found = self.case(code)
        return 0 if found is None else found.version

    def unit(self, code: str) -> Unit | None:
        found = self._memory.units.get(code)
        if found is not None:
            return found
        if code in self.pending:
            return self.pending[code].unit
        row = self._store.row(_UNIT, (self._season, code))
        if row is None:
            return None
        unit = self._memory.units[code] = unit_from(row)  # what is fixed about a unit never changes
        return unit

    def superiors(self) -> frozenset[str]:
        return frozenset(code for (code,) in self._store.rows(_SUPERIORS, (self._season,)))

    def line(self, code: str) -> Sequence[Unit]:
        line = []
        unit = self.unit(code)
        while unit is not None:
            line.append(unit)
            unit = None if unit.parent is None else self.unit(unit.parent)
        return line

    def levels_piloted(self, code: str) -> frozenset[str]:
        found = self._memory.piloted.get(code)
        if found is None:
            self._settle(code)
            rows = self._store.rows(_PILOTED, (self._season, code))
            found = self._memory.piloted[code] = frozenset(level for (level,) in rows)
        return found

    def members(self, owner: str, roll: str) -> Iterable[str]:
        self._settle(owner)
        return tuple(code for (code,) in self._store.rows(_MEMBERS[roll], (self._season, owner)))

    def tally(self, owner: str, roll: str, milestone: str | None, day: date) -> Tally:
        key = (owner, roll, milestone, day)
        found = self._tallies.get(key)
        if found is None:
            self._settle(owner)
            found = self._tallies[key] = self._tally(owner, roll, milestone, day)
        return found

    def _tally(self, owner: str, roll: str, milestone: str | None, day: date) -> Tally:
        on = day.isoformat()
        total = self._count(_TOTAL[roll], (self._season, owner, on, on))
        reached, first, last = self._reached(owner, roll, milestone, on) if total else (0, None, None)
        still_open = self._open(owner, roll, milestone, on) if reached < total else ()
        status = self._roll_status(owner, day) if roll == "children" else "complete"
        return Tally(
            roll=roll,
            owner=owner,
            milestone=milestone,
            total=total,
            reached=reached,
            first=first,
            last=last,
            still_open=still_open,
            more=max(0, total - reached - OPEN_CODES_SHOWN) if milestone is not None else 0,
            complete=status == "complete",
            tracked=status != "untracked",
        )

    def _count(self, statement: str, values: Sequence[object]) -> int:
        row = self._store.row(statement, values)
        return 0 if row is None else row[0]

    def _reached(self, owner: str, roll: str, milestone: str | None, on: str) -> tuple[int, date | None, date | None]:
        if milestone is None:
            return 0, None, None
        season = self._season
        rows = self._store.rows(_REACHED[roll], (season, owner, milestone, on, on, on, on, season, owner, on, on))
        reached, first, last = rows[0]
        return reached, _day(first), _day(last)

    def _open(self, owner: str, roll: str, milestone: str | None, on: str) -> tuple[str, ...]:
        if milestone is None:
            return ()
        values = (self._season, owner, on, on, milestone, on, on, OPEN_CODES_SHOWN)
        return tuple(code for (code,) in self._store.rows(_OPEN[roll], values))

    def _roll_status(self, owner: str, day: date) -> str:
        case = self.case(owner)
        return "open" if case is None else case.roll_status(day)

    def still_counted(self, owner: str, roll: str, milestone: str, day: date) -> int:
        self._settle(owner)
        return self._count(_STILL[roll], (self._season, owner, milestone, day.isoformat()))

    def plans(self) -> Sequence[PlanInForce]:
        return self.charter.plans

    def adopted(self, level: str) -> Adopted | None:
        return self.charter.adoptions.get(level)

    def adoptions(self) -> Sequence[Adopted]:
        """The levels that follow a procedure, top first."""
        return tuple(self.charter.adoptions.values())

    def procedure(self, digest: str) -> Procedure:
        return self._memory.procedure(digest)

    def replaced(self, seqs: Collection[int]) -> frozenset[int]:
        wanted = sorted(seqs)
        found = self.fallen.intersection(wanted)
        for marks, some in in_batches(wanted):
            statement = f"SELECT seq FROM replaced WHERE season = ? AND seq IN ({marks})"
            found.update(seq for (seq,) in self._store.rows(statement, (self._season, *some)))
        return frozenset(found)


def unit_from(row: Sequence[Any]) -> Unit:
    """A unit from its columns, in the order of `_UNIT`."""
    code, name, level, parent, superior, block, pilot_of, tags = row
    return Unit(
        code=code,
        name=name,
        level=level,
        parent=parent,
        superior=superior,
        block=block,
        pilot_of=pilot_of,
        tags=tuple(tags.split()),
    )


def _day(written: str | None) -> date | None:
    return None if written is None else date.fromisoformat(written)
