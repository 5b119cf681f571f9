"""Commands: each stands for one run of events, and its receipt for the last of them."""

from __future__ import annotations

from store.checks.findings import Findings
from store.checks.rows import LogRow
from store.commands import read_receipt
from store.connection import Store

_COMMAND = "SELECT first_seq, last_seq, receipt FROM command WHERE season = ? AND id = ?"
_COUNT = "SELECT count(*) FROM command WHERE season = ?"
_WITHOUT_EVENTS = (
    "SELECT id, first_seq FROM command c WHERE season = ? AND NOT EXISTS"
    " (SELECT 1 FROM log l WHERE l.season = c.season AND l.seq = c.first_seq AND l.command = c.id) ORDER BY first_seq"
)


def receipted(written: str) -> str | None:
    """The hash of the last event that a stored receipt names; None where it is no receipt any more."""
    try:
        return read_receipt(written)[0].leaf_hash
    except (ValueError, KeyError, TypeError):
        return None


class Commands:
    """Asks for the command of each run of events as the log goes by; a sort of the whole table would grow with the log."""

    def __init__(self, store: Store, season: str, findings: Findings) -> None:
        self._store = store
        self._season = season
        self._findings = findings
        self._last: LogRow | None = None
        self._first_seq = 0
        self._runs = 0

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
        found = self._store.row(_COMMAND, (self._season, row.command))
        if found is None or found[:2] != (self._first_seq, row.seq):
            self._findings.problem("command", row.seq, row.unit, command=row.command)
        elif receipted(found[2]) != row.leaf_hash.hex():
            self._findings.problem("receipt", row.seq, row.unit, command=row.command)

    def end(self) -> None:
        self._close()
        if self._store.rows(_COUNT, (self._season,)) == [(self._runs,)]:
            return
        for command_id, first_seq in self._store.rows(_WITHOUT_EVENTS, (self._season,)):
            self._findings.problem("command_without_events", first_seq, None, command=command_id)
