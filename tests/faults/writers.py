"""Many clerks at once, in processes of their own. A program, because it forks; it prints what each clerk was told, a line each.

    python -m tests.faults.writers rounds  ADDRESS PROCESSES THREADS ROUNDS     all decide on one version of one unit, round by round
    python -m tests.faults.writers apart   ADDRESS PROCESSES THREADS SECONDS    each works on a unit of its own
    python -m tests.faults.writers mixed   ADDRESS FIRST THREADS SEED           some units, facts and questions, until it is killed

Lines are JSON: `{"asked": id}` before a question whose answer may be lost, and what `tests.faults.told.Told` holds after it.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import attrs

from engine.actors import Actor
from engine.commands import RecordFact
from engine.unit import Unit
from store.desk import Desk
from store.errors import CommitUnknown, ConnectionLost, NotConnected, UnitChanged
from tests import sample
from tests.faults.told import Told

PATIENCE = 600.0
"""Seconds to wait for the others: there are many, and the machine may be busy."""

SHARED = ("east", "west", "north")


def own_unit(number: int) -> str:
    return f"south-{number}"


def units(writers: int) -> tuple[Unit, ...]:
    """The sample season's units, and one for each writer."""
    more = (Unit(code=own_unit(n), name=f"Phường {n}", level="base", parent="south") for n in range(writers))
    return (*sample.UNITS, *more)


def rolls(writers: int) -> tuple[tuple[str, Any], ...]:
    return (*sample.ROLLS, *((own_unit(n), "untracked") for n in range(writers)))


def say(told: Told | dict[str, Any]) -> None:
    line = json.dumps(told if isinstance(told, dict) else attrs.asdict(told))
    os.write(1, f"{line}\n".encode())  # one write: lines of several clerks never mix, and a kill tears at most the last


class Clerk:
    """One clerk at a desk of their own."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def record(self, unit: str, value: int, id_: str, expect: int | None = None) -> Told:
        """Record a fact. Raises what leaves the clerk without an answer."""
        day = sample.OPENED_ON + timedelta(days=value % 28)
        command = RecordFact(unit=unit, actor=Actor(unit=unit), on=day, fact="delegates_summoned", value=value)
        asked = time.monotonic()
        try:
            accepted = self.desk.submit(command, expect=expect, command_id=id_)
        except UnitChanged as conflict:
            winner = "" if conflict.winner is None else conflict.winner.command_id
            return Told(
                kind="conflict",
                asked=asked,
                answered=time.monotonic(),
                unit=unit,
                version=conflict.expected + 1,
                id=id_,
                winner=winner,
            )
        receipt = accepted.receipt
        assert receipt is not None
        return Told(
            kind="write",
            asked=asked,
            answered=time.monotonic(),
            unit=unit,
            version=accepted.events[-1].version,
            id=id_,
            seq=receipt.last_seq,
            leaf_hash=receipt.leaf_hash,
            size=receipt.size,
            root=receipt.root,
        )

    def read(self, unit: str) -> Told:
        asked = time.monotonic()
        version = self.desk.version_of(unit)
        return Told(kind="read", asked=asked, answered=time.monotonic(), unit=unit, version=version)


def identity(writer: int, number: int) -> str:
    return f"{writer:08}-0000-4000-8000-{number:012}"


def rounds(address: str, first: int, threads: int, count: int, meet: Callable[[], object]) -> None:
    """All decide on the version they read together."""

    def work(writer: int, together: threading.Barrier) -> None:
        with Desk.open(address, wait=PATIENCE) as desk:
            clerk = Clerk(desk)
            for number in range(count):
                _everybody(together, meet)
                version = desk.version_of("east")
                _everybody(together, meet)
                say(clerk.record("east", 1_000 * number + writer + 1, identity(writer, number), expect=version))

    _in_threads(work, first, threads)


def apart(address: str, first: int, threads: int, seconds: int, meet: Callable[[], object]) -> None:
    """Each on a unit of its own, as fast as it goes."""

    def work(writer: int, together: threading.Barrier) -> None:
        with Desk.open(address, wait=PATIENCE) as desk:
            clerk = Clerk(desk)
            _everybody(together, meet)
            until, number = time.monotonic() + seconds, 0
            while time.monotonic() < until:
                number += 1
                say(clerk.record(own_unit(writer), number, identity(writer, number)))

    _in_threads(work, first, threads)


def _everybody(together: threading.Barrier, meet: Callable[[], object]) -> None:
    """One of each process meets those of the others while its own wait."""
    if together.wait() == 0:
        meet()
    together.wait()


def _in_threads(work: Callable[[int, threading.Barrier], None], first: int, threads: int) -> None:
    together = threading.Barrier(threads)
    clerks = [threading.Thread(target=work, args=(first + n, together)) for n in range(threads)]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()


def mixed(address: str, first: int, threads: int, seed: int) -> None:
    """Facts about a few units, with and without a version insisted on, and questions; until somebody ends it."""

    def work(writer: int, _: threading.Barrier) -> None:
        chance, number, desk = Random(seed * 1_000 + writer), 0, None
        while True:
            unit = chance.choice(SHARED)
            number += 1
            try:
                desk = desk or Desk.open(address, wait=PATIENCE)
                _one(Clerk(desk), unit, chance, writer, number)
            except (ConnectionLost, NotConnected, CommitUnknown):
                continue  # without an answer: whoever looks at this afterwards asks again by the id

    _in_threads(work, first, threads)


def _one(clerk: Clerk, unit: str, chance: Random, writer: int, number: int) -> None:
    if chance.random() < 0.25:
        say(clerk.read(unit))
        return
    insisted = clerk.desk.version_of(unit) if chance.random() < 0.5 else None
    id_, value = identity(writer, number), writer * 100_000 + number
    say({"asked": time.monotonic(), "id": id_, "unit": unit, "value": value, "expect": insisted})
    say(clerk.record(unit, value, id_, expect=insisted))


def main(mode: str, address: str, *numbers: str) -> None:
    one, two, three = map(int, numbers)
    if mode == "mixed":
        mixed(address, one, two, three)
        return
    kinds = {"rounds": rounds, "apart": apart}
    context = multiprocessing.get_context("fork")
    meeting = context.Barrier(one)
    processes = [context.Process(target=kinds[mode], args=(address, n * two, two, three, meeting.wait)) for n in range(one)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    sys.exit(any(process.exitcode for process in processes))


if __name__ == "__main__":
    main(*sys.argv[1:])
