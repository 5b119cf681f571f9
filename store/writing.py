"""The one write path.

Begin for writing → is the command id known? → is the unit still at the version this was decided on? → view → `decide` → append →
projections → commit. Nothing outside the database happens in it. Several commands may share a transaction: each has its own id and
receipt, and either all are recorded or none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import attrs

from engine import commands as cmd
from engine import events as ev
from engine.actors import Sealed
from engine.board import Note
from engine.case import Case
from engine.commands import AnyCommand
from engine.decide import Decision, Draft, Moment, decide, decide_opening
from engine.desk import Accepted, EventLine, Receipt
from engine.errors import DaihoiError
from engine.events import Recorded
from engine.evolve import evolve, replaces
from engine.heads import UnitHead
from engine.leaf import leaf_bytes, read_leaf
from engine.merkle import Frontier, leaf_hash
from engine.refusals import UnknownUnit, WrongDay
from engine.unit import SEASON
from store.clock import Instant, LiveClock, RehearsalClock
from store.commands import command_row, known, write_commands
from store.conflicts import conflict, only_other_facts, subject_of
from store.connection import Row
from store.definitions import Defined, named_by, write_definitions
from store.dialects.base import Scope
from store.errors import CommitUnknown, Corrupt, StorageError
from store.head import Head, find_head
from store.heads import heads
from store.log import event_at
from store.projections import write_cases, write_replaced
from store.questions.find import with_near, with_near_of
from store.sealing import Sealer
from store.session import Session
from store.world import SqlWorld

_APPEND = (
    "INSERT INTO log (season, seq, unit, version, command, kind, effective_on, recorded_at, clock, actor_unit, person, leaf, leaf_hash)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


@attrs.frozen(kw_only=True)
class Request:
    """A command as it comes to the store.

    `repeatable`: the id was given by the one who asks, so it may be known. `expect`: the version they insist on; `read`: the one that stood
    when the decision was prepared, before the transaction began.
    """

    command: AnyCommand
    id: str
    repeatable: bool
    expect: int | None = None
    read: int | None = None
    definitions: tuple[Defined, ...] = ()


def write(session: Session, requests: Sequence[Request], *, dry_run: bool) -> list[Accepted]:
    """Decide and record some requests in one transaction. Raises what refuses the first that may not happen; then none is recorded."""
    ids = [request.id for request in requests]
    try:
        writing, accepted = session.store.do(lambda: _written(session, requests), "write", keep=not dry_run, ids=ids)
    except CommitUnknown as unknown:
        return found_out(session, requests, unknown)
    except UnknownUnit as error:
        session.memory.forget()
        # looking through a country's names takes seconds: now nobody waits for this transaction any more
        raise with_near(session, error) from None
    except BaseException:
        session.memory.forget()
        raise
    if dry_run:
        session.memory.forget()
        return [attrs.evolve(one, receipt=None, dry_run=True) for one in accepted]
    writing.keep()
    return accepted


def _written(session: Session, requests: Sequence[Request]) -> tuple[Writing, list[Accepted]]:
    """What one transaction does: all of it, so that it can be done again from the start."""
    head = session.head(to_write=True)
    writing = Writing(session, head, session.world(head), session.clock(session.charter(head), head))
    try:
        accepted = [writing.take(request) for request in requests]
        writing.finish()
    except BaseException:
        session.memory.forget()
        raise
    return writing, accepted


def found_out(session: Session, requests: Sequence[Request], unknown: CommitUnknown, scope: Scope = "write") -> list[Accepted]:
    """After a COMMIT in doubt: what the commands got, if they were recorded. Raises the failure if they surely were not, or `unknown`.

    The question is a transaction that writes, on a connection that works. Its own commit makes the answer last: on SQLite it comes
    over whatever the failed one left at the end of the file, and on PostgreSQL the head is free only when the failed one has ended.
    """
    session.memory.forget()
    store, failure = session.store, unknown.__cause__ or unknown
    try:
        store.afresh()
        with store.transaction(scope):
            head = None if store.check_stamp() is None else find_head(store, session.season, to_write=True)
            if head is None:
                raise failure  # of a season that was to be opened nothing stands, and nothing is to be made
            head.write_over(store)
            found = [known(store, session.season, request.id, request.command) for request in requests]
    except StorageError as error:
        if error is failure:
            raise
        raise unknown from failure
    if None in found:
        raise failure
    return [attrs.evolve(one, repeated=False) for one in found if one is not None]


def open_season(session: Session, request: Request, clock: LiveClock | RehearsalClock) -> Accepted:
    """Record the opening of a season, inside the transaction that is open."""
    head = Head(season=session.season, origin=session.origin)
    head.make(session.store)
    writing = Writing(session, head, session.world(head), clock)
    accepted = writing.take(request)
    writing.finish()
    writing.keep()
    return accepted


class Writing:
    """One transaction that writes."""

    def __init__(self, session: Session, head: Head, world: SqlWorld, clock: LiveClock | RehearsalClock) -> None:
        self._session = session
        self._store = session.store
        self._season = session.season
        self._head = head
        self._frontier = _frontier(session, head)
        self._world = world
        self._clock = clock
        self._sealer = Sealer(session.store, session.season, session.sources)
        self._first_new = head.size + 1
        self._rows: list[Row] = []
        self._leaves: list[bytes] = []
        self._commands: dict[str, Row] = {}
        self._definitions: list[Defined] = []
        self._notes: list[Note] = []
        self._touched: set[str] = set()
        self._before: dict[str, Case | None] = {}
        self._joined: dict[str, int] = {}
        world.write_down = self._write_down

    # One command

    def take(self, request: Request) -> Accepted:
        """Decide one request and append what it comes to."""
        if request.repeatable:
            first = self._known(request)
            if first is not None:
                return first
        self._check_version(request)
        instant = self._clock.instant(self._head.last_recorded_at, request.command.on)
        command = self._sealer.sealed(request.command)
        decision = self._decide(command, instant)
        if isinstance(decision, UnknownUnit) and isinstance(command, cmd.OpenSeason):
            raise with_near_of(command, decision)
        if isinstance(decision, DaihoiError):
            raise decision
        self._definitions.extend((*request.definitions, *named_by(command)))
        return self._record(request, command, decision, instant)

    def _known(self, request: Request) -> Accepted | None:
        if request.id in self._commands:
            self._write_log()
        return known(self._store, self._season, request.id, request.command)

    def _version(self, unit: str) -> int:
        return self._head.season_version if unit == SEASON else self._world.version(unit)

    def _check_version(self, request: Request) -> None:
        """Somebody else's command may have come first; our own of the same transaction has not."""
        unit = subject_of(request.command)
        expected = request.read if request.expect is None else request.expect
        if unit in self._touched and request.expect is None:
            return
        self._touched.add(unit)
        found = self._version(unit)
        if expected is None or expected == found:
            return
        if request.expect is None and only_other_facts(self._store, self._season, request.command, expected):
            return
        raise conflict(self._store, self._season, unit, expected, found)

    def _decide(self, command: AnyCommand, instant: Instant) -> Decision:
        on = command.on or instant.today
        if isinstance(command, cmd.OpenSeason):
            return _opened_too_early(command, on, instant.today) or decide_opening(command, on)
        target = self._target(command.seq) if isinstance(command, (cmd.Correct, cmd.Annul, cmd.Confirm)) else None
        return decide(self._world, command, Moment(on=on, today=instant.today, target=target, heads=self._heads))

    def _target(self, seq: int) -> Recorded | None:
        """The event that a correction names, be it of this very transaction."""
        own = seq - self._first_new
        if 0 <= own < len(self._leaves):
            return read_leaf(self._leaves[own])[1]
        return event_at(self._store, self._season, seq) if 0 < seq < self._first_new else None

    def _heads(self) -> Iterator[UnitHead]:
        """Where the units' records end, what this very transaction appended taken in."""
        self._write_down()
        self._write_log()
        return heads(self._store, self._season, self._head.season_version)

    def _record(self, request: Request, command: AnyCommand, drafts: Iterable[Draft], instant: Instant) -> Accepted:
        first = self._frontier.size + 1
        events = tuple(self._append(draft, request.id, command, instant) for draft in drafts)
        self._head.last_recorded_at = instant.at
        self._head.grow(self._frontier)
        receipt = Receipt(
            season=self._season,
            origin=self._session.origin,
            first_seq=first,
            last_seq=self._head.size,
            leaf_hash=self._rows[-1][-1].hex(),
            size=self._head.size,
            root=self._frontier.root().hex(),
            command_id=request.id,
        )
        case = self._world.case(command.unit)
        state = None if case is None else case.state
        salt = self._session.sources.salt()
        self._commands[request.id] = command_row(receipt, state, salt, request.command)
        if instant.clock is not None:
            self._notes.append(Note(code="clock_behind", fields={"clock": instant.clock, "recorded_at": instant.at}))
        return Accepted(receipt=receipt, events=events, state=state)

    def _append(self, draft: Draft, command_id: str, command: AnyCommand, instant: Instant) -> EventLine:
        before = None if draft.unit == SEASON else self._world.case(draft.unit)
        recorded = Recorded(
            seq=self._frontier.size + 1,
            unit=draft.unit,
            version=self._version(draft.unit) + 1,
            command=command_id,
            on=draft.on,
            at=instant.at,
            actor=command.actor,
            event=draft.event,
            reason=command.reason if isinstance(command.reason, Sealed) else None,
            workflow=workflow_of(before, draft.event),
            clock=instant.clock,
        )
        leaf = leaf_bytes(self._session.log, recorded)
        hashed = leaf_hash(leaf)
        self._leaves.append(leaf)
        self._rows.append(log_row(self._season, recorded, leaf, hashed))
        self._frontier = self._frontier.append(hashed)
        self._fold(before, recorded, hashed)
        return EventLine(seq=recorded.seq, kind=recorded.event.kind, unit=recorded.unit, version=recorded.version)

    def _fold(self, before: Case | None, recorded: Recorded, hashed: bytes) -> None:
        """What the next command of this transaction sees."""
        if recorded.unit == SEASON:
            self._world.charter = self._world.charter.after(recorded, hashed)
            self._head.season_version = recorded.version
            return
        if before is None:
            self._joined[recorded.unit] = recorded.seq
            self._head.joined += 1
        self._before.setdefault(recorded.unit, before)
        self._world.lay(evolve(before, recorded), replaces(before, recorded))

    # The end

    def finish(self) -> None:
        """Write what is not written yet."""
        self._write_down()
        self._write_log()
        self._sealer.write()
        write_definitions(self._store, self._definitions)
        if self._frontier.size >= self._first_new:
            self._head.write(self._store)
        else:
            # only answers that were given before, perhaps by somebody who died before the disk had them: this commit waits for it
            self._head.write_over(self._store)

    def _write_down(self) -> None:
        """Bring the projections up to date: each unit once, however many of its events came together."""
        pending = self._world.pending
        changes = ((before, pending[code], self._joined.pop(code, 0)) for code, before in self._before.items())
        write_cases(self._store, self._season, changes)
        write_replaced(self._store, self._season, self._world.fallen)
        self._before.clear()
        self._world.written_down()

    def _write_log(self) -> None:
        self._store.run_many(_APPEND, self._rows)
        write_commands(self._store, list(self._commands.values()))
        self._rows.clear()
        self._commands.clear()

    def keep(self) -> None:
        """After the commit: what was decided is what is remembered."""
        self._session.memory.keep(self._world.pending, self._world.charter, self._head)
        self._session.notes.extend(self._notes)


def _frontier(session: Session, head: Head) -> Frontier:
    try:
        return head.frontier()
    except ValueError as error:
        raise Corrupt(place=session.store.dialect.place, detail=str(error)) from error


def log_row(season: str, recorded: Recorded, leaf: bytes, hashed: bytes) -> Row:
    """An event's row."""
    return (season, *columns_of(recorded), leaf, hashed)


def columns_of(recorded: Recorded) -> Row:
    """The columns beside a leaf: indexes into it, and nothing that it does not say."""
    return (
        recorded.seq,
        recorded.unit,
        recorded.version,
        recorded.command,
        recorded.event.kind,
        recorded.on.isoformat(),
        recorded.at,
        recorded.clock,
        recorded.actor.unit,
        recorded.actor.person,
    )


def workflow_of(before: Case | None, event: ev.AnyEvent) -> str | None:
    """The procedure in force for the unit."""
    if isinstance(event, ev.UnitEnrolled):
        return event.workflow
    return None if before is None else before.workflow


def _opened_too_early(command: cmd.OpenSeason, on: date, today: date) -> WrongDay | None:
    if on <= today:
        return None
    return WrongDay(unit=command.board, step="open", on=on, bound=today, why="future")


def move_clock(session: Session, day: date) -> None:
    """Move a rehearsal's clock on."""
    with session.store.transaction("write"):
        head = session.head(to_write=True)
        clock = session.clock(session.charter(head), head)
        head.clock_day = clock.moved(day)
        head.write(session.store)
