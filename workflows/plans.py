"""Plans: from a TOML file to the engine's `Plan`, with what the plan says of how many pilots there are.

Whether a plan's names and units exist is known only in a season (`workflows.season_plans`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import attrs

from engine.plan import Plan, Scope, ScopedValue
from engine.values import Value
from workflows.build import text
from workflows.catalogue import find
from workflows.forms import REQUIRED, TextForm, Words
from workflows.kinds import is_another
from workflows.names import CODE, NAME, check_each_once, check_pattern
from workflows.problems import FileMistakes, Findings, Problem, Source
from workflows.shape import read_form
from workflows.toml import Document, read_toml


@attrs.frozen(kw_only=True)
class ScopeForm:
    level: str | None = None
    block: str | None = None
    pilot: bool | None = None
    under: str | None = None


@attrs.frozen(kw_only=True)
class ValueForm:
    name: str | None = attrs.field(default=None, metadata=REQUIRED)
    value: Value | None = attrs.field(default=None, metadata=REQUIRED)
    scope: ScopeForm | None = None
    firm: bool = False
    source: str = ""


@attrs.frozen(kw_only=True)
class CalendarForm:
    days_off: tuple[date, ...] = ()
    days_on: tuple[date, ...] = ()


@attrs.frozen(kw_only=True)
class PilotsForm:
    level: str | None = attrs.field(default=None, metadata=REQUIRED)
    block: str | None = None
    count: int | None = None
    units: Words | None = None


@attrs.frozen(kw_only=True)
class PlanForm:
    id: str | None = attrs.field(default=None, metadata=REQUIRED)
    issuer: str | None = attrs.field(default=None, metadata=REQUIRED)
    number: str | None = attrs.field(default=None, metadata=REQUIRED)
    type: str | None = attrs.field(default=None, metadata=REQUIRED)
    year: int | None = attrs.field(default=None, metadata=REQUIRED)
    text: TextForm | None = attrs.field(default=None, metadata=REQUIRED)
    dated: date | None = None
    source: str = ""
    values: tuple[ValueForm, ...] = ()
    calendar: CalendarForm | None = None
    pilots: tuple[PilotsForm, ...] = ()


@attrs.frozen(kw_only=True)
class Pilots:
    """How many pilots a plan asks for at a level (of a block), and which; None or empty where it does not say."""

    level: str
    block: str | None = None
    count: int | None = None
    units: tuple[str, ...] = ()


@attrs.frozen
class LoadedPlan:
    """A plan as it was read. With errors among its problems it is only good for asking about more mistakes."""

    plan: Plan
    pilots: tuple[Pilots, ...]
    source: Source
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        return not any(p.severity == "error" for p in self.problems)

    def raise_errors(self) -> None:
        if not self.ok:
            raise FileMistakes(self.source.name, self.problems)


def load_plan(reference: str, beside: Path | None = None) -> LoadedPlan:
    """A plan by its bundled id or its path. Raises FileError, NothingOfThatName and FileMistakes."""
    loaded = check_plan(reference, beside)
    loaded.raise_errors()
    return loaded


def check_plan(reference: str, beside: Path | None = None) -> LoadedPlan:
    """The same with every mistake in hand instead of raised; raises only FileError and NothingOfThatName."""
    found = find("plan", reference, beside)
    return check_document(read_toml(found.path, found.name))


def check_document(document: Document) -> LoadedPlan:
    """Check a file that was read."""
    findings = Findings(document.source)
    if is_another(document, "plan", findings):
        return LoadedPlan(_plan(PlanForm()), (), document.source, findings.ordered)
    form = read_form(document.data, PlanForm, findings)
    plan = _plan(form)
    pilots = tuple(_pilots(form))
    _check(plan, pilots, findings)
    return LoadedPlan(plan, pilots, document.source, findings.ordered)


def _plan(form: PlanForm) -> Plan:
    calendar = form.calendar or CalendarForm()
    return Plan(
        id=form.id or "",
        issuer=form.issuer or "",
        number=form.number or "",
        type=form.type or "",
        year=form.year or 0,
        text=text(form.text),
        dated=form.dated,
        values=tuple(_values(form)),
        days_off=calendar.days_off,
        days_on=calendar.days_on,
        source=form.source,
    )


def _values(form: PlanForm) -> Iterator[ScopedValue]:
    for value in form.values:
        scope = value.scope or ScopeForm()
        yield ScopedValue(
            name=value.name or "",
            value=False if value.value is None else value.value,
            scope=Scope(level=scope.level, block=scope.block, pilot=scope.pilot, under=scope.under),
            firm=value.firm,
            source=value.source,
        )


def _pilots(form: PlanForm) -> Iterator[Pilots]:
    for pilots in form.pilots:
        yield Pilots(level=pilots.level or "", block=pilots.block, count=pilots.count, units=tuple(pilots.units or ()))


def _check(plan: Plan, pilots: tuple[Pilots, ...], findings: Findings) -> None:
    check_pattern(plan.id, CODE, ("id",), findings)
    check_pattern(plan.issuer, CODE, ("issuer",), findings)
    seen: dict[tuple[str, Scope], int] = {}
    for index, value in enumerate(plan.values):
        check_pattern(value.name, NAME, ("values", index, "name"), findings)
        first = seen.setdefault((value.name, value.scope), index)
        if value.name and first != index:
            findings.error("E-VALUE-TWICE", ("values", index), name=value.name, other=first + 1)
    for key in ("days_off", "days_on"):
        check_each_once((d.isoformat() for d in getattr(plan, key)), ("calendar", key), findings)
    for day in sorted(set(plan.days_off) & set(plan.days_on)):
        findings.error("E-DAY-BOTH", ("calendar", "days_on"), day=day)
    for index, asked in enumerate(pilots):
        _check_pilots(asked, index, findings)


def _check_pilots(asked: Pilots, index: int, findings: Findings) -> None:
    check_each_once(asked.units, ("pilots", index, "units"), findings)
    if asked.count is not None and asked.count < 0:
        findings.error("E-COUNT", ("pilots", index, "count"), count=asked.count)
    if asked.count is not None and asked.units and len(asked.units) != asked.count:
        findings.error("E-PILOTS-LISTED", ("pilots", index, "units"), count=asked.count, listed=len(asked.units))
