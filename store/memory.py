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
        self._connections = store.connections
        self.cases: dict[str, Case] = {}
        self.units: dict[str, Unit] = {}
        self.piloted: dict[str, frozenset[str]] = {}

    def settle(self, head: Head) -> None:
        """Forget what no longer holds at a position of the log; on a new connection, all that a database said."""
        if self._connections != self._store.connections:
            self._connections = self._store.connections
            self._forget_all()
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
        """After a transaction that was rolled back nothing of it may stay. Cases and the charter are values, kept after a commit."""
        self.piloted.clear()

    def _forget_all(self) -> None:
        """A server that comes back may be one that stands in for it, and know less: equal versions need not be the same any more."""
        self._charter = None
        for remembered in (self.cases, self.units, self.piloted):
            remembered.clear()

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
