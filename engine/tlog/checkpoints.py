"""C2SP checkpoints (c2sp.org/tlog-checkpoint), and the two files that carry one together with a proof.

``c2sp.org/tlog-proof``     an entry's index, its inclusion proof, the checkpoint; `extra` is ours to fill: the leaf itself
``tlog-witness`` request    what a witness is asked to cosign (c2sp.org/tlog-witness, "add-checkpoint"): the size it knows, the proof that
                            the checkpoint goes on from there, the checkpoint

Every file has one way to be written: what is read and written again is the same bytes.
"""

from __future__ import annotations

from typing import Final

import attrs

from engine.merkle import EMPTY_ROOT, leaf_hash
from engine.tlog.malformed import Form, Malformed, base64_of, from_base64, hash_of, number
from engine.tlog.notes import Note, read_note
from engine.tlog.proofs import MOST_HASHES, extends, includes

_PROOF_HEAD: Final = "c2sp.org/tlog-proof@v1"


@attrs.frozen
class Checkpoint:
    """A log's size and root. `origin`: which log."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "".join(f"{line}\n" for line in (self.origin, self.size, base64_of(self.root), *self.extensions))


def read_checkpoint(text: str) -> Checkpoint:
    """A checkpoint from the text of its note. Raises Malformed."""
    lines = text.removesuffix("\n").split("\n")
    if not text.endswith("\n") or len(lines) < 3:  # noqa: PLR2004 - origin, size, root
        raise Malformed("checkpoint", "too_short")
    if "" in lines:
        raise Malformed("checkpoint", "empty_line", lines.index("") + 1)
    size, root = number(lines[1], "checkpoint", 2), hash_of(lines[2], "checkpoint", 3)
    if size == 0 and root != EMPTY_ROOT:
        raise Malformed("checkpoint", "empty_root", 3)
    return Checkpoint(lines[0], size, root, tuple(lines[3:]))


@attrs.frozen
class Signed:
    """A checkpoint and the note it came in. Whether anybody signed it is still to be asked."""

    checkpoint: Checkpoint
    note: Note


def read_signed(raw: bytes) -> Signed:
    """A checkpoint with its signatures. Raises Malformed."""
    note = read_note(raw)
    return Signed(read_checkpoint(note.text), note)


@attrs.frozen
class EntryProof:
    """That an entry is in the log of a checkpoint. `extra`: the leaf, which nobody has to trust, for its hash is proven."""

    index: int
    hashes: tuple[bytes, ...]
    signed: Signed
    extra: bytes | None = None

    def to_bytes(self) -> bytes:
        extra = () if self.extra is None else (f"extra {base64_of(self.extra)}",)
        lines = (_PROOF_HEAD, *extra, f"index {self.index}", *map(base64_of, self.hashes), "")
        return "".join(f"{line}\n" for line in lines).encode() + self.signed.note.to_bytes()

    def holds(self, leaf: bytes) -> bool:
        """Whether a leaf is the entry that the proof is about. Nothing is said about signatures."""
        checkpoint = self.signed.checkpoint
        return includes(self.index, checkpoint.size, leaf_hash(leaf), self.hashes, checkpoint.root)


def read_entry_proof(raw: bytes) -> EntryProof:
    """A proof from a `.tlog-proof` file. Raises Malformed."""
    lines, signed = _carried(raw, "proof")
    if lines[0] != _PROOF_HEAD:
        raise Malformed("proof", "head", 1)
    extra = None
    if len(lines) > 1 and lines[1].startswith("extra "):
        extra = from_base64(lines[1].removeprefix("extra "), "proof", 2)
    at = 1 if extra is None else 2
    index = _named("index", lines, at, "proof")
    return EntryProof(index, _hashes(lines, at + 1, "proof"), signed, extra)


@attrs.frozen
class Request:
    """What a witness is asked: to cosign a checkpoint that goes on from the size it knows."""

    old: int
    hashes: tuple[bytes, ...]
    signed: Signed

    def to_bytes(self) -> bytes:
        lines = (f"old {self.old}", *map(base64_of, self.hashes), "")
        return "".join(f"{line}\n" for line in lines).encode() + self.signed.note.to_bytes()

    def leads_from(self, root: bytes) -> bool:
        """Whether the checkpoint goes on from the log that had this root at the old size."""
        checkpoint = self.signed.checkpoint
        return extends(self.old, root, checkpoint.size, checkpoint.root, self.hashes)


def read_request(raw: bytes) -> Request:
    """A request from its file. Raises Malformed."""
    lines, signed = _carried(raw, "request")
    old = _named("old", lines, 0, "request")
    if old > signed.checkpoint.size:
        raise Malformed("request", "old_size", 1)
    return Request(old, _hashes(lines, 1, "request"), signed)


def _carried(raw: bytes, form: Form) -> tuple[list[str], Signed]:
    """The lines before the first empty one, and the checkpoint behind it."""
    head, cut, rest = raw.partition(b"\n\n")
    if not cut:
        raise Malformed(form, "no_checkpoint")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise Malformed(form, "not_ascii", head.count(b"\n", 0, error.start) + 1) from None
    try:
        return lines, read_signed(rest)
    except Malformed as error:
        line = None if error.line is None else error.line + len(lines) + 1
        raise Malformed(error.form, error.fault, line) from None


def _named(name: str, lines: list[str], at: int, form: Form) -> int:
    if len(lines) <= at or not lines[at].startswith(f"{name} "):
        raise Malformed(form, "missing_field", at + 1)
    return number(lines[at].removeprefix(f"{name} "), form, at + 1)


def _hashes(lines: list[str], at: int, form: Form) -> tuple[bytes, ...]:
    if len(lines) - at > MOST_HASHES:
        raise Malformed(form, "too_many", at + MOST_HASHES + 1)
    return tuple(hash_of(line, form, at + place + 1) for place, line in enumerate(lines[at:]))
