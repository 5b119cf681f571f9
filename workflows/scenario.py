"""Scenarios: a course of dated acts with what is expected of them, to rehearse a season from its file.

Everything in the file is checked against its season before the first act: units, facts with their types, documents, triggers, names of
earlier acts. What an act that is *expected* to be refused names is not checked, as being refused may be its point; the code and the guards
that are expected to refuse it are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import attrs

from engine.values import Text
from workflows.build import text
from workflows.catalogue import find
from workflows.kinds import is_another
from workflows.named import named_document
from workflows.names import CODE, check_pattern
from workflows.plans import LoadedPlan
from workflows.plans import check_document as check_plan_document
from workflows.problems import FileMistakes, Findings, Problem, Source
from workflows.scenario_checks import check_acts
from workflows.scenario_forms import ActForm, CourseForm, ScenarioForm
from workflows.seasons import Season
from workflows.seasons import check_document as check_season_document
from workflows.shape import read_form
from workflows.toml import Document, read_toml


@attrs.frozen(kw_only=True)
class Scenario:
    """A scenario as its file describes it. `plans`: those it issues, by how the file names them."""

    id: str
    text: Text
    season: Season
    seed: int
    until: date | None
    courses: Mapping[str, CourseForm]
    acts: tuple[ActForm, ...]
    plans: Mapping[str, LoadedPlan]
    source: Source


@attrs.frozen
class LoadedScenario:
    """A scenario as it was read: the scenario, unless there are errors among the problems."""

    scenario: Scenario | None
    source: Source
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        return self.scenario is not None


def load_scenario(reference: str, beside: Path | None = None) -> Scenario:
    """A scenario by its bundled id or its path. Raises FileError, NothingOfThatName and FileMistakes."""
    loaded = check_scenario(reference, beside)
    if loaded.scenario is None:
        raise FileMistakes(loaded.source.name, loaded.problems)
    return loaded.scenario


def check_scenario(reference: str, beside: Path | None = None) -> LoadedScenario:
    """The same with every mistake in hand instead of raised; raises only FileError and NothingOfThatName."""
    found = find("scenario", reference, beside)
    return check_document(read_toml(found.path, found.name))


def check_document(document: Document) -> LoadedScenario:
    """Check a file that was read, with the season and the plans it names."""
    findings = Findings(document.source)
    if is_another(document, "scenario", findings):
        return LoadedScenario(None, document.source, findings.ordered)
    folder = document.path.parent
    form = read_form(document.data, ScenarioForm, findings)
    check_pattern(form.id or "", CODE, ("id",), findings)
    plans = dict(_plans(form, folder, findings))
    season = _season(form, folder, findings)
    if season is not None:
        check_acts(form, season, plans, findings)
    if season is None or findings.errors:
        return LoadedScenario(None, document.source, findings.ordered)
    scenario = Scenario(
        id=form.id or "",
        text=text(form.text),
        season=season,
        seed=form.seed,
        until=form.until,
        courses=form.courses,
        acts=form.acts or (),
        plans=plans,
        source=document.source,
    )
    return LoadedScenario(scenario, document.source, findings.ordered)


def _season(form: ScenarioForm, folder: Path, findings: Findings) -> Season | None:
    document = named_document("season", form.season, folder, ("season",), findings) if form.season else None
    if document is None:
        return None
    loaded = check_season_document(document)
    findings.take(p for p in loaded.problems if p.severity == "error")
    if loaded.season is not None and loaded.season.opened_on is None:
        findings.error("E-NO-OPENING-DAY", ("season",), name=loaded.season.id)
    return loaded.season


def _plans(form: ScenarioForm, folder: Path, findings: Findings) -> Iterator[tuple[str, LoadedPlan]]:
    for index, act in enumerate(form.acts or ()):
        document = named_document("plan", act.plan, folder, ("acts", index, "plan"), findings) if act.plan else None
        if act.plan and document is not None:
            loaded = check_plan_document(document)
            findings.take(loaded.problems)
            yield act.plan, loaded
