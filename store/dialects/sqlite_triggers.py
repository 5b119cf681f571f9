"""What protects the log in SQLite: no update, no delete, and no insert that would replace.

`INSERT OR REPLACE` removes the row in its way without firing delete triggers, so inserts are asked too whether anything is in their
way, the hidden row number included.
"""

from __future__ import annotations

from typing import Final


def _refusal(table: str, event: str, when: str = "") -> str:
    name = f"{table}_no_{event.split(maxsplit=1)[0].lower()}"
    return f"CREATE TRIGGER {name} BEFORE {event} ON {table} {when}BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"


def _in_the_way(table: str, same: str) -> str:
    return f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same} OR rowid = NEW.rowid) "


_LOG = "(season = NEW.season AND seq = NEW.seq) OR (season = NEW.season AND unit = NEW.unit AND version = NEW.version)"
_COMMAND = "(season = NEW.season AND id = NEW.id)"
_DEFINITION = "digest = NEW.digest"

# A command's salt alone may go: it is erased with the words of the request.
_KEPT = "season, id, digest, first_seq, last_seq, receipt"

TRIGGERS: Final[dict[str, str]] = {
    "log_no_update": _refusal("log", "UPDATE"),
    "log_no_delete": _refusal("log", "DELETE"),
    "log_no_insert": _refusal("log", "INSERT", _in_the_way("log", _LOG)),
    "command_no_update": _refusal("command", f"UPDATE OF {_KEPT}"),
    "command_no_delete": _refusal("command", "DELETE"),
    "command_no_insert": _refusal("command", "INSERT", _in_the_way("command", _COMMAND)),
    "definition_no_update": _refusal("definition", "UPDATE"),
    "definition_no_delete": _refusal("definition", "DELETE"),
    "definition_no_insert": _refusal("definition", "INSERT", _in_the_way("definition", _DEFINITION)),
}
