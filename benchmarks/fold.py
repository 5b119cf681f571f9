"""Folding a whole log with its hashes: `verify --fold` against a loop written by hand over the same rows.

The yardstick reads the same columns on the plain driver, hashes every leaf, grows the same tree, parses the JSON with orjson, and folds it
into dicts: states, versions, facts, documents and milestones by unit. It looks at neither the columns beside a leaf nor the commands,
seals, definitions and projections, all of which `verify --fold` compares; it trusts whatever has the right hash.

"Hashes and fold alone" are the two parts of `verify --fold` that do what the yardstick does, columns compared all the same. The replay in
`eventsourcing` proves nothing; it is taken over 10,000 events, 40 an aggregate as here, and counted up.

All of it waits for nothing but the processor, so the processor's seconds are compared.

The log is a seeded season of a country (`benchmarks.scribe`); `--file` takes one that is there already.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from benchmarks.harness import compare, computed, interleaved, machine, show
from benchmarks.peer_eventsourcing import EventSourced
from benchmarks.scribe import NAME, no_search_for_cycles, write_country
from engine.leaf import Log
from store.checks.findings import Findings
from store.checks.fold import Fold
from store.checks.hashes import Hashes
from store.checks.rows import log_rows
from store.desk import Desk
from store.head import read_head
from store.memory import Memory
from store.opening import open_store

REPLAY = "eventsourcing: repository.get"
AT_ONCE = 1_000
YARDSTICK = "sqlite3 + orjson + SHA-256 + fold"
_LOG = (
    "SELECT seq, unit, version, command, kind, effective_on, recorded_at, clock, actor_unit, person, leaf, leaf_hash"
    " FROM log WHERE season = ? ORDER BY seq"
)


def raw_fold(path: Path) -> tuple[bytes, dict[str, Unit]]:
    """The root of the log's tree, and the units."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    units: dict[str, Unit] = {}
    nodes: list[bytes] = []
    for size, (seq, unit, version, _, kind, on, _, _, _, _, leaf, leaf_hash) in enumerate(connection.execute(_LOG, (NAME,))):
        node, height = sha256(b"\x00" + leaf).digest(), size
        if node != leaf_hash:
            raise ValueError(f"the hash of {seq}")
        while height & 1:
            node = sha256(b"\x01" + nodes.pop() + node).digest()
            height >>= 1
        nodes.append(node)
        if seq != size + 1:
            raise ValueError(f"{seq} is out of place")
        fold(units, unit, version, kind, on, seq, orjson.loads(leaf)["payload"])
    root = nodes[-1]
    for left in reversed(nodes[:-1]):
        root = sha256(b"\x01" + left + root).digest()
    connection.close()
    return root, units


Unit = dict[str, Any]


def fold(units: dict[str, Unit], unit: str, version: int, kind: str, on: str, seq: int, payload: dict[str, Any]) -> None:
    """What an event of the benchmark's season changes."""
    if unit == "season":
        return
    if kind == "unit_enrolled":
        units[unit] = {"version": 1, "state": payload["state"], "facts": {}, "documents": {}, "awards": {}}
        return
    case = units[unit]
    if version != case["version"] + 1:
        raise ValueError(f"{unit} has no version {version - 1}")
    case["version"] = version
    if kind == "fact_recorded":
        case["facts"][payload["fact"]] = (payload["value"], on, seq)
    elif kind in _PAPERS:
        case["documents"][payload["document"]] = (_PAPERS[kind], payload["number"], on, seq)
    elif kind == "advanced":
        advance(case, on, seq, payload)
    elif kind != "roll_set":
        raise ValueError(f"{kind} is not in this season")


_PAPERS = {"document_filed": "filed", "document_approved": "approved", "document_returned": "returned"}


def advance(case: Unit, on: str, seq: int, payload: dict[str, Any]) -> None:
    if payload["source"] != case["state"]:
        raise ValueError(f"{seq} leads from {payload['source']}, not from {case['state']}")
    case["state"] = payload["target"]
    for milestone in payload.get("awards", ()):
        case["awards"][milestone] = (on, seq)


def verified(path: Path, depth: Any) -> str:
    with Desk.open(path, read_only=True) as desk:
        answer = desk.verify(depth)
    if not answer.ok:
        raise SystemExit(f"{path} does not verify: {answer.problems[:3]}")
    return answer.root


def hashed_and_folded(path: Path) -> None:
    with Desk.open(path, read_only=True) as desk:
        log = Log(desk.season, desk.origin)
    store, findings = open_store(str(path), read_only=True), Findings()
    hashes, fold = Hashes(findings), Fold(log, findings, Memory(store).procedure)
    with store.transaction(), no_search_for_cycles():
        rows = log_rows(store, log.season)
        while some := list(islice(rows, AT_ONCE)):
            if not hashes.take_all(some):
                for row in some:
                    hashes.take(row)
            for row in some:
                recorded = fold.read(row)
                if recorded is not None:
                    fold.take(recorded)
        hashes.end(store, read_head(store, log.season))
    store.close()
    if not findings.ok:
        raise SystemExit(f"{path} does not verify: {findings.problems[:3]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--file", type=Path, help="a season that benchmarks.scribe wrote")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        path: Path = wanted.file or Path(folder, "country.db")
        if wanted.file is None:
            write_country(path, wanted.events, seed=71)
        root, units = raw_fold(path)
        if root.hex() != verified(path, "fold"):
            raise SystemExit("the yardstick does not come to the same root")
        with Desk.open(path, read_only=True) as desk:
            events = desk.verify("hashes").events
        print(
            f"Fold with hashes, {events:,} events, {len(units):,} units, {wanted.rounds} rounds: {machine('orjson', 'eventsourcing')}"
        )
        sourced = EventSourced(Path(folder, "eventsourcing.db"), 250, events=40)
        replay = computed(sourced.replay)
        cases = {
            YARDSTICK: computed(lambda: raw_fold(path)),
            "verify --hashes": computed(lambda: verified(path, "hashes")),
            "hashes and fold alone": computed(lambda: hashed_and_folded(path)),
            "verify --fold": computed(lambda: verified(path, "fold")),
            REPLAY: lambda: replay() * events / sourced.events,
        }
        seconds = interleaved(cases, rounds=wanted.rounds, warm_up=0)
        show("throughput", compare(seconds, YARDSTICK, speed=True), YARDSTICK)
        show("throughput", compare(seconds, REPLAY, speed=True), REPLAY)


if __name__ == "__main__":
    main()
