"""OCEL 2.0 as SQLite: a table for each type of event and of object beside those that all types share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from reports.mining.entries import Entry, text
from reports.mining.instants import EPOCH
from reports.mining.objects import Link, Thing
from reports.mining.ocel import event_id
from store.audit.tables import NewTables, new_tables

_AT_ONCE: Final = 1000
_DECLARED: Final = {"string": "TEXT", "time": "TIMESTAMP", "integer": "INTEGER", "boolean": "BOOLEAN"}
_TEXT: Final = "TEXT NOT NULL"
_SHARED: Final = frozenset({"map_type", "object"})
"""`event_object`, `object_map_type` and so on are OCEL's own tables: no type's may be called so."""


class SqliteFile:
    """Rows are gathered table by table and written a thousand at a time."""

    def __init__(self, tables: NewTables) -> None:
        self._tables = tables
        self._rows: dict[str, list[Sequence[Any]]] = {}
        self._called: dict[tuple[str, str], str] = {}
        for side in ("event", "object"):
            tables.make(f"{side}_map_type", (("ocel_type", f"{_TEXT} PRIMARY KEY"), ("ocel_type_map", _TEXT)))
            tables.make(
                side,
                (("ocel_id", f"{_TEXT} PRIMARY KEY"), ("ocel_type", _TEXT)),
                f"FOREIGN KEY (ocel_type) REFERENCES {side}_map_type (ocel_type)",
            )
        self._make_relations("event_object", ("ocel_event_id", "event"), ("ocel_object_id", "object"))
        self._make_relations("object_object", ("ocel_source_id", "object"), ("ocel_target_id", "object"))

    def _make_relations(self, name: str, *ends: tuple[str, str]) -> None:
        columns = [column for column, _ in ends]
        self._tables.make(
            name,
            [(column, _TEXT) for column in (*columns, "ocel_qualifier")],
            f"PRIMARY KEY ({', '.join(columns)}, ocel_qualifier)",
            *(f"FOREIGN KEY ({column}) REFERENCES {table} (ocel_id)" for column, table in ends),
        )

    def event(self, entry: Entry, attributes: Mapping[str, str], links: Sequence[Link]) -> None:
        table = self._table("event", entry.activity, attributes)
        name = event_id(entry.seq)
        self._add("event", (name, entry.activity))
        self._add(table, (name, entry.time, *(_column(getattr(entry, a), declared) for a, declared in attributes.items())))
        for other, qualifier in links:
            self._add("event_object", (name, other, qualifier))

    def thing(self, thing: Thing, attributes: Mapping[str, str]) -> None:
        """One row says what always was so; then one for each change."""
        table = self._table("object", thing.type, attributes)
        self._add("object", (thing.id, thing.type))
        always = {said.name: said.value for said in thing.said if said.time == EPOCH}
        self._add(table, (thing.id, EPOCH, None, *map(always.get, attributes)))
        for said in thing.said:
            if said.time != EPOCH:
                row = (said.value if name == said.name else None for name in attributes)
                self._add(table, (thing.id, said.time, said.name, *row))
        for other, qualifier in thing.links:
            self._add("object_object", (thing.id, other, qualifier))

    def end(self) -> None:
        for table in self._rows:
            self._write(table)

    def _table(self, side: str, kind: str, attributes: Mapping[str, str]) -> str:
        """The table of a type, made when the first of its kind comes."""
        found = self._called.get((side, kind))
        if found is None:
            short = self._free_name(side, kind)
            found = self._called[side, kind] = f"{side}_{short}"
            changed = [("ocel_changed_field", "TEXT")] if side == "object" else []
            self._tables.make(
                found,
                [
                    ("ocel_id", f"{_TEXT} PRIMARY KEY" if side == "event" else _TEXT),
                    ("ocel_time", "TIMESTAMP"),
                    *changed,
                    *((name, _DECLARED[declared]) for name, declared in attributes.items()),
                ],
                f"FOREIGN KEY (ocel_id) REFERENCES {side} (ocel_id)",
            )
            self._add(f"{side}_map_type", (kind, short))
        return found

    def _free_name(self, side: str, kind: str) -> str:
        """A type's name as a table may be called, and no other is."""
        short = re.sub(r"\W", "_", kind, flags=re.ASCII)
        while short in _SHARED or f"{side}_{short}" in self._called.values():
            short += "_"
        return short

    def _add(self, table: str, row: Sequence[Any]) -> None:
        rows = self._rows.setdefault(table, [])
        rows.append(row)
        if len(rows) >= _AT_ONCE:
            self._write(table)

    def _write(self, table: str) -> None:
        self._tables.add(table, self._rows[table])
        self._rows[table].clear()


def _column(value: Any, declared: str) -> Any:
    """A value as its column has it: yes and no are numbers, but not in a column of texts."""
    return text(value) if declared == "string" and value is not None else value


@contextmanager
def sqlite_file(path: Path) -> Iterator[SqliteFile]:
    with new_tables(path) as tables:
        yield SqliteFile(tables)
