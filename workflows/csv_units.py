"""Units from a CSV file: UTF-8 with or without a byte order mark, columns parted by `,` or `;`, one header line.

Excel writes `;` where the comma is the decimal sign, as in Vietnam, and sometimes a first line ``sep=;``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import attrs

from workflows.forms import key_of
from workflows.problems import Findings, Source, nearest
from workflows.season_forms import UnitForm
from workflows.shape import read_form
from workflows.toml import FileTooManyKeys, decode, read_bytes

LARGEST: Final = 16 * 1024 * 1024
MOST_ROWS: Final = 200_000

COLUMNS: Final = tuple(key_of(a) for a in attrs.fields(UnitForm))


def read_units(path: Path, name: str, findings: Findings) -> Iterator[tuple[UnitForm, Findings]]:
    """Each unit of a file, with the findings for mistakes on its line. Raises FileError."""
    text = decode(read_bytes(path, name, limit=LARGEST), name)
    rows = _rows(text)
    header_line, header = next(rows, (1, []))
    columns = [column.strip().lower() for column in header]
    if not _check_header(columns, _on_line(findings, name, header_line)):
        return
    for count, (line, row) in enumerate(rows):
        if count >= MOST_ROWS:
            raise FileTooManyKeys(name, line, MOST_ROWS)
        yield from _unit(columns, row, _on_line(findings, name, line))


def _on_line(findings: Findings, name: str, line: int) -> Findings:
    """Findings about one line of a file: there the place is the column's name."""
    return findings.beside(Source(name, lines={(): line}))


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The lines that hold something, each with its number. A field may run over several lines; its row has the first one's number."""
    skipped = text.lower().startswith("sep=")
    body = text.partition("\n")[2] if skipped else text
    header = body.lstrip("\r\n").partition("\n")[0]
    delimiter = ";" if header.count(";") > header.count(",") else ","
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter)
    line = 1 + skipped
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, [_BROKEN, str(error)]
            return
        if any(field.strip() for field in row):
            yield line, row
        line = reader.line_num + 1 + skipped


_BROKEN: Final = "\x00"


def _check_header(columns: list[str], findings: Findings) -> bool:
    for column in columns:
        if column not in COLUMNS:
            findings.error("E-CSV-COLUMN", (column,), guess=nearest(column, COLUMNS), name=column[:60], known=COLUMNS)
        elif columns.count(column) > 1:
            findings.error("E-CSV-COLUMN-TWICE", (column,), name=column)
    missing = [c for c in ("code", "name", "level") if c not in columns]
    if missing:
        findings.error("E-CSV-HEADER", (), missing=tuple(missing), known=COLUMNS)
    return not missing


def _unit(columns: list[str], row: list[str], findings: Findings) -> Iterator[tuple[UnitForm, Findings]]:
    if row[:1] == [_BROKEN]:
        findings.error("E-CSV-BROKEN", ())
        return
    if len(row) != len(columns):
        findings.error("E-CSV-FIELDS", (), expected=len(columns), found=len(row))
        return
    fields: dict[str, Any] = {c: value.strip() for c, value in zip(columns, row, strict=True) if value.strip() and c in COLUMNS}
    if "tags" in fields:
        fields["tags"] = fields["tags"].split()
    yield read_form(fields, UnitForm, findings), findings
