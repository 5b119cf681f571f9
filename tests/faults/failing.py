"""A disk that fails: at the n-th write, sync, truncation, opening, deletion or lock, once or from then on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import count
from typing import Any, Final

import apsw
import attrs

ONCE, FOR_EVER = "once", "for ever"

EIO: Final[Mapping[str, int]] = {
    "write": apsw.SQLITE_IOERR_WRITE,
    "sync": apsw.SQLITE_IOERR_FSYNC,
    "truncate": apsw.SQLITE_IOERR_TRUNCATE,
    "open": apsw.SQLITE_CANTOPEN,
    "delete": apsw.SQLITE_IOERR_DELETE,
    "lock": apsw.SQLITE_IOERR_LOCK,
}
ENOSPC: Final[Mapping[str, int]] = {
    "write": apsw.SQLITE_FULL,
    "sync": apsw.SQLITE_IOERR_FSYNC,
    "open": apsw.SQLITE_CANTOPEN,
}
"""What SQLite makes of the two errors of the system, operation by operation."""

_NUMBERS = count()
ERRORS: Final = {"EIO": EIO, "ENOSPC": ENOSPC}


@attrs.frozen
class Fault:
    """Which operation fails: the n-th of a kind, with what, and whether all of that kind fail after it."""

    kind: str
    number: int
    error: str
    how: str

    def hits(self, kind: str, number: int) -> bool:
        return kind == self.kind and (number == self.number or (number > self.number and self.how == FOR_EVER))

    @property
    def code(self) -> int:
        return ERRORS[self.error][self.kind]


class FailingDisk(apsw.VFS):
    """SQLite's own file system, with operations counted by kind; one `fault` of them comes to pass. Nothing is really synced."""

    def __init__(self, fault: Fault | None = None) -> None:
        self.vfs_name = f"failing-{next(_NUMBERS)}"
        self.done: Counter[str] = Counter()
        self.fault = fault
        super().__init__(self.vfs_name, "")

    def next(self, kind: str) -> bool:
        """Whether the next operation of a kind fails."""
        self.done[kind] += 1
        return self.fault is not None and self.fault.hits(kind, self.done[kind])

    def fail(self) -> None:
        assert self.fault is not None
        raise apsw.exception_for(self.fault.code)

    def check(self, kind: str) -> None:
        if self.next(kind):
            self.fail()

    def xOpen(self, name: Any, flags: list[int]) -> FailingFile:
        self.check("open")
        return FailingFile(self, name, flags)

    def xDelete(self, name: str, sync: bool) -> None:
        self.check("delete")
        super().xDelete(name, sync)

    def excepthook(self, *_: object) -> bool:
        """Errors that SQLite takes no notice of are no news."""
        return True


class FailingFile(apsw.VFSFile):
    """A file on it. A write that fails has written its first half."""

    def __init__(self, disk: FailingDisk, name: Any, flags: list[int]) -> None:
        self._disk = disk
        super().__init__("", name, flags)

    def xWrite(self, data: Any, offset: int) -> None:
        if self._disk.next("write"):
            super().xWrite(bytes(data)[: len(data) // 2], offset)
            self._disk.fail()
        super().xWrite(data, offset)

    def xSync(self, _flags: int) -> None:
        self._disk.check("sync")

    def xTruncate(self, size: int) -> None:
        self._disk.check("truncate")
        super().xTruncate(size)

    def xLock(self, level: int) -> None:
        self._disk.check("lock")
        super().xLock(level)

    def excepthook(self, *_: object) -> bool:
        """Errors that SQLite takes no notice of are no news."""
        return True
