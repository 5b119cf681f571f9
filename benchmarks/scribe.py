"""Writes a country's season (`benchmarks.country`) into a store: what the write path would write, without its way there.

Every command is decided by the engine's own `decide` on the season in memory, its event folded by `evolve`, its leaf, hash, receipt and
rows made by the functions that the write path uses: nothing in the log is invented here, and `verify` in full passes. What is left out is
what costs most: a transaction and a view from tables for each command. A commune that may not go on is refused, and so its course ends
there.

    python -m benchmarks.scribe FILE --events 4500000 --seed 71
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from benchmarks.country import EVENTS, OPENED, ROOT, Act, Country
from engine.actors import Actor, Sealed
from engine.commands import Adoption, OpenSeason
from engine.decide import Moment, decide
from engine.desk import Receipt
from engine.errors import DaihoiError
from engine.events import Recorded
from engine.leaf import leaf_bytes, read_leaf
from engine.merkle import leaf_hash
from engine.season import SeasonState
from engine.unit import SEASON
from store.clock import LIVE, written
from store.commands import command_row, write_commands
from store.connection import Row
from store.creating import create_session
from store.definitions import Definition
from store.head import read_head
from store.projections import write_cases, write_replaced
from store.sealing import Sealer
from store.session import Session
from store.sources import Sources, seeded_sources
from store.writing import log_row, workflow_of

NAME = "country"
_APPEND = (
    "INSERT INTO log (season, seq, unit, version, command, kind, effective_on, recorded_at, clock, actor_unit, person, leaf, leaf_hash)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_AT_ONCE = 20_000
_FAST = ("journal_mode = OFF", "synchronous = OFF", "cache_size = -2000000", "locking_mode = EXCLUSIVE")
_USUAL = ("journal_mode = WAL", "synchronous = FULL", "locking_mode = NORMAL")


class Clock:
    """An instant that moves a millisecond on with each command, and to the next morning with each day."""

    def __init__(self) -> None:
        self.now = _morning(OPENED)

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    def dawn(self, day: date) -> None:
        self.now = max(self.now, _morning(day))


def _morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 1, tzinfo=UTC)


class Scribe:
    """One season being written."""

    def __init__(self, session: Session, country: Country, clock: Clock) -> None:
        self._session = session
        self._country = country
        self._clock = clock
        self._head = read_head(session.store, NAME)
        self._frontier = self._head.frontier()
        self._sealer = Sealer(session.store, NAME, session.sources)
        self._rows: list[Row] = []
        self._commands: list[Row] = []
        self.state = SeasonState(session.memory.procedure)
        self.refused = 0
        for (leaf,) in session.store.rows("SELECT leaf FROM log WHERE season = ? ORDER BY seq", (NAME,)):
            self.state.fold(read_leaf(leaf)[1])

    def run(self, progress: Callable[[int], object]) -> None:
        """Everything the country asks for, until there are as many events as were wanted."""
        for day, acts in self._country.days():
            self._clock.dawn(day)
            for act in acts:
                if self._frontier.size >= self._country.events:
                    return
                self._take(act, day)
                if len(self._rows) == _AT_ONCE:
                    self._write()
                    progress(self._frontier.size)

    def _take(self, act: Act, day: date) -> None:
        command = self._sealer.sealed(act)
        decision = decide(self.state, command, Moment(on=day, today=day))
        if isinstance(decision, DaihoiError):
            self.refused += 1
            return
        (draft,) = decision
        before = self.state.case(draft.unit)
        at = written(self._clock())
        recorded = Recorded(
            seq=self._frontier.size + 1,
            unit=draft.unit,
            version=self.state.version(draft.unit) + 1,
            command=self._session.sources.new_id(),
            on=draft.on,
            at=at,
            actor=command.actor,
            event=draft.event,
            reason=command.reason if isinstance(command.reason, Sealed) else None,
            workflow=workflow_of(before, draft.event),
        )
        leaf = leaf_bytes(self._session.log, recorded)
        hashed = leaf_hash(leaf)
        self._frontier = self._frontier.append(hashed)
        self.state.fold(recorded)
        self._head.last_recorded_at = at
        self._rows.append(log_row(NAME, recorded, leaf, hashed))
        self._receipt(act, recorded, hashed)

    def _receipt(self, act: Act, recorded: Recorded, hashed: bytes) -> None:
        receipt = Receipt(
            season=NAME,
            origin=LIVE,
            first_seq=recorded.seq,
            last_seq=recorded.seq,
            leaf_hash=hashed.hex(),
            size=recorded.seq,
            root=self._frontier.root().hex(),
            command_id=recorded.command,
        )
        case = self.state.case(recorded.unit)
        salt = self._session.sources.salt()
        self._commands.append(command_row(receipt, None if case is None else case.state, salt, act))

    def _write(self) -> None:
        self._session.store.run_many(_APPEND, self._rows)
        write_commands(self._session.store, self._commands)
        self._sealer.write()
        self._rows.clear()
        self._commands.clear()

    def finish(self) -> None:
        """The last rows, the projections and the head."""
        self._write()
        store = self._session.store
        write_cases(store, NAME, ((None, case, 0) for case in self.state.cases() if case.version > 1))
        write_replaced(store, NAME, sorted(self.state.replaced(range(1, self.state.size + 1))))
        self._head.grow(self._frontier)
        self._head.write(store)


def write_country(path: Path, events: int, seed: int, progress: Callable[[int], object] = lambda done: None) -> tuple[int, int]:
    """Make a store with a season of about so many events. How many there are, and how many commands were refused."""
    country, clock = Country(seed=seed, events=events), Clock()
    chance = seeded_sources(seed)
    session = _opened(path, country, Sources(clock=clock, salt=chance.salt, new_id=chance.new_id))
    store = session.store
    for pragma in _FAST:
        store.run(f"PRAGMA {pragma}")
    with no_search_for_cycles():
        with store.transaction("write"):
            scribe = Scribe(session, country, clock)
            scribe.run(progress)
            scribe.finish()
        for pragma in _USUAL:
            store.run(f"PRAGMA {pragma}")
        store.close()
        return scribe.state.size, scribe.refused


@contextmanager
def no_search_for_cycles() -> Iterator[None]:
    """The cases of a whole country hold none; to search them again and again would take half of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _opened(path: Path, country: Country, sources: Sources) -> Session:
    definitions = {level: Definition.of_workflow(workflow) for level, workflow in country.workflows.items()}
    plan, described = Definition.of_plan(country.plan()), Definition.of_season({"id": NAME})
    opening = OpenSeason(
        unit=SEASON,
        actor=Actor(unit=ROOT),
        on=OPENED,
        season=NAME,
        board=ROOT,
        timezone="Asia/Ho_Chi_Minh",
        digest=described.digest,
        adoptions=tuple(
            Adoption(level=level, workflow=w.id, version=w.version, digest=definitions[level].digest, initial=w.initial)
            for level, w in country.workflows.items()
        ),
        plans=((country.plan(), plan.digest),),
        units=country.units,
        rolls=tuple((unit.code, "complete") for unit in country.units if unit.level != "branch"),
    )
    session, _ = create_session(str(path), opening, (*definitions.values(), plan, described), LIVE, sources)
    return session


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--seed", type=int, default=71)
    wanted = parser.parse_args()
    started = time.perf_counter()

    def progress(done: int) -> None:
        print(f"{done:>9,} events, {time.perf_counter() - started:,.0f} s", file=sys.stderr)

    events, refused = write_country(wanted.file, wanted.events, wanted.seed, progress)
    megabytes = wanted.file.stat().st_size / 1e6
    print(f"{events:,} events, {refused:,} commands refused, {time.perf_counter() - started:,.0f} s, {megabytes:,.0f} MB")


if __name__ == "__main__":
    main()
