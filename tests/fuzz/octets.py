"""Files as bytes: what bad disks, old editors, spreadsheets and impatient people make of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Final

SPECIAL: Final = (
    *(
        b"\x00",
        b"\xff",
        b"\xfe",
        b"\x80",
        b"\xc0\xaf",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\xef\xbb\xbf",
        b"\r",
        b"\n",
        b"\x1a",
    ),
    *(
        b'"',
        b"'",
        b'"""',
        b"'''",
        b"[",
        b"]",
        b"[[",
        b"{",
        b"}",
        b"=",
        b"#",
        b",",
        b";",
        b".",
        b"\\",
        b"\\u0000",
        b"9" * 20,
        b"-",
    ),
)


def mutated(raw: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    """The bytes after one accident, or a few."""
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        raw = chance.choice(_ACCIDENTS)(raw, others, chance)
    return raw


def _at(raw: bytes, chance: Random) -> int:
    return chance.randint(0, len(raw))


def _span(raw: bytes, chance: Random) -> tuple[int, int]:
    start = _at(raw, chance)
    return start, min(len(raw), start + chance.choice((1, 2, 8, 64, 512, 4096)))


def _flip(raw: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    if not raw:
        return raw
    changed = bytearray(raw)
    for _ in range(chance.choice((1, 1, 3, 20))):
        changed[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _truncate(raw: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    return raw[: _at(raw, chance)]


def _behead(raw: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    return raw[_at(raw, chance) :]


def _insert(raw: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    at = _at(raw, chance)
    return raw[:at] + chance.choice(SPECIAL) * chance.choice((1, 1, 1, 3, 100)) + raw[at:]


def _replace(raw: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    start, end = _span(raw, chance)
    return raw[:start] + chance.choice(SPECIAL) + raw[end:]


def _delete(raw: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    start, end = _span(raw, chance)
    return raw[:start] + raw[end:]


def _repeat(raw: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    start, end = _span(raw, chance)
    return raw[:end] + raw[start:end] * chance.choice((1, 2, 10)) + raw[end:]


def _splice(raw: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    other = chance.choice(others)
    start, end = _span(other, chance)
    at = _at(raw, chance)
    return raw[:at] + other[start:end] + raw[at + chance.choice((0, end - start)) :]


def _second_half_of_another(raw: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    other = chance.choice(others)
    return raw[: _at(raw, chance)] + other[_at(other, chance) :]


def _shuffle_lines(raw: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    lines = raw.splitlines(keepends=True)
    one, other = (chance.randrange(len(lines)) for _ in range(2)) if lines else (0, 0)
    if lines:
        lines[one], lines[other] = lines[other], lines[one]
    return b"".join(lines)


def _another_number(raw: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    """One number of the file is another, so that it stays a file and says something else."""
    found = list(re.finditer(rb"\d+", raw))
    if not found:
        return raw
    one = chance.choice(found)
    return raw[: one.start()] + chance.choice((b"0", b"1", b"99", b"-5", b"2021", b"9" * 19)) + raw[one.end() :]


def _another_encoding(raw: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    name = chance.choice(("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "cp1258", "latin-1", "cp1252", "utf-7"))
    return raw.decode("utf-8", "replace").encode(name, "replace")


def _windows_lines(raw: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    return raw.replace(b"\n", chance.choice((b"\r\n", b"\r", b"\n\n", b"\x85", "\u2028".encode())))


def _semicolons(raw: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    return raw.replace(*chance.choice(((b",", b";"), (b";", b","), (b",", b"\t"), (b",", b", "), (b'"', "”".encode()))))


def _excel(raw: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    return chance.choice((b"sep=;\r\n", b"sep=,\n", b"\xef\xbb\xbf", b"\n\n", b"SEP=")) + raw


def _blanks(raw: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    at = _at(raw, chance)
    return raw[:at] + chance.choice((b" ", b"\t", "\u00a0".encode(), b"\n", b"# ")) + raw[at:]


_ACCIDENTS: Final[tuple[Callable[[bytes, Sequence[bytes], Random], bytes], ...]] = (
    *(_flip, _flip, _truncate, _behead, _insert, _insert, _replace, _replace, _delete, _delete, _repeat, _splice, _splice),
    *(_second_half_of_another, _shuffle_lines, _another_number, _another_number, _another_number, _another_encoding),
    *(_windows_lines, _semicolons, _excel, _blanks),
)
