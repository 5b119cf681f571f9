"""Seasons: from a TOML file (with its CSV files, plans and procedures) to a `Season`, or to everything that is wrong with them.

A season is what `init` opens: its units, levels, plans and rolls. What the log pins by digest goes along as definitions, for the store
to keep.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import attrs

from engine.actors import Actor
from engine.codec import canonical, digest, plan_bytes, workflow_bytes
from engine.commands import Adoption, OpenSeason
from engine.plan import Plan
from engine.unit import SEASON, RollStatus, Unit
from engine.values import Text
from engine.workflow import Workflow
from workflows import load, plans, season_levels, season_plans, season_routes, season_tree
from workflows.build import text
from workflows.catalogue import find
from workflows.kinds import is_another
from workflows.load import LoadedWorkflow
from workflows.named import named_document
from workflows.names import CODE, WORD, check_each_once, check_pattern
from workflows.plans import LoadedPlan
from workflows.problems import FileMistakes, Findings, KeyPath, Problem, Source
from workflows.season_forms import SeasonForm
from workflows.season_units import gather, units_lacking
from workflows.shape import read_form
from workflows.toml import Document, read_toml


@attrs.frozen(kw_only=True)
class Level:
    """One level of the tree and the procedure its units follow."""

    id: str
    text: Text
    workflow: Workflow

    @cached_property
    def digest(self) -> str:
        return digest(workflow_bytes(self.workflow))


@attrs.frozen(kw_only=True)
class Definition:
    """What a digest stands for: its canonical bytes, and the text it was written in."""

    digest: str
    kind: Literal["workflow", "plan", "season"]
    content: bytes
    source: str


@attrs.frozen(kw_only=True)
class Season:
    """A season as its file describes it. Levels stand top first; a unit never stands before its parent."""

    id: str
    text: Text
    board: str
    opened_on: date | None
    timezone: str
    levels: tuple[Level, ...]
    blocks: tuple[tuple[str, Text], ...]
    superiors: tuple[tuple[str, str], ...]
    units: tuple[Unit, ...]
    rolls: tuple[tuple[str, RollStatus], ...]
    plans: tuple[Plan, ...]
    definitions: tuple[Definition, ...]

    @cached_property
    def workflows(self) -> Mapping[str, Workflow]:
        """The procedures by level."""
        return {level.id: level.workflow for level in self.levels}

    @cached_property
    def digest(self) -> str:
        return next(d.digest for d in self.definitions if d.kind == SEASON)


@attrs.frozen
class LoadedSeason:
    """A season as it was read: the season, unless there are errors among the problems."""

    season: Season | None
    source: Source
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        return self.season is not None


def load_season(reference: str, beside: Path | None = None) -> Season:
    """A season by its bundled id or its path. Raises FileError, NothingOfThatName and FileMistakes."""
    loaded = check_season(reference, beside)
    if loaded.season is None:
        raise FileMistakes(loaded.source.name, loaded.problems)
    return loaded.season


def check_season(reference: str, beside: Path | None = None) -> LoadedSeason:
    """The same with every mistake in hand instead of raised; raises only FileError and NothingOfThatName."""
    found = find("season", reference, beside)
    return check_document(read_toml(found.path, found.name))


def check_document(document: Document) -> LoadedSeason:
    """Check a file that was read, with everything it names."""
    findings = Findings(document.source)
    if is_another(document, "season", findings):
        return LoadedSeason(None, document.source, findings.ordered)
    folder = document.path.parent
    form = read_form(document.data, SeasonForm, findings)
    _check_words(form, findings)
    units = gather(form, folder, findings)
    loaded = _workflows(form, folder, findings)
    issued = _plans(form, folder, findings)
    if units_lacking(findings.problems):
        return LoadedSeason(None, document.source, findings.ordered)
    tree = season_tree.plant(units, findings)
    season_tree.check_tree(form, tree, findings)
    rolls = tuple(season_tree.rolls(form, tree, findings))
    known = season_plans.check_plans(form, tree, issued, findings)
    sound = loaded.keys() == (form.levels or {}).keys() and all(one.ok for one in loaded.values())
    if known and sound and not season_tree.out_of_order(findings.problems):
        # between files only when each is sound by itself: what a broken one lacks, all the others would be told to lack
        season_plans.check_values(form, tree, issued, {level: one.workflow for level, one in loaded.items()}, findings)
        season_levels.check_levels(tree, loaded, issued, form.board or "", findings)
        season_routes.check_routes(tree, loaded, findings)
    if findings.errors:
        return LoadedSeason(None, document.source, findings.ordered)
    depth = {level: index for index, level in enumerate(form.levels or {})}
    ordered = tuple(sorted(tree.units, key=lambda unit: depth[unit.level]))
    season = _season(form, ordered, rolls, loaded, issued, document.source)
    return LoadedSeason(season, document.source, findings.ordered)


def to_open_command(season: Season, actor: Actor, on: date | None = None) -> OpenSeason:
    """The command that opens a season. `on`: the day; without it the season's own."""
    return OpenSeason(
        unit=SEASON,
        actor=actor,
        on=on or season.opened_on,
        season=season.id,
        board=season.board,
        timezone=season.timezone,
        digest=season.digest,
        adoptions=tuple(
            Adoption(
                level=level.id,
                workflow=level.workflow.id,
                version=level.workflow.version,
                digest=level.digest,
                initial=level.workflow.initial,
            )
            for level in season.levels
        ),
        plans=tuple((plan, digest(plan_bytes(plan))) for plan in season.plans),
        units=season.units,
        rolls=season.rolls,
    )


def plan_definition(loaded: LoadedPlan) -> Definition:
    """What the store keeps of a plan that is issued."""
    content = plan_bytes(loaded.plan)
    return Definition(digest=digest(content), kind="plan", content=content, source=loaded.source.text)


def workflow_definition(loaded: LoadedWorkflow) -> Definition:
    """What the store keeps of a procedure that is adopted: the resolved one, with the text it was written in."""
    content = workflow_bytes(loaded.workflow)
    return Definition(digest=digest(content), kind="workflow", content=content, source=loaded.text)


def _check_words(form: SeasonForm, findings: Findings) -> None:
    check_pattern(form.id or "", CODE, ("id",), findings)
    tables: tuple[tuple[str, Mapping[str, Any]], ...] = (("levels", form.levels or {}), ("blocks", form.blocks))
    for key, table in tables:
        for name in table:
            check_pattern(name, WORD, (key, name), findings)
    try:
        ZoneInfo(form.timezone)
    except (KeyError, OSError, ValueError):  # an unknown name, the name of a folder, and one that is no name
        findings.error("E-TIMEZONE", ("timezone",), name=form.timezone[:60])


def _workflows(form: SeasonForm, folder: Path, findings: Findings) -> dict[str, LoadedWorkflow]:
    """The procedures by level; each file is read once, and its own mistakes are this season's too."""
    loaded: dict[str, LoadedWorkflow] = {}
    read: dict[str, LoadedWorkflow] = {}
    for level, given in (form.levels or {}).items():
        reference = given.workflow
        if not reference:
            continue
        document = (
            None if reference in read else named_document("procedure", reference, folder, ("levels", level, "workflow"), findings)
        )
        if document is not None:
            read[reference] = load.check_document(document)
            findings.take(read[reference].problems)
        if reference in read:
            loaded[level] = read[reference]
    _check_ids(((one.workflow.id, ("levels", level, "workflow")) for level, one in loaded.items()), loaded, findings)
    return loaded


def _check_ids(named: Iterator[tuple[str, KeyPath]], loaded: Mapping[str, LoadedWorkflow], findings: Findings) -> None:
    """Two files that give one id: nobody could tell which procedure a unit follows."""
    files = {level: one.source.name for level, one in loaded.items()}
    first: dict[str, str] = {}
    for name, path in named:
        file = files[str(path[1])]
        if name and first.setdefault(name, file) != file:
            findings.error("E-WORKFLOW-TWICE", path, name=name, file=file, other=first[name])


def _plans(form: SeasonForm, folder: Path, findings: Findings) -> tuple[LoadedPlan, ...]:
    references = tuple(form.plans or ())
    check_each_once(references, ("plans",), findings)
    read: dict[str, LoadedPlan] = {}
    for index, reference in enumerate(references):
        document = named_document("plan", reference, folder, ("plans", index), findings)
        if document is None:
            continue
        loaded = plans.check_document(document)
        findings.take(loaded.problems)
        if loaded.plan.id and loaded.plan.id in read:
            findings.error("E-PLAN-TWICE", ("plans", index), name=loaded.plan.id, other=read[loaded.plan.id].source.name)
        else:
            read[loaded.plan.id] = loaded
    return tuple(read.values())


def _season(
    form: SeasonForm,
    units: tuple[Unit, ...],
    rolls: tuple[tuple[str, RollStatus], ...],
    loaded: Mapping[str, LoadedWorkflow],
    issued: tuple[LoadedPlan, ...],
    source: Source,
) -> Season:
    levels = tuple(
        Level(id=name, text=text(level.text), workflow=loaded[name].workflow) for name, level in (form.levels or {}).items()
    )
    blocks = tuple((name, text(block.text)) for name, block in form.blocks.items())
    superiors = tuple((code, superior.name or "") for code, superior in form.superiors.items())
    content = canonical(_described(form, levels, blocks, superiors))
    definitions = {d.digest: d for d in (*map(workflow_definition, loaded.values()), *map(plan_definition, issued))}
    own = Definition(digest=digest(content), kind="season", content=content, source=source.text)
    return Season(
        id=form.id or "",
        text=text(form.text),
        board=form.board or "",
        opened_on=form.opened_on,
        timezone=form.timezone,
        levels=levels,
        blocks=blocks,
        superiors=superiors,
        units=units,
        rolls=rolls,
        plans=tuple(one.plan for one in issued),
        definitions=(own, *definitions.values()),
    )


def _described(
    form: SeasonForm,
    levels: tuple[Level, ...],
    blocks: tuple[tuple[str, Text], ...],
    superiors: tuple[tuple[str, str], ...],
) -> dict[str, Any]:
    """What the log does not hold of a season in events: its texts, the order of its levels, who stands outside."""
    described: dict[str, Any] = {
        "id": form.id,
        "text": _both(text(form.text)),
        "board": form.board,
        "timezone": form.timezone,
        "levels": [{"id": level.id, "text": _both(level.text), "workflow": level.digest} for level in levels],
        "blocks": [{"id": name, "text": _both(words)} for name, words in blocks],
        "superiors": [{"code": code, "name": name} for code, name in superiors],
    }
    if form.opened_on is not None:
        described["opened_on"] = form.opened_on.isoformat()
    return described


def _both(words: Text) -> dict[str, str]:
    return {"vi": words.vi, "en": words.en}
