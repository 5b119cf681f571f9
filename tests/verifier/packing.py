"""Files put into a ZIP file or a folder, well or badly."""

from __future__ import annotations

import io
import os
import shutil
import struct
import warnings
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from typing import Final

Entries = list[tuple[str, bytes]]
NAMES: Final = (
    "../x", "/x", "x/", "x//y", ".x", "x/.y", "x/../y", "x y", "x\\y", "C:x", "é", "", "x\n", "x\0y", "checkpoint", "manifest.json",
    "leaves.jsonl",
    "x/./y", "-", "_", "definitions/", "proofs", "x.", "x~", ".DS_Store", "sub/.DS_Store", "sub/Thumbs.db",
)  # fmt: skip


def packed(chance: Random, files: Mapping[str, bytes]) -> bytes:
    """A ZIP file as it should be: either method, entries in any order."""
    entries = list(files.items())
    chance.shuffle(entries)
    return _zip(entries, chance)


def badly_packed(chance: Random, files: Mapping[str, bytes]) -> bytes:
    """A ZIP file with something wrong."""
    entries = list(files.items())
    chance.shuffle(entries)
    if chance.randrange(3) == 0:
        name = chance.choice(NAMES)
        entries.insert(chance.randrange(len(entries) + 1), (name, chance.choice(entries)[1]))
        return _zip(entries, chance)
    return chance.choice(DAMAGES)(chance, _zip(entries, chance))


def _zip(entries: Entries, chance: Random) -> bytes:
    file = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w") as made:
        warnings.simplefilter("ignore", UserWarning)  # a name that stands there twice is meant
        for name, content in entries:
            about = zipfile.ZipInfo(name or "x")
            about.filename = name
            about.compress_type = chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
            made.writestr(about, content)
    return file.getvalue()


Damage = Callable[[Random, bytes], bytes]


def _bits(chance: Random, raw: bytes) -> bytes:
    """Bits flipped anywhere, or where the ZIP file says of itself what it is."""
    made = bytearray(raw)
    directory = struct.unpack_from("<I", raw, len(raw) - 6)[0]
    ranges = [range(len(raw)), range(directory, len(raw)), range(len(raw) - 22, len(raw)), range(min(60, len(raw)))]
    made[chance.choice(chance.choice(ranges))] ^= 1 << chance.randrange(8)
    return bytes(made)


def _entry(chance: Random, raw: bytes) -> int:
    """Where an entry of the directory stands."""
    at = struct.unpack_from("<I", raw, len(raw) - 6)[0]
    found: list[int] = []
    while raw[at : at + 4] == b"PK\1\2":
        found.append(at)
        at += 46 + sum(struct.unpack_from("<3H", raw, at + 28))
    return chance.choice(found)


def _put(offset: int, *values: int, form: str = "<H") -> Damage:
    """Another number in an entry of the directory."""

    def damage(chance: Random, raw: bytes) -> bytes:
        made = bytearray(raw)
        struct.pack_into(form, made, _entry(chance, raw) + offset, chance.choice(values))
        return bytes(made)

    return damage


def _put_at_end(offset: int, *values: int, form: str = "<H") -> Damage:
    def damage(chance: Random, raw: bytes) -> bytes:
        made = bytearray(raw)
        struct.pack_into(form, made, len(raw) - 22 + offset, chance.choice(values))
        return bytes(made)

    return damage


def _other_local_name(chance: Random, raw: bytes) -> bytes:
    at = struct.unpack_from("<I", raw, _entry(chance, raw) + 42)[0] + 30
    return raw[:at] + b"X" + raw[at + 1 :]


def _entry_lost(chance: Random, raw: bytes) -> bytes:
    at = _entry(chance, raw)
    return raw[:at] + raw[at + 46 + sum(struct.unpack_from("<3H", raw, at + 28)) :]


def _entry_for_two(chance: Random, raw: bytes) -> bytes:
    """Two entries whose data is the same."""
    made = bytearray(raw)
    made[(at := _entry(chance, raw) + 42) : at + 4] = raw[(other := _entry(chance, raw) + 42) : other + 4]
    return bytes(made)


def _wide_end(chance: Random, raw: bytes) -> bytes:
    """An end record of ZIP64, right or not quite, where none is needed."""
    *_, here, count, size, start, _ = struct.unpack("<4s4H2IH", raw[-22:])
    at = len(raw) - 22
    told = [count, size, start]
    if chance.randrange(2):
        told[chance.randrange(3)] += chance.choice((-1, 1, 2**62))
    record = struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, told[0] % 2**64, told[0] % 2**64, told[1], told[2])
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, chance.choice((at, at, at, at + 1, 0)), 1)
    ends = [
        (here, 0xFFFF, size, start),
        (0xFFFF, 0xFFFF, 2**32 - 1, 2**32 - 1),
        (here, count, size, start),
        (here, count, size, 2**32 - 1),
    ]
    return raw[:at] + record + locator + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, *chance.choice(ends), 0)


def _wide_entry(chance: Random, raw: bytes) -> bytes:
    """An entry whose numbers stand in an extra field, as those of a large file do."""
    at = _entry(chance, raw)
    packed, size, names, extras = struct.unpack_from("<2I2H", raw, at + 20)
    field = struct.pack("<2H2Q", 1, 16, size, packed)
    field = chance.choice(
        (field, field, field[:-8], b"", struct.pack("<2H", 9, 0) + field, field + b"xxx", field[:2] + b"\xff\0" + field[4:])
    )
    made = bytearray(raw[: at + 46 + names] + field + raw[at + 46 + names + extras :])
    struct.pack_into("<2I2H", made, at + 20, 2**32 - 1, 2**32 - 1, names, len(field))
    struct.pack_into("<I", made, len(made) - 10, struct.unpack_from("<I", raw, len(raw) - 10)[0] + len(field) - extras)
    return bytes(made)


DAMAGES: Final[list[Damage]] = [
    _bits,
    _bits,
    _bits,
    lambda chance, raw: raw[: chance.randrange(len(raw))],
    lambda chance, raw: raw[: -chance.randint(1, 30)],
    lambda chance, raw: raw[chance.randint(1, 30) :],
    lambda chance, raw: chance.choice((b"x", b"PK\3\4", b"#!/bin/sh\n")) + raw,
    lambda chance, raw: raw + chance.choice((b"x", b"\0" * 22, b"\n", raw[-22:])),
    lambda chance, raw: raw[:-2] + b"\1\0c",
    lambda chance, raw: raw + raw,
    lambda chance, raw: chance.choice((b"", b"PK", b"not a ZIP file\n" * 9, raw[-22:], b"PK\5\6" + b"\0" * 18)),
    _put(16, 0, 2**32 - 1, form="<I"),
    _put(24, 0, 1, 2**31, 2**32 - 1, form="<I"),
    _put(20, 0, 1, 2**31, 2**32 - 1, form="<I"),
    _put(42, 0, 1, 2**31, 2**32 - 1, form="<I"),
    _put(10, 0, 1, 8, 9, 12, 14, 99),
    _put(8, 1, 8, 0x20, 0x40, 0x800, 0x2000),
    _put(6, 0, 45, 63, 64, 255),
    _put(28, 0, 1, 60_000),
    _put(30, 1, 4, 60_000),
    _put(32, 1, 60_000),
    _put(34, 1, 0xFFFF),
    _put_at_end(4, 1, 0xFFFF),
    _put_at_end(6, 1, 0xFFFF),
    _put_at_end(8, 0, 1, 0xFFFF),
    _put_at_end(10, 0, 1, 0xFFFF),
    _put_at_end(12, 0, 1, 2**32 - 1, form="<I"),
    _put_at_end(16, 0, 1, 2**32 - 1, form="<I"),
    _put_at_end(20, 1, 0xFFFF),
    _other_local_name,
    _entry_lost,
    _entry_for_two,
    _wide_end,
    _wide_entry,
]


def laid_out(files: Mapping[str, bytes], folder: Path) -> None:
    """The files in a folder, where their names allow it."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def littered(chance: Random, folder: Path) -> None:
    """What people and their programs leave in folders."""
    match chance.randrange(6):
        case 0:
            (folder / chance.choice((".DS_Store", "Thumbs.db", "desktop.ini"))).write_bytes(b"x")
        case 1:
            (folder / "empty").mkdir(exist_ok=True)
        case 2:
            (folder / chance.choice((".hidden", "a b", "é", "notes.txt"))).write_bytes(b"x")
        case 3:
            (folder / "link").symlink_to(folder / "checkpoint")
        case 4:
            (folder / "other").symlink_to(folder, target_is_directory=True)
        case _:
            os.mkfifo(folder / "pipe")
