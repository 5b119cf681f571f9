"""`daihoi checkpoint` and `daihoi witness`: what was signed, by whom, and where it was put."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from engine.check_code import GREATEST_SIZE, CheckCode
from engine.tlog.checkpoints import Signed
from reports import standing
from reports.catalogue import Words
from reports.output import Report
from reports.page import Block, line, lines_of


@attrs.frozen(kw_only=True)
class Shown:
    """A checkpoint that was signed just now. `by`: the name of the key; `file`, `proof`: where it and its proof were written.

    `cosigned`: it was a witness; `before`: the size that the witness knew, None where the log was new to it.
    """

    signed: Signed
    by: str
    file: str | None
    proof: str | None = None
    cosigned: bool = False
    before: int | None = None


def to_json(shown: Shown, words: Words) -> dict[str, Any]:
    checkpoint, note = shown.signed.checkpoint, shown.signed.note
    code = _code(shown)
    written: dict[str, Any] = {
        "log": checkpoint.origin,
        "size": checkpoint.size,
        "root": checkpoint.root.hex(),
        "check_code": None if code is None else str(code),
        "signatures": [s.name for s in note.signatures],
        "note": note.to_bytes().decode(),
        "file": shown.file,
        "proof": shown.proof,
    }
    return {"checkpoint": written | ({"before": shown.before} if shown.cosigned else {})}


def page(shown: Shown, words: Words) -> Iterator[Block]:
    """Without a file the checkpoint itself is the answer, so that it can be redirected into one."""
    if shown.file is None:
        yield from lines_of(shown.signed.note.to_bytes().decode())
        return
    said = "checkpoint.cosigned" if shown.cosigned else "checkpoint.signed"
    yield line(("✓ ", "good"), words.many(said, shown.signed.checkpoint.size, by=shown.by, file=shown.file))
    if shown.proof is not None:
        yield line("  ", words.say("checkpoint.proof", file=shown.proof))
    if shown.cosigned:
        log = shown.signed.checkpoint.origin
        if shown.before is None:
            yield line("  ", words.say("checkpoint.new_log", log=log))
        else:
            yield line("  ", words.say("checkpoint.goes_on", log=log, before=words.number(shown.before)))
    yield line((words.say("verify.root", root=shown.signed.checkpoint.root.hex()), "dim"))
    yield from _code_line(shown, words)


def beside(shown: Shown, words: Words) -> Iterator[Block]:
    """The check code is no part of a checkpoint."""
    if shown.file is None:
        yield from _code_line(shown, words)


def _code_line(shown: Shown, words: Words) -> Iterator[Block]:
    code = _code(shown)
    if code is not None:
        yield standing.log(code, words)


def _code(shown: Shown) -> CheckCode | None:
    """A witness may be given anybody's checkpoint: of a log without events, or of one too long for a code."""
    checkpoint = shown.signed.checkpoint
    return CheckCode.of(checkpoint.size, checkpoint.root) if 0 < checkpoint.size <= GREATEST_SIZE else None


REPORT = Report(to_json=to_json, page=page, beside=beside)
