"""Commands: each stands for one run of events, and its receipt for the last of them and for the log up to there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Final

import attrs

from engine.desk import Receipt
from engine.leaf import Log
from engine.merkle import Frontier
from engine.unit import SEASON
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


_EVENTS: Final = ("command_id", "first_seq", "last_seq", "leaf_hash", "origin", "season", "size")
"""What a receipt says of the events of its command."""

_SAID: Final = (*_EVENTS, "root", "state")

LEAF_HASH: Final = _SAID.index("leaf_hash")

_NAMES: Final = frozenset((*(attribute.name for attribute in attrs.fields(Receipt)), "state"))
_WORD: Final = r'"([^"\\\x00-\x1f]*)"'
_NUMBER: Final = "(0|[1-9][0-9]*)"
_HASH: Final = "[0-9a-f]{64}"
_as_we_write_it: Final = re.compile(
    rf'{{"command_id":{_WORD},"first_seq":{_NUMBER},"last_seq":{_NUMBER},"leaf_hash":"({_HASH})","origin":{_WORD},"root":"({_HASH})",'
    rf'"season":{_WORD},"size":{_NUMBER},"state":(?:null|{_WORD})}}'
).fullmatch


def receipted(written: str) -> tuple[str | None, ...] | None:
    """What a stored receipt says, in the order of `_SAID`, each as a text; None where it is no receipt any more."""
    try:
        usual = _as_we_write_it(written)  # in less than half of the time that it takes to parse it
        if usual is not None:
            command, first, last, leaf_hash, origin, root, season, size, state = usual.groups()
            return command, first, last, leaf_hash, origin, season, size, root, state
        found = json.loads(written)
        if found.keys() != _NAMES:
            return None
        state = found["state"]
        return *(str(found[name]) for name in _SAID[:-1]), None if state is None else str(state)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


class Commands:
    """Takes the commands as they lie in their table, beside the events: almost always each is at hand when its events have gone by.

    To ask for each by its id took as long as reading its events; to sort the table would grow with the log. `state_of`: in which state a
    unit stands after the events that have gone by; with it the root and the state in each receipt are compared too.
    """

    def __init__(self, store: Store, log: Log, findings: Findings, state_of: Callable[[str], str | None] | None = None) -> None:
        self._store = store
        self._season, self._origin = log.season, log.origin
        self._findings = findings
        self._last: LogRow | None = None
        self._first_seq = 0
        self._first_unit = SEASON
        self._runs = 0
        self._state_of = state_of
        self._frontier = Frontier()
        self._hashes: list[bytes] = []
        self._other_root = False
        self._passing = store.stream(_IN_PASSING, (self._season,))
        self._ahead: dict[str, Row] = {}

    def take(self, row: LogRow) -> None:
        if self._last is None or row.command != self._last.command:
            self._close()
            self._first_seq, self._first_unit = row.seq, row.unit
        self._last = row
        if self._state_of is not None:
            self._hashes.append(row.leaf_hash)

    def _close(self) -> None:
        """One run of events has ended: its command has to stand for it, and for nothing else."""
        row = self._last
        if row is None:
            return
        self._runs += 1
        found = self._command(row.command)
        if found is None or found[0] != self._first_seq or found[1] != row.seq:
            self._findings.problem("command", row.seq, row.unit, command=row.command)
            return
        said = receipted(found[2])
        if said is None or said[: len(_EVENTS)] != self._due(row):
            self._findings.problem("receipt", row.seq, row.unit, command=row.command)
        elif self._state_of is not None:
            self._compare_after(row, said, self._state_of)

    def _compare_after(self, row: LogRow, said: tuple[str | None, ...], state_of: Callable[[str], str | None]) -> None:
        """How the log stood after the command. Where its past is another, so is each root from there on: only the first is told."""
        self._frontier = self._frontier.extend(self._hashes)
        self._hashes.clear()
        *_, root, state = said
        other = root != self._frontier.root().hex()
        if other and not self._other_root:
            self._findings.problem("stored_root", row.seq, row.unit, command=row.command)
        self._other_root = other
        if state != (None if self._first_unit == SEASON else state_of(row.unit)):
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
