"""A log signs itself, after reading all of itself back; on every kind of store."""

from __future__ import annotations

import sqlite3
import subprocess
from pathlib import Path

import attrs
import pytest

from engine import commands as cmd
from engine.actors import Actor
from engine.desk import Receipt
from engine.errors import DaihoiError
from engine.merkle import Frontier
from engine.refusals import NotYours
from engine.tlog.checkpoints import Signed, read_request, read_signed
from engine.tlog.malformed import base64_of
from engine.tlog.notes import WITNESS, Note, Sign, read_key, sign, signers
from engine.unit import SEASON
from store.audit.checkpoint import issue
from store.audit.errors import ChangedMeanwhile, NotContinued, NotVouched, NotWhole, Passphrase, WrongKey
from store.desk import Desk
from store.receipts import Receipts
from tests.audit.keyring import issued, key_of
from tests.cli.conftest import Shell
from tests.sample import PLAN
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


def test_receipts_that_nobody_kept_on_this_computer_keep_no_log_from_being_signed(
    make: Maker, path: Path, tmp_path: Path
) -> None:
    make(path).desk.close()
    with reopened(path, receipts=Receipts(tmp_path / "nowhere")) as desk:
        assert issued(desk).signed.checkpoint.size == desk.verify("hashes").events


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


# What a checkpoint ends with


def kinds(desk: Desk) -> list[str]:
    return [line.recorded.event.kind for line in desk.history()]


def root_at(desk: Desk, size: int) -> bytes:
    return Frontier().extend(bytes.fromhex(line.leaf_hash) for line in list(desk.history())[:size]).root()


def test_a_checkpoint_ends_with_the_heads_of_all_units_and_two_of_one_state_are_the_same(season: StoredSeason) -> None:
    size = season.size()
    first = issued(season.desk).signed

    assert kinds(season.desk)[size:] == ["heads_recorded"]
    assert first.checkpoint.size == size + 1
    assert issued(season.desk).signed == first
    assert season.size() == size + 1


def test_the_receipt_for_what_was_recorded_is_kept_like_every_other(make: Maker, tmp_path: Path) -> None:
    receipts = Receipts(tmp_path / "receipts.jsonl")
    season = make(tmp_path / "one.db", receipts=receipts)
    made = issued(season.desk).signed.checkpoint
    season.desk.close()
    kept = [one for one in receipts.read(season.desk.season, season.desk.origin) if one is not None]

    assert (kept[-1].receipt.size, kept[-1].receipt.root) == (made.size, made.root.hex())


def test_whoever_may_only_read_signs_a_log_that_ends_with_the_heads_and_no_other(stored: StoredSeason, path: Path) -> None:
    stored.submitted("north")
    with reopened(path, read_only=True) as reader:
        assert not reader.can_sign()
        with pytest.raises(DaihoiError):
            issued(reader)
    mine = issued(stored.desk).signed
    with reopened(path, read_only=True) as reader:
        assert reader.can_sign()
        assert issued(reader).signed == mine


def test_only_the_board_has_its_log_signed(season: StoredSeason) -> None:
    public, private = key_of(season.desk)
    size = season.size()
    with pytest.raises(NotYours):
        season.desk.checkpoint(public, lambda: private, actor=Actor(unit="north"))

    assert season.size() == size
    assert (
        season.desk.checkpoint(public, lambda: private, actor=Actor(unit="city", person="NV-1")).signed.checkpoint.size
        == size + 1
    )


@pytest.mark.parametrize("address", ["file", "postgresql"], indirect=True)
def test_what_others_append_while_it_is_signed_is_before_the_heads_or_behind_the_checkpoint(
    address: str, season: StoredSeason
) -> None:
    public, private = key_of(season.desk)
    size = season.size()
    with reopened(address, seed="other") as other:
        busy = StoredSeason(other, season.clock)

        def while_it_is_read(done: int, total: int) -> None:
            if done == total and kinds(other)[-1] != "fact_recorded":
                busy.do(cmd.RecordFact, "north", "2021-03-01", fact="sub_committees", value=True)
                busy.do(cmd.IssuePlan, SEASON, by="city", plan=attrs.evolve(PLAN, id="plan-9"), digest="9" * 64)
                busy.do(cmd.RecordFact, "north", "2021-03-02", fact="sub_committees", value=False)

        def while_it_is_signed(message: bytes) -> bytes:
            busy.do(cmd.RecordFact, "south", "2021-03-01", fact="sub_committees", value=True)
            return private(message)

        made = season.desk.checkpoint(public, lambda: while_it_is_signed, progress=while_it_is_read).signed

    wanted = ["fact_recorded", "plan_issued", "fact_recorded", "heads_recorded", "fact_recorded"]
    assert kinds(season.desk)[size:] == wanted
    assert made.checkpoint.size == size + 4
    assert made.checkpoint.root == root_at(season.desk, size + 4)
    assert season.desk.audit("hashes", checkpoint=made).ok


def test_a_log_that_is_changed_while_it_is_signed_is_not_signed(stored: StoredSeason, path: Path) -> None:
    stored.submitted("north")
    public, private = key_of(stored.desk)
    session, size = stored.desk._session, stored.size()

    def recorded_and_changed() -> Receipt:
        receipt = stored.desk.submit(cmd.RecordHeads(unit=SEASON, actor=Actor(unit="city"))).receipt
        assert receipt is not None
        with sqlite3.connect(path) as raw:
            for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                raw.execute(f"DROP TRIGGER {name}")
            raw.execute("UPDATE log SET leaf = leaf || ' ' WHERE seq = ?", (receipt.size,))
        raw.close()
        return receipt

    with pytest.raises(ChangedMeanwhile) as told:
        issue(session, public, lambda: private, recorded_and_changed, None, None, lambda done, total: None)
    assert told.value.seq == size + 1
    assert told.value.recorded


def test_nothing_is_recorded_where_nothing_can_be_signed(season: StoredSeason) -> None:
    first = issued(season.desk).signed
    season.submitted("north")
    size = season.size()
    public, private = key_of(season.desk)
    true = first.checkpoint
    other = attrs.evolve(true, root=bytes(32))
    forked = Signed(other, Note(other.text, (sign(other.text, public, private),)))

    def wrong() -> Sign:
        raise Passphrase(why="wrong")

    with pytest.raises(Passphrase):
        season.desk.checkpoint(public, wrong)
    with pytest.raises(NotContinued):
        season.desk.checkpoint(public, lambda: private, since=forked)
    assert season.size() == size


# The command line


def test_the_command_records_the_heads_for_the_board_and_says_so_in_history(pilots: Shell, secret: list[str]) -> None:
    pilots("key", "new", *secret)
    before = pilots("--format", "json", "verify").json["events"]
    told = pilots("--format", "json", "checkpoint", "--key", "daihoi.key", *secret).json["checkpoint"]
    again = pilots("--format", "json", "checkpoint", "--key", "daihoi.key", *secret).json["checkpoint"]
    by_another = pilots("--as", "tay-ho", "checkpoint", "--key", "daihoi.key", *secret)

    assert told["size"] == again["size"] == before + 1
    assert again == told
    assert by_another.code == 0, "nothing had to be recorded"
    assert "every unit's last event put on record" in " ".join(pilots("history", "season", "--limit", "1").out.split())
    assert "sự kiện cuối của từng đơn vị" in " ".join(pilots("--lang", "vi", "history", "season", "--limit", "1").out.split())


def test_another_unit_may_not_have_the_heads_recorded(pilots: Shell, secret: list[str]) -> None:
    pilots("key", "new", *secret)
    ran = pilots("--as", "tay-ho", "checkpoint", "--key", "daihoi.key", *secret)

    assert ran.code == 4
    assert "E-ROLE" in ran.err


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
