"""A ZIP file that is written once, front to back: the same files make the same bytes, whenever and wherever."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from hashlib import sha256
from types import TracebackType
from typing import BinaryIO, Final, Self
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from engine.bundle import Stored

_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
_UNIX: Final = 3
_EVERYBODY_READS: Final = 0o100644 << 16


class Archive:
    """Takes files one after the other. `files`: what it holds."""

    def __init__(self, opened: BinaryIO) -> None:
        self._zip = ZipFile(opened, "w")
        self.files: dict[str, Stored] = {}

    def add(self, name: str, content: bytes) -> None:
        with self.entry(name, len(content)) as entry:
            entry.write(content)

    @contextmanager
    def entry(self, name: str, size: int) -> Iterator[Entry]:
        """A file that is written piece by piece. `size`: what it will come to, for its header has no room for a large one else."""
        info = ZipInfo(name, _LONG_AGO)
        info.create_system, info.external_attr = _UNIX, _EVERYBODY_READS
        info.compress_type, info.file_size = ZIP_DEFLATED, size
        with self._zip.open(info, "w") as opened:
            entry = Entry(opened)  # type: ignore[arg-type]  # typeshed calls it IO[bytes]; it is written to, and no more
            yield entry
        self.files[name] = Stored(entry.size, entry.digest.hexdigest())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Write its end. Where something failed before, that is what is told: the file will not stay."""
        with nullcontext() if kind is None else suppress(OSError, ValueError):
            self._zip.close()


class Entry:
    """A file being written into an archive."""

    def __init__(self, opened: BinaryIO) -> None:
        self._opened = opened
        self.digest = sha256()
        self.size = 0

    def write(self, piece: bytes) -> None:
        self._opened.write(piece)
        self.digest.update(piece)
        self.size += len(piece)
