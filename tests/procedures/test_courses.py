"""Courses that run other courses."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.workflows.simulated import SimulatedDesk
from workflows.scenario import check_scenario, load_scenario
from workflows.scenario_run import run

HEAD = """
id = "nested"
season = "mong-cai-2021"
text.vi = "Thử"
text.en = "Trial"
"""

NESTED = """
[courses.inner]
acts = [{ after = 2, record = { subcommittees_set_up = 3 } }]

[courses.outer]
acts = [{ after = -5, course = "inner" }, { after = 0, file = ["congress_plan"] }]

[[acts]]
on = 2021-03-10
unit = "ka-long"
course = "outer"
"""

ROUND = """
[courses.one]
acts = [{ after = 0, course = "two" }]

[courses.two]
acts = [{ after = 0, course = "one" }]

[[acts]]
on = 2021-03-10
unit = "ka-long"
course = "one"
"""


def written(folder: Path, text: str) -> str:
    (folder / "nested.toml").write_text(HEAD + text, encoding="utf-8")
    return str(folder / "nested.toml")


def test_the_days_of_a_course_in_a_course_count_from_its_own_day(tmp_path: Path) -> None:
    scenario = load_scenario(written(tmp_path, NESTED))
    desk = SimulatedDesk(scenario.season)

    run(scenario, desk, desk.set_day)

    case = desk.simulator.state.case("ka-long")
    assert case is not None
    assert [(e.name, e.on) for e in case.facts] == [("subcommittees_set_up", date(2021, 3, 7))]
    assert [(e.name, e.on) for e in case.documents] == [("congress_plan", date(2021, 3, 10))]


def test_courses_that_run_each_other_are_refused_with_their_place(tmp_path: Path) -> None:
    loaded = check_scenario(written(tmp_path, ROUND))

    assert [(p.code, p.where) for p in loaded.problems] == [
        ("E-COURSE-CYCLE", "courses.one.acts[1].course"),
        ("E-COURSE-CYCLE", "courses.two.acts[1].course"),
    ]


def test_a_course_that_does_not_exist_is_told_in_a_course_too(tmp_path: Path) -> None:
    loaded = check_scenario(written(tmp_path, NESTED.replace('course = "inner"', 'course = "iner"')))

    assert ("courses.outer.acts[1].course", "inner") in [(p.where, p.guess) for p in loaded.problems]
