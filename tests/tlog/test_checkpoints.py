"""Checkpoints, entry proofs and requests: read strictly, and written the same bytes."""

from __future__ import annotations

import attrs
import pytest

from engine.merkle import EMPTY_ROOT, Frontier, leaf_hash
from engine.tlog.checkpoints import (
    Checkpoint,
    EntryProof,
    Request,
    Signed,
    read_checkpoint,
    read_entry_proof,
    read_request,
    read_signed,
)
from engine.tlog.malformed import Malformed, base64_of
from engine.tlog.notes import LOG, Note, sign
from engine.tlog.proofs import MOST_HASHES, consistency, inclusion, roots
from tests.tlog.signing import key
from tests.tlog.test_notes import COSIGNED

LEAVES = [f"leaf {number}".encode() for number in range(7)]
HASHES = [leaf_hash(leaf) for leaf in LEAVES]
KEY, PRIVATE = key("log.example/one", LOG)


def root(size: int) -> bytes:
    return Frontier().extend(HASHES[:size]).root()


def signed(size: int = len(LEAVES)) -> Signed:
    checkpoint = Checkpoint(KEY.name, size, root(size))
    return Signed(checkpoint, Note(checkpoint.text, (sign(checkpoint.text, KEY, PRIVATE),)))


def entry(index: int = 4) -> EntryProof:
    return EntryProof(index, roots(inclusion(index, len(LEAVES)), HASHES), signed(), LEAVES[index])


def request(old: int = 3) -> Request:
    return Request(old, roots(consistency(old, len(LEAVES)), HASHES), signed())


def test_the_published_checkpoint_is_read() -> None:
    read = read_signed(COSIGNED).checkpoint

    assert (read.origin, read.size, read.extensions) == ("example.com/behind-the-sofa", 20852163, ())
    assert base64_of(read.root) == "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="


def test_extensions_are_kept() -> None:
    made = Checkpoint("o", 0, EMPTY_ROOT, ("one", "two words"))

    assert made.text == f"o\n0\n{base64_of(EMPTY_ROOT)}\none\ntwo words\n"
    assert read_checkpoint(made.text) == made


@pytest.mark.parametrize(
    ("text", "fault", "line"),
    [
        ("", "too_short", None),
        ("o\n1\n", "too_short", None),
        (f"o\n1\n{base64_of(EMPTY_ROOT)}", "too_short", None),
        (f"\n1\n{base64_of(EMPTY_ROOT)}\n", "empty_line", 1),
        (f"o\n1\n{base64_of(EMPTY_ROOT)}\n\n", "empty_line", 4),
        (f"o\n01\n{base64_of(EMPTY_ROOT)}\n", "number", 2),
        (f"o\n+1\n{base64_of(EMPTY_ROOT)}\n", "number", 2),
        (f"o\n-1\n{base64_of(EMPTY_ROOT)}\n", "number", 2),
        (f"o\n٣\n{base64_of(EMPTY_ROOT)}\n", "number", 2),
        (f"o\n1 \n{base64_of(EMPTY_ROOT)}\n", "number", 2),
        (f"o\n{2**63}\n{base64_of(EMPTY_ROOT)}\n", "number", 2),
        (f"o\n{'9' * 5000}\n{base64_of(EMPTY_ROOT)}\n", "number", 2),
        ("o\n1\nYWFh\n", "hash", 3),
        ("o\n1\nnothing\n", "base64", 3),
        (f"o\n0\n{base64_of(HASHES[0])}\n", "empty_root", 3),
    ],
)
def test_what_is_no_checkpoint_is_told_with_its_line(text: str, fault: str, line: int | None) -> None:
    with pytest.raises(Malformed) as told:
        read_checkpoint(text)
    assert (told.value.form, told.value.fault, told.value.line) == ("checkpoint", fault, line)


@pytest.mark.parametrize("index", range(len(LEAVES)))
def test_an_entry_proof_carries_its_leaf_and_is_written_as_it_was_read(index: int) -> None:
    made = entry(index)
    read = read_entry_proof(made.to_bytes())

    assert read == made
    assert read.to_bytes() == made.to_bytes()
    assert read.extra == LEAVES[index]
    assert read.holds(LEAVES[index])
    assert not read.holds(LEAVES[index - 1])


def test_an_entry_proof_may_leave_its_leaf_at_home() -> None:
    made = attrs.evolve(entry(4), extra=None)
    read = read_entry_proof(made.to_bytes())

    assert read == made
    assert made.to_bytes().startswith(b"c2sp.org/tlog-proof@v1\nindex 4\n")
    assert read.holds(LEAVES[4])


@pytest.mark.parametrize(("lines", "line"), [("c2sp.org/tlog-proof@v1\n", 2), ("c2sp.org/tlog-proof@v1\nextra AA==\n", 3)])
def test_of_an_entry_proof_that_ends_too_early_the_next_line_is_missed(lines: str, line: int) -> None:
    raw = f"{lines}\n".encode() + entry(4).signed.note.to_bytes()

    with pytest.raises(Malformed) as told:
        read_entry_proof(raw)
    assert (told.value.fault, told.value.line) == ("missing_field", line)


def test_an_entry_proof_looks_as_the_specification_shows_it() -> None:
    lines = entry(4).to_bytes().decode().split("\n")

    assert lines[:3] == ["c2sp.org/tlog-proof@v1", f"extra {base64_of(LEAVES[4])}", "index 4"]
    assert lines[3:7] == [base64_of(one) for one in entry(4).hashes] + [""]
    assert lines[7:9] == ["log.example/one", "7"]


@pytest.mark.parametrize("old", range(len(LEAVES) + 1))
def test_a_request_leads_from_the_log_it_names_and_is_written_as_it_was_read(old: int) -> None:
    made = request(old)
    read = read_request(made.to_bytes())

    assert read == made
    assert read.to_bytes() == made.to_bytes()
    assert read.leads_from(root(old))
    assert not read.leads_from(root(old - 1) if old else root(1))


@pytest.mark.parametrize(
    ("old", "new", "form", "fault", "line"),
    [
        ("@v1", "@v2", "proof", "head", 1),
        ("index 4", "index 04", "proof", "number", 3),
        ("index 4\n", "", "proof", "missing_field", 3),
        ("index 4", "index\u00a04", "proof", "not_ascii", 3),
        ("extra ", "extra =", "proof", "base64", 2),
        ("\n\nlog", "\nlog", "note", "no_signatures", None),
        ("\n\nlog.example/one\n7\n", "\n\nlog.example/one\n7x\n", "checkpoint", "number", 9),
    ],
)
def test_what_is_no_entry_proof_is_told_with_its_line(old: str, new: str, form: str, fault: str, line: int | None) -> None:
    raw = entry(4).to_bytes().decode()
    assert old in raw
    with pytest.raises(Malformed) as told:
        read_entry_proof(raw.replace(old, new, 1).encode())
    assert (told.value.form, told.value.fault, told.value.line) == (form, fault, line)


@pytest.mark.parametrize("place", range(3))
def test_a_hash_that_is_none_is_told_with_its_line(place: int) -> None:
    proof, asked = entry(4).to_bytes().decode().split("\n"), request(3).to_bytes().decode().split("\n")
    proof[3 + place] = asked[1 + place] = "AAAA"

    with pytest.raises(Malformed) as in_proof:
        read_entry_proof("\n".join(proof).encode())
    with pytest.raises(Malformed) as in_request:
        read_request("\n".join(asked).encode())
    assert (in_proof.value.fault, in_proof.value.line) == ("hash", 4 + place)
    assert (in_request.value.fault, in_request.value.line) == ("hash", 2 + place)


def test_a_file_holds_as_many_hashes_as_the_tallest_tree_needs() -> None:
    hashes = f"{base64_of(EMPTY_ROOT)}\n".encode() * MOST_HASHES

    assert len(read_request(b"old 1\n" + hashes + b"\n" + COSIGNED).hashes) == MOST_HASHES
    assert len(read_entry_proof(b"c2sp.org/tlog-proof@v1\nindex 1\n" + hashes + b"\n" + COSIGNED).hashes) == MOST_HASHES


def test_a_size_is_a_number_of_sixty_three_bits() -> None:
    text = "log.example/one\n{}\n" + f"{base64_of(EMPTY_ROOT)}\n"

    assert read_checkpoint(text.format(2**63 - 1)).size == 2**63 - 1
    with pytest.raises(Malformed) as told:
        read_checkpoint(text.format(2**63))
    assert (told.value.fault, told.value.line) == ("number", 2)


@pytest.mark.parametrize(
    ("raw", "fault", "line"),
    [
        (b"old 1\n", "no_checkpoint", None),
        (b"new 1\n\n" + COSIGNED, "missing_field", 1),
        (b"\n\xc3\xb4ld 1\n\n" + COSIGNED, "not_ascii", 2),
        (b"old 20852164\n\n" + COSIGNED, "old_size", 1),
        (b"old 1\n" + f"{base64_of(EMPTY_ROOT)}\n".encode() * 64 + b"\n" + COSIGNED, "too_many", 65),
    ],
)
def test_what_is_no_request_is_told_with_its_line(raw: bytes, fault: str, line: int | None) -> None:
    with pytest.raises(Malformed) as told:
        read_request(raw)
    assert (told.value.form, told.value.fault, told.value.line) == ("request", fault, line)
