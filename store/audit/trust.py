"""Whether a checkpoint is backed by whom a policy names, and whether a log still holds what it says."""

from __future__ import annotations

from typing import Final

import attrs

from engine.answers import Depth, VerifyAnswer
from engine.desk import Progress
from engine.tlog.checkpoints import Signed
from engine.tlog.notes import NotSigned, signers
from engine.tlog.policies import Policy
from store.audit.errors import NotVouched
from store.audit.identity import log_name
from store.audit.keys import verify as verify_signature
from store.audit.leaves import after_the_last, root_at
from store.checks.findings import Findings
from store.receipts import Receipts
from store.session import Session
from store.verify import verify


def check_backing(signed: Signed, policy: Policy | None, findings: Findings) -> None:
    """Who signed: the log under its own name, and enough of the witnesses."""
    origin, size = signed.checkpoint.origin, signed.checkpoint.size
    if policy is None:
        findings.note("no_policy", size=size)
        return
    try:
        agreed = signers(signed.note, policy.keys, verify_signature)
    except NotSigned as error:
        findings.problem("checkpoint_signature", size=size, name=error.name)
        return
    witnesses = tuple(key.name for key in policy.witnesses.values() if key in agreed)
    if policy.log_of(origin, agreed) is None:
        findings.problem("checkpoint_unsigned", size=size, log=origin)
    if not policy.has_quorum(agreed):
        findings.problem("checkpoint_quorum", size=size, witnesses=witnesses, quorum=policy.quorum, present=len(witnesses))
    if findings.ok:
        findings.note("checkpoint_backed", size=size, witnesses=witnesses or None)


def require_backing(signed: Signed, policy: Policy) -> None:
    """The same, of whoever hands a checkpoint on together with a policy. Raises NotVouched."""
    findings = Findings()
    check_backing(signed, policy, findings)
    if findings.problems:
        first = findings.problems[0]
        why, name = _NOT_VOUCHED[first.problem]
        raise NotVouched(why=why, name=first.fields[name])


_NOT_VOUCHED: Final = {
    "checkpoint_signature": ("wrong", "name"),
    "checkpoint_unsigned": ("nobody", "log"),
    "checkpoint_quorum": ("quorum", "quorum"),
}
"""What a problem is called where it ends the command, and which of its fields says whose it is."""


def audit(
    session: Session,
    depth: Depth,
    receipts: Receipts | None,
    signed: Signed | None,
    policy: Policy | None,
    *,
    strict: bool,
    progress: Progress,
) -> VerifyAnswer:
    """Verify a log (`receipts`, `strict`: as there), and a checkpoint that somebody kept: the root at its size has to be the log's."""
    findings = Findings()
    if signed is not None:
        check_backing(signed, policy, findings)
        _check_log(session, signed, findings)
    known = 0 if signed is None or not findings.ok else signed.checkpoint.size
    answer = verify(session, depth, receipts, strict=strict, known=known, progress=progress)
    problems, notes = (*findings.problems, *answer.problems), (*findings.notes, *answer.notes)
    return attrs.evolve(answer, ok=answer.ok and findings.ok, problems=problems, notes=notes)


def _check_log(session: Session, signed: Signed, findings: Findings) -> None:
    checkpoint = signed.checkpoint
    with session.store.transaction():
        name = log_name(session)
        if checkpoint.origin != name:
            findings.problem("checkpoint_other_log", size=checkpoint.size, log=checkpoint.origin, name=name)
            return
        root = root_at(session.store, session.season, checkpoint.size)
        end = after_the_last(session.store, session.season)
    if root is None:
        findings.problem("checkpoint_longer", end, size=checkpoint.size)
    elif root != checkpoint.root:
        findings.problem("checkpoint_root", size=checkpoint.size)
    else:
        findings.note("checkpoint_holds", size=checkpoint.size)
