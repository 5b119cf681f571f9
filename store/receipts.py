"""Receipts outside the store: a file that only grows, so that a log whose end was cut off is found out.

One JSON object a line, with the keys of a receipt and `log`, the hash of the log's first leaf, which tells two logs of one season apart.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

import attrs

from engine.desk import Receipt
from engine.shapes import fits
from engine.values import GREATEST_RECORDED
from store.commands import receipt_json

VARIABLE = "DAIHOI_RECEIPTS"


@attrs.frozen(kw_only=True)
class KeptReceipt:
    """What a line of a receipts file says. `log` is empty where the line does not say which log it is of."""

    receipt: Receipt
    log: str = ""

    def is_of(self, log: str) -> bool:
        """Whether it may be of this log (the hash of its first leaf): one that says nothing of it may."""
        return self.log in ("", log)

    def to_json(self) -> dict[str, Any]:
        return {**receipt_json(self.receipt), "log": self.log}

    def line(self) -> str:
        return json.dumps(self.to_json(), ensure_ascii=False, sort_keys=True)


@attrs.frozen
class Receipts:
    """A file of receipts, or a folder with one file for each season and origin. `besides`: more files that somebody named."""

    path: Path
    folder: bool = False
    besides: tuple[Path, ...] = ()

    @classmethod
    def named(cls, files: Sequence[str]) -> Receipts | None:
        """The files that somebody named, if any."""
        return cls(Path(files[0]), besides=tuple(map(Path, files[1:]))) if files else None

    def each(self) -> Iterator[Receipts]:
        """File by file."""
        yield attrs.evolve(self, besides=())
        yield from map(Receipts, self.besides)

    def file_for(self, season: str, origin: str) -> Path:
        return self.path / f"{season}.{origin}.receipts.jsonl" if self.folder else self.path

    def append(self, receipts: Iterable[Receipt], log: str) -> None:
        """Add receipts, and return when they are on the disk. Raises OSError."""
        lines = [(receipt, KeptReceipt(receipt=receipt, log=log).line()) for receipt in receipts]
        if not lines:
            return
        path = self.file_for(lines[0][0].season, lines[0][0].origin)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write("".join(f"{line}\n" for _, line in lines))
            file.flush()
            os.fsync(file.fileno())

    def read(self, season: str, origin: str) -> Iterator[KeptReceipt | None]:
        """The receipts of a season and origin; None for a line that is none (a machine may stop in the middle of one). Raises OSError."""
        with self.file_for(season, origin).open(encoding="utf-8", errors="replace") as file:
            for kept in _read(file):
                if kept is None or (kept.receipt.season, kept.receipt.origin) == (season, origin):
                    yield kept


def _read(file: TextIO) -> Iterator[KeptReceipt | None]:
    """Line by line; or the one answer of the command line that somebody kept, which runs over many."""
    first = file.readline()
    kept = read_line(first)
    if kept is None:
        rest = file.read()
        whole = read_line(first + rest)
        yield from (whole,) if whole is not None else map(read_line, filter(str.strip, (first + rest).splitlines()))
        return
    yield kept
    yield from map(read_line, filter(str.strip, file))


def read_line(line: str) -> KeptReceipt | None:
    """A receipt as we write it, or inside an answer of the command line."""
    try:
        found = json.loads(line)
        found = found.get("receipt") or found
        receipt = Receipt(**{attribute.name: found[attribute.name] for attribute in attrs.fields(Receipt)})
        readable = fits(receipt) and all(map(bytes.fromhex, (receipt.leaf_hash, receipt.root))) and _in_a_log(receipt)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    if not readable:
        return None
    return KeptReceipt(receipt=receipt, log=str(found.get("log", "")))


def _is_folder(path: Path) -> bool:
    """A name that the system does not even look up is told when a receipt could not be kept under it."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _in_a_log(receipt: Receipt) -> bool:
    """Whether its positions could be those of a log: a database cannot even be asked for a greater number."""
    return 0 < receipt.first_seq <= receipt.last_seq <= receipt.size <= GREATEST_RECORDED


def receipts_from(environment: Mapping[str, str]) -> Receipts:
    """Where the user's receipts are kept: the file or folder that the environment names, else the user's data folder."""
    named = environment.get(VARIABLE)
    if named:
        path = Path(named)
        return Receipts(path, folder=named.endswith(("/", "\\")) or _is_folder(path))
    from platformdirs import user_data_path

    return Receipts(user_data_path("daihoi", appauthor=False) / "receipts", folder=True)
