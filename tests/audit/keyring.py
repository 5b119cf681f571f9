"""Keys of logs and witnesses for the tests, made from seeds, without files."""

from __future__ import annotations

from pathlib import Path

from engine.tlog.checkpoints import Signed
from engine.tlog.notes import LOG, WITNESS, Sign, VerifierKey, cosign
from store.audit.checkpoint import Issued
from store.audit.witness import Witness
from store.desk import Desk
from tests.tlog.signing import key

TIME = 1_700_000_000


def key_of(desk: Desk, seed: str = "") -> tuple[VerifierKey, Sign]:
    """A key with which the desk's log may sign."""
    return key(desk.log_name(), LOG, seed)


def issued(desk: Desk, since: Signed | None = None) -> Issued:
    public, private = key_of(desk)
    return desk.checkpoint(public, lambda: private, since=since)


class Cosigner:
    """A witness with its record in a folder."""

    def __init__(self, name: str, folder: Path, now: int = TIME) -> None:
        self.public, self._private = key(name, WITNESS)
        self.record = folder / f"{name.replace('/', '-')}.record"
        self.now = now

    @property
    def witness(self) -> Witness:
        return Witness(key=self.public, unlock=lambda: self._private, record=str(self.record), now=lambda: self.now)

    def line(self, text: str, at: int) -> str:
        return cosign(text, self.public, self._private, at).line
