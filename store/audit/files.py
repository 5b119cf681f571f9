"""Files beside the store: read whole, made anew and never over another, or replaced in one step."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final, TypeVar

from attrs import evolve

from engine.tlog.malformed import Malformed
from engine.tlog.notes import LONGEST
from store.audit.errors import BadFile, FileFailed

T = TypeVar("T")

_SHOWN: Final = 200  # of a name: with what is put around it, it may still be called so

OPEN: Final = 0o644
SECRET: Final = 0o600


def read(file: str, reader: Callable[[bytes], T]) -> T:
    """What a file holds, in the format that a reader reads. Raises FileFailed, BadFile."""
    try:
        with Path(file).open("rb") as opened:
            raw = opened.read(LONGEST + 1)
    except OSError as error:
        raise FileFailed(file=file, why="read", detail=_said(error)) from error
    try:
        return reader(raw)
    except Malformed as error:
        raise BadFile(file=file, form=error.form, fault=error.fault, line=error.line) from error


def read_given(file: str | None, reader: Callable[[bytes], T]) -> T | None:
    """The same of a file that need not have been named."""
    return None if file is None else read(file, reader)


def make(file: str, raw: bytes, mode: int = OPEN) -> None:
    """Write a new file, and return when it is on the disk. Raises FileFailed."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError:
        raise FileFailed(file=file, why="exists") from None
    except OSError as error:
        raise FileFailed(file=file, why="write", detail=_said(error)) from error
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(raw)
            opened.flush()
            os.fsync(opened.fileno())
    except OSError as error:
        Path(file).unlink(missing_ok=True)
        raise FileFailed(file=file, why="write", detail=_said(error)) from error


@contextmanager
def making(file: str, *, over: bool = False) -> Iterator[Path]:
    """A new file beside, however long it takes to write; in its place once it is whole and on the disk, or never. Raises FileFailed.

    Where something has come to stand there meanwhile, that stays, but for `over`.
    """
    path = Path(file)
    beside = path.with_name(f".{path.name[:_SHOWN]}.{os.urandom(4).hex()}")
    try:
        make(str(beside), b"")
        yield beside
        _settle(beside)
        if not over:
            make(file, b"")  # the name is ours from here on
        beside.replace(path)
    except OSError as error:
        raise FileFailed(file=file, why="write", detail=_said(error)) from error
    except FileFailed as error:
        raise evolve(error, file=file) from error
    finally:
        beside.unlink(missing_ok=True)


def _settle(path: Path) -> None:
    """Return when a file is on the disk."""
    with path.open("rb+") as written:
        os.fsync(written.fileno())


def check_new(*files: str | None) -> None:
    """Before anything is worked out: that nothing stands where something is to be made. Raises FileFailed."""
    for file in files:
        if file is not None and os.path.lexists(file):
            raise FileFailed(file=file, why="exists")


def check_not_in(file: str, own: Iterable[str]) -> None:
    """That a file to be made is none of some that are there, by whatever name. Raises FileFailed."""
    for one in own:
        try:
            same = Path(file).samefile(one)
        except OSError:
            continue  # one of the two is not there
        if same:
            raise FileFailed(file=file, why="own")


def replace(file: str, raw: bytes) -> None:
    """Put a file in another's place: whoever reads it finds the old one or the new one, whole. Raises FileFailed."""
    path = Path(file)
    made = None
    try:
        with NamedTemporaryFile("wb", dir=path.parent, prefix=f".{path.name}.", delete=False) as opened:
            made = Path(opened.name)
            opened.write(raw)
            opened.flush()
            os.fsync(opened.fileno())
        made.replace(path)
    except OSError as error:
        if made is not None:
            made.unlink(missing_ok=True)
        raise FileFailed(file=file, why="write", detail=_said(error)) from error


def _said(error: OSError) -> str:
    return error.strerror or str(error)
