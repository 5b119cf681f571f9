"""Where two copies of a log part, told to people: which units, which events, what stands on either side."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from engine.leaf import NotALeaf, read_leaf
from engine.merkle import leaf_hash
from reports import history
from reports.catalogue import DASH, Words
from reports.page import Block, line
from store.audit.comparing import Difference
from store.audit.parting import Change, Entry, Pair, Parted, Parting

_UNITS: Final = 8
"""So many units are told one by one, and the others counted."""

_CHANGES: Final = 6
_LONG: Final = 60
_HASH: Final = 64
_SHORT: Final = 16


def to_json(parting: Parting, words: Words) -> dict[str, Any]:
    return {"units": [_unit_to_json(unit, words) for unit in parting.units], "following": list(parting.following)}


def _unit_to_json(parted: Parted, words: Words) -> dict[str, Any]:
    return {"unit": parted.unit, "events": parted.count, "first": [_pair_to_json(pair, words) for pair in parted.first]}


def _pair_to_json(pair: Pair, words: Words) -> dict[str, Any]:
    changes = [{"where": list(change.path), "old": change.old, "new": change.new} for change in pair.changes]
    old, new = entry_to_json(pair.old, words), entry_to_json(pair.new, words)
    return {"seq": pair.seq, "old": old, "new": new, "changes": changes}


def entry_to_json(entry: Entry | None, words: Words) -> dict[str, Any] | None:
    if entry is None:
        return None
    return {
        "seq": entry.seq,
        "unit": entry.unit,
        "version": entry.version,
        "kind": entry.kind,
        "leaf_hash": leaf_hash(entry.leaf).hex(),
        "words": _happened(entry, words),
    }


def lines(first: Difference, parting: Parting | None, words: Words) -> Iterator[Block]:
    yield line(words.say("audit.diff.first", seq=first.seq))
    if parting is None or not parting.units:  # two logs that are not one, or the same events in another order
        yield from _sides(Pair(old=first.old, new=first.new), words, "  ", moved=True)
        return
    for parted in parting.units[:_UNITS]:
        yield line((words.many("audit.diff.unit", parted.count, unit=parted.unit), "bad"))
        for pair in parted.first:
            yield from _pair(pair, words)
        if parted.count > len(parted.first):
            yield line("  ", words.many("audit.diff.more_events", parted.count - len(parted.first)))
    if len(parting.units) > _UNITS:
        more = tuple(parted.unit for parted in parting.units[_UNITS:])
        yield line(words.many("audit.diff.more_units", len(more), units=more[:_UNITS]))
    if parting.following:
        yield line(words.many("audit.diff.following", len(parting.following), seqs=parting.following[:_UNITS]))


def _pair(pair: Pair, words: Words) -> Iterator[Block]:
    yield line("  ", words.say("audit.diff.event", seq=pair.seq))
    moved = pair.old is not None and pair.new is not None and pair.old.seq != pair.new.seq
    yield from _sides(pair, words, "    ", moved=moved)
    told = list(islice((_change(change, words) for change in pair.changes), _CHANGES))
    if len(pair.changes) > _CHANGES:
        told.append("…")
    if told:
        yield line("    ", words.say("audit.diff.changes", changes="; ".join(told)))


def _sides(pair: Pair, words: Words, indent: str, *, moved: bool) -> Iterator[Block]:
    for said, entry in (("audit.diff.in_old", pair.old), ("audit.diff.in_new", pair.new)):
        told = words.say("audit.diff.nothing") if entry is None else _happened(entry, words)
        if entry is not None and moved:
            told = words.say("audit.diff.entry", seq=entry.seq, unit=entry.unit, happened=told)
        yield line(indent, words.say(said, told=told))


def _happened(entry: Entry, words: Words) -> str:
    """As `daihoi history` says it, but by ids: neither copy is asked what it calls them. Of what nobody can read, the kind alone."""
    try:
        return history.event_words(read_leaf(entry.leaf)[1].event, None, words)
    except NotALeaf:
        return history.kind(entry.kind, words)


def _change(change: Change, words: Words) -> str:
    where = _where(change, words)
    return words.say("audit.diff.change", where=where, old=_value(change.old, words), new=_value(change.new, words))


def _where(change: Change, words: Words) -> str:
    """What of the event it is: in words where there are some, else as the leaf calls it."""
    path = ".".join(map(str, change.path))
    return words.say(f"leaf.{path}") if words.has(f"leaf.{path}") else path


def _value(value: Any, words: Words) -> str:
    if value is None:
        return DASH
    if isinstance(value, dict | list):
        return _cut(str(value))
    said = words.value(value)
    return said[:_SHORT] + "…" if len(said) == _HASH and set(said) <= set("0123456789abcdef") else _cut(said)


def _cut(said: str) -> str:
    return said if len(said) <= _LONG else said[:_LONG] + "…"
