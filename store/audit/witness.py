"""A witness: somebody outside the office who cosigns a log's checkpoints, and only ones that go on from the last.

What it knows of each log is one line of a file: the log's key, the size and root it cosigned last, and when. The file is in place before a
cosignature is given out (c2sp.org/tlog-witness, "add-checkpoint"), so that nobody gets two for one size.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Final

import attrs

from engine.tlog.checkpoints import Checkpoint, Request, Signed
from engine.tlog.malformed import Form, Malformed, base64_of, hash_of, number
from engine.tlog.notes import LOG, WITNESS, VerifierKey, cosign, read_key
from store.audit import files
from store.audit.checkpoint import Unlock, vouched
from store.audit.errors import NotCosigned, WrongKey

_FORM: Final[Form] = "state"
_PARTS: Final = 4


@attrs.frozen
class Kept:
    """What a witness knows of a log. `at`: when it cosigned last, in seconds since 1970."""

    key: VerifierKey
    size: int
    root: bytes
    at: int

    @property
    def line(self) -> str:
        return f"{self.key} {self.size} {base64_of(self.root)} {self.at}\n"


Record = Mapping[str, Kept]
"""By the log's name."""


def read_record(raw: bytes) -> Record:
    """Raises Malformed."""
    try:
        lines = raw.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        raise Malformed(_FORM, "not_utf8") from None
    if lines.pop():
        raise Malformed(_FORM, "no_newline", len(lines) + 1)
    found: dict[str, Kept] = {}
    for place, line in enumerate(lines, 1):
        kept = _kept(line, place)
        if kept.key.name in found:
            raise Malformed(_FORM, "name_twice", place)
        found[kept.key.name] = kept
    return found


def _kept(line: str, place: int) -> Kept:
    parts = line.split(" ")
    if len(parts) != _PARTS:
        raise Malformed(_FORM, "state_line", place)
    try:
        key = read_key(parts[0])
    except Malformed as error:
        raise Malformed(_FORM, error.fault, place) from None
    return Kept(key, number(parts[1], _FORM, place), hash_of(parts[2], _FORM, place), number(parts[3], _FORM, place))


@attrs.frozen
class Cosigned:
    """A checkpoint with one more signature. `before`: the size that the witness knew, None where the log was new to it."""

    signed: Signed
    before: int | None


@attrs.frozen(kw_only=True)
class Witness:
    """Somebody who cosigns. `record`: the file of what it knows; `now`: seconds since 1970."""

    key: VerifierKey
    unlock: Unlock
    record: str
    now: Callable[[], int]

    def cosign(self, signed: Signed, log: VerifierKey | None = None, proof: Request | None = None) -> Cosigned:
        """Cosign a checkpoint that goes on from the last. `log`: the key of a log that is new here.

        Raises WrongKey, NotVouched, NotCosigned, and what reading and writing files raises.
        """
        if self.key.kind != WITNESS:
            raise WrongKey(name=self.key.name, why="not_witness")
        before = self._read()
        known = before.get(signed.checkpoint.origin)
        key = _log_key(signed.checkpoint, known, log)
        vouched(signed, key)
        _check(signed.checkpoint, known, proof)
        private = self.unlock()
        at = max(self.now(), 0 if known is None else known.at)
        self._write(before, Kept(key, signed.checkpoint.size, signed.checkpoint.root, at))
        others = tuple(s for s in signed.note.signatures if not s.is_by(self.key))
        mine = cosign(signed.note.text, self.key, private, at)
        note = attrs.evolve(signed.note, signatures=(*others, mine))
        return Cosigned(Signed(signed.checkpoint, note), None if known is None else known.size)

    def _read(self) -> Record:
        return files.read(self.record, read_record) if os.path.lexists(self.record) else {}

    def _write(self, before: Record, kept: Kept) -> None:
        if self._read() != before:
            raise NotCosigned(why="busy", log=kept.key.name, size=kept.size)
        after = {**before, kept.key.name: kept}
        files.replace(self.record, "".join(one.line for one in after.values()).encode())


def _log_key(checkpoint: Checkpoint, known: Kept | None, given: VerifierKey | None) -> VerifierKey:
    """By which key a log is known: what was kept, else what is given now."""

    def refusal(why: str) -> NotCosigned:
        return NotCosigned(why=why, log=checkpoint.origin, size=checkpoint.size, kept=0 if known is None else known.size)

    if given is not None and given.kind != LOG:
        raise WrongKey(name=given.name, why="not_log")
    if known is not None:
        if given not in (None, known.key):
            raise refusal("other_key")
        return known.key
    if given is None or given.name != checkpoint.origin:
        raise refusal("unknown")
    return given


def _check(checkpoint: Checkpoint, known: Kept | None, proof: Request | None) -> None:
    """Whether a checkpoint goes on from what is known. Raises NotCosigned."""
    if known is None:
        return
    why = _fault(checkpoint, known, proof)
    if why is not None:
        raise NotCosigned(why=why, log=checkpoint.origin, size=checkpoint.size, kept=known.size)


def _fault(checkpoint: Checkpoint, known: Kept, proof: Request | None) -> str | None:
    if checkpoint.size < known.size:
        return "older"
    if checkpoint.size == known.size:
        return None if checkpoint.root == known.root else "forked"
    if proof is None:
        return "no_proof"
    if proof.signed.checkpoint != checkpoint:
        return "other_proof"
    if proof.old != known.size:
        return "other_size"
    return None if proof.leads_from(known.root) else "past"
