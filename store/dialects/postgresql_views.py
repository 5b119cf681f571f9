"""The views in PostgreSQL.

They run with the rights of whoever asks (`security_invoker`), so a view gives nobody what its tables do not; and they name their tables
with the schema, so nobody's search path puts others in their place. A leaf is read as JSON once for each row: without its `OFFSET 0` the
planner would pull that into every column.
"""

from __future__ import annotations

from typing import Any, Final

import psycopg

from store.dialects.postgresql import SCHEMA_NAME
from store.views import PREFIX, selects

_INVOKER: Final = "security_invoker=true"
_STANDING: Final = (
    "SELECT c.relname, coalesce(c.reloptions, '{}'), has_table_privilege(c.oid, 'SELECT')"
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    f" WHERE n.nspname = '{SCHEMA_NAME}' AND c.relkind = 'v' AND starts_with(c.relname, '{PREFIX}')"
)
_TRIES: Final = 3
"""A table that grows between two questions may get another plan: only what differs again and again is different."""


class _Speech:
    """JSON as `jsonb` reads it."""

    leaves: Final = (
        "(SELECT log.season, log.seq, log.leaf_hash, said.written, said.doc"
        f" FROM {SCHEMA_NAME}.log AS log CROSS JOIN LATERAL (SELECT convert_from(log.leaf, 'UTF8') COLLATE \"C\" AS written,"
        " convert_from(log.leaf, 'UTF8')::jsonb AS doc OFFSET 0) AS said) AS event"
    )

    def table(self, name: str) -> str:
        return f"{SCHEMA_NAME}.{name}"

    def document(self, text: str) -> str:
        return f"{text}::jsonb"

    def words(self, document: str, path: str) -> str:
        return f'({_text(document, path)} COLLATE "C")'

    def whole(self, document: str, path: str) -> str:
        return f"({_text(document, path)})::bigint"

    def flag(self, document: str, path: str) -> str:
        return f"({_text(document, path)})::boolean::integer::bigint"

    def value_type(self, document: str, path: str) -> str:
        return (
            f"(CASE {_kind(document, path)} WHEN 'boolean' THEN 'bool' WHEN 'number' THEN 'int' WHEN 'string' THEN 'string'"
            " WHEN 'object' THEN 'date' END COLLATE \"C\")"
        )

    def value(self, document: str, path: str) -> str:
        day, other = self.words(document, f"{path}.date"), self.words(document, path)
        return f"CASE {_kind(document, path)} WHEN 'object' THEN {day} ELSE {other} END"

    def value_number(self, document: str, path: str) -> str:
        return f"CASE {_kind(document, path)} WHEN 'number' THEN {self.whole(document, path)} END"

    def length(self, document: str, path: str) -> str:
        return f"coalesce(jsonb_array_length({_part(document, path)}), 0)::bigint"

    def each(self, document: str, path: str, item: str) -> str:
        return f"CROSS JOIN LATERAL jsonb_array_elements({_part(document, path)}) WITH ORDINALITY AS {item}(value, place)"

    def place(self, item: str) -> str:
        return f"{item}.place"

    def days(self, earlier: str, later: str) -> str:
        return f"(substr({later}, 1, 10)::date - ({earlier})::date)::bigint"

    def hexadecimal(self, column: str) -> str:
        return f"(encode({column}, 'hex') COLLATE \"C\")"


def _steps(path: str) -> str:
    return f"'{{{path.replace('.', ',')}}}'"


def _text(document: str, path: str) -> str:
    return f"{document} #>> {_steps(path)}"


def _part(document: str, path: str) -> str:
    return f"{document} #> {_steps(path)}"


def _kind(document: str, path: str) -> str:
    return f"jsonb_typeof({_part(document, path)})"


def statements() -> dict[str, str]:
    return {
        name: f"CREATE VIEW {SCHEMA_NAME}.{name} WITH ({_INVOKER}) AS {select}" for name, select in selects(_Speech()).items()
    }


def make(raw: Any) -> None:
    for statement in statements().values():
        raw.execute(statement)


def drop(raw: Any) -> None:
    """Views of somebody's own that stand on ours go with them: nobody's view is to keep a new version from making its tables."""
    for name, *_ in raw.execute(_STANDING).fetchall():
        raw.execute(f'DROP VIEW {SCHEMA_NAME}."{name}" CASCADE')


def changed(raw: Any) -> tuple[str, ...]:
    """The views that do not say what ours say. One that this role may not read tells it nothing, and is not asked."""
    standing = {name: (options, readable) for name, options, readable in raw.execute(_STANDING).fetchall()}
    return tuple(name for name, select in selects(_Speech()).items() if not _stands(raw, name, select, standing.get(name)))


def _stands(raw: Any, name: str, select: str, found: tuple[list[str], bool] | None) -> bool:
    if found is None:
        return False
    options, readable = found
    if not readable:
        return True
    return options == [_INVOKER] and any(_alike(raw, name, select) for _ in range(_TRIES))


def _alike(raw: Any, name: str, select: str) -> bool:
    """Whether the view comes to the same columns by the same plan as its statement.

    The server keeps a view as a tree and not as it was written, and a reader may make no second one beside it to compare. But the same plan
    over the same tables gives the same rows, and to ask for it needs no other right than to read.
    """
    theirs, ours = f"SELECT * FROM {SCHEMA_NAME}.{name} AS v", f"SELECT * FROM ({select}) AS v"
    try:
        with raw.transaction():
            return _columns(raw, theirs) == _columns(raw, ours) and _plan(raw, theirs) == _plan(raw, ours)
    except psycopg.Error:
        if raw.closed:
            raise
        return False  # ours can be asked: theirs cannot


def _columns(raw: Any, query: str) -> list[tuple[str, int]]:
    return [(column.name, column.type_code) for column in raw.execute(f"{query} LIMIT 0").description]


def _plan(raw: Any, query: str) -> Any:
    answer = raw.execute(f"EXPLAIN (VERBOSE, COSTS OFF, FORMAT JSON) {query}").fetchone()
    return answer[0][0]["Plan"]  # beside it may stand the query's own number
