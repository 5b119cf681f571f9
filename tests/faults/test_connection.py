"""The line to PostgreSQL is cut around a COMMIT, and the server is killed in the middle of one.

Whoever asked is told the truth: their receipt, or that nothing was recorded. Nothing acknowledged is lost and nothing is half done.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from engine.desk import Accepted
from engine.errors import DaihoiError
from store.desk import Desk
from store.errors import CommitUnknown, ConnectionLost, NotConnected
from store.receipts import Receipts
from tests.faults.course import command_id, step, take
from tests.faults.proxy import Cut, Proxy
from tests.postgres import Server, server
from tests.store.seasons import opened
from tests.trials import Trial

LONGEST = 0.004
"""Seconds after a COMMIT was passed on in which the server is killed: about what one takes."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3_600)]


@pytest.fixture
def durable() -> Iterator[Server]:
    """A server of its own that waits for the disk, to be killed."""
    with server() as running:
        yield running


class Course:
    """The course of `tests.faults.course` on one store, with what a clerk was told. `answered`: by number, the leaf hash."""

    def __init__(self, url: str, straight: str, receipts: Path) -> None:
        self.url = url
        self.straight = straight
        self.receipts = receipts
        self.answered: dict[int, str] = {}
        self.seen: Counter[str] = Counter()
        self.number = 0
        self.wrong = 0

    def go_on(self, desk: Desk) -> None:
        """The next step. What fails is asked for again by the same ids, as a clerk would."""
        numbers = step(self.number)
        while True:
            try:
                self._hear(numbers, take(desk, numbers))
            except (ConnectionLost, NotConnected) as error:
                self._deny(numbers, error)
            except CommitUnknown:
                self.seen["not_known"] += 1
            else:
                self.number = numbers[-1] + 1
                return

    def _hear(self, numbers: range, answers: list[Accepted]) -> None:
        for number, answer in zip(numbers, answers, strict=True):
            assert answer.receipt is not None
            self.answered[number] = answer.receipt.leaf_hash
            self.seen["repeated"] += answer.repeated

    def _deny(self, numbers: range, error: DaihoiError) -> None:
        """It is said that nothing was recorded: then nothing is."""
        self.seen["nothing_recorded"] += 1
        raw = Desk.open(self.straight, read_only=True)
        with raw as desk:
            ids = [command_id(number) for number in numbers]
            marks = ", ".join("?" * len(ids))
            found = desk._session.store.rows(f"SELECT id FROM command WHERE id IN ({marks})", ids)
        if found:
            self.wrong += 1
            raise AssertionError(f"{error.code} says that nothing was recorded, but {found} was")

    def look(self) -> None:
        """All that was answered is in the log, and nothing of a step whose answer never came."""
        with Desk.open(self.straight, read_only=True, receipts=Receipts(self.receipts)) as desk:
            rows = desk._session.store.rows("SELECT id, last_seq FROM command WHERE id LIKE '00000000-%' ORDER BY last_seq")
            assert [id_ for id_, _ in rows] == [command_id(n) for n in range(self.number)]
            for number, (_, seq) in enumerate(rows):
                (written,) = desk._session.store.row("SELECT leaf_hash FROM log WHERE seq = ?", (seq,)) or (b"",)
                self.wrong += written.hex() != self.answered[number]
            verified = desk.verify("full")
            assert verified.ok, verified.problems
        assert not self.wrong


@pytest.mark.trial("cut-line")
def test_a_line_that_is_cut_around_a_commit_leaves_nobody_in_doubt(
    postgresql: Server, tmp_path_factory: pytest.TempPathFactory, trial: Trial
) -> None:
    straight = postgresql.new_database()
    opened(straight).desk.close()
    proxy = Proxy(postgresql.folder, tmp_path_factory.mktemp("line"))
    chance = Random(20210428)
    folder = tmp_path_factory.mktemp("receipts")
    course = Course(proxy.url(straight), straight, folder / "receipts.jsonl")
    with Desk.open(course.url, receipts=Receipts(course.receipts)) as desk:
        for _ in range(trial.size):
            cut: Cut = chance.choice(("before", "after"))
            proxy.cut_next = [cut] * chance.choice((1, 1, 2))
            course.go_on(desk)
            proxy.cut_next = []
            course.seen[f"cut_{cut}"] += 1
    proxy.close()
    course.look()

    assert proxy.cuts >= trial.size
    assert course.seen["nothing_recorded"]
    trial.report(proxy.cuts, course.wrong, **course.seen)


@pytest.mark.trial("kill-server")
def test_a_server_that_is_killed_during_a_commit_keeps_what_it_acknowledged(
    durable: Server, tmp_path_factory: pytest.TempPathFactory, trial: Trial
) -> None:
    straight = durable.new_database()
    opened(straight).desk.close()
    proxy = Proxy(durable.folder, tmp_path_factory.mktemp("line"))
    chance = Random(20210428)
    course = Course(proxy.url(straight), straight, tmp_path_factory.mktemp("receipts") / "receipts.jsonl")
    with Desk.open(course.url, receipts=Receipts(course.receipts)) as desk:
        for _ in range(trial.size):
            for _ in range(chance.randrange(4)):
                course.go_on(desk)
            killer = Killer(durable, chance.uniform(0.0, LONGEST))
            proxy.on_commit = killer.strike
            course.go_on(desk)
            proxy.on_commit = lambda: None
            killer.wait()
    proxy.close()
    course.look()

    trial.report(trial.size, course.wrong, **course.seen)


class Killer:
    """Kills the server some moments after a COMMIT was passed on, once, and starts it again."""

    def __init__(self, victim: Server, delay: float) -> None:
        self._victim = victim
        self._delay = delay
        self._thread: threading.Thread | None = None

    def strike(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._kill)
            self._thread.start()

    def _kill(self) -> None:
        time.sleep(self._delay)
        self._victim.kill()
        self._victim.start()

    def wait(self) -> None:
        assert self._thread is not None, "there was no commit to kill in"
        self._thread.join()
