"""Sealed texts and persons: each that the log names lies beside it, and nothing else does.

A text that was erased keeps its row. To remember every digest would grow with the log: their sum is compared with the table's, and only
where these differ is the log read again for those that do. A rehearsal may repeat sealed words of another log, whose texts it never had.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Final

from engine.actors import Sealed
from engine.events import DocumentApproved, GuardWaived, Recorded
from engine.leaf import Log, read_leaf
from store.checks.findings import Findings
from store.checks.rows import log_rows
from store.clock import LIVE
from store.connection import Store, as_bytes
from store.sealing import sealed_digest

_SEALED: Final = "SELECT digest, salt, text FROM sealed WHERE season = ?"
_DIGESTS: Final = "SELECT digest FROM sealed WHERE season = ?"
_PERSONS: Final = "SELECT id FROM person WHERE season = ?"


class Texts:
    """Takes the events one by one, as far as they can be read."""

    def __init__(self, store: Store, log: Log, findings: Findings) -> None:
        self._store = store
        self._season = log.season
        self._live = log.origin == LIVE
        self._findings = findings
        self._sum = 0
        self._persons: dict[str, Recorded] = {}
        self._taken = 0

    def take(self, recorded: Recorded) -> None:
        for digest in _seals(recorded):
            self._sum += _number(digest)
        person = recorded.actor.person
        if person is not None and person not in self._persons:
            self._persons[person] = recorded
        self._taken += 1

    def compare(self, events: int) -> None:
        """With what lies in the tables. `events`: how many there are; what those name that could not be read nobody knows."""
        found = self._check_each()
        if self._taken != events:
            return
        if self._live and found != self._sum:
            self._name_seals()
        self._check_persons()

    def _check_each(self) -> int:
        """Each is what its digest says; the sum of all."""
        found = erased = 0
        for digest, salt, text in self._store.stream(_SEALED, (self._season,)):
            found += _number(str(digest))
            if text is None or salt is None:
                erased += 1
            elif sealed_digest(as_bytes(salt), str(text)) != digest:
                self._findings.problem("seal", None, None, digest=digest)
        if erased:
            self._findings.note("erased", count=erased)
        return found

    def _name_seals(self) -> None:
        kept = {digest for (digest,) in self._store.rows(_DIGESTS, (self._season,))}
        for recorded in _events(self._store, self._season):
            for digest in _seals(recorded):
                if digest not in kept:
                    self._findings.problem("seal_missing", recorded.seq, recorded.unit, digest=digest)
                kept.discard(digest)
        for digest in sorted(kept, key=str):
            self._findings.problem("seal_unnamed", None, None, digest=digest)

    def _check_persons(self) -> None:
        kept = {person for (person,) in self._store.rows(_PERSONS, (self._season,))}
        for person, recorded in self._persons.items():
            if person not in kept:
                self._findings.problem("person_missing", recorded.seq, recorded.unit, person=person)
        for person in sorted(kept - self._persons.keys(), key=str):
            self._findings.problem("person_unnamed", None, None, person=person)


def _seals(recorded: Recorded) -> Iterator[str]:
    """The digests of the texts that an event seals."""
    event = recorded.event
    sealed: tuple[Sealed, ...] = ()
    if type(event) is GuardWaived:
        sealed = (event.basis,)
    elif type(event) is DocumentApproved:
        sealed = event.changes
    for one in sealed:
        yield one.digest
    if recorded.reason is not None:
        yield recorded.reason.digest


def _number(digest: str) -> int:
    return int.from_bytes(sha256(digest.encode("utf-8", "surrogatepass")).digest(), "big")


def _events(store: Store, season: str) -> Iterator[Recorded]:
    """Once more, where each could be read before."""
    return (read_leaf(row.leaf)[1] for row in log_rows(store, season))
