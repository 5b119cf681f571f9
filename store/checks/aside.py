"""What lies beside the log: definitions, views, and the receipts that somebody keeps elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import Final

import attrs

from engine import codec
from engine.desk import Receipt
from engine.events import AnyEvent, PlanIssued, Recorded, SeasonOpened, WorkflowAdopted
from engine.merkle import Frontier
from store.audit.leaves import leaf_hashes
from store.checks.findings import Findings
from store.connection import Store, as_bytes
from store.definitions import Kind
from store.receipts import KeptReceipt, Receipts

_KINDS: Final[Mapping[type[AnyEvent], Kind]] = {SeasonOpened: "season", WorkflowAdopted: "workflow", PlanIssued: "plan"}

_LEAF_HASH = "SELECT leaf_hash, unit FROM log WHERE season = ? AND seq = ?"


def check_definitions(store: Store, findings: Findings) -> None:
    """Each is what its digest says."""
    for digest, kind, content in store.stream("SELECT digest, kind, content FROM definition ORDER BY digest"):
        if codec.digest(as_bytes(content)) != digest:
            findings.problem("definition", None, None, digest=digest, kind=kind)


def check_named(store: Store, findings: Findings, named: Mapping[str, Recorded]) -> None:
    """Each that the log names is there, as what it is named. `named`: by digest, the event that names it first."""
    kept: dict[str, str] = dict(store.rows("SELECT digest, kind FROM definition"))
    for digest, recorded in named.items():
        if digest not in kept:
            findings.problem("definition_missing", recorded.seq, recorded.unit, digest=digest)
        elif kept[digest] != _KINDS[type(recorded.event)]:
            findings.problem("definition", recorded.seq, recorded.unit, digest=digest, kind=kept[digest])


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
    longest: int = 0
    found: bool = True
    useful: list[Receipts] = attrs.field(factory=list)
    useless: list[Receipts] = attrs.field(factory=list)
    _genesis: str = ""

    def scan(self, size: int, genesis: str) -> None:
        """Go over the files once to find `last`. `genesis`: the hash of the log's first leaf."""
        self._genesis = genesis
        for file in self.receipts.each():
            before = self.count
            try:
                for kept in file.read(self.season, self.origin):
                    self._count(kept, size)
            except OSError:
                self.found = False
            (self.useful if self.count > before else self.useless).append(file)

    def _count(self, kept: KeptReceipt | None, size: int) -> None:
        if kept is None:
            self.unreadable += 1
        elif not self._is_ours(kept):
            self.others += 1
        else:
            self.count += 1
            if kept.receipt.size <= size and (self.last is None or kept.receipt.size > self.last.receipt.size):
                self.last = kept

    def _is_ours(self, kept: KeptReceipt) -> bool:
        return self.strict or kept.is_of(self._genesis)

    def compare(self, store: Store, findings: Findings, end: int, root_there: bytes | None, known: int) -> None:
        """Each receipt's last event is the one in the log, and the longest one's root is the log's at that size.

        `end`: the log's last event; `known`: how many of the first are known to be as they were.
        """
        if not self.found and not self.strict:
            findings.note("no_receipts", file=str(self.receipts.file_for(self.season, self.origin)))
            return
        each = Findings()
        cut = self._compare_each(store, each, end)
        if self.last is not None and (each.problems or bytes.fromhex(self.last.receipt.root) != root_there):
            self._narrow(store, findings, self.last.receipt.size, known)
        if cut is not None:
            findings.first_hand("cut_by_receipt", end + 1, command=cut.command_id, size=self.longest)
        findings.take(each)
        for file in self.useless if self.strict else ():
            findings.problem("no_receipt_in", file=str(file.path))
        self._tell(findings)

    def _narrow(self, store: Store, findings: Findings, until: int, after: int) -> None:
        """Between which receipts the log begins to be another one. A second reading of it, only where it is."""
        frontier, leaves = Frontier(), leaf_hashes(store, self.season, until)
        for size, root in sorted({(kept.receipt.size, kept.receipt.root) for kept in self._ours()}):
            frontier = frontier.extend(islice(leaves, size - frontier.size))
            if frontier.size != size:
                return  # it was cut, or has a hole: told already
            if frontier.root().hex() != root:
                after = min(after, size - 1)
                findings.first_hand("receipt_root", size, size=size, after=after, first=after + 1)
                return
            after = max(after, size)

    def _ours(self) -> Iterator[KeptReceipt]:
        for kept in chain.from_iterable(file.read(self.season, self.origin) for file in self.useful):
            if kept is not None and self._is_ours(kept):
                yield kept

    def _compare_each(self, store: Store, findings: Findings, end: int) -> Receipt | None:
        """Also the first that speaks of events behind the log's last."""
        cut = None
        for kept in self._ours():
            receipt = kept.receipt
            self.longest = max(self.longest, receipt.size)
            if receipt.last_seq > end:
                cut = cut or receipt
                continue
            row = store.row(_LEAF_HASH, (self.season, receipt.last_seq))
            if row is None:
                findings.problem("cut_by_receipt", receipt.last_seq, None, command=receipt.command_id, size=receipt.size)
            elif as_bytes(row[0]).hex() != receipt.leaf_hash:
                findings.problem("other_than_receipt", receipt.last_seq, row[1], command=receipt.command_id)
        return cut

    def _tell(self, findings: Findings) -> None:
        if self.count:
            findings.note("receipts_checked", count=self.count, size=self.longest)
        if self.others:
            findings.note("receipts_of_other_log", count=self.others)
        if self.unreadable:
            findings.note("receipts_unreadable", count=self.unreadable)
