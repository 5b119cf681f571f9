"""Bundles: what an auditor takes away, from every kind of store. What verifiers make of them is theirs to test (tests/verifier)."""

from __future__ import annotations

import errno
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import attrs
import pytest

from engine import codec
from engine import commands as cmd
from engine.actors import Actor
from engine.bundle import manifest
from engine.errors import DaihoiError
from engine.leaf import read_leaf
from engine.merkle import Frontier, leaf_hash
from engine.refusals import UnknownUnit
from engine.tlog.checkpoints import Checkpoint, Signed, read_entry_proof, read_request
from engine.tlog.notes import Note, sign
from engine.tlog.policies import read_policy
from engine.tlog.proofs import includes
from engine.unit import SEASON, Unit
from reports.bundles import companions
from store.audit.archive import Archive
from store.audit.bundle import Bundled, Contents
from store.audit.errors import FileFailed, NoHeads, NotContinued, NotInside, NotVouched
from store.desk import Desk
from store.errors import Corrupt
from tests.audit.keyring import Cosigner, issued, key_of
from tests.cli.conftest import Shell
from tests.store.seasons import StoredSeason, opened

NEW = Unit(code="north-9", name="Phường Chín", level="base", parent="north")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where a bundle is to be made: in a folder of its own, so that whatever is left behind is seen."""
    folder = tmp_path / "taken"
    folder.mkdir()
    return folder / "bundle.zip"


def played(season: StoredSeason) -> StoredSeason:
    season.held("east")
    season.submitted("north")
    return season


def made(season: StoredSeason, out: Path, signed: Signed | None = None, **more: Any) -> Bundled:
    return season.desk.bundle(str(out), Contents(signed=signed or issued(season.desk).signed, **more))


def files(bundle: Path) -> dict[str, bytes]:
    with ZipFile(bundle) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def leaves_of(bundle: Path) -> list[bytes]:
    whole = files(bundle)["leaves.jsonl"]
    assert whole.endswith(b"\n")
    return whole[:-1].split(b"\n")


def stored_leaves(season: StoredSeason) -> list[bytes]:
    store = season.desk._session.store
    return [bytes(leaf) for (leaf,) in store.rows("SELECT leaf FROM log WHERE season = ? ORDER BY seq", (season.desk.season,))]


def signed_at(season: StoredSeason, size: int, root: bytes | None = None, origin: str | None = None) -> Signed:
    """A checkpoint of the log's own key, whatever it says."""
    public, private = key_of(season.desk)
    true = Frontier().extend(map(leaf_hash, stored_leaves(season)[:size])).root()
    checkpoint = Checkpoint(origin or public.name, size, root or true)
    return Signed(checkpoint, Note(checkpoint.text, (sign(checkpoint.text, public, private),)))


# What is in it


def test_a_season_has_every_leaf_and_the_manifest_names_every_file(season: StoredSeason, out: Path) -> None:
    signed = issued(played(season).desk).signed
    told = made(season, out, signed, companions={"README.txt": b"read me"})
    held = files(out)
    manifest = json.loads(held["manifest.json"])

    assert leaves_of(out) == stored_leaves(season)
    assert held["manifest.json"] == codec.canonical(manifest)
    assert manifest.keys() == {"events", "files", "format", "log", "root", "scope", "size"}
    assert manifest["files"] == {
        name: {"sha256": sha256(content).hexdigest(), "size": len(content)}
        for name, content in held.items()
        if name != "manifest.json"
    }
    checkpoint = signed.checkpoint
    assert (manifest["log"], manifest["size"], manifest["root"]) == (checkpoint.origin, checkpoint.size, checkpoint.root.hex())
    assert (manifest["format"], manifest["scope"]) == ("daihoi-bundle/1", "season")
    assert manifest["events"] == checkpoint.size == told.events
    assert held["checkpoint"] == signed.note.to_bytes()
    assert held["README.txt"] == b"read me"
    assert (told.files, told.bytes, told.unit) == (tuple(held), out.stat().st_size, None)


def definitions(held: Mapping[str, bytes]) -> set[str]:
    found = {name: content for name, content in held.items() if name.startswith("definitions/")}
    assert all(name == f"definitions/{sha256(content).hexdigest()}.json" for name, content in found.items())
    assert all(content == codec.canonical(json.loads(content)) for content in found.values())
    return {sha256(content).hexdigest() for content in found.values()}


def named(leaves: list[bytes], *kinds: str) -> set[str]:
    events = [json.loads(leaf) for leaf in leaves]
    return {event["payload"]["digest"] for event in events if event["kind"] in kinds}


def test_every_definition_that_the_leaves_name_goes_along_and_the_seasons_file_with_the_season_alone(
    season: StoredSeason, out: Path
) -> None:
    signed = issued(played(season).desk).signed
    made(season, out, signed)
    made(season, out.with_name("unit.zip"), signed, unit="east")
    leaves = leaves_of(out)

    assert definitions(files(out)) == named(leaves, "season_opened", "workflow_adopted", "plan_issued")
    assert definitions(files(out.with_name("unit.zip"))) == named(leaves, "workflow_adopted", "plan_issued")


def test_a_unit_has_its_own_leaves_and_the_season_wide_ones_each_with_its_proof(season: StoredSeason, out: Path) -> None:
    signed = issued(played(season).desk).signed
    told = made(season, out, signed, unit="east")
    held, leaves = files(out), leaves_of(out)
    manifest = json.loads(held["manifest.json"])

    wanted = [leaf for leaf in stored_leaves(season) if read_leaf(leaf)[1].unit in ("east", SEASON)]
    assert leaves == wanted
    assert (manifest["scope"], manifest["unit"], manifest["events"]) == ("unit", "east", len(leaves))
    assert told.events == len(leaves)
    proofs = {name for name in held if name.startswith("proofs/")}
    assert proofs == {f"proofs/{read_leaf(leaf)[1].seq}.tlog-proof" for leaf in leaves}
    for leaf in leaves:
        proof = read_entry_proof(held[f"proofs/{read_leaf(leaf)[1].seq}.tlog-proof"])
        assert (proof.extra, proof.signed) == (None, signed)
        assert proof.index == read_leaf(leaf)[1].seq - 1
        assert proof.holds(leaf)


def test_a_unit_shows_nothing_of_others_but_what_its_own_leaves_say(season: StoredSeason, out: Path) -> None:
    made(played(season), out, unit="east")
    whole = b"".join(files(out).values())
    others = [leaf for leaf in stored_leaves(season) if read_leaf(leaf)[1].unit not in ("east", SEASON)]

    assert len(others) > 10
    assert not any(leaf in whole for leaf in others)
    assert "Phường" not in whole.decode(), "the season's file, which names every unit, is not in it"


def heads_hold(bundle: Path) -> bool:
    """docs/bundle.md, "Nothing left out": the entries made of the leaves in the bundle lead to the root in the last of them."""
    leaves = leaves_of(bundle)
    said = json.loads(leaves[-1])
    assert said["kind"] == "heads_recorded"
    proofs = json.loads(files(bundle)["heads.json"])
    last = {json.loads(leaf)["unit"]: leaf for leaf in leaves[:-1]}
    holds = []
    for proof in proofs:
        leaf = last[proof["unit"]]
        entry = {"leaf": leaf_hash(leaf).hex(), "unit": proof["unit"], "version": json.loads(leaf)["version"]}
        hashes, size = [bytes.fromhex(one) for one in proof["hashes"]], said["payload"]["size"]
        root = bytes.fromhex(said["payload"]["root"])
        holds.append(includes(proof["index"], size, leaf_hash(codec.canonical(entry)), hashes, root))
    return all(holds)


@pytest.mark.parametrize("unit", ["east", "north", "city", "north-1"])
def test_nothing_of_a_unit_was_left_out(season: StoredSeason, out: Path, unit: str) -> None:
    made(played(season), out, unit=unit)

    assert [proof["unit"] for proof in json.loads(files(out)["heads.json"])] == [unit, SEASON]
    assert heads_hold(out)


def test_what_came_later_changes_no_byte_of_a_bundle_of_an_earlier_checkpoint(season: StoredSeason, out: Path) -> None:
    signed = issued(played(season).desk).signed
    for unit, name in ((None, "season"), ("north", "north")):
        made(season, out.with_name(f"{name}.zip"), signed, unit=unit)
    season.do(cmd.ApproveDocument, "north", "2021-03-20", "city", document="political_report")
    season.desk.submit(cmd.EnrolUnit(unit=NEW.code, actor=Actor(unit="city"), enrolled=NEW))
    issued(season.desk)
    for unit, name in ((None, "season"), ("north", "north")):
        made(season, out.with_name(f"{name}-later.zip"), signed, unit=unit)
        first, second = (out.with_name(f"{name}{later}.zip").read_bytes() for later in ("", "-later"))
        assert first == second


@pytest.mark.parametrize("unit", [None, "east"])
def test_a_bundle_is_the_same_bytes_from_every_store(season: StoredSeason, out: Path, unit: str | None) -> None:
    here = played(opened())
    made(here, out, unit=unit)
    here.desk.close()
    made(played(season), out.with_name("there.zip"), unit=unit)

    assert out.read_bytes() == out.with_name("there.zip").read_bytes()


def test_a_bundle_shows_that_the_log_goes_on_from_an_earlier_checkpoint(season: StoredSeason, out: Path) -> None:
    earlier = issued(season.desk).signed
    signed = issued(played(season).desk).signed
    made(season, out, signed, unit="east", since=earlier)
    request = read_request(files(out)["consistency"])

    assert (request.old, request.signed) == (earlier.checkpoint.size, signed)
    assert request.leads_from(earlier.checkpoint.root)
    made(season, out.with_name("same.zip"), signed, since=signed)
    assert read_request(files(out.with_name("same.zip"))["consistency"]).hashes == ()


def test_a_policy_goes_along_as_it_was_written(season: StoredSeason, out: Path) -> None:
    text = f"# ours\nlog {key_of(season.desk)[0]}\nquorum none\n".encode()
    made(season, out, policy=(read_policy(text), text))

    assert files(out)["policy"] == text


def test_a_season_is_bundled_up_to_any_checkpoint_and_a_unit_only_where_its_end_is_on_record(
    season: StoredSeason, out: Path
) -> None:
    signed = signed_at(played(season), season.size())
    made(season, out, signed)

    assert len(leaves_of(out)) == signed.checkpoint.size
    with pytest.raises(NoHeads):
        made(season, out.with_name("unit.zip"), signed, unit="east")


# What is refused, and then there is no file


def refused(season: StoredSeason, out: Path, signed: Signed, **more: Any) -> Any:
    with pytest.raises(DaihoiError) as told:
        made(season, out, signed, **more)
    assert list(out.parent.iterdir()) == []
    return told.value


def test_a_checkpoint_that_the_log_does_not_hold_makes_no_bundle(season: StoredSeason, out: Path) -> None:
    true = issued(played(season).desk).signed
    size = true.checkpoint.size
    for wrong, why in (
        (signed_at(season, size, root=bytes(32)), "past"),
        (signed_at(season, size + 1, root=true.checkpoint.root), "longer"),
        (signed_at(season, size, origin="daihoi/other/live/0"), "other_log"),
    ):
        error = refused(season, out, wrong, unit="east")
        assert (type(error), error.why) == (NotContinued, why)
        error = refused(season, out, wrong)
        assert (type(error), error.why) == (NotContinued, why)


def test_a_log_that_does_not_go_on_from_the_earlier_checkpoint_makes_no_bundle(season: StoredSeason, out: Path) -> None:
    early = issued(season.desk).signed
    late = issued(played(season).desk).signed
    size = early.checkpoint.size
    for wrong, why in (
        (signed_at(season, size, root=bytes(32)), "past"),
        (signed_at(season, size, origin="daihoi/other/live/0"), "other_log"),
    ):
        assert refused(season, out, late, since=wrong).why == why
    error = refused(season, out, early, since=late)
    assert (error.why, error.size, error.kept) == ("longer", size, late.checkpoint.size)


def test_a_unit_that_joined_later_or_never_makes_no_bundle(season: StoredSeason, out: Path) -> None:
    signed = issued(season.desk).signed
    season.desk.submit(cmd.EnrolUnit(unit=NEW.code, actor=Actor(unit="city"), enrolled=NEW))
    issued(season.desk)

    assert isinstance(refused(season, out, signed, unit=NEW.code), NotInside)
    assert isinstance(refused(season, out, signed, unit="nobody"), NotInside)
    assert isinstance(refused(season, out, signed, unit=SEASON), UnknownUnit)


def test_what_the_policy_does_not_back_is_not_handed_on(season: StoredSeason, out: Path, tmp_path: Path) -> None:
    signed = issued(season.desk).signed
    public = key_of(season.desk)[0]
    witness = Cosigner("w.example", tmp_path)
    of_a_thief = key_of(season.desk, "stolen")[0]
    wrong = Signed(
        signed.checkpoint, attrs.evolve(signed.note, signatures=(attrs.evolve(signed.note.signatures[0], value=bytes(64)),))
    )

    def asked(signed: Signed, *lines: str) -> Any:
        text = "".join(f"{line}\n" for line in lines).encode()
        return refused(season, out, signed, policy=(read_policy(text), text))

    for error, why in (
        (asked(wrong, f"log {public}", "quorum none"), "wrong"),
        (asked(signed, f"log {of_a_thief}", "quorum none"), "nobody"),
        (asked(signed, f"log {public}", f"witness w {witness.public}", "quorum w"), "quorum"),
    ):
        assert (type(error), error.why) == (NotVouched, why)


def test_a_unit_whose_events_were_hidden_from_it_makes_no_bundle(stored: StoredSeason, path: Path, out: Path) -> None:
    """The columns are only indexes: an event that stands under another unit there would be left out."""
    signed = issued(played(stored).desk).signed
    with sqlite3.connect(path) as raw:
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute("UPDATE log SET unit = 'west', version = 99 WHERE unit = 'east' AND version = 3")
    raw.close()

    error = refused(stored, out, signed, unit="east")
    assert isinstance(error, Corrupt)


def test_a_bundle_is_never_made_over_another_file(season: StoredSeason, out: Path) -> None:
    signed = issued(season.desk).signed
    made(season, out, signed)
    before = out.read_bytes()

    def meanwhile(done: int, total: int) -> None:
        out.with_name("other.zip").write_bytes(b"mine")

    for file, progress in ((out, lambda *_: None), (out.with_name("other.zip"), meanwhile)):
        with pytest.raises(FileFailed) as told:
            season.desk.bundle(str(file), Contents(signed=signed), progress=progress)
        assert told.value.why == "exists"
    assert out.read_bytes() == before
    assert sorted(one.name for one in out.parent.iterdir()) == ["bundle.zip", "other.zip"]
    assert out.with_name("other.zip").read_bytes() == b"mine"


def test_whoever_breaks_it_off_leaves_nothing_behind(season: StoredSeason, out: Path) -> None:
    signed = issued(season.desk).signed

    def broken_off(done: int, total: int) -> None:
        assert [one.name.startswith(".bundle.zip.") for one in out.parent.iterdir()] == [True]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        season.desk.bundle(str(out), Contents(signed=signed), progress=broken_off)
    assert list(out.parent.iterdir()) == []
    made(season, out, signed)


def test_a_disk_that_is_full_is_told_and_nothing_is_left(
    season: StoredSeason, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed = issued(season.desk).signed

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert refused(season, out, signed).why == "write"


def test_an_archive_that_cannot_be_written_ends_with_that_error_and_no_other() -> None:
    class Full(BytesIO):
        def write(self, piece: Any) -> int:
            if self.tell() + len(piece) > 200:
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().write(piece)

    def fill() -> None:
        with Archive(Full()) as archive:
            for number in range(9):
                archive.add(f"{number}", os.urandom(100))

    with pytest.raises(OSError, match="No space"):
        fill()


# The command line


def signed_by_all(pilots: Shell, secret: list[str]) -> tuple[str, str]:
    """A checkpoint, `one`, cosigned; the public keys of the log and the witness, and a policy of both."""
    log = pilots("--format", "json", "key", "new", *secret).json["key"]["public"]
    mine = pilots("--format", "json", "key", "new", "--witness", "w.example/committee", *secret).json["key"]["public"]
    pilots("checkpoint", "--key", "daihoi.key", "--out", "zero", *secret)
    pilots("witness", "zero", "--key", "witness.key", "--state", "record", "--log", log, "--out", "one", *secret)
    (pilots.folder / "policy").write_text(f"log {log}\nwitness committee {mine}\nquorum committee\n", "utf-8")
    return log, mine


def test_the_command_makes_a_bundle_and_says_what_is_in_it(pilots: Shell, secret: list[str]) -> None:
    log, _ = signed_by_all(pilots, secret)
    common = ("--checkpoint", "one", "--policy", "policy")
    season = pilots("audit", "bundle", "season.zip", *common, "--since", "zero")
    unit = pilots("--format", "json", "audit", "bundle", "tay-ho.zip", "tây hồ", *common)
    vietnamese = pilots("--lang", "vi", "audit", "bundle", "ba-dinh.zip", "ba-dinh", *common)
    told = unit.json["bundle"]

    assert season.code == 0, season.err
    assert "Bundle of the season with 596 events, in season.zip." in season.out
    assert (told["scope"], told["unit"], told["file"], told["size"]) == ("unit", "tay-ho", "tay-ho.zip", 596)
    assert told["log"] == log.partition("+")[0]
    assert told["bytes"] == (pilots.folder / "tay-ho.zip").stat().st_size
    assert told["files"] == list(files(pilots.folder / "tay-ho.zip"))
    assert "Gói kiểm chứng của đơn vị ba-dinh với" in vietnamese.out
    held = files(pilots.folder / "season.zip")
    assert {"consistency", "policy", "README.txt", "DOC-TRUOC.txt"} <= held.keys()
    assert {name: held[name] for name in companions()} == companions()
    assert heads_hold(pilots.folder / "tay-ho.zip")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["out.zip"], 2, "E-USAGE"),
        (["one", "--checkpoint", "one"], 5, "is there already"),
        (["no/folder/out.zip", "--checkpoint", "one"], 5, "cannot be written"),
        (["out.zip", "--checkpoint", "policy"], 2, "E-AUDIT-FILE"),
        (["out.zip", "--checkpoint", "one", "--policy", "one"], 2, "E-AUDIT-FILE"),
        (["out.zip", "--checkpoint", "zero", "--policy", "policy"], 3, "committee is wanted"),
        (["out.zip", "nobody", "--checkpoint", "one"], 2, "E-UNIT"),
        (["out.zip", "season", "--checkpoint", "one"], 2, "E-UNIT"),
        (["--format", "csv", "out.zip", "--checkpoint", "one"], 2, "E-FORMAT"),
    ],
)
def test_a_slip_is_told_in_one_message(pilots: Shell, secret: list[str], arguments: list[str], code: int, said: str) -> None:
    signed_by_all(pilots, secret)
    ran = pilots("audit", "bundle", *arguments)

    assert (ran.code, said in " ".join(ran.err.split())) == (code, True), ran
    assert not (pilots.folder / "out.zip").exists()


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Make a new one: daihoi checkpoint --key FILE"), ("vi", "Tạo điểm chốt mới: daihoi checkpoint --key TỆP")],
)
def test_whoever_has_an_old_checkpoint_is_told_to_make_a_new_one(
    pilots: Shell, secret: list[str], language: str, said: str
) -> None:
    """As one was signed before heads were put on record: at a size where another event stands."""
    signed_by_all(pilots, secret)
    with Desk.open(pilots.folder / "daihoi.db", read_only=True) as desk:
        old = signed_at(StoredSeason(desk, None), 500)  # type: ignore[arg-type]  # nobody asks for the time
    (pilots.folder / "old").write_bytes(old.note.to_bytes())
    ran = pilots("--lang", language, "audit", "bundle", "out.zip", "tay-ho", "--checkpoint", "old")

    assert ran.code == 2
    assert said in " ".join(ran.err.split())


# What the verifier in it says


def asked(bundle: Path, *arguments: str) -> Any:
    """The bundle's own verifier, as a stranger runs it: no module of ours, and no setting."""
    verifier = bundle.parent / "verify.py"
    verifier.write_bytes(companions()["verify.py"])
    command = [sys.executable, "-I", str(verifier), str(bundle), "--json", *arguments]
    ran = subprocess.run(command, capture_output=True, check=False, env={"PATH": os.environ["PATH"]})
    told = json.loads(ran.stdout)
    assert ran.returncode == (0 if told["ok"] else 3), ran.stderr
    return told


def test_the_verifier_in_it_accepts_what_we_make_and_tells_where_every_unit_stands(pilots: Shell, secret: list[str]) -> None:
    signed_by_all(pilots, secret)
    pilots("--as", "hoang-mai", "record", "hoang-mai", "delegates_summoned", "150")
    proof = ("--proof", "two.proof", *secret)
    pilots("checkpoint", "--key", "daihoi.key", "--since", "one", "--out", "two.signed", *proof)
    pilots("witness", "two.signed", "--key", "witness.key", "--state", "record", "--out", "two", *proof)
    with Desk.open(pilots.folder / "daihoi.db", read_only=True) as desk:
        stands = {code: (desk.state_of(code), desk.version_of(code)) for code in desk.codes()}

    for unit in ([], ["tay-ho"]):
        out = pilots.folder / "-".join(["bundle", *unit])
        pilots("audit", "bundle", out.name, *unit, "--checkpoint", "two", "--policy", "policy", "--since", "one")
        told = asked(out, "--policy", str(pilots.folder / "policy"), "--checkpoint", str(pilots.folder / "one"))

        assert (told["ok"], told["problem"], told["size"]) == (True, None, 598)
        assert told["signed_by"] == [told["log"], "w.example/committee"]
        folded = {one["unit"]: (one["state"], one["version"]) for one in told["units"]}
        assert folded == {code: stands[code] for code in unit or stands}


def test_a_bundle_of_a_unit_with_its_last_event_left_out_is_refused(season: StoredSeason, out: Path) -> None:
    signed = issued(played(season).desk).signed
    made(season, out, signed, unit="east", companions=companions())
    whole = files(out)
    leaves = leaves_of(out)
    last = max((leaf for leaf in leaves if json.loads(leaf)["unit"] == "east"), key=lambda leaf: int(json.loads(leaf)["seq"]))
    del whole["manifest.json"], whole[f"proofs/{json.loads(last)['seq']}.tlog-proof"]
    whole["leaves.jsonl"] = b"".join(leaf + b"\n" for leaf in leaves if leaf != last)
    left_out = out.with_name("left-out.zip")
    with left_out.open("wb") as opened, Archive(opened) as archive:
        for name, content in whole.items():
            archive.add(name, content)
        archive.add("manifest.json", manifest(signed.checkpoint, "east", len(leaves) - 1, archive.files))

    assert asked(out)["ok"]
    assert asked(left_out)["problem"]["code"] == "heads"


# By hand


COMMANDS = re.compile(r"^    (?!python3 )(.*)$", re.MULTILINE)


@pytest.mark.parametrize(
    ("readme", "log_line", "witness_line", "same"),
    [
        ("README.txt", "THE LINE YOU WROTE DOWN", "THE LINE OF THE WITNESS", "The same log"),
        ("DOC-TRUOC.txt", "DÒNG BẠN ĐÃ CHÉP", "DÒNG CỦA BÊN CHỨNG KIẾN", "Đúng nhật ký ấy"),
    ],
)
def test_what_the_readme_says_to_type_verifies_the_signatures_and_nothing_else(
    pilots: Shell, secret: list[str], readme: str, log_line: str, witness_line: str, same: str
) -> None:
    log, mine = signed_by_all(pilots, secret)
    pilots("audit", "bundle", "tay-ho.zip", "tay-ho", "--checkpoint", "one")
    folder = pilots.folder / "unpacked"
    with ZipFile(pilots.folder / "tay-ho.zip") as archive:
        archive.extractall(folder)
    typed = "\n".join(COMMANDS.findall((folder / readme).read_text("utf-8")))
    assert (typed.count(log_line), typed.count(witness_line), typed.count("openssl pkeyutl")) == (1, 1, 2)

    def by_hand(log: str, mine: str) -> subprocess.CompletedProcess[str]:
        script = typed.replace(log_line, log).replace(witness_line, mine)
        return subprocess.run(["bash", "-e", "-c", script], cwd=folder, capture_output=True, text=True, check=False)

    good = by_hand(log, mine)
    assert asked(folder, "--key", log)["ok"], "what was done by hand has left nothing in the folder"
    assert good.returncode == 0, good.stderr
    assert good.stdout.splitlines() == ["Signature Verified Successfully", same, "Signature Verified Successfully"]
    stranger = Cosigner("w.example/committee", pilots.folder).public
    assert by_hand(log, str(stranger)).returncode != 0
    true = (folder / "checkpoint").read_bytes()
    (folder / "checkpoint").write_bytes(true.replace(b"\n596\n", b"\n595\n"))
    changed = by_hand(log, mine)
    assert (changed.returncode != 0, "Successfully" in changed.stdout) == (True, False)


def test_both_readmes_fit_a_narrow_window_and_say_the_same_commands() -> None:
    texts = {name: content.decode() for name, content in companions().items() if name.endswith(".txt")}
    openssl = [[one for one in COMMANDS.findall(text) if "'" not in one] for text in texts.values()]

    assert len(texts) == 2
    assert openssl[0] == openssl[1]
    for text in texts.values():
        assert all(len(line) <= 80 for line in text.splitlines() if not line.startswith("    "))
