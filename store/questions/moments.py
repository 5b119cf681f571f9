"""At which position, and on which day: what `--at` and `--on` mean (docs/time-and-log.md, "Four ways to look back").

``--at SEQ`` is the prefix of the log. ``--at DATE`` is everything that is known now, as it stood on the day: corrections are applied,
units that joined later are absent. Without either it is now. ``--known-at`` says the same of the log as it was then: the prefix that had
been recorded, and what that said of the day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import TypeAlias

import attrs

from engine.board import AsOf
from engine.case import Case
from engine.evolve import evolve
from engine.leaf import read_leaf
from engine.season import SeasonState
from engine.world import World
from store.charter import Charter
from store.clock import local_day
from store.errors import Corrupt, NoSuchPosition
from store.head import Head
from store.log import events_of, first_leaves
from store.projections import case_from
from store.questions.lengths import Known, day_of, known_by, placed
from store.session import Session

At: TypeAlias = int | date | None

_RECORDED = "SELECT recorded_at FROM log WHERE season = ? AND seq = ?"
_CASES = "SELECT body FROM unit_case WHERE season = ? ORDER BY ordinal"
_VERSIONS = "SELECT unit, max(version) FROM log WHERE season = ? AND effective_on <= ? AND seq <= ? GROUP BY unit"
_VERSION = "SELECT unit, max(version) FROM log WHERE season = ? AND effective_on <= ? AND seq + 0 <= ? AND unit = ? GROUP BY unit"
_BEGUN = "SELECT seq FROM log WHERE season = ? AND effective_on <= ? AND seq <= ? ORDER BY seq LIMIT 1"


@attrs.frozen(kw_only=True)
class Then:
    """The season at a moment. `head`: of the whole log.

    `past`: the day back to which each case has to be turned (None: it stands as the world has it).

    `own`: units are asked about one by one. Then each one's own events alone are folded, and the world around it is today's.
    """

    session: Session
    head: Head
    charter: Charter
    world: World
    as_of: AsOf
    past: date | None = None
    versions: Mapping[str, int] = attrs.field(factory=dict)
    own: bool = False

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
        case = own_case(self.session, code, self.as_of.seq) if self.own else self.world.case(code)
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
def then(
    session: Session, at: At, on: date | None = None, *, known: Known | None = None, unit: str | None = None
) -> Iterator[Then]:
    """The moment asked for, in one transaction that reads. `unit`: nobody else will be asked about."""
    with session.store.transaction():
        yield moment(session, at, on, known=known, unit=unit, own=unit is not None)


def moment(
    session: Session, at: At, on: date | None = None, *, known: Known | None = None, unit: str | None = None, own: bool = False
) -> Then:
    """The moment asked for, inside a transaction. `own`: units will be asked about one by one, each by its own events."""
    head = session.head()
    if known is not None:
        return _as_known(session, head, at, known, unit, own=own)
    if isinstance(at, int):
        return _at_position(session, head, at, on, own=own)
    if at is not None:
        return _on_day(session, head, at, unit, own=own)
    charter = session.charter(head)
    day = on or session.today(head)
    as_of = AsOf(seq=head.size, day=day)
    return Then(session=session, head=head, charter=charter, world=session.world(head), as_of=as_of)


def _at_position(session: Session, head: Head, seq: int, on: date | None, *, own: bool, last: int | None = None) -> Then:
    """`last`: the last position that was known."""
    # of a position that no log can have a database may not even be asked
    known = head.size if last is None else last
    row = session.store.row(_RECORDED, (session.season, seq)) if 0 < seq <= known else None
    if row is None:
        raise NoSuchPosition(at=seq, first=1, last=known)
    charter = session.charter(head)
    day = on or local_day(row[0], charter.zone)
    as_of = AsOf(seq=seq, day=day)
    world = _world(session, head, seq, own=own)
    return Then(session=session, head=head, charter=charter, world=world, as_of=as_of, own=own)


def _world(session: Session, head: Head, seq: int, *, own: bool) -> World:
    return session.world(head) if own else folded(session, seq)


def folded(session: Session, seq: int) -> SeasonState:
    """The season after the first events of its log."""
    state = SeasonState(session.memory.procedure)
    for leaf in first_leaves(session.store, session.season, seq):
        state.fold(read_leaf(leaf)[1])
    return state


def own_case(session: Session, unit: str, seq: int) -> Case | None:
    """One unit after the first events of the log: nobody else's events change its case."""
    case = None
    for recorded in events_of(session.store, session.season, unit, seq):
        case = evolve(case, recorded)
    return case


def _on_day(session: Session, head: Head, day: date, unit: str | None, *, own: bool, known: int | None = None) -> Then:
    """`known`: how long the log was when the day is asked about; None: all of it, as the projections have it."""
    charter, today = session.charter(head), session.today(head)
    seq = head.size if known is None else known
    values = (session.season, day.isoformat(), seq)
    if session.store.row(_BEGUN, values) is None:
        raise NoSuchPosition(at=day, first=_opened_on(session), last=today)
    rows = session.store.rows(_VERSIONS, values) if unit is None else session.store.rows(_VERSION, (*values, unit))
    return Then(
        session=session,
        head=head,
        charter=charter,
        world=session.world(head) if known is None else _world(session, head, seq, own=own),
        as_of=AsOf(seq=seq, day=day),
        past=day,
        versions=dict(rows),
        own=known is not None and own,
    )


def _as_known(session: Session, head: Head, at: At, known: Known, unit: str | None, *, own: bool) -> Then:
    """What the log said when it was no longer than it was then."""
    seq, day = known_by(session, head, known), day_of(session, head, known)
    charter, today = session.charter(head), session.today(head)
    if seq == 0:
        first = session.store.row(_RECORDED, (session.season, 1))
        raise NoSuchPosition(
            at=day, first=today if first is None else local_day(first[0], charter.zone), last=today, what="known"
        )
    if isinstance(at, int):
        found = _at_position(session, head, at, None, own=own, last=seq)
    elif at is not None:
        found = _on_day(session, head, at, unit, own=own, known=seq)
    else:
        found = _at_position(session, head, seq, min(day, today), own=own)
    return attrs.evolve(
        found, as_of=attrs.evolve(found.as_of, known=placed(session, head, known) if isinstance(known, datetime) else known)
    )


def _opened_on(session: Session) -> date:
    row = session.store.row("SELECT effective_on FROM log WHERE season = ? AND seq = 1", (session.season,))
    if row is None:
        raise Corrupt(place=session.store.dialect.place, detail="event 1 is missing")
    return date.fromisoformat(row[0])
