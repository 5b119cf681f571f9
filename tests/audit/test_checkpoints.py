"""A log signs itself, after reading all of itself back; on every kind of store."""

from __future__ import annotations

import sqlite3
import subprocess
from pathlib import Path

import pytest

from engine import commands as cmd
from engine.merkle import Frontier
from engine.tlog.checkpoints import read_request, read_signed
from engine.tlog.malformed import base64_of
from engine.tlog.notes import WITNESS, read_key, signers
from store.audit.errors import NotContinued, NotVouched, NotWhole, WrongKey
from store.receipts import Receipts
from tests.audit.keyring import issued, key_of
from tests.cli.conftest import Shell
from tests.store.seasons import Maker, StoredSeason, reopened
from tests.tlog.signing import key, verify


def test_a_checkpoint_has_the_size_and_root_of_the_log_and_its_name(season: StoredSeason) -> None:
    season.submitted("north")
    public, _ = key_of(season.desk)
    made = issued(season.desk).signed
    lines = list(season.desk.history())

    assert made.checkpoint.size == len(lines)
    assert made.checkpoint.root == Frontier().extend(bytes.fromhex(line.leaf_hash) for line in lines).root()
    assert made.checkpoint.origin == f"daihoi/sample-2021/live/{lines[0].leaf_hash[:32]}"
    assert made.checkpoint.extensions == ()
    assert signers(read_signed(made.note.to_bytes()).note, [public], verify) == {public: None}


def test_a_later_checkpoint_comes_with_the_proof_that_it_goes_on_from_the_earlier(season: StoredSeason) -> None:
    first = issued(season.desk).signed
    season.submitted("north")
    later = issued(season.desk, since=first)
    request = later.request

    assert request is not None
    assert request.old == first.checkpoint.size < later.signed.checkpoint.size
    assert request.leads_from(first.checkpoint.root)
    assert read_request(request.to_bytes()) == request
    assert issued(season.desk, since=later.signed).request is not None


def test_a_log_signs_with_its_own_key_alone(season: StoredSeason, make: Maker, tmp_path: Path) -> None:
    other = make(tmp_path / "other.db", origin="rehearsal")
    witness, private = key("w.example", WITNESS)
    for public, why in ((key_of(other.desk)[0], "other_log"), (witness, "not_log")):
        with pytest.raises(WrongKey) as told:
            season.desk.checkpoint(public, lambda: private)
        assert told.value.why == why


def test_two_logs_of_one_season_have_two_names_and_a_copy_has_the_name_of_its_original(make: Maker, tmp_path: Path) -> None:
    first, second = make(tmp_path / "one.db"), make(tmp_path / "two.db", opening=None, origin="another")
    first.desk.close()
    copy = tmp_path / "copy.db"
    copy.write_bytes((tmp_path / "one.db").read_bytes())

    with reopened(tmp_path / "one.db") as one, reopened(copy) as other:
        assert one.log_name() == other.log_name() != second.desk.log_name()


def test_a_copy_that_went_on_differently_is_no_continuation(make: Maker, tmp_path: Path) -> None:
    original = make(tmp_path / "one.db")
    original.desk.close()
    (tmp_path / "two.db").write_bytes((tmp_path / "one.db").read_bytes())
    with reopened(tmp_path / "one.db", seed="one") as one, reopened(tmp_path / "two.db", seed="two") as two:
        before = issued(two).signed
        StoredSeason(one, original.clock).submitted("north")
        StoredSeason(two, original.clock).submitted("north")
        forked = issued(one).signed
        StoredSeason(two, original.clock).do(cmd.ApproveDocument, "north", "2021-03-20", "city", document="political_report")

        assert issued(two, since=before).request is not None
        with pytest.raises(NotContinued) as told:
            issued(two, since=forked)
        assert told.value.why == "past"
        longer = issued(two).signed
        with pytest.raises(NotContinued) as told:
            issued(one, since=longer)
        assert told.value.why == "longer"


def test_an_earlier_checkpoint_that_this_log_did_not_sign_is_not_built_upon(season: StoredSeason) -> None:
    made = issued(season.desk).signed
    public, private = key_of(season.desk, "stolen")
    with pytest.raises(NotVouched) as told:
        season.desk.checkpoint(public, lambda: private, since=made)
    assert told.value.why == "nobody"


@pytest.mark.parametrize("column", ["leaf", "leaf_hash"])
def test_a_log_that_is_not_whole_is_not_signed(stored: StoredSeason, path: Path, column: str) -> None:
    stored.submitted("north")
    stored.desk.close()
    with sqlite3.connect(path) as raw:
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute(f"UPDATE log SET {column} = substr({column}, 2) WHERE seq = 9")
    raw.close()
    with reopened(path, read_only=True) as desk, pytest.raises(NotWhole) as told:
        issued(desk)
    assert told.value.seq == 9


def test_a_log_that_was_wound_back_is_not_signed_where_a_receipt_knows_better(make: Maker, tmp_path: Path) -> None:
    receipts = Receipts(tmp_path / "receipts.jsonl")
    season = make(tmp_path / "one.db", receipts=receipts)
    season.desk.close()
    before = (tmp_path / "one.db").read_bytes()
    with reopened(tmp_path / "one.db", receipts=receipts) as desk:
        StoredSeason(desk, season.clock).submitted("north")
    (tmp_path / "one.db").write_bytes(before)
    with reopened(tmp_path / "one.db", receipts=receipts) as desk, pytest.raises(NotWhole):
        issued(desk)


# The command line


def test_the_command_writes_a_checkpoint_that_openssl_verifies(pilots: Shell, secret: list[str]) -> None:
    public = read_key(pilots("--format", "json", "key", "new", *secret).json["key"]["public"])
    ran = pilots("checkpoint", "--key", "daihoi.key", "--out", "one.checkpoint", *secret)
    made = read_signed((pilots.folder / "one.checkpoint").read_bytes())

    assert ran.code == 0, ran.err
    assert "signed by daihoi/" in ran.out
    spki = bytes.fromhex("302a300506032b6570032100") + public.public  # RFC 8410: how every program names an Ed25519 key
    pem = f"-----BEGIN PUBLIC KEY-----\n{base64_of(spki)}\n-----END PUBLIC KEY-----\n"
    (pilots.folder / "log.pem").write_text(pem)
    (pilots.folder / "text").write_bytes(made.note.text.encode())
    (pilots.folder / "signature").write_bytes(made.note.signatures[0].value)
    by_hand = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "log.pem", "-rawin", "-in", "text", "-sigfile", "signature"]
    assert subprocess.run(by_hand, cwd=pilots.folder, capture_output=True, check=False).returncode == 0
    (pilots.folder / "text").write_bytes(made.note.text.replace("1", "2").encode())
    assert subprocess.run(by_hand, cwd=pilots.folder, capture_output=True, check=False).returncode != 0


def test_without_a_file_the_checkpoint_is_the_answer(pilots: Shell, secret: list[str]) -> None:
    pilots("key", "new", *secret)
    ran = pilots("checkpoint", "--key", "daihoi.key", *secret)
    told = pilots("--format", "json", "checkpoint", "--key", "daihoi.key", *secret).json["checkpoint"]

    rehearsal, _, note = ran.out.partition("\n")
    assert rehearsal.startswith("REHEARSAL two-pilots")
    assert read_signed(note.encode()).checkpoint == read_signed(told["note"].encode()).checkpoint
    assert {name: told[name] for name in ("file", "proof", "signatures")} == {
        "file": None,
        "proof": None,
        "signatures": [told["log"]],
    }
    assert told["size"] == pilots("--format", "json", "verify").json["events"]
    assert told["root"] == pilots("--format", "json", "verify").json["root"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "E-USAGE"),
        (["--key", "none"], 2, "E-USAGE"),
        (["--key", "passphrase.txt"], 2, "E-AUDIT-FILE"),
        (["--key", "daihoi.key", "--since", "old"], 2, "E-USAGE"),
        (["--key", "daihoi.key", "--since", "old", "--proof", "new.proof"], 2, "line 1: "),
        (["--key", "daihoi.key", "--out", "old"], 5, "is there already"),
        (["--key", "daihoi.key", "--out", "no/folder"], 5, "cannot be written"),
        (["--key", "witness.key"], 2, "E-KEY"),
    ],
)
def test_a_slip_is_told_in_one_message(pilots: Shell, secret: list[str], arguments: list[str], code: int, said: str) -> None:
    pilots("key", "new", *secret)
    pilots("key", "new", "--witness", "w.example", *secret)
    (pilots.folder / "old").write_text("one\r\n\n", "utf-8")
    ran = pilots("checkpoint", *arguments, *secret)

    assert ran.code == code, ran
    assert said in ran.err.replace("\n", " ")
    assert not (pilots.folder / "new.proof").exists()
