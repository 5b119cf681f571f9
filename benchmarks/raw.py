"""The yardstick of the write path: the same reads, hashes and writes as a durable advance, written by hand on the plain driver.

It works on a copy of a store that the desk made, so tables, indexes and triggers are the same, and what it writes passes `verify`. What
it leaves out is what the engine is for: it knows this one procedure by heart, and looks at no role, day, postponement or route.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

from benchmarks.course import DAY, NAME

ON = DAY.isoformat()


_READ = "SELECT version, body FROM unit_case WHERE season = ? AND code = ?"
_HEAD = "SELECT size, frontier, last_recorded_at FROM head WHERE season = ?"
_LOG = (
    "INSERT INTO log (season, seq, unit, version, command, kind, effective_on, recorded_at, clock, actor_unit, person, leaf, leaf_hash)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_COMMAND = "INSERT INTO command (season, id, digest, salt, first_seq, last_seq, receipt) VALUES (?, ?, ?, ?, ?, ?, ?)"
_UNIT = "UPDATE unit_case SET version = ?, state = ?, since = ?, watch = ?, body = ? WHERE season = ? AND code = ?"
_WRITE_HEAD = "UPDATE head SET size = ?, frontier = ?, last_recorded_at = ? WHERE season = ?"


class RawDesk:
    """Advances the units of the benchmark's season on the driver alone."""

    begin = "BEGIN IMMEDIATE"
    locking = ""
    mark = "?"

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    @classmethod
    def on_sqlite(cls, path: Path) -> Self:
        connection = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "fullfsync = ON"):
            connection.execute(f"PRAGMA {pragma}")
        return cls(connection)

    def _run(self, statement: str, values: tuple[Any, ...] = ()) -> Any:
        return self.connection.execute(statement.replace("?", self.mark), values)

    def _many(self, statement: str, values: Iterable[tuple[Any, ...]]) -> None:
        self.connection.cursor().executemany(statement.replace("?", self.mark), values)

    def advance(self, unit: str) -> None:
        """One advance in a transaction of its own, decided on the version read before it."""
        (read,) = self._run("SELECT version FROM unit_case WHERE season = ? AND code = ?", (NAME, unit)).fetchone()
        self._run(self.begin)
        head = Head(*self._run(_HEAD + self.locking, (NAME,)).fetchone())
        version, body = self._run(_READ, (NAME, unit)).fetchone()
        if version != read:
            raise RuntimeError("somebody was faster")
        log, command, case = advanced(unit, version, body, head)
        self._run(_LOG, log)
        self._run(_COMMAND, command)
        self._run(_UNIT, case)
        self._run(_WRITE_HEAD, (head.size, b"".join(head.nodes), head.at, NAME))
        self._run("COMMIT")

    def advance_all(self, units: tuple[str, ...]) -> None:
        """The same for many units in one transaction: one read of all, then each table's rows at once."""
        self._run(self.begin)
        head = Head(*self._run(_HEAD + self.locking, (NAME,)).fetchone())
        marks = ", ".join("?" * len(units))
        read = self._run(f"SELECT code, version, body FROM unit_case WHERE season = ? AND code IN ({marks})", (NAME, *units))
        log, command, case = zip(*(advanced(code, version, body, head) for code, version, body in read.fetchall()), strict=True)
        self._many(_LOG, log)
        self._many(_COMMAND, command)
        self._many(_UNIT, case)
        self._run(_WRITE_HEAD, (head.size, b"".join(head.nodes), head.at, NAME))
        self._run("COMMIT")


class RawPostgreSQL(RawDesk):
    """The same on psycopg: the head's row is what writers wait for."""

    begin = "BEGIN ISOLATION LEVEL READ COMMITTED"
    locking = " FOR UPDATE"
    mark = "%s"

    @classmethod
    def at(cls, url: str) -> Self:
        import psycopg

        connection = psycopg.connect(url, autocommit=True)
        connection.execute("SET search_path TO daihoi")
        return cls(connection)


class Head:
    """The end of the log while it grows: its size, the frontier of its tree, the last instant."""

    def __init__(self, size: int, frontier: bytes, at: str) -> None:
        self.size = size
        self.nodes = [frontier[i : i + 32] for i in range(0, len(frontier), 32)]
        self.at = at

    def grow(self, hashed: bytes) -> bytes:
        """One more leaf; the new root."""
        node, height = hashed, self.size
        while height & 1:
            node = sha256(b"\x01" + self.nodes.pop() + node).digest()
            height >>= 1
        self.nodes.append(node)
        self.size += 1
        root = self.nodes[-1]
        for left in reversed(self.nodes[:-1]):
            root = sha256(b"\x01" + left + root).digest()
        return root


def advanced(unit: str, version: int, body: bytes, head: Head) -> tuple[tuple[Any, ...], tuple[Any, ...], tuple[Any, ...]]:
    """The rows of one advance: in the log, among the commands, and the unit's own."""
    case = json.loads(body)
    source = case["state"]
    target, trigger = ("there", "go") if source == "here" else ("here", "come")
    seq, version, command = head.size + 1, version + 1, str(uuid.uuid4())
    head.at = max(head.at, datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"))
    facts = {fact["name"]: fact for fact in case["facts"]}
    leaf = canonical(
        {
            "season": NAME,
            "origin": "live",
            "semantics": 1,
            "seq": seq,
            "unit": unit,
            "version": version,
            "command": command,
            "kind": "advanced",
            "on": ON,
            "at": head.at,
            "actor": {"unit": unit},
            "payload": {
                "trigger": trigger,
                "source": source,
                "target": target,
                "attempt": 1,
                "verdicts": [
                    judged(unit, "quorum", facts["present"], 3, facts["summoned"], 2, strict=False),
                    judged(unit, "majority", facts["elected"], 2, facts["valid"], 1, strict=True),
                ],
            },
            "workflow": case["workflow"],
        }
    )
    hashed = sha256(b"\x00" + leaf).digest()
    root = head.grow(hashed)
    rests_on = sorted(fact["said"] for fact in facts.values())
    step = {"attempt": 1, "on": ON, "rests_on": rests_on, "seq": seq, "source": source, "target": target, "trigger": trigger}
    case.setdefault("steps", []).append(step)
    case["state"], case["version"] = target, version
    watch = " ".join(sorted({str(seq) for step in case["steps"] for seq in step["rests_on"]}, key=int))
    receipt = {
        "season": NAME,
        "origin": "live",
        "first_seq": seq,
        "last_seq": seq,
        "leaf_hash": hashed.hex(),
        "size": seq,
        "root": root.hex(),
        "command_id": command,
        "state": target,
    }
    salt = secrets.token_bytes(16)
    asked = sha256(salt + canonical({"unit": unit, "trigger": trigger, "on": ON, "actor": {"unit": unit}})).digest()
    return (
        (NAME, seq, unit, version, command, "advanced", ON, head.at, None, unit, None, leaf, hashed),
        (NAME, command, asked, salt, seq, seq, canonical(receipt).decode()),
        (version, target, ON, watch, canonical(case), NAME, unit),
    )


def canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def judged(unit: str, guard: str, left: Any, times: int, right: Any, other: int, *, strict: bool) -> dict[str, Any]:
    """The evidence of one guard `left * times >= right * other`."""
    one, two = left["value"] * times, right["value"] * other
    if not (one > two if strict else one >= two):
        raise RuntimeError(f"{guard} refuses")
    reads = [
        {"name": f"fact.{fact['name']}", "unit": unit, "value": fact["value"], "seq": fact["said"]} for fact in (left, right)
    ]
    return {"guard": guard, "result": "met", "severity": "must", "reads": reads}
