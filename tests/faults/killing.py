"""Kills clerks at random moments and looks at what they leave. A program of its own, because it forks.

What has to hold after each kill: the log is whole, it holds the course up to some command and nothing of the next, every answer that came
is in it, and whoever asks again by command id gets the first receipt.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

from store.desk import Desk
from store.errors import NoStore
from store.receipts import Receipts
from tests.faults.course import clerk, command_id, step, take
from tests.store.seasons import opened

SOME_DOZENS = 24
"""Answers that an unhurried clerk gives in the longest time one may work: a busy machine gives everybody more time, and kills as widely."""

MEASURED = 20
"""Every so many rounds that time is measured again."""

FOLDED = 10
"""Every so many rounds the log is folded again and compared with the tables."""

PATIENCE = 20.0
FILLER = b"\0"


class Killings:
    """The rounds over one store. `answered`: by number, the leaf hash that a clerk was told."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.path = folder / "season.db"
        self.receipts = folder / "receipts.jsonl"
        self.chance = Random(seed)
        self.answered: dict[int, str] = {}
        self.seen: Counter[str] = Counter()
        self.rounds = 0
        self.longest = 0.0
        opened(self.path).desk.close()

    def next(self) -> int:
        """Where the course goes on for somebody who only knows the answers: at the beginning of an unanswered step."""
        number = 0
        while all(n in self.answered for n in step(number)):
            number = step(number)[-1] + 1
        return number

    def kill_at_random(self) -> None:
        reading, writing = os.pipe()
        pid = self._fork(reading, writing)
        said = self._wait_and_measure(reading) if self.rounds % MEASURED == 0 else b""
        time.sleep(self.chance.uniform(0.0, self.longest) if not said else 0.0)
        self._kill(pid, writing)
        self._hear(said + _drained(reading))
        self._look()

    def _wait_and_measure(self, reading: int) -> bytes:
        """How long some dozens of answers take now; what was said meanwhile."""
        began, said = time.monotonic(), b""
        while said.count(b"\n") < SOME_DOZENS:
            said += os.read(reading, 65536)
        self.longest = time.monotonic() - began
        return said

    def kill_before_the_answer(self) -> None:
        """The pipe is full: the clerk has committed and stands in the middle of saying so."""
        self._catch_up()
        reading, writing = os.pipe()
        fill(writing)
        wanted = command_id(step(self.next())[-1])
        pid = self._fork(reading, writing)
        self._wait_for(wanted)
        self.seen["between commit and answer"] += 1
        self._kill(pid, writing)
        said = _drained(reading).strip(FILLER)
        assert not said, said
        self._look()

    def _catch_up(self) -> None:
        """Hear the answers to what was recorded by clerks who died before they could give them."""
        with Desk.open(self.path) as desk:
            while self._is_recorded(command_id(self.next())):
                numbers = step(self.next())
                for number, accepted in zip(numbers, take(desk, numbers), strict=True):
                    assert accepted.repeated
                    assert accepted.receipt is not None
                    self.answered[number] = accepted.receipt.leaf_hash

    def _fork(self, reading: int, writing: int) -> int:
        first = self.next()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            try:
                clerk(self.path, self.receipts, first, writing)
            finally:
                os._exit(3)
        return pid

    def _kill(self, pid: int, writing: int) -> None:
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        assert os.WIFSIGNALED(status), f"the clerk ended by itself: {status}"
        os.close(writing)

    def _hear(self, said: bytes) -> None:
        for line in said.decode().splitlines(keepends=True):
            if not line.endswith("\n"):
                continue  # torn: whoever hears half an answer has none
            number, leaf_hash, repeated = line.split()
            before = self.answered.setdefault(int(number), leaf_hash)
            assert before == leaf_hash, f"command {number} got two receipts"
            self.seen["repeated" if repeated == "1" else "answered"] += 1

    def _is_recorded(self, wanted: str) -> bool:
        raw = sqlite3.connect(self.path)
        found = raw.execute("SELECT 1 FROM command WHERE id = ?", (wanted,)).fetchone()
        raw.close()
        return found is not None

    def _wait_for(self, wanted: str) -> None:
        until = time.monotonic() + PATIENCE
        while not self._is_recorded(wanted):
            assert time.monotonic() < until, "the clerk did not commit"
            time.sleep(0.002)

    def _look(self) -> None:
        """What has to hold whenever a clerk died."""
        self.rounds += 1
        with Desk.open(self.path, receipts=Receipts(self.receipts)) as desk:
            self.seen["leftover"] += any(n.code == "leftover_wal" for n in desk.notes())
            answer = desk.verify("fold" if self.rounds % FOLDED == 0 else "hashes")
            assert answer.ok, answer.problems
            recorded = self._recorded(desk)
            assert recorded == list(range(len(recorded))), "there is a hole in the course"
            assert len(recorded) in {0, *(step(n)[-1] + 1 for n in _starts(len(recorded)))}, "a step was half recorded"
            assert set(self.answered) <= set(recorded), "an answer was given for what is not there"
            self._ask_again(desk, len(recorded))

    def _recorded(self, desk: Desk) -> list[int]:
        rows = desk._session.store.rows("SELECT id FROM command WHERE first_seq > ? ORDER BY first_seq", (self._opening(desk),))
        return [int(id_[-12:]) for (id_,) in rows]

    def _opening(self, desk: Desk) -> int:
        row = desk._session.store.row("SELECT min(last_seq) FROM command")
        assert row is not None
        return int(row[0])

    def _ask_again(self, desk: Desk, recorded: int) -> None:
        """By its id any command of the past gets its first receipt, answered or not."""
        if not recorded:
            return
        for number in {recorded - 1, self.chance.randrange(recorded)}:
            accepted = take(desk, [number])[0]
            assert accepted.repeated
            assert accepted.receipt is not None
            assert self.answered.get(number, accepted.receipt.leaf_hash) == accepted.receipt.leaf_hash
            self.seen["asked again"] += 1

    def finish(self) -> dict[str, int]:
        """Go on with the course to its next end, and verify all of it."""
        with Desk.open(self.path, receipts=Receipts(self.receipts)) as desk:
            take(desk, step(self.next()))
            answer = desk.verify("full")
            assert answer.ok, answer.problems
            sealed = [words for line in desk.history() for words in line.words.values()]
            assert None not in sealed
            return {**self.seen, "events": answer.events, "problems": len(answer.problems)}


def kill_openings(folder: Path, kills: int, chance: Random, longest: float) -> int:
    """Kill whoever opens a season: afterwards it is open with everything in it, or it was never opened and can be. How many were not."""
    never = 0
    for number in range(kills):
        path = folder / f"opening-{number}.db"
        pid = os.fork()
        if pid == 0:
            try:
                opened(path)
            finally:
                os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(chance.uniform(0.0, longest))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        try:
            desk = Desk.open(path)
        except NoStore:
            never += 1
            desk = opened(path).desk
        answer = desk.verify()
        assert answer.ok, answer.problems
        desk.close()
    return never


def _starts(recorded: int) -> list[int]:
    """The numbers at which the steps of the course begin, up to how much was recorded."""
    starts, number = [], 0
    while number < recorded:
        starts.append(number)
        number = step(number)[-1] + 1
    return starts


def fill(writing: int) -> None:
    os.set_blocking(writing, False)
    try:
        while True:
            os.write(writing, FILLER * 4096)
    except BlockingIOError:
        pass
    try:
        while True:
            os.write(writing, FILLER)
    except BlockingIOError:
        pass
    os.set_blocking(writing, True)


def _drained(reading: int) -> bytes:
    with os.fdopen(reading, "rb") as pipe:
        return pipe.read()


def main(folder: str, kills: str, full_pipes: str, seed: str) -> None:
    killings = Killings(Path(folder), int(seed))
    total, standing = int(kills), int(full_pipes)
    for number in range(total):
        if number * standing // total != (number + 1) * standing // total:
            killings.kill_before_the_answer()
        else:
            killings.kill_at_random()
    never = kill_openings(Path(folder), max(1, total // 10), killings.chance, killings.longest)
    sys.stdout.write(json.dumps({**killings.finish(), "never opened": never}))


if __name__ == "__main__":
    main(*sys.argv[1:])
