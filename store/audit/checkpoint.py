"""A checkpoint of a log: all of it read back, hashed again and compared with its head and with the receipts, and only then signed.

What is signed ends with a `heads_recorded` (`engine.heads`): it is appended where the log does not end with one already, and the checkpoint
has exactly its size, whoever else appends meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable

import attrs

from engine.desk import Progress, Receipt
from engine.events import HeadsRecorded
from engine.merkle import Frontier
from engine.tlog.checkpoints import Checkpoint, Request, Signed
from engine.tlog.notes import LOG, Note, NotSigned, Sign, VerifierKey, sign, signers
from engine.tlog.proofs import consistency, extends, roots
from store.audit.errors import ChangedMeanwhile, NotContinued, NotVouched, NotWhole, WrongKey
from store.audit.identity import log_name
from store.audit.keys import verify as verify_signature
from store.audit.leaves import leaf_hashes
from store.receipts import Receipts
from store.session import Session
from store.verify import read_back

Unlock = Callable[[], Sign]
"""Gives the private key: asked for when everything that needs no key is known to be right."""

RecordHeads = Callable[[], Receipt]
"""Appends a `heads_recorded` through the one write path."""

_KIND = "SELECT kind FROM log WHERE season = ? AND seq = ?"


@attrs.frozen
class Issued:
    """A checkpoint just signed; `request`: with the proof that it goes on from an earlier one, for a witness."""

    signed: Signed
    request: Request | None = None


def issue(
    session: Session,
    key: VerifierKey,
    unlock: Unlock,
    record_heads: RecordHeads,
    receipts: Receipts | None,
    since: Signed | None,
    progress: Progress,
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
    tree = _read_back(session, receipts, progress)
    if since is not None:
        continuation(session, since.checkpoint, _checkpoint(name, tree))  # while nothing has been recorded yet
    tree = _with_heads(session, tree, record_heads)
    checkpoint = _checkpoint(name, tree)
    signed = Signed(checkpoint, Note(checkpoint.text, (sign(checkpoint.text, key, private),)))
    if since is None:
        return Issued(signed)
    return Issued(signed, Request(since.checkpoint.size, continuation(session, since.checkpoint, checkpoint), signed))


def _checkpoint(name: str, tree: Frontier) -> Checkpoint:
    return Checkpoint(name, tree.size, tree.root())


def _read_back(session: Session, receipts: Receipts | None, progress: Progress) -> Frontier:
    """The tree of all that is there. Raises NotWhole."""
    answer, tree = read_back(session, receipts, progress)
    if not answer.ok:
        raise NotWhole(found=len(answer.problems), seq=next((p.seq for p in answer.problems if p.seq is not None), None))
    return tree


def _with_heads(session: Session, tree: Frontier, record_heads: RecordHeads) -> Frontier:
    """The tree up to a `heads_recorded`: as it is, or with what came since, read back like all before it. Raises ChangedMeanwhile."""
    if ends_with_heads(session, tree.size):
        return tree
    receipt = record_heads()
    with session.store.transaction():
        tree = tree.extend(leaf_hashes(session.store, session.season, receipt.size, after=tree.size))
    if (tree.size, tree.root().hex()) != (receipt.size, receipt.root):
        raise ChangedMeanwhile(seq=receipt.size)
    return tree


def ends_with_heads(session: Session, size: int) -> bool:
    """Whether the first so many events end with the heads."""
    return session.store.row(_KIND, (session.season, size)) == (HeadsRecorded.kind,)


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
