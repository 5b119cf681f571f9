"""What a desk keeps in memory between questions. Everything here can be told to be out of date by one comparison with the head."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine import codec
from engine.case import Case
from engine.unit import Unit
from engine.workflow import Workflow
from store.charter import Charter, read_charter
from store.connection import Store
from store.definitions import content_of
from store.head import Head

if TYPE_CHECKING:
    from engine.procedure import Procedure  # the kernel and the guard parser behind it are not every question's to load

_MOST_CASES: Final = 20_000


class Memory:
    """Procedures by digest (they never change), the charter, cases with their versions, and the tree."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._workflows: dict[str, Workflow] = {}
        self._procedures: dict[str, Procedure] = {}
        self._charter: Charter | None = None
        self._joined = 0
        self.cases: dict[str, Case] = {}
        self.units: dict[str, Unit] = {}
        self.piloted: dict[str, frozenset[str]] = {}

    def settle(self, head: Head) -> None:
        """Forget what no longer holds at a position of the log."""
        if self._joined != head.joined:
            self._joined = head.joined
            self.piloted.clear()
        if len(self.cases) > _MOST_CASES:
            self.cases.clear()

    def keep(self, cases: dict[str, Case], charter: Charter, head: Head) -> None:
        """Remember what a transaction has committed."""
        self.cases.update(cases)
        self._charter = charter
        self.settle(head)

    def forget(self) -> None:
        """After a transaction that was rolled back nothing that it touched may stay."""
        self._charter = None
        self.piloted.clear()

    def charter(self, head: Head) -> Charter:
        """The charter at a head."""
        if self._charter is None or self._charter.version != head.season_version:
            self._charter = read_charter(self._store, head)
        return self._charter

    def workflow(self, digest: str) -> Workflow:
        """A procedure's declaration, without what it takes to judge by it."""
        workflow = self._workflows.get(digest)
        if workflow is None:
            workflow = self._workflows[digest] = codec.workflow_from_bytes(content_of(self._store, digest))
        return workflow

    def procedure(self, digest: str) -> Procedure:
        procedure = self._procedures.get(digest)
        if procedure is None:
            from engine.procedure import Procedure

            procedure = self._procedures[digest] = Procedure(self.workflow(digest), digest)
        return procedure
