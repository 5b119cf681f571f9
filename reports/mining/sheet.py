"""A plain table, one event a row: for spreadsheets, and for programs that want columns.

A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula, and anybody who named a unit may have put one there. Such
a text gets an apostrophe in front, so that it stays a text; a program takes it away again.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any, Final

from reports.catalogue import Words
from reports.mining.entries import COLUMNS, Entries
from reports.mining.exported import Counted, Hear
from store.questions.courses import Courses

_APOSTROPHE: Final = "'"
_BEGINS_A_FORMULA: Final = tuple("=+-@\t\r\n" + _APOSTROPHE)


def write_csv(courses: Courses, path: Path, words: Words, hear: Hear) -> Counted:
    """The events of every unit, one unit after the other, in the order in which they took place."""
    entries = Entries(words)
    events = units = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(COLUMNS)
        for course in courses.all(hear):
            units += course.case is not None
            events += len(course.happenings)
            rows.writerows([cell(getattr(entry, name)) for name in COLUMNS] for entry in entries.of(course))
    return Counted(events=events, units=units)


def cell(value: Any) -> Any:
    """A value as it stands in a cell. One that a spreadsheet would calculate, and one with an apostrophe already, gets an apostrophe."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(_BEGINS_A_FORMULA):
        return _APOSTROPHE + value
    return value
