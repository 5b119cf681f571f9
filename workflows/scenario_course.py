"""From a scenario's acts to dated ones: courses and many units are laid out, and all is put in the order in which it is recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta

import attrs

from workflows.forms import SelectForm
from workflows.problems import KeyPath, Source, shown
from workflows.scenario import Scenario
from workflows.scenario_forms import ActForm, DeedForm, SpreadForm

Codes = Callable[[str | None, str | None], Iterable[str]]
"""The codes of the units below one, of one level."""


@attrs.frozen
class Place:
    """Where an act stands: its number in the file (from 1), its place, its line."""

    act: int
    where: str
    file: str
    line: int | None


@attrs.frozen(kw_only=True)
class DatedAct:
    """One act for one unit on its day. `unit` is None for a plan, a check, and what refers to an earlier act.

    `first`: the first of those that one act of the file was laid out to; it carries the act's own note.
    """

    place: Place
    on: date
    recorded: date
    unit: str | None
    deed: DeedForm
    act: ActForm
    first: bool


def lay_out(scenario: Scenario, codes: Codes) -> tuple[DatedAct, ...]:
    """Every act of a scenario in the order in which it is recorded; on one day the order of the file."""
    every: list[DatedAct] = []
    so_far = scenario.season.opened_on or date.min
    for index, act in enumerate(scenario.acts):
        dated = list(_dated(act, index, so_far, scenario, codes))
        so_far = max([so_far, *(d.recorded for d in dated)])
        every.extend(dated)
    return tuple(sorted(every, key=lambda d: d.recorded))


def spread_days(spread: SpreadForm, count: int) -> Iterator[date]:
    """The days of so many units, evenly over a window; the first and the last day are used."""
    if spread.start is None or spread.end is None:
        raise ValueError("a window with one end only")
    length = (spread.end - spread.start).days
    for number in range(count):
        yield spread.start + timedelta(days=number * length // max(1, count - 1))


def _dated(act: ActForm, index: int, so_far: date, scenario: Scenario, codes: Codes) -> Iterator[DatedAct]:
    """`so_far`: the last day recorded above in the file; a check without a day looks at what stands then."""
    path: KeyPath = ("acts", index)
    steps = _steps(act, path, scenario)
    units = list(_units(act, codes))
    days = _days(act, len(units), so_far)
    first = True
    for unit, day in zip(units, days, strict=True):
        for deed, at, after in steps:
            on = day + timedelta(days=after)
            yield DatedAct(
                place=_place(index, at, scenario.source),
                on=on,
                recorded=max(on, act.recorded or on),
                unit=unit,
                deed=deed,
                act=act,
                first=first,
            )
            first = False


def _steps(act: ActForm, path: KeyPath, scenario: Scenario) -> list[tuple[DeedForm, KeyPath, int]]:
    if act.course is None:
        return [(act, path, 0)]
    return list(_of_course(act.course, 0, scenario))


def _of_course(name: str, start: int, scenario: Scenario) -> Iterator[tuple[DeedForm, KeyPath, int]]:
    """The acts of a course, those of the courses in it laid out where they stand."""
    for number, step in enumerate(scenario.courses[name].acts or ()):
        day = start + (step.after or 0)
        if step.course is None:
            yield step, ("courses", name, "acts", number), day
        else:
            yield from _of_course(step.course, day, scenario)


def _units(act: ActForm, codes: Codes) -> Iterable[str | None]:
    if act.enrol is not None:
        return [act.enrol.code]
    if isinstance(act.units, SelectForm):
        return list(codes(act.units.under, act.units.level))
    return [act.unit] if act.units is None else act.units


def _days(act: ActForm, count: int, so_far: date) -> Sequence[date]:
    if act.spread is not None:
        return list(spread_days(act.spread, count))
    return [act.on or so_far] * count


def _place(index: int, path: KeyPath, source: Source) -> Place:
    return Place(index + 1, shown(path), source.name, source.line(path))
