"""Commands: each stands for one run of events, and its receipt for the last of them."""

from __future__ import annotations

from collections.abc import Iterator

from store.checks.findings import Findings
from store.checks.rows import LogRow
from store.commands import read_receipt
from store.connection import Row, Store

_COMMANDS = "SELECT id, first_seq, last_seq, receipt FROM command WHERE season = ? ORDER BY first_seq"


def receipted(written: str) -> str | None:
    """The hash of the last event that a stored receipt names; None where it is no receipt any more."""
    try:
        return read_receipt(written)[0].leaf_hash
    except (ValueError, KeyError, TypeError):
        return None


class Commands:
    """Follows the table of commands beside the log."""

    def __init__(self, store: Store, season: str, findings: Findings) -> None:
        self._findings = findings
        self._commands: Iterator[Row] = store.stream(_COMMANDS, (season,))
        self._last: LogRow | None = None
        self._first_seq = 0

    def take(self, row: LogRow) -> None:
        if self._last is not None and row.command == self._last.command:
            self._last = row
            return
        self._close()
        self._last, self._first_seq = row, row.seq

    def _close(self) -> None:
        """One run of events has ended: the next command of the table has to be the one that stands for it."""
        row = self._last
        if row is None:
            return
        found = next(self._commands, None)
        if found is None or found[:3] != (row.command, self._first_seq, row.seq):
            self._findings.problem("command", row.seq, row.unit, command=row.command)
            return
        if receipted(found[3]) != row.leaf_hash.hex():
            self._findings.problem("receipt", row.seq, row.unit, command=row.command)

    def end(self) -> None:
        self._close()
        for command_id, first_seq, *_ in self._commands:
            self._findings.problem("command_without_events", first_seq, None, command=command_id)
