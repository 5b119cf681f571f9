"""The views in SQLite.

Leaves are bytes, which SQLite before 3.45 does not read as JSON and later ones take for a form of their own: they are cast to text first.
`->>` came with 3.38; `json_extract` is older than what Windows' Pythons bring.
"""

from __future__ import annotations

from typing import Any, Final

from store.views import PREFIX, selects


class _Speech:
    """JSON as SQLite's own functions read it."""

    leaves: Final = "(SELECT season, seq, leaf_hash, CAST(leaf AS TEXT) AS written, CAST(leaf AS TEXT) AS doc FROM log) AS event"

    def table(self, name: str) -> str:
        return name  # a view of the file means its own tables, whatever temporary ones there are

    def document(self, text: str) -> str:
        return text

    def words(self, document: str, path: str) -> str:
        return f"json_extract({document}, '$.{path}')"

    whole = words
    flag = words  # true is 1

    def value_type(self, document: str, path: str) -> str:
        kind = f"json_type({document}, '$.{path}')"
        return (
            f"CASE {kind} WHEN 'true' THEN 'bool' WHEN 'false' THEN 'bool' WHEN 'integer' THEN 'int' WHEN 'text' THEN 'string'"
            " WHEN 'object' THEN 'date' END"
        )

    def value(self, document: str, path: str) -> str:
        kind = f"json_type({document}, '$.{path}')"
        return (
            f"CASE {kind} WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' WHEN 'object' THEN {self.words(document, f'{path}.date')}"
            f" ELSE CAST({self.words(document, path)} AS TEXT) END"
        )

    def value_number(self, document: str, path: str) -> str:
        return f"CASE json_type({document}, '$.{path}') WHEN 'integer' THEN {self.whole(document, path)} END"

    def length(self, document: str, path: str) -> str:
        return f"coalesce(json_array_length({document}, '$.{path}'), 0)"

    def each(self, document: str, path: str, item: str) -> str:
        return f"JOIN json_each({document}, '$.{path}') AS {item}"

    def place(self, item: str) -> str:
        return f"{item}.key + 1"

    def days(self, earlier: str, later: str) -> str:
        return f"CAST(julianday(substr({later}, 1, 10)) - julianday({earlier}) AS INTEGER)"

    def hexadecimal(self, column: str) -> str:
        return f"lower(hex({column}))"


def statements() -> dict[str, str]:
    return {name: f"CREATE VIEW {name} AS {select}" for name, select in selects(_Speech()).items()}


def make(raw: Any) -> None:
    for statement in statements().values():
        raw.execute(statement)


def drop(raw: Any) -> None:
    for name in _standing(raw):
        raw.execute(f'DROP VIEW "{name}"')


def changed(raw: Any) -> tuple[str, ...]:
    """The views that do not stand as they were made."""
    standing = _standing(raw)
    return tuple(name for name, statement in statements().items() if standing.get(name) != statement)


def _standing(raw: Any) -> dict[str, str]:
    found = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'view'").fetchall()
    return {name: sql for name, sql in found if name.startswith(PREFIX)}
