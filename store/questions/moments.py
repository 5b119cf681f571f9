"""At which position, and on which day: what `--at` and `--on` mean (docs/time-and-log.md, "Three ways to look back").

``--at SEQ`` is the prefix of the log. ``--at DATE`` is everything that is known now, as it stood on the day: corrections are applied,
units that joined later are absent. Without either it is now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import TypeAlias

import attrs

from engine.board import AsOf
from engine.case import Case
from engine.leaf import read_leaf
from engine.season import SeasonState
from engine.world import World
from store.charter import Charter
from store.clock import local_day
from store.errors import Corrupt, NoSuchPosition
from store.head import Head
from store.projections import case_from
from store.session import Session

At: TypeAlias = int | date | None

_LEAVES = "SELECT leaf FROM log WHERE season = ? AND seq <= ? ORDER BY seq"
_RECORDED = "SELECT recorded_at FROM log WHERE season = ? AND seq = ?"
_CASES = "SELECT body FROM unit_case WHERE season = ? ORDER BY ordinal"
_VERSIONS = "SELECT unit, max(version) FROM log WHERE season = ? AND effective_on <= ? GROUP BY unit"


@attrs.frozen(kw_only=True)
class Then:
    """The season at a moment. `past`: the day back to which each case has to be turned (None: it stands as the world has it)."""

    session: Session
    charter: Charter
    world: World
    as_of: AsOf
    past: date | None = None
    versions: Mapping[str, int] = attrs.field(factory=dict)

    @property
    def day(self) -> date:
        return self.as_of.day

    def folded_cases(self) -> Iterator[Case]:
        """Every unit, as the world has it."""
        if isinstance(self.world, SeasonState):
            yield from self.world.cases()
            return
        for (body,) in self.session.store.rows(_CASES, (self.session.season,)):
            yield case_from(body)

    def cases(self) -> Iterator[Case]:
        """Every unit that had joined, as it stood."""
        return (case for case in map(self.turned, self.folded_cases()) if case is not None)

    def case(self, code: str) -> Case | None:
        """One unit as it stood, or None when it had not joined."""
        case = self.world.case(code)
        return None if case is None else self.turned(case)

    def turned(self, case: Case) -> Case | None:
        return case if self.past is None else turned_back(case, self.past, self.versions.get(case.unit.code, 0))


def turned_back(case: Case, day: date, version: int) -> Case | None:
    """A case with its state as it stood on a day; facts and papers are timelines and are asked for the day anyway."""
    if case.joined_on > day:
        return None
    state, _, attempt = case.state_on(day)
    return attrs.evolve(
        case,
        state=state,
        attempt=attempt,
        version=version,
        steps=tuple(s for s in case.steps if s.on <= day),
        waivers=tuple(w for w in case.waivers if w.on <= day),
    )


@contextmanager
def then(session: Session, at: At, on: date | None = None) -> Iterator[Then]:
    """The moment asked for, in one transaction that reads."""
    with session.store.transaction():
        head = session.head()
        if isinstance(at, int):
            yield _at_position(session, head, at, on)
        elif at is not None:
            yield _on_day(session, head, at)
        else:
            charter = session.charter(head)
            day = on or session.today(head)
            yield Then(session=session, charter=charter, world=session.world(head), as_of=AsOf(seq=head.size, day=day))


def _at_position(session: Session, head: Head, seq: int, on: date | None) -> Then:
    # of a position that no log can have a database may not even be asked
    row = session.store.row(_RECORDED, (session.season, seq)) if 0 < seq <= head.size else None
    if row is None:
        raise NoSuchPosition(at=seq, first=1, last=head.size)
    charter = session.charter(head)
    day = on or local_day(row[0], charter.zone)
    return Then(session=session, charter=charter, world=folded(session, seq), as_of=AsOf(seq=seq, day=day))


def folded(session: Session, seq: int) -> SeasonState:
    """The season after the first events of its log."""
    state = SeasonState(session.memory.procedure)
    for (leaf,) in session.store.stream(_LEAVES, (session.season, seq)):
        state.fold(read_leaf(leaf)[1])
    return state


def _on_day(session: Session, head: Head, day: date) -> Then:
    charter, today = session.charter(head), session.today(head)
    versions: dict[str, int] = dict(session.store.rows(_VERSIONS, (session.season, day.isoformat())))
    if not versions:
        raise NoSuchPosition(at=day, first=_opened_on(session), last=today)
    as_of = AsOf(seq=head.size, day=day)
    return Then(session=session, charter=charter, world=session.world(head), as_of=as_of, past=day, versions=versions)


def _opened_on(session: Session) -> date:
    row = session.store.row("SELECT effective_on FROM log WHERE season = ? AND seq = 1", (session.season,))
    if row is None:
        raise Corrupt(place=session.store.dialect.place, detail="event 1 is missing")
    return date.fromisoformat(row[0])
