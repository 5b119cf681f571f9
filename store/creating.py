"""Making a store together with its first season, or opening one more season in a store that stands."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date

from engine import commands as cmd
from engine.desk import Accepted
from engine.texts import check_texts
from store.clock import LIVE, LiveClock, RehearsalClock, zone_of
from store.commands import known
from store.connection import Store
from store.definitions import Defined
from store.dialects import dialect_for
from store.errors import CommitUnknown, SeasonExists
from store.head import read_head, seasons
from store.opening import WAIT
from store.projections import rebuild
from store.session import Session
from store.sources import Sources
from store.writing import Request, found_out, open_season


def create_session(
    address: str,
    command: cmd.OpenSeason,
    definitions: Iterable[Defined],
    origin: str,
    sources: Sources,
    *,
    command_id: str | None = None,
    wait: float = WAIT,
) -> tuple[Session, Accepted]:
    """Open a season, in a new store or in one that stands: all of it in one transaction, or nothing."""
    check_texts(command)
    dialect = dialect_for(address, create=True, wait=wait)
    store = Store(dialect)
    try:
        if store.check_stamp() is not None:
            store.start()
            if not store.layout_stands:
                rebuild(store)
        request = Request(
            command=command,
            id=command_id or sources.new_id(),
            repeatable=command_id is not None,
            definitions=tuple(definitions),
        )
        session = Session(store, command.season, origin, sources)
        accepted = _opened(session, request, command)
    except BaseException:
        store.close()
        dialect.undo()
        raise
    with suppress(dialect.driver_error):  # the season is recorded: what could not be set now, the next writer sets
        dialect.prepare(store.raw)
    return session, accepted


def _opened(session: Session, request: Request, command: cmd.OpenSeason) -> Accepted:
    try:
        return session.store.do(lambda: _open(session, request, command), "whole", ids=(request.id,))
    except CommitUnknown as unknown:
        return found_out(session, (request,), unknown, "whole")[0]


def _open(session: Session, request: Request, command: cmd.OpenSeason) -> Accepted:
    store = session.store
    if store.check_stamp() is None:  # asked again now that nobody else can write
        store.make()
    held = seasons(store)
    if command.season in held:
        first = known(store, command.season, request.id, command) if request.repeatable else None
        if first is not None and held[command.season] == session.origin:
            read_head(store, command.season, to_write=True).write_over(store)  # as in `Writing.finish`
            return first
        raise SeasonExists(season=command.season, origin=held[command.season])
    _check_definitions(command, request.definitions)
    return open_season(session, request, _clock(session, command))


def _check_definitions(command: cmd.OpenSeason, definitions: Iterable[Defined]) -> None:
    missing = {a.digest for a in command.adoptions} - {d.digest for d in definitions}
    if missing:
        raise ValueError(f"a season cannot be opened without its procedures: {sorted(missing)}")


def _clock(session: Session, command: cmd.OpenSeason) -> LiveClock | RehearsalClock:
    """The clock of a season that is not there yet; a rehearsal begins on the day of its opening."""
    zone = zone_of(command.timezone)
    if session.origin == LIVE:
        return LiveClock(session.sources, zone)
    begins: date = command.on or session.sources.clock().astimezone(zone).date()
    return RehearsalClock(zone, begins)
