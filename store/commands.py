"""The table of commands: what was asked under which id, and what it got. A known id with the same request gets the first answer."""

from __future__ import annotations

import json
from typing import Any

import attrs

from engine import codec
from engine.commands import AnyCommand
from engine.desk import Accepted, EventLine, Receipt
from store.connection import Row, Store
from store.errors import CommandReused
from store.sealing import request_digest

_KNOWN = "SELECT digest, salt, receipt FROM command WHERE season = ? AND id = ?"
_RECEIPT = "SELECT receipt FROM command WHERE season = ? AND id = ?"
_NEW = "INSERT INTO command (season, id, digest, salt, first_seq, last_seq, receipt) VALUES (?, ?, ?, ?, ?, ?, ?)"
_EVENTS = "SELECT seq, kind, unit, version FROM log WHERE season = ? AND seq BETWEEN ? AND ? ORDER BY seq"


def known(store: Store, season: str, command_id: str, command: AnyCommand) -> Accepted | None:
    """What the id got, if it was used; CommandReused where it stands for another request."""
    row = store.row(_KNOWN, (season, command_id))
    if row is None:
        return None
    digest, salt, written = row
    receipt, state = read_receipt(written)
    if salt is None or request_digest(salt, command) != digest:
        raise CommandReused(command_id=command_id, first=receipt, erased=salt is None)
    rows = store.rows(_EVENTS, (season, receipt.first_seq, receipt.last_seq))
    events = tuple(EventLine(seq=seq, kind=kind, unit=unit, version=version) for seq, kind, unit, version in rows)
    return Accepted(receipt=receipt, events=events, state=state, repeated=True)


def receipt_of(store: Store, season: str, command_id: str) -> Receipt | None:
    row = store.row(_RECEIPT, (season, command_id))
    return None if row is None else read_receipt(row[0])[0]


def command_row(receipt: Receipt, state: str | None, salt: bytes, command: AnyCommand) -> Row:
    written = codec.canonical({**receipt_json(receipt), "state": state}).decode()
    digest = request_digest(salt, command)
    return receipt.season, receipt.command_id, digest, salt, receipt.first_seq, receipt.last_seq, written


def write_commands(store: Store, rows: list[Row]) -> None:
    store.run_many(_NEW, rows)


_FIELDS = tuple(attribute.name for attribute in attrs.fields(Receipt))


def receipt_json(receipt: Receipt) -> dict[str, Any]:
    return {name: getattr(receipt, name) for name in _FIELDS}


def read_receipt(written: str) -> tuple[Receipt, str | None]:
    """A receipt and the unit's state after it."""
    found = json.loads(written)
    return Receipt(**{name: found[name] for name in _FIELDS}), found.get("state")
