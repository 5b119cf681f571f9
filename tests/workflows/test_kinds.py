"""A file of another kind than the one that was asked about: one sentence, not a list of everything it lacks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

from reports.catalogue import words
from reports.problems import message
from workflows import kinds
from workflows.forms import WorkflowForm, key_of
from workflows.load import check_workflow
from workflows.plans import PlanForm, check_plan
from workflows.scenario import check_scenario
from workflows.scenario_forms import ScenarioForm
from workflows.season_forms import SeasonForm
from workflows.seasons import check_season

ROOT = Path(__file__).parents[2]
HOUSING = ROOT / "docs" / "examples" / "housing"
FILES = {
    "procedure": "house-meeting.toml",
    "plan": "statutes-3.toml",
    "season": "song-xanh-2026.toml",
    "scenario": "spring-2026.toml",
}
CHECKS: dict[str, Callable[[str], Any]] = {
    "procedure": check_workflow,
    "plan": check_plan,
    "season": check_season,
    "scenario": check_scenario,
}
COMMAND = {
    "procedure": "check it with: daihoi workflow check",
    "plan": "it is checked with the season that lists it: daihoi season check",
    "season": "check it with: daihoi season check",
    "scenario": "it is checked before its first act: daihoi scenario run",
}


@pytest.mark.parametrize("wanted", FILES)
@pytest.mark.parametrize("given", FILES)
def test_a_file_of_another_kind_is_one_mistake_that_names_its_own_check(given: str, wanted: str) -> None:
    file = str(HOUSING / FILES[given])

    problems = [p for p in CHECKS[wanted](file).problems if p.severity == "error"]

    if given == wanted:
        assert problems == []
        return
    (problem,) = problems
    english, vietnamese = message(problem, words("en")), message(problem, words("vi"))
    assert problem.code == "E-OTHER-FILE"
    assert english.startswith(f"this file is a {given} (it has ")
    assert f"not a {wanted}; {COMMAND[given]}" in english
    assert COMMAND[given].partition(": ")[2] in vietnamese
    assert not set(english) & set("{}")


def test_a_season_that_names_one_as_a_procedure_is_told_the_same(tmp_path: Path) -> None:
    text = (HOUSING / "song-xanh-2026.toml").read_text(encoding="utf-8")
    for file in HOUSING.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "song-xanh-2026.toml").write_text(text.replace('"house-meeting.toml"', '"spring-2026.toml"'), encoding="utf-8")

    problems = check_season(str(tmp_path / "song-xanh-2026.toml")).problems

    assert [(p.code, Path(p.file).name) for p in problems if p.severity == "error"] == [("E-OTHER-FILE", "spring-2026.toml")]


@pytest.mark.parametrize("text", ['id = "x"\n', 'id = "x"\nissuer = "city"\n', 'version = "1"\nissuer = "city"\nnumber = "1"\n'])
def test_what_may_be_an_unfinished_procedure_is_told_what_it_lacks(tmp_path: Path, text: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")

    codes = {p.code for p in check_workflow(str(file)).problems}

    assert "E-KEY-MISSING" in codes
    assert "E-OTHER-FILE" not in codes


def test_the_keys_that_tell_the_kinds_apart_are_those_of_the_forms() -> None:
    forms = {"procedure": WorkflowForm, "plan": PlanForm, "season": SeasonForm, "scenario": ScenarioForm}
    keys = {kind: {key_of(a) for a in attrs.fields(form)} for kind, form in forms.items()}

    for kind, own in keys.items():
        others = set().union(*(keys[other] for other in keys if other != kind))
        assert set(kinds.OWN_KEYS[kind]) == own - others, kind  # type: ignore[index]  # the kinds are literals
