"""That one event is in the log of a checkpoint: a file that its holder can check without the log."""

from __future__ import annotations

import attrs

from engine.answers import Problem
from engine.board import Note
from engine.events import Recorded
from engine.leaf import Log, NotALeaf, read_leaf
from engine.tlog.checkpoints import Checkpoint, EntryProof, Signed
from engine.tlog.policies import Policy
from engine.tlog.proofs import inclusion, roots
from store.audit.errors import NotContinued, NotInside
from store.audit.identity import log_name
from store.audit.leaves import leaf_hashes, root_at
from store.audit.trust import check_backing
from store.checks.findings import Findings
from store.connection import as_bytes
from store.log import leaf_at
from store.session import Session

_LAST = "SELECT max(seq) FROM log WHERE season = ? AND unit = ? AND seq <= ?"


def prove(session: Session, what: int | str, signed: Signed) -> EntryProof:
    """The proof for an event by its number, or for a unit's last event in the checkpoint. Raises NotInside, NotContinued."""
    checkpoint = signed.checkpoint
    with session.store.transaction():
        if checkpoint.origin != log_name(session):
            raise not_held(session, checkpoint, "other_log")
        root = root_at(session.store, session.season, checkpoint.size)
        if root != checkpoint.root:
            raise not_held(session, checkpoint, "longer" if root is None else "past")
        seq = _seq(session, what, checkpoint.size)
        leaf = leaf_at(session.store, session.season, seq)
        hashes = roots(inclusion(seq - 1, checkpoint.size), leaf_hashes(session.store, session.season, checkpoint.size))
        made = EntryProof(seq - 1, hashes, signed, b"" if leaf is None else as_bytes(leaf))
        if not made.holds(made.extra or b""):
            raise not_held(session, checkpoint, "past")
    return made


def not_held(session: Session, checkpoint: Checkpoint, why: str, size: int | None = None) -> NotContinued:
    """That a log does not hold a checkpoint. `size`: how long it is, where that is not all of it."""
    size = session.head().size if size is None else size
    return NotContinued(why=why, log=log_name(session), other=checkpoint.origin, size=size, kept=checkpoint.size)


def _seq(session: Session, what: int | str, size: int) -> int:
    if isinstance(what, int):
        seq: int | None = what if 1 <= what <= size else None
    else:
        row = session.store.row(_LAST, (session.season, what, size))
        seq = None if row is None else row[0]
    if seq is None:
        raise NotInside(asked=str(what), size=size)
    return seq


@attrs.frozen(kw_only=True)
class Checked:
    """What came of checking a proof. `log`, `recorded`: what the entry says of itself, None where it cannot be read."""

    proof: EntryProof
    log: Log | None
    recorded: Recorded | None
    problems: tuple[Problem, ...]
    notes: tuple[Note, ...]

    @property
    def ok(self) -> bool:
        return not self.problems


def check(proof: EntryProof, policy: Policy | None) -> Checked:
    """Check a proof that carries its entry: with nothing but the proof itself and the policy."""
    findings = Findings()
    check_backing(proof.signed, policy, findings)
    log, recorded = _entry(proof)
    if proof.extra is None or not proof.holds(proof.extra):
        findings.problem("not_proven", seq=proof.index + 1, size=proof.signed.checkpoint.size)
    elif recorded is None or recorded.seq != proof.index + 1:
        findings.problem("not_the_entry", seq=proof.index + 1)
    return Checked(proof=proof, log=log, recorded=recorded, problems=tuple(findings.problems), notes=tuple(findings.notes))


def _entry(proof: EntryProof) -> tuple[Log | None, Recorded | None]:
    try:
        return read_leaf(proof.extra or b"")
    except (NotALeaf, RecursionError):
        return None, None
