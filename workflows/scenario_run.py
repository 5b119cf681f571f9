"""Runs a scenario at a desk: its acts in the order in which they are recorded, each accepted or refused as the file expects.

Acts of one day that are expected to be accepted go to the desk together, each with its own receipt. The desk is known by its protocol
only, and the clock by a callable that moves it on; nothing here is a second way into the log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import ClassVar, Final

import attrs

from engine.commands import AnyCommand
from engine.desk import Accepted, Desk, Progress, unheard
from engine.errors import DaihoiError
from engine.refusals import GuardsRefuse
from workflows.scenario import Scenario
from workflows.scenario_commands import Reference, Writer, refers_to
from workflows.scenario_course import DatedAct, Place, lay_out
from workflows.scenario_forms import CheckForm, ExpectForm

MOST_TOGETHER: Final = 500
"""Commands in one transaction: enough to be fast, few enough that a mistake is found soon."""


@attrs.define(kw_only=True)
class ScenarioFailed(DaihoiError):
    """The season did not do what the scenario expects.

    `place`: which act. `what`: accepted (it was refused), refused (it was accepted, or refused otherwise), guards, state, reached or
    count; `expected` and `found`: the words for it. `error`: the refusal that came instead.
    """

    file: str
    place: Place
    on: date
    unit: str | None
    what: str
    expected: tuple[str, ...] = ()
    found: tuple[str, ...] = ()
    error: DaihoiError | None = None

    code: ClassVar[str] = "E-SCENARIO"
    exit_code: ClassVar[int] = 1


@attrs.frozen(kw_only=True)
class ActDone:
    """What became of one act for one unit: the receipts, or the refusal that was expected."""

    dated: DatedAct
    unit: str | None
    accepted: tuple[Accepted, ...] = ()
    refusal: DaihoiError | None = None


@attrs.frozen(kw_only=True)
class Played:
    """What a scenario came to: commands accepted and refused as expected, checks that held, and its last day."""

    accepted: int
    refused: int
    checks: int
    today: date


@attrs.define
class _Run:
    """One run. `waiting`: acts that are expected to be accepted, not yet at the desk."""

    scenario: Scenario
    desk: Desk
    set_day: Callable[[date], object]
    on_act: Callable[[ActDone], object]
    today: date
    references: dict[str, Reference] = attrs.field(factory=dict)
    waiting: list[tuple[DatedAct, tuple[AnyCommand, ...]]] = attrs.field(factory=list)
    accepted: int = 0
    refused: int = 0
    checks: int = 0

    @property
    def writer(self) -> Writer:
        return Writer(self.scenario, self.desk, self.references)

    def play(self, dated: DatedAct) -> None:
        self._move_on(dated.recorded)
        if dated.act.check is not None:
            self.settle()
            self._check(dated, dated.act.check)
        elif dated.deed.expect is not None:
            self.settle()
            self._refused(dated, dated.deed.expect)
        else:
            self._take(dated)

    def settle(self) -> None:
        """Bring everything that waits to the desk."""
        waiting, self.waiting = self.waiting, []
        if not waiting:
            return
        try:
            receipts = iter(self.desk.submit_all([c for _, commands in waiting for c in commands]))
        except DaihoiError as error:
            if error.recorded is None:
                raise  # asked for again under other ids, all of it could be recorded twice
            # nothing of it was recorded: one by one, the act that is refused shows itself
            receipts = iter([self._submit(dated, c) for dated, commands in waiting for c in commands])
        for dated, commands in waiting:
            self._done(dated, tuple(next(receipts) for _ in commands))

    def finish(self) -> Played:
        self.settle()
        if self.scenario.until is not None:
            self._move_on(self.scenario.until)
        return Played(accepted=self.accepted, refused=self.refused, checks=self.checks, today=self.today)

    def _move_on(self, day: date) -> None:
        if day > self.today:
            self.settle()
            self.set_day(day)
            self.today = day

    def _take(self, dated: DatedAct) -> None:
        awaited = {d.act.name for d, _ in self.waiting}
        if refers_to(dated.act) in awaited - {None}:
            self.settle()
        self.waiting.append((dated, self.writer.commands(dated)))
        joins_or_names = dated.act.enrol is not None or dated.act.name is not None
        if joins_or_names or sum(len(commands) for _, commands in self.waiting) >= MOST_TOGETHER:
            self.settle()

    def _submit(self, dated: DatedAct, command: AnyCommand) -> Accepted:
        try:
            return self.desk.submit(command)
        except DaihoiError as error:
            raise self._failed(dated, "accepted", found=(error.code,), error=error) from error

    def _done(self, dated: DatedAct, receipts: tuple[Accepted, ...]) -> None:
        self.accepted += len(receipts)
        if dated.act.name is not None and dated.deed is dated.act and receipts[-1].events:
            last = receipts[-1].events[-1]
            self.references[dated.act.name] = Reference(last.seq, last.unit)
        self.on_act(ActDone(dated=dated, unit=dated.unit, accepted=receipts))

    def _refused(self, dated: DatedAct, expect: ExpectForm) -> None:
        for command in self.writer.commands(dated):
            try:
                self.desk.submit(command)
            except DaihoiError as error:
                self._check_refusal(dated, expect, error)
                self.refused += 1
                self.on_act(ActDone(dated=dated, unit=dated.unit, refusal=error))
            else:
                raise self._failed(dated, "refused", expected=(expect.refused or "",), found=("accepted",))

    def _check_refusal(self, dated: DatedAct, expect: ExpectForm, error: DaihoiError) -> None:
        if error.code != expect.refused:
            raise self._failed(dated, "refused", expected=(expect.refused or "",), found=(error.code,), error=error) from error
        blocking = tuple(v.guard for v in error.verdicts if v.blocks) if isinstance(error, GuardsRefuse) else ()
        wanted: tuple[str, ...] = tuple(expect.guards or ())
        if not set(wanted) <= set(blocking):
            raise self._failed(dated, "guards", expected=wanted, found=blocking, error=error) from error

    def _check(self, dated: DatedAct, check: CheckForm) -> None:
        wanted: tuple[str, ...] = tuple(check.reached or ())
        if check.unit is None:
            codes = self.desk.codes(under=check.under, level=check.level)
            count = sum(set(wanted) <= self.desk.reached(code) for code in codes)
            if count != check.count:
                raise self._failed(dated, "count", expected=(str(check.count),), found=(str(count),))
        else:
            self._check_one(dated, check.unit, check.state, wanted)
        self.checks += 1
        self.on_act(ActDone(dated=dated, unit=check.unit))

    def _check_one(self, dated: DatedAct, unit: str, state: str | None, wanted: tuple[str, ...]) -> None:
        found = self.desk.state_of(unit)
        if state not in (None, found):
            raise self._failed(dated, "state", expected=(str(state),), found=(found,), unit=unit)
        reached = self.desk.reached(unit)
        if not set(wanted) <= reached:
            raise self._failed(dated, "reached", expected=wanted, found=tuple(sorted(reached)), unit=unit)

    def _failed(
        self,
        dated: DatedAct,
        what: str,
        *,
        expected: tuple[str, ...] = (),
        found: tuple[str, ...] = (),
        unit: str | None = None,
        error: DaihoiError | None = None,
    ) -> ScenarioFailed:
        return ScenarioFailed(
            file=dated.place.file,
            place=dated.place,
            on=dated.on,
            unit=unit or dated.unit,
            what=what,
            expected=expected,
            found=found,
            error=error,
        )


def run(
    scenario: Scenario,
    desk: Desk,
    set_day: Callable[[date], object],
    *,
    on_act: Callable[[ActDone], object] = lambda done: None,
    progress: Progress = unheard,
) -> Played:
    """Run a scenario at the desk of a season that was just opened. Raises ScenarioFailed at the first act that goes otherwise.

    `set_day` moves the rehearsal's clock on. `on_act` hears of every act in order, `progress` how many of how many are done.
    """
    acts = lay_out(scenario, _codes(desk))
    play = _Run(scenario, desk, set_day, on_act, scenario.season.opened_on or date.min)
    for number, dated in enumerate(acts, 1):
        play.play(dated)
        progress(number, len(acts))
    return play.finish()


def _codes(desk: Desk) -> Callable[[str | None, str | None], Iterable[str]]:
    return lambda under, level: desk.codes(under=under, level=level)
