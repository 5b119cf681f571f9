"""`daihoi export` at the command line: what it answers, and what it will not do."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import Shell


def test_an_export_says_what_it_wrote_and_from_where_in_the_log(pilots: Shell) -> None:
    ran = pilots("export", "ocel", "out.json")
    answer = pilots("export", "ocel", "out.sqlite", "--format", "json").json["export"]

    assert ran.code == 0
    assert f"{answer['events']:,} events, units: {answer['units']}, in out.json (OCEL 2.0, JSON)." in ran.out
    assert f"as of event {answer['size']:,} of the log, root {answer['root']}" in ran.out
    assert answer["events"] == len(json.loads(Path(pilots.folder, "out.json").read_text("utf-8"))["events"])
    assert (answer["file"], answer["format"], answer["under"]) == ("out.sqlite", "sqlite", None)
    with sqlite3.connect(pilots.folder / "out.sqlite") as tables:
        assert tables.execute("SELECT count(*) FROM object").fetchone() == (answer["objects"],)
    assert pilots("verify").out.count(answer["root"]) == 1


@pytest.mark.parametrize("form", ["xes", "csv"])
def test_the_names_in_a_file_are_in_the_language_of_the_command(pilots: Shell, form: str) -> None:
    for language in ("vi", "en"):
        assert pilots("--lang", language, "export", form, f"{language}.out").code == 0

    vietnamese, english = ((pilots.folder / f"{name}.out").read_text("utf-8") for name in ("vi", "en"))
    assert ("Chuẩn bị" in vietnamese, "Chuẩn bị" in english) == (True, False)
    assert ("đơn vị tham gia" in vietnamese, "unit joined" in english) == (True, True)
    assert "Tây Hồ" in vietnamese
    assert "Tây Hồ" in english


def test_a_part_of_the_tree_is_named_as_anywhere(pilots: Shell) -> None:
    answer = pilots("export", "csv", "out.csv", "--under", "tây hồ", "--format", "json").json["export"]

    assert (answer["under"], answer["units"]) == ("tay-ho", 9)


def test_the_form_of_ocel_is_read_off_the_name_or_said(pilots: Shell) -> None:
    refused = pilots("export", "ocel", "out")

    assert refused.code == 2
    assert "let it end in .json or .sqlite, or say --form" in refused.err
    assert pilots("export", "ocel", "out", "--form", "sqlite").code == 0
    assert (pilots.folder / "out").read_bytes().startswith(b"SQLite format 3\0")
    assert pilots("export", "ocel", "OUT.JSON").code == 0
    assert (pilots.folder / "OUT.JSON").read_bytes().startswith(b"{")


def test_a_file_that_is_there_is_not_written_over_unless_asked(pilots: Shell) -> None:
    pilots("export", "xes", "out.xes")
    refused = pilots("export", "xes", "out.xes")

    assert refused.code == 5
    assert "out.xes is there already, and is not written over" in refused.err
    assert "--replace" in refused.err
    assert pilots("export", "xes", "out.xes", "--replace").code == 0


def test_the_season_itself_is_never_written_over(pilots: Shell) -> None:
    before = (pilots.folder / "daihoi.db").read_bytes()
    refused = pilots("export", "ocel", "daihoi.db", "--replace")

    assert refused.code == 5
    assert "daihoi.db is the season's own file" in refused.err
    assert (pilots.folder / "daihoi.db").read_bytes() == before


def test_an_export_is_a_file_and_no_answer_in_csv(pilots: Shell) -> None:
    refused = pilots("export", "csv", "out.csv", "--format", "csv")

    assert "E-FORMAT" in refused.err
    assert not (pilots.folder / "out.csv").exists()
