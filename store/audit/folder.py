"""A folder and all below it, by what is in its files.

Links are not followed: they may lead in circles, and what they lead to does not lie on the stick that somebody hands over. What cannot be
read is told with its reason, and the rest is gone on with.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from typing import Final

import attrs

from engine.desk import Progress, unheard
from store.audit.errors import FileFailed

_AT_ONCE: Final = 1 << 20
_JUNCTION: Final = 0xA0000003
"""What Windows calls a mount point; until Python 3.12 only this tag tells it from a folder."""


@attrs.frozen
class Unread:
    """What nobody looked into. `why`: it is a `link`, no file but something `special` (a pipe, a device), or the system `refused`."""

    path: str
    why: str
    detail: str = ""


@attrs.frozen
class Folder:
    """`files`: the paths (from the folder, with slashes) of each digest, in hex."""

    place: str
    files: Mapping[str, tuple[str, ...]]
    unread: tuple[Unread, ...] = ()

    @property
    def count(self) -> int:
        return sum(map(len, self.files.values()))


@attrs.frozen
class _File:
    path: str
    told: str
    size: int


def read_folder(place: str, progress: Progress = unheard) -> Folder:
    """Read every file of a folder, one portion after the other. `progress` hears how many of how many bytes. Raises FileFailed."""
    try:
        with os.scandir(place):
            pass
    except OSError as error:
        raise FileFailed(file=place, why="read", detail=error.strerror or str(error)) from error
    listed = list(_listed(place))
    files = [one for one in listed if isinstance(one, _File)]
    unread = [one for one in listed if isinstance(one, Unread)]
    total, done = sum(file.size for file in files), 0
    found: dict[str, list[str]] = {}
    for file in files:
        try:
            found.setdefault(_digest(file.path, lambda read, before=done: progress(before + read, total)), []).append(file.told)  # type: ignore[misc]
        except OSError as error:
            unread.append(_refused(file.told, error))
        done += file.size
    return Folder(place, {digest: tuple(paths) for digest, paths in found.items()}, tuple(unread))


def _digest(path: str, heard: Callable[[int], object]) -> str:
    hashed, read = sha256(), 0
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - its path may be no text
        while portion := file.read(_AT_ONCE):
            hashed.update(portion)
            read += len(portion)
            heard(read)
    return hashed.hexdigest()


def _listed(place: str) -> Iterator[_File | Unread]:
    """What lies in a folder and below it, in the order of the names."""
    waiting = [(place, "")]
    while waiting:
        folder, told = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                lying = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            yield _refused(told, error)
            continue
        below = []
        for entry in lying:
            path = f"{told}{shown(entry.name)}"
            try:
                kind = _kind(entry)
                if kind == "folder":
                    below.append((entry.path, f"{path}/"))
                elif kind == "file":
                    yield _File(entry.path, path, entry.stat(follow_symlinks=False).st_size)
                else:
                    yield Unread(path, kind)
            except OSError as error:
                yield _refused(path, error)
        waiting += reversed(below)


def _kind(entry: os.DirEntry[str]) -> str:
    is_junction = getattr(entry.stat(follow_symlinks=False), "st_reparse_tag", 0) == _JUNCTION
    if entry.is_symlink() or is_junction:
        return "link"
    if entry.is_dir(follow_symlinks=False):
        return "folder"
    return "file" if stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode) else "special"


def _refused(path: str, error: OSError) -> Unread:
    return Unread(path, "refused", error.strerror or str(error))


def shown(name: str) -> str:
    """A name as text: what is no UTF-8 in it (an old disk's, a camera's) stands as its number, with a backslash in front."""
    return os.fsencode(name).decode("utf-8", "backslashreplace") if not name.isprintable() else name
