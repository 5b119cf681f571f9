"""One byte of a season's file is another one: what the command line makes of it. The file is put right again after each flip."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from pathlib import Path
from random import Random
from typing import Final

from tests.audit.tampered import CHECKPOINT, POLICY, STORE, Content
from tests.cli.conftest import Ran, Shell

FOUND: Final = 3
STORAGE: Final = 5
ASKED: Final = (("status",), ("history",), ("replay",), ("why", "east"))
"""What people ask: where nothing is found in a file, the answers are those of the file as it was."""

_TOLD: Final = re.compile(r"^(?:Error|Lỗi) \(E-[A-Z-]+\)\. ", re.MULTILINE)
_person: Final = re.compile(r'"person": ?"[^"]*"')
_OURS: Final = ("E-INTERNAL", "Traceback")
"""A mistake of the program's own."""


class Flips:
    """Tries the bytes of one file. `seen`: what became of them; `wrong`: where a promise was broken."""

    def __init__(self, folder: Path, seed: str) -> None:
        self.path = folder / STORE
        self.seen: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._shell = Shell(folder)
        self._seed = seed
        self._whole = self.path.read_bytes()
        self._content = Content.of(self.path)
        self._answers = {words: self._asked(words) for words in ASKED}

    @property
    def size(self) -> int:
        return len(self._whole)

    def mask(self, place: int) -> int:
        """Which bits are turned: another byte for every place, and the same whenever it is tried again."""
        return Random(f"{self._seed} {place}").randrange(1, 256)

    def one(self, place: int, *, process: bool = False, ask: bool = False) -> None:
        """Turn a byte and verify. `ask`: where nothing is found, ask what people ask."""
        self.seen["processes"] += process
        self._write(place, self._whole[place] ^ self.mask(place))
        try:
            ran = self._verify(process)
            said = self._wrong_with(ran, place, ask)
        finally:
            self._write(place, self._whole[place])
        if said is not None:
            self.wrong.append(f"byte {place} ^ {self.mask(place)}: {said}\n{ran}")

    def _verify(self, process: bool) -> Ran:
        run = self._shell.process if process else self._shell
        return run("--store", STORE, "audit", "verify", "--checkpoint", CHECKPOINT, "--policy", POLICY)

    def _wrong_with(self, ran: Ran, place: int, ask: bool) -> str | None:
        if any(word in ran.out + ran.err for word in _OURS):
            return "a mistake of the program's own"
        if ran.code == FOUND:
            self.seen["found"] += 1
            return None if "✗" in ran.out else "exit 3 without a word"
        if ran.code == STORAGE:
            self.seen["refused"] += 1
            return None if _TOLD.search(ran.err) else "exit 5 without a word"
        if ran.code != 0:
            return f"exit {ran.code}"
        self.seen["the_same"] += 1
        return self._is_the_same(place, ask)

    def _is_the_same(self, place: int, ask: bool) -> str | None:
        """Nothing was found: then nothing that was accepted is another."""
        try:
            content = Content.of(self.path)
        except (sqlite3.Error, UnicodeError) as error:
            return f"found whole, and cannot be read: {error}"
        differing = [name for name, rows in content.tables.items() if rows != self._content.tables[name]]
        if differing:
            return f"found whole, and {differing} are others"
        changed = [words for words in ASKED if ask and self._asked(words) != self._answers[words]]
        return f"found whole, and {changed} answer otherwise" if changed else None

    def _asked(self, words: tuple[str, ...]) -> tuple[int, str]:
        """But for persons: nothing in the log says how they are called."""
        ran = self._shell("--store", STORE, "--format", "json", *words)
        return ran.code, _person.sub('"person":""', ran.out)

    def _write(self, place: int, byte: int) -> None:
        with self.path.open("r+b", buffering=0) as file:
            file.seek(place)
            file.write(bytes((byte,)))


def places(size: int, number: int, seed: str) -> list[int]:
    """Which bytes of a file are tried: all of them, or as many as a run has time for, spread over the file."""
    if number >= size:
        return list(range(size))
    chance = Random(f"{seed} places")
    return [int((i + chance.random()) * size / number) for i in range(number)]
