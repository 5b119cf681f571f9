"""What was recorded, in the order of the log: `daihoi history`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from engine import codec
from engine.answers import HistoryLine
from engine.events import Recorded
from engine.leaf import read_leaf
from engine.unit import SEASON
from engine.workflow import Workflow
from store.clock import local_day
from store.connection import Row, as_bytes, in_batches
from store.errors import Corrupt, NoSuchPosition
from store.log import event_at
from store.questions.find import unknown_unit
from store.questions.marks import fallen_since, marks_of
from store.questions.sought import PAGE, Sought, Trail, trail
from store.session import Session


def event(session: Session, seq: int) -> Recorded:
    size = session.head().size
    found = event_at(session.store, session.season, seq) if 0 < seq <= size else None
    if found is None:
        raise NoSuchPosition(at=seq, first=1, last=size, what="event")
    return found


def history(session: Session, sought: Sought, limit: int | None = None) -> Iterator[HistoryLine]:
    """Lazily, a page at a time: a long history is read while it is printed."""
    for unit in (sought.unit, sought.under):
        if unit is not None and unit != SEASON:
            with session.reading() as world:
                if world.unit(unit) is None:
                    raise unknown_unit(session, unit)
    found = trail(session, sought)
    return _pages(session, found, limit)


def _pages(session: Session, found: Trail, limit: int | None) -> Iterator[HistoryLine]:
    with session.store.transaction():
        after = found.start(limit)
    while True:
        with session.store.transaction():
            rows = found.page(after)
            lines = _lines(session, [row for row in rows if found.fits(row)])
        yield from lines
        if len(rows) < PAGE:
            return
        after = rows[-1][0]


def _lines(session: Session, rows: Iterable[Row]) -> list[HistoryLine]:
    read = [(read_leaf(row[4])[1], codec.parse(row[4]), row[5]) for row in rows]
    if not read:
        return []
    head = session.head()
    seals = [list(_sealed(written)) for _, written, _ in read]
    texts = _texts(session, set(chain.from_iterable(seals)))
    persons = _persons(session, {r.actor.person for r, _, _ in read if r.actor.person is not None})
    zone = session.charter(head).zone
    fallen = fallen_since(session, head, [recorded for recorded, _, _ in read])
    workflows = {digest: _workflow(session, digest) for digest in {r.workflow for r, _, _ in read}}
    lines = []
    for (recorded, written, leaf_hash), sealed in zip(read, seals, strict=True):
        late = (local_day(recorded.at, zone) - recorded.on).days
        lines.append(
            HistoryLine(
                recorded=recorded,
                leaf_hash=as_bytes(leaf_hash).hex(),
                payload=written["payload"],
                words={digest: texts.get(digest) for digest in sealed},
                workflow=workflows[recorded.workflow],
                person=persons.get(recorded.actor.person or ""),
                late=late,
                marks=(*marks_of(recorded, late, zone), *fallen.get(recorded.seq, ())),
            )
        )
    return lines


def _workflow(session: Session, digest: str | None) -> Workflow | None:
    """What was recorded is told of a damaged procedure too: by its ids."""
    try:
        return None if digest is None else session.memory.workflow(digest)
    except Corrupt:
        return None


def _sealed(value: Any) -> Iterator[str]:
    """The digests of the texts that a leaf seals, in the order they stand in it."""
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
    return {
        key: text
        for marks, some in in_batches(sorted(keys))
        for key, text in session.store.rows(statement.format(marks=marks), (session.season, *some))
    }
