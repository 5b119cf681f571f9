"""What protects the log in PostgreSQL: no update, no delete, no truncation.

The triggers are enabled ALWAYS, so that a session that says it is a replica is refused too. Whoever owns the tables can still drop them:
clerks write in a role that owns nothing (`postgresql_roles`), and a start checks that each trigger stands as it was made.
"""

from __future__ import annotations

from typing import Any, Final

_FUNCTION: Final = "refuse_change"
_BODY: Final = "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END"

# A command's salt alone may go: it is erased with the words of the request.
_KEPT: Final = ("season", "id", "digest", "first_seq", "last_seq", "receipt")

_EVENTS: Final = {
    "log": ("UPDATE", "DELETE", "TRUNCATE"),
    "command": (f"UPDATE OF {', '.join(_KEPT)}", "DELETE", "TRUNCATE"),
    "definition": ("UPDATE", "DELETE", "TRUNCATE"),
}

_ALWAYS: Final = b"A"


def _name(table: str, event: str) -> str:
    return f"{table}_no_{event.split(maxsplit=1)[0].lower()}"


def _statement(table: str, event: str) -> str:
    each = "STATEMENT" if event == "TRUNCATE" else "ROW"
    return f"CREATE TRIGGER {_name(table, event)} BEFORE {event} ON {table} FOR EACH {each} EXECUTE FUNCTION {_FUNCTION}()"


_OF: Final = {_name(table, event): (table, event) for table, events in _EVENTS.items() for event in events}

STATEMENTS: Final[dict[str, str]] = {
    _FUNCTION: f"CREATE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $${_BODY}$$",
    **{name: _statement(table, event) for name, (table, event) in _OF.items()},
    **{f"{name} always": f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}" for name, (table, _) in _OF.items()},
}
"""What makes the triggers, in this order."""

# pg_trigger.tgtype: 1 for each row, 2 before, 8 delete, 16 update, 32 truncate
_TYPES: Final = {"UPDATE": 1 | 2 | 16, "DELETE": 1 | 2 | 8, "TRUNCATE": 2 | 32}

_STANDING: Final = """
    SELECT t.tgname, c.relname, t.tgtype, t.tgenabled::text, p.prosrc, t.tgqual IS NULL,
           coalesce((SELECT array_agg(a.attname::text ORDER BY a.attname) FROM pg_attribute a
                     WHERE a.attrelid = t.tgrelid AND a.attnum = ANY (t.tgattr::int2[])), '{}')
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE n.nspname = %s AND NOT t.tgisinternal
"""


def missing(raw: Any, schema: str) -> tuple[str, ...]:
    """The triggers that do not stand as they were made: gone, disabled, on another event, or calling something else."""
    standing = {row[0]: row[1:] for row in raw.execute(_STANDING, (schema,)).fetchall()}
    return tuple(name for name, (table, event) in _OF.items() if standing.get(name) != _as_made(table, event))


def _as_made(table: str, event: str) -> tuple[Any, ...]:
    kind, _, columns = event.partition(" OF ")
    named = sorted(columns.split(", ")) if columns else []
    return table, _TYPES[kind], _ALWAYS.decode(), _BODY, True, named
