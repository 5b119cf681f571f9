"""The desk: what a person or a program asks of a season. A thin door; the work is behind it, in `store.writing` and `store.questions`.

    with Desk.open("daihoi.db") as desk:
        desk.submit(Advance(unit="tay-ho", actor=Actor(unit="tay-ho"), trigger="submit"))

A desk holds one connection and belongs to one thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import TYPE_CHECKING, Self

from engine.board import Note
from engine.desk import Accepted, Progress, Receipt, unheard
from store.clock import LIVE
from store.opening import WAIT, open_session, open_store
from store.session import Session
from store.sources import Sources, system_sources

if TYPE_CHECKING:
    from pathlib import Path

    from engine.actors import Actor
    from engine.answers import (
        BetweenAnswer,
        Depth,
        HistoryLine,
        ReplayAnswer,
        StepAnswer,
        UnitAnswer,
        UnitReplayAnswer,
        VerifyAnswer,
        WhyAnswer,
    )
    from engine.board import BoardAnswer
    from engine.check_code import CheckCode
    from engine.commands import AnyCommand, OpenSeason
    from engine.events import Recorded
    from engine.tlog.checkpoints import EntryProof, Signed
    from engine.tlog.notes import VerifierKey
    from engine.tlog.policies import Policy
    from engine.values import Text
    from engine.workflow import Workflow
    from engine.world import PlanInForce
    from store.audit.bundle import Bundled, Contents
    from store.audit.checkpoint import Issued, Unlock
    from store.audit.evidence import EvidenceAnswer
    from store.audit.papers import CodesAnswer
    from store.definitions import Defined, Definition
    from store.questions.courses import Courses
    from store.questions.plans import PlanValuesAnswer
    from store.receipts import KeptReceipt, Receipts
    from store.writing import Request

At = int | date | None
"""A position of the log, a day, or now."""


def seasons(address: str) -> dict[str, str]:
    """The seasons that a store holds, each with its origin."""
    from store.head import seasons as held

    store = open_store(address, read_only=True)
    try:
        return held(store)
    finally:
        store.close()


class Desk(AbstractContextManager["Desk"]):
    """One season of one store."""

    def __init__(self, session: Session, receipts: Receipts | None = None) -> None:
        self._session = session
        self._receipts = receipts
        self.opening: Accepted | None = None

    @classmethod
    def create(
        cls,
        address: str | Path,
        command: OpenSeason,
        definitions: Iterable[Defined],
        *,
        origin: str = LIVE,
        sources: Sources | None = None,
        receipts: Receipts | None = None,
        command_id: str | None = None,
    ) -> Self:
        """Open a season, in a new store or in one that stands. `opening` is what it got."""
        from store.creating import create_session

        session, accepted = create_session(
            str(address), command, definitions, origin, sources or system_sources(), command_id=command_id
        )
        desk = cls(session, receipts)
        desk.opening = accepted
        desk._keep_receipts((accepted,))
        return desk

    @classmethod
    def open(
        cls,
        address: str | Path,
        season: str | None = None,
        *,
        sources: Sources | None = None,
        read_only: bool = False,
        receipts: Receipts | None = None,
        wait: float = WAIT,
    ) -> Self:
        """A season that stands. `season` may be left out while the store holds one; `wait`: seconds for another writer."""
        session = open_session(str(address), season, sources or system_sources(), read_only=read_only, wait=wait)
        return cls(session, receipts)

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the connection back; a writer brings everything into the one file first."""
        self._session.store.close()

    # What it is

    @property
    def season(self) -> str:
        return self._session.season

    @property
    def origin(self) -> str:
        return self._session.origin

    @property
    def rehearsal(self) -> bool:
        return self._session.origin != LIVE

    @property
    def board(self) -> str:
        """The unit that opened the season."""
        return self._session.charter(self._session.head()).board

    def files(self) -> tuple[str, ...]:
        """The paths that are the store's own, where it is kept in files."""
        place = self._session.store.dialect.place
        return () if "://" in place else tuple(place + ending for ending in ("", "-wal", "-shm"))

    def today(self) -> date:
        """The day in the season's time zone; a rehearsal's own."""
        return self._session.today(self._session.head())

    def notes(self) -> tuple[Note, ...]:
        """What whoever uses this desk has to know, each once: found at opening, or since."""
        return (*self._session.store.notes(), *self._session.notes)

    # Commands

    def prepare(
        self,
        command: AnyCommand,
        *,
        expect: int | None = None,
        command_id: str | None = None,
        definitions: Iterable[Defined] = (),
    ) -> Request:
        """A command with the version it is decided on: `expect`, or what stands now, before any transaction."""
        from engine.texts import check_text, check_texts
        from store.conflicts import subject_of
        from store.sealing import tidied
        from store.writing import Request

        check_texts(command)
        if command_id is not None:
            check_text(command_id, "command_id")
        return Request(
            command=tidied(command),
            id=command_id or self._session.sources.new_id(),
            repeatable=command_id is not None,
            expect=expect,
            read=self.version_of(subject_of(command)),
            definitions=tuple(definitions),
        )

    def submit(
        self,
        command: AnyCommand,
        *,
        expect: int | None = None,
        dry_run: bool = False,
        command_id: str | None = None,
        definitions: Iterable[Defined] = (),
    ) -> Accepted:
        """Decide and record one command. Raises DaihoiError; then nothing was recorded."""
        request = self.prepare(command, expect=expect, command_id=command_id, definitions=definitions)
        return self.commit((request,), dry_run=dry_run)[0]

    def submit_all(self, commands: Sequence[AnyCommand], *, dry_run: bool = False) -> list[Accepted]:
        """A run of commands in one transaction, each with its own id and receipt: all of them, or none."""
        return self.commit([self.prepare(command) for command in commands], dry_run=dry_run)

    def commit(self, requests: Sequence[Request], *, dry_run: bool = False) -> list[Accepted]:
        """Decide and record what was prepared."""
        from store.writing import write

        accepted = write(self._session, requests, dry_run=dry_run)
        if not dry_run:
            self._keep_receipts(accepted)
        return accepted

    def _keep_receipts(self, accepted: Iterable[Accepted]) -> None:
        """Outside the store, after the commit: a receipt that cannot be kept is told, and takes nothing back."""
        if self._receipts is None:
            return
        new = [one.receipt for one in accepted if one.receipt is not None and not one.repeated]
        try:
            self._receipts.append(new, self._session.charter(self._session.head()).genesis)
        except OSError as error:
            self._session.notes.append(
                Note(code="receipt_not_kept", fields={"file": str(error.filename), "detail": error.strerror})
            )

    def advance_clock(self, day: date) -> None:
        """Move a rehearsal's clock on to a day; it never goes back."""
        from store.writing import move_clock

        move_clock(self._session, day)

    # Units

    def codes(self, *, under: str | None = None, level: str | None = None) -> list[str]:
        """The codes of the units in the season (below one, of one level), in the order they joined."""
        from store.questions.find import codes

        return codes(self._session, under, level)

    def find_unit(self, text: str) -> str:
        """The code that a person means: a code, or a name with or without its accents."""
        from store.questions.find import find_unit

        return find_unit(self._session, text)

    def version_of(self, unit: str) -> int:
        """How many events a unit (or the season itself) has."""
        return self._session.version_of(unit)

    def superior_of(self, unit: str) -> str | None:
        from store.questions.find import case_of

        return case_of(self._session, unit).unit.above

    def state_of(self, unit: str) -> str:
        from store.questions.find import case_of

        return case_of(self._session, unit).state

    def reached(self, unit: str) -> frozenset[str]:
        from store.questions.find import case_of

        return frozenset(case_of(self._session, unit).milestones())

    def workflow_of(self, unit: str) -> Workflow:
        """The procedure that a unit follows."""
        from store.questions.find import case_of

        return self._session.memory.workflow(case_of(self._session, unit).workflow)

    def workflows(self) -> dict[str, Workflow]:
        """The procedures by level, top first."""
        charter = self._session.charter(self._session.head())
        return {level: self._session.memory.workflow(a.digest) for level, a in charter.adoptions.items()}

    def definition(self, digest: str) -> Definition | None:
        """What a digest in the log stands for, with its source text."""
        from store.definitions import read_definition

        return read_definition(self._session.store, digest)

    def levels(self) -> dict[str, Text]:
        """The levels in the season's own words, top first, as its file named them. Raises Corrupt where that file is gone or another."""
        from engine import codec
        from engine.values import Text
        from store.definitions import content_of

        opened = self._session.memory.charter(self._session.head()).opened  # over a damaged log too: words for what is left
        if opened is None:
            return {}
        levels = codec.parse(content_of(self._session.store, opened.digest)).get("levels", [])
        return {level["id"]: Text(**level["text"]) for level in levels}

    # Questions

    def status(  # noqa: PLR0913  # as many as the command has options
        self,
        *,
        under: str | None = None,
        level: str | None = None,
        state: str | None = None,
        overdue: bool = False,
        blocked: bool = False,
        units: bool = False,
        at: At = None,
        on: date | None = None,
    ) -> BoardAnswer:
        """Where every unit stands; asked for a state, a flag or `units`, the units themselves too."""
        from store.questions.board import Wanted, status

        wanted = Wanted(under=under, level=level, state=state, overdue=overdue, blocked=blocked, units=units)
        return status(self._session, wanted, at, on)

    def status_of(self, unit: str, *, at: At = None, on: date | None = None) -> UnitAnswer:
        """Where one unit stands."""
        from store.questions.unit import status_of

        return status_of(self._session, unit, at, on)

    def why(self, unit: str, trigger: str | None = None, *, below: bool = False, on: date | None = None) -> WhyAnswer:
        """Every guard before the next transitions; with `below`, down to the missing papers of the units below."""
        from store.questions.why import why

        return why(self._session, unit, trigger, below=below, on=on)

    def plans(self) -> tuple[PlanInForce, ...]:
        """Every plan issued, in the order of the log."""
        return tuple(self._session.charter(self._session.head()).plans)

    def plan_values(self, unit: str, *, on: date | None = None) -> PlanValuesAnswer:
        """Which values hold for a unit, and from where."""
        from store.questions.plans import plan_values

        return plan_values(self._session, unit, on)

    def event(self, seq: int) -> Recorded:
        """One event of the log."""
        from store.questions.history import event

        return event(self._session, seq)

    def history(  # noqa: PLR0913  # as many as the command has options
        self,
        unit: str | None = None,
        *,
        under: str | None = None,
        kinds: Sequence[str] = (),
        by: Actor | None = None,
        guard: str | None = None,
        since: date | None = None,
        until: date | None = None,
        first: date | None = None,
        last: date | None = None,
        late: int | None = None,
        limit: int | None = None,
    ) -> Iterable[HistoryLine]:
        """What was recorded, in the order of the log: what fits all that is given (`store.questions.sought`), the last so many of it."""
        from store.questions.history import history
        from store.questions.sought import Sought

        sought = Sought(
            unit=unit, under=under, kinds=kinds, by=by, guard=guard, since=since, until=until, first=first, last=last, late=late
        )
        return history(self._session, sought, limit)

    def replay(self, at: At = None, *, known: date | None = None) -> ReplayAnswer:
        """The season as it stood; `known`: as far as had been recorded by a day's end, or an instant (a `datetime`)."""
        from store.questions.replay import replay

        return replay(self._session, at, known)

    def replay_of(self, unit: str, at: At = None, *, known: date | None = None) -> UnitReplayAnswer:
        """One unit's course, each past verdict as it was taken."""
        from store.questions.replay import replay_of

        return replay_of(self._session, unit, at, known)

    def step_of(self, unit: str, number: int) -> StepAnswer:
        """One step of a unit's course (the first is 1), with what it changed."""
        from store.questions.replay import step_of

        return step_of(self._session, unit, number)

    def between(self, first: At, last: At = None, *, unit: str | None = None, known: date | None = None) -> BetweenAnswer:
        """What changed between two moments (positions or days; without a second one, until now), for one unit or the tree."""
        from store.questions.between import between

        return between(self._session, first, last, unit=unit, known=known)

    def courses(self, *, under: str | None = None) -> AbstractContextManager[Courses]:
        """Every unit's course from end to end (or of one unit and those below), in one transaction that reads."""
        from store.questions.courses import reading_courses

        return reading_courses(self._session, under)

    def log_name(self) -> str:
        """The name under which this log signs its checkpoints."""
        from store.audit.identity import log_name

        with self._session.store.transaction():
            return log_name(self._session)

    def check_code(self) -> CheckCode:
        """The check code of the log as its head has it. Raises Corrupt."""
        return self._session.check_code(self._session.head())

    def check_codes(self, codes: Iterable[CheckCode], *, progress: Progress = unheard) -> CodesAnswer:
        """Whether the log, read anew, still holds the pasts that papers name, and from where on it does not."""
        from store.audit.papers import check_codes

        return check_codes(self._session, codes, self._receipts, progress)

    def audit(
        self,
        depth: Depth = "full",
        *,
        checkpoint: Signed | None = None,
        policy: Policy | None = None,
        receipts: Receipts | None = None,
        progress: Progress = unheard,
    ) -> VerifyAnswer:
        """Verify, and compare with a checkpoint that somebody kept; `policy`: whose signatures on it count. `receipts`: as in `verify`."""
        from store.audit.trust import audit

        strict = receipts is not None
        return audit(self._session, depth, receipts or self._receipts, checkpoint, policy, strict=strict, progress=progress)

    def receipt(self, what: int | str) -> KeptReceipt:
        """The receipt of the command that recorded an event, or has an id, after it was compared with the log."""
        from store.audit.receipting import receipt

        return receipt(self._session, what)

    def evidence(self, unit: str | None = None, *, under: str | None = None) -> EvidenceAnswer:
        """Every file that the log names by its digest: of one unit, of a part of the tree, or all of them."""
        from store.audit.evidence import evidence

        return evidence(self._session, unit, under)

    def prove(self, what: int | str, checkpoint: Signed) -> EntryProof:
        """That an event, or a unit's last one, is in the log of a checkpoint."""
        from store.audit.proving import prove

        return prove(self._session, what, checkpoint)

    def bundle(self, file: str, contents: Contents, *, progress: Progress = unheard) -> Bundled:
        """Put the log, or one unit's part of it, into a file that is checked without this program."""
        from store.audit.bundle import bundle

        return bundle(self._session, file, contents, progress)

    def checkpoint(
        self,
        key: VerifierKey,
        unlock: Unlock,
        *,
        actor: Actor | None = None,
        since: Signed | None = None,
        progress: Progress = unheard,
    ) -> Issued:
        """Sign the log as it stands, after reading all of it back. `since`: a checkpoint from which it has to go on.

        `actor`: who records the units' last events for it, where that has to be done; left out, the board.
        """
        from store.audit.checkpoint import issue

        def record_heads() -> Receipt:
            return self._record_heads(actor)

        return issue(self._session, key, unlock, record_heads, self._receipts, since, progress)

    def can_sign(self) -> bool:
        """Whether the log ends as a checkpoint wants it, so that nothing has to be recorded before it is signed."""
        from store.audit.checkpoint import ends_with_heads

        with self._session.store.transaction():
            return ends_with_heads(self._session, self._session.head().size)

    def _record_heads(self, actor: Actor | None) -> Receipt:
        """Of whatever stands when it is recorded: no version that somebody read before matters."""
        from engine.actors import Actor
        from engine.commands import RecordHeads
        from engine.unit import SEASON
        from store.writing import Request

        command = RecordHeads(unit=SEASON, actor=actor or Actor(unit=self.board))
        request = Request(command=command, id=self._session.sources.new_id(), repeatable=False)
        (receipt,) = (one.receipt for one in self.commit((request,)) if one.receipt is not None)
        return receipt

    def verify(self, depth: Depth = "full", *, receipts: Receipts | None = None, progress: Progress = unheard) -> VerifyAnswer:
        """Whether the log is what was accepted. `receipts` that are named have to be of this log, all of them."""
        from store.verify import verify

        strict = receipts is not None
        return verify(self._session, depth, receipts or self._receipts, strict=strict, progress=progress)
