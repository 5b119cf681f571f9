"""What lies beside the log: definitions, sealed texts, views, and the receipts that somebody keeps elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import chain

import attrs

from engine import codec
from engine.events import Recorded
from store.checks.findings import Findings
from store.connection import Store, as_bytes
from store.head import Head
from store.receipts import KeptReceipt, Receipts
from store.sealing import sealed_digest

_SEALED = "SELECT digest, salt, text FROM sealed WHERE season = ? ORDER BY digest"
_LEAF_HASH = "SELECT leaf_hash FROM log WHERE season = ? AND seq = ?"


def check_definitions(store: Store, findings: Findings) -> None:
    """Each is what its digest says."""
    for digest, kind, content in store.stream("SELECT digest, kind, content FROM definition ORDER BY digest"):
        if codec.digest(as_bytes(content)) != digest:
            findings.problem("definition", None, None, digest=digest, kind=kind)


def check_named(store: Store, findings: Findings, named: Mapping[str, Recorded]) -> None:
    """Each that the log names is there. `named`: by digest, the event that names it first."""
    kept = {digest for (digest,) in store.rows("SELECT digest FROM definition")}
    for digest, recorded in named.items():
        if digest not in kept:
            findings.problem("definition_missing", recorded.seq, recorded.unit, digest=digest)


def check_seals(store: Store, season: str, findings: Findings) -> None:
    erased = 0
    for digest, salt, text in store.stream(_SEALED, (season,)):
        if text is None or salt is None:
            erased += 1
        elif sealed_digest(as_bytes(salt), str(text)) != digest:
            findings.problem("seal", None, None, digest=digest)
    if erased:
        findings.note("erased", count=erased)


def check_views(store: Store, findings: Findings) -> None:
    """Whoever asks the log in SQL asks through them: each says what it was made to say."""
    for name in store.dialect.changed_views(store.raw):
        findings.problem("view", None, None, view=name)


@attrs.define
class HeldReceipts:
    """The receipts of some files, as far as they are of this log.

    `last`: the longest log that a receipt speaks of and that fits into this one: the root at its size vouches for all before it.
    `useless`: the files in which there is none of this log. `strict`: somebody named the files, and wants to know what became of each.
    """

    receipts: Receipts
    season: str
    origin: str
    strict: bool
    count: int = 0
    others: int = 0
    unreadable: int = 0
    last: KeptReceipt | None = None
    found: bool = True
    useful: list[Receipts] = attrs.field(factory=list)
    useless: list[Receipts] = attrs.field(factory=list)

    def scan(self, size: int, genesis: str) -> None:
        """Go over the files once to find `last`."""
        for file in self.receipts.each():
            before = self.count
            try:
                for kept in file.read(self.season, self.origin):
                    self._count(kept, size, genesis)
            except OSError:
                self.found = False
            (self.useful if self.count > before else self.useless).append(file)

    def _count(self, kept: KeptReceipt | None, size: int, genesis: str) -> None:
        if kept is None:
            self.unreadable += 1
        elif not self.is_ours(kept, genesis):
            self.others += 1
        else:
            self.count += 1
            if kept.receipt.size <= size and (self.last is None or kept.receipt.size > self.last.receipt.size):
                self.last = kept

    def is_ours(self, kept: KeptReceipt, genesis: str) -> bool:
        return self.strict or kept.log in ("", genesis)

    def compare(self, store: Store, head: Head, findings: Findings, genesis: str, root_there: Callable[[], bytes | None]) -> None:
        """Each receipt's last event is the one in the log, and the longest one's root is the log's at that size."""
        if not self.found and not self.strict:
            findings.note("no_receipts", file=str(self.receipts.file_for(self.season, self.origin)))
            return
        before = len(findings.problems)
        longest = self._compare_each(store, head, findings, genesis)
        if self.last is not None and len(findings.problems) == before and self._root() != root_there():
            findings.problem("receipt_root", self.last.receipt.last_seq, None, size=self.last.receipt.size)
        for file in self.useless if self.strict else ():
            findings.problem("no_receipt_in", file=str(file.path))
        self._tell(findings, longest)

    def _root(self) -> bytes | None:
        return None if self.last is None else bytes.fromhex(self.last.receipt.root)

    def _compare_each(self, store: Store, head: Head, findings: Findings, genesis: str) -> int:
        longest = 0
        for kept in chain.from_iterable(file.read(self.season, self.origin) for file in self.useful):
            if kept is None or not self.is_ours(kept, genesis):
                continue
            receipt = kept.receipt
            longest = max(longest, receipt.size)
            row = store.row(_LEAF_HASH, (head.season, receipt.last_seq))
            if row is None:
                findings.problem("cut_by_receipt", receipt.last_seq, None, command=receipt.command_id, size=receipt.size)
            elif as_bytes(row[0]).hex() != receipt.leaf_hash:
                findings.problem("other_than_receipt", receipt.last_seq, None, command=receipt.command_id)
        return longest

    def _tell(self, findings: Findings, longest: int) -> None:
        if self.count:
            findings.note("receipts_checked", count=self.count, size=longest)
        if self.others:
            findings.note("receipts_of_other_log", count=self.others)
        if self.unreadable:
            findings.note("receipts_unreadable", count=self.unreadable)
