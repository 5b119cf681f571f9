"""Receipts to hand over: what a unit or an auditor keeps of a command that was accepted, and what the log is compared with later."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from engine import commands as cmd
from store.audit.errors import NoSuchCommand, NotReceipted
from store.errors import NoSuchPosition
from store.receipts import Receipts
from tests.cli.conftest import Shell
from tests.store.seasons import Maker, StoredSeason, fact, reopened


def kept(season: StoredSeason, file: Path, what: int | str) -> str:
    file.write_text(season.desk.receipt(what).line() + "\n", "utf-8")
    return str(file)


def found(season: StoredSeason, *files: str) -> list[str]:
    named = Receipts.named(files)
    by_both = season.desk.verify("hashes", receipts=named), season.desk.audit("hashes", receipts=named)
    assert by_both[0].problems == by_both[1].problems
    return [problem.problem for problem in by_both[0].problems]


# Every store


def test_the_receipt_of_an_event_is_the_one_that_its_command_got(season: StoredSeason) -> None:
    first, second = season.desk.submit_all([fact("north", 1), fact("south", 2)])
    assert first.receipt is not None
    assert second.receipt is not None
    opening = season.desk.opening
    assert opening is not None

    for accepted in (opening, first, second):
        assert accepted.receipt is not None
        for what in (accepted.receipt.first_seq, accepted.receipt.last_seq, accepted.receipt.command_id):
            assert season.desk.receipt(what).receipt == accepted.receipt


def test_a_longer_log_still_fits_every_receipt_that_was_handed_over(season: StoredSeason, tmp_path: Path) -> None:
    season.submitted("north")
    files = [kept(season, tmp_path / f"{seq}", seq) for seq in range(1, season.size() + 1)]
    season.submitted("south")
    answer = season.desk.verify("hashes", receipts=Receipts.named(files))

    assert found(season, *files) == []
    assert [note.fields["count"] for note in answer.notes if note.code == "receipts_checked"] == [len(files)]


def test_what_is_not_there_has_no_receipt(season: StoredSeason) -> None:
    for seq in (0, season.size() + 1):
        with pytest.raises(NoSuchPosition):
            season.desk.receipt(seq)
    with pytest.raises(NoSuchCommand):
        season.desk.receipt("nobody's")


def test_each_file_that_is_named_has_to_speak_of_this_log(season: StoredSeason, make: Maker, tmp_path: Path) -> None:
    other = make(tmp_path / "other.db", origin="rehearsal")
    mine, theirs = kept(season, tmp_path / "mine", 1), kept(other, tmp_path / "theirs", 1)
    (tmp_path / "none").write_text("một\n", "utf-8")

    assert found(season, mine) == []
    assert (
        found(season, mine, theirs) == found(season, theirs) == found(season, str(tmp_path / "none"), mine) == ["no_receipt_in"]
    )
    assert found(season, str(tmp_path / "gone"), mine, theirs) == ["no_receipt_in", "no_receipt_in"]


def test_a_log_that_lost_its_end_is_found_by_one_of_several_receipts(stored: StoredSeason, path: Path, tmp_path: Path) -> None:
    files = [kept(stored, tmp_path / "old", 1)]
    before = path.parent / "before.db"
    with sqlite3.connect(before) as copy:
        sqlite3.connect(path).backup(copy)
    stored.desk.submit(fact("north", 1))
    files.append(kept(stored, tmp_path / "new", stored.size()))

    with reopened(before, read_only=True) as desk:
        assert found(StoredSeason(desk, stored.clock), *files) == ["cut_by_receipt"]
        assert found(StoredSeason(desk, stored.clock), files[0]) == []


# A store that somebody changed


def tamper(path: Path, statement: str, *values: object) -> None:
    raw = sqlite3.connect(path)
    for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        raw.execute(f"DROP TRIGGER {name}")
    assert raw.execute(statement, values).rowcount == 1
    raw.commit()
    raw.close()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"root": "00" * 32}, "other"),
        ({"leaf_hash": "00" * 32}, "other"),
        ({"size": 12}, "damaged"),
        ({"size": 99}, "other"),
        ({"first_seq": 1, "last_seq": 2}, "other"),
        ({"command_id": "another"}, "other"),
        ({"season": "another"}, "other"),
        ({"origin": "another"}, "other"),
        ({"root": None}, "damaged"),
        ({"size": "99"}, "damaged"),
    ],
)
def test_a_stored_receipt_that_was_changed_is_not_given(
    stored: StoredSeason, path: Path, change: dict[str, object], why: str
) -> None:
    accepted = stored.desk.submit(fact("north", 1)).receipt
    assert accepted is not None
    stored.desk.close()
    raw = sqlite3.connect(path)
    (written,) = raw.execute("SELECT receipt FROM command WHERE id = ?", (accepted.command_id,)).fetchone()
    raw.close()
    tamper(
        path, "UPDATE command SET receipt = ? WHERE id = ?", json.dumps({**json.loads(written), **change}), accepted.command_id
    )

    with reopened(path, read_only=True) as desk, pytest.raises(NotReceipted) as error:
        desk.receipt(accepted.last_seq)
    assert error.value.why == why


def test_of_a_log_that_was_changed_no_receipt_is_given(stored: StoredSeason, path: Path) -> None:
    accepted = stored.desk.submit(fact("north", 1)).receipt
    assert accepted is not None
    stored.desk.close()
    raw = sqlite3.connect(path)
    (leaf,) = raw.execute("SELECT leaf FROM log WHERE seq = 3").fetchone()
    raw.close()
    tamper(path, "UPDATE log SET leaf = ? WHERE seq = 3", leaf.replace(b"2021", b"2020", 1))

    with reopened(path, read_only=True) as desk, pytest.raises(NotReceipted) as error:
        desk.receipt(accepted.command_id)
    assert error.value.why == "other"


def test_an_event_whose_command_is_gone_is_told(stored: StoredSeason, path: Path) -> None:
    accepted = stored.do(cmd.RecordFact, "north", "2021-03-01", fact="sub_committees", value=True).receipt
    assert accepted is not None
    stored.desk.close()
    tamper(path, "DELETE FROM command WHERE id = ?", accepted.command_id)

    with reopened(path, read_only=True) as desk:
        with pytest.raises(NotReceipted) as error:
            desk.receipt(accepted.last_seq)
        assert error.value.why == "missing"
        with pytest.raises(NoSuchCommand):
            desk.receipt(accepted.command_id)


# The command line


def test_a_receipt_goes_on_a_stick_and_is_checked_a_year_later(pilots: Shell) -> None:
    recorded = pilots("--format", "json", "--as", "hoang-mai", "record", "hoang-mai", "delegates_summoned", "150").json["receipt"]
    seq = str(recorded["last_seq"])
    given = pilots("receipt", seq, "--out", "mine.receipt")
    shown = pilots("--format", "json", "receipt", recorded["command_id"])
    printed = pilots("receipt", seq)
    (pilots.folder / "shown.json").write_text(shown.out, "utf-8")
    (pilots.folder / "printed.txt").write_text(printed.out, "utf-8")
    pilots("--as", "hoang-mai", "record", "hoang-mai", "delegates_summoned", "160")
    checked = [
        pilots(*command, "--hashes", *(word for file in files for word in ("--receipt", file)))
        for command in (("verify",), ("audit", "verify"))
        for files in (["mine.receipt"], ["mine.receipt", "shown.json", "printed.txt"])
    ]

    assert (given.code, f"event {seq}, in mine.receipt" in given.out) == (0, True), given
    line = json.loads((pilots.folder / "mine.receipt").read_text("utf-8"))
    assert line == shown.json["receipt"] == json.loads(printed.out.splitlines()[-1])
    assert {name: line[name] for name in recorded} == recorded
    assert [ran.code for ran in checked] == [0, 0, 0, 0], checked
    assert ["compared: 1, up" in ran.out for ran in checked] == [True, False, True, False]
    assert all("compared: 3, up" in ran.out for ran in checked[1::2])


def test_a_file_without_a_receipt_of_this_log_does_not_pass_for_a_check(pilots: Shell) -> None:
    (pilots.folder / "notes.txt").write_text("một\n", "utf-8")
    ran = pilots("verify", "--hashes", "--receipt", "notes.txt")
    vietnamese = pilots("--lang", "vi", "audit", "verify", "--hashes", "--receipt", "notes.txt")

    assert (ran.code, "The log is whole" in ran.out, "notes.txt holds no receipt of this log" in ran.out) == (3, True, True)
    assert (vietnamese.code, "notes.txt không có biên nhận nào của nhật ký này" in vietnamese.out) == (3, True)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["0"], 2, "E-POSITION"),
        (["99999"], 2, "E-POSITION"),
        (["nobodys"], 2, "E-COMMAND"),
        (["1", "--out", "daihoi.db"], 5, "E-FILE"),
        (["1", "--out", "no/such/folder"], 5, "E-FILE"),
        (["1", "--format", "csv"], 2, "E-FORMAT"),
    ],
)
def test_a_slip_is_told_in_one_message(pilots: Shell, arguments: list[str], code: int, said: str) -> None:
    ran = pilots("receipt", *arguments)

    assert (ran.code, said in ran.err) == (code, True), ran
