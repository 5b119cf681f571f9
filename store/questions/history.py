"""What was recorded, in the order of the log: `daihoi history`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from engine import codec
from engine.answers import HistoryLine
from engine.events import Recorded
from engine.leaf import read_leaf
from engine.refusals import UnknownUnit
from engine.unit import SEASON
from store.clock import local_day, start_of
from store.connection import Row, as_bytes
from store.errors import NoSuchPosition
from store.questions.find import nearest
from store.session import Session

_PAGE = 500
_LEAF = "SELECT leaf FROM log WHERE season = ? AND seq = ?"
_COLUMNS = "SELECT seq, leaf, leaf_hash FROM log WHERE season = ?"

# Of a unit the position is an expression: else SQLite goes through the whole log in its order rather than to the unit's few events.
_SEQ = "seq"
_SEQ_OF_UNIT = "seq + 0"


def event(session: Session, seq: int) -> Recorded:
    size = session.head().size
    row = session.store.row(_LEAF, (session.season, seq)) if 0 < seq <= size else None
    if row is None:
        raise NoSuchPosition(at=seq, first=1, last=size, what="event")
    return read_leaf(row[0])[1]


def history(
    session: Session, unit: str | None = None, since: date | None = None, limit: int | None = None
) -> Iterator[HistoryLine]:
    """Lazily, a page at a time: a long history is read while it is printed."""
    if unit is not None and unit != SEASON:
        with session.reading() as world:
            if world.unit(unit) is None:
                raise UnknownUnit(unit=unit, near=nearest(session, unit))
    with session.store.transaction():
        head = session.head()
        statement, values = _asked(session, unit, since)
        seq = _SEQ if unit is None else _SEQ_OF_UNIT
        start = _start(session, f"{statement} ORDER BY {seq} DESC LIMIT ?", values, limit, head.size)
    page = f"{statement} AND {seq} > ? AND {seq} <= ? ORDER BY {seq} LIMIT ?"
    return _pages(session, page, values, start, head.size)


def _asked(session: Session, unit: str | None, since: date | None) -> tuple[str, tuple[str, ...]]:
    statement, values = _COLUMNS, [session.season]
    if unit is not None:
        statement, values = f"{statement} AND unit = ?", [*values, unit]
    if since is not None:
        zone = session.charter(session.head()).zone
        statement, values = f"{statement} AND recorded_at >= ?", [*values, start_of(since, zone)]
    return statement, tuple(values)


def _start(session: Session, statement: str, values: tuple[Any, ...], limit: int | None, last_seq: int) -> int:
    """The position before the first line: with a limit, of the last so many (of none, the end)."""
    if limit is None:
        return 0
    last = statement.replace("seq, leaf, leaf_hash", "seq")
    row = session.store.row(f"SELECT min(seq) FROM ({last}) AS latest", (*values, min(limit, last_seq)))
    return last_seq if row is None or row[0] is None else row[0] - 1


def _pages(session: Session, statement: str, values: tuple[Any, ...], after: int, last: int) -> Iterator[HistoryLine]:
    while True:
        with session.store.transaction():
            rows = session.store.rows(statement, (*values, after, last, _PAGE))
            lines = _lines(session, rows)
        yield from lines
        if len(rows) < _PAGE:
            return
        after = rows[-1][0]


def _lines(session: Session, rows: Iterable[Row]) -> list[HistoryLine]:
    read = [(read_leaf(leaf)[1], leaf, leaf_hash) for _, leaf, leaf_hash in rows]
    texts = _texts(session, {digest for _, leaf, _ in read for digest in sealed_in(leaf)})
    persons = _persons(session, {r.actor.person for r, _, _ in read if r.actor.person is not None})
    zone = session.charter(session.head()).zone
    return [
        HistoryLine(
            recorded=recorded,
            leaf_hash=as_bytes(leaf_hash).hex(),
            payload=codec.parse(leaf)["payload"],
            words={digest: texts.get(digest) for digest in sealed_in(leaf)},
            person=persons.get(recorded.actor.person or ""),
            late=(local_day(recorded.at, zone) - recorded.on).days,
        )
        for recorded, leaf, leaf_hash in read
    ]


def sealed_in(leaf: bytes) -> list[str]:
    """The digests of the texts that a leaf seals, in the order they stand in it."""
    return list(_sealed(codec.parse(leaf)))


def _sealed(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if set(value) == {"sealed"}:
            yield value["sealed"]
            return
        for item in value.values():
            yield from _sealed(item)
    elif isinstance(value, list):
        for item in value:
            yield from _sealed(item)


def _texts(session: Session, digests: set[str]) -> dict[str, str | None]:
    return _words(session, "SELECT digest, text FROM sealed WHERE season = ? AND digest IN ({marks})", digests)


def _persons(session: Session, ids: set[str]) -> dict[str, str | None]:
    return _words(session, "SELECT id, text FROM person WHERE season = ? AND id IN ({marks})", ids)


def _words(session: Session, statement: str, keys: set[str]) -> dict[str, str | None]:
    """What stands beside the log for some keys: never all that does, because a long history asks again for every page."""
    if not keys:
        return {}
    return dict(session.store.rows(statement.format(marks=", ".join("?" * len(keys))), (session.season, *sorted(keys))))
