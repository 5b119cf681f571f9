"""`daihoi key`: whose it is, and the half of it that everybody may know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from engine.tlog.notes import LOG, VerifierKey
from reports.catalogue import Words
from reports.output import Report
from reports.page import Block, line


@attrs.frozen
class Made:
    """A key and the file that keeps it. `new`: it was made just now."""

    key: VerifierKey
    file: str
    new: bool = attrs.field(kw_only=True)

    @property
    def kind(self) -> str:
        return "log" if self.key.kind == LOG else "witness"


def to_json(made: Made, words: Words) -> dict[str, Any]:
    return {"key": {"name": made.key.name, "kind": made.kind, "public": str(made.key), "file": made.file}}


def page(made: Made, words: Words) -> Iterator[Block]:
    yield line((words.say(f"key.{made.kind}", name=made.key.name, file=made.file), "title"))
    yield line(str(made.key))
    if made.new:
        yield line(words.say("key.keep", file=made.file))


REPORT = Report(to_json=to_json, page=page)
