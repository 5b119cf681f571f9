"""`daihoi audit bundle`: what was put together, and where; and what goes along in every bundle as it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from reports.catalogue import Words
from reports.output import Report
from reports.page import Block, line
from store.audit.bundle import Bundled

_BESIDE: Final = Path(__file__).parent / "bundle"
_COMPANIONS: Final = ("verify.py", "README.txt", "DOC-TRUOC.txt")


def companions() -> dict[str, bytes]:
    """The verifier, and what to do with it, in both languages."""
    return {name: (_BESIDE / name).read_bytes() for name in _COMPANIONS}


def to_json(made: Bundled, words: Words) -> dict[str, Any]:
    checkpoint = made.checkpoint
    return {
        "bundle": {
            "file": made.file,
            "bytes": made.bytes,
            "scope": "season" if made.unit is None else "unit",
            "unit": made.unit,
            "events": made.events,
            "log": checkpoint.origin,
            "size": checkpoint.size,
            "root": checkpoint.root.hex(),
            "files": list(made.files),
        }
    }


def page(made: Bundled, words: Words) -> Iterator[Block]:
    of = words.say("bundle.of_season") if made.unit is None else words.say("bundle.of_unit", unit=made.unit)
    yield line(("✓ ", "good"), words.many("bundle.made", made.events, of=of, file=made.file))
    yield line("  ", words.many("bundle.up_to", made.checkpoint.size, log=made.checkpoint.origin))
    yield line("  ", words.say("bundle.check"))
    yield line((words.say("verify.root", root=made.checkpoint.root.hex()), "dim"))


REPORT = Report(to_json=to_json, page=page)
