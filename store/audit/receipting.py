"""A receipt to hand over: what a command got when it was accepted, compared with the log before anybody takes it away."""

from __future__ import annotations

from engine.errors import DaihoiError
from engine.leaf import read_leaf
from engine.merkle import leaf_hash
from store.audit.errors import NoSuchCommand, NotReceipted
from store.audit.identity import first_hash
from store.audit.leaves import root_at
from store.connection import as_bytes
from store.log import leaf_at
from store.questions.history import event
from store.receipts import KeptReceipt, read_line
from store.session import Session

_STORED = "SELECT receipt FROM command WHERE season = ? AND id = ?"


def receipt(session: Session, what: int | str) -> KeptReceipt:
    """Of an event, by its number, or of a command, by its id. Raises NoSuchPosition, NoSuchCommand, NotReceipted."""
    with session.store.transaction():
        command = event(session, what).command if isinstance(what, int) else what
        row = session.store.row(_STORED, (session.season, command))
        if row is None:
            raise _unknown(what, command)
        stored = read_line(row[0])
        if stored is None:
            raise NotReceipted(command_id=command, why="damaged")
        if not _fits(session, stored, command, what if isinstance(what, int) else stored.receipt.last_seq):
            raise NotReceipted(command_id=command, why="other")
        return KeptReceipt(receipt=stored.receipt, log=first_hash(session.store, session.season))


def _unknown(what: int | str, command: str) -> DaihoiError:
    """An event whose command is not there is not a slip of whoever asks."""
    return NotReceipted(command_id=command, why="missing") if isinstance(what, int) else NoSuchCommand(command_id=command)


def _fits(session: Session, stored: KeptReceipt, command: str, seq: int) -> bool:
    """Whether a receipt says of the log what stands there: its last event, and the root at its size."""
    said = stored.receipt
    if (said.season, said.origin, said.command_id) != (session.season, session.origin, command):
        return False
    leaf = leaf_at(session.store, session.season, said.last_seq)
    if leaf is None or not said.first_seq <= seq <= said.last_seq:
        return False
    if leaf_hash(as_bytes(leaf)).hex() != said.leaf_hash or read_leaf(leaf)[1].command != command:
        return False
    root = root_at(session.store, session.season, said.size)
    return root is not None and root.hex() == said.root
