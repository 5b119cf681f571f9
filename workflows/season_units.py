"""A season's units, from the three places that give them: the file itself, CSV files beside it, numbered runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import attrs

from engine.unit import Unit
from workflows.csv_units import read_units
from workflows.problems import Findings, KeyPath, Problem
from workflows.season_forms import NumberedForm, SeasonForm, UnitForm
from workflows.toml import FileError

MOST_NUMBERED: Final = 200_000

_DIGITS: Final = 3


def units_lacking(problems: Iterable[Problem]) -> bool:
    """Whether whole runs of units are missing: then nothing said of the tree would be of use."""
    return any(p.code in _LACKING or (p.code == "E-FILE-NAMED" and p.where.startswith("units_from")) for p in problems)


_LACKING: Final = ("E-CSV-BROKEN", "E-CSV-HEADER", "E-TOO-MANY-UNITS")


@attrs.frozen
class Placed:
    """A unit with the place of its mistakes."""

    unit: Unit
    findings: Findings
    path: KeyPath


def gather(form: SeasonForm, folder: Path, findings: Findings) -> tuple[Placed, ...]:
    """Every unit of a season, in the order of the file."""
    return (*_listed(form, findings), *_from_files(form, folder, findings), *_numbered(form, findings))


def _listed(form: SeasonForm, findings: Findings) -> Iterator[Placed]:
    for index, unit in enumerate(form.units):
        yield Placed(as_unit(unit), findings, ("units", index))


def _from_files(form: SeasonForm, folder: Path, findings: Findings) -> Iterator[Placed]:
    for index, given in enumerate(form.units_from):
        if not given.file:
            continue
        try:
            for unit, told in read_units(folder / given.file, given.file, findings):
                yield Placed(as_unit(unit), told, ())
        except FileError as error:
            findings.error(
                "E-FILE-NAMED", ("units_from", index, "file"), name=given.file, error=error.code, details=error.fields()
            )


def _numbered(form: SeasonForm, findings: Findings) -> Iterator[Placed]:
    for index, run in enumerate(form.numbered):
        counts = run.counts or {}
        path: KeyPath = ("numbered", index)
        for parent, count in counts.items():
            if count < 0:
                findings.error("E-COUNT", (*path, "counts", parent), count=count)
        total = sum(max(count, 0) for count in counts.values())
        if total > MOST_NUMBERED:
            findings.error("E-TOO-MANY-UNITS", (*path, "counts"), total=total, limit=MOST_NUMBERED)
            continue
        if total > 1 and run.name and "{n}" not in run.name:
            findings.error("E-NUMBERED-NAME", (*path, "name"), name=run.name)
        parents = (parent for parent, count in counts.items() for _ in range(count))
        for number, parent in enumerate(parents, 1):
            yield Placed(_numbered_unit(run, number, total, parent), findings, path)


def _numbered_unit(run: NumberedForm, number: int, total: int, parent: str) -> Unit:
    width = max(_DIGITS, len(str(total)))
    return Unit(
        code=f"{run.prefix}-{number:0{width}}",
        name=(run.name or "").replace("{n}", str(number)),
        level=run.level or "",
        parent=parent,
        block=run.block,
        tags=tuple(run.tags or ()),
    )


def as_unit(form: UnitForm) -> Unit:
    return Unit(
        code=form.code or "",
        name=form.name or "",
        level=form.level or "",
        parent=form.parent,
        superior=form.superior,
        block=form.block,
        pilot_of=form.pilot_of,
        tags=tuple(form.tags or ()),
    )
