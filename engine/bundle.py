"""What a bundle says of itself: docs/bundle.md, "The files" and "Nothing left out"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import attrs

from engine import codec
from engine.tlog.checkpoints import Checkpoint

FORMAT: Final = "daihoi-bundle/1"
MANIFEST: Final = "manifest.json"
HEADS: Final = "heads.json"


@attrs.frozen
class Stored:
    """A file in a bundle."""

    size: int
    sha256: str


@attrs.frozen
class HeadProof:
    """That a unit's entry is among the heads. The entry itself is for whoever checks to make."""

    unit: str
    index: int
    hashes: tuple[bytes, ...]


def manifest(checkpoint: Checkpoint, unit: str | None, events: int, files: Mapping[str, Stored]) -> bytes:
    """`unit`: whose bundle it is, None where it is the season's."""
    written: dict[str, Any] = {
        "format": FORMAT,
        "scope": "season" if unit is None else "unit",
        "log": checkpoint.origin,
        "size": checkpoint.size,
        "root": checkpoint.root.hex(),
        "events": events,
        "files": {name: {"sha256": one.sha256, "size": one.size} for name, one in files.items()},
    }
    if unit is not None:
        written["unit"] = unit
    return codec.canonical(written)


def heads_bytes(proofs: Iterable[HeadProof]) -> bytes:
    written = [{"unit": one.unit, "index": one.index, "hashes": [h.hex() for h in one.hashes]} for one in proofs]
    return codec.canonical(written)
