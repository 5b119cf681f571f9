"""Rows of a season's tables changed behind its back, in every way that somebody may who can write to the database.

Some know nothing of our format; some make every hash, column, receipt and table fit again, and lack only the key and what is held outside.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any, Final, Protocol

import attrs

from engine import codec
from engine.events import HeadsRecorded
from engine.heads import UnitHead, put_on_record
from engine.leaf import NotALeaf, read_leaf
from engine.merkle import Frontier, leaf_hash
from engine.unit import SEASON
from store.writing import columns_of
from tests.audit.tampered import COLUMNS, UNBOUND, bound

Row = tuple[Any, ...]
Leaf = dict[str, Any]

KEYS: Final = {
    "log": ("season", "seq"),
    "head": ("season",),
    "command": ("season", "id"),
    "sealed": ("season", "digest"),
    "person": ("season", "id"),
    "definition": ("digest",),
    "unit_case": ("season", "code"),
    "award": ("season", "unit", "milestone", "seq"),
    "replaced": ("season", "seq"),
}
"""Every table of a season, by what its rows are told apart."""


class Tables(Protocol):
    """A database that somebody writes to by hand."""

    def run(self, statement: str, values: Sequence[Any] = ()) -> list[Row]: ...
    def refold(self) -> None:
        """Make the tables beside the log anew, as far as the log can be folded."""
        ...


class NothingChanged(Exception):
    """The database refused it, or it came to what was there before."""


@attrs.frozen
class Change:
    """What was done, and in which table. `whole`: everything inside the database was made to fit it."""

    told: str
    table: str = "log"
    whole: bool = False


class Vandal:
    """Changes rows at random."""

    def __init__(self, tables: Tables, chance: Random) -> None:
        self._tables = tables
        self._chance = chance

    def change(self) -> Change:
        """One change of any kind. Raises NothingChanged, or what the database says against it."""
        kinds: list[tuple[Callable[[str], Change], Sequence[str]]] = [
            (self._edit, (*KEYS, "log", "log", "log", "command")),
            (self._delete, (*KEYS, "log", "log")),
            (self._double, ("log", "log", "command", "sealed", "unit_case", "award", "replaced")),
            (self._swap, ("log", "log", "log", "command", "sealed", "unit_case", "award")),
            (self._renumber, ("log", "log", "command", "replaced", "award", "unit_case")),
            (self._cut, ("log",)),
            (self._forge, ("log",)),
            (self._forge, ("log",)),
        ]
        work, tables = self._chance.choice(kinds)
        return work(self._chance.choice(tables))

    # Whoever knows nothing of the format

    def _edit(self, table: str) -> Change:
        """One value of one row."""
        row = self._row(table)
        column = self._chance.choice(bound(table))
        self._set(table, row, column, self._other(table, column, row[column]))
        return Change(f"edit {table}.{column} of {_name(table, row)}", table)

    def _delete(self, table: str) -> Change:
        row = self._row(table)
        self._tables.run(f"DELETE FROM {table} WHERE {_where(table)}", _key(table, row))
        return Change(f"delete {_name(table, row)} from {table}", table)

    def _double(self, table: str) -> Change:
        """A row once more, under a key of its own."""
        row = self._row(table)
        more = dict(row)
        for column in KEYS[table][1:] or KEYS[table]:
            more[column] = self._other(table, column, row[column])
        if table == "log":
            more["version"] = row["version"] + self._chance.randint(1, 90)
            more["seq"] = self._chance.choice((self._count() + 1, more["seq"]))
        marks = ", ".join("?" * len(more))
        self._tables.run(f"INSERT INTO {table} ({', '.join(more)}) VALUES ({marks})", tuple(more.values()))
        return Change(f"double {_name(table, row)} of {table} as {_name(table, more)}", table)

    def _swap(self, table: str) -> Change:
        """Two rows change places, or one column of theirs."""
        one, other = self._row(table), self._row(table)
        free = [name for name in bound(table) if name not in KEYS[table]]
        columns = [*free, *UNBOUND.get(table, ())] if self._chance.random() < 0.5 else [self._chance.choice(free)]
        if all(one[name] == other[name] for name in columns):
            raise NothingChanged
        if table == "log" and "version" in columns:
            self._tables.run(f"UPDATE log SET version = 1000 WHERE {_where('log')}", _key("log", one))
        for row, source in ((other, one), (one, other)):
            for name in columns:
                self._set(table, row, name, source[name])
        return Change(f"swap {columns} of {_name(table, one)} and {_name(table, other)} of {table}", table)

    def _renumber(self, table: str) -> Change:
        """Another key for a row; in the log also for all that come after."""
        row = self._row(table)
        if table == "log" and self._chance.random() < 0.5:
            by = self._chance.choice((1, 2, 50))
            for seq in range(self._count(), row["seq"] - 1, -1):
                self._tables.run("UPDATE log SET seq = ? WHERE seq = ?", (seq + by, seq))
            return Change(f"renumber log from {row['seq']} by {by}")
        column = self._chance.choice(KEYS[table][1:])
        self._set(table, row, column, self._other(table, column, row[column]))
        return Change(f"renumber {_name(table, row)} of {table}", table)

    def _cut(self, _: str) -> Change:
        """The end of the log is gone; some wind the head back, and the commands."""
        end = self._chance.randint(1, self._count() - 1)
        self._tables.run("DELETE FROM log WHERE seq > ?", (end,))
        how = self._chance.randrange(3)
        if how > 0:
            self._tables.run("DELETE FROM command WHERE last_seq > ?", (end,))
        if how > 1:
            self._write_head(self._leaves())
        return Change(f"cut after {end} ({how})")

    # Whoever knows it well, and has no key

    def rewrite(self, other_past: Callable[[list[Leaf]], object]) -> None:
        """The past as somebody wants it, and everything in the database made to fit it, the heads that were put on record too."""
        leaves = self._leaves()
        other_past(leaves)
        _number(leaves)
        _record_heads(leaves)
        self._write_all(leaves)

    def _forge(self, _: str) -> Change:
        """Another past, and everything in the database made to fit it."""
        leaves = self._leaves()
        told = self._other_past(leaves)
        self._write_all(leaves)
        return Change(told, whole=True)

    def _other_past(self, leaves: list[Leaf]) -> str:
        place = self._chance.randrange(len(leaves))
        other = self._chance.randrange(len(leaves))
        kind = self._chance.choice(("say", "say", "say", "drop", "move", "again", "cut"))
        if kind == "say":
            path = self._chance.choice([p for p in _paths(leaves[place]) if p not in (("seq",), ("version",), ("season",))])
            _put(leaves[place], path, self._other_word(_at(leaves[place], path)))
            return f"forge: event {place + 1} says another {'.'.join(map(str, path))}"
        if kind == "drop":
            del leaves[place]
        elif kind == "move":
            leaves.insert(other, leaves.pop(place))
        elif kind == "again":
            leaves.insert(other, json.loads(json.dumps(leaves[place])))
        else:
            del leaves[max(1, place) :]
        if not leaves:
            raise NothingChanged
        return f"forge: {kind} {place + 1} {other + 1}"

    def _write_all(self, leaves: list[Leaf]) -> None:
        """The log anew from its leaves, with numbers, versions, columns, hashes, commands, receipts, head, words and tables beside it."""
        stored = {id_: json.loads(receipt) for id_, receipt in self._tables.run("SELECT id, receipt FROM command")}
        _number(leaves)
        self._tables.run("DELETE FROM log")
        kept: set[str] = set()
        frontier = Frontier()
        for leaf, following in zip(leaves, [*leaves[1:], None], strict=True):
            written = codec.canonical(leaf)
            frontier = frontier.append(leaf_hash(written))
            self._append(leaf, written)
            if following is None or following["command"] != leaf["command"]:
                self._write_command(leaf, leaves, frontier, stored)
                kept.add(leaf["command"])
        for id_ in stored.keys() - kept:
            self._tables.run("DELETE FROM command WHERE id = ?", (id_,))
        self._write_head(leaves)
        self._keep_words(leaves)
        self._tables.refold()

    def _append(self, leaf: Leaf, written: bytes) -> None:
        try:
            columns = columns_of(read_leaf(written)[1])
        except (NotALeaf, AttributeError, TypeError) as error:
            raise NothingChanged from error  # no columns could be made to fit it
        values = (leaf["season"], *columns, written, leaf_hash(written))
        self._tables.run(f"INSERT INTO log VALUES ({', '.join('?' * len(values))})", values)

    def _write_command(self, last: Leaf, leaves: list[Leaf], frontier: Frontier, stored: dict[str, Any]) -> None:
        id_, seq = last["command"], last["seq"]
        first = min(leaf["seq"] for leaf in leaves if leaf["command"] == id_)
        receipt = {
            **stored.get(id_, {"state": None, "origin": last["origin"], "season": last["season"]}),
            "command_id": id_,
            "first_seq": first,
            "last_seq": seq,
            "size": seq,
            "leaf_hash": leaf_hash(codec.canonical(last)).hex(),
            "root": frontier.root().hex(),
        }
        self._tables.run("DELETE FROM command WHERE id = ?", (id_,))
        self._tables.run(
            "INSERT INTO command (season, id, digest, salt, first_seq, last_seq, receipt) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (last["season"], id_, b"0" * 32, b"0" * 16, first, seq, codec.canonical(receipt).decode()),
        )

    def _write_head(self, leaves: list[Leaf]) -> None:
        frontier = Frontier().extend(leaf_hash(codec.canonical(leaf)) for leaf in leaves)
        season = sum(leaf["unit"] == SEASON for leaf in leaves)
        joined = len({leaf["unit"] for leaf in leaves} - {SEASON})
        self._tables.run(
            "UPDATE head SET size = ?, frontier = ?, last_recorded_at = ?, season_version = ?, joined = ?",
            (frontier.size, frontier.to_bytes(), leaves[-1]["at"], season, joined),
        )

    def _keep_words(self, leaves: list[Leaf]) -> None:
        """What no event names any more goes."""
        written = json.dumps(leaves)
        for table, column in (("sealed", "digest"), ("person", "id")):
            for (one,) in self._tables.run(f"SELECT {column} FROM {table}"):
                if one not in written:
                    self._tables.run(f"DELETE FROM {table} WHERE {column} = ?", (one,))

    # Values

    def _other(self, table: str, column: str, value: Any) -> Any:
        """Another value for a column: its own bent a little, another row's, or none."""
        others = [found for (found,) in self._tables.run(f"SELECT DISTINCT {column} FROM {table}") if found != value]
        if others and self._chance.random() < 0.3:
            return self._chance.choice(others)
        if value is not None and table != "sealed" and self._chance.random() < 0.1:
            return None  # words that are gone from their row were erased: that is told, and allowed
        return self._other_word(value)

    def _other_word(self, value: Any) -> Any:
        chance = self._chance
        if isinstance(value, bool):
            return not value
        if isinstance(value, int):
            return value + chance.choice((-1, 1, 2, 100))
        if isinstance(value, bytes):
            place = chance.randrange(len(value)) if value else 0
            return chance.choice(
                (value[:place], value[:place] + bytes((value[place] ^ 1,)) + value[place + 1 :] if value else b"1")
            )
        if isinstance(value, str) and value:
            place = chance.randrange(len(value))
            return value[:place] + chance.choice("0123456789abcdefxyzđ") + value[place + 1 :]
        return "x"

    # Rows

    def _row(self, table: str) -> dict[str, Any]:
        columns = COLUMNS[table]
        rows = self._tables.run(f"SELECT {', '.join(columns)} FROM {table} ORDER BY {', '.join(KEYS[table])}")
        if not rows:
            raise NothingChanged
        return dict(zip(columns, self._chance.choice(rows), strict=True))

    def _set(self, table: str, row: dict[str, Any], column: str, value: Any) -> None:
        self._tables.run(f"UPDATE {table} SET {column} = ? WHERE {_where(table)}", (value, *_key(table, row)))

    def _leaves(self) -> list[Leaf]:
        return [json.loads(bytes(leaf)) for (leaf,) in self._tables.run("SELECT leaf FROM log ORDER BY seq")]

    def _count(self) -> int:
        count: int = self._tables.run("SELECT count(*) FROM log")[0][0]
        return count


def _number(leaves: list[Leaf]) -> None:
    """Numbers and versions without gaps, and a command for each run of events."""
    versions: dict[str, int] = {}
    ended: set[str] = set()
    before, now = "", ""
    for seq, leaf in enumerate(leaves, 1):
        versions[leaf["unit"]] = versions.get(leaf["unit"], 0) + 1
        if leaf["command"] != before:
            ended.add(now)
            before = leaf["command"]
            now = f"{before[:-4]}{seq:04}" if before in ended else before
        leaf.update(seq=seq, version=versions[leaf["unit"]], command=now)


def _record_heads(leaves: list[Leaf]) -> None:
    """What `heads_recorded` says of the units, by what stands before it now."""
    heads: dict[str, UnitHead] = {}
    for leaf in leaves:
        if leaf["kind"] == HeadsRecorded.kind:
            leaf["payload"] = codec.to_json(put_on_record(heads.values()))
        heads[leaf["unit"]] = UnitHead(leaf["unit"], leaf["version"], leaf_hash(codec.canonical(leaf)))


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where in a leaf a word, a number or a yes or no stands."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _paths(item, (*path, name))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _paths(item, (*path, place))
    else:
        yield path


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for name in path:
        value = value[name]
    return value


def _put(value: Any, path: tuple[Any, ...], new: Any) -> None:
    _at(value, path[:-1])[path[-1]] = new


def _where(table: str) -> str:
    return " AND ".join(f"{name} = ?" for name in KEYS[table])


def _key(table: str, row: dict[str, Any]) -> Row:
    return tuple(row[name] for name in KEYS[table])


def _name(table: str, row: dict[str, Any]) -> str:
    return " ".join(str(row[name]) for name in KEYS[table][1:] or KEYS[table])
