"""Exports as they are asked for: which form, whose courses, into which file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from engine.desk import Progress
from reports.catalogue import Words
from reports.mining.exported import Counted, Exported
from store.audit import files
from store.questions.courses import Courses

if TYPE_CHECKING:
    from store.desk import Desk

ENDINGS: Final[Mapping[str, str]] = {
    "json": "json",
    "jsonocel": "json",
    "sqlite": "sqlite",
    "sqlite3": "sqlite",
    "db": "sqlite",
}
"""In which form OCEL is written into a file of such a name."""


def ocel_form(file: str) -> str | None:
    """The form that a file's name asks for."""
    return ENDINGS.get(Path(file).suffix.lower().removeprefix("."))


def export(desk: Desk, form: str, file: str, words: Words, hear: Progress, *, under: str | None, over: bool) -> Exported:
    """Write the whole season, or a unit and those below it, into a file. Raises UnknownUnit, FileFailed; then there is no file."""
    files.check_not_in(file, desk.files())
    if not over:
        files.check_new(file)
    with desk.courses(under=under) as courses, files.making(file, over=over) as path:
        counted = _WRITERS[form](courses, path, words, hear, f"{desk.season} ({desk.origin})")
        return Exported(file=file, form=form, counted=counted, under=under, size=courses.size, root=courses.root)


def _csv(courses: Courses, path: Path, words: Words, hear: Progress, _name: str) -> Counted:
    from reports.mining.sheet import write_csv

    return write_csv(courses, path, words, hear)


def _xes(courses: Courses, path: Path, words: Words, hear: Progress, name: str) -> Counted:
    from reports.mining.xes import write_xes

    return write_xes(courses, path, words, hear, name=name)


def _json(courses: Courses, path: Path, words: Words, hear: Progress, _name: str) -> Counted:
    from reports.mining.ocel import write_ocel
    from reports.mining.ocel_json import json_file

    with json_file(path) as file:
        return write_ocel(courses, file, words, hear)


def _sqlite(courses: Courses, path: Path, words: Words, hear: Progress, _name: str) -> Counted:
    from reports.mining.ocel import write_ocel
    from reports.mining.ocel_sqlite import sqlite_file

    with sqlite_file(path) as file:
        return write_ocel(courses, file, words, hear)


_WRITERS: Final[Mapping[str, Callable[[Courses, Path, Words, Progress, str], Counted]]] = {
    "csv": _csv,
    "xes": _xes,
    "json": _json,
    "sqlite": _sqlite,
}
