"""Reading a TOML file that a person wrote: capped before it is parsed, and every failure is one clear error with its place.

A file may be saved with or without a byte order mark (Notepad writes one). What is not a regular file is not opened: a pipe would
wait for ever.
"""

from __future__ import annotations

import re
import stat
import tomllib
from pathlib import Path
from typing import Any, ClassVar, Final

import attrs

from engine.errors import DaihoiError
from workflows.problems import Source
from workflows.toml_scan import DEEPEST, MOST_KEYS, Scan, TooDeep, TooManyKeys

LARGEST: Final = 1024 * 1024
"""Bytes. The largest bundled scenario is far below a tenth of it."""

_AT = re.compile(r" \(at line (\d+), column (\d+)\)$")

# tomllib says what is wrong in English only; these are the kinds that help a person on
_KINDS: Final = (
    ("twice", ("Cannot declare", "Cannot overwrite", "Cannot mutate", "Cannot redefine", "Duplicate inline")),
    ("string", ("Unterminated string", "Unescaped", "Illegal character", "Expected '\"", "Expected \"'")),
    ("escape", ("Invalid hex", "Escaped character")),
    ("date", ("Invalid date",)),
    ("key", ("Invalid initial character", "Expected '=' after")),
    ("bracket", ("Unclosed", "Expected ']")),
    ("value", ("Invalid value",)),
    ("character", ("Found invalid character",)),
)


@attrs.define
class FileError(DaihoiError):
    """A file that cannot be read at all."""

    file: str

    exit_code: ClassVar[int] = 2


@attrs.define
class FileMissing(FileError):
    code: ClassVar[str] = "E-FILE-MISSING"


@attrs.define
class FileNotRegular(FileError):
    """A folder, a device or a pipe. `kind`: folder or other."""

    kind: str

    code: ClassVar[str] = "E-FILE-KIND"


@attrs.define
class FileNotReadable(FileError):
    """The operating system refuses to read it. `reason`: its own words."""

    reason: str

    code: ClassVar[str] = "E-FILE-ACCESS"


@attrs.define
class FileTooLarge(FileError):
    """`limit`: in bytes."""

    limit: int

    code: ClassVar[str] = "E-FILE-SIZE"


@attrs.define
class FileNotText(FileError):
    """Not UTF-8. `line`: where the first wrong byte stands; `guess`: the encoding it was probably saved in."""

    line: int
    guess: str | None = None

    code: ClassVar[str] = "E-FILE-ENCODING"


@attrs.define
class FileTooDeep(FileError):
    line: int
    column: int
    limit: int

    code: ClassVar[str] = "E-FILE-DEPTH"


@attrs.define
class FileTooManyKeys(FileError):
    line: int
    limit: int

    code: ClassVar[str] = "E-FILE-KEYS"


@attrs.define
class FileSyntax(FileError):
    """Not TOML. `kind` says roughly what: string, escape, date, key, bracket, value, character, number or statement."""

    kind: str
    line: int | None = None
    column: int | None = None
    text: str = ""

    code: ClassVar[str] = "E-FILE-SYNTAX"


@attrs.define
class FileTwice(FileSyntax):
    """A key or table that is declared twice."""

    code: ClassVar[str] = "E-FILE-TWICE"


@attrs.frozen
class Document:
    """A TOML file as it was read."""

    data: dict[str, Any]
    source: Source
    path: Path


def read_bytes(path: Path, name: str, *, limit: int = LARGEST) -> bytes:
    """The bytes of a regular file. Raises FileError."""
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            raise FileNotRegular(name, "folder" if stat.S_ISDIR(mode) else "other")
        with path.open("rb") as file:
            raw = file.read(limit + 1)
    except FileNotFoundError:
        raise FileMissing(name) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise FileNotReadable(name, getattr(error, "strerror", None) or str(error)) from None
    if len(raw) > limit:
        raise FileTooLarge(name, limit)
    return raw


def decode(raw: bytes, name: str) -> str:
    """The text of a UTF-8 file, with or without a byte order mark. Raises FileNotText."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        guess = "UTF-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else None
        raise FileNotText(name, raw.count(b"\n", 0, error.start) + 1, guess) from None


def read_toml(path: Path, name: str | None = None) -> Document:
    """Read a TOML file. `name`: how people know it. Raises FileError."""
    name = name or str(path)
    text = decode(read_bytes(path, name), name)
    data, source = parse_toml(text, name)
    return Document(data, source, path)


def parse_toml(text: str, name: str) -> tuple[dict[str, Any], Source]:
    """Parse a TOML text after a look at its caps. Raises FileError."""
    scan = _scanned(text, name)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax(str(error), text, name, scan.unclosed) from None
    except RecursionError:
        raise FileTooDeep(name, 1, 1, DEEPEST) from None
    except ValueError:
        # Python itself refuses to read an integer of thousands of digits
        raise FileSyntax(name, "number") from None
    return data, Source(name, text, scan.lines)


def _scanned(text: str, name: str) -> Scan:
    scan = Scan(text)
    try:
        scan.run()
    except TooManyKeys as error:
        raise FileTooManyKeys(name, _place(text, error.position)[0], MOST_KEYS) from None
    except TooDeep as error:
        raise FileTooDeep(name, *_place(text, error.position), DEEPEST) from None
    return scan


def _place(text: str, position: int) -> tuple[int, int]:
    return text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)


def _syntax(message: str, text: str, name: str, unclosed: int | None) -> FileSyntax:
    """The parser's message as a typed error, with the line it speaks of; of a text that never ends, the line where it begins."""
    kind = next((kind for kind, starts in _KINDS if message.startswith(starts)), "statement")
    at = _AT.search(message)
    if kind == "string" and unclosed is not None:
        line, column = _place(text, unclosed)
    else:
        line, column = (int(at[1]), int(at[2])) if at else _place(text, len(text))
    written = text.split("\n")[line - 1].strip()[:80]
    return (FileTwice if kind == "twice" else FileSyntax)(name, kind, line, column, written)
