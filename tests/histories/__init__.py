"""Recorded histories: whole seasons as an earlier version of the program wrote them down, which today's has to write down again.

A file holds the definitions, the leaves and what the log came to, one JSON text a line, compressed:

1. ``scenario``, ``workflows`` (digest: id and version of every procedure followed), ``root``, ``cases`` (unit: digest of its folded case)
2. one line for each definition: ``digest``, ``kind``, ``content``
3. an empty line, then the leaves
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import attrs

from engine import codec
from store.definitions import Definition, Kind
from store.desk import Desk

FOLDER: Final = Path(__file__).parent
_SUFFIX: Final = ".history.xz"


@attrs.frozen(kw_only=True)
class History:
    """One recorded season. `workflows`: by digest, the id and version of each procedure by which some unit moved."""

    scenario: str
    workflows: Mapping[str, str]
    root: str
    cases: Mapping[str, str]
    definitions: tuple[Definition, ...]
    leaves: tuple[bytes, ...]

    @property
    def name(self) -> str:
        """The scenario, and a few letters that are others when any of the procedures is."""
        return f"{self.scenario}-{codec.digest(codec.canonical(sorted(self.workflows)))[:8]}"

    def to_bytes(self) -> bytes:
        head = {"scenario": self.scenario, "workflows": self.workflows, "root": self.root, "cases": self.cases}
        definitions = ({"digest": d.digest, "kind": d.kind, "content": d.content.decode()} for d in self.definitions)
        lines = (codec.canonical(head), *map(codec.canonical, definitions), b"", *self.leaves)
        return lzma.compress(b"\n".join(lines), preset=9)


def history_of(desk: Desk, scenario: str) -> History:
    """What a desk's season holds."""
    store = desk._session.store
    leaves = [leaf for (leaf,) in store.rows("SELECT leaf FROM log WHERE season = ? ORDER BY seq", (desk.season,))]
    moved = {leaf["workflow"] for leaf in map(json.loads, leaves) if leaf["kind"] == "advanced"}
    workflows = {digest: desk._session.memory.workflow(digest) for digest in moved}
    rows: list[tuple[str, Kind, bytes]] = store.rows("SELECT digest, kind, content FROM definition ORDER BY digest")
    return History(
        scenario=scenario,
        workflows={digest: f"{workflow.id} {workflow.version}" for digest, workflow in workflows.items()},
        root=str(desk.verify("hashes").root),
        cases=dict(cases_of(desk)),
        definitions=tuple(Definition(digest=digest, kind=kind, content=content) for digest, kind, content in rows),
        leaves=tuple(leaves),
    )


def cases_of(desk: Desk) -> Iterator[tuple[str, str]]:
    """Every unit, with the beginning of the digest of its case as it was folded."""
    codes = desk.codes()
    with desk._session.reading() as world:
        for code in codes:
            yield code, codec.digest(codec.canonical(codec.to_json(world.case(code))))[:16]


def read(path: Path) -> History:
    head, _, leaves = lzma.decompress(path.read_bytes()).partition(b"\n\n")
    first, *definitions = map(json.loads, head.splitlines())
    return History(
        **first,
        definitions=tuple(Definition(digest=d["digest"], kind=d["kind"], content=d["content"].encode()) for d in definitions),
        leaves=tuple(leaves.split(b"\n")),
    )


def path_of(history: History) -> Path:
    return FOLDER / f"{history.name}{_SUFFIX}"


def recorded() -> dict[str, Path]:
    """The files there are, by name."""
    return {path.name.removesuffix(_SUFFIX): path for path in sorted(FOLDER.glob(f"*{_SUFFIX}"))}
