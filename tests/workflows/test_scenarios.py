"""A scenario is checked against its season before its first act, and then goes as it says or stops at the act that does not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from engine.actors import Actor
from engine.commands import AnyCommand
from engine.desk import Accepted
from engine.refusals import GuardsRefuse
from store.errors import CommitUnknown
from tests.workflows.files import SCENARIO, edited, write_season
from tests.workflows.simulated import SimulatedDesk, opened
from workflows.problems import Problem
from workflows.scenario import LoadedScenario, Scenario, check_scenario
from workflows.scenario_course import lay_out, spread_days
from workflows.scenario_forms import SpreadForm
from workflows.scenario_run import ActDone, ScenarioFailed, run


def checked(folder: Path, text: str = SCENARIO, **changed: str) -> LoadedScenario:
    write_season(folder, scenario=text, **changed)
    return check_scenario(str(folder / "scenario.toml"))


def scenario(folder: Path, text: str = SCENARIO) -> Scenario:
    loaded = checked(folder, text)
    assert loaded.scenario is not None, loaded.problems
    return loaded.scenario


def only(problems: tuple[Problem, ...]) -> Problem:
    assert len(problems) == 1, [(p.code, p.where) for p in problems]
    return problems[0]


def failed(folder: Path, old: str, new: str) -> ScenarioFailed:
    play = scenario(folder, edited(SCENARIO, old, new))
    desk = opened(play)
    with pytest.raises(ScenarioFailed) as caught:
        run(play, desk, desk.set_day)
    assert caught.value.code == "E-SCENARIO"
    return caught.value


LAST = '[[acts]]\ncheck = { unit = "top", state = "preparing" }\n'


def test_a_scenario_runs_from_its_first_act_to_its_last(tmp_path: Path) -> None:
    play = scenario(tmp_path)
    desk = opened(play)
    days: list[date] = []
    done: list[ActDone] = []
    progress: list[tuple[int, int]] = []

    def set_day(day: date) -> None:
        days.append(day)
        desk.set_day(day)

    played = run(play, desk, set_day, on_act=done.append, progress=lambda n, total: progress.append((n, total)))

    assert (played.accepted, played.refused, played.checks, played.today) == (8, 1, 2, date(2026, 2, 26))
    assert days == [date(2026, 2, 8), date(2026, 2, 10), date(2026, 2, 20), date(2026, 2, 25), date(2026, 2, 26)]
    assert desk.reached("group-a") == {"held"}
    assert progress[-1] == (11, 11)
    refusals = [d.refusal for d in done if d.refusal is not None]
    assert [type(r) for r in refusals] == [GuardsRefuse]


def test_acts_are_taken_in_the_order_they_are_recorded_and_courses_interleave(tmp_path: Path) -> None:
    play = scenario(tmp_path)
    desk = opened(play)
    acts = lay_out(play, lambda under, level: desk.codes(under=under, level=level))

    assert [(d.recorded.day, d.unit, d.place.where) for d in acts[:6]] == [
        (8, "group-a", "courses.meet.acts[1]"),
        (8, "group-b", "courses.meet.acts[1]"),
        (10, "group-a", "courses.meet.acts[2]"),
        (10, "group-a", "courses.meet.acts[3]"),
        (10, "group-b", "courses.meet.acts[2]"),
        (10, "group-b", "courses.meet.acts[3]"),
    ]
    assert [d.first for d in acts[:6]] == [True, False, False, False, False, False]


def test_an_act_recorded_late_took_place_on_its_own_day(tmp_path: Path) -> None:
    play = scenario(tmp_path)
    desk = opened(play)
    run(play, desk, desk.set_day)
    late = next(r for r in desk.simulator.log if r.on == date(2026, 2, 20))

    assert late.at.startswith("2026-02-25")


def test_a_correction_finds_the_event_it_names(tmp_path: Path) -> None:
    play = scenario(tmp_path)
    desk = opened(play)
    run(play, desk, desk.set_day)
    case = desk.simulator.state.case("top")

    assert case is not None
    entry = case.fact("present")
    assert entry is not None
    assert entry.value == 6


def test_acts_of_one_day_go_to_the_desk_together(tmp_path: Path) -> None:
    play = scenario(tmp_path)
    desk = opened(play)
    run(play, desk, desk.set_day)

    assert desk.batches == [2, 4, 1, 1]


def test_the_clock_is_moved_on_at_the_end(tmp_path: Path) -> None:
    play = scenario(tmp_path, edited(SCENARIO, "seed = 1", "seed = 1\nuntil = 2026-03-01"))
    desk = opened(play)

    assert run(play, desk, desk.set_day).today == date(2026, 3, 1)
    assert desk.simulator.today == date(2026, 3, 1)


def test_an_act_that_is_refused_against_expectation_is_named(tmp_path: Path) -> None:
    failure = failed(tmp_path, "{ after = 0, record = { present = 7 } },", "{ after = 0, record = { present = 2 } },")

    assert (failure.what, failure.found, failure.unit, failure.on) == ("accepted", ("E-GUARD",), "group-a", date(2026, 2, 10))
    assert (failure.place.act, failure.place.where) == (1, "courses.meet.acts[3]")
    assert isinstance(failure.error, GuardsRefuse)


def test_an_act_that_is_accepted_against_expectation_is_named(tmp_path: Path) -> None:
    failure = failed(tmp_path, 'advance = "meet"\nexpect', "record = { present = 3 }\nexpect")

    assert (failure.what, failure.expected, failure.found) == ("refused", ("E-GUARD",), ("accepted",))
    assert failure.place.act == 3
    assert failure.place.line == SCENARIO.splitlines().index("on = 2026-02-20")


def test_another_refusal_than_expected_is_named(tmp_path: Path) -> None:
    failure = failed(tmp_path, 'refused = "E-GUARD", guards = ["quorum"]', 'refused = "E-EDGE"')

    assert (failure.what, failure.expected, failure.found) == ("refused", ("E-EDGE",), ("E-GUARD",))


def test_other_guards_than_expected_are_named(tmp_path: Path) -> None:
    failure = failed(tmp_path, 'guards = ["quorum"]', 'guards = ["quorum", "groups-met"]')

    assert (failure.what, failure.expected) == ("guards", ("quorum", "groups-met"))
    assert set(failure.found) == {"quorum", "report-filed"}


@pytest.mark.parametrize(
    ("old", "new", "what", "expected", "found"),
    [
        ("count = 2", "count = 3", "count", ("3",), ("2",)),
        ('state = "preparing"', 'state = "done"', "state", ("done",), ("preparing",)),
        ('state = "preparing"', 'reached = ["held"]', "reached", ("held",), ()),
    ],
)
def test_a_check_that_does_not_hold_is_named(
    tmp_path: Path, old: str, new: str, what: str, expected: tuple[str, ...], found: tuple[str, ...]
) -> None:
    failure = failed(tmp_path, old, new)

    assert (failure.what, failure.expected, failure.found) == (what, expected, found)


def test_days_are_spread_evenly_over_a_window_with_both_ends() -> None:
    spread = SpreadForm(start=date(2021, 3, 1), end=date(2021, 3, 15))

    assert list(spread_days(spread, 3)) == [date(2021, 3, 1), date(2021, 3, 8), date(2021, 3, 15)]
    assert list(spread_days(spread, 1)) == [date(2021, 3, 1)]
    assert list(spread_days(spread, 0)) == []
    assert max(spread_days(spread, 246)) == date(2021, 3, 15)


def test_every_verb_becomes_its_command(tmp_path: Path) -> None:
    text = SCENARIO + (
        '[[acts]]\non = 2026-03-01\nunit = "top"\nschedule = 2026-04-01\n'
        '[[acts]]\non = 2026-03-01\nunit = "top"\npostpone = { until = 2026-05-01 }\nas = "@superior"\nname = "pause"\n'
        '[[acts]]\non = 2026-03-02\nunit = "top"\nresume = true\nas = "outside"\n'
        '[[acts]]\non = 2026-03-02\nunit = "top"\nfile = ["report"]\nas = "top/AB"\n'
        '[[acts]]\non = 2026-03-03\nunit = "top"\nreturn = "report"\nreason = "thiếu số liệu"\nas = "@superior"\n'
        '[[acts]]\non = 2026-03-03\nunit = "top"\nfile = ["report"]\n'
        '[[acts]]\non = 2026-03-04\nunit = "top"\napprove = ["report"]\ndecision = "2/QĐ"\nwith_changes = ["mục 2"]\nas = "@superior"\n'
        '[[acts]]\non = 2026-03-04\nunit = "top"\nwaive = { guard = "quorum", basis = "3/QĐ", until = 2026-12-31 }\nas = "@superior"\n'
        '[[acts]]\non = 2026-03-05\nenrol = { code = "group-c", name = "Nhóm C", level = "group", parent = "top" }\n'
        '[[acts]]\non = 2026-03-05\nunit = "group-c"\nrecord = { present = 4 }\n'
        '[[acts]]\non = 2026-03-06\nunit = "group-c"\nleave = true\nas = "@board"\n'
        '[[acts]]\non = 2026-03-06\nunit = "top"\nroll = "open"\n'
        '[[acts]]\non = 2026-03-06\nunit = "top"\nroll = "complete"\n'
        '[[acts]]\non = 2026-03-07\nplan = "plan-2.toml"\n'
        '[[acts]]\non = 2026-03-08\nunit = "top"\nadvance = ["meet"]\nname = "met"\n'
        '[[acts]]\non = 2026-03-09\nannul = { ref = "met" }\nas = "outside"\nreason = "nhầm"\n'
        '[[acts]]\ncheck = { unit = "top", state = "preparing" }\n'
    )
    plan = 'id = "plan-2"\nissuer = "top"\nnumber = "2"\ntype = "KH"\nyear = 2026\ntext.vi = "x"\ntext.en = "x"\n'
    loaded = checked(tmp_path, text, plan_2=plan)
    assert loaded.scenario is not None, loaded.problems
    desk = opened(loaded.scenario)

    run(loaded.scenario, desk, desk.set_day)

    kinds = [r.event.kind for r in desk.simulator.log]
    assert {
        "scheduled", "postponed", "resumed", "document_filed", "document_returned", "document_approved", "guard_waived", "unit_enrolled",
        "unit_left", "roll_set", "plan_issued", "advanced", "annulled", "corrected", "fact_recorded",
    } <= set(kinds)  # fmt: skip
    filed = next(r for r in desk.simulator.log if r.event.kind == "document_filed" and r.unit == "top")
    assert filed.actor == Actor(unit="top", person="AB")


@pytest.mark.parametrize(
    ("old", "new", "code", "where", "guess"),
    [
        ('season = "season.toml"', 'season = "hanoi-2022"', "E-FILE-UNKNOWN", "season", "hanoi-2021"),
        ('course = "meet"', 'course = "met"', "E-NAME", "acts[1].course", "meet"),
        ('file = ["report"]', 'file = ["reports"]', "E-NAME", "courses.meet.acts[1].file[1]", "report"),
        ("record = { present = 7 }", "record = { presnt = 7 }", "E-ACT-FACT", "courses.meet.acts[2].record.presnt", "present"),
        ("record = { present = 7 }", 'record = { present = "7" }', "E-TYPE", "courses.meet.acts[2].record.present", None),
        ('advance = "meet" },', 'advance = "meat" },', "E-NAME", "courses.meet.acts[3].advance[1]", "meet"),
        ('unit = "top"\nrecord', 'unit = "tip"\nrecord', "E-NAME", "acts[4].unit", "top"),
        ('unit = "top"\nrecord', 'unit = "top"\nunits = ["top"]\nrecord', "E-ACT-UNITS", "acts[4]", None),
        ('unit = "top"\nrecord', "record", "E-ACT-UNITS", "acts[4]", None),
        ('unit = "top"\nrecord', 'unit = "top"\nas = "@super"\nrecord', "E-NAME", "acts[4].as", "@superior"),
        ('unit = "top"\nrecord', 'unit = "top"\nadvance = "meet"\nrecord', "E-ACT-VERBS", "acts[4]", None),
        ("record = { present = 3 }\n", "", "E-ACT-VERBS", "acts[4]", None),
        ("record = { present = 3 }\n", "record = {}\n", "E-ACT-VERBS", "acts[4]", None),
        ('file = ["report"]', "file = []", "E-ACT-VERBS", "courses.meet.acts[1]", None),
        ('units = { level = "group" }', 'units = { level = "grup" }', "E-NAME", "acts[1].units.level", "group"),
        ('units = { level = "group" }', 'units = { level = "union", under = "group-a" }', "E-ACT-NOBODY", "acts[1].units", None),
        ('units = { level = "group" }', 'units = ["group-a", "group-z"]', "E-NAME", "acts[1].units[2]", "group-b"),
        ("on = 2026-02-10\n", "", "E-ACT-DAY", "acts[1]", None),
        ("recorded = 2026-02-25", "recorded = 2026-02-15", "E-ACT-RECORDED", "acts[4].recorded", None),
        ("on = 2026-02-10", "spread = { from = 2026-02-10, to = 2026-02-01 }", "E-ACT-SPREAD", "acts[1].spread", None),
        ('ref = "count"', 'ref = "cuont"', "E-NAME", "acts[5].correct.ref", "count"),
        ("on = 2026-02-26", "on = 2026-02-24", "E-ACT-REF", "acts[5].correct.ref", None),
        ('unit = "top"\ncorrect', 'name = "count"\nunit = "top"\ncorrect', "E-ACT-NAME-TWICE", "acts[5].name", None),
        ('course = "meet"', 'course = "meet"\nname = "all"', "E-ACT-NAME-MANY", "acts[1].name", None),
        (", count = 2 }", " }", "E-CHECK-MANY", "acts[2].check", None),
        ('state = "preparing"', 'state = "preparing", count = 1', "E-CHECK-ONE", "acts[6].check", None),
        ('state = "preparing"', 'state = "prepared"', "E-NAME", "acts[6].check.state", "preparing"),
        ('reached = "held"', 'reached = "helt"', "E-NAME", "acts[2].check.reached[1]", "held"),
        ('reason = "đếm lại"', 'decision = "1/QĐ"', "E-ACT-APPROVE", "acts[5]", None),
        ("{ after = 0, record", "{ record", "E-KEY-MISSING", "courses.meet.acts[2].after", None),
        ('refused = "E-GUARD"', 'refused = "E-GARD"', "E-NAME", "acts[3].expect.refused", "E-GUARD"),
        ('guards = ["quorum"]', 'guards = ["quorum", "quorom"]', "E-NAME", "acts[3].expect.guards[2]", "quorum"),
        ('refused = "E-GUARD", guards', 'refused = "E-ROLE", guards', "E-ACT-GUARDS", "acts[3].expect.guards", None),
        (
            'advance = "meet" },',
            'advance = "meet", expect = { refused = "E-GUARD", guards = ["qurum"] } },',
            "E-NAME",
            "courses.meet.acts[3].expect.guards[1]",
            "quorum",
        ),
        (LAST, '[[acts]]\non = 2026-03-01\nunit = "top"\nresume = false\n', "E-ACT-TRUE", "acts[6].resume", None),
        (LAST, '[[acts]]\non = 2026-03-01\nplan = "kh-71-2021"\n', "E-FILE-UNKNOWN", "acts[6].plan", "kh-71-2020"),
        (LAST, LAST + "[courses.unused]\nacts = []\n", "W-COURSE-UNUSED", "courses.unused", None),
    ],
)  # fmt: skip
def test_a_mistake_is_told_before_anything_runs(
    tmp_path: Path, old: str, new: str, code: str, where: str, guess: str | None
) -> None:
    found = checked(tmp_path, edited(SCENARIO, old, new)).problems
    severity = "warning" if code.startswith("W-") else "error"

    assert [(p.code, p.where, p.guess) for p in found if p.severity == severity] == [(code, where, guess)]
    assert Path(found[0].file).name == "scenario.toml"


def test_an_act_that_is_to_be_refused_leaves_nothing_to_refer_to(tmp_path: Path) -> None:
    text = edited(SCENARIO, 'unit = "top"\nadvance', 'name = "refused"\nunit = "top"\nadvance')
    problem = only(checked(tmp_path, edited(text, 'ref = "count"', 'ref = "refused"')).problems)

    assert (problem.code, problem.where, problem.fields["why"]) == ("E-ACT-REF", "acts[5].correct.ref", "nothing")


def test_what_is_expected_to_be_refused_may_name_what_is_not_there(tmp_path: Path) -> None:
    text = edited(
        SCENARIO,
        'advance = "meet"\nexpect = { refused = "E-GUARD", guards = ["quorum"] }',
        'advance = "dance"\nexpect = { refused = "E-EDGE" }',
    )
    play = scenario(tmp_path, text)
    desk = opened(play)

    assert run(play, desk, desk.set_day).refused == 1


def test_a_scenario_needs_the_day_its_season_opens(tmp_path: Path) -> None:
    write_season(tmp_path)
    season = (tmp_path / "season.toml").read_text(encoding="utf-8")
    (tmp_path / "season.toml").write_text(edited(season, "opened_on = 2026-01-10\n", ""), encoding="utf-8")

    problem = only(check_scenario(str(tmp_path / "scenario.toml")).problems)
    assert (problem.code, problem.where) == ("E-NO-OPENING-DAY", "season")


def test_a_season_with_mistakes_is_told_in_its_own_files(tmp_path: Path) -> None:
    write_season(tmp_path)
    season = (tmp_path / "season.toml").read_text(encoding="utf-8")
    (tmp_path / "season.toml").write_text(edited(season, 'board = "top"', 'board = "tip"'), encoding="utf-8")

    problem = only(check_scenario(str(tmp_path / "scenario.toml")).problems)
    assert (problem.code, Path(problem.file).name, problem.where) == ("E-NAME", "season.toml", "board")


def test_a_batch_that_fails_leaves_what_came_before_the_failing_act(tmp_path: Path) -> None:
    play = scenario(
        tmp_path, edited(SCENARIO, "{ after = 0, record = { present = 7 } },", "{ after = 0, record = { present = 2 } },")
    )
    desk = SimulatedDesk(play.season)
    with pytest.raises(ScenarioFailed):
        run(play, desk, desk.set_day)

    assert desk.state_of("group-a") == "preparing"
    assert desk.simulator.log[-1].event.kind == "fact_recorded"


def test_courses_that_double_each_other_are_counted_and_not_laid_out(tmp_path: Path) -> None:
    courses = "".join(
        f'[courses.c{n}]\nacts = [{{ after = 0, course = "c{n + 1}" }}, {{ after = 0, course = "c{n + 1}" }}]\n'
        for n in range(14)
    )
    last = "[courses.c14]\nacts = [{ after = 0, record = { present = 1 } }]\n"
    acts = '[[acts]]\non = 2026-03-01\nunits = ["top"' + ', "group-a"' * 99 + ']\ncourse = "c0"\n'

    problem = only(checked(tmp_path, SCENARIO + courses + last + acts).problems)
    assert (problem.code, problem.where, problem.fields["total"]) == ("E-TOO-MANY-ACTS", "acts", 100 * 2**14 + 9)


def test_courses_nested_too_deep_are_told(tmp_path: Path) -> None:
    courses = "".join(f'[courses.c{n}]\nacts = [{{ after = 0, course = "c{n + 1}" }}]\n' for n in range(2000))
    text = SCENARIO + courses + "[courses.c2000]\nacts = [{ after = 0, record = { present = 1 } }]\n"
    acts = '[[acts]]\non = 2026-03-01\nunit = "top"\ncourse = "c0"\n'

    assert "E-COURSE-DEEP" in [p.code for p in checked(tmp_path, text + acts).problems]


@pytest.mark.parametrize("after", [40_000, -40_000, 10**15])
def test_a_day_that_no_calendar_has_is_told(tmp_path: Path, after: int) -> None:
    found = checked(tmp_path, edited(SCENARIO, "after = -2", f"after = {after}")).problems

    assert [(p.code, p.where) for p in found] == [("E-INTEGER", "courses.meet.acts[1].after")]


def test_a_unit_that_joins_below_itself_is_the_desks_to_refuse(tmp_path: Path) -> None:
    act = '[[acts]]\non = 2026-03-01\nenrol = { code = "self", name = "X", level = "group", parent = "self" }\n'
    units = '[[acts]]\non = 2026-03-02\nunits = { under = "top", level = "group" }\nschedule = 2026-05-01\n'

    assert checked(tmp_path, SCENARIO + act + units).problems == ()


def test_a_batch_of_which_nobody_knows_whether_it_was_recorded_is_not_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    play = scenario(tmp_path)
    desk = opened(play)
    asked: list[str] = []

    def in_doubt(commands: Sequence[AnyCommand]) -> list[Accepted]:
        raise CommitUnknown(place="x", command_ids=tuple(command.unit for command in commands), why="disk")

    monkeypatch.setattr(desk, "submit_all", in_doubt)
    monkeypatch.setattr(desk, "submit", lambda command: asked.append(command.unit))
    with pytest.raises(CommitUnknown):
        run(play, desk, desk.set_day)

    assert asked == []
