"""Leaves that are read by way of their columns: the same event as the long way, or none."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from engine import commands as cmd
from engine.leaf import Log, read_leaf
from store.checks.rows import LogRow, log_rows
from store.checks.usual import UsualLeaves
from store.opening import open_store
from tests.store.seasons import opened


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[LogRow]:
    path = tmp_path_factory.mktemp("usual") / "season.db"
    season = opened(path)
    season.held("east")
    season.do(cmd.Correct, "east", by="city", seq=25, value=151, reason="ghi nhầm", person="NV-1")
    name = season.desk.season
    season.desk.close()
    store = open_store(str(path), read_only=True)
    found = list(log_rows(store, name))
    store.close()
    return found


def leaves(rows: list[LogRow]) -> UsualLeaves:
    return UsualLeaves(read_leaf(rows[0].leaf)[0])


def workflow(row: LogRow) -> str | None:
    return read_leaf(row.leaf)[1].workflow


def usual(rows: list[LogRow]) -> list[LogRow]:
    """The rows that can be read by way of their columns."""
    return [row for row in rows if leaves(rows).read(row, workflow(row)) is not None]


def test_both_ways_read_the_same_event(rows: list[LogRow]) -> None:
    reader = leaves(rows)
    read = [(reader.read(row, workflow(row)), read_leaf(row.leaf)[1]) for row in rows]

    assert all(one in (None, other) for one, other in read)
    assert {type(one.event).__name__ for one, _ in read if one is not None} >= {"FactRecorded", "DocumentFiled", "Advanced"}


def test_who_has_a_reason_or_a_name_is_read_the_long_way(rows: list[LogRow]) -> None:
    assert leaves(rows).read(rows[-1], workflow(rows[-1])) is None


@pytest.mark.parametrize("column", [name for name in LogRow._fields if not name.startswith("leaf")])
def test_a_column_that_says_something_else_is_not_passed_over(rows: list[LogRow], column: str) -> None:
    row = usual(rows)[-1]
    value = getattr(row, column)
    other: Any = value + 1 if isinstance(value, int) else f"{value or ''}9"
    changed = LogRow._make(other if name == column else field for name, field in zip(LogRow._fields, row, strict=True))

    assert leaves(rows).read(changed, workflow(row)) is None


@pytest.mark.parametrize(
    "write",
    [
        lambda found: json.dumps(found, ensure_ascii=False, sort_keys=True),
        lambda found: json.dumps(dict(reversed(found.items())), ensure_ascii=False, separators=(",", ":")),
        lambda found: json.dumps(found, sort_keys=True, separators=(",", ":")).replace("a", "\\u0061"),
        lambda found: json.dumps({**found, "clock": "x"}, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        lambda found: json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + " ",
        lambda found: json.dumps({**found, "origin": "another"}, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
    ],
    ids=["spaces", "order", "escapes", "one key more", "something behind", "of another log"],
)
def test_a_leaf_written_otherwise_is_read_the_long_way(rows: list[LogRow], write: Callable[[dict[str, Any]], str]) -> None:
    row = usual(rows)[-1]

    assert leaves(rows).read(row._replace(leaf=write(json.loads(row.leaf)).encode()), workflow(row)) is None


def test_columns_cannot_be_made_to_spell_another_leaf(rows: list[LogRow]) -> None:
    """A quotation mark in a column would end the word in the leaf: what the column says is not what the leaf says."""
    row = usual(rows)[-1]
    forged = f'{row.actor_unit}"}},"also":{{"unit":"x'
    leaf = row.leaf.decode().replace(f'"actor":{{"unit":"{row.actor_unit}"', f'"actor":{{"unit":"{forged}"', 1).encode()

    assert json.loads(leaf)["actor"]["unit"] == row.actor_unit
    assert leaves(rows).read(row._replace(actor_unit=forged, leaf=leaf), workflow(row)) is None


def test_two_payloads_in_one_leaf_are_none(rows: list[LogRow]) -> None:
    row = usual(rows)[-1]
    leaf = row.leaf.decode().replace('"payload":{', '"payload":{},"payload":{', 1).encode()

    assert leaves(rows).read(row._replace(leaf=leaf), workflow(row)) is None


NUMBER = re.compile(r"(?<=[:\[,])\d+(?=[,}\]])")


@pytest.mark.parametrize("spelling", ["{}.0", "{}e0", "0{}", "-{}", "true", '"{}"', "null", "NaN", "{},{}", "{{}}"])
def test_both_ways_say_the_same_of_every_number_written_otherwise(rows: list[LogRow], spelling: str) -> None:
    reader = leaves(rows)
    for row in usual(rows):
        leaf = row.leaf.decode()
        for number in NUMBER.finditer(leaf):
            other = f"{leaf[: number.start()]}{spelling.format(number[0], number[0])}{leaf[number.end() :]}".encode()
            read = reader.read(row._replace(leaf=other), workflow(row))
            assert read is None or read == read_leaf(other)[1]


def test_a_log_whose_name_needs_escapes_is_read_the_long_way(rows: list[LogRow]) -> None:
    row = usual(rows)[-1]
    season = 'a"b'
    leaf = row.leaf.decode().replace(f'"season":"{read_leaf(row.leaf)[0].season}"', f'"season":"{season}"').encode()

    assert UsualLeaves(Log(season, "live")).read(row._replace(leaf=leaf), workflow(row)) is None
