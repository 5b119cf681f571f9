"""Bad input: one clear message in the reader's language, an exit code, no traceback, and nothing half done."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

import pytest

from tests.cli.conftest import Shell


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("stauts",), "There is no command stauts; did you mean status?"),
        (("zzz",), "There is no command zzz."),
        (("document", "fiel", "x", "y"), "There is no command fiel; did you mean file?"),
        (("status", "--undr", "long-bien"), "'--under'?"),
        (("why",), "Missing argument 'UNIT'."),
        (("why", "a", "b", "c"), "Got unexpected extra argument (c)"),
        (("--lang", "fr", "status"), "'fr' is not one of 'vi', 'en'."),
        (("--format", "xml", "status"), "'xml' is not one of 'table', 'json', 'csv'."),
        (("history", "--limit", "many"), "Invalid value for '--limit': 'many' is not a valid integer range."),
        (("history", "--limit", "0"), "0 is not in the range x>=1."),
        (("history", "--limit", "9" * 30), f"{'9' * 30} is too large a number."),
        (("annul", "9" * 30), f"{'9' * 30} is too large a number."),
        (("history", "--since", "31/4/2021"), "31/4/2021 is no date; write 2021-04-02 or 02/4/2021."),
        (("replay", "--at", "soon"), "soon is neither a date (2021-04-02 or 02/4/2021) nor the number of an event."),
        (("verify", "--receipt", "nowhere.jsonl"), "File 'nowhere.jsonl' does not exist."),
        (("waive", "a", "b", "--until", "2021-05-01"), "Missing option '--basis'."),
        (("schedule", "tay-ho", "tomorrow"), "tomorrow is no date; write 2021-04-02 or 02/4/2021."),
        (("record", "a", "b", "c", "--command-id", "7"), "'7' is not a valid UUID."),
        (("unit", "roll", "a", "done"), "'done' is not one of 'complete', 'open', 'untracked'."),
    ],
)
def test_a_mistake_on_the_command_line_is_told_with_a_guess(shell: Shell, arguments: tuple[str, ...], words: str) -> None:
    ran = shell(*arguments)

    assert ran.code == 2
    assert ran.out == ""
    assert ran.err.startswith("Error (E-USAGE). ")
    assert words in ran.err
    assert "--help' for help." in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("stauts",), "Không có lệnh stauts; có phải ý bạn là status?"),
        (("status", "--undr", "x"), "Không có tùy chọn '--undr'. (Có phải ý bạn là: "),
        (("why",), "Còn thiếu tham số 'ĐƠN_VỊ'."),
        (("why", "a", "b", "c"), "Thừa tham số (c)"),
        (
            ("--format", "xml", "status"),
            "Giá trị không hợp lệ cho '--format': 'xml' không phải là một trong 'table', 'json', 'csv'.",
        ),
        (("history", "--limit", "0"), "0 không nằm trong khoảng x>=1."),
        (("history", "--since", "x"), "x không phải là ngày; viết 2021-04-02 hoặc 02/4/2021."),
        (("verify", "--receipt", "nowhere"), "không có tệp hay thư mục 'nowhere'."),
        (("record", "a", "b", "c", "--command-id", "7"), "'7' không phải là UUID."),
        (("history", "--limit"), "Tùy chọn '--limit' cần 1 giá trị."),
    ],
)
def test_clicks_own_words_are_vietnamese_too(shell: Shell, arguments: tuple[str, ...], words: str) -> None:
    for ran in (shell("--lang", "vi", *arguments), shell(*arguments, DAIHOI_LANG="vi")):
        assert ran.code == 2
        assert ran.err.startswith("Lỗi (E-USAGE). ")
        assert words in ran.err


def test_the_language_holds_for_mistakes_that_come_before_it(shell: Shell) -> None:
    assert "Không có lệnh stauts" in shell("stauts", "--lang", "vi").err
    assert "There is no command stauts" in shell("stauts", "--lang=en", DAIHOI_LANG="vi").err
    assert "Không có lệnh" in shell("stauts", DAIHOI_LANG="", LANG="fr_FR.UTF-8").err
    assert "There is no command" in shell("stauts", DAIHOI_LANG="", LANG="en_GB.UTF-8").err


def test_with_json_a_mistake_is_one_object_on_stderr(shell: Shell) -> None:
    for arguments in (("--format", "json", "stauts"), ("status", "--undr", "x", "--format", "json"), ("stauts", "--format=json")):
        ran = shell(*arguments)

        assert (ran.code, ran.out) == (2, "")
        assert ran.error["code"] == "E-USAGE"
        assert ran.error["recorded"] is False
        assert ran.error["message"]
        assert ran.error["hint"]


def test_nothing_at_all_shows_the_help(shell: Shell) -> None:
    ran = shell()

    assert ran.code in (0, 2)
    assert "Usage: daihoi [OPTIONS] COMMAND [ARGS]..." in ran.out + ran.err


def test_without_a_store_it_is_said_how_to_open_one(shell: Shell) -> None:
    ran = shell("status")

    assert ran.code == 5
    assert ran.err.startswith("Error (E-NO-STORE). There is no store daihoi.db yet.")
    assert "daihoi init SEASON" in ran.err
    assert not (shell.folder / "daihoi.db").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "error", "words"),
    [
        (("why", "tay-hoo"), 2, "E-UNIT", "There is no unit tay-hoo; did you mean tay-ho"),
        (("why", "yên viên"), 2, "E-AMBIGUOUS", "Several units are called yên viên: "),
        (("status", "--level", "distict"), 2, "E-NAME", "There is no level distict; did you mean district?"),
        (("status", "--state", "electoin"), 2, "E-NAME", "There is no state electoin; did you mean election?"),
        (("why", "tay-ho", "convne"), 2, "E-NAME", "There is no trigger convne; did you mean convene?"),
        (("replay", "--at", "99999"), 2, "E-POSITION", "There is nothing at 99999: the log goes from 1 to "),
        (
            ("replay", "--at", "2019-01-01"),
            2,
            "E-POSITION",
            "There is nothing at 1/1/2019: the log goes from 1/10/2020 to 28/4/2021.",
        ),
        (("--season", "mong-cai-2021", "status"), 2, "E-SEASON", "There is no season mong-cai-2021; the store holds hanoi-2021."),
        (("init", "hanoi-2022"), 2, "E-BUNDLED", "No season is called hanoi-2022; did you mean hanoi-2021?"),
        (("scenario", "run", "two-pilot"), 2, "E-BUNDLED", "No scenario is called two-pilot; did you mean two-pilots?"),
        (
            ("workflow", "check", "mong-cai-2021"),
            2,
            "E-BUNDLED",
            "mong-cai-2021 is a season, not a procedure.\nCheck it with: daihoi season",
        ),
        (("workflow", "show", "two-pilots"), 2, "E-BUNDLED", "first act: daihoi scenario run two-pilots"),
        (("init", "kh-71-2020"), 2, "E-BUNDLED", "kh-71-2020 is a plan, not a season.\nIt is checked with the season"),
        (
            ("scenario", "run", "congress"),
            2,
            "E-BUNDLED",
            "congress is a procedure, not a scenario.\nCheck it with: daihoi workflow",
        ),
        (("workflow", "show", "./nowhere.toml"), 2, "E-FILE-MISSING", "There is no file nowhere.toml."),
        (("scenario", "run", "two-pilots", "--keep"), 5, "E-KEPT", "daihoi.db is there already"),
        (("init", "hanoi-2021"), 5, "E-SEASON-EXISTS", "The store already holds season hanoi-2021"),
        (("status", "tay-ho", "--format", "csv"), 2, "E-FORMAT", "This answer is no table: there is no csv of it."),
        (("init", "x" * 300), 2, "E-BUNDLED", "No season is called xxx"),
        (("init", "x" * 300 + ".toml"), 2, "E-FILE-ACCESS", "File name too long"),
        (("--store", "x" * 300, "status"), 5, "E-UNREADABLE", "x" * 300),
        (("--store", "x" * 300, "init", "mong-cai-2021"), 5, "E-UNREADABLE", "x" * 300),
        (("scenario", "run", "two-pilots", "--keep", "x" * 300), 5, "E-UNREADABLE", "x" * 300),
        (("--store", "mysql://x/y", "status"), 2, "E-STORE-URL", "This kind of store is not served"),
    ],
)
def test_what_is_not_there_is_said_with_the_nearest(
    pilots: Shell, arguments: tuple[str, ...], code: int, error: str, words: str
) -> None:
    ran = pilots(*arguments)
    written = pilots("--format", "json", *arguments) if "csv" not in arguments else None

    assert ran.code == code, ran.err
    assert words in ran.err
    assert error in ran.err
    if written is not None:
        assert (written.code, written.error["code"], written.error["recorded"]) == (code, error, False)


def test_an_answer_that_cannot_be_a_table_is_refused_before_anything_is_recorded(pilots: Shell) -> None:
    before = pilots("--format", "json", "history").json["events"]
    for arguments in (("--as", "hoang-mai", "record", "hoang-mai", "delegates_summoned", "1"), ("init", "mong-cai-2021")):
        ran = pilots("--format", "csv", *arguments)

        assert (ran.code, ran.out) == (2, "")
        assert "E-FORMAT" in ran.err
    assert pilots("--format", "json", "history").json["events"] == before


@pytest.mark.parametrize("arguments", [("why", "t\udcffy"), ("--as", "\udcff", "resume", "tay-ho"), ("init", "\udcff.toml")])
def test_bytes_that_are_no_text_are_a_mistake_on_the_command_line(pilots: Shell, arguments: tuple[str, ...]) -> None:
    ran = pilots(*arguments)

    assert ran.code == 2
    assert "E-USAGE" in ran.err
    assert "is not text in UTF-8" in ran.err


def test_receipts_under_a_name_that_cannot_be_are_told_and_the_act_stands(pilots: Shell) -> None:
    ran = pilots("--as", "hoang-mai", "record", "hoang-mai", "delegates_summoned", "1", DAIHOI_RECEIPTS="x" * 300)

    assert ran.code == 0
    assert "receipt" in ran.err


def test_another_programs_file_is_not_touched(shell: Shell) -> None:
    file = shell.folder / "daihoi.db"
    file.write_bytes(b"not a database" * 100)

    for arguments in (("status",), ("init", "hanoi-2021"), ("--as", "x", "resume", "x")):
        ran = shell(*arguments)
        assert ran.code == 5
        assert "E-CORRUPT" in ran.err or "E-NOT-OURS" in ran.err
    assert file.read_bytes() == b"not a database" * 100


@pytest.mark.parametrize("since", ["0001-01-01", "9999-12-31"])
def test_a_day_beyond_every_log_is_asked_for_like_any_other(pilots: Shell, since: str) -> None:
    ran = pilots("history", "--limit", "1", "--since", since)

    assert (ran.code, "E-" in ran.err) == (0, False)


@pytest.mark.parametrize("kind", ["season", "workflow"])
@pytest.mark.parametrize("damage", ["DELETE FROM definition", "UPDATE definition SET content = x'00'"])
def test_a_verification_is_answered_although_nobody_knows_the_words_any_more(pilots: Shell, damage: str, kind: str) -> None:
    """What levels and states are called stands in the definitions: with those damaged, ids have to do."""
    with sqlite3.connect(pilots.folder / "daihoi.db") as raw:
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute(f"{damage} WHERE kind = '{kind}'")
    raw.close()

    ran = pilots("verify")

    assert ran.code == 3, ran.err
    assert "NOT whole" in ran.out


def test_a_mistake_of_our_own_is_told_without_a_traceback(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    import store.desk

    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("quá tệ")

    monkeypatch.setattr(store.desk.Desk, "open", broken)
    ran = shell("status")
    written = shell("--format", "json", "status")

    assert ran.code == 1
    assert ran.err.startswith("Error (E-INTERNAL). The program made a mistake of its own: ZeroDivisionError: quá tệ\n")
    assert "report" in ran.err
    assert "Traceback" not in ran.err
    assert (written.code, written.error["code"]) == (1, "E-INTERNAL")


def test_an_interruption_is_told_in_words(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    import store.desk

    def stopped(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(store.desk.Desk, "open", stopped)
    ran = shell("status")

    assert ran.code == 1
    assert "Error (E-INTERRUPTED). Interrupted." in ran.err


def test_hostile_texts_do_not_reach_the_terminal(pilots: Shell) -> None:
    ran = pilots("why", "\x1b[2J\x1b]0;x\x07")

    assert ran.code == 2
    assert "\x1b" not in ran.err
    act = ("--as", "hoang-mai", "record", "hoang-mai", "delegates_summoned", "1", "--reason")
    refused = pilots(*act, "a\x1b[2Jb")
    assert refused.code == 2
    assert "E-TEXT" in refused.err
    assert pilots(*act, "a").code == 0
    with sqlite3.connect(pilots.folder / "daihoi.db") as database:  # what somebody left there by another way
        database.execute("UPDATE sealed SET text = ? WHERE text = 'a'", ("a\x1b[2Jb",))
    database.close()
    assert "\x1b" not in pilots("history", "hoang-mai", "--limit", "1").out
    (event,) = pilots("--format", "json", "history", "hoang-mai", "--limit", "1").json["events"]
    assert json.dumps(event)
