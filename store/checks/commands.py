"""Commands: each stands for one run of events, and its receipt for the last of them."""

from __future__ import annotations

import json
import re
from typing import Final

import attrs

from engine.desk import Receipt
from engine.leaf import Log
from store.checks.findings import Findings
from store.checks.rows import LogRow
from store.connection import Row, Store

_AHEAD: Final = 1000
"""Commands that are read before their events come by."""

_COMMAND = "SELECT first_seq, last_seq, receipt FROM command WHERE season = ? AND id = ?"
# An expression keeps the database from going by the key, whose order is none: as the rows lie there is nearly that of the log.
_IN_PASSING = "SELECT id, first_seq, last_seq, receipt FROM command WHERE season || '' = ?"
_COUNT = "SELECT count(*) FROM command WHERE season = ?"
_WITHOUT_EVENTS = (
    "SELECT id, first_seq FROM command c WHERE season = ? AND NOT EXISTS"
    " (SELECT 1 FROM log l WHERE l.season = c.season AND l.seq = c.first_seq AND l.command = c.id) ORDER BY first_seq"
)


_SAID: Final = ("command_id", "first_seq", "last_seq", "leaf_hash", "origin", "season", "size")
"""What a receipt says that is known when its events have gone by: all but the root."""

LEAF_HASH: Final = _SAID.index("leaf_hash")

_NAMES: Final = frozenset(attribute.name for attribute in attrs.fields(Receipt))
_WORD: Final = r'"([^"\\\x00-\x1f]*)"'
_NUMBER: Final = "(0|[1-9][0-9]*)"
_HASH: Final = "[0-9a-f]{64}"
_as_we_write_it: Final = re.compile(
    rf'{{"command_id":{_WORD},"first_seq":{_NUMBER},"last_seq":{_NUMBER},"leaf_hash":"({_HASH})","origin":{_WORD},"root":"{_HASH}",'
    rf'"season":{_WORD},"size":{_NUMBER},"state":(?:null|"[^"\\\x00-\x1f]*")}}'
).fullmatch


def receipted(written: str) -> tuple[str, ...] | None:
    """What a stored receipt says, in the order of `_SAID`, each as a text; None where it is no receipt any more."""
    try:
        usual = _as_we_write_it(written)  # in less than half of the time that it takes to parse it
        if usual is not None:
            return usual.groups()
        found = json.loads(written)
        return tuple(str(found[name]) for name in _SAID) if found.keys() >= _NAMES else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


class Commands:
    """Takes the commands as they lie in their table, beside the events: almost always each is at hand when its events have gone by.

    To ask for each by its id took as long as reading its events; to sort the table would grow with the log.
    """

    def __init__(self, store: Store, log: Log, findings: Findings) -> None:
        self._store = store
        self._season, self._origin = log.season, log.origin
        self._findings = findings
        self._last: LogRow | None = None
        self._first_seq = 0
        self._runs = 0
        self._passing = store.stream(_IN_PASSING, (self._season,))
        self._ahead: dict[str, Row] = {}

    def take(self, row: LogRow) -> None:
        if self._last is None or row.command != self._last.command:
            self._close()
            self._first_seq = row.seq
        self._last = row

    def _close(self) -> None:
        """One run of events has ended: its command has to stand for it, and for nothing else."""
        row = self._last
        if row is None:
            return
        self._runs += 1
        found = self._command(row.command)
        if found is None or found[0] != self._first_seq or found[1] != row.seq:
            self._findings.problem("command", row.seq, row.unit, command=row.command)
        elif receipted(found[2]) != self._due(row):
            self._findings.problem("receipt", row.seq, row.unit, command=row.command)

    def _due(self, row: LogRow) -> tuple[str, ...]:
        """What the receipt has to say of a run of events that ended with this one."""
        last = str(row.seq)
        return row.command, str(self._first_seq), last, row.leaf_hash.hex(), self._origin, self._season, last

    def _command(self, command_id: str) -> Row | None:
        """A command's first and last event, and its receipt."""
        ahead = self._ahead
        while command_id not in ahead and len(ahead) < _AHEAD:
            row = next(self._passing, None)
            if row is None:
                break
            ahead[row[0]] = row[1:]
        found = ahead.pop(command_id, None)
        return self._store.row(_COMMAND, (self._season, command_id)) if found is None else found

    def end(self) -> None:
        self._close()
        if self._store.rows(_COUNT, (self._season,)) == [(self._runs,)]:
            return
        for command_id, first_seq in self._store.rows(_WITHOUT_EVENTS, (self._season,)):
            self._findings.problem("command_without_events", first_seq, None, command=command_id)
