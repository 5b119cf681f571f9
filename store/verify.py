"""Verification: is the log what was accepted? One pass over it, at three depths; memory grows with units, not with events.

========== ==========================================================================================
``hashes`` every leaf's hash, numbers without gaps, the tree against the head
``fold``   also: columns against leaves, versions, instants, commands, seals, definitions, views, the projections against a fold of the log
``full``   also: every decision taken again on a view rebuilt from the log, every verdict and value compared with the evidence
========== ==========================================================================================

A log whose end was cut off and whose head was wound back is whole in itself: that is found by receipts kept elsewhere.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice

import attrs

from engine import codec, standing
from engine.answers import Depth, VerifyAnswer
from engine.case import Case
from engine.desk import Progress, unheard
from engine.events import AnyEvent, Recorded
from engine.heads import UnitHead
from engine.leaf import leaf_bytes
from engine.merkle import Frontier
from engine.plan import Plan
from engine.shapes import fits
from store.audit.identity import first_hash
from store.checks.aside import HeldReceipts, check_definitions, check_named, check_views
from store.checks.commands import Commands
from store.checks.findings import Findings
from store.checks.fold import Fold
from store.checks.hashes import Hashes
from store.checks.redecide import Redecide
from store.checks.rows import LogRow, log_rows
from store.checks.texts import Texts
from store.definitions import content_of
from store.errors import Corrupt
from store.head import Head, read_head
from store.log import event_at
from store.receipts import Receipts
from store.session import Session

_SIZE = "SELECT count(*) FROM log WHERE season = ?"
_STEP = 1000


def verify(
    session: Session,
    depth: Depth,
    receipts: Receipts | None = None,
    *,
    strict: bool = False,
    known: int = 0,
    progress: Progress = unheard,
) -> VerifyAnswer:
    """`receipts`: what somebody keeps outside; with `strict`, all of it has to be of this log.

    `known`: how many of the first events a checkpoint vouches for. `progress` hears how many of how many rows are done.
    """
    return _verified(session, depth, receipts, progress, strict=strict, known=known)[0]


def read_back(session: Session, receipts: Receipts | None, progress: Progress) -> tuple[VerifyAnswer, Frontier]:
    """Every leaf against its hash, as `verify` does it; and the tree of what was there, for whoever signs it."""
    return _verified(session, "hashes", receipts, progress, strict=False)


def _verified(
    session: Session, depth: Depth, receipts: Receipts | None, progress: Progress, *, strict: bool, known: int = 0
) -> tuple[VerifyAnswer, Frontier]:
    with session.store.transaction(), _no_search_for_cycles():
        head = read_head(session.store, session.season)

        def verified(no_text: str | None = None) -> tuple[VerifyAnswer, Frontier]:
            verification = _Verification(session, head, depth, receipts, strict=strict, known=known, no_text=no_text)
            return verification.run(progress), verification.tree

        try:
            return verified()
        except session.store.dialect.driver_error as error:
            column = session.store.dialect.is_no_text(error)
            if column is None:
                raise
        # rarely, and only where somebody did it: all over again, and what is no text differs from what belongs there
        with session.store.dialect.any_text(session.store.raw):
            return verified(column)


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """What is folded is made of values, which hold no cycles; to search millions of them again and again would take a tenth of the time."""
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            gc.enable()


def _state(case: Case | None) -> str | None:
    return None if case is None else case.state


class _Verification:
    """One run over one log."""

    def __init__(
        self,
        session: Session,
        head: Head,
        depth: Depth,
        receipts: Receipts | None,
        *,
        strict: bool,
        known: int,
        no_text: str | None = None,
    ) -> None:
        self._session = session
        self._store = session.store
        self._head = head
        self._depth = depth
        self._findings = Findings()
        self._known = known
        self._no_text = no_text
        self._held = None if receipts is None else HeldReceipts(receipts, session.season, session.origin, strict)
        self._heads: dict[str, tuple[int, bytes]] = {}
        self.tree = Frontier()

    def run(self, progress: Progress) -> VerifyAnswer:
        size = self._count(_SIZE)
        if self._depth != "hashes":
            check_definitions(self._store, self._findings)  # first: what is wrong with one shows in every event that rests on it
        hashes = Hashes(self._findings, self._receipt_size(size))
        takers: list[Callable[[LogRow], None]] = []
        fold = None if self._depth == "hashes" else self._fold(takers)
        rows = log_rows(self._store, self._session.season)
        done = 0
        while some := list(islice(rows, _STEP)):
            progress(done, size)
            each = takers if hashes.take_all(some) else [hashes.take, *takers]
            if each:
                for row in some:
                    for take in each:
                        take(row)
            done += len(some)
        progress(size, size)
        self.tree = hashes.end(self._store, self._head)
        if fold is not None:
            self._commands.end()
            self._compare(fold, hashes.count)
        self._compare_receipts(hashes)
        if self._no_text is not None:
            self._findings.problem("no_text", None, None, column=self._no_text)
        if self._depth == "full":
            self._check_file()
        return self._answer(hashes.count, self.tree.root())

    def _fold(self, takers: list[Callable[[LogRow], None]]) -> Fold:
        fold = Fold(self._session.log, self._findings, self._session.memory.procedure)
        full = self._depth == "full"
        state_of = (lambda unit: _state(fold.state.case(unit))) if full else None
        self._commands = Commands(self._store, self._session.log, self._findings, state_of)
        self._texts = Texts(self._store, self._session.log, self._findings)
        check = self._redecide() if full else None

        def event(row: LogRow) -> None:
            recorded = fold.read(row)
            if recorded is None:
                return
            self._texts.take(recorded)
            if check is not None:
                self._check_form(row, recorded, check.take(fold.state, recorded))
                self._heads[recorded.unit] = (recorded.version, row.leaf_hash)
            fold.take(recorded)

        def take(row: LogRow) -> None:
            try:
                event(row)
            except self._store.dialect.driver_error:
                raise
            except Corrupt as error:
                self._findings.problem("not_a_leaf", row.seq, row.unit, detail=error.detail)
            except Exception as error:  # noqa: BLE001 - whoever forges may put anything anywhere; a verifier must not stumble over it
                self._findings.problem("not_a_leaf", row.seq, row.unit, detail=f"{type(error).__name__}: {error}")

        takers.extend((self._commands.take, take))
        return fold

    def _check_form(self, row: LogRow, recorded: Recorded, decided: AnyEvent) -> None:
        """There is one way to write an event down; any other would let two texts stand for one.

        `decided`: the event that its command comes to. What compares equal need not be written alike: 1 and true do not.
        """
        if not fits(recorded) or leaf_bytes(self._session.log, attrs.evolve(recorded, event=decided)) != row.leaf:
            self._findings.problem("not_canonical", row.seq, row.unit)

    def _redecide(self) -> Redecide:
        memory = self._session.memory
        plan = lru_cache(maxsize=None)(self._plan)
        return Redecide(self._findings, target=self._target, heads=self._heads_there, workflow=memory.workflow, plan=plan)

    def _heads_there(self) -> Iterator[UnitHead]:
        """Where the units' records ended before the event at hand."""
        return (UnitHead(unit, version, leaf) for unit, (version, leaf) in self._heads.items())

    def _target(self, seq: int) -> Recorded | None:
        return event_at(self._store, self._session.season, seq)

    def _plan(self, digest: str) -> Plan:
        return codec.plan_from_bytes(content_of(self._store, digest))

    def _compare(self, fold: Fold, events: int) -> None:
        """What does not stand in the log itself, against it."""
        check_named(self._store, self._findings, fold.named)
        self._texts.compare(events)
        if self._store.layout_stands:
            fold.compare(self._store, self._head)
            check_views(self._store, self._findings)
        if self._depth == "full" and self._findings.ok:
            shaken = (n for case in fold.state.cases() for n in standing.notes(fold.state, case) if n.code == "rests_on_changed")
            self._findings.notes.extend(shaken)

    def _check_file(self) -> None:
        """How the database keeps its tables: an index that lost an entry would hide a row from whoever asks by it."""
        try:
            for said in self._store.dialect.damages(self._store.raw):
                self._findings.problem("file", None, None, detail=said)
        except self._store.dialect.driver_error as error:
            self._findings.problem("file", None, None, detail=str(error))

    def _receipt_size(self, size: int) -> int | None:
        """The size at which a receipt knows the root."""
        if self._held is None:
            return None
        self._held.scan(size, first_hash(self._store, self._session.season))
        return None if self._held.last is None else self._held.last.receipt.size

    def _compare_receipts(self, hashes: Hashes) -> None:
        if self._held is None:
            self._findings.note("no_receipts", file=None)
        else:
            self._held.compare(self._store, self._findings, hashes.last, hashes.root_there, self._known)

    def _count(self, statement: str) -> int:
        row = self._store.row(statement, (self._session.season,))
        return 0 if row is None else row[0]

    def _answer(self, events: int, root: bytes) -> VerifyAnswer:
        findings = self._findings
        findings.notes.extend(n for n in self._store.notes() if n.code != "projections_outdated")
        if findings.more:
            findings.note("more_problems", count=findings.more)
        return VerifyAnswer(
            ok=findings.ok,
            depth=self._depth,
            events=events,
            root=root.hex(),
            problems=tuple(findings.problems),
            notes=tuple(findings.notes),
        )
