"""A checkpoint of a log: all of it read back, hashed again and compared with its head and with the receipts, and only then signed."""

from __future__ import annotations

from collections.abc import Callable

import attrs

from engine.tlog.checkpoints import Checkpoint, Request, Signed
from engine.tlog.notes import LOG, Note, NotSigned, Sign, VerifierKey, sign, signers
from engine.tlog.proofs import consistency, extends, roots
from store.audit.errors import NotContinued, NotVouched, NotWhole, WrongKey
from store.audit.identity import log_name
from store.audit.keys import verify as verify_signature
from store.audit.leaves import leaf_hashes
from store.receipts import Receipts
from store.session import Session
from store.verify import Progress, verify

Unlock = Callable[[], Sign]
"""Gives the private key: asked for when everything that needs no key is known to be right."""


@attrs.frozen
class Issued:
    """A checkpoint just signed; `request`: with the proof that it goes on from an earlier one, for a witness."""

    signed: Signed
    request: Request | None = None


def issue(
    session: Session, key: VerifierKey, unlock: Unlock, receipts: Receipts | None, since: Signed | None, progress: Progress
) -> Issued:
    """Sign the log as it stands. `since`: a checkpoint that somebody holds, from which the log has to go on."""
    with session.store.transaction():
        name = log_name(session)
    if key.kind != LOG:
        raise WrongKey(name=key.name, why="not_log", log=name)
    if key.name != name:
        raise WrongKey(name=key.name, why="other_log", log=name)
    if since is not None:
        vouched(since, key)
    private = unlock()
    answer = verify(session, "hashes", receipts, progress=progress)
    if not answer.ok:
        raise NotWhole(found=len(answer.problems), seq=next((p.seq for p in answer.problems if p.seq is not None), None))
    checkpoint = Checkpoint(name, answer.events, bytes.fromhex(answer.root))
    proof = None if since is None else continuation(session, since.checkpoint, checkpoint)
    signed = Signed(checkpoint, Note(checkpoint.text, (sign(checkpoint.text, key, private),)))
    request = None if since is None or proof is None else Request(since.checkpoint.size, proof, signed)
    return Issued(signed, request)


def vouched(signed: Signed, key: VerifierKey) -> None:
    """Whether a log signed a checkpoint. Raises NotVouched."""
    try:
        if key not in signers(signed.note, [key], verify_signature):
            raise NotVouched(why="nobody", name=key.name)
    except NotSigned as error:
        raise NotVouched(why="wrong", name=error.name) from None


def continuation(session: Session, old: Checkpoint, new: Checkpoint) -> tuple[bytes, ...]:
    """The proof that a log's checkpoint goes on from an earlier one. Raises NotContinued where it does not."""

    def refusal(why: str) -> NotContinued:
        return NotContinued(why=why, log=new.origin, other=old.origin, size=new.size, kept=old.size)

    if old.origin != new.origin:
        raise refusal("other_log")
    if old.size > new.size:
        raise refusal("longer")
    with session.store.transaction():
        proof = roots(consistency(old.size, new.size), leaf_hashes(session.store, session.season, new.size))
    if not extends(old.size, old.root, new.size, new.root, proof):
        raise refusal("past")
    return proof
