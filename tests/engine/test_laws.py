"""The laws of the engine, on histories nobody thought of."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import attrs
from hypothesis import given
from hypothesis import strategies as st

from engine import codec
from engine import commands as cmd
from engine import events as ev
from engine.case import Case
from engine.commands import Actor, AnyCommand
from engine.decide import Draft
from engine.errors import DaihoiError
from engine.evidence import readings
from engine.evolve import replay
from engine.guards import judge
from engine.leaf import Log, leaf_bytes, read_leaf
from engine.past import at_position, on_day, versions_on
from engine.unit import Unit
from tests.sample import CONGRESS, OPENED_ON, UNITS
from tests.simulator import Simulator, opened, seal

CODES = [unit.code for unit in UNITS]
LOG = Log("sample-2021", "test")

units = st.sampled_from([*CODES, "nobody"])
actors = st.sampled_from([*CODES, "union", "nobody"]).map(lambda code: Actor(unit=code))
days = st.dates(OPENED_ON - timedelta(days=5), OPENED_ON + timedelta(days=60))
reasons = st.one_of(st.none(), st.just(seal("why")))
values = st.one_of(st.booleans(), st.integers(-3, 300), st.sampled_from(["unity", "other"]), days, st.just(2**53))
seqs = st.integers(0, 45)


def any_command() -> st.SearchStrategy[AnyCommand]:
    """Every kind of command, right and wrong, about any unit by anybody."""
    header: dict[str, Any] = {"unit": units, "actor": actors, "on": days, "reason": reasons}

    def kind(cls: type[Any], **fields: Any) -> st.SearchStrategy[Any]:
        return st.builds(cls, **header, **fields)

    documents = st.sampled_from(["political_report", "nothing"])
    return st.one_of(
        kind(cmd.RecordFact, fact=st.sampled_from([*CONGRESS.fact_by_id, "nothing"]), value=values),
        kind(cmd.FileDocument, document=documents, digest=st.sampled_from([None, "aa", "bb"])),
        kind(cmd.ApproveDocument, document=documents, changes=st.sampled_from([(), (seal("change"),)])),
        kind(cmd.ReturnDocument, document=documents),
        kind(cmd.Advance, trigger=st.sampled_from([*CONGRESS.triggers, "nothing"])),
        kind(cmd.Schedule, day=days),
        kind(cmd.Postpone, until=st.one_of(st.none(), days)),
        kind(cmd.Resume),
        kind(cmd.Waive, guard=st.sampled_from([*CONGRESS.guard_by_id, "nothing"]), basis=st.just(seal("basis")), until=days),
        kind(cmd.Correct, seq=seqs, value=st.one_of(st.none(), values), day=st.one_of(st.none(), days), withdraw=st.booleans()),
        kind(cmd.Annul, seq=seqs),
        kind(cmd.Confirm, seq=seqs),
        kind(cmd.SetRoll, status=st.sampled_from(["complete", "open", "untracked"])),
        kind(cmd.RemoveUnit),
        kind(
            cmd.EnrolUnit,
            enrolled=st.builds(
                Unit,
                code=st.sampled_from(["north-3", "north-1"]),
                name=st.just("Phường Ba"),
                level=st.sampled_from(["base", "nothing"]),
                parent=st.sampled_from(["north", "nobody"]),
            ),
        ),
    )  # fmt: skip


def likely_command() -> st.SearchStrategy[AnyCommand]:
    """Commands as people who know the procedure would give them, so that histories get somewhere."""

    def by_itself(unit: str, kind: type[Any], **fields: Any) -> AnyCommand:
        command: AnyCommand = kind(unit=unit, actor=Actor(unit=unit), **fields)
        return command

    def by_superior(unit: str, kind: type[Any], **fields: Any) -> AnyCommand:
        above = next(u.above for u in UNITS if u.code == unit)
        command: AnyCommand = kind(unit=unit, actor=Actor(unit=above or unit), reason=seal("why"), **fields)
        return command

    some = st.sampled_from(CODES)
    return st.one_of(
        st.builds(by_itself, some, st.just(cmd.RecordFact), fact=st.just("sub_committees"), value=st.booleans()),
        st.builds(by_itself, some, st.just(cmd.RecordFact), fact=st.just("delegates_summoned"), value=st.integers(90, 150)),
        st.builds(by_itself, some, st.just(cmd.RecordFact), fact=st.just("delegates_present"), value=st.integers(60, 150)),
        st.builds(by_itself, some, st.just(cmd.FileDocument), document=st.just("political_report")),
        st.builds(by_superior, some, st.just(cmd.ApproveDocument), document=st.just("political_report")),
        st.builds(by_itself, some, st.just(cmd.Advance), trigger=st.sampled_from(["submit", "convene", "hold", "draw_lessons"])),
        st.builds(
            by_superior, some, st.just(cmd.Advance),
            trigger=st.sampled_from(["approve", "close_review", "recognise", "refuse_recognition"]),
        ),
    )  # fmt: skip


histories = st.lists(st.one_of(likely_command(), likely_command(), any_command()), max_size=45)


def played(commands: list[AnyCommand], today: date = OPENED_ON + timedelta(days=60)) -> Simulator:
    """The sample season after whatever of these was accepted."""
    season = opened(today)
    for command in commands:
        season.submit(command)
    return season


def snapshot(season: Simulator) -> list[Case]:
    return list(season.state.cases())


@given(histories, any_command())
def test_decide_never_raises_on_a_well_formed_command(history: list[AnyCommand], command: AnyCommand) -> None:
    decision = played(history).decide(command)

    assert isinstance(decision, DaihoiError) or all(isinstance(draft, Draft) for draft in decision)


@given(histories, any_command())
def test_what_is_refused_changes_nothing(history: list[AnyCommand], command: AnyCommand) -> None:
    season = played(history)
    before, size = snapshot(season), len(season.log)

    if isinstance(season.submit(command), DaihoiError):
        assert snapshot(season) == before
        assert len(season.log) == size


@given(histories, st.integers(0, 90))
def test_a_replay_in_two_parts_is_the_replay_of_the_whole(history: list[AnyCommand], cut: int) -> None:
    season = played(history)
    for code in CODES:
        own = [recorded for recorded in season.log if recorded.unit == code]
        assert replay(replay(None, own[:cut]), own[cut:]) == replay(None, own) == season.state.case(code)


@given(histories)
def test_positions_and_versions_have_no_gaps(history: list[AnyCommand]) -> None:
    season = played(history)

    assert [recorded.seq for recorded in season.log] == list(range(1, len(season.log) + 1))
    for code in {recorded.unit for recorded in season.log}:
        versions = [recorded.version for recorded in season.log if recorded.unit == code]
        assert versions == list(range(1, len(versions) + 1))


@given(histories)
def test_the_log_alone_gives_the_season_again(history: list[AnyCommand]) -> None:
    season = played(history)
    leaves = [leaf_bytes(LOG, recorded) for recorded in season.log]
    again = Simulator(season.today)
    for leaf in leaves:
        log, recorded = read_leaf(leaf)
        assert log == LOG
        again.state.fold(recorded)

    assert snapshot(again) == snapshot(season)
    assert [leaf_bytes(LOG, read_leaf(leaf)[1]) for leaf in leaves] == leaves


@given(histories)
def test_a_case_is_read_back_as_it_was_written(history: list[AnyCommand]) -> None:
    for case in played(history).state.cases():
        assert codec.from_json(Case, codec.to_json(case)) == case


@given(histories, any_command())
def test_a_correction_never_rewrites_an_earlier_verdict(history: list[AnyCommand], correction: AnyCommand) -> None:
    season = played(history)
    verdicts = [r.event.verdicts for r in season.log if isinstance(r.event, ev.Advanced)]
    before = {seq: season.prefix(seq) for seq in (len(season.log) // 2, len(season.log))}

    season.submit(correction)

    assert [r.event.verdicts for r in season.log if isinstance(r.event, ev.Advanced)][: len(verdicts)] == verdicts
    for seq, earlier in before.items():
        assert list(season.prefix(seq).cases()) == list(earlier.cases())


@given(histories, st.sampled_from(CODES), st.sampled_from(CONGRESS.triggers), st.integers(0, 200), st.booleans())
def test_recording_a_fact_not_yet_known_never_turns_a_known_verdict_unknown(
    history: list[AnyCommand], unit: str, trigger: str, number: int, yes: bool
) -> None:
    season = played(history)
    case = season.state.case(unit)
    assert case is not None
    known = case.fact_values(season.today)
    unknown = [f for f in CONGRESS.facts if f.id not in known and f.type in ("int", "bool")]
    before = {v.guard: v.result for v in season.view(unit).verdicts(trigger)}

    for fact in unknown:
        season.submit(
            cmd.RecordFact(unit=unit, actor=Actor(unit=unit), fact=fact.id, value=number if fact.type == "int" else yes)
        )

    for verdict in season.view(unit).verdicts(trigger):
        if before[verdict.guard] in ("met", "unmet"):
            assert verdict.result in ("met", "unmet", "waived"), verdict


@given(st.lists(st.tuples(likely_command(), st.integers(0, 3)), max_size=45))
def test_at_a_date_equals_at_a_position_without_late_records_and_corrections(course: list[tuple[AnyCommand, int]]) -> None:
    season = opened(OPENED_ON)
    for command, pause in course:
        season.today += timedelta(days=pause)
        season.submit(attrs.evolve(command, on=season.today))

    for day in {recorded.on for recorded in season.log if recorded.on >= OPENED_ON}:
        last = max(recorded.seq for recorded in season.log if recorded.on <= day)
        prefix = season.prefix(last)
        versions = versions_on(season.log, day)
        for case in season.state.cases():
            then = prefix.case(case.unit.code)
            assert then is not None
            assert on_day(case, day, versions[case.unit.code]) == at_position(then)


@given(histories)
def test_every_verdict_in_the_log_can_be_judged_again_from_its_own_values(history: list[AnyCommand]) -> None:
    season = played(history)
    for recorded in season.log:
        if not isinstance(recorded.event, ev.Advanced):
            continue
        view = season.view(recorded.unit)
        for written in recorded.event.verdicts:
            guard = CONGRESS.guard_by_id[written["guard"]]
            again = judge(guard, view.procedure.program(guard), readings(written), CONGRESS, view.roles)
            assert again.result == written["result"] or written["result"] == "waived"
