"""Where two copies of a log part, unit by unit: a unit's events are numbered on their own, so that what was put in for one unit
does not make the events of all others look changed, which merely moved by a place.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final, TypeAlias

import attrs

from engine.events import HeadsRecorded
from engine.unit import SEASON
from store.connection import as_bytes
from store.session import Session

_LOG: Final = "SELECT seq, unit, version, kind, leaf FROM log WHERE season = ? ORDER BY "
_BY_UNIT: Final = "unit, version"
_MOVES: Final = "seq"
"""What of an event changes when another is put in before it."""

Path: TypeAlias = tuple[str | int, ...]


@attrs.frozen(kw_only=True)
class Entry:
    """An event as a store has it."""

    seq: int
    unit: str
    version: int
    kind: str
    leaf: bytes


@attrs.frozen
class Change:
    """A value that stands at this place of the leaf on either side; None where it stands on one alone."""

    path: Path
    old: Any
    new: Any


@attrs.frozen(kw_only=True)
class Pair:
    """One event of a unit, by its version: as each side has it. One side may have none."""

    old: Entry | None
    new: Entry | None
    changes: tuple[Change, ...] = ()

    @property
    def there(self) -> list[Entry]:
        return [entry for entry in (self.old, self.new) if entry is not None]

    @property
    def seq(self) -> int:
        return min(entry.seq for entry in self.there)


@attrs.define(kw_only=True)
class Parted:
    """What of a unit's record is not the same: how many events, and the first of them."""

    unit: str
    count: int = 0
    first: list[Pair] = attrs.field(factory=list)


@attrs.frozen(kw_only=True)
class Parting:
    """The units that differ, in the order of the log. `following`: the events that put all units' last events on record, which
    cannot but differ with them.
    """

    units: tuple[Parted, ...]
    following: tuple[int, ...] = ()


KEPT: Final = 5
"""How many events of a unit are kept to be shown; the others are counted."""


def parting(old: Session, new: Session, size: int) -> Parting:
    """What differs. `size`: how many events the older has; what the newer has behind them was added, and is no difference."""
    units: dict[str, Parted] = {}
    heads: list[Pair] = []
    for pair in _pairs(entries(old, _BY_UNIT), entries(new, _BY_UNIT)):
        if (pair.old is None and pair.seq > size) or not _differs(pair):
            continue
        if pair.old is not None and pair.new is not None and _is_heads(pair.old) and _is_heads(pair.new):
            heads.append(pair)
        else:
            _add(units, pair)
    if not units:  # then nothing but these was changed
        for pair in heads:
            _add(units, pair)
        heads = []
    ordered = sorted(units.values(), key=lambda parted: parted.first[0].seq)
    return Parting(units=tuple(ordered), following=tuple(pair.seq for pair in heads))


def entries(session: Session, order: str = "seq") -> Iterator[Entry]:
    """All of a log, inside a transaction. `order`: by which of its columns."""
    for seq, unit, version, kind, leaf in session.store.stream(_LOG + order, (session.season,)):
        yield Entry(seq=seq, unit=unit, version=version, kind=kind, leaf=as_bytes(leaf))


def _pairs(old: Iterator[Entry], new: Iterator[Entry]) -> Iterator[Pair]:
    before, after = next(old, None), next(new, None)
    while before is not None or after is not None:
        if after is None or (before is not None and _place(before) < _place(after)):
            yield Pair(old=before, new=None)
            before = next(old, None)
        elif before is None or _place(after) < _place(before):
            yield Pair(old=None, new=after)
            after = next(new, None)
        else:
            yield Pair(old=before, new=after)
            before, after = next(old, None), next(new, None)


def _place(entry: Entry) -> tuple[str, int]:
    return entry.unit, entry.version


def _differs(pair: Pair) -> bool:
    if pair.old is None or pair.new is None:
        return True
    if pair.old.leaf == pair.new.leaf:
        return False
    old, new = read_object(pair.old.leaf), read_object(pair.new.leaf)
    return not old or not new or {**old, _MOVES: 0} != {**new, _MOVES: 0}


def _is_heads(entry: Entry) -> bool:
    return (entry.unit, entry.kind) == (SEASON, HeadsRecorded.kind)


def _add(units: dict[str, Parted], pair: Pair) -> None:
    unit = pair.there[0].unit
    parted = units.setdefault(unit, Parted(unit=unit))
    parted.count += 1
    if len(parted.first) < KEPT:
        parted.first.append(attrs.evolve(pair, changes=tuple(_changes(pair))))


def _changes(pair: Pair) -> Iterator[Change]:
    if pair.old is not None and pair.new is not None:
        yield from _between(read_object(pair.old.leaf), read_object(pair.new.leaf), ())


def _between(old: Any, new: Any, path: Path) -> Iterator[Change]:
    """Down to the single value; of lists as far as they are of one length."""
    if isinstance(old, dict) and isinstance(new, dict) and "date" not in old.keys() | new.keys():
        for name in sorted(old.keys() | new.keys()):
            yield from _between(old.get(name), new.get(name), (*path, name))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, (one, other) in enumerate(zip(old, new, strict=True), 1):
            yield from _between(one, other, (*path, number))
    elif old != new:
        yield Change(path, old, new)


def read_object(leaf: bytes) -> dict[str, Any]:
    """The leaf's members; none where it is no object."""
    try:
        found = json.loads(leaf)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
