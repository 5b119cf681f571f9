"""The files that a log rests on. It keeps their digests, and neither the files nor their names: they are known by what is in them.

What was corrected, withdrawn or annulled since still names its file, for the log said so once and an auditor may ask for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from engine import events as ev
from engine.answers import HistoryLine, Mark
from engine.events import Recorded
from engine.workflow import Workflow
from store.audit.folder import Folder
from store.questions.history import history
from store.questions.sought import Sought
from store.session import Session

_KINDS = (ev.FactRecorded.kind, ev.DocumentFiled.kind, ev.DocumentApproved.kind)


@attrs.frozen(kw_only=True)
class Evidence:
    """A file that an event names by its digest (hex): a fact's, or that of a document's `version`. `approved`: that one, still.

    `workflow`: what the fact or the document is called, where it can be read.
    """

    recorded: Recorded
    digest: str
    name: str
    workflow: Workflow | None
    version: int | None = None
    approved: bool = False
    marks: tuple[Mark, ...] = ()


@attrs.frozen(kw_only=True)
class EvidenceAnswer:
    """Every digest that was asked for; approved versions first, else in the order of the log.

    `without`: facts and versions that were recorded without a file. `narrowed`: only some units were asked about.
    """

    evidence: tuple[Evidence, ...]
    without: int
    narrowed: bool


def evidence(session: Session, unit: str | None, under: str | None) -> EvidenceAnswer:
    """The digests in the log, of one unit, of a part of the tree, or all of them. Raises UnknownUnit."""
    found: list[Evidence] = []
    approved: set[tuple[str, str, int]] = set()
    without = 0
    for line in history(session, Sought(unit=unit, under=under, kinds=_KINDS)):
        event = line.recorded.event
        if isinstance(event, ev.DocumentApproved):
            if not _taken_back(line):
                approved.add((line.recorded.unit, event.document, event.number))
            continue
        named = _named(line)
        if named is None:
            without += 1
        else:
            found.append(named)
    told = sorted((_with_approval(one, approved) for one in found), key=lambda one: not one.approved)
    return EvidenceAnswer(evidence=tuple(told), without=without, narrowed=unit is not None or under is not None)


def _named(line: HistoryLine) -> Evidence | None:
    event = line.recorded.event
    if isinstance(event, ev.FactRecorded) and event.evidence is not None:
        return Evidence(
            recorded=line.recorded, digest=event.evidence, name=event.fact, workflow=line.workflow, marks=line.marks
        )  # fmt: skip
    if isinstance(event, ev.DocumentFiled) and event.digest is not None:
        return Evidence(
            recorded=line.recorded, digest=event.digest, name=event.document, workflow=line.workflow, version=event.number,
            marks=line.marks,
        )  # fmt: skip
    return None


def _taken_back(line: HistoryLine | Evidence) -> bool:
    return any(mark.code == "withdrawn_by" for mark in line.marks)


def _with_approval(one: Evidence, approved: set[tuple[str, str, int]]) -> Evidence:
    """A version that was withdrawn leaves its number to the next one, which is then the one that was approved."""
    if one.version is None or _taken_back(one):
        return one
    return attrs.evolve(one, approved=(one.recorded.unit, one.name, one.version) in approved)


@attrs.frozen(kw_only=True)
class EvidenceChecked:
    """What a folder holds of what a log names."""

    asked: EvidenceAnswer
    folder: Folder

    @property
    def missing(self) -> tuple[Evidence, ...]:
        return tuple(one for one in self.asked.evidence if one.digest not in self.folder.files)

    @property
    def found(self) -> tuple[Evidence, ...]:
        return tuple(one for one in self.asked.evidence if one.digest in self.folder.files)

    @property
    def unnamed(self) -> Mapping[str, Sequence[str]]:
        """The files, by digest, that no event asked about names."""
        named = {one.digest for one in self.asked.evidence}
        return {digest: files for digest, files in self.folder.files.items() if digest not in named}

    @property
    def ok(self) -> bool:
        return not self.missing
