"""A plain table, one event a row: for spreadsheets, and for programs that want columns."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.desk import Progress
from reports.catalogue import Words
from reports.mining.entries import COLUMNS, Entries, Entry, text
from reports.mining.exported import Counted
from reports.spreadsheet import cells
from store.questions.courses import Courses


def write_csv(courses: Courses, path: Path, words: Words, hear: Progress) -> Counted:
    """The events of every unit, one unit after the other, in the order in which they took place."""
    entries = Entries(words)
    events = units = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(COLUMNS)
        for course in courses.all(hear):
            units += course.case is not None
            events += len(course.happenings)
            rows.writerows(cells(_said(entry)) for entry in entries.of(course))
    return Counted(events=events, units=units)


def _said(entry: Entry) -> Iterator[Any]:
    for name in COLUMNS:
        value = getattr(entry, name)
        yield text(value) if isinstance(value, bool) else value
