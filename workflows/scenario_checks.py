"""Checks of a scenario's acts: each has its day, its units and one verb, and names only what its season has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Final

import attrs

from engine.refusals import CODES, GuardsRefuse
from engine.unit import Unit
from engine.values import Value, type_of
from engine.workflow import Workflow
from workflows.forms import SelectForm, Units
from workflows.names import check_used
from workflows.plans import LoadedPlan
from workflows.problems import Findings, KeyPath, nearest
from workflows.scenario_courses import MOST_ACTS, check_courses, reached
from workflows.scenario_forms import ActForm, CheckForm, DeedForm, ExpectForm, ScenarioForm, verbs_of
from workflows.season_units import as_unit
from workflows.seasons import Season

ROLES: Final = ("@unit", "@superior", "@board")

_WITHOUT_UNIT: Final = frozenset({"plan", "enrol", "check"})
_BY_REFERENCE: Final = frozenset({"correct", "annul", "confirm"})
_ALWAYS_TRUE: Final = ("resume", "leave")


@attrs.frozen
class _Stage:
    """What a scenario's acts may name."""

    form: ScenarioForm
    season: Season
    units: Mapping[str, Unit]
    plans: Mapping[str, LoadedPlan]
    findings: Findings

    @cached_property
    def actors(self) -> Mapping[str, None]:
        """Everybody who may act: the roles, the units, the outside superiors."""
        return dict.fromkeys((*ROLES, *self.units, *(code for code, _ in self.season.superiors)))

    def workflows(self, codes: Iterator[str]) -> tuple[tuple[str, Workflow], ...]:
        """The procedures that some units follow, by level."""
        levels = dict.fromkeys(self.units[code].level for code in codes if code in self.units)
        return tuple((level, self.season.workflows[level]) for level in levels if level in self.season.workflows)


def check_acts(form: ScenarioForm, season: Season, plans: Mapping[str, LoadedPlan], findings: Findings) -> None:
    joining = (as_unit(act.enrol) for act in form.acts or () if act.enrol is not None)
    units = {unit.code: unit for unit in (*season.units, *joining)}
    stage = _Stage(form, season, units, plans, findings)
    for name, course in form.courses.items():
        for index, step in enumerate(course.acts or ()):
            _check_deed(step, ("courses", name, "acts", index), stage)
    sizes = check_courses(form, findings)
    names: dict[str, int] = {}
    total = 0
    for index, act in enumerate(form.acts or ()):
        total += _check_act(act, ("acts", index), names, stage) * sizes.get(act.course or "", 1)
        if act.name:
            if act.name in names:
                findings.error("E-ACT-NAME-TWICE", ("acts", index, "name"), name=act.name, other=names[act.name] + 1)
            names[act.name] = index
    if total > MOST_ACTS:
        findings.error("E-TOO-MANY-ACTS", ("acts",), total=total, limit=MOST_ACTS)


def selected(units: Units | None, season_units: Mapping[str, Unit]) -> Iterator[str]:
    """The codes that `units` means, in the season's order; `under` includes the unit it names."""
    if not isinstance(units, SelectForm):
        yield from units or ()
        return
    for unit in season_units.values():
        if units.level in (None, unit.level) and (units.under is None or units.under in _line(unit, season_units)):
            yield unit.code


def _line(unit: Unit, units: Mapping[str, Unit]) -> Iterator[str]:
    """The unit, its parent, and so on up; one that is said to join below itself is gone round once."""
    seen: set[str] = set()
    at: Unit | None = unit
    while at is not None and at.code not in seen:
        seen.add(at.code)
        yield at.code
        at = None if at.parent is None else units.get(at.parent)


def _check_act(act: ActForm, path: KeyPath, names: Mapping[str, int], stage: _Stage) -> int:
    """How many units the act is about."""
    if not _check_deed(act, path, stage):
        return 0
    verb = verbs_of(act)[0]
    if verb == "check" and act.check is not None:
        _check_check(act.check, (*path, "check"), stage)
        return 0
    _check_day(act, path, stage.findings)
    codes = tuple(_check_units(act, verb, path, stage))
    if act.name and len(codes) > 1:
        stage.findings.error("E-ACT-NAME-MANY", (*path, "name"), name=act.name)
    for key in _BY_REFERENCE:
        reference = getattr(act, key)
        if reference is not None and check_used(reference.ref or "", names, "act", (*path, key, "ref"), stage.findings):
            _check_reference(act, reference.ref or "", names, (*path, key, "ref"), stage)
    if act.plan is not None and act.plan in stage.plans:
        issuer = stage.plans[act.plan].plan.issuer
        check_used(issuer, stage.actors, "issuer", (*path, "plan"), stage.findings)
    _check_course(act, codes, path, stage)
    _check_names(act, codes, path, stage)
    return max(1, len(codes))


def _check_reference(act: ActForm, name: str, names: Mapping[str, int], path: KeyPath, stage: _Stage) -> None:
    """What an act refers to has to be in the log by then: acts are recorded in the order of their days, not of the file."""
    other = (stage.form.acts or ())[names[name]] if name in names else None
    if other is None:
        return
    if other.course is not None or other.check is not None or other.expect is not None:
        stage.findings.error("E-ACT-REF", path, name=name, why="nothing")
        return
    here, there = _recorded(act), _recorded(other)
    if here is not None and there is not None and here < there:
        stage.findings.error("E-ACT-REF", path, name=name, why="later", day=there)


def _recorded(act: ActForm) -> date | None:
    """The day on which the first of an act is recorded."""
    day = act.on if act.spread is None else act.spread.start
    return None if day is None else max(day, act.recorded or day)


def _check_deed(deed: DeedForm, path: KeyPath, stage: _Stage) -> bool:
    """One verb, and somebody who acts."""
    verbs = verbs_of(deed)
    findings = stage.findings
    if len(verbs) != 1:
        findings.error("E-ACT-VERBS", path, verbs=tuple("return" if v == "give_back" else v for v in verbs))
    actor = (deed.actor or "@unit").partition("/")[0]
    check_used(actor, stage.actors, "actor", (*path, "as"), findings)
    for key in _ALWAYS_TRUE:
        if getattr(deed, key, None) is False:
            findings.error("E-ACT-TRUE", (*path, key), key=key)
    if deed.approve is None and (deed.decision is not None or deed.with_changes is not None):
        findings.error("E-ACT-APPROVE", path)
    if deed.expect is not None:
        _check_refusal(deed.expect, (*path, "expect"), findings)
    return len(verbs) == 1


def _check_refusal(expect: ExpectForm, path: KeyPath, findings: Findings) -> None:
    """The code of a refusal that there is; only that of guards comes with guards."""
    known = check_used(expect.refused or "", CODES, "refusal", (*path, "refused"), findings)
    if known and expect.refused and expect.guards and expect.refused != GuardsRefuse.code:
        findings.error("E-ACT-GUARDS", (*path, "guards"), refused=expect.refused)


def _check_day(act: ActForm, path: KeyPath, findings: Findings) -> None:
    if (act.on is None) == (act.spread is None):
        findings.error("E-ACT-DAY", path)
    if act.on is not None and act.recorded is not None and act.recorded < act.on:
        findings.error("E-ACT-RECORDED", (*path, "recorded"), on=act.on, recorded=act.recorded)
    spread = act.spread
    if spread is not None and spread.start is not None and spread.end is not None and spread.start > spread.end:
        findings.error("E-ACT-SPREAD", (*path, "spread"), start=spread.start, end=spread.end)


def _check_units(act: ActForm, verb: str, path: KeyPath, stage: _Stage) -> Iterator[str]:
    """The units an act is about; a reference alone says it too."""
    findings = stage.findings
    if act.unit is not None and act.units is not None:
        findings.error("E-ACT-UNITS", path, both=True)
    elif act.unit is None and act.units is None:
        if verb not in _WITHOUT_UNIT | _BY_REFERENCE:
            findings.error("E-ACT-UNITS", path, both=False)
    elif act.unit is not None:
        check_used(act.unit, stage.units, "unit", (*path, "unit"), findings)
        yield act.unit
    elif isinstance(act.units, SelectForm):
        yield from _check_selected(act.units, path, stage)
    else:
        for index, code in enumerate(selected(act.units, stage.units)):
            check_used(code, stage.units, "unit", (*path, "units", index), findings)
            yield code


def _check_selected(select: SelectForm, path: KeyPath, stage: _Stage) -> Iterator[str]:
    known = check_used(select.under or "", stage.units, "unit", (*path, "units", "under"), stage.findings)
    known &= check_used(select.level or "", stage.season.workflows, "level", (*path, "units", "level"), stage.findings)
    codes = tuple(selected(select, stage.units))
    if known and not codes:
        stage.findings.error("E-ACT-NOBODY", (*path, "units"))
    yield from codes


def _check_course(act: ActForm, codes: tuple[str, ...], path: KeyPath, stage: _Stage) -> None:
    if act.course is None or not check_used(act.course, stage.form.courses, "course", (*path, "course"), stage.findings):
        return
    for name in sorted(reached([act.course], stage.form)):
        for index, step in enumerate(stage.form.courses[name].acts or ()):
            _check_names(step, codes, ("courses", name, "acts", index), stage)


def _check_names(deed: DeedForm, codes: tuple[str, ...], path: KeyPath, stage: _Stage) -> None:
    """Facts, documents, triggers and guards are those of every procedure that the units follow."""
    if deed.expect is not None:
        _check_expected_guards(deed.expect, codes, (*path, "expect", "guards"), stage)
        return
    for level, workflow in stage.workflows(iter(codes)):
        for name, value in (deed.record or {}).items():
            _check_fact(name, value, level, workflow, (*path, "record", name), stage.findings)
        for key in ("file", "approve", "give_back"):
            at = (*path, "return" if key == "give_back" else key)
            for index, name in enumerate(getattr(deed, key) or ()):
                check_used(name, workflow.document_by_id, "document", (*at, index), stage.findings)
        for index, name in enumerate(deed.advance or ()):
            check_used(name, workflow.triggers, "trigger", (*path, "advance", index), stage.findings)
        if deed.waive is not None:
            check_used(deed.waive.guard or "", workflow.guard_by_id, "guard", (*path, "waive", "guard"), stage.findings)


def _check_expected_guards(expect: ExpectForm, codes: tuple[str, ...], path: KeyPath, stage: _Stage) -> None:
    """Whatever else the act names: the guards that are to refuse it have to be there."""
    for _, workflow in stage.workflows(iter(codes)):
        for index, name in enumerate(expect.guards or ()):
            check_used(name, workflow.guard_by_id, "guard", (*path, index), stage.findings)


def _check_fact(name: str, value: Value, level: str, workflow: Workflow, path: KeyPath, findings: Findings) -> None:
    fact = workflow.fact_by_id.get(name)
    if fact is None:
        findings.error("E-ACT-FACT", path, guess=nearest(name, workflow.fact_by_id), name=name, level=level)
    elif type_of(value) != fact.type:
        findings.error("E-TYPE", path, expected=fact.type, found=type_of(value))
    elif fact.choices and value not in fact.choices:
        guess = nearest(str(value), fact.choices)
        findings.error("E-CHOICE", path, guess=guess, found=str(value)[:60], choices=fact.choices)


def _check_check(check: CheckForm, path: KeyPath, stage: _Stage) -> None:
    """Of one unit: its state and milestones; of many: how many reached them."""
    findings = stage.findings
    many = check.unit is None
    if many and (check.count is None or not check.reached or check.state is not None):
        findings.error("E-CHECK-MANY", path)
    if not many and (check.under is not None or check.level is not None or check.count is not None):
        findings.error("E-CHECK-ONE", path)
    check_used(check.unit or "", stage.units, "unit", (*path, "unit"), findings)
    check_used(check.under or "", stage.units, "unit", (*path, "under"), findings)
    check_used(check.level or "", stage.season.workflows, "level", (*path, "level"), findings)
    codes = selected(SelectForm(under=check.under, level=check.level), stage.units) if many else iter((check.unit or "",))
    for _, workflow in stage.workflows(codes):
        check_used(check.state or "", workflow.state_by_id, "state", (*path, "state"), findings)
        for index, name in enumerate(check.reached or ()):
            check_used(name, workflow.milestone_by_id, "milestone", (*path, "reached", index), findings)
