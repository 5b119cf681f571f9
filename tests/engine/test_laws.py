"""The laws of the engine, on histories nobody thought of."""

from __future__ import annotations

from random import Random
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from engine import codec
from engine import commands as cmd
from engine import events as ev
from engine.actors import Actor
from engine.case import Case
from engine.commands import AnyCommand
from engine.decide import Draft
from engine.errors import DaihoiError
from engine.evidence import readings
from engine.evolve import replay
from engine.guards import judge
from engine.leaf import leaf_bytes, read_leaf
from engine.past import at_position, on_day, versions_on
from tests.engine.histories import CODES, SEEDS, by_those_who_may, commands, days_of, played, seasons
from tests.sample import CONGRESS
from tests.simulator import LOG, Simulator


def cases(season: Simulator) -> list[Case]:
    return list(season.state.cases())


@given(seasons(), commands())
def test_decide_never_raises_on_a_well_formed_command(season: Simulator, command: AnyCommand) -> None:
    decision = season.decide(command)

    assert isinstance(decision, DaihoiError) or all(isinstance(draft, Draft) for draft in decision)


@given(seasons(), commands())
def test_what_is_refused_changes_nothing(season: Simulator, command: AnyCommand) -> None:
    before, size = cases(season), len(season.log)

    if isinstance(season.submit(command), DaihoiError):
        assert cases(season) == before
        assert len(season.log) == size


@given(seasons(), st.integers(0, 40))
def test_a_replay_in_two_parts_is_the_replay_of_the_whole(season: Simulator, cut: int) -> None:
    for code in CODES:
        own = [recorded for recorded in season.log if recorded.unit == code]
        assert replay(replay(None, own[:cut]), own[cut:]) == replay(None, own) == season.state.case(code)


@given(seasons())
def test_positions_and_versions_have_no_gaps(season: Simulator) -> None:
    assert [recorded.seq for recorded in season.log] == list(range(1, len(season.log) + 1))
    for code in {recorded.unit for recorded in season.log}:
        versions = [recorded.version for recorded in season.log if recorded.unit == code]
        assert versions == list(range(1, len(versions) + 1))


@given(seasons())
def test_the_log_alone_gives_the_season_again(season: Simulator) -> None:
    leaves = [leaf_bytes(LOG, recorded) for recorded in season.log]
    again = Simulator(season.today)
    for leaf in leaves:
        log, recorded = read_leaf(leaf)
        assert log == LOG
        assert leaf_bytes(LOG, recorded) == leaf
        again.state.fold(recorded)

    assert cases(again) == cases(season)


@given(seasons())
def test_a_case_is_read_back_as_it_was_written(season: Simulator) -> None:
    for case in season.state.cases():
        assert codec.from_json(Case, codec.to_json(case)) == case


@given(seasons(), st.integers(0, 2**32))
def test_a_correction_never_rewrites_an_earlier_verdict(season: Simulator, seed: int) -> None:
    size = len(season.log)
    verdicts = [r.event.verdicts for r in season.log if isinstance(r.event, ev.Advanced)]
    before = list(season.prefix(size).cases())

    season.submit(by_those_who_may(Random(seed), season))

    assert [r.event.verdicts for r in season.log[:size] if isinstance(r.event, ev.Advanced)] == verdicts
    assert list(season.prefix(size).cases()) == before


@given(seasons(), st.sampled_from(CODES), st.sampled_from(CONGRESS.triggers), st.integers(0, 200), st.booleans())
def test_recording_a_fact_not_yet_known_never_turns_a_known_verdict_unknown(
    season: Simulator, unit: str, trigger: str, number: int, yes: bool
) -> None:
    known = season.view(unit).case.fact_values(season.today)
    unknown = [f for f in CONGRESS.facts if f.id not in known and f.type in ("int", "bool")]
    before = {v.guard: v.result for v in season.view(unit).verdicts(trigger)}

    for fact in unknown:
        season.submit(
            cmd.RecordFact(unit=unit, actor=Actor(unit=unit), fact=fact.id, value=number if fact.type == "int" else yes)
        )

    for verdict in season.view(unit).verdicts(trigger):
        if before[verdict.guard] in ("met", "unmet"):
            assert verdict.result in ("met", "unmet", "waived"), verdict


@given(seasons(late=False))
def test_at_a_date_equals_at_a_position_without_late_records_and_corrections(season: Simulator) -> None:
    for day in days_of(season):
        prefix = season.prefix(max(recorded.seq for recorded in season.log if recorded.on <= day))
        versions = versions_on(season.log, day)
        for case in season.state.cases():
            then = prefix.case(case.unit.code)
            assert then is not None
            assert on_day(case, day, versions[case.unit.code]) == at_position(then)


@given(seasons())
def test_every_verdict_in_the_log_can_be_judged_again_from_its_own_values(season: Simulator) -> None:
    for recorded in season.log:
        for written in recorded.event.verdicts if isinstance(recorded.event, ev.Advanced) else ():
            view = season.view(recorded.unit)
            guard = CONGRESS.guard_by_id[written["guard"]]
            again = judge(guard, view.procedure.program(guard), readings(written), CONGRESS, view.roles)
            assert again.result == written["result"] or written["result"] == "waived"


def test_the_histories_of_these_laws_get_somewhere() -> None:
    """Laws that hold on empty histories say little: these reach every kind of event, and congresses that were held."""
    logs = [played(seed, late=True)[0] for seed in range(min(SEEDS, 60))]
    kinds = {recorded.event.kind for log in logs for recorded in log}
    held = sum("held" in recorded.event.awards for log in logs for recorded in log if isinstance(recorded.event, ev.Advanced))

    assert kinds >= {cls.kind for cls in get_args(ev.AnyEvent)}
    assert held > 30
