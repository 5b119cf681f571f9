"""Projections: a season's cases as rows that can be counted, written by the transaction that appends the events.

They hold nothing that the log does not, and are dropped and rebuilt whenever their layout changes. A row keeps the whole case as
canonical JSON; its columns are what boards and rolls count by.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine import codec
from engine.case import Case
from engine.evolve import evolve, replaces
from engine.leaf import read_leaf
from engine.unit import SEASON
from engine.workflow import HELD, RECOGNISED
from store.connection import Row, Store
from store.head import seasons
from store.layout import STAMP
from store.names import searchable

COUNTED = "*"
"""In `watch`: the unit's state changes rest on counts, which fall when any milestone is taken back."""

_MOVING = ("version", "state", "since", "held", "recognised", "left_on", "roll", "attention", "watch", "body")
"""The columns that change in a unit's course."""

_STANDING = ("name", "search", "level", "parent", "superior", "block", "pilot_of", "tags", "workflow", "joined_on")
"""Those that are fixed from the day the unit joins."""

CASE_COLUMNS = ", ".join(("code", *_MOVING, *_STANDING))

_INSERT = (
    f"INSERT INTO unit_case ({CASE_COLUMNS}, season, ordinal) VALUES ({', '.join('?' * (len(_MOVING) + len(_STANDING) + 3))})"
)
_UPDATE = f"UPDATE unit_case SET {', '.join(f'{name} = ?' for name in _MOVING)} WHERE season = ? AND code = ?"
_FORGET_AWARDS = "DELETE FROM award WHERE season = ? AND unit = ?"
_AWARD = "INSERT INTO award (unit, milestone, seq, parent, pilot_of, day, until, season) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_REPLACED = "INSERT INTO replaced (season, seq) VALUES (?, ?) ON CONFLICT DO NOTHING"

Change = tuple[Case | None, Case, int]
"""A case before and after, and the event by which the unit joined (0 for one that stands in the tables already)."""


def case_bytes(case: Case) -> bytes:
    return codec.canonical(codec.to_json(case))


def case_from(body: bytes) -> Case:
    return codec.from_json(Case, codec.parse(body))


def write_cases(store: Store, season: str, changes: Iterable[Change]) -> None:
    """Bring the rows of some units up to date."""
    joined, moved, awarded = [], [], []
    for before, after, ordinal in changes:
        if ordinal:
            joined.append((*projected_case(after), season, ordinal))
        else:
            moved.append((*_moving(after), season, after.unit.code))
        if before is None or before.awards != after.awards:
            awarded.append((before, after))
    store.run_many(_INSERT, joined)
    store.run_many(_UPDATE, moved)
    # most awards are a unit's first: only what stood there has to go
    store.run_many(_FORGET_AWARDS, ((season, after.unit.code) for before, after in awarded if before is None or before.awards))
    store.run_many(_AWARD, ((*row, season) for _, after in awarded for row in projected_awards(after)))


def write_replaced(store: Store, season: str, seqs: Iterable[int]) -> None:
    store.run_many(_REPLACED, ((season, seq) for seq in seqs))


def projected_case(case: Case) -> Row:
    """A unit's row, in the order of `CASE_COLUMNS`."""
    return (case.unit.code, *_moving(case), *_standing(case))


def projected_awards(case: Case) -> Iterator[Row]:
    """A unit's rows of awards, its code first."""
    unit = case.unit
    for award in case.awards:
        until = None if award.until is None else award.until.isoformat()
        yield unit.code, award.name, award.seq, unit.parent, unit.pilot_of, award.on.isoformat(), until


def _moving(case: Case) -> Row:
    held, recognised = case.award(HELD), case.award(RECOGNISED)
    return (
        case.version,
        case.state,
        case.since.isoformat(),
        None if held is None else held.on.isoformat(),
        None if recognised is None else recognised.on.isoformat(),
        None if case.left_on is None else case.left_on.isoformat(),
        case.roll_status(),
        int(needs_attention(case)),
        watched(case),
        case_bytes(case),
    )


def _standing(case: Case) -> Row:
    unit = case.unit
    return (
        unit.name,
        searchable(unit.name),
        unit.level,
        unit.parent,
        unit.superior,
        unit.block,
        unit.pilot_of,
        " ".join(unit.tags),
        case.workflow,
        case.joined_on.isoformat(),
    )


def needs_attention(case: Case) -> bool:
    """Whether it takes more than the columns to say how a unit stands: postponements, waivers, papers that did not pass."""
    if case.pauses or case.waivers:
        return True
    # a paper that was returned or has open items keeps that in its entries; one look at them is enough
    return any(entry.act == "returned" or entry.changes for entry in case.documents)


def watched(case: Case) -> str:
    """The events on which the unit's unconfirmed state changes rest, and whether any rests on a count."""
    steps = [step for step in case.steps if step.confirmed is None]
    seqs = sorted({seq for step in steps for seq in step.rests_on})
    counts = [COUNTED] if any(then for step in steps for _, _, then in step.counted) else []
    return " ".join([*counts, *map(str, seqs)])


class Rebuild:
    """A season's rows made anew from its log, inside the transaction that is open."""

    def __init__(self, store: Store, season: str) -> None:
        self._store = store
        self._season = season
        self._cases: dict[str, Case] = {}
        self._joined: dict[str, int] = {}
        self._replaced: set[int] = set()

    def run(self) -> None:
        rows = self._store.stream("SELECT leaf FROM log WHERE season = ? AND unit <> ? ORDER BY seq", (self._season, SEASON))
        for (leaf,) in rows:
            self._fold(leaf)
        write_cases(self._store, self._season, ((None, case, self._joined[code]) for code, case in self._cases.items()))
        write_replaced(self._store, self._season, sorted(self._replaced))

    def _fold(self, leaf: bytes) -> None:
        _, recorded = read_leaf(leaf)
        before = self._cases.get(recorded.unit)
        self._joined.setdefault(recorded.unit, recorded.seq)
        self._replaced.update(replaces(before, recorded))
        self._cases[recorded.unit] = evolve(before, recorded)


def rebuild(store: Store) -> None:
    """Drop the projections, with the views over them and the log, and make them anew for every season of the store, in one transaction."""
    from store.schema import projections

    with store.transaction("whole"):
        if store.dialect.stamp(store.raw) != STAMP:  # nobody else was faster
            store.dialect.drop_views(store.raw)
            projections.drop_all(store.connection)
            projections.create_all(store.connection)
            store.dialect.make_views(store.raw)
            for season in seasons(store):
                Rebuild(store, season).run()
            store.dialect.set_stamp(store.raw, STAMP)
    store.layout_stands = True


def fold_aside(store: Store, season: str) -> None:
    """Make a season's rows in temporary tables, which lie over the stored ones: for a reader of another version's store."""
    from sqlalchemy.schema import CreateTable

    from store.schema import projections

    for table in projections.sorted_tables:
        made = str(CreateTable(table, if_not_exists=True).compile(dialect=store.connection.dialect))
        store.run(made.replace("CREATE TABLE", "CREATE TEMPORARY TABLE"))
        store.run(f"DELETE FROM {table.name}")
    Rebuild(store, season).run()
