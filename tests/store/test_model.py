"""Every command, right and wrong, in any order: a store accepts and refuses what the pure engine does, and holds the same cases.

A machine of hypothesis picks what to do; what exactly comes from the generators of the engine's laws.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from random import Random
from typing import Any, ClassVar, Final

import attrs
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from engine import codec
from engine import commands as cmd
from engine.actors import Actor
from engine.commands import AnyCommand
from engine.desk import Accepted
from engine.errors import DaihoiError
from engine.plan import Plan, ScopedValue
from engine.unit import SEASON
from store.conflicts import subject_of
from tests.engine.histories import CODES, any_command, any_day, any_value, by_those_who_may, helpful_act
from tests.sample import OPENED_ON, PLAN
from tests.store.both import Both, Listening
from tests.trials import Trial

STEPS: Final = 40
SEEDS: Final = st.integers(0, 2**32).map(Random)


def any_plan(chance: Random) -> AnyCommand:
    """A plan of somebody's, with values that may be declared or not."""
    values = [
        (name, chance.choice([any_value(chance), 120, True, any_day(chance)])) for name in ("least_delegates", "congress_by", "x")
    ]
    plan: Plan = attrs.evolve(
        PLAN,
        id=chance.choice(["plan-1", "plan-2", "plan-3"]),
        issuer=chance.choice([*CODES, "union", "nobody"]),
        dated=chance.choice([None, any_day(chance)]),
        values=tuple(ScopedValue(name=name, value=value) for name, value in chance.sample(values, chance.randint(0, 2))),
        days_off=(any_day(chance),),
    )
    actor = plan.issuer if chance.randrange(4) else chance.choice(CODES)
    return cmd.IssuePlan(
        unit=SEASON, actor=Actor(unit=actor), on=any_day(chance), plan=plan, digest=codec.digest(codec.plan_bytes(plan))
    )


def anything(chance: Random, season: Both) -> AnyCommand:
    """What nobody in particular needs now, from anybody."""
    kind = chance.randrange(10)
    if kind == 0:
        return any_plan(chance)
    return any_command(chance) if kind < 6 else by_those_who_may(chance, season)


def wanted(chance: Random, season: Both) -> list[AnyCommand]:
    """What a unit's verdicts ask for, act after act."""
    listening = Listening(season)
    for _ in range(chance.randint(1, 4)):
        helpful_act(chance, listening, late=True)
    return listening.heard


class Clerks(RuleBasedStateMachine):
    """Clerks at work on one season. `place`: where stores are made; `seen`: what happened in all runs together."""

    place: ClassVar[str]
    numbers: ClassVar[Iterator[int]]
    seen: ClassVar[Counter[str]]

    @initialize()
    def open(self) -> None:
        number = next(self.numbers)
        address = self.place if "://" in self.place else f"{self.place}-{number}"
        self.season = Both(address, f"sample-{number}")
        self.given: list[tuple[AnyCommand, str, Accepted]] = []

    def teardown(self) -> None:
        self.season.is_whole()
        self.season.desk.close()

    def _count(self, answer: Any) -> None:
        self.seen["refused" if isinstance(answer, DaihoiError) else "accepted"] += 1

    @rule(chance=SEEDS)
    def do_what_is_wanted(self, chance: Random) -> None:
        for command in wanted(chance, self.season):
            self._count(self.season.submit(command))
            self.season.same_cases()

    @rule(chance=SEEDS)
    def do_anything(self, chance: Random) -> None:
        self._count(self.season.submit(anything(chance, self.season)))

    @rule(chance=SEEDS)
    def do_several_together(self, chance: Random) -> None:
        commands = wanted(chance, self.season)
        if chance.randrange(2):
            commands.insert(chance.randint(0, len(commands)), anything(chance, self.season))
        if commands:
            self.seen["together" if self.season.together(commands) else "refused"] += 1

    @rule(chance=SEEDS)
    def rehearse(self, chance: Random) -> None:
        for command in (anything(chance, self.season), *wanted(chance, self.season)[:1]):
            self.season.rehearse(command)
            self.seen["rehearsed"] += 1

    @rule(chance=SEEDS)
    def decide_on_a_version(self, chance: Random) -> None:
        command = chance.choice([anything(chance, self.season), *wanted(chance, self.season)])
        unit = subject_of(command)
        stands = self.season.state.version(unit)
        expect = max(0, stands + chance.choice((0, -1, 1, -3, 1000)))
        if expect == stands:
            self._count(self.season.submit(command, expect=expect))
        else:
            self.season.on_a_wrong_version(command, unit, expect)
            self.seen["conflicts"] += 1

    @rule(chance=SEEDS)
    def give_an_id(self, chance: Random) -> None:
        command = chance.choice([anything(chance, self.season), *wanted(chance, self.season)])
        command_id = f"00000000-0000-4000-8000-{len(self.season.log):06}{chance.randrange(10**6):06}"
        accepted = self.season.with_id(command, command_id)
        if accepted is not None:
            self.given.append((command, command_id, accepted))

    @precondition(lambda self: self.given)
    @rule(chance=SEEDS)
    def ask_again(self, chance: Random) -> None:
        command, command_id, first = chance.choice(self.given)
        self.season.again(command, command_id, first)
        other = anything(chance, self.season)
        if other != command:
            self.season.reused(other, command_id, first)
        self.seen["repeated"] += 1

    @rule(days=st.integers(-3, 20))
    def let_time_pass(self, days: int) -> None:
        """Forth, or a clock that goes back."""
        self.season.set_clock(self.season.today + timedelta(days=days))

    @rule()
    def reopen(self) -> None:
        self.season.reopen()

    @rule(chance=SEEDS)
    def look(self, chance: Random) -> None:
        for code in chance.sample(CODES, 3):
            self.season.same_answers(code)

    @rule(chance=SEEDS)
    def look_back(self, chance: Random) -> None:
        day = OPENED_ON + timedelta(days=chance.randint(-2, 70))
        self.season.same_past(chance.randint(1, len(self.season.log)), day)

    @rule()
    def verify(self) -> None:
        self.season.is_whole()

    @rule()
    def make_projections_anew(self) -> None:
        self.season.made_anew()

    @invariant()
    def the_cases_are_the_same(self) -> None:
        self.season.same_cases()


@pytest.mark.slow
@pytest.mark.trial("model")
@pytest.mark.timeout(7_200)
def test_a_store_does_what_the_pure_engine_does(address: str, trial: Trial) -> None:
    Clerks.place, Clerks.numbers, Clerks.seen = address, count(), Counter()
    run_state_machine_as_test(
        Clerks,
        settings=settings(
            max_examples=max(1, trial.size // STEPS),
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

    seen = Clerks.seen
    assert set(seen) == {"accepted", "refused", "together", "rehearsed", "conflicts", "repeated"}
    trial.report(seen.total(), 0, **seen)


def test_every_kind_of_command_is_among_what_is_tried() -> None:
    chance = Random(1)
    season = Both("sqlite://", "sample-1")
    kinds = {type(anything(chance, season)) for _ in range(500)}
    season.desk.close()

    assert kinds == {getattr(cmd, name) for name in vars(cmd) if _is_a_command(name)} - {cmd.OpenSeason}


def _is_a_command(name: str) -> bool:
    found = getattr(cmd, name)
    return isinstance(found, type) and issubclass(found, cmd.Command) and found is not cmd.Command
