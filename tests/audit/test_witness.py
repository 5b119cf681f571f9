"""A witness cosigns what goes on from what it knows, and nothing else."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest

from engine.tlog.checkpoints import Checkpoint, Request, Signed, read_signed
from engine.tlog.notes import LOG, Note, read_key, sign, signers
from engine.tlog.proofs import consistency, roots
from store.audit.errors import BadFile, NotCosigned, NotVouched, WrongKey
from store.audit.witness import Kept, read_record
from tests.audit.keyring import TIME, Cosigner, issued, key_of
from tests.cli.conftest import Shell
from tests.store.seasons import StoredSeason
from tests.tlog.forgeries import HASHES, LOG_KEY, LOG_PRIVATE, OF_OTHERS, ROOT
from tests.tlog.signing import key, verify


def signed(size: int, root: bytes | None = None) -> Signed:
    checkpoint = Checkpoint(LOG_KEY.name, size, ROOT[size] if root is None else root)
    return Signed(checkpoint, Note(checkpoint.text, (sign(checkpoint.text, LOG_KEY, LOG_PRIVATE),)))


def request(old: int, new: Signed) -> Request:
    return Request(old, roots(consistency(old, new.checkpoint.size), HASHES), new)


@pytest.fixture
def cosigner(tmp_path: Path) -> Cosigner:
    return Cosigner("audit.example/committee", tmp_path)


@pytest.fixture
def knowing(cosigner: Cosigner) -> Cosigner:
    """A witness that cosigned 20 entries of the log."""
    cosigner.witness.cosign(signed(20), LOG_KEY)
    return cosigner


def test_what_it_cosigns_says_when_and_is_kept_on_one_line(cosigner: Cosigner) -> None:
    done = cosigner.witness.cosign(signed(20), LOG_KEY)

    assert done.before is None
    assert signers(read_signed(done.signed.note.to_bytes()).note, [LOG_KEY, cosigner.public], verify) == {
        LOG_KEY: None,
        cosigner.public: TIME,
    }
    assert read_record(cosigner.record.read_bytes()) == {LOG_KEY.name: Kept(LOG_KEY, 20, ROOT[20], TIME)}
    assert cosigner.record.read_text("utf-8").count("\n") == 1


def test_what_goes_on_is_cosigned_and_what_was_kept_is_replaced(knowing: Cosigner) -> None:
    new = signed(33)
    knowing.now = TIME + 60
    done = knowing.witness.cosign(new, proof=request(20, new))

    assert done.before == 20
    assert read_record(knowing.record.read_bytes()) == {LOG_KEY.name: Kept(LOG_KEY, 33, ROOT[33], TIME + 60)}


def test_the_same_checkpoint_is_cosigned_again_with_one_line(knowing: Cosigner) -> None:
    once = knowing.witness.cosign(signed(20)).signed
    knowing.now = TIME + 60
    twice = knowing.witness.cosign(once).signed

    assert [s.name for s in twice.note.signatures] == [LOG_KEY.name, knowing.public.name]
    assert signers(twice.note, [knowing.public], verify) == {knowing.public: TIME + 60}


def test_a_clock_that_went_back_does_not_take_the_time_back(knowing: Cosigner) -> None:
    knowing.now = TIME - 86_400
    assert signers(knowing.witness.cosign(signed(20)).signed.note, [knowing.public], verify) == {knowing.public: TIME}


def refused(cosigner: Cosigner, why: str, new: Signed, proof: Request | None = None) -> None:
    before = cosigner.record.read_bytes()
    with pytest.raises(NotCosigned) as told:
        cosigner.witness.cosign(new, proof=proof)
    assert told.value.why == why
    assert cosigner.record.read_bytes() == before


def test_what_does_not_go_on_is_refused_and_the_record_stays(knowing: Cosigner) -> None:
    new = signed(33)
    rewritten = signed(33, OF_OTHERS[3])

    refused(knowing, "older", signed(19), request(19, signed(19)))
    refused(knowing, "forked", signed(20, OF_OTHERS[3]))
    refused(knowing, "no_proof", new)
    refused(knowing, "other_proof", new, request(20, signed(34)))
    refused(knowing, "other_size", new, request(19, new))
    refused(knowing, "other_size", new, Request(0, (), new))
    refused(knowing, "past", new, Request(20, request(20, new).hashes[1:], new))
    refused(knowing, "past", rewritten, Request(20, request(20, new).hashes, rewritten))


def test_a_log_is_new_once_and_then_has_its_key(knowing: Cosigner) -> None:
    thief, private = key(LOG_KEY.name, LOG, "stolen")
    forged = attrs.evolve(signed(33), note=Note(signed(33).note.text, (sign(signed(33).note.text, thief, private),)))
    with pytest.raises(NotCosigned) as told:
        knowing.witness.cosign(forged, thief, request(20, forged))
    assert told.value.why == "other_key"
    with pytest.raises(NotVouched):
        knowing.witness.cosign(forged, proof=request(20, forged))


def test_an_unknown_log_is_not_cosigned_without_its_key(cosigner: Cosigner) -> None:
    for given in (None, key("log.example/two", LOG)[0]):
        with pytest.raises(NotCosigned) as told:
            cosigner.witness.cosign(signed(20), given)
        assert (told.value.why, told.value.kept) == ("unknown", 0)
    with pytest.raises(WrongKey):
        cosigner.witness.cosign(signed(20), cosigner.public)
    assert not cosigner.record.exists()


@pytest.mark.parametrize(("now", "at"), [(-5, 0), (0, 0), (7, 7)])
def test_a_clock_before_1970_cosigns_at_its_beginning(cosigner: Cosigner, now: int, at: int) -> None:
    cosigner.now = now
    cosigner.witness.cosign(signed(20), LOG_KEY)

    assert read_record(cosigner.record.read_bytes())[LOG_KEY.name].at == at


def test_what_is_not_signed_as_it_stands_is_not_cosigned(cosigner: Cosigner) -> None:
    true = signed(20)
    changed = Signed(signed(21).checkpoint, attrs.evolve(true.note, text=signed(21).note.text))
    with pytest.raises(NotVouched) as told:
        cosigner.witness.cosign(changed, LOG_KEY)
    assert told.value.why == "wrong"
    assert not cosigner.record.exists()


def test_two_at_one_record_do_not_overwrite_each_other(knowing: Cosigner) -> None:
    new, newer = signed(33), signed(34)
    slow = attrs.evolve(knowing.witness, unlock=lambda: overtaken(knowing, newer))
    with pytest.raises(NotCosigned) as told:
        slow.cosign(new, proof=request(20, new))
    assert told.value.why == "busy"
    assert read_record(knowing.record.read_bytes())[LOG_KEY.name].size == 34


def overtaken(cosigner: Cosigner, newer: Signed):  # type: ignore[no-untyped-def]  # a private key, which nobody uses
    cosigner.witness.cosign(newer, proof=request(20, newer))
    return LOG_PRIVATE


@pytest.mark.parametrize(
    ("line", "fault", "place"),
    [
        (b"x", "no_newline", 1),
        (b"x\ny", "no_newline", 2),
        (b"x\n", "state_line", 1),
        (b"\n", "state_line", 1),
        (b"a b c d\n", "parts", 1),
        (f"{LOG_KEY} 01 x 1\n".encode(), "number", 1),
        (f"{LOG_KEY} 1 x 1\n".encode(), "base64", 1),
        (b"\xff\n", "not_utf8", None),
    ],
)
def test_a_record_that_was_damaged_is_not_taken_for_an_empty_one(
    cosigner: Cosigner, line: bytes, fault: str, place: int | None
) -> None:
    cosigner.record.write_bytes(line)
    with pytest.raises(BadFile) as told:
        cosigner.witness.cosign(signed(20), LOG_KEY)
    assert (told.value.form, told.value.fault, told.value.line) == ("state", fault, place)
    assert cosigner.record.read_bytes() == line


def test_several_logs_are_kept_beside_each_other(knowing: Cosigner, season: StoredSeason) -> None:
    public, _ = key_of(season.desk)
    knowing.witness.cosign(issued(season.desk).signed, public)

    assert list(read_record(knowing.record.read_bytes())) == [LOG_KEY.name, public.name]


def test_a_season_is_witnessed_from_checkpoint_to_checkpoint(season: StoredSeason, tmp_path: Path) -> None:
    public, _ = key_of(season.desk)
    cosigner = Cosigner("w.example", tmp_path)
    last = cosigner.witness.cosign(issued(season.desk).signed, public).signed
    for unit in ("north", "south"):
        season.submitted(unit)
        later = issued(season.desk, since=last)
        last = cosigner.witness.cosign(later.signed, proof=later.request).signed

    assert read_record(cosigner.record.read_bytes())[public.name].size == season.size()


# The command line


def test_the_office_and_the_witness_exchange_files(pilots: Shell, secret: list[str]) -> None:
    log = pilots("--format", "json", "key", "new", *secret).json["key"]["public"]
    mine = read_key(pilots("--format", "json", "key", "new", "--witness", "w.example", *secret).json["key"]["public"])
    signing, cosigning = ["--key", "daihoi.key", *secret], ["--key", "witness.key", "--state", "record", *secret]
    pilots("checkpoint", "--out", "one", *signing)
    unknown = pilots("witness", "one", *cosigning)
    first = pilots("witness", "one", "--log", log, "--out", "one.cosigned", *cosigning)
    pilots("--as", "hoang-mai", "record", "hoang-mai", "delegates_summoned", "150")
    pilots("checkpoint", "--out", "two", "--since", "one.cosigned", "--proof", "two.proof", *signing)
    unproven = pilots("witness", "two", *cosigning)
    second = pilots("--format", "json", "witness", "two", "--proof", "two.proof", "--out", "two.cosigned", *cosigning)
    older = pilots("--lang", "vi", "witness", "one", *cosigning)

    assert (unknown.code, "--log KEY" in unknown.err) == (3, True)
    assert first.code == 0, first.err
    assert "was new to you" in first.out
    assert (unproven.code, "without a proof" in unproven.err.replace("\n", " ")) == (3, True)
    assert second.code == 0, second.err
    assert second.json["checkpoint"]["before"] == read_signed((pilots.folder / "one").read_bytes()).checkpoint.size
    assert (older.code, "Chưa ký gì" in older.err) == (3, True)
    cosigned = read_signed((pilots.folder / "two.cosigned").read_bytes())
    assert set(signers(cosigned.note, [read_key(log), mine], verify)) == {read_key(log), mine}


def test_a_public_key_that_is_none_is_told(pilots: Shell, secret: list[str]) -> None:
    pilots("key", "new", "--witness", "w.example", *secret)
    (pilots.folder / "one").write_bytes(signed(3).note.to_bytes())
    ran = pilots("witness", "one", "--key", "witness.key", "--state", "record", "--log", "nonsense", *secret)

    assert (ran.code, "it has three parts" in ran.err.replace("\n", " ")) == (2, True)
