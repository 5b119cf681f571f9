"""Numbers and hashes: every leaf against its hash, the numbering without gaps, the tree against the head."""

from __future__ import annotations

from collections.abc import Sequence

from engine.merkle import Frontier, leaf_hash
from store.checks.commands import LEAF_HASH, receipted
from store.checks.findings import Findings
from store.checks.rows import LogRow, log_rows
from store.connection import Store
from store.head import Head

_COMMANDS = "SELECT last_seq, receipt FROM command WHERE season = ? ORDER BY last_seq"

_AT_ONCE = 1024


class Hashes:
    """Takes the log row by row; `stop_at`: a size whose root somebody holds a receipt for."""

    def __init__(self, findings: Findings, stop_at: int | None = None) -> None:
        self._findings = findings
        self._stop_at = stop_at
        self._frontier = Frontier()
        self._waiting: list[bytes] = []
        self._expected = 1
        self.count = 0
        self.root_there: bytes | None = None

    def take_all(self, rows: Sequence[LogRow]) -> bool:
        """Take some rows at once, if nothing is wrong with any of them and nobody asks for a root between them; else none."""
        found = [leaf_hash(row.leaf) for row in rows]
        after = self.count + len(rows)
        if (
            (self._stop_at is not None and self.count < self._stop_at < after)
            or found != [row.leaf_hash for row in rows]
            or [row.seq for row in rows] != list(range(self._expected, self._expected + len(rows)))
        ):
            return False
        self._expected += len(rows)
        self._waiting.extend(found)
        self.count = after
        self._fold()
        return True

    def take(self, row: LogRow) -> None:
        found = leaf_hash(row.leaf)
        if found != row.leaf_hash:
            self._findings.problem("leaf_hash", row.seq, row.unit)
        if type(row.seq) is not int:  # SQLite keeps a word in a column of numbers, behind all of them
            self._findings.problem("columns", self._expected, row.unit, columns=("seq",))
        else:
            if row.seq != self._expected:
                self._misnumbered(row)
            self._expected = row.seq + 1
        self._waiting.append(found)
        self.count += 1
        if self.count == self._stop_at or len(self._waiting) >= _AT_ONCE:
            self._fold()

    def _misnumbered(self, row: LogRow) -> None:
        if row.seq < self._expected:
            self._findings.problem("seq_repeated", row.seq, row.unit)
        else:
            self._findings.problem("seq_missing", self._expected, None, until=row.seq - 1)

    def _fold(self) -> None:
        self._frontier = self._frontier.extend(self._waiting)
        self._waiting.clear()
        if self._frontier.size == self._stop_at:
            self.root_there = self._frontier.root()

    @property
    def last(self) -> int:
        """The number of the last event."""
        return self._expected - 1

    def end(self, store: Store, head: Head) -> Frontier:
        """Compare with the head; the tree of what is there."""
        self._fold()
        last = self.last
        if head.size > last:
            self._findings.problem("cut", last + 1, None, size=head.size, found=last)
        elif head.size < last:
            self._findings.problem("longer_than_head", head.size + 1, None, size=head.size, found=last)
        if self._frontier.to_bytes() != head.hashes:
            self._root_differs(store, head)
        return self._frontier

    def _root_differs(self, store: Store, head: Head) -> None:
        """Somewhere the leaves are not those that made the head: the commands' own receipts say from where on."""
        if not self._findings.problems:
            seq = first_other_leaf(store, head.season)
            self._findings.problem("root", seq, None)


def first_other_leaf(store: Store, season: str) -> int | None:
    """The first command's last event that is not the one its receipt names, or None when all receipts were made to fit."""
    receipts = store.stream(_COMMANDS, (season,))
    seq, written = next(receipts, (None, ""))
    for row in log_rows(store, season):
        if row.seq != seq:
            continue
        said = receipted(written)
        if said is None or said[LEAF_HASH] != leaf_hash(row.leaf).hex():
            return row.seq
        seq, written = next(receipts, (None, ""))
    return None
