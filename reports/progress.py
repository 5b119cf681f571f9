"""Progress on stderr, for people who watch a terminal and for whatever takes more than a second."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Final, Self

from reports.catalogue import Words

_PATIENCE: Final = 1.0
_BETWEEN: Final = 0.1


class Progress:
    """How far a long piece of work has come."""

    def __init__(self, words: Words, what: str) -> None:
        self._words = words
        self._what = what
        self._watched = sys.stderr.isatty()
        self._next = time.monotonic() + _PATIENCE
        self._shown = False

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if not self._watched or now < self._next:
            return
        self._next, self._shown = now + _BETWEEN, True
        counted = self._words.say(self._what, done=self._words.number(done), total=self._words.number(total))
        sys.stderr.write(f"\r\x1b[K{counted}")
        sys.stderr.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
