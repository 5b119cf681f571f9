"""Keys: locked in a file of their owner's alone, named for what they may sign."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

import store.audit
from engine.tlog.notes import LOG, WITNESS, Note, read_key, sign, signers
from store.audit.errors import BadFile, FileFailed, Passphrase
from store.audit.keys import make_key, read_locked, unlock, verify
from store.errors import PackageMissing
from tests.audit.conftest import PASSPHRASE
from tests.cli.conftest import Shell


def test_a_key_signs_what_its_public_half_verifies(tmp_path: Path) -> None:
    file = str(tmp_path / "a.key")
    public = make_key("audit.example", LOG, file, PASSPHRASE)
    locked = read_locked(file)
    private = unlock(locked, PASSPHRASE)

    assert locked.public == public == read_key(str(public))
    assert signers(Note("text\n", (sign("text\n", public, private),)), [public], verify) == {public: None}
    assert not verify(public.public, b"another text\n", private(b"text\n"))


def test_two_keys_are_never_the_same(tmp_path: Path) -> None:
    made = {make_key("one.example", WITNESS, str(tmp_path / name), PASSPHRASE).public for name in "abc"}
    assert len(made) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="NOT TRIED: Windows keeps who may read a file elsewhere")
def test_only_its_owner_may_read_a_key(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        make_key("a.example", LOG, str(tmp_path / "a.key"), PASSPHRASE)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.key").stat().st_mode) == 0o600


def test_the_private_half_is_locked_as_openssl_locks_it(tmp_path: Path) -> None:
    make_key("a.example", LOG, str(tmp_path / "a.key"), PASSPHRASE)
    text = (tmp_path / "a.key").read_text("utf-8")

    assert text.splitlines()[1] == "-----BEGIN ENCRYPTED PRIVATE KEY-----"
    for passphrase, code in ((PASSPHRASE, 0), ("another passphrase", 1)):
        told = subprocess.run(
            ["openssl", "pkey", "-in", str(tmp_path / "a.key"), "-passin", f"pass:{passphrase}", "-noout"],
            capture_output=True,
            check=False,
        )
        assert told.returncode == code, told.stderr


def test_a_passphrase_is_the_same_however_a_keyboard_composes_it(tmp_path: Path) -> None:
    make_key("a.example", LOG, str(tmp_path / "a.key"), unicodedata.normalize("NFD", PASSPHRASE))
    assert unlock(read_locked(str(tmp_path / "a.key")), unicodedata.normalize("NFC", PASSPHRASE))(b"text")


def test_another_passphrase_opens_nothing(tmp_path: Path) -> None:
    file = str(tmp_path / "a.key")
    make_key("a.example", LOG, file, PASSPHRASE)
    for wrong in ("", PASSPHRASE[:-1], f"{PASSPHRASE} ", PASSPHRASE.upper()):
        with pytest.raises(Passphrase) as told:
            unlock(read_locked(file), wrong)
        assert told.value.why == "wrong"


def test_a_short_passphrase_and_a_name_that_cannot_be_written_make_no_key(tmp_path: Path) -> None:
    file = tmp_path / "a.key"
    with pytest.raises(Passphrase):
        make_key("a.example", LOG, str(file), "11 letters.")
    for name in ("", "a b", "a+b", "a\nb"):
        with pytest.raises(BadFile):
            make_key(name, LOG, str(file), PASSPHRASE)
    assert not file.exists()
    assert make_key("a.example", LOG, str(file), "12 letters..") == read_locked(str(file)).public


def test_what_is_locked_is_not_printed_by_whoever_prints_the_key(tmp_path: Path) -> None:
    make_key("a.example", LOG, str(tmp_path / "a.key"), PASSPHRASE)

    assert "PRIVATE" not in repr(read_locked(str(tmp_path / "a.key")))


def test_a_key_is_never_written_over(tmp_path: Path) -> None:
    file = tmp_path / "a.key"
    make_key("a.example", LOG, str(file), PASSPHRASE)
    before = file.read_bytes()
    with pytest.raises(FileFailed) as told:
        make_key("a.example", LOG, str(file), PASSPHRASE)
    assert told.value.why == "exists"
    assert file.read_bytes() == before


def test_a_key_whose_two_halves_do_not_belong_together_does_not_sign(tmp_path: Path) -> None:
    one, other = tmp_path / "one.key", tmp_path / "other.key"
    make_key("a.example", LOG, str(one), PASSPHRASE)
    make_key("b.example", LOG, str(other), PASSPHRASE)
    mixed = tmp_path / "mixed.key"
    mixed.write_bytes(one.read_bytes().splitlines(keepends=True)[0] + b"".join(other.read_bytes().splitlines(keepends=True)[1:]))
    with pytest.raises(BadFile) as told:
        unlock(read_locked(str(mixed)), PASSPHRASE)
    assert told.value.fault == "other_key"


@pytest.mark.parametrize(
    ("raw", "fault", "line"),
    [
        (b"", "no_private_key", 2),
        (b"a\nb", "no_private_key", 2),
        (b"a\n-----BEGIN x", "parts", 1),
        (b"\xff\n-----BEGIN x", "not_utf8", 1),
    ],
)
def test_what_is_no_key_file_is_told(tmp_path: Path, raw: bytes, fault: str, line: int) -> None:
    (tmp_path / "a.key").write_bytes(raw)
    with pytest.raises(BadFile) as told:
        read_locked(str(tmp_path / "a.key"))
    assert (told.value.form, told.value.fault, told.value.line) == ("key", fault, line)


def test_without_the_package_one_is_told_what_to_install(
    pilots: Shell, secret: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "store.audit.ed25519", None)
    monkeypatch.delattr(store.audit, "ed25519", raising=False)
    with pytest.raises(PackageMissing):
        verify(b"", b"", b"")
    ran = pilots("key", "new", *secret)

    assert (ran.code, "Error (E-PACKAGE)" in ran.err) == (5, True)
    assert 'pip install "daihoi[audit]"' in ran.err
    assert not (pilots.folder / "daihoi.key").exists()


def test_the_key_of_a_log_has_the_name_of_the_log(pilots: Shell, secret: list[str]) -> None:
    ran = pilots("--format", "json", "key", "new", *secret)
    made = ran.json["key"]

    assert ran.code == 0
    assert made["kind"] == "log"
    assert made["file"] == "daihoi.key"
    assert made["name"].startswith("daihoi/")
    assert made["name"].split("/")[2] == "two-pilots"
    assert len(made["name"].split("/")[3]) == 32
    assert read_key(made["public"]).kind == LOG
    assert pilots("--format", "json", "key", "show", "daihoi.key").json["key"] == made


def test_the_key_of_a_witness_has_the_name_it_is_given_and_needs_no_season(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "p").write_bytes("\ufeffa long passphrase\r\n".encode())
    ran = shell("key", "new", "--witness", "audit.example/committee", "--out", "w.key", "--passphrase-file", "p")

    assert ran.code == 0
    assert ran.out.splitlines()[0] == "Key of the witness audit.example/committee, in w.key. Its public half:"
    assert read_key(ran.out.splitlines()[1]).kind == WITNESS
    assert unlock(read_locked(str(tmp_path / "w.key")), "a long passphrase")(b"text")


def test_a_descriptor_may_hold_the_passphrase(shell: Shell, tmp_path: Path) -> None:
    reading, writing = os.pipe()
    try:
        os.write(writing, f"{PASSPHRASE}\n".encode())
        os.close(writing)
        assert shell("key", "new", "--witness", "w.example", "--passphrase-fd", str(reading)).code == 0
    finally:
        os.close(reading)
    assert unlock(read_locked(str(tmp_path / "witness.key")), PASSPHRASE)(b"text")


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        ([], 2, "E-PASSPHRASE"),
        (["--passphrase-fd", "999"], 5, "E-FILE"),
        (["--passphrase-file", "none"], 2, "E-USAGE"),
        (["--passphrase-file", "short"], 2, "at least"),
        (["--passphrase-file", "short", "--passphrase-fd", "0"], 2, "E-USAGE"),
    ],
)
def test_without_a_passphrase_there_is_one_message_and_no_key(shell: Shell, options: list[str], code: int, said: str) -> None:
    Path(shell.folder, "short").write_text("short\n", "utf-8")
    ran = shell.process("key", "new", "--witness", "w.example", *options)

    assert ran.code == code
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert not Path(shell.folder, "witness.key").exists()


def test_a_key_file_that_is_there_is_told_before_anybody_types_a_passphrase(shell: Shell) -> None:
    Path(shell.folder, "witness.key").write_text("mine", "utf-8")
    ran = shell("key", "new", "--witness", "w.example")

    assert (ran.code, "E-FILE" in ran.err) == (5, True)
    assert Path(shell.folder, "witness.key").read_text("utf-8") == "mine"
