"""Checks of a season's plans against its units and procedures: names, types, scopes, firm conflicts, how many pilots there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

import attrs

from engine.plan import ScopedValue
from engine.planning import covers, issuers
from engine.reading import NO_PILOTS
from engine.unit import Unit
from engine.values import type_of
from engine.workflow import PlanValue, Workflow
from workflows.names import check_used
from workflows.plans import LoadedPlan, Pilots
from workflows.problems import Findings, KeyPath, nearest
from workflows.season_forms import SeasonForm
from workflows.season_tree import Tree

BOOL: Final = "bool"

_Declared: TypeAlias = dict[str, list[tuple[str, PlanValue]]]


@attrs.frozen
class _Given:
    """A plan's value with the units it reaches and its place."""

    loaded: LoadedPlan
    index: int
    value: ScopedValue
    reaches: frozenset[str]

    @property
    def path(self) -> KeyPath:
        return ("values", self.index)


def check_plans(form: SeasonForm, tree: Tree, plans: Sequence[LoadedPlan], findings: Findings) -> bool:
    """What plans say of units. Mistakes are told in the files of the plans. Whether every name in them is known."""
    known = True
    for loaded in plans:
        told = findings.beside(loaded.source)
        known &= check_used(loaded.plan.issuer, (*tree.placed, *form.superiors), "issuer", ("issuer",), told)
        known &= _check_scopes(loaded, form, tree, told)
        for asked, path in _asked(loaded):
            _check_pilots(loaded, asked, path, form, tree, told)
    return known


def check_values(
    form: SeasonForm, tree: Tree, plans: Sequence[LoadedPlan], workflows: Mapping[str, Workflow], findings: Findings
) -> None:
    """The values of plans against what the procedures declare. `workflows`: by level."""
    lines = {unit.code: tree.line(unit.code) for unit in tree.units}
    given = [g for loaded in plans for g in _given(loaded, form.board or "", lines)]
    declared = declared_values(workflows)
    for one in given:
        _check_value(one, workflows, declared, findings.beside(one.loaded.source))
    _check_firm(given, lines, form.board or "", findings)


def has_no_pilots(unit: Unit, plans: Sequence[LoadedPlan], tree: Tree, board: str) -> bool:
    """Whether a plan of the season says that a unit has no pilots to wait for."""
    line = tree.line(unit.code)
    reach = issuers(line, board)
    return any(
        value.name == NO_PILOTS and value.value is True and loaded.plan.issuer in reach and covers(value.scope, line)
        for loaded in plans
        for value in loaded.plan.values
    )


def declared_values(workflows: Mapping[str, Workflow]) -> _Declared:
    """The plan values that the procedures declare, by name, each with its level."""
    declared: _Declared = {}
    for level, workflow in workflows.items():
        for value in workflow.plan_values:
            declared.setdefault(value.id, []).append((level, value))
    return declared


def _given(loaded: LoadedPlan, board: str, lines: Mapping[str, tuple[Unit, ...]]) -> Iterator[_Given]:
    reached = {code for code, line in lines.items() if loaded.plan.issuer in issuers(line, board)}
    for index, value in enumerate(loaded.plan.values):
        yield _Given(loaded, index, value, frozenset(code for code in reached if covers(value.scope, lines[code])))


def _check_scopes(loaded: LoadedPlan, form: SeasonForm, tree: Tree, findings: Findings) -> bool:
    known = True
    for index, value in enumerate(loaded.plan.values):
        at: KeyPath = ("values", index, "scope")
        known &= check_used(value.scope.level or "", form.levels or {}, "level", (*at, "level"), findings)
        known &= check_used(value.scope.block or "", form.blocks, "block", (*at, "block"), findings)
        known &= check_used(value.scope.under or "", tree.placed, "unit", (*at, "under"), findings)
    return known


def _check_value(given: _Given, workflows: Mapping[str, Workflow], declared: _Declared, findings: Findings) -> None:
    """The name is declared, the type fits, and there is somebody it speaks to who reads it."""
    value = given.value
    if value.name == NO_PILOTS:
        _check_type(given, BOOL, findings)
    elif value.name not in declared:
        if value.name:
            guess = nearest(value.name, (*declared, NO_PILOTS))
            findings.error("E-PLAN-NAME", (*given.path, "name"), guess=guess, name=value.name)
        return
    else:
        _check_type(given, declared[value.name][0][1].type, findings)
        levels = {level for level, _ in declared[value.name]}
        if value.scope.level in workflows and value.scope.level not in levels:
            findings.warn("W-PLAN-LEVEL", (*given.path, "scope"), name=value.name, level=value.scope.level)
    if not given.reaches:
        findings.warn("W-SCOPE-EMPTY", (*given.path, "scope"), name=value.name)


def _check_type(given: _Given, expected: str, findings: Findings) -> None:
    found = type_of(given.value.value)
    if found != expected:
        findings.error("E-PLAN-TYPE", (*given.path, "value"), name=given.value.name, expected=expected, found=found)


def _check_firm(given: Sequence[_Given], lines: Mapping[str, tuple[Unit, ...]], board: str, findings: Findings) -> None:
    """A firm value that another firm one of the same height contradicts, or that hides one from further down."""
    for one in (g for g in given if g.value.firm):
        for other in (g for g in given if g.value.name == one.value.name and g.value.value != one.value.value):
            shared = sorted(one.reaches & other.reaches)
            if not shared:
                continue
            distances = issuers(lines[shared[0]], board)
            above = distances[one.loaded.plan.issuer] - distances[other.loaded.plan.issuer]
            told = findings.beside(other.loaded.source)
            if above == 0 and other.value.firm:
                if given.index(one) < given.index(other):
                    told.error("E-FIRM-BOTH", other.path, name=one.value.name, plan=one.loaded.plan.id, unit=shared[0])
            elif above > 0:
                told.warn("W-FIRM-ABOVE", other.path, name=one.value.name, plan=one.loaded.plan.id, unit=shared[0])


def _asked(loaded: LoadedPlan) -> Iterator[tuple[Pilots, KeyPath]]:
    for index, asked in enumerate(loaded.pilots):
        yield asked, ("pilots", index)


def _check_pilots(loaded: LoadedPlan, asked: Pilots, path: KeyPath, form: SeasonForm, tree: Tree, findings: Findings) -> None:
    """G07: as many pilots of a block as the plan asks for, and those it names."""
    known = check_used(asked.level, form.levels or {}, "level", (*path, "level"), findings)
    known &= check_used(asked.block or "", form.blocks, "block", (*path, "block"), findings)
    for index, code in enumerate(asked.units):
        known &= check_used(code, tree.placed, "unit", (*path, "units", index), findings)
    if not known:
        return
    named = sorted(
        unit.code
        for unit in tree.units
        if unit.pilot_of == loaded.plan.issuer and unit.level == asked.level and asked.block in (None, unit.block)
    )
    if asked.count is not None and len(named) != asked.count:
        findings.error(
            "E-PILOTS-COUNT", (*path, "count"), level=asked.level, block=asked.block, count=asked.count, units=tuple(named)
        )
    elif asked.units and sorted(asked.units) != named:
        findings.error("E-PILOTS-OTHER", (*path, "units"), level=asked.level, block=asked.block, units=tuple(named))
