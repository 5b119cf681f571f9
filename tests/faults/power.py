"""A disk that loses its power: what was written and not synced may be there afterwards, or not, or in part, in any order.

Kept apart for each file: what is surely on the disk, and what was written since the last sync. The names of files are kept apart too: one
that was made or deleted is surely so only when its folder was synced. A write survives by sectors of 512 bytes, each for itself; bytes
beside a write are left alone, as SQLite is told of disks (`powersafe overwrite`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple, TypeVar

import apsw
import attrs

SECTOR: Final = 512
_JOURNALS: Final = apsw.SQLITE_OPEN_WAL | apsw.SQLITE_OPEN_MAIN_JOURNAL | apsw.SQLITE_OPEN_SUPER_JOURNAL
_NUMBERS = count()
T = TypeVar("T")


class Change(NamedTuple):
    """What was done to a file: bytes written at an offset, or (with None) all cut off from there."""

    offset: int
    data: bytes | None


@attrs.define(eq=False)
class Inode:
    """A file, whatever it is called. `sure`: what is on the disk in any case; `since`: what was done after the last sync."""

    sure: bytes = b""
    since: list[Change] = attrs.field(factory=list)

    def sync(self) -> None:
        self.sure = after(self.sure, self.since)
        self.since = []


@attrs.frozen
class Moment:
    """The disk at a moment: every name that it may have then, with what became of the names since the folder was synced."""

    names: dict[str, Inode]
    renamed: list[tuple[str, Inode | None]]
    contents: dict[Inode, tuple[bytes, list[Change]]]

    def survives(self, folder: Path, chance: Random) -> None:
        """Write to a folder what is found when the power is back."""
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        names = dict(self.names)
        for name, inode in _kept(self.renamed, chance):
            if inode is None:
                names.pop(name, None)
            else:
                names[name] = inode
        for name, inode in names.items():
            sure, since = self.contents[inode]
            (folder / name).write_bytes(after(sure, _torn(since, chance)))


class PowerDisk(apsw.VFS):
    """SQLite's own file system, and beside it what a loss of power would leave. `hear` is called before anything is done to it.

    `failing`: which sync fails, if any. As on Linux, what it should have brought to the disk never gets there by a later one: it is read
    from memory as if it were there, until it is written anew.
    """

    def __init__(self, hear: Callable[[PowerDisk], None], *, failing: int | None = None) -> None:
        self.vfs_name = f"power-{next(_NUMBERS)}"
        self._hear = hear
        self._failing = failing
        self.syncs = 0
        self.sure: dict[str, Inode] = {}
        self.renamed: list[tuple[str, Inode | None]] = []
        self.names: dict[str, Inode] = {}
        super().__init__(self.vfs_name, "")

    def happens(self) -> None:
        self._hear(self)

    def sync(self, inode: Inode) -> None:
        self.syncs += 1
        if self.syncs == self._failing:
            inode.since = []
            raise apsw.exception_for(apsw.SQLITE_IOERR_FSYNC)
        inode.sync()

    def excepthook(self, *_: object) -> bool:
        """Errors that SQLite takes no notice of are no news."""
        return True

    def moment(self) -> Moment:
        inodes = {*self.sure.values(), *(inode for _, inode in self.renamed if inode is not None)}
        return Moment(dict(self.sure), list(self.renamed), {i: (i.sure, list(i.since)) for i in inodes})

    def sync_folder(self) -> None:
        self.sure = dict(self.names)
        self.renamed.clear()

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        if path is None:
            return apsw.VFSFile("", name, flags)
        self.happens()
        short = Path(path).name
        if not Path(path).exists():
            self.names[short] = Inode()
            self.renamed.append((short, self.names[short]))
        journal = bool(flags[0] & _JOURNALS and flags[0] & apsw.SQLITE_OPEN_CREATE)
        return PowerFile(self, self.names[short], name, flags, journal=journal)

    def xDelete(self, name: str, sync: bool) -> None:
        self.happens()
        super().xDelete(name, sync)
        self.names.pop(Path(name).name, None)
        self.renamed.append((Path(name).name, None))
        if sync:
            self.sync_folder()


class PowerFile(apsw.VFSFile):
    """A file on it. `journal`: with the first sync of it SQLite's file system syncs the folder as well."""

    def __init__(self, disk: PowerDisk, inode: Inode, name: Any, flags: list[int], *, journal: bool) -> None:
        self._disk = disk
        self._inode = inode
        self._folder_waits = journal
        super().__init__("", name, flags)

    def xWrite(self, data: Any, offset: int) -> None:
        self._disk.happens()
        self._inode.since.append(Change(offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:
        self._disk.happens()
        self._inode.since.append(Change(size, None))
        super().xTruncate(size)

    def xSync(self, _flags: int) -> None:
        self._disk.happens()
        self._disk.sync(self._inode)
        if self._folder_waits:
            self._disk.happens()
            self._disk.sync_folder()
            self._folder_waits = False

    def excepthook(self, *_: object) -> bool:
        """Errors that SQLite takes no notice of are no news."""
        return True


def after(content: bytes, changes: Iterable[Change]) -> bytes:
    """A file's bytes after some changes."""
    made = bytearray(content)
    for offset, data in changes:
        if data is None:
            del made[offset:]
            continue
        made.extend(bytes(max(0, offset - len(made))))
        made[offset : offset + len(data)] = data
    return bytes(made)


def _torn(changes: list[Change], chance: Random) -> list[Change]:
    """What survives of what was done to a file, sector by sector."""
    return _kept([piece for change in changes for piece in _sectors(change)], chance)


def _sectors(change: Change) -> Iterable[Change]:
    if change.data is None:
        yield change
        return
    first = change.offset
    end = first + len(change.data)
    while first < end:
        last = min(end, (first // SECTOR + 1) * SECTOR)
        yield Change(first, change.data[first - change.offset : last - change.offset])
        first = last


def _kept(changes: list[T], chance: Random) -> list[T]:
    """All of it, nothing, the first part, or some of it."""
    how = chance.choice(("all", "nothing", "beginning", "some", "most"))
    if how == "beginning":
        return changes[: chance.randint(0, len(changes))]
    share = {"all": 1.0, "nothing": 0.0, "some": 0.5, "most": 0.95}[how]
    return [change for change in changes if chance.random() < share]
