"""`daihoi receipt`: the receipt of a command that was accepted, as `verify --receipt` reads it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from reports.catalogue import Words
from reports.output import Report
from reports.page import Block, line
from store.receipts import KeptReceipt


@attrs.frozen
class Given:
    """A receipt, and the file that it was written to."""

    kept: KeptReceipt
    file: str | None


def to_json(given: Given, words: Words) -> dict[str, Any]:
    return {"receipt": given.kept.to_json(), "file": given.file}


def page(given: Given, words: Words) -> Iterator[Block]:
    if given.file is None:
        yield line(given.kept.line())
        return
    said = given.kept.receipt
    one = said.first_seq == said.last_seq
    events = words.say("receipt.event" if one else "receipt.events", first=said.first_seq, last=said.last_seq)
    yield line(("✓ ", "good"), words.say("receipt.given", command=said.command_id, events=events, file=given.file))


REPORT = Report(to_json=to_json, page=page)
