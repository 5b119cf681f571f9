"""The Plan 71 season, played from its first branch conference to the city congress."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from engine.case import Case
from engine.refusals import GuardsRefuse
from engine.shaken import shaken_steps
from engine.standing import due_day, held_due_state, overdue
from tests.procedures.played import Play, play

APRIL_30 = date(2021, 4, 30)


@pytest.fixture(scope="module")
def season() -> Play:
    return play("hanoi-2021")


def level(season: Play, name: str, under: str | None = None) -> list[Case]:
    cases = [case for case in season.state.cases() if case.unit.level == name]
    return [c for c in cases if under is None or under in [u.code for u in season.state.line(c.unit.code)]]


def test_every_unit_is_recognised_in_the_end(season: Play) -> None:
    found = Counter((case.unit.level, case.state) for case in season.state.cases())

    assert found == {
        ("city", "recognised"): 1,
        ("district", "recognised"): 30,
        ("base", "recognised"): 86,
        ("branch", "recognised"): 246,
    }


def test_long_bien_is_done_26_days_ahead_of_its_plan(season: Play) -> None:
    branches, base = level(season, "branch", "long-bien"), level(season, "base", "long-bien")
    state = held_due_state(season.scenario.season.workflows["base"])
    assert state is not None
    dues = [due_day(season.state.plans(), season.state.line(c.unit.code), "ha-noi", state, APRIL_30) for c in base]

    assert len(branches) == 246
    assert max(c.milestones()["held"] for c in branches) == date(2021, 3, 15)
    assert len(base) == 16
    assert max(c.milestones()["held"] for c in base) == date(2021, 5, 4)
    assert set(dues) == {date(2021, 5, 30)}


def test_the_pilots_keep_the_days_of_plan_71(season: Play) -> None:
    for pilot in ("tay-ho", "dong-anh"):
        assert season.day(pilot, "documents_approved") < date(2021, 4, 2)
        assert date(2021, 4, 1) <= season.day(pilot, "held") <= APRIL_30
        assert season.day(pilot, "held") < season.day("ha-noi", "lessons_drawn") < date(2021, 5, 2)


def test_both_pilots_are_reviewed_before_any_other_district_convenes(season: Play) -> None:
    reviewed = max(season.day(pilot, "reviewed") for pilot in ("tay-ho", "dong-anh"))
    convened = [s.on for c in level(season, "district") for s in c.steps if s.trigger == "convene"]

    assert len(convened) == 28
    assert reviewed < min(convened)


def test_the_city_congress_has_the_numbers_of_its_quick_notice(season: Play) -> None:
    city = season.state.case("ha-noi")
    assert city is not None
    facts = {name: entry.value for name, entry in city.fact_values().items()}

    assert season.day("ha-noi", "held") == date(2021, 11, 25)
    assert [facts[f"delegates_{kind}"] for kind in ("summoned", "ex_officio", "elected", "designated")] == [489, 63, 403, 23]
    assert (facts["delegates_present"], facts["alternates_used"]) == (482, 22)


def test_three_refusals_are_honest(season: Play) -> None:
    refusals = [(d.unit, d.refusal) for d in season.done if d.refusal is not None]
    blocking = {
        unit: [v.guard for v in error.verdicts if v.blocks] for unit, error in refusals if isinstance(error, GuardsRefuse)
    }

    assert [(unit, error.code) for unit, error in refusals] == [
        ("bo-de", "E-ROLE"),
        ("giang-bien", "E-GUARD"),
        ("hoang-mai", "E-GUARD"),
    ]
    assert blocking == {"giang-bien": ["quorum"], "hoang-mai": ["lessons-drawn", "delegates-summoned"]}


def test_a_congress_without_quorum_is_held_again_as_a_second_attempt(season: Play) -> None:
    case = season.state.case("giang-bien")
    assert case is not None

    assert case.attempt == 2
    assert case.milestones()["held"] == date(2021, 4, 24)
    present = [(e.attempt, e.value) for e in case.facts if e.name == "delegates_present" and e.value is not None]
    assert present == [(1, 94), (1, 60), (2, 94)]


def test_the_season_on_30_april_differs_from_what_was_recorded_by_then_in_four_units_only(season: Play) -> None:
    recorded = season.prefix(APRIL_30)

    def known(case: Case | None) -> tuple[object, ...]:
        assert case is not None
        names = {e.name for e in case.documents}
        papers = {name: status for name in names if (status := case.document(name, APRIL_30)) is not None}
        facts = {name: entry.value for name, entry in case.fact_values(APRIL_30).items()}
        return case.state_on(APRIL_30)[0], case.milestones(APRIL_30), facts, {n: s.version for n, s in papers.items()}

    codes = [case.unit.code for case in season.state.cases()]
    differing = {code for code in codes if known(season.state.case(code)) != known(recorded.case(code))}

    assert differing == {
        "cu-khoi",  # held on 29/4, recorded on 04/5
        "bat-trang",  # a list of delegates of 29/4, recorded on 06/5
        "tay-ho",  # the number of alternates on 15/4, corrected on 10/5
        "hoan-kiem",  # submitted for 26/4, annulled on 06/5
    }


def test_the_correction_at_tay_ho_is_confirmed_and_leaves_nothing_shaken(season: Play) -> None:
    case = season.state.case("tay-ho")
    assert case is not None

    assert case.fact_values()["alternates_used"].value == 5
    assert shaken_steps(season.state, case) == ()


@pytest.mark.parametrize("day", [date(2021, 3, 16), date(2021, 4, 28), date(2021, 5, 5), date(2021, 7, 31), date(2021, 12, 15)])
def test_nobody_is_late_in_the_course_of_the_season(season: Play, day: date) -> None:
    late = [
        case.unit.code
        for case in season.state.cases()
        if overdue(season.state, case, season.state.procedure(case.workflow).workflow, day) is not None
    ]

    assert late == []
