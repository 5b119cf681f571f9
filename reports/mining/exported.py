"""`daihoi export`: what was written, from which position of the log, and where it lies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from reports.catalogue import Words
from reports.output import Report
from reports.page import Block, line


@attrs.frozen(kw_only=True)
class Counted:
    """What a file holds. `objects`: of an object-centric one."""

    events: int
    units: int
    objects: int | None = None
    relations: int | None = None


@attrs.frozen(kw_only=True)
class Exported:
    """A file that was written. `size`, `root`: how many events the log had then, and the root over them."""

    file: str
    form: str
    counted: Counted
    under: str | None
    size: int
    root: str


def to_json(answer: Exported, words: Words) -> dict[str, Any]:
    written = {"file": answer.file, "format": answer.form, "under": answer.under, "size": answer.size, "root": answer.root}
    return {"export": written | {name: n for name, n in attrs.asdict(answer.counted).items() if n is not None}}


def page(answer: Exported, words: Words) -> Iterator[Block]:
    counted = answer.counted
    units, form = words.number(counted.units), words.say(f"export.form.{answer.form}")
    yield line(("✓ ", "good"), words.many("export.done", counted.events, units=units, file=answer.file, form=form))
    if counted.objects is not None:
        yield line("  ", words.many("export.objects", counted.objects, relations=words.number(counted.relations or 0)))
    yield line(("  " + words.say("export.as_of", size=words.number(answer.size), root=answer.root), "dim"))


REPORT = Report(to_json=to_json, page=page)
