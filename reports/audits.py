"""`daihoi audit`: proofs of single events, and two copies against each other. (`audit verify` is told as `verify` is.)"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import attrs

from engine.merkle import leaf_hash
from engine.tlog.checkpoints import EntryProof
from reports import history, parting, standing
from reports import verify as verification
from reports.catalogue import Words
from reports.output import Report
from reports.page import Block, line, lines_of
from store.audit.comparing import Compared, Difference, Side
from store.audit.proving import Checked

# A proof that was made


@attrs.frozen
class Proven:
    """A proof, and the file that it was written to."""

    proof: EntryProof
    file: str | None


def proven_to_json(shown: Proven, words: Words) -> dict[str, Any]:
    return {"proof": {**_proof(shown.proof), "text": shown.proof.to_bytes().decode(), "file": shown.file}}


def _proof(proof: EntryProof) -> dict[str, Any]:
    checkpoint = proof.signed.checkpoint
    return {
        "seq": proof.index + 1,
        "leaf_hash": leaf_hash(proof.extra or b"").hex(),
        "hashes": [one.hex() for one in proof.hashes],
        "log": checkpoint.origin,
        "size": checkpoint.size,
        "root": checkpoint.root.hex(),
    }


def proven_page(shown: Proven, words: Words) -> Iterator[Block]:
    if shown.file is None:
        yield from lines_of(shown.proof.to_bytes().decode())
        return
    size = shown.proof.signed.checkpoint.size
    yield line(("✓ ", "good"), words.many("audit.proven", size, seq=shown.proof.index + 1, file=shown.file))


PROVEN = Report(to_json=proven_to_json, page=proven_page)

# A proof that was checked


def checked_to_json(checked: Checked, words: Words) -> dict[str, Any]:
    recorded, log = checked.recorded, checked.log
    event = None
    if recorded is not None and log is not None:
        event = {"season": log.season, "origin": log.origin, **history.event_to_json(recorded)}
    return {
        "ok": checked.ok,
        **_proof(checked.proof),
        "event": event,
        "problems": [verification.problem_to_json(p, words) for p in checked.problems],
        "notes": [standing.note_to_json(n, words) for n in checked.notes],
    }


def checked_page(checked: Checked, words: Words) -> Iterator[Block]:
    size = checked.proof.signed.checkpoint.size
    mark, said = (("✓ ", "good"), "audit.holds") if checked.ok else (("✗ ", "bad"), "audit.fails")
    yield line(mark, words.many(said, size, seq=checked.proof.index + 1, log=checked.proof.signed.checkpoint.origin))
    recorded = checked.recorded
    if recorded is not None and checked.ok:
        kind = history.kind(recorded.event.kind, words)
        yield line(
            "  ",
            words.say(
                "audit.event",
                unit=recorded.unit,
                version=recorded.version,
                kind=kind,
                on=recorded.on,
                at=_instant(recorded.at, words),
            ),
        )
    yield from verification.problem_lines(checked.problems, words)
    yield from standing.notes(checked.notes, words)


def _instant(at: str, words: Words) -> str:
    """In UTC: without a store nobody knows the season's time zone. What is no instant is shown as it stands."""
    try:
        when = datetime.fromisoformat(at)
    except ValueError:
        return at
    return f"{when:%H:%M} UTC, {words.day(when.date())}"


CHECKED = Report(to_json=checked_to_json, page=checked_page)

# Two copies


def compared_to_json(compared: Compared, words: Words) -> dict[str, Any]:
    proof, first = compared.proof, compared.first
    return {
        "ok": compared.ok,
        "old": _side(compared.old),
        "new": _side(compared.new),
        "added": compared.new.checkpoint.size - compared.old.checkpoint.size,
        "problem": compared.problem,
        "words": None if compared.problem is None else _problem(compared, words),
        "first_difference": None if first is None else _difference(first, words),
        "parting": None if compared.parting is None else parting.to_json(compared.parting, words),
        "proof": None if proof is None else [one.hex() for one in proof],
    }


def _side(side: Side) -> dict[str, Any]:
    found = side.checkpoint
    return {"place": side.place, "kind": side.kind, "log": found.origin, "size": found.size, "root": found.root.hex()}


def _difference(first: Difference, words: Words) -> dict[str, Any]:
    return {
        "seq": first.seq,
        "fields": list(first.fields),
        "old": parting.entry_to_json(first.old, words),
        "new": parting.entry_to_json(first.new, words),
    }


def _problem(compared: Compared, words: Words) -> str:
    old, new = compared.old.checkpoint, compared.new.checkpoint
    return words.say(f"audit.diff.{compared.problem}", old=words.number(old.size), new=words.number(new.size))


def compared_page(compared: Compared, words: Words) -> Iterator[Block]:
    old, new = compared.old.checkpoint, compared.new.checkpoint
    if compared.problem is None:
        yield line(("✓ ", "good"), words.many("audit.diff.ok", new.size - old.size, old=words.number(old.size)))
    else:
        yield line(("✗ ", "bad"), _problem(compared, words))
    if compared.first is not None:
        yield from parting.lines(compared.first, compared.parting, words)
    for side in (compared.old, compared.new):
        found = side.checkpoint
        said = words.say(f"audit.diff.{side.kind}", place=side.place, size=words.number(found.size), root=found.root.hex())
        yield line(("  " + said, "dim"))
    if compared.problem is not None:
        yield line(words.say(f"audit.diff.next.{compared.problem}"))


COMPARED = Report(to_json=compared_to_json, page=compared_page)
