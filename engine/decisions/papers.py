"""Deciding on facts and documents."""

from __future__ import annotations

from engine import commands as cmd
from engine import events as ev
from engine.case import DocumentStatus
from engine.decisions.common import Decision, first, happened, in_future, left, no_reason, not_theirs, sealed
from engine.errors import DaihoiError
from engine.refusals import AlreadySo, NoSuchStep, UnknownName, WrongValue
from engine.values import GREATEST_RECORDED, Value, plain, type_of
from engine.view import View
from engine.workflow import Document, Fact

RECORD, FILE, APPROVE, RETURN = "record", "file", "approve_document", "return_document"


def record_fact(view: View, command: cmd.RecordFact) -> Decision:
    """Record a typed value for a day. The same value for the same day, standing already, adds nothing."""
    fact = view.workflow.fact_by_id.get(command.fact)
    if fact is None:
        return UnknownName(kind="fact", name=command.fact, known=tuple(view.workflow.fact_by_id))
    refusal = first(
        left(view),
        not_theirs(view, command, RECORD, fact.by),
        wrong_value(fact, command.value),
        in_future(view, RECORD),
        _recorded_already(view, command),
    )
    if refusal is not None:
        return refusal
    return happened(view, ev.FactRecorded(fact=fact.id, value=command.value, evidence=command.evidence))


def wrong_value(fact: Fact, value: Value) -> WrongValue | None:
    """A value that is not of the fact's type, not one of its words, or not a number every verifier can read."""
    fits = type_of(value) == fact.type and (not fact.choices or value in fact.choices)
    if fits and isinstance(value, int) and not isinstance(value, bool):
        fits = abs(value) <= GREATEST_RECORDED
    if fits:
        return None
    return WrongValue(name=fact.id, value=plain(value), expected=fact.type, choices=fact.choices)


def _recorded_already(view: View, command: cmd.RecordFact) -> AlreadySo | None:
    entry = view.case.fact(command.fact, view.on)
    if entry is None or entry.on != view.on or entry.value != command.value:
        return None
    return AlreadySo(unit=view.code, step=RECORD, name=command.fact, seq=entry.said)


def file_document(view: View, command: cmd.FileDocument) -> Decision:
    """File a version. After an approval it lies beside the approved one, which guards go on reading."""
    document = view.workflow.document_by_id.get(command.document)
    if document is None:
        return _unknown_document(view, command.document)
    refusal = first(
        left(view),
        not_theirs(view, command, FILE, document.by),
        in_future(view, FILE),
        _filed_already(view, command),
    )
    if refusal is not None:
        return refusal
    number = 1 + max((e.number for e in view.case.documents if e.name == document.id), default=0)
    return happened(view, ev.DocumentFiled(document=document.id, number=number, digest=command.digest))


def _unknown_document(view: View, name: str) -> UnknownName:
    return UnknownName(kind="document", name=name, known=tuple(view.workflow.document_by_id))


def _filed_already(view: View, command: cmd.FileDocument) -> AlreadySo | None:
    status = view.case.document(command.document, view.on)
    if status is None or status.status == "returned" or status.digest != command.digest:
        return None
    if command.digest is None and status.filed_on != view.on:
        return None  # paper without a digest: filed on another day, it is another paper
    return AlreadySo(unit=view.code, step=FILE, name=command.document, seq=status.seq)


def approve_document(view: View, command: cmd.ApproveDocument) -> Decision:
    """Approve the latest version filed; with changes listed, the unit has to file a newer one."""
    document = view.workflow.document_by_id.get(command.document)
    if document is None:
        return _unknown_document(view, command.document)
    refusal = _before_the_superior(view, command, document, APPROVE)
    if refusal is not None:
        return refusal
    changes = tuple(map(sealed, command.changes))
    return happened(
        view,
        ev.DocumentApproved(document=document.id, number=_version(view, document.id), decision=command.decision, changes=changes),
    )


def return_document(view: View, command: cmd.ReturnDocument) -> Decision:
    """Give the latest version back. The document changes, the state does not: that is a transition of its own."""
    document = view.workflow.document_by_id.get(command.document)
    if document is None:
        return _unknown_document(view, command.document)
    refusal = _before_the_superior(view, command, document, RETURN) or no_reason(command, RETURN)
    if refusal is not None:
        return refusal
    return happened(view, ev.DocumentReturned(document=document.id, number=_version(view, document.id)))


def _version(view: View, name: str) -> int:
    status = view.case.document(name, view.on)
    return 0 if status is None else status.version


def _before_the_superior(
    view: View, command: cmd.ApproveDocument | cmd.ReturnDocument, document: Document, step: str
) -> DaihoiError | None:
    """A version has to lie with the superior to be approved or returned."""
    status = view.case.document(document.id, view.on)
    return first(
        left(view),
        _nothing_filed(view, document.id, status, step),
        not_theirs(view, command, step, document.approved_by),
        in_future(view, step),
        _dealt_with(view, document.id, status, step),
    )


def _nothing_filed(view: View, name: str, status: DocumentStatus | None, step: str) -> NoSuchStep | None:
    if status is not None and status.status != "returned":
        return None
    return NoSuchStep(unit=view.code, step=f"{step}:{name}", state="returned" if status else "not_filed")


def _dealt_with(view: View, name: str, status: DocumentStatus | None, step: str) -> AlreadySo | None:
    if status is None or status.status == "filed":
        return None
    return AlreadySo(unit=view.code, step=step, name=name, seq=status.seq)
