"""Who may do what in a PostgreSQL store: two roles that a database's administrator gives to people.

`daihoi_writer` may append to the log and bring the projections up to date; `daihoi_reader` may look. Neither owns a table, so neither can
drop what protects the log. Whoever opened the first season owns the schema; migrations are that role's.
"""

from __future__ import annotations

from typing import Any, Final

WRITER: Final = "daihoi_writer"
READER: Final = "daihoi_reader"

_MAY_MAKE: Final = "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
_THERE: Final = "SELECT rolname FROM pg_roles WHERE rolname IN (%s, %s)"

_APPENDED: Final = ("log", "command", "definition", "sealed", "person")
"""The writer adds to these; sealed words and a command's salt it may erase."""

_ERASED: Final = {"sealed": "salt, text", "command": "salt", "person": "text"}
_CHANGED: Final = ("unit_case", "award", "replaced")


def make(raw: Any) -> None:
    """Make the roles where whoever opens the store may do so; otherwise the administrator does (docs/postgresql.md)."""
    if not raw.execute(_MAY_MAKE).fetchone()[0]:
        return
    there = _standing(raw)
    for role in (WRITER, READER):
        if role not in there:
            raw.execute(f"CREATE ROLE {role} NOLOGIN")


def grant(raw: Any, schema: str) -> None:
    """Give the roles that are there what is theirs. Again whenever tables were made anew: a right goes with its table."""
    there = _standing(raw)
    if READER in there:
        raw.execute(f"GRANT USAGE ON SCHEMA {schema} TO {READER}")
        raw.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {READER}")
    if WRITER in there:
        raw.execute(f"GRANT USAGE ON SCHEMA {schema} TO {WRITER}")
        raw.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {WRITER}")
        raw.execute(f"GRANT INSERT ON {', '.join(_APPENDED)}, head TO {WRITER}")
        raw.execute(f"GRANT UPDATE ON head TO {WRITER}")
        for table, columns in _ERASED.items():
            raw.execute(f"GRANT UPDATE ({columns}) ON {table} TO {WRITER}")
        raw.execute(f"GRANT INSERT, UPDATE, DELETE ON {', '.join(_CHANGED)} TO {WRITER}")


def _standing(raw: Any) -> set[str]:
    return {name for (name,) in raw.execute(_THERE, (WRITER, READER)).fetchall()}
