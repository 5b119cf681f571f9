"""One season twice: in a store, and as the pure engine has it. What is asked of one is asked of the other, and comes to the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, Final, TypeVar

import attrs

from engine import codec
from engine import commands as cmd
from engine.actors import Actor, Sealed, Words
from engine.commands import AnyCommand
from engine.desk import Accepted
from engine.errors import DaihoiError
from engine.events import Recorded
from engine.outlook import ways
from engine.past import at_position, on_day, versions_on
from engine.refusals import UnknownUnit
from engine.standing import notes
from store.desk import Desk
from store.errors import CommandReused, NoSuchPosition, UnitChanged
from store.layout import STAMP
from store.projections import rebuild
from store.schema import projections
from store.sources import seeded_sources
from tests import sample
from tests.engine.histories import LAST_DAY
from tests.simulator import Simulator
from tests.store.seasons import DEFINITIONS, Clock

T = TypeVar("T")

_SEALED: Final = re.compile(r'"sealed": ?"[0-9a-f]{64}"')
EVERYBODY: Final = (*(unit.code for unit in sample.UNITS), "north-3", "nobody")


class Both(Simulator):
    """The simulator's season with a store beside it. `submit` gives what both came to."""

    def __init__(self, address: str, season: str) -> None:
        super().__init__(LAST_DAY)
        self.address = address
        self.season = season
        self.clock = Clock(LAST_DAY)
        self.opened = 0
        opening = sample.opening(season=season)
        self.open(opening)
        self.desk = Desk.create(address, opening, DEFINITIONS, sources=seeded_sources(season, self.clock))

    # Commands

    def submit(self, command: AnyCommand, **how: Any) -> list[Recorded] | DaihoiError:
        decided = self.decide(command)
        answer = _asked(lambda: self.desk.submit(in_words(command), **how))
        if isinstance(decided, DaihoiError):
            same_refusal(decided, answer)
            return decided
        recorded = self._take(decided, command)
        assert isinstance(recorded, list)
        assert isinstance(answer, Accepted), (command, answer)
        self._same_acceptance(command, recorded, answer)
        return recorded

    def _same_acceptance(self, command: AnyCommand, recorded: Sequence[Recorded], answer: Accepted) -> None:
        events = [(event.seq, event.kind, event.unit, event.version) for event in answer.events]
        assert events == [(r.seq, r.event.kind, r.unit, r.version) for r in recorded]
        assert answer.receipt is not None
        assert (answer.receipt.first_seq, answer.receipt.last_seq) == (recorded[0].seq, recorded[-1].seq)
        case = self.state.case(command.unit)
        assert answer.state == (None if case is None else case.state)

    def rehearse(self, command: AnyCommand) -> None:
        """A dry run says what would be, and leaves nothing."""
        decided = self.decide(command)
        answer = _asked(lambda: self.desk.submit(in_words(command), dry_run=True))
        if isinstance(decided, DaihoiError):
            same_refusal(decided, answer)
        else:
            assert isinstance(answer, Accepted), (command, answer)
            assert answer.receipt is None
            assert [(e.kind, e.unit) for e in answer.events] == [(d.event.kind, d.unit) for d in decided]

    def together(self, commands: Sequence[AnyCommand]) -> bool:
        """Several in one transaction: all of them, or none and the refusal of the first that may not be. Whether all were."""
        copy = self.copy()
        refusal = next((r for r in map(copy.submit, commands) if isinstance(r, DaihoiError)), None)
        answer = _asked(lambda: self.desk.submit_all([in_words(command) for command in commands]))
        if refusal is not None:
            same_refusal(refusal, answer)
            return False
        assert isinstance(answer, list), (commands, answer)
        for command, one in zip(commands, answer, strict=True):
            recorded = self._take(self.decide(command), command)
            assert isinstance(recorded, list)
            assert [(e.seq, e.kind, e.unit) for e in one.events] == [(r.seq, r.event.kind, r.unit) for r in recorded]
        return True

    def on_a_wrong_version(self, command: AnyCommand, unit: str, expect: int) -> None:
        """Decided on a version that does not stand: a conflict, whatever the procedure would have said."""
        found = self.state.version(unit)
        answer = _asked(lambda: self.desk.submit(in_words(command), expect=expect))
        assert isinstance(answer, UnitChanged), answer
        assert (answer.unit, answer.expected, answer.found) == (unit, expect, found)
        assert (answer.winner is not None) == (expect < found)

    def with_id(self, command: AnyCommand, command_id: str) -> Accepted | None:
        """Under an id of one's own. What it got, unless it was refused."""
        if isinstance(self.submit(command, command_id=command_id), DaihoiError):
            return None
        return self.desk.submit(in_words(command), command_id=command_id)

    def again(self, command: AnyCommand, command_id: str, first: Accepted) -> None:
        """The same request under the same id gets the first receipt, however much has happened since."""
        answer = self.desk.submit(in_words(command), command_id=command_id)
        assert answer.repeated
        assert (answer.receipt, answer.events, answer.state) == (first.receipt, first.events, first.state)

    def reused(self, command: AnyCommand, command_id: str, first: Accepted) -> None:
        """Another request under a known id is refused, whatever it is."""
        answer = _asked(lambda: self.desk.submit(in_words(command), command_id=command_id))
        assert isinstance(answer, CommandReused), answer
        assert answer.first == first.receipt

    # Time

    def set_clock(self, day: date) -> None:
        """Today is the clock's day, unless the log has come further."""
        self.clock.set(day)
        self.today = max(day, date.fromisoformat(self.log[-1].at[:10]))

    # Comparing

    def same_cases(self) -> None:
        with self.desk._session.reading() as world:
            for code in EVERYBODY:
                ours, theirs = self.state.case(code), world.case(code)
                assert (ours is None) == (theirs is None), code
                assert _bare(ours) == _bare(theirs), code
        assert self.desk.today() == self.today
        assert self.desk.version_of("season") == self.state.version("season")

    def same_answers(self, code: str) -> None:
        """What stands between a unit and its next states."""
        case = self.state.case(code)
        if case is not None:
            answer = self.desk.why(code, below=True)
            assert answer.ways == ways(self.view(code))
            assert answer.notes == notes(self.state, case)
            self.desk.status_of(code)
        self.desk.status(units=True, overdue=True, blocked=True)

    def same_past(self, seq: int, day: date) -> None:
        """The season at a position, and on a day with all that is known by now."""
        then = {case.unit.code: at_position(case) for case in self.prefix(seq).cases()}
        assert dict(self.desk.replay(seq).units) == then
        versions = versions_on(self.log, day)
        known = {case.unit.code: on_day(case, day, versions.get(case.unit.code, 0)) for case in self.state.cases()}
        answer = _asked(lambda: self.desk.replay(day))
        if versions:
            assert not isinstance(answer, DaihoiError), answer
            assert dict(answer.units) == {code: unit for code, unit in known.items() if unit is not None}
        else:
            assert isinstance(answer, NoSuchPosition)

    def is_whole(self) -> None:
        answer = self.desk.verify()
        assert answer.ok, answer.problems
        assert answer.events == len(self.log)

    def made_anew(self) -> None:
        """The projections hold nothing that the log does not."""
        store = self.desk._session.store
        before = self._tables()
        store.dialect.set_stamp(store.raw, STAMP + 1)
        rebuild(store)
        assert self._tables() == before

    def _tables(self) -> dict[str, Any]:
        store = self.desk._session.store
        named = {name: f"SELECT * FROM {name} WHERE season = ?" for name in projections.tables}
        return {name: sorted(store.rows(query, (self.season,)), key=repr) for name, query in named.items()}

    def reopen(self) -> None:
        """Another program on the same store; what is kept in memory alone stays open."""
        if self.address != "sqlite://":
            self.desk.close()
            self.opened += 1
            sources = seeded_sources(f"{self.season} again {self.opened}", self.clock)
            self.desk = Desk.open(self.address, self.season, sources=sources)

    def copy(self) -> Simulator:
        """The pure season alone, as it stands, to try something on."""
        copy = Simulator(self.today, self.procedures)
        copy.log = list(self.log)
        copy.state = self.prefix(len(self.log))
        return copy


class Listening(Simulator):
    """A season that remembers what was asked of it."""

    def __init__(self, season: Both) -> None:
        super().__init__(season.today, season.procedures)
        self.log = list(season.log)
        self.state = season.prefix(len(season.log))
        self.heard: list[AnyCommand] = []

    def submit(self, command: AnyCommand) -> list[Recorded] | DaihoiError:
        self.heard.append(command)
        return super().submit(command)


def _asked(ask: Any) -> Any:
    """The answer, or the refusal."""
    try:
        return ask()
    except DaihoiError as refusal:
        return refusal


def same_refusal(decided: DaihoiError, answer: Any) -> None:
    """The same code and fields; of a unit that nobody knows the store adds the codes that look like it."""
    assert isinstance(answer, DaihoiError), (decided, answer)
    ours, theirs = decided.fields(), answer.fields()
    if isinstance(decided, UnknownUnit):
        ours, theirs = ours | {"near": ()}, theirs | {"near": ()}
    assert (answer.code, theirs) == (decided.code, ours)


def in_words(command: AnyCommand) -> AnyCommand:
    """The command as somebody gives it, with its texts in words and a person who acts."""
    changes: dict[str, Any] = {"actor": Actor(unit=command.actor.unit, person="Đỗ Thị Lan")}
    if command.reason is not None:
        changes["reason"] = _words(command.reason)
    if isinstance(command, cmd.Waive):
        changes["basis"] = _words(command.basis)
    elif isinstance(command, cmd.ApproveDocument):
        changes["changes"] = tuple(map(_words, command.changes))
    return attrs.evolve(command, **changes)


def _words(sealed: Words) -> str:
    assert isinstance(sealed, Sealed)
    return f"biên bản {sealed.digest[:8]}"


def _bare(case: Any) -> str:
    """A case without what was sealed: salts are the store's own."""
    return "" if case is None else _SEALED.sub('"sealed":""', codec.canonical(codec.to_json(case)).decode())
