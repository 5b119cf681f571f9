"""A course of commands that can be broken off anywhere: each has an id that follows from its number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from engine.actors import Actor
from engine.commands import AnyCommand, FileDocument, RecordFact, Schedule
from engine.desk import Accepted
from store.desk import Desk
from store.receipts import Receipts
from tests.sample import OPENED_ON, UNITS

CODES = [unit.code for unit in UNITS]
TOGETHER = 3
"""Commands in one transaction, in every fifth step of the course."""


def command_id(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"


def command(number: int) -> AnyCommand:
    """The command with a number: facts with their reason in words, papers, planned days, about each unit in turn."""
    unit = CODES[number % len(CODES)]
    actor = Actor(unit=unit, person=f"clerk-{number % 5}")
    day = OPENED_ON + timedelta(days=number % 200)
    if number % 3 == 0:
        return FileDocument(unit=unit, actor=actor, on=day, document="political_report", digest=f"{number:064x}")
    if number % 3 == 1:
        return Schedule(unit=unit, actor=actor, on=OPENED_ON, day=OPENED_ON + timedelta(days=number))
    return RecordFact(unit=unit, actor=actor, on=day, fact="delegates_summoned", value=number, reason=f"biên bản số {number}")


def step(number: int) -> range:
    """The commands that go together from a number on."""
    return range(number, number + (TOGETHER if number % 5 == 0 else 1))


def take(desk: Desk, numbers: Sequence[int]) -> list[Accepted]:
    """Submit some commands of the course in one transaction, each by its id."""
    return desk.commit([desk.prepare(command(n), command_id=command_id(n)) for n in numbers])


def clerk(path: Path, receipts: Path, first: int, out: int) -> None:
    """Work through the course from a number on, and answer on a file descriptor after each commit; without end."""
    import os

    with Desk.open(path, receipts=Receipts(receipts)) as desk:
        number = first
        while True:
            numbers = step(number)
            answers = take(desk, numbers)
            lines = [f"{n} {a.receipt.leaf_hash} {int(a.repeated)}\n" for n, a in zip(numbers, answers, strict=True) if a.receipt]
            os.write(out, "".join(lines).encode())
            number = numbers[-1] + 1
