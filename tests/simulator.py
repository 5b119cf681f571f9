"""A season that tests can drive without a store: the same `decide` and fold, with a list as its log.

It simulates what surrounds the engine (positions, versions, sealing, the clock) and nothing the engine does itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from engine import commands as cmd
from engine.actors import Actor, Sealed
from engine.commands import AnyCommand
from engine.decide import Draft, Moment, decide, decide_opening
from engine.errors import DaihoiError
from engine.events import Recorded
from engine.heads import UnitHead
from engine.leaf import Log, leaf_bytes
from engine.merkle import leaf_hash
from engine.procedure import Procedure
from engine.season import SeasonState
from engine.view import View
from engine.workflow import Workflow
from tests import sample

LOG = Log("sample-2021", "test")
_PROCEDURE = Procedure(sample.CONGRESS, sample.DIGEST)


def seal(words: str) -> Sealed:
    return Sealed(sha256(words.encode()).hexdigest())


def procedures_of(workflow: Workflow, digest: str) -> Callable[[str], Procedure]:
    procedure = Procedure(workflow, digest)
    return {digest: procedure}.__getitem__


class Simulator:
    """One season: `do` decides and records, `refused` expects a refusal."""

    def __init__(self, today: date = date(2021, 4, 28), procedures: Callable[[str], Procedure] | None = None) -> None:
        self.procedures = procedures or {sample.DIGEST: _PROCEDURE}.__getitem__
        self.today = today
        self.log: list[Recorded] = []
        self.state = SeasonState(self.procedures)

    def open(self, opening: cmd.OpenSeason | None = None) -> Simulator:
        opening = opening or sample.opening()
        assert opening.on is not None
        self._take(decide_opening(opening, opening.on), opening)
        return self

    def decide(self, command: AnyCommand) -> tuple[Draft, ...] | DaihoiError:
        on = command.on or self.today
        seq = getattr(command, "seq", None)
        target = self.log[seq - 1] if seq is not None and 0 < seq <= len(self.log) else None
        return decide(self.state, command, Moment(on=on, today=self.today, target=target, heads=self.heads))

    def heads(self) -> Iterator[UnitHead]:
        """Where every unit's record ends."""
        last = {recorded.unit: recorded for recorded in self.log}
        return (UnitHead(r.unit, r.version, leaf_hash(leaf_bytes(LOG, r))) for r in last.values())

    def submit(self, command: AnyCommand) -> list[Recorded] | DaihoiError:
        return self._take(self.decide(command), command)

    def do(
        self, kind: type[cmd.Command], unit: str, on: str | date | None = None, by: str | None = None, **fields: Any
    ) -> Recorded:
        """Record one act that has to be accepted; the last event it made."""
        result = self.submit(self.command(kind, unit, on, by, **fields))
        assert not isinstance(result, DaihoiError), result
        return result[-1]

    def refused(
        self, kind: type[cmd.Command], unit: str, on: str | date | None = None, by: str | None = None, **fields: Any
    ) -> Any:
        """An act that has to be refused; the refusal."""
        before = len(self.log)
        result = self.submit(self.command(kind, unit, on, by, **fields))
        assert isinstance(result, DaihoiError), result
        assert len(self.log) == before
        return result

    def command(self, kind: type[cmd.Command], unit: str, on: str | date | None, by: str | None, **fields: Any) -> Any:
        day = date.fromisoformat(on) if isinstance(on, str) else on
        return kind(unit=unit, actor=Actor(unit=by or unit), on=day, **fields)

    def view(self, unit: str, on: date | None = None) -> View:
        case = self.state.case(unit)
        assert case is not None
        return View(world=self.state, case=case, on=on or self.today, today=self.today)

    def prefix(self, seq: int) -> SeasonState:
        """The season after the first events of the log."""
        state = SeasonState(self.procedures)
        for recorded in self.log[:seq]:
            state.fold(recorded)
        return state

    def _take(self, decision: tuple[Draft, ...] | DaihoiError, command: AnyCommand) -> list[Recorded] | DaihoiError:
        if isinstance(decision, DaihoiError):
            return decision
        return [self._record(draft, command) for draft in decision]

    def _record(self, draft: Draft, command: AnyCommand) -> Recorded:
        recorded = Recorded(
            seq=len(self.log) + 1,
            unit=draft.unit,
            version=self.state.version(draft.unit) + 1,
            command=f"command-{len(self.log) + 1}",
            on=draft.on,
            at=f"{self.today.isoformat()}T03:00:00.000Z",
            actor=command.actor,
            event=draft.event,
            reason=command.reason if isinstance(command.reason, Sealed) else None,
        )
        self.log.append(recorded)
        self.state.fold(recorded)
        return recorded


def opened(today: date = date(2021, 4, 28)) -> Simulator:
    """The sample season on the day it was opened, with today some time later."""
    return Simulator(today).open()


def file_and_submit(season: Simulator, unit: str, on: date) -> None:
    season.do(cmd.RecordFact, unit, on, fact="sub_committees", value=True)
    season.do(cmd.FileDocument, unit, on, document="political_report")
    season.do(cmd.Advance, unit, on, trigger="submit")


def approve(season: Simulator, unit: str, on: date) -> None:
    above = season.view(unit).case.unit.above
    season.do(cmd.ApproveDocument, unit, on, by=above, document="political_report", decision="1/QĐ")
    season.do(cmd.Advance, unit, on, by=above, trigger="approve")


def hold(season: Simulator, unit: str, on: date) -> None:
    season.do(cmd.RecordFact, unit, on, fact="delegates_summoned", value=150)
    season.do(cmd.RecordFact, unit, on, fact="delegates_present", value=140)
    season.do(cmd.Advance, unit, on, trigger="hold")


def hold_pilot(season: Simulator, unit: str, on: date) -> None:
    """Bring a pilot from the start to its congress on a day."""
    file_and_submit(season, unit, on - timedelta(days=20))
    approve(season, unit, on - timedelta(days=10))
    hold(season, unit, on)
