"""Which events of the log are asked for, and where they lie.

What an index or a column serves is asked of the database; what stands only in an event's own bytes is looked at row by row while the log
goes by, a page at a time. The log of a whole season is never in memory, and one unit's events are found by the unit's index.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import Any, Final

import attrs

from engine import events as ev
from engine.actors import Actor
from engine.leaf import EVENTS, read_leaf
from engine.refusals import UnknownName
from engine.values import nfc
from store.charter import Charter
from store.clock import local_day
from store.connection import Row, as_bytes, in_batches
from store.questions.find import below, find_unit
from store.questions.lengths import recorded_before, recorded_by
from store.session import Session

PAGE: Final = 500
_FEW: Final = 20_000
"""A part of the tree with no more events is looked up unit by unit; of a larger one it is quicker to let the whole log go by."""

_COLUMNS: Final = "seq, unit, effective_on, recorded_at, leaf, leaf_hash"
_PERSONS = "SELECT id FROM person WHERE season = ? AND text = ?"
_PROCEDURES = "SELECT digest FROM definition WHERE kind = 'workflow' ORDER BY digest"


@attrs.frozen(kw_only=True)
class Sought:
    """What is asked of the history. Everything given has to fit.

    `under`: a unit and those below it. `since`, `until`: the days of recording; `first`, `last`: the days on which it took place; all of
    them inclusive. `late`: recorded more than so many days after the day it took place. `guard`: its verdict, or its waiver.
    """

    unit: str | None = None
    under: str | None = None
    kinds: Sequence[str] = ()
    by: Actor | None = None
    guard: str | None = None
    since: date | None = None
    until: date | None = None
    first: date | None = None
    last: date | None = None
    late: int | None = None


@attrs.frozen(kw_only=True)
class Trail:
    """Where the events lie: positions above `after` up to `upto`; `seqs`, where an index named each of them."""

    session: Session
    charter: Charter
    sought: Sought
    after: int
    upto: int
    where: str
    values: tuple[Any, ...]
    units: frozenset[str] | None = None
    seqs: Sequence[int] | None = None

    def page(self, after: int) -> list[Row]:
        """The next rows above a position, inside a transaction."""
        if self.seqs is not None:
            begin = bisect_right(self.seqs, after)
            return self._named(self.seqs[begin : begin + PAGE])
        statement = f"SELECT {_COLUMNS} FROM log WHERE {self.where} AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?"
        return self.session.store.rows(statement, (*self.values, after, self.upto, PAGE))

    def page_before(self, seq: int) -> list[Row]:
        """The rows before a position, the latest first."""
        if self.seqs is not None:
            end = bisect_left(self.seqs, seq)
            return self._named(self.seqs[max(0, end - PAGE) : end])[::-1]
        statement = f"SELECT {_COLUMNS} FROM log WHERE {self.where} AND seq > ? AND seq < ? ORDER BY seq DESC LIMIT ?"
        return self.session.store.rows(statement, (*self.values, self.after, seq, PAGE))

    def _named(self, seqs: Sequence[int]) -> list[Row]:
        """The rows at some positions, in their order."""
        found: list[Row] = []
        for marks, some in in_batches(seqs):
            statement = f"SELECT {_COLUMNS} FROM log WHERE season = ? AND seq IN ({marks}) ORDER BY seq"
            found += self.session.store.rows(statement, (self.session.season, *some))
        return found

    def fits(self, row: Row) -> bool:
        """What no column says, or says only together with another."""
        _, unit, effective_on, recorded_at, leaf, _ = row
        if self.units is not None and unit not in self.units:
            return False
        if self.sought.late is not None and not self._is_late(effective_on, recorded_at, self.sought.late):
            return False
        return self.sought.guard is None or _speaks_of(as_bytes(leaf), self.sought.guard)

    def _is_late(self, effective_on: Any, recorded_at: Any, days: int) -> bool:
        try:
            late = _ordinal(recorded_at[:10]) - _ordinal(effective_on)
            if abs(late - days) > 1:  # wherever the season is held, it is the same day there, the day before or the day after
                return late > days
            return (local_day(recorded_at, self.charter.zone) - date.fromisoformat(effective_on)).days > days
        except (TypeError, ValueError):
            return True  # a column that was tampered with hides nothing: the line is told from its leaf

    def start(self, limit: int | None) -> int:
        """The position above which the last so many lie; without a limit, all of them."""
        if limit is None:
            return self.after
        if limit < 1:
            return self.upto
        first, left, seq = self.upto + 1, min(limit, self.upto), self.upto + 1
        while left and (rows := self.page_before(seq)):
            for row in islice(filter(self.fits, rows), left):
                left, first = left - 1, row[0]
            seq = rows[-1][0]
        return int(first) - 1


@lru_cache(maxsize=4096)
def _ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def trail(session: Session, sought: Sought) -> Trail:
    """Where what is asked for lies. Raises UnknownName, UnknownUnit."""
    by = None if sought.by is None else _who(session, sought.by)
    with session.store.transaction():
        head = session.head()
        _check(session, sought)
        where, values = _columns(session, sought, by)
        found = Trail(
            session=session,
            charter=session.charter(head),
            sought=sought,
            after=0 if sought.since is None else recorded_before(session, head, sought.since),
            upto=head.size if sought.until is None else recorded_by(session, head, sought.until),
            where=where,
            values=values,
        )
        return _placed(found)


def _who(session: Session, by: Actor) -> Actor:
    """The actor by its code: a unit of the tree, however it is named, or an outside superior."""
    with session.reading() as world:
        known = world.unit(by.unit) is not None or by.unit in world.superiors() or by.unit == world.board
    return by if known else attrs.evolve(by, unit=find_unit(session, by.unit))


def _check(session: Session, sought: Sought) -> None:
    for kind in sought.kinds:
        if kind not in EVENTS:
            raise UnknownName(kind="event", name=kind, known=tuple(EVENTS))
    if sought.guard is not None:
        digests = session.store.rows(_PROCEDURES)
        known = {g.id: None for (digest,) in digests for g in session.memory.workflow(digest).all_guards}
        if sought.guard not in known:
            raise UnknownName(kind="guard", name=sought.guard, known=tuple(known))


def _columns(session: Session, sought: Sought, by: Actor | None) -> tuple[str, tuple[Any, ...]]:
    """What the columns of the log serve."""
    where, values = ["season = ?"], [session.season]
    kinds = list(sought.kinds)
    if sought.guard is not None:
        speaking = [ev.Advanced.kind, ev.GuardWaived.kind]
        kinds = [kind for kind in speaking if not kinds or kind in kinds] or ["-"]
    if kinds:
        where.append(f"kind IN ({', '.join('?' * len(kinds))})")
        values += kinds
    if by is not None:
        where.append("actor_unit = ?")
        values.append(by.unit)
    if by is not None and by.person is not None:
        ids = [one for (one,) in session.store.rows(_PERSONS, (session.season, nfc(by.person.strip())))] or ["-"]
        where.append(f"person IN ({', '.join('?' * len(ids))})")
        values += ids
    for day, comparison in ((sought.first, ">="), (sought.last, "<=")):
        if day is not None:
            where.append(f"effective_on {comparison} ?")
            values.append(day.isoformat())
    return " AND ".join(where), tuple(values)


def _placed(found: Trail) -> Trail:
    """With the positions themselves, where the index of units names them."""
    session, sought = found.session, found.sought
    if sought.unit is None and sought.under is None:
        return found
    units: set[str] | None = None
    events = 0
    if sought.under is not None:
        statement, values = below(session.season, sought.under, "code, version")
        versions = {sought.under: session.version_of(sought.under), **dict(session.store.rows(statement, values))}
        units, events = set(versions), sum(versions.values())
    if sought.unit is not None:
        units, events = {sought.unit} if units is None or sought.unit in units else set(), 0
    if units is not None and events > _FEW:
        return attrs.evolve(found, units=frozenset(units))
    return attrs.evolve(found, seqs=sorted(_seqs(found, sorted(units or ()))))


def _seqs(found: Trail, units: Sequence[str]) -> Iterator[int]:
    """The positions of some units' events. As an expression, for else SQLite goes through the log in its order to find them."""
    for marks, some in in_batches(units):
        statement = f"SELECT seq + 0 FROM log WHERE {found.where} AND unit IN ({marks}) AND seq + 0 > ? AND seq + 0 <= ?"
        for (seq,) in found.session.store.rows(statement, (*found.values, *some, found.after, found.upto)):
            yield seq


def _speaks_of(leaf: bytes, guard: str) -> bool:
    """Whether an event holds a guard's verdict, or waives it. Most are told by their bytes."""
    if guard.encode() not in leaf:
        return False
    event = read_leaf(leaf)[1].event
    if isinstance(event, ev.GuardWaived):
        return event.guard == guard
    return isinstance(event, ev.Advanced) and any(verdict["guard"] == guard for verdict in event.verdicts)
