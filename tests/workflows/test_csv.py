"""Units from a CSV file, as Excel and people write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workflows.files import SEASON, checked_season, edited, write_season
from workflows.seasons import LoadedSeason

HEADER = "code,name,level,parent,block,pilot_of,tags\n"
LISTED = SEASON[SEASON.index('[[units]]\ncode = "group-a"') :]


def season(folder: Path, csv: str | bytes) -> LoadedSeason:
    """The small season with its groups in a CSV file."""
    text = edited(SEASON, LISTED, '[[units_from]]\nfile = "groups.csv"\n')
    (folder / "groups.csv").write_bytes(csv if isinstance(csv, bytes) else csv.encode())
    return checked_season(write_season(folder, season=text))


ROWS = HEADER + "group-a,Nhóm A,group,top,north,top,\ngroup-b,Nhóm B,group,top,,,small old\n"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte order mark"])
@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_every_way_a_spreadsheet_saves_it_is_read(tmp_path: Path, mark: bytes, delimiter: str, end: str) -> None:
    loaded = season(tmp_path, mark + ROWS.replace(",", delimiter).replace("\n", end).encode())

    assert loaded.problems == ()
    assert loaded.season is not None
    assert [(u.code, u.name, u.block, u.tags) for u in loaded.season.units[1:]] == [
        ("group-a", "Nhóm A", "north", ()),
        ("group-b", "Nhóm B", None, ("small", "old")),
    ]


def test_the_first_line_may_say_how_columns_are_parted(tmp_path: Path) -> None:
    assert season(tmp_path, "sep=;\n" + ROWS.replace(",", ";")).problems == ()


def test_empty_lines_and_spaces_do_not_matter(tmp_path: Path) -> None:
    assert season(tmp_path, ROWS.replace("\n", "\n\n,,,,,,\n").replace("group-a,", " group-a ,")).problems == ()


def test_a_name_with_the_delimiter_in_it_stands_in_quotes(tmp_path: Path) -> None:
    loaded = season(tmp_path, ROWS.replace("Nhóm A", '"Nhóm A, khu ""cũ"""'))

    assert loaded.season is not None
    assert loaded.season.units[1].name == 'Nhóm A, khu "cũ"'


def test_decomposed_letters_become_composed(tmp_path: Path) -> None:
    loaded = season(tmp_path, ROWS.replace("Nhóm A", "Nho\u0301m A"))

    assert loaded.season is not None
    assert loaded.season.units[1].name == "Nhóm A"


@pytest.mark.parametrize(
    ("old", "new", "code", "where", "line", "guess"),
    [
        ("pilot_of", "pilotof", "E-CSV-COLUMN", "pilotof", 1, "pilot_of"),
        ("block,", "name,", "E-CSV-COLUMN-TWICE", "name", 1, None),
        ("code,", "", "E-CSV-HEADER", "", 1, None),
        ("Nhóm B,group", "Nhóm B", "E-CSV-FIELDS", "", 3, None),
        ("group-b,", "group-a,", "E-CODE-TWICE", "code", 3, None),
        ("group-b,", "Group B,", "E-ID", "code", 3, "group-b"),
        ("group-b,", ",", "E-KEY-MISSING", "code", 3, None),
        ("Nhóm B,group,", "Nhóm B,groop,", "E-NAME", "level", 3, "group"),
        ("group,top,north", "group,topp,north", "E-NAME", "parent", 2, "top"),
        ("top,north", "top,nort", "E-NAME", "block", 2, "north"),
        ("small old", "Small", "E-ID", "tags[1]", 3, "small"),
        ("Nhóm B", "Nhóm\x07B", "E-CONTROL", "name", 3, None),
    ],
)
def test_a_mistake_is_told_with_its_line_and_column(
    tmp_path: Path, old: str, new: str, code: str, where: str, line: int, guess: str | None
) -> None:
    problems = season(tmp_path, edited(ROWS, old, new)).problems

    assert (code, where, line, guess) in [(p.code, p.where, p.line, p.guess) for p in problems]
    assert {p.file for p in problems if p.code == code} == {"groups.csv"}


def test_a_file_that_is_not_there_is_told_where_it_is_named(tmp_path: Path) -> None:
    text = edited(SEASON, LISTED, '[[units_from]]\nfile = "groups.csv"\n')
    problem = checked_season(write_season(tmp_path, season=text)).problems[0]

    assert (problem.code, problem.where, problem.fields["error"]) == ("E-FILE-NAMED", "units_from[1].file", "E-FILE-MISSING")


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (ROWS.encode("utf-16"), "E-FILE-ENCODING"),
        (b"x" * (17 * 1024 * 1024), "E-FILE-SIZE"),
    ],
    ids=["UTF-16", "too large"],
)
def test_a_file_that_cannot_be_read_is_one_mistake(tmp_path: Path, raw: bytes, code: str) -> None:
    found = [p.fields["error"] for p in season(tmp_path, raw).problems if p.code == "E-FILE-NAMED"]

    assert found == [code]


@pytest.mark.parametrize("raw", [b"", b"\n\n", b"\x00", b'"', b'code,name,level\n"x', b"code,name,level\n" + b"x" * 200_000])
def test_whatever_the_bytes_there_are_problems_and_no_traceback(tmp_path: Path, raw: bytes) -> None:
    assert not season(tmp_path, raw).ok
