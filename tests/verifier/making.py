"""Bundles made by hand from leaves, whole or forged, as docs/bundle.md has them.

Trees, proofs and signatures are the program's own here: the verifier has its own, so that either is the other's oracle.
"""

from __future__ import annotations

import binascii
import io
import json
import zipfile
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import attrs

from engine import codec
from engine.case import Case
from engine.leaf import Log, leaf_bytes, read_leaf
from engine.merkle import Frontier, leaf_hash
from engine.procedure import Procedure
from engine.season import SeasonState
from engine.tlog.notes import LOG, WITNESS, Sign, VerifierKey, cosign, sign
from engine.tlog.proofs import Span, consistency, inclusion, roots
from tests import sample
from tests.simulator import Simulator
from tests.tlog.signing import key

TIME = 1_700_000_000
TEXTS = ("DOC-TRUOC.txt", "README.txt", "verify.py")
Files = dict[str, bytes]
Leaf = dict[str, Any]


@attrs.frozen
class Made:
    """A log of which bundles are made."""

    leaves: tuple[bytes, ...]
    definitions: Mapping[str, bytes]

    @property
    def name(self) -> str:
        first = json.loads(self.leaves[0])
        return f"daihoi/{first['season']}/{first['origin']}/{leaf_hash(self.leaves[0]).hex()[:32]}"

    @property
    def hashes(self) -> list[bytes]:
        return [leaf_hash(leaf) for leaf in self.leaves]

    def with_leaves(self, change: Callable[[list[Leaf]], Iterable[Leaf]]) -> Made:
        """The log with other events, their places and numbers as the change left them."""
        return Made(tuple(codec.canonical(leaf) for leaf in change([json.loads(raw) for raw in self.leaves])), self.definitions)

    def checkpoint(self, size: int | None = None) -> str:
        size = len(self.leaves) if size is None else size
        root = Frontier().extend(self.hashes[:size]).root() if size else sha256(b"").digest()
        return f"{self.name}\n{size}\n{b64encode(root).decode()}\n"

    def key(self, seed: str = "") -> tuple[VerifierKey, Sign]:
        return key(self.name, LOG, seed)

    def signed(self, *witnesses: str, size: int | None = None, seed: str = "", at: int = TIME) -> bytes:
        text = self.checkpoint(size)
        lines = sign(text, *self.key(seed)).line + "".join(cosign(text, *key(name, WITNESS), at).line for name in witnesses)
        return f"{text}\n{lines}".encode()

    def policy(self, *witnesses: str, needed: int | None = None, seed: str = "") -> bytes:
        lines = [f"log {self.key(seed)[0]}", *(f"witness {name} {key(name, WITNESS)[0]}" for name in witnesses)]
        group = f"group all {len(witnesses) if needed is None else needed} {' '.join(witnesses)}"
        return "\n".join([*lines, *([group, "quorum all"] if witnesses else ["quorum none"]), ""]).encode()

    def of_season(self, **replaced: bytes | None) -> Files:
        files: dict[str, bytes | None] = {
            "checkpoint": self.signed(),
            "policy": self.policy(),
            "leaves.jsonl": lines(self.leaves),
            **{f"definitions/{digest}.json": content for digest, content in self.definitions.items()},
            **dict.fromkeys(TEXTS, b"words\n"),
            **replaced,
        }
        return {name: content for name, content in files.items() if content is not None}

    def of_unit(self, unit: str, since: Any = None, **replaced: bytes | None) -> Files:
        kept = [leaf for leaf in map(json.loads, self.leaves) if leaf["unit"] in (unit, "season")]
        files: dict[str, bytes | None] = {
            "leaves.jsonl": lines(self.leaves[leaf["seq"] - 1] for leaf in kept),
            **{f"proofs/{leaf['seq']}.tlog-proof": self.proof(leaf["seq"]) for leaf in kept},
            "heads.json": self.heads(unit),
            **({} if since is None else {"consistency": self.request(since)}),
            **replaced,
        }
        return self.of_season(**files)

    def path(self, spans: Sequence[Span]) -> str:
        return "".join(f"{b64encode(hashed).decode()}\n" for hashed in roots(spans, iter(self.hashes)))

    def proof(self, seq: int) -> bytes:
        head = f"c2sp.org/tlog-proof@v1\nindex {seq - 1}\n{self.path(inclusion(seq - 1, len(self.leaves)))}\n"
        return head.encode() + self.signed()

    def request(self, old: int) -> bytes:
        return f"old {old}\n{self.path(consistency(old, len(self.leaves)))}\n".encode() + self.signed()

    def heads(self, unit: str) -> bytes:
        entries = last_leaves([json.loads(raw) for raw in self.leaves[:-1]], self.leaves)
        units = sorted(entries, key=str.encode)
        hashes = [leaf_hash(entries[code]) for code in units]
        told = []
        for code in (unit, "season"):
            index = units.index(code)
            path = roots(inclusion(index, len(units)), iter(hashes))
            told.append({"hashes": [hashed.hex() for hashed in path], "index": index, "unit": code})
        return codec.canonical(told)


def lines(leaves: Iterable[bytes]) -> bytes:
    return b"".join(leaf + b"\n" for leaf in leaves)


def last_leaves(leaves: Sequence[Leaf], raw: Sequence[bytes]) -> dict[str, bytes]:
    """The entry of each unit."""
    return {
        leaf["unit"]: codec.canonical({"leaf": leaf_hash(raw[at]).hex(), "unit": leaf["unit"], "version": leaf["version"]})
        for at, leaf in enumerate(leaves)
    }


def heads_leaf(leaves: Sequence[bytes]) -> bytes:
    """The event before a checkpoint."""
    parsed = [json.loads(raw) for raw in leaves]
    entries = last_leaves(parsed, leaves)
    root = Frontier().extend(leaf_hash(entries[code]) for code in sorted(entries, key=str.encode)).root()
    season = [leaf for leaf in parsed if leaf["unit"] == "season"]
    leaf = {
        **{name: season[0][name] for name in ("season", "origin", "semantics", "actor")},
        "seq": len(leaves) + 1,
        "unit": "season",
        "version": len(season) + 1,
        "command": "heads",
        "kind": "heads_recorded",
        "payload": {"root": root.hex(), "size": len(entries)},
        "on": parsed[-1]["at"][:10],
        "at": parsed[-1]["at"],
    }
    return codec.canonical(leaf)


def made(leaves: Iterable[bytes], definitions: Mapping[str, bytes]) -> Made:
    """A log as it stands when a checkpoint is signed."""
    raw = list(leaves)
    return Made((*raw, heads_leaf(raw)), definitions)


SAMPLE_DEFINITIONS = {
    codec.digest(raw): raw
    for raw in (codec.workflow_bytes(sample.CONGRESS), codec.plan_bytes(sample.PLAN), codec.canonical(sample.DESCRIBED))
}


def simulated(season: Simulator) -> Made:
    log = Log("sample-2021", "live")
    leaves: list[bytes] = []
    for recorded in season.log:
        leaf = leaf_bytes(log, recorded)
        if recorded.event.kind == "heads_recorded":  # who plays there makes up its root
            payload = json.loads(heads_leaf(leaves))["payload"]
            leaf = codec.canonical({**json.loads(leaf), "payload": payload})
        leaves.append(leaf)
    return made(leaves, SAMPLE_DEFINITIONS)


def manifest(whole: Files, scope: str = "season", **changes: Any) -> bytes:
    """The manifest that fits the files."""
    text = whole["checkpoint"].decode("utf-8", "replace").split("\n")
    told = {
        "events": whole["leaves.jsonl"].count(b"\n"),
        "files": {name: {"sha256": sha256(content).hexdigest(), "size": len(content)} for name, content in whole.items()},
        "format": "daihoi-bundle/1",
        "log": text[0],
        "root": hex_of(text[2]) if len(text) > 2 else "0" * 64,
        "scope": scope,
        "size": int(text[1]) if len(text) > 1 and text[1].isdigit() else 1,
        **changes,
    }
    return codec.canonical(told)


def hex_of(text: str) -> str:
    try:
        return b64decode(text, validate=True).hex().ljust(64, "0")[:64]
    except binascii.Error:
        return "0" * 64


def sealed(files: Files, scope: str = "season", **changes: Any) -> Files:
    """The files with a manifest that fits them."""
    return {"manifest.json": manifest(files, scope, **changes), **files}


def zipped(files: Files) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def unpacked(files: Files, folder: Path) -> Path:
    for name, content in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return folder


# ------------------------------------------------------------------------------------------ what the engine says of the units


def standing(leaves: Iterable[bytes], definitions: Mapping[str, bytes]) -> list[dict[str, Any]]:
    """Where every unit stands, folded by the engine."""
    procedures = {}

    def procedure(digest: str) -> Procedure:
        if digest not in procedures:
            procedures[digest] = Procedure(codec.workflow_from_bytes(definitions[digest]), digest)
        return procedures[digest]

    state = SeasonState(procedure)
    for raw in leaves:
        state.fold(read_leaf(raw)[1])
    return [_told(case) for case in sorted(state.cases(), key=lambda c: c.unit.code.encode())]


def _told(case: Case) -> dict[str, Any]:
    documents = {name: case.document(name) for name in dict.fromkeys(entry.name for entry in case.documents)}
    pause = case.pause()
    return {
        "attempt": case.attempt,
        "documents": {
            name: {"approved": status.approved_version, "status": status.status, "version": status.version}
            for name, status in documents.items()
            if status is not None
        },
        "facts": {name: _plain(entry.value) for name, entry in case.fact_values().items()},
        "joined": case.joined_on.isoformat(),
        "left": None if case.left_on is None else case.left_on.isoformat(),
        "milestones": {name: day.isoformat() for name, day in case.milestones().items()},
        "planned": None if case.planned_on() is None else _iso(case.planned_on()),
        "postponed": pause is not None,
        "roll": case.roll_status(),
        "since": case.since.isoformat(),
        "state": case.state,
        "unit": case.unit.code,
        "until": None if pause is None else _iso(pause.until),
        "version": case.version,
    }


def _plain(value: Any) -> Any:
    return {"date": value.isoformat()} if isinstance(value, date) else value


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
