"""The procedures of 2021, route by route: pilots, appointed units, steps back, what only one plan asks for."""

from __future__ import annotations

from datetime import date
from typing import Any

import attrs
import pytest

from engine import commands as cmd
from engine.procedure import Procedure
from engine.readings import Path, Reading
from engine.unit import Unit
from engine.workflow import Workflow
from tests.procedures.played import opened, play
from tests.simulator import Simulator, seal
from workflows.catalogue import bundled
from workflows.load import check_workflow, load_workflow
from workflows.plans import load_plan

PROCEDURES = ("base-congress", "branch-conference", "city-congress", "congress", "district-congress")
CONGRESSES = ("base-congress", "city-congress", "district-congress")

PAPERS = ("congress_plan", "political_report", "personnel_orientation", "personnel_scheme", "script", "programme")
AT_THE_CONGRESS = ("opinions_summary", "speeches", "congress_regulation", "credentials_report")
PREPARED: dict[str, Any] = {
    "subcommittees_set_up": 4,
    "orientation_adopted_on": date(2021, 1, 20),
    "names_prepared_on": date(2021, 1, 27),
    "scheme_adopted_on": date(2021, 2, 3),
    "work_documents_ready": True,
    "work_personnel_ready": True,
}
ATTENDED: dict[str, Any] = {
    "delegates_summoned": 60,
    "delegates_ex_officio": 9,
    "delegates_elected": 50,
    "delegates_designated": 1,
    "delegates_present": 52,
    "alternates_used": 2,
    "absent_unreplaced": 8,
    "credentials_rejected": 0,
    "credentials_adopted": True,
    "work_publicity_ready": True,
    "work_logistics_ready": True,
    "resolution_adopted": True,
}
ELECTED: dict[str, Any] = {
    "opinions_announced": True,
    "election_method": "secret_ballot",
    "committee_seats": 9,
    "committee_elected": 9,
    "committee_under_40": 1,
    "standing_committee_elected": 3,
    "chair_elected": True,
    "vice_chairs_elected": 1,
    "delegation_elected": 5,
}


def record(season: Simulator, unit: str, on: date, facts: dict[str, Any]) -> None:
    for fact, value in facts.items():
        season.do(cmd.RecordFact, unit, on, fact=fact, value=value)


def file(season: Simulator, unit: str, on: date, *documents: str, by: str | None = None) -> None:
    for document in documents:
        season.do(cmd.FileDocument, unit, on, by=by, document=document)


def convened(season: Simulator, unit: str, on: date = date(2021, 6, 10)) -> None:
    """Bring a base unit of Móng Cái whose level waits for nobody to its congress, but for the congress itself."""
    record(season, unit, on, PREPARED)
    file(season, unit, on, *PAPERS)
    season.do(cmd.Advance, unit, on, trigger="submit")
    for document in ("political_report", "personnel_scheme"):
        season.do(cmd.ApproveDocument, unit, on, by="mong-cai", document=document)
    season.do(cmd.Advance, unit, on, by="mong-cai", trigger="approve")
    season.do(cmd.RecordFact, unit, on, fact="delegates_summoned", value=60)
    season.do(cmd.Advance, unit, on, trigger="convene")


def without_pilots(tag: str | None = None) -> Simulator:
    """Móng Cái without pilots and without branches to wait for; one base unit may carry a tag."""

    def change(unit: Unit) -> Unit:
        tags = (tag,) if tag is not None and unit.code == "tra-co" else unit.tags
        return attrs.evolve(unit, pilot_of=None, tags=tags)

    season = opened("mong-cai-2021", change)
    season.today = date(2021, 9, 30)
    season.do(cmd.SetRoll, "tra-co", date(2021, 1, 4), by="mong-cai", status="untracked")
    plan = load_plan("kh-mong-cai-2021").plan
    value = attrs.evolve(plan.values[0], name="no_pilots", value=True, scope=attrs.evolve(plan.values[0].scope, pilot=None))
    issued = attrs.evolve(plan, id="no-pilots", number="1", values=(value,))
    season.do(cmd.IssuePlan, "season", date(2021, 1, 4), by="mong-cai", plan=issued, digest="00" * 32)
    return season


@pytest.mark.parametrize("name", PROCEDURES)
def test_every_procedure_is_without_mistakes(name: str) -> None:
    assert check_workflow(name).ok


def test_nothing_else_is_bundled() -> None:
    assert bundled("procedure") == PROCEDURES


@pytest.mark.parametrize("name", PROCEDURES)
def test_what_blocks_was_read_in_a_paper_or_a_report_of_the_union(name: str) -> None:
    for guard in load_workflow(name).all_guards:
        assert guard.source, guard.id
        assert guard.severity == "should" or guard.certainty in ("A", "B"), guard.id


def path(workflow: Workflow, *, pilot: bool) -> list[str]:
    """The states an elected unit passes through when everything goes well."""
    procedure = Procedure(workflow, "")
    unit: dict[Path, Reading] = {
        ("unit", "pilot"): Reading(value=pilot),
        ("unit", "designates"): Reading(value=False),
        ("unit", "tag", "appointed"): Reading(value=False),
    }
    states = [workflow.initial]
    while not workflow.state_by_id[states[-1]].final:
        (way,) = procedure.ways(states[-1], unit)
        states.append(way.target)
    return states


@pytest.mark.parametrize("name", CONGRESSES)
def test_a_pilot_is_reviewed_after_its_congress_and_the_others_before_theirs(name: str) -> None:
    workflow = load_workflow(name)

    unit = ["preparation", "document_approval", "pilot_review", "election", "recognition", "recognised"]
    pilot = ["preparation", "document_approval", "election", "pilot_review", "recognition", "recognised"]
    assert path(workflow, pilot=False) == unit
    assert path(workflow, pilot=True) == pilot


def test_base_units_of_long_bien_and_of_mong_cai_follow_one_procedure() -> None:
    hanoi, mong_cai = (play(name).scenario.season.workflows["base"] for name in ("hanoi-2021", "mong-cai-2021"))

    assert hanoi == mong_cai


def test_epidemic_measures_are_asked_for_in_long_bien_and_nowhere_else() -> None:
    asked = {}
    for season, unit in (("hanoi-2021", "bo-de"), ("hanoi-2021", "buoi"), ("mong-cai-2021", "tra-co")):
        simulator = opened(season)
        verdicts = {v.guard: v.result for v in simulator.view(unit).verdicts("hold")}
        asked[unit] = verdicts["epidemic-measures"]

    assert asked == {"bo-de": "unknown", "buoi": "met", "tra-co": "met"}


def test_a_secret_ballot_needs_its_minutes() -> None:
    season = without_pilots()
    convened(season, "tra-co")
    june = date(2021, 6, 20)
    record(season, "tra-co", june, {**ATTENDED, **ELECTED})
    file(season, "tra-co", june, *AT_THE_CONGRESS, "election_regulation", "election_minutes", "party_opinion")
    file(season, "tra-co", june, "superior_opinion", by="mong-cai")

    refusal = season.refused(cmd.Advance, "tra-co", june, trigger="hold")

    assert [v.guard for v in refusal.verdicts if v.blocks] == ["count-minutes"]

    file(season, "tra-co", june, "count_minutes")
    season.do(cmd.Advance, "tra-co", june, trigger="hold")


def test_a_unit_with_an_appointed_committee_announces_and_does_not_elect() -> None:
    season = without_pilots("appointed")
    convened(season, "tra-co")
    june = date(2021, 6, 20)
    record(season, "tra-co", june, ATTENDED)
    file(season, "tra-co", june, *AT_THE_CONGRESS)

    assert season.refused(cmd.Advance, "tra-co", june, trigger="hold").code == "E-EDGE"
    refusal = season.refused(cmd.Advance, "tra-co", june, trigger="announce_appointment")
    assert [v.guard for v in refusal.verdicts if v.blocks] == ["founding-decision-filed", "appointment-decision-filed"]

    file(season, "tra-co", june, "founding_decision", "appointment_decision", by="mong-cai")
    season.do(cmd.Advance, "tra-co", june, trigger="announce_appointment")
    case = season.state.case("tra-co")
    assert case is not None
    assert (case.state, case.milestones()["held"]) == ("recognition", june)


def test_a_meeting_of_all_members_has_no_kinds_of_delegates() -> None:
    season = without_pilots("plenary")

    guards = {v.guard for v in season.view("tra-co").verdicts("hold")}

    assert "delegates-by-kind" not in guards
    assert "quorum" in guards


def test_a_congress_that_is_not_recognised_is_held_again_and_the_summons_stand() -> None:
    season = without_pilots()
    convened(season, "tra-co")
    june = date(2021, 6, 20)
    record(season, "tra-co", june, {**ATTENDED, **ELECTED, "election_method": "show_of_hands"})
    file(season, "tra-co", june, *AT_THE_CONGRESS, "election_regulation", "election_minutes", "party_opinion")
    file(season, "tra-co", june, "superior_opinion", by="mong-cai")
    season.do(cmd.Advance, "tra-co", june, trigger="hold")
    season.do(cmd.Advance, "tra-co", june, by="mong-cai", trigger="refuse_recognition", reason=seal("why"))

    case = season.state.case("tra-co")
    assert case is not None
    assert (case.state, case.attempt, "held" in case.milestones()) == ("election", 2, False)
    facts = case.fact_values()
    assert facts["delegates_summoned"].value == 60
    assert not facts.keys() & ELECTED.keys()
    assert case.document("political_report") is not None
    assert case.document("election_minutes") is None


@pytest.mark.parametrize(
    ("level", "unit", "before"),
    [("district", "tay-ho", date(2021, 4, 2)), ("base", "ngoc-lam", None)],
)
def test_only_the_district_pilots_have_a_day_for_their_approval(level: str, unit: str, before: date | None) -> None:
    season = opened("hanoi-2021")
    season.today = date(2021, 4, 2)

    verdicts = {v.guard: v.result for v in season.view(unit).verdicts("approve")}

    assert season.view(unit).case.unit.level == level
    assert verdicts.get("documents-in-time") == (None if before is None else "unmet")
