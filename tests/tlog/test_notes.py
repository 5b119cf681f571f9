"""Signed notes and verifier keys, against the examples that their specifications and first implementation publish."""

from __future__ import annotations

from base64 import b64decode

import attrs
import pytest

from engine.tlog.malformed import Malformed
from engine.tlog.notes import (
    LOG,
    WITNESS,
    Note,
    NotSigned,
    Signature,
    VerifierKey,
    cosign,
    read_key,
    read_note,
    sign,
    signers,
)
from tests.tlog.signing import key, verify

# c2sp.org/signed-note, "Example"
FOO = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
FOO_NOTE = """This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
""".encode()

# golang.org/x/mod/sumdb/note
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NEUMANN_NOTE = """If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
""".encode()

# c2sp.org/tlog-cosignature; its keys are not published
COSIGNED = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
""".encode()


@pytest.mark.parametrize(("text", "note"), [(FOO, FOO_NOTE), (NEUMANN, NEUMANN_NOTE)])
def test_the_published_notes_are_signed_by_their_keys(text: str, note: bytes) -> None:
    public = read_key(text)

    assert str(public) == text
    assert read_note(note).to_bytes() == note
    assert signers(read_note(note), [public], verify) == {public: None}


def test_the_published_cosignature_is_taken_apart() -> None:
    note = read_note(COSIGNED)

    assert note.text.startswith("example.com/behind-the-sofa\n20852163\n")
    assert note.text.endswith("=\n")
    assert note.signatures[1].name == "witness.example.com/w1"
    assert int.from_bytes(note.signatures[1].value[:8], "big") == 1679315147
    assert note.to_bytes() == COSIGNED


def test_a_signature_and_a_cosignature_are_recognised_and_the_last_time_counts() -> None:
    log, private = key("log.example/one", LOG)
    witness, cosigning = key("audit.example", WITNESS)
    text = "log.example/one\n0\nroot\n"
    note = Note(text, (sign(text, log, private),))
    for at in (1_600_000_000, 1_700_000_000, 1_650_000_000):
        note = attrs.evolve(note, signatures=(*note.signatures, cosign(text, witness, cosigning, at)))

    assert signers(read_note(note.to_bytes()), [log, witness], verify) == {log: None, witness: 1_700_000_000}


def test_what_strangers_signed_is_passed_over_and_what_a_known_key_did_not_sign_spoils_the_note() -> None:
    known, private = key("a.example", LOG)
    stranger, other = key("a.example", LOG, "of the same name")
    text = "hello\n"

    assert signers(Note(text, (sign(text, stranger, other),)), [known], verify) == {}
    assert signers(Note(text, (sign(text, known, private), sign("no", stranger, other))), [known], verify) == {known: None}
    with pytest.raises(NotSigned) as spoilt:
        signers(Note(text, (sign(text, known, private), sign("hullo\n", known, private))), [known], verify)
    assert spoilt.value.name == "a.example"


def test_a_known_id_under_another_name_is_a_stranger_and_so_is_a_known_name_with_another_id() -> None:
    known, private = key("a.example", LOG)
    made = sign("hello\n", known, private)
    others = Signature("b.example", made.key_id, made.value), Signature(made.name, b"\0\0\0\0", made.value)

    assert signers(Note("hello\n", others), [known], verify) == {}


def test_a_cosignature_does_not_pass_for_a_signature_nor_one_time_for_another() -> None:
    witness, cosigning = key("w.example", WITNESS)
    as_log = VerifierKey(witness.name, LOG, witness.public)
    made = cosign("text\n", witness, cosigning, 7)
    later = Signature(made.name, made.key_id, (8).to_bytes(8, "big") + made.value[8:])
    renamed = Signature(made.name, as_log.id, made.value[8:])

    for signature, public in ((later, witness), (renamed, as_log)):
        with pytest.raises(NotSigned):
            signers(Note("text\n", (signature,)), [public], verify)


@pytest.mark.parametrize("at", [-1, 2**63])
def test_a_time_that_a_cosignature_cannot_hold_is_not_signed(at: int) -> None:
    witness, cosigning = key("w.example", WITNESS)
    with pytest.raises(ValueError, match="not a time"):
        cosign("text\n", witness, cosigning, at)


@pytest.mark.parametrize("at", [0, 1, 2**63 - 1])
def test_a_time_that_a_cosignature_can_just_hold_is_signed_and_recognised(at: int) -> None:
    witness, cosigning = key("w.example", WITNESS)

    assert signers(Note("text\n", (cosign("text\n", witness, cosigning, at),)), [witness], verify) == {witness: at}


def test_a_signature_is_by_the_key_whose_name_and_id_it_bears() -> None:
    mine, private = key("a.example", LOG)
    made = sign("text\n", mine, private)

    assert made.is_by(mine)
    assert not made.is_by(key("a.example", LOG, "of the same name")[0])


def test_a_time_beyond_every_clock_spoils_a_cosignature_even_if_it_was_signed() -> None:
    witness, cosigning = key("w.example", WITNESS)
    at = 2**63
    value = at.to_bytes(8, "big") + cosigning(f"cosignature/v1\ntime {at}\ntext\n".encode())

    with pytest.raises(NotSigned):
        signers(Note("text\n", (Signature(witness.name, witness.id, value),)), [witness], verify)


def test_a_cosignature_is_laid_out_as_the_specification_says() -> None:
    witness, cosigning = key("w.example", WITNESS)
    made = cosign("text\n", witness, cosigning, 1_679_315_147)

    assert made.value[:8] == (1_679_315_147).to_bytes(8, "big")
    assert made.value[8:] == cosigning(b"cosignature/v1\ntime 1679315147\ntext\n")


def test_a_key_says_in_its_first_byte_what_it_signs() -> None:
    kinds = [b64decode(str(key("a.example", kind)[0]).split("+", 2)[2])[0] for kind in (LOG, WITNESS)]

    assert kinds == [1, 4]


@pytest.mark.parametrize("length", [0, 8, 63, 65, 73])
@pytest.mark.parametrize("kind", [LOG, WITNESS])
def test_a_signature_of_another_length_is_none(length: int, kind: int) -> None:
    public, _ = key("w.example", kind)
    with pytest.raises(NotSigned):
        signers(Note("text\n", (Signature(public.name, public.id, bytes(length)),)), [public], verify)


@pytest.mark.parametrize(
    ("raw", "fault", "line"),
    [
        (b"", "no_signatures", None),
        (b"text\n", "no_signatures", None),
        (b"text\n\n", "no_signatures", None),
        ("text\n\n— a YWFhYWE=".encode(), "no_signatures", None),
        (b"text\n\n- a YWFhYWE=\n", "signature_line", 3),
        ("text\n\n— a\n".encode(), "signature_line", 3),
        ("text\n\n—  YWFhYWE=\n".encode(), "signature_line", 3),
        ("text\n\n— a+b YWFhYWE=\n".encode(), "signature_line", 3),
        ("text\n\n— a\u00a0b YWFhYWE=\n".encode(), "signature_line", 3),
        ("text\n\n— a YWFhYWE=\n— a YWFhYQ==\n".encode(), "signature_line", 4),
        ("text\n\n— a YWFhYWE= \n".encode(), "base64", 3),
        ("text\n\n— a YWFhYWE\n".encode(), "base64", 3),
        ("text\n\n— a YWFhYWF=\n".encode(), "base64", 3),
        ("te\txt\n\n— a YWFhYWE=\n".encode(), "control", 1),
        ("text\r\n\n— a YWFhYWE=\n".encode(), "control", 1),
        (b"one\nt\xc3(wo\n\n", "not_utf8", 2),
        (b"\nt\xc3(wo\n\n", "not_utf8", 2),
        ("\nt\two\n\n— a YWFhYWE=\n".encode(), "control", 2),
        (b"t\n\n" + "— a YWFhYWE=\n".encode() * 101, "too_many", 103),
        (b"x" * 1_000_001, "too_long", None),
    ],
)
def test_what_is_no_note_is_told_with_its_line(raw: bytes, fault: str, line: int | None) -> None:
    with pytest.raises(Malformed) as told:
        read_note(raw)
    assert (told.value.form, told.value.fault, told.value.line) == ("note", fault, line)


def test_a_text_may_have_empty_lines_and_the_last_of_them_ends_it() -> None:
    raw = "one\n\n\ntwo\n\n— a YWFhYWE=\n".encode()

    assert read_note(raw).text == "one\n\n\ntwo\n"
    assert read_note(raw).to_bytes() == raw


@pytest.mark.parametrize("many", [16, 100])
def test_sixteen_signatures_are_read_and_a_hundred(many: int) -> None:
    assert len(read_note(b"t\n\n" + "— a YWFhYWE=\n".encode() * many).signatures) == many


def test_a_note_of_a_million_bytes_is_not_too_long() -> None:
    end = "\n\n— a YWFhYWE=\n".encode()
    raw = b"x" * (1_000_000 - len(end)) + end

    assert read_note(raw).to_bytes() == raw


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "parts"),
        ("a+00000000", "parts"),
        (FOO.replace("example.com/foo", ""), "name"),
        (FOO.replace("/", " "), "name"),
        (FOO.replace("530d903a", "530d903b"), "key_id"),
        (FOO.replace("530d903a", "530D903A"), "key_id"),
        (FOO.replace("foo", "bar"), "key_id"),
        (FOO[:-1], "base64"),
        (FOO.replace("+Aek", "+Aek\n"), "base64"),
        ("a+00000000+AQ==", "key_length"),
        (FOO.replace("+Aek", "+Buk"), "kind"),
        ("a+00000000+", "kind"),
    ],
)
def test_what_is_no_verifier_key_is_not_taken_for_one(text: str, fault: str) -> None:
    with pytest.raises(Malformed) as told:
        read_key(text)
    assert (told.value.form, told.value.fault) == ("vkey", fault)
