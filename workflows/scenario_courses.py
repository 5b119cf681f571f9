"""Checks of a scenario's courses: each is used, none runs itself, and together they do not lay out to more acts than a season has.

A course may run other courses, so a short file could stand for more acts than anybody can wait for; they are counted before any is
laid out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from workflows.names import check_used
from workflows.problems import Findings, KeyPath
from workflows.scenario_forms import ScenarioForm

MOST_ACTS: Final = 1_000_000
DEEPEST: Final = 16
MOST_TOLD: Final = 20
LONGEST: Final = 36_525
"""Days that an act of a course may lie away from the unit's own: a century."""


def check_courses(form: ScenarioForm, findings: Findings) -> dict[str, int]:
    """How many acts each course lays out to."""
    for name, course in form.courses.items():
        for index, step in enumerate(course.acts or ()):
            path: KeyPath = ("courses", name, "acts", index)
            if abs(step.after or 0) > LONGEST:
                findings.error("E-INTEGER", (*path, "after"), limit=LONGEST)
            check_used(step.course or "", form.courses, "course", (*path, "course"), findings)
    used = reached([act.course for act in form.acts or ()], form)
    for name in form.courses.keys() - used:
        findings.warn("W-COURSE-UNUSED", ("courses", name), name=name)
    for name in islice(_bottomless(form), MOST_TOLD):
        _tell_bottomless(name, form, findings)
    return _sizes(form)


def reached(names: Iterable[str | None], form: ScenarioForm) -> frozenset[str]:
    """Some courses and every course in them, at any depth."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        at = waiting.pop()
        if at is not None and at not in found and at in form.courses:
            found.add(at)
            waiting.extend(step.course for step in form.courses[at].acts or ())
    return frozenset(found)


def _bottomless(form: ScenarioForm) -> Iterator[str]:
    """The courses whose bottom is not found in so many rounds: nested deeper, or running themselves."""
    depth = dict.fromkeys(form.courses, 0)
    before = depth
    for _ in range(DEEPEST + 1):
        before = depth
        depth = {
            name: max((1 + before.get(step.course or "", 0) for step in course.acts or ()), default=1)
            for name, course in form.courses.items()
        }
    yield from (name for name in form.courses if depth[name] != before[name])


def _tell_bottomless(name: str, form: ScenarioForm, findings: Findings) -> None:
    for index, step in enumerate(form.courses[name].acts or ()):
        if name in reached([step.course], form):
            path: KeyPath = ("courses", name, "acts", index, "course")
            findings.error("E-COURSE-CYCLE", path, name=name, course=step.course)
            return
    findings.error("E-COURSE-DEEP", ("courses", name), name=name, limit=DEEPEST)


def _sizes(form: ScenarioForm) -> dict[str, int]:
    """Counted from the bottom up, in as many rounds as courses may be deep."""
    sizes = dict.fromkeys(form.courses, 0)
    for _ in range(DEEPEST + 1):
        sizes = {
            name: min(MOST_ACTS + 1, sum(sizes.get(step.course, 0) if step.course else 1 for step in course.acts or ()))
            for name, course in form.courses.items()
        }
    return sizes
