"""Changes rows of a season at random, and asks what an auditor is told who kept receipts or a checkpoint."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any, Final

import psycopg

from engine.answers import VerifyAnswer
from engine.errors import DaihoiError
from engine.tlog.checkpoints import read_signed
from engine.tlog.policies import read_policy
from reports import verify as report
from store.desk import Desk
from store.receipts import Receipts
from tests.audit.databases import Database
from tests.audit.rows import KEYS, Change, NothingChanged, Row, Vandal
from tests.audit.tampered import CHECKPOINT, POLICY, RECEIPTS, bound
from tests.fuzz.told import tell, tell_error

SEASON: Final = "sample-2021"

OLDER: Final = 0.05
"""How often an older copy is put in place."""

_REFUSES: Final = (sqlite3.Error, psycopg.Error, NothingChanged)
"""The database itself stands against it, or nothing came of it: another change is tried."""


class Vandals:
    """Tries one change after another. `seen`: what became of them; `wrong`: where a promise was broken."""

    def __init__(self, folder: Path, database: Database, seed: str) -> None:
        self.seen: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._database = database
        self._seed = seed
        self._whole = self._content()
        database.end()
        self._receipts = folder / RECEIPTS
        self._some = folder / "some.jsonl"
        self._checkpoint = read_signed((folder / CHECKPOINT).read_bytes())
        self._policy = read_policy((folder / POLICY).read_bytes())

    def one(self, number: int) -> None:
        chance = Random(f"{self._seed} {number}")
        change = self._change(chance)
        try:
            self.judge(change, chance, f"{self._seed} {number}")
        finally:
            self._database.reset()

    def _change(self, chance: Random) -> Change:
        while True:
            try:
                change = self._older(chance) or Vandal(self._database, chance).change()
                if self._content() != self._whole:
                    self._database.end()
                    return change
            except _REFUSES:
                pass
            self._database.reset()

    def _older(self, chance: Random) -> Change | None:
        """Now and then: an earlier copy of everything, in its place."""
        if not self._database.older or chance.random() > OLDER:
            return None
        self._database.put(chance.choice(self._database.older))
        return Change("older copy", whole=True)

    def judge(self, change: Change, chance: Random, name: str) -> None:
        """What somebody is told who kept something outside."""
        content = self._content()
        first = _first(self._whole["log"], content["log"])
        self._database.end()
        held = chance.choice(("receipts", "some", "checkpoint"))
        sizes = self._keep(chance, held, first)
        try:
            answer = self._ask(held)
        except DaihoiError as error:
            tell_error(error)
            self.seen["refused"] += 1
            # who writes anew may leave a head that nobody can read; but nobody needs one to read the rows of the log
            if change.table == "log" and not change.whole:
                self.wrong.append(f"{name}: {change.told}: {error!r}")
            return
        tell(report.REPORT, answer, rich=False)
        said = _wrong_with(answer, change, first, sizes, len(content["log"]))
        self.seen["found"] += said is None
        if said is not None:
            self.wrong.append(f"{name}: {change.told} (first {first}, held {held} {sizes}): {said}\n{answer.problems[:4]}")

    def _keep(self, chance: Random, held: str, first: int | None) -> list[int] | None:
        """Which receipts are held: their sizes. Who has none of a time after the change cannot know of it."""
        if held == "checkpoint":
            return None
        lines = self._receipts.read_text("utf-8").splitlines()
        sizes = [json.loads(line)["size"] for line in lines]
        if held == "some":
            kept = sorted({len(lines) - 1, *chance.sample(range(len(lines)), chance.randrange(4))})
            lines, sizes = [lines[i] for i in kept], [sizes[i] for i in kept]
        self._some.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        return sizes

    def _ask(self, held: str) -> VerifyAnswer:
        with Desk.open(self._database.address, SEASON, read_only=True) as desk:
            if held == "checkpoint":
                return desk.audit("full", checkpoint=self._checkpoint, policy=self._policy)
            return desk.verify("full", receipts=Receipts(self._some))

    def _content(self) -> dict[str, list[Row]]:
        content = {}
        for table in KEYS:
            content[table] = sorted(self._database.run(f"SELECT {', '.join(bound(table))} FROM {table}"), key=repr)
        return content


def _first(before: list[Row], after: list[Row]) -> int | None:
    """The first position at which two logs are not the same."""
    one, other = ({row[1]: row for row in rows if row[0] == SEASON} for rows in (before, after))
    first = min((seq for seq in one.keys() | other.keys() if one.get(seq) != other.get(seq)), default=None)
    return None if first is None else min(first, len(one) + 1)  # whatever was put far behind the end leaves a gap there


def _wrong_with(answer: VerifyAnswer, change: Change, first: int | None, sizes: list[int] | None, size: int) -> str | None:
    if answer.ok:
        return "not found"
    if first is None:
        return None
    if not change.whole:
        told = next((p for p in answer.problems if p.seq is not None), None)
        if told is None:
            return "no position is named"
        # a command whose events break off is named by the last one that stands
        return None if told.seq == first - (told.problem == "command") or told.seq == first else f"{told.seq} is named"
    codes = [problem.problem for problem in answer.problems]
    if sizes is None:
        return None if any(code.startswith("checkpoint_") for code in codes) else "the checkpoint is said to hold"
    return _wrong_receipts(answer, first, sizes, size)


def _wrong_receipts(answer: VerifyAnswer, first: int, sizes: list[int], size: int) -> str | None:
    """Everything fits inside: the receipts alone say between which two of them the log begins to be another one."""
    after = max((one for one in sizes if one < first), default=0)
    until = min(one for one in sizes if one >= first)
    if until > size:
        told: Any = next((p.seq for p in answer.problems if p.problem == "cut_by_receipt"), None)
        return None if told == size + 1 else f"cut at {told}"
    found = [(p.fields["after"], p.seq) for p in answer.problems if p.problem == "receipt_root"]
    return None if found == [(after, until)] else f"{found} and not {(after, until)}"
