"""Where two copies part, unit by unit: which events are told, in which order, and what of each differs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from engine import codec
from engine.unit import SEASON
from store.audit import parting as module
from store.audit.parting import KEPT, Change, Entry, Parting, parting


@pytest.fixture(autouse=True)
def copies_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """In place of two stores two lists, read in the order in which a store would give them."""

    def entries(copy: list[Entry], order: str) -> Iterator[Entry]:
        assert order == module._BY_UNIT
        return iter(sorted(copy, key=lambda entry: (entry.unit, entry.version)))

    monkeypatch.setattr(module, "entries", entries)


def event(seq: int, unit: str, version: int, kind: str = "fact_recorded", **payload: Any) -> Entry:
    leaf = codec.canonical({"seq": seq, "unit": unit, "version": version, "payload": payload})
    return Entry(seq=seq, unit=unit, version=version, kind=kind, leaf=leaf)


def parted(old: list[Entry], new: list[Entry]) -> Parting:
    two: tuple[Any, Any] = (old, new)
    return parting(*two, size=len(old))


def changes(old: Any, new: Any) -> tuple[Change, ...]:
    """What is told of one event whose payload was this and is that."""
    (unit,) = parted([event(1, "a", 1, said=old)], [event(1, "a", 1, said=new)]).units
    (pair,) = unit.first
    return pair.changes


def said(*path: str | int) -> tuple[str | int, ...]:
    return ("payload", "said", *path)


def test_of_many_events_of_a_unit_the_first_are_shown_and_all_are_counted() -> None:
    old = [event(seq, "a", seq, value=seq) for seq in range(1, 9)]
    (unit,) = parted(old, [event(seq, "a", seq, value=-seq) for seq in range(1, 9)]).units

    assert (unit.count, KEPT) == (8, 5)
    assert [pair.seq for pair in unit.first] == [1, 2, 3, 4, 5]


def test_the_unit_that_differs_first_is_told_first() -> None:
    old = [event(1, "b", 1, value=1), event(2, "a", 1, value=1), event(3, "a", 2, value=1), event(4, "b", 2, value=1)]
    new = [event(1, "b", 1, value=2), event(2, "a", 1, value=2), event(3, "a", 2, value=2), event(4, "b", 2, value=2)]

    assert [unit.unit for unit in parted(old, new).units] == ["b", "a"]


def test_what_the_newer_has_behind_the_older_was_added_and_what_it_has_within_it_differs() -> None:
    old = [event(1, "a", 1), event(2, "b", 1)]
    behind = parted(old, [*old, event(3, "a", 2)])
    within = parted([*old, event(3, "b", 2)], [event(1, "a", 1), event(2, "b", 1), event(3, "a", 2), event(4, "b", 2)])

    assert behind.units == ()
    assert [(unit.unit, unit.first[0].old, unit.first[0].new) for unit in within.units] == [("a", None, event(3, "a", 2))]


@pytest.mark.parametrize("lost", ["a", "b"])
def test_an_event_that_is_gone_does_not_make_those_of_other_units_differ(lost: str) -> None:
    old = [event(1, "a", 1), event(2, "a", 2), event(3, "b", 1), event(4, "b", 2)]
    gone = event(2, "a", 2) if lost == "a" else event(4, "b", 2)
    kept = [one for one in old if one != gone]
    new = [event(seq, one.unit, one.version) for seq, one in enumerate(kept, 1)]  # the others moved by a place
    (unit,) = parted(old, new).units

    assert (unit.unit, unit.count, unit.first[0].old, unit.first[0].new) == (lost, 1, gone, None)


def test_where_nothing_differs_but_the_heads_these_are_told() -> None:
    def heads(root: str) -> Entry:
        return event(2, SEASON, 1, "heads_recorded", root=root)

    alone = parted([event(1, "a", 1), heads("x")], [event(1, "a", 1), heads("y")])
    following = parted([event(1, "a", 1), heads("x")], [event(1, "a", 1, value=2), heads("y")])

    assert ([unit.unit for unit in alone.units], alone.following) == ([SEASON], ())
    assert ([unit.unit for unit in following.units], following.following) == (["a"], (2,))


def test_an_event_that_nobody_can_read_differs_from_one_that_says_next_to_nothing() -> None:
    unread, nearly = (Entry(seq=1, unit="a", version=1, kind="x", leaf=leaf) for leaf in (b"\0", b'{"seq":1}'))

    assert [unit.unit for unit in parted([unread], [nearly]).units] == ["a"]
    assert [unit.unit for unit in parted([nearly], [unread]).units] == ["a"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (1, 2, [(said(), 1, 2)]),
        ({"x": 1, "y": 1}, {"x": 1, "y": 2}, [(said("y"), 1, 2)]),
        ({"x": 1}, {"x": 1, "y": 2}, [(said("y"), None, 2)]),
        ({"x": 1, "y": 2}, {"x": 1}, [(said("y"), 2, None)]),
        ({"x": 1}, 5, [(said(), {"x": 1}, 5)]),
        (5, {"x": 1}, [(said(), 5, {"x": 1})]),
        ([{"x": 1}, {"x": 2}], [{"x": 1}, {"x": 3}], [(said(2, "x"), 2, 3)]),
        ([1, 2], [1, 2, 3], [(said(), [1, 2], [1, 2, 3])]),
        ({"date": "2021-04-15"}, {"date": "2021-04-16"}, [(said(), {"date": "2021-04-15"}, {"date": "2021-04-16"})]),
        ({"date": "2021-04-15"}, {"x": 1}, [(said(), {"date": "2021-04-15"}, {"x": 1})]),
    ],
)
def test_what_differs_is_told_down_to_the_single_value(old: Any, new: Any, told: list[tuple[Any, ...]]) -> None:
    assert changes(old, new) == tuple(Change(*one) for one in told)
