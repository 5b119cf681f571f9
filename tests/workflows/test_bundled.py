"""What comes with the program is without mistakes, is called what it says it is called, and runs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.workflows.files import write, write_season
from tests.workflows.simulated import opened
from workflows import catalogue
from workflows.catalogue import NothingOfThatName, bundled, find
from workflows.load import check_workflow, load_workflow
from workflows.plans import check_plan, load_plan
from workflows.problems import FileMistakes, Problem
from workflows.scenario import check_scenario, load_scenario
from workflows.scenario_run import run
from workflows.seasons import check_season, load_season

EXAMPLES = sorted((Path(__file__).parents[2] / "docs" / "examples").glob("*/*.toml"))


def errors(problems: tuple[Problem, ...]) -> list[tuple[str, str, str]]:
    return [(p.file, p.code, p.where) for p in problems if p.severity == "error"]


def test_the_seasons_and_procedures_of_the_cycle_are_there() -> None:
    assert {"hanoi-2021", "mong-cai-2021"} <= set(bundled("season"))
    assert {"branch-conference", "base-congress", "district-congress", "city-congress"} <= set(bundled("procedure"))
    assert {"kh-64-2020", "kh-71-2020"} <= set(bundled("plan"))


@pytest.mark.parametrize("name", bundled("procedure"))
def test_a_bundled_procedure_is_without_mistakes_and_called_what_it_says(name: str) -> None:
    loaded = check_workflow(name)

    assert errors(loaded.problems) == []
    assert loaded.workflow.id == name


@pytest.mark.parametrize("name", bundled("plan"))
def test_a_bundled_plan_is_without_mistakes_and_called_what_it_says(name: str) -> None:
    loaded = check_plan(name)

    assert loaded.problems == ()
    assert loaded.plan.id == name


@pytest.mark.parametrize("name", bundled("season"))
def test_a_bundled_season_is_without_mistakes_and_called_what_it_says(name: str) -> None:
    loaded = check_season(name)

    assert errors(loaded.problems) == []
    assert [p.code for p in loaded.problems if p.code.startswith("W-")] == []
    assert loaded.season is not None
    assert loaded.season.id == name


@pytest.mark.parametrize("name", bundled("scenario"))
def test_a_bundled_scenario_is_without_mistakes_and_goes_as_it_says(name: str) -> None:
    loaded = check_scenario(name)

    assert errors(loaded.problems) == []
    assert loaded.scenario is not None
    assert loaded.scenario.id == name
    desk = opened(loaded.scenario)
    assert run(loaded.scenario, desk, desk.set_day).checks > 0


def test_the_example_of_the_guide_goes_as_it_says() -> None:
    spring = next(path for path in EXAMPLES if path.name == "spring-2026.toml")
    loaded = check_scenario(str(spring))

    assert loaded.problems == ()
    assert loaded.scenario is not None
    desk = opened(loaded.scenario)
    assert run(loaded.scenario, desk, desk.set_day).refused == 4


def test_a_mistyped_id_is_answered_with_the_nearest() -> None:
    with pytest.raises(NothingOfThatName) as caught:
        find("season", "hanoi-2020")

    assert (caught.value.code, caught.value.exit_code, caught.value.guess) == ("E-BUNDLED", 2, "hanoi-2021")
    assert "hanoi-2021" in caught.value.known


def test_a_file_of_that_name_is_a_guess_too(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("", encoding="utf-8")
    with pytest.raises(NothingOfThatName) as caught:
        find("plan", "mine", tmp_path)

    assert caught.value.guess == "mine.toml"


def test_what_has_a_slash_or_an_ending_is_a_path(tmp_path: Path) -> None:
    assert find("plan", "mine.toml", tmp_path).path == tmp_path / "mine.toml"
    assert find("plan", "./mine", tmp_path).path == tmp_path / "mine"
    assert find("plan", "kh-71-2020").path.parent == catalogue.DATA / "plans"


def test_a_folder_with_a_season_in_it_is_that_season() -> None:
    assert find("season", str(catalogue.DATA / "seasons" / "hanoi-2021")).path.name == "season.toml"


def test_status_pays_nothing_for_the_reader_of_files() -> None:
    """Cattrs is imported when a file is read, not before."""
    code = "import sys, workflows.seasons, workflows.scenario_run; print('cattrs' in sys.modules, 'lark' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])

    assert done.stdout.split() == ["False", "False"]


def test_loading_gives_the_value_or_raises_every_mistake(tmp_path: Path) -> None:
    season = write_season(tmp_path)
    assert load_season(str(season)).id == "season-1"
    assert load_workflow("meeting.toml", tmp_path).id == "meeting"
    assert load_plan("plan-1.toml", tmp_path).plan.id == "plan-1"
    assert load_scenario("scenario.toml", tmp_path).id == "scenario-1"

    write(tmp_path, meeting="", plan_1="", scenario="")
    loaders: list[tuple[Callable[[str, Path], object], str]] = [
        (load_workflow, "meeting.toml"),
        (load_plan, "plan-1.toml"),
        (load_scenario, "scenario.toml"),
    ]
    for load, name in loaders:
        with pytest.raises(FileMistakes) as caught:
            load(name, tmp_path)
        assert "E-KEY-MISSING" in [p.code for p in caught.value.problems]
