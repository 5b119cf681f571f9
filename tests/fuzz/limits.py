"""How much an input may cost: a second of CPU and 200 MB, held by the operating system and not by a wall clock.

Only for programs of their own: the limits are the process's.
"""

from __future__ import annotations

import resource
import signal
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Final, TypeVar

T = TypeVar("T")

CPU: Final = 1.0
"""Seconds in which an input has to be accepted or refused."""

MEMORY: Final = 200 * 1024 * 1024
"""Bytes that may come to what the process had before its first input."""

HANGS: Final = 600
"""Seconds of CPU after which the whole process is ended: something in C never came back."""


class TooLong(BaseException):
    """The CPU time is used up. Not an Exception: nothing that is tried may swallow it."""


def limit_memory() -> None:
    """From here on, what would take more raises MemoryError."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    most = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (HANGS, HANGS))


def within(seconds: float, work: Callable[[], T]) -> T:
    """The work's answer. Raises TooLong after so much CPU time of this process; what others take does not count."""

    def stop(_: int, __: FrameType | None) -> None:
        raise TooLong

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        return work()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
