"""Writes through the command line on a disk that is really full, or in files that may not grow. A program of its own: it is run with a
small file system mounted over its folder, or sets itself a limit that only its children feel.

    python -m tests.faults.filling full|limit FOLDER START TRIALS      START: a season's store that stands elsewhere

Says as JSON how often which code was told, which messages, and what did not hold.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any, Final

import attrs

from store.desk import Desk
from tests.cli.conftest import Ran, Shell

BLOCK: Final = 4096
STORAGE: Final = 5
LANGUAGES: Final = ("vi", "en")


@contextmanager
def full(folder: Path, blocks: int) -> Iterator[None]:
    """The folder's file system has so many blocks left, and no more."""
    filler = folder / "filler"
    free = os.statvfs(folder)
    try:
        filler.write_bytes(bytes(max(0, free.f_bavail - blocks) * free.f_frsize))
        yield
    finally:
        filler.unlink(missing_ok=True)


@contextmanager
def limited(folder: Path, blocks: int) -> Iterator[None]:
    """No file may grow beyond so many blocks. Python ignores the signal that comes with it, so that writing fails."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (blocks * BLOCK, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


@attrs.define
class Filling:
    """The trials of one kind. `told`: how often each code; `messages`: by code and language; `wrong`: what did not hold."""

    kind: str
    folder: Path
    start: Path
    told: Counter[str] = attrs.field(factory=Counter)
    messages: dict[str, str] = attrs.field(factory=dict)
    wrong: list[str] = attrs.field(factory=list)

    @property
    def without_room(self) -> Callable[[Path, int], Any]:
        return full if self.kind == "full" else limited

    def try_all(self, trials: int) -> None:
        chance = Random(20210428)
        for number in range(trials):
            lang = LANGUAGES[number % 2]
            if number % 8 == 0:
                self.open_a_season(chance.randint(0, 200), lang)
            else:
                self.record(chance.randint(0, 40), lang, number)

    def shell(self, lang: str) -> Shell:
        return Shell(
            self.folder,
            {"DAIHOI_LANG": lang, "DAIHOI_STORE": "season.db", "DAIHOI_RECEIPTS": str(self.folder / "receipts.jsonl")},
        )

    def record(self, blocks: int, lang: str, number: int) -> None:
        """A command on a season that stands."""
        shutil.copyfile(self.start, self.folder / "season.db")
        before = size(self.folder / "season.db")
        id_ = f"00000000-0000-4000-8000-{number:012}"
        reason = "biên bản họp " * 100
        who, what = ("--as", "long-bien"), ("record", "long-bien", "delegates_summoned", "250", "--on", "2021-04-01")
        command = (*who, *what, "--reason", reason, "--command-id", id_)
        with self.without_room(self.folder, blocks):
            ran = self.shell(lang)(*command)
        there = size(self.folder / "season.db") - before
        self.judge(ran, lang, f"{blocks} blocks", recorded=there == 1)
        again = self.shell(lang)("--format", "json", *command)
        if again.code or size(self.folder / "season.db") != before + 1:
            self.wrong.append(f"{blocks} blocks: not recorded once: {again}")
        self.tidy()

    def open_a_season(self, blocks: int, lang: str) -> None:
        """A new season where there may be no room for it."""
        with self.without_room(self.folder, blocks):
            ran = self.shell(lang)("init", "hanoi-2021", "--on", "2020-10-01")
        self.judge(ran, lang, f"opening in {blocks} blocks", recorded=ran.code == 0)
        if ran.code and self.shell(lang)("init", "hanoi-2021", "--on", "2020-10-01").code:
            self.wrong.append(f"opening in {blocks} blocks: cannot be opened with room either")
        self.tidy()

    def judge(self, ran: Ran, lang: str, where: str, *, recorded: bool) -> None:
        code = ran.err.partition("(")[2].partition(")")[0] if ran.code else ""
        self.told[code or "done"] += 1
        if ran.code:
            self.messages.setdefault(f"{code} {lang}", ran.err)
        if "Traceback" in ran.err or ran.code not in (0, STORAGE):
            self.wrong.append(f"{where}: {ran}")
        if code != "E-COMMIT-UNKNOWN" and recorded != (ran.code == 0):
            self.wrong.append(f"{where}: recorded {recorded}, and it was said: {ran}")

    def tidy(self) -> None:
        with Desk.open(self.folder / "season.db") as desk:
            if not desk.verify("fold").ok:
                self.wrong.append("verify fails")
        for left in self.folder.iterdir():
            left.unlink()


def size(path: Path) -> int:
    with Desk.open(path) as desk:
        return sum(1 for _ in desk.history())


def main(kind: str, folder: str, start: str, trials: str) -> None:
    filling = Filling(kind, Path(folder), Path(start))
    filling.try_all(int(trials))
    sys.stdout.write(json.dumps({"told": filling.told, "messages": filling.messages, "wrong": filling.wrong}))


if __name__ == "__main__":
    main(*sys.argv[1:])
