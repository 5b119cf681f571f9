#!/usr/bin/env python3
"""Checks a bundle of a season's log, or of one unit of it, and tells where everybody stands. / Kiểm tra gói kiểm chứng.

    python3 verify.py [BUNDLE.zip | FOLDER] [--policy FILE | --key KEY] [--checkpoint EARLIER] [--json] [--lang vi|en]

This file needs Python 3.8 or newer and, for signatures, the program `openssl` (3.0 or newer); nothing else, and nothing of the
program that made the bundle. It was written from docs/bundle.md alone, by the specifications named there: RFC 6962 and RFC 9162
(trees and their proofs), C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-policy, tlog-proof, RFC 8032 (Ed25519).

It is one file on purpose: it has to be read, copied and carried on a stick. What a bundle holds is taken for hostile: nothing in
it is run, and no file of it is held in memory but the small ones, up to a bound.
"""

import os
import sys

if __name__ == "__main__":
    # Modules are looked for beside a program first. Beside this one lies what a stranger packed.
    _HERE = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [folder for folder in sys.path if os.path.abspath(folder or os.curdir) != _HERE]

import argparse
import base64
import binascii
import codecs
import hashlib
import json
import locale
import re
import stat
import struct
import subprocess
import tempfile
import time
import unicodedata
import zipfile
import zlib
from typing import IO, Any, Callable, Dict, Iterator, NamedTuple, NoReturn, Sequence, Tuple, cast
from urllib.parse import quote

FORMAT = "daihoi-bundle/1"
SEASON = "season"

LARGEST = 2**53 - 1
"""The largest number that every reader of JSON understands in the same way."""
DEEPEST = 64
LONGEST_MANIFEST = 2**26
LONGEST_LEAF = 2**24
LONGEST_OTHER = 2**20

NO_LEAVES = hashlib.sha256(b"").digest()

Object = Dict[str, Any]


class Broken(Exception):
    """Something does not hold: which question failed, at which event, and what was found there."""

    def __init__(self, code: str, detail: str = "", seq: "int | None" = None, **fields: Any) -> None:
        super().__init__(code)
        self.code, self.detail, self.seq, self.fields = code, detail, seq, fields

    @property
    def is_rewriting(self) -> bool:
        """Whether the past is another one, which no other bundle mends."""
        return (self.code, self.detail) == ("past", "rewritten")


class Misuse(Exception):
    """The program was called wrongly."""

    def __init__(self, detail: str, **fields: Any) -> None:
        super().__init__(detail)
        self.detail, self.fields = detail, fields


class OtherForm(Exception):
    """A text is not of the form that it should have; whoever reads it knows what that means."""


# ---------------------------------------------------------------------------------------------- canonical JSON and base64


def _whole(digits: str) -> int:
    # Before the conversion: a number of a million digits takes minutes, or is refused with an error of its own.
    if len(digits) > len(str(-LARGEST)) or abs(int(digits)) > LARGEST:
        raise ValueError(digits[:20])
    return int(digits)


def _never(token: str) -> NoReturn:
    raise ValueError(token[:20])


_DECODE = json.JSONDecoder(parse_float=_never, parse_int=_whole, parse_constant=_never).decode
_ENCODE = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False).encode
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')


def canonical(value: Any) -> bytes:
    """The one way to write a value."""
    return _ENCODE(value).encode("utf-8")


def read_json(raw: bytes) -> Any:
    """The value of a canonical JSON text."""
    if _depth(raw) > DEEPEST:
        raise OtherForm("deep")
    try:
        text = raw.decode("utf-8")
        value = _DECODE(text)
        same = canonical(value) == raw
    except (ValueError, RecursionError):
        raise OtherForm("json") from None
    if not same or not _composed(text, value):
        raise OtherForm("canonical")
    return value


def _depth(raw: bytes) -> int:
    """How deep the brackets are; asked before parsing, so that no text can exhaust the stack."""
    if raw.count(b"[") + raw.count(b"{") <= DEEPEST:
        return 0
    deepest = depth = 0
    for byte in _STRING.sub(b"", raw):
        if byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest


def _composed(text: str, value: Any) -> bool:
    # What is composed as a whole is so in its parts. The opposite is not true: the letter of an escape may be followed by an accent.
    return text.isascii() or unicodedata.is_normalized("NFC", text) or all(
        unicodedata.is_normalized("NFC", string) for string in _strings(value)
    )  # fmt: skip


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def is_whole(value: Any, least: int = 0) -> bool:
    return type(value) is int and value >= least


def is_hex(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[0-9a-f]{64}", value) is not None


def read_base64(text: bytes) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise OtherForm("base64") from None
    if base64.b64encode(raw) != text:
        raise OtherForm("base64")
    return raw


def read_hash(text: bytes) -> bytes:
    raw = read_base64(text)
    if len(raw) != hashlib.sha256().digest_size:
        raise OtherForm("hash")
    return raw


def read_decimal(text: bytes) -> int:
    if not re.fullmatch(rb"0|[1-9][0-9]{0,15}", text) or int(text) > LARGEST:
        raise OtherForm("decimal")
    return int(text)


# ------------------------------------------------------------------------------------- the tree: RFC 6962 and its proofs


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + leaf).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A tree that grows leaf by leaf and keeps only the roots of its full subtrees."""

    def __init__(self) -> None:
        self.size = 0
        self._full: list[bytes] = []

    def append(self, hashed: bytes) -> None:
        size = self.size
        while size & 1:
            hashed = node(self._full.pop(), hashed)
            size >>= 1
        self._full.append(hashed)
        self.size += 1

    def root(self) -> bytes:
        if not self._full:
            return NO_LEAVES
        root = self._full[-1]
        for left in reversed(self._full[:-1]):
            root = node(left, root)
        return root


def included(index: int, size: int, hashed: bytes, path: Sequence[bytes], root: bytes) -> bool:
    """RFC 9162, 2.1.3.2: the path leads from a leaf to the root."""
    if not 0 <= index < size:
        return False
    here, last = index, size - 1
    for other in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            hashed = node(other, hashed)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            hashed = node(hashed, other)
        here, last = here >> 1, last >> 1
    return last == 0 and hashed == root


def goes_on(first: int, old: bytes, second: int, new: bytes, path: Sequence[bytes]) -> bool:
    """RFC 9162, 2.1.4.2: the tree of the second size holds that of the first, unchanged."""
    if first == 0:
        return not path and old == NO_LEAVES
    if not path or not first < second:
        return False
    hashes = list(path) if first & (first - 1) else [old, *path]
    here, last = first - 1, second - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    was = becomes = hashes[0]
    for other in hashes[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            was, becomes = node(other, was), node(other, becomes)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            becomes = node(becomes, other)
        here, last = here >> 1, last >> 1
    return last == 0 and was == old and becomes == new


# --------------------------------------------------------------------- the container: a ZIP file or a folder of plain files

_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
_LEFT_BEHIND = {".DS_Store", "Thumbs.db", "desktop.ini"}
_CHUNK = 1 << 16
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, OverflowError,
    MemoryError, IndexError,
)  # fmt: skip
"""What the standard library raises over a ZIP file or a disk that is damaged, or made to look so."""


class Folder:
    """The files of a folder, by their names in the bundle."""

    def __init__(self, top: str) -> None:
        self._top = top
        self.sizes: dict[str, int] = {}
        folders = [""]
        while folders:
            folders.extend(self._look_into(folders.pop()))

    def _look_into(self, folder: str) -> "list[str]":
        inner = []
        with os.scandir(os.path.join(self._top, folder)) as entries:
            for entry in entries:
                name = folder + entry.name
                kind = entry.stat(follow_symlinks=False).st_mode
                if entry.name in _LEFT_BEHIND and stat.S_ISREG(kind):
                    continue
                if not _NAME.fullmatch(name):
                    raise Broken("container", "name", name=name)
                if stat.S_ISDIR(kind) and not _is_junction(entry.path):
                    inner.append(name + "/")
                elif stat.S_ISREG(kind):
                    self.sizes[name] = entry.stat(follow_symlinks=False).st_size
                else:
                    raise Broken("container", "link", name=name)
        return inner

    def open(self, name: str) -> IO[bytes]:
        return open(os.path.join(self._top, *name.split("/")), "rb")


def _is_junction(path: str) -> bool:
    ask = getattr(os.path, "isjunction", None)  # Python 3.12: a link of Windows that is not a symbolic one
    return bool(ask and ask(path))


class Archive:
    """The files of a ZIP file that no two programs can read differently."""

    def __init__(self, path: str) -> None:
        with open(path, "rb") as file:
            count, start = _directory(file)
            self._zip = zipfile.ZipFile(path)
            entries = self._zip.infolist()
            if (len(entries), self._zip.start_dir) != (count, start) or _ends(file, entries) > start:
                raise zipfile.BadZipFile
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            self._enter(entry)
        self.sizes = {name: entry.file_size for name, entry in self._entries.items()}

    def _enter(self, entry: zipfile.ZipInfo) -> None:
        name = entry.orig_filename  # `filename` ends at a NUL, and has another slash on Windows
        if not _NAME.fullmatch(name) or entry.filename != name:
            raise Broken("container", "name", name=name)
        if name in self._entries:
            raise Broken("container", "twice", name=name)
        packed = entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
        if packed or entry.flag_bits & ~_FLAGS or entry.extract_version > _ZIP64_VERSION or entry.reserved:
            raise Broken("container", "packed", name=name)
        if _ELSEWHERE in {entry.file_size, entry.compress_size, entry.header_offset}:
            raise Broken("container", "packed", name=name)
        self._entries[name] = entry

    def open(self, name: str) -> IO[bytes]:
        return self._zip.open(self._entries[name])


_FLAGS = 0b1000_0000_1110
"""How well it is packed, sizes behind the data, names in UTF-8. Not among them: encrypted, patched."""
_ZIP64_VERSION = 45
_ELSEWHERE = 0xFFFFFFFF  # a number too large for its place; it was not where such numbers stand
_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64 = struct.Struct("<4sLQL")


def _directory(file: IO[bytes]) -> "tuple[int, int]":
    """How many entries a ZIP file has, and where its directory begins. It ends where the end record begins, and that ends the file."""
    end = file.seek(-_END.size, os.SEEK_END)
    signature, disk, first, here, count, size, start, comment = _END.unpack(file.read(_END.size))
    before = max(0, end - _LOCATOR_64.size)
    file.seek(before)
    large = file.read(4) == b"PK\x06\x07"
    if large and (0xFFFF in {here, count} or 0xFFFFFFFF in {size, start}):
        end = before - _END_64.size
        file.seek(end)
        record = _END_64.unpack(file.read(_END_64.size))
        locator = _LOCATOR_64.unpack(file.read(_LOCATOR_64.size))
        if record[:2] != (b"PK\x06\x06", _END_64.size - 12) or locator[1:] != (0, end, 1):
            raise zipfile.BadZipFile
        disk, first, here, count, size, start = record[4:]
    elif large:  # where it does not have to be: some programs would follow it, and others not
        raise zipfile.BadZipFile
    if signature != b"PK\x05\x06" or (disk, first, comment) != (0, 0, 0) or here != count or start + size != end:
        raise zipfile.BadZipFile
    if _after(file, start, count) != end:
        raise zipfile.BadZipFile
    return count, start


def _after(file: IO[bytes], start: int, count: int) -> int:
    """Where the directory ends by the lengths that its entries give: `zipfile` takes of the last one what there is."""
    for _ in range(count):
        file.seek(start)
        start += 46 + sum(struct.unpack("<28x3H12x", file.read(46)))
    return start


def _ends(file: IO[bytes], entries: "list[zipfile.ZipInfo]") -> int:
    """Where the data of the last entry end. No two share bytes: a small file with many entries over the same data unpacks to a sea."""
    free = 0
    for entry in sorted(entries, key=lambda e: e.header_offset):
        file.seek(entry.header_offset)
        local = file.read(30)
        name = file.read(len(entry.orig_filename))
        lengths = struct.unpack("<2H", local[26:])
        same = local[:4] == b"PK\x03\x04" and lengths[0] == len(name) and name == entry.orig_filename.encode("utf-8", "replace")
        if not same or entry.header_offset < free or (free == 0 and entry.header_offset != 0):
            raise zipfile.BadZipFile
        free = entry.header_offset + 30 + sum(lengths) + entry.compress_size
    return free


def opened(path: str) -> Any:
    try:
        return Folder(os.path.join(path, "")) if os.path.isdir(path) else Archive(path)
    except _UNREADABLE:
        raise Broken("container", "unreadable") from None


# ------------------------------------------------------------------------------------------------------------ the manifest

_EVERYWHERE = ("DOC-TRUOC.txt", "README.txt", "checkpoint", "leaves.jsonl", "verify.py")
_KEYS = {"events", "files", "format", "log", "root", "scope", "size"}


class Bundle:
    """A bundle whose files are those of its manifest."""

    def __init__(self, path: str) -> None:
        self._files = opened(path)
        self.manifest = self._read_manifest()
        self.scope = cast("str", self.manifest["scope"])
        self._named = cast("dict[str, Object]", self.manifest["files"])
        self._check_names()
        self._check_contents()

    def __contains__(self, name: str) -> bool:
        return name in self._named

    def names(self, start: str) -> "list[str]":
        return [name for name in sorted(self._named) if name.startswith(start)]

    def digest(self, name: str) -> str:
        return cast("str", self._named[name]["sha256"])

    def content(self, name: str) -> bytes:
        """A small file as a whole."""
        if self._named[name]["size"] > LONGEST_OTHER:
            raise OtherForm("long")
        return self._whole(name, LONGEST_OTHER)

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of a file that may be large, with their ends."""
        try:
            with self._files.open(name) as file:
                line = file.readline(LONGEST_LEAF + 2)
                while line:
                    yield line
                    line = file.readline(LONGEST_LEAF + 2)
        except _UNREADABLE:
            raise Broken("container", "damaged", name=name) from None

    def _whole(self, name: str, most: int) -> bytes:
        try:
            with self._files.open(name) as file:
                return cast("bytes", file.read(most + 1))
        except _UNREADABLE:
            raise Broken("container", "damaged", name=name) from None

    def _read_manifest(self) -> Object:
        if "manifest.json" not in self._files.sizes:
            raise Broken("manifest", "missing", name="manifest.json")
        raw = self._whole("manifest.json", LONGEST_MANIFEST)
        try:
            if len(raw) > LONGEST_MANIFEST:
                raise OtherForm("long")
            return _manifest(read_json(raw))
        except OtherForm:
            raise Broken("manifest", "form", name="manifest.json") from None

    def _check_names(self) -> None:
        there = set(self._files.sizes) - {"manifest.json"}
        for name in sorted(there | set(self._named)):
            if name not in self._named:
                raise Broken("manifest", "unnamed", name=name)
            if name not in there:
                raise Broken("manifest", "missing", name=name)
            if not _has_place(name, self.scope):
                raise Broken("manifest", "placeless", name=name)
        for name in [*_EVERYWHERE, *(["heads.json"] if self.scope == "unit" else [])]:
            if name not in there:
                raise Broken("manifest", "missing", name=name)

    def _check_contents(self) -> None:
        """Unpacks nothing of another length than the manifest gives it, so that a small file cannot fill a disk."""
        lengths = {name: told["size"] == self._files.sizes[name] for name, told in self._named.items()}
        other = [name for name in sorted(self._named) if not (lengths[name] and self._digest(name) == self.digest(name))]
        if other:
            raise Broken("manifest", "other", name=other[0])

    def _digest(self, name: str) -> str:
        digest, seen = hashlib.sha256(), 0
        try:
            with self._files.open(name) as file:
                while seen <= self._files.sizes[name]:
                    chunk = file.read(_CHUNK)
                    if not chunk:
                        break
                    digest.update(chunk)
                    seen += len(chunk)
        except _UNREADABLE:
            raise Broken("container", "damaged", name=name) from None
        if seen != self._files.sizes[name]:
            raise Broken("container", "damaged", name=name)
        return digest.hexdigest()


def _manifest(value: Any) -> Object:
    if not isinstance(value, dict) or value.get("format") != FORMAT or value.get("scope") not in ("season", "unit"):
        raise OtherForm("manifest")
    of_unit = value["scope"] == "unit"
    if set(value) != (_KEYS | {"unit"} if of_unit else _KEYS) or not isinstance(value["log"], str) or not is_hex(value["root"]):
        raise OtherForm("manifest")
    if of_unit and (not isinstance(value["unit"], str) or value["unit"] == SEASON):
        raise OtherForm("manifest")
    if not is_whole(value["events"], 1) or not is_whole(value["size"], 1) or not isinstance(value["files"], dict):
        raise OtherForm("manifest")
    for name, told in value["files"].items():
        if not isinstance(told, dict) or set(told) != {"sha256", "size"} or not is_hex(told["sha256"]):
            raise OtherForm(name)
        if not is_whole(told["size"]):
            raise OtherForm(name)
    return value


def _has_place(name: str, scope: str) -> bool:
    if name in _EVERYWHERE or name in ("policy", "consistency") or re.fullmatch(r"definitions/[0-9a-f]{64}\.json", name):
        return True
    return scope == "unit" and (name == "heads.json" or re.fullmatch(r"proofs/[1-9][0-9]*\.tlog-proof", name) is not None)


# ------------------------------------------------------------------------------ signed notes, checkpoints, keys, policies

LOG, WITNESS = 1, 4


class Signature(NamedTuple):
    """One signature line."""

    name: str
    key_id: bytes
    raw: bytes


class Checkpoint(NamedTuple):
    """Where a log stands, and who put a name to it."""

    text: bytes
    origin: str
    size: int
    root: bytes
    signatures: "list[Signature]"


class Key(NamedTuple):
    """A verifier key."""

    text: str
    name: str
    kind: int
    key_id: bytes
    public: bytes


def read_checkpoint(raw: bytes) -> "Checkpoint":
    text, signatures = _read_note(raw)
    lines = text[:-1].split(b"\n")
    if len(lines) != 3 or not lines[0]:
        raise OtherForm("checkpoint")
    return Checkpoint(text, lines[0].decode("utf-8"), read_decimal(lines[1]), read_hash(lines[2]), signatures)


def _read_note(raw: bytes) -> "tuple[bytes, list[Signature]]":
    try:
        told = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise OtherForm("note") from None
    split = raw.rfind(b"\n\n")
    if split < 0 or not raw.endswith(b"\n") or len(raw) == split + 2 or any(c < " " and c != "\n" for c in told):
        raise OtherForm("note")
    return raw[: split + 1], [_read_signature(line) for line in raw[split + 2 : -1].split(b"\n")]


def _read_signature(line: bytes) -> "Signature":
    parts = line.split(b" ")
    if len(parts) != 3 or parts[0] != "\u2014".encode():
        raise OtherForm("signature")
    name, raw = parts[1].decode("utf-8"), read_base64(parts[2])
    if not _is_key_name(name) or len(raw) < 5:
        raise OtherForm("signature")
    return Signature(name, raw[:4], raw[4:])


def _is_key_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(c.isspace() for c in name)


def read_key(raw: bytes, kind: int) -> "Key":
    parts = raw.split(b"+", 2)
    if len(parts) != 3 or not re.fullmatch(rb"[0-9a-f]{8}", parts[1]):
        raise OtherForm("key")
    try:
        name = parts[0].decode("utf-8")
    except UnicodeDecodeError:
        raise OtherForm("key") from None
    public = read_base64(parts[2])
    key_id = hashlib.sha256(parts[0] + b"\n" + public).digest()[:4]
    if not _is_key_name(name) or len(public) != 33 or public[0] != kind or key_id.hex().encode() != parts[1]:
        raise OtherForm("key")
    return Key(raw.decode("utf-8"), name, kind, key_id, public[1:])


class Policy:
    """A tlog-policy: which logs, which witnesses, and how many of them."""

    def __init__(self, raw: bytes, *, theirs: bool = False) -> None:
        self.theirs = theirs  # found in the bundle, not brought along
        self.logs: list[Key] = []
        self.witnesses: dict[bytes, Key] = {}
        self._groups: dict[bytes, tuple[int, list[bytes]]] = {}
        self._members: set[bytes] = set()
        self._quorum: bytes | None = None
        if re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", raw):
            raise OtherForm("policy")
        for line in raw.split(b"\n"):
            words = line.strip(b" \t")
            if words and not words.startswith(b"#"):
                self._take(*re.split(rb"[ \t]+", words))
        if self._quorum is None:
            raise OtherForm("policy")

    def trusted(self) -> "list[Key]":
        return [*self.logs, *self.witnesses.values()]

    def reached(self, signed: "list[Key]") -> bool:
        """Whether these witnesses are enough."""
        return self._quorum == b"none" or self._witnessed(cast("bytes", self._quorum), signed)

    def _witnessed(self, name: bytes, signed: "list[Key]") -> bool:
        # By a list of the names so far and not by recursion: a policy may nest its groups a million deep.
        done = {witness: key in signed for witness, key in self.witnesses.items()}
        for group, (needed, members) in self._groups.items():
            done[group] = sum(done[member] for member in members) >= needed
        return done[name]

    def _take(self, what: bytes, *words: bytes) -> None:
        if what == b"log" and len(words) in (1, 2):
            self.logs.append(_new(read_key(words[0], LOG), self.logs))
        elif what == b"witness" and len(words) in (2, 3):
            self._name(words[0])
            self.witnesses[words[0]] = _new(read_key(words[1], WITNESS), list(self.witnesses.values()))
        elif what == b"group" and len(words) > 2:
            self._name(words[0])
            self._groups[words[0]] = (_needed(words[1], len(words) - 2), [self._join(word) for word in words[2:]])
        elif what == b"quorum" and len(words) == 1 and self._quorum is None and (words[0] == b"none" or self._knows(words[0])):
            self._quorum = words[0]
        else:
            raise OtherForm("policy")

    def _knows(self, name: bytes) -> bool:
        return name in self.witnesses or name in self._groups

    def _name(self, name: bytes) -> None:
        if name == b"none" or self._knows(name):
            raise OtherForm("policy")

    def _join(self, name: bytes) -> bytes:
        if name in self._members or not self._knows(name):
            raise OtherForm("policy")
        self._members.add(name)
        return name


def _new(key: "Key", known: "list[Key]") -> "Key":
    if any(key.public == other.public for other in known):
        raise OtherForm("policy")
    return key


def _needed(word: bytes, members: int) -> int:
    needed = {b"any": 1, b"all": members}.get(word)
    if needed is None:
        needed = read_decimal(word)
    if not 1 <= needed <= members:
        raise OtherForm("policy")
    return needed


def signed_message(key: "Key", text: bytes, signature: bytes) -> "tuple[bytes, bytes, int | None]":
    """The bytes that a key signed, the signature of 64 bytes, and of a cosignature its time."""
    if key.kind == LOG:
        return text, signature, None
    moment = int.from_bytes(signature[:8], "big")
    return b"cosignature/v1\ntime %d\n%s" % (moment, text), signature[8:], moment


# ---------------------------------------------------------------------------------------------------- signatures by openssl

_SPKI = bytes.fromhex("302a300506032b6570032100")
"""What stands in front of the 32 bytes of an Ed25519 key in DER."""

# RFC 8032, 7.1, TEST 2
_KNOWN_KEY = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
_KNOWN_TEXT = b"\x72"
_KNOWN_SIGNATURE = bytes.fromhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


class NoOpenssl(Exception):
    """Nothing on this machine can check an Ed25519 signature: what was tried, and what each is."""

    def __init__(self, tried: "list[tuple[str, str]]") -> None:
        super().__init__()
        self.tried = tried


class Openssl:
    """An `openssl` that has shown that it tells a good signature from a bad one."""

    def __init__(self, path: "str | None" = None) -> None:
        tried = []
        for program in [path] if path else _programs():
            if _tells_apart(program):
                self.program = program
                self.version = _version(program)
                return
            tried.append((program, _version(program)))
        raise NoOpenssl(tried)

    def verifies(self, public: bytes, text: bytes, signature: bytes) -> bool:
        return len(signature) == 64 and _verified(self.program, public, text, signature)


def _verified(program: str, public: bytes, text: bytes, signature: bytes) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        key, message, signed = (os.path.join(folder, name) for name in ("key", "text", "signature"))
        for path, content in ((key, _SPKI + public), (message, text), (signed, signature)):
            with open(path, "wb") as file:
                file.write(content)
        ran = _run(
            program,
            "pkeyutl",
            "-verify",
            "-pubin",
            "-keyform",
            "DER",
            "-inkey",
            key,
            "-rawin",
            "-in",
            message,
            "-sigfile",
            signed,
        )
    return ran is not None and ran[0] == 0 and "Verified Successfully" in ran[1]


def _run(program: str, *arguments: str) -> "tuple[int, str] | None":
    try:
        ran = subprocess.run(
            [program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return ran.returncode, ran.stdout.decode("utf-8", "replace")


def _tells_apart(program: str) -> bool:
    """A program that says yes to everything, or to nothing, is worse than none."""
    wrong = bytes([_KNOWN_SIGNATURE[0] ^ 1]) + _KNOWN_SIGNATURE[1:]
    try:
        return _verified(program, _KNOWN_KEY, _KNOWN_TEXT, _KNOWN_SIGNATURE) and not (
            _verified(program, _KNOWN_KEY, _KNOWN_TEXT, wrong) or _verified(program, _KNOWN_KEY, b"\x73", _KNOWN_SIGNATURE)
        )
    except OSError:  # no place for temporary files
        return False


def _version(program: str) -> str:
    ran = _run(program, "version")
    return ran[1].strip().split("\n")[0][:80] if ran and ran[0] == 0 else "?"


def _programs() -> Iterator[str]:
    """Every `openssl` there may be, the PATH's first. Never one in the folder we stand in: a bundle may have brought it along."""
    name = "openssl.exe" if os.name == "nt" else "openssl"
    seen = set()
    for folder in [*os.environ.get("PATH", "").split(os.pathsep), *_usual_folders()]:
        program = os.path.join(folder, name)
        if (
            not os.path.isabs(program)
            or os.path.realpath(program) in seen
            or os.path.realpath(folder) == os.path.realpath(os.curdir)
        ):
            continue
        if os.path.isfile(program) and os.access(program, os.X_OK):
            seen.add(os.path.realpath(program))
            yield program


def _usual_folders() -> Iterator[str]:
    if os.name == "nt":
        for variable, inside in (
            ("ProgramW6432", ""),
            ("ProgramFiles", ""),
            ("ProgramFiles(x86)", ""),
            ("LocalAppData", "Programs"),
        ):
            start = os.environ.get(variable)
            for tail in (
                ("Git", "mingw64", "bin"),
                ("Git", "mingw32", "bin"),
                ("Git", "usr", "bin"),
                ("OpenSSL-Win64", "bin"),
                ("OpenSSL", "bin"),
            ):
                if start:
                    yield os.path.join(start, inside, *tail)
    for prefix in ("/opt/homebrew/opt/openssl@3", "/usr/local/opt/openssl@3", "/opt/local", "/usr", "/usr/local"):
        yield prefix + "/bin"


# ---------------------------------------------------------------------------------------------------------------- the fold

NO_VALUE = object()
CLEARED = ("cleared", 0)
OVER = object()
_SEASON_KINDS = {"season_opened", "workflow_adopted", "plan_issued", "heads_recorded"}
ListKey = Tuple[str, str]
Entry = Tuple[ListKey, str, int, Any]
"""Which list it is in, its day, its seq, and what it says."""
_LISTS: "dict[ListKey, ListKey]" = {}


class Unit:
    """What the events of a unit left behind. All its lists lie in one: a million small ones would not fit into a small machine."""

    __slots__ = ("attempt", "awards", "entries", "joined", "left", "state", "steps")

    def __init__(self, state: str, joined: str) -> None:
        self.state, self.joined, self.attempt = state, joined, 1
        self.left: str | None = None
        self.entries: list[Entry] = []
        self.steps: list[tuple[int, str, bool]] = []
        self.awards: list[tuple[str, str, int, int]] = []

    def add(self, key: ListKey, on: str, seq: int, what: Any) -> None:
        self.entries.append((_LISTS.setdefault(key, key), on, seq, what))

    def has(self, key: ListKey) -> bool:
        return any(entry[0] == key for entry in self.entries)

    def last(self, key: ListKey) -> Any:
        found = [entry for entry in self.entries if entry[0] == key]
        return max(found, key=_place)[3] if found else None

    def names(self, kind: str) -> "list[str]":
        return sorted({entry[0][1] for entry in self.entries if entry[0][0] == kind})


def _place(entry: Entry) -> "tuple[str, int]":
    return entry[1], entry[2]


class Fold:
    """Where every unit stands. Events carry their results, so no rule of a procedure is needed."""

    def __init__(self) -> None:
        self.units: dict[str, Unit] = {}
        self._seq, self._on = 0, ""

    def take(self, leaf: Object) -> None:
        code, kind = leaf["unit"], leaf["kind"]
        self._seq, self._on = leaf["seq"], sys.intern(leaf["on"])
        payload = Payload(leaf["payload"], leaf["seq"])
        if (code == SEASON) != (kind in _SEASON_KINDS):
            raise Broken("fold", "wide", self._seq, kind=kind, unit=code)
        if kind == "unit_enrolled":
            self._enrol(code, payload)
        elif kind not in _SEASON_KINDS:
            if kind not in _FOLDS:
                raise Broken("fold", "kind", self._seq, kind=kind)
            if code not in self.units:
                raise Broken("fold", "stranger", self._seq, unit=code)
            _FOLDS[kind](self, self.units[code], payload)

    def _enrol(self, code: str, p: "Payload") -> None:
        enrolled = p.raw.get("enrolled")
        if not isinstance(enrolled, dict) or enrolled.get("code") != code:
            raise Broken("fold", "lacks", self._seq, name="enrolled.code")
        if code in self.units:
            raise Broken("fold", "again", self._seq, unit=code)
        self.units[code] = Unit(sys.intern(p.text("state")), self._on)

    def _leave(self, unit: "Unit", p: "Payload") -> None:
        unit.left = self._on

    def _set_roll(self, unit: "Unit", p: "Payload") -> None:
        unit.add(("roll", ""), self._on, self._seq, sys.intern(p.text("status")))

    def _record(self, unit: "Unit", p: "Payload") -> None:
        unit.add(("fact", p.text("fact")), self._on, self._seq, p.value())

    def _file(self, unit: "Unit", p: "Payload") -> None:
        unit.add(("document", p.text("document")), self._on, self._seq, ("filed", p.number("number")))

    def _approve(self, unit: "Unit", p: "Payload") -> None:
        status = "approved_with_changes" if p.items("changes") else "approved"
        unit.add(("document", p.text("document")), self._on, self._seq, (status, p.number("number")))

    def _return(self, unit: "Unit", p: "Payload") -> None:
        unit.add(("document", p.text("document")), self._on, self._seq, ("returned", 0))

    def _schedule(self, unit: "Unit", p: "Payload") -> None:
        unit.add(("planned", ""), self._on, self._seq, p.text("day"))

    def _postpone(self, unit: "Unit", p: "Payload") -> None:
        unit.add(("pause", ""), self._on, self._seq, p.text("until") if "until" in p.raw else None)

    def _resume(self, unit: "Unit", p: "Payload") -> None:
        unit.add(("pause", ""), self._on, self._seq, OVER)

    def _advance(self, unit: "Unit", p: "Payload") -> None:
        source, target, attempt = p.text("source"), sys.intern(p.text("target")), p.number("attempt")
        awards, revokes, clears = p.texts("awards"), p.texts("revokes"), p.texts("clears")
        unit.steps.append((self._seq, self._on, source != target or attempt != unit.attempt))
        unit.state, unit.attempt = target, attempt
        unit.awards = [(m, on, by, self._seq if m in revokes and not end else end) for m, on, by, end in unit.awards]
        unit.awards += [(sys.intern(milestone), self._on, self._seq, 0) for milestone in awards]
        for name in clears:
            for key, nothing in ((("fact", name), NO_VALUE), (("document", name), CLEARED)):
                if unit.has(key):
                    unit.add(key, self._on, self._seq, nothing)

    def _annul(self, unit: "Unit", p: "Payload") -> None:
        target, attempt, seq = sys.intern(p.text("target")), p.number("attempt"), p.number("seq")
        if all(step[0] != seq for step in unit.steps):
            raise Broken("fold", "gone", self._seq, named=seq)
        unit.state, unit.attempt = target, attempt
        unit.steps = [step for step in unit.steps if step[0] != seq]
        unit.awards = [(m, on, by, 0 if end == seq else end) for m, on, by, end in unit.awards if by != seq]
        unit.entries = [entry for entry in unit.entries if entry[2] != seq]

    def _correct(self, unit: "Unit", p: "Payload") -> None:
        what, seq, withdrawn = p.text("what"), p.number("seq"), p.flag("withdrawn")
        value = p.value() if "value" in p.raw else None
        kind = "fact" if what == "fact_recorded" else "document"
        for place, (key, _, by, old) in enumerate(unit.entries):
            if by == seq and key[0] == kind and old is not NO_VALUE and old is not CLEARED:
                right = value if kind == "fact" and "value" in p.raw else old
                unit.entries[place : place + 1] = [] if withdrawn else [(key, self._on, seq, right)]
                return
        raise Broken("fold", "gone", self._seq, named=seq)

    def _note(self, unit: "Unit", p: "Payload") -> None:
        """Nothing that is told."""


_FOLDS: "dict[str, Callable[[Fold, Unit, Payload], None]]" = {
    "unit_left": Fold._leave,
    "roll_set": Fold._set_roll,
    "fact_recorded": Fold._record,
    "document_filed": Fold._file,
    "document_approved": Fold._approve,
    "document_returned": Fold._return,
    "scheduled": Fold._schedule,
    "postponed": Fold._postpone,
    "resumed": Fold._resume,
    "advanced": Fold._advance,
    "annulled": Fold._annul,
    "corrected": Fold._correct,
    "guard_waived": Fold._note,
    "confirmed": Fold._note,
}


class Payload:
    """What an event says, asked with the type that it needs. `null` is of no type."""

    __slots__ = ("_seq", "raw")

    def __init__(self, raw: Object, seq: int) -> None:
        self.raw, self._seq = raw, seq

    def _lacks(self, name: str) -> "Broken":
        return Broken("fold", "lacks", self._seq, name=name)

    def text(self, name: str) -> str:
        found = self.raw.get(name)
        if not isinstance(found, str):
            raise self._lacks(name)
        return found

    def number(self, name: str) -> int:
        found = self.raw.get(name)
        if not is_whole(found, 1):
            raise self._lacks(name)
        return cast("int", found)

    def flag(self, name: str) -> bool:
        found = self.raw.get(name, False)
        if not isinstance(found, bool):
            raise self._lacks(name)
        return found

    def items(self, name: str) -> "list[Any]":
        found = self.raw.get(name, [])
        if not isinstance(found, list):
            raise self._lacks(name)
        return found

    def texts(self, name: str) -> "list[str]":
        found = self.items(name)
        if not all(isinstance(item, str) for item in found):
            raise self._lacks(name)
        return found

    def value(self) -> Any:
        found = self.raw.get("value")
        if isinstance(found, (bool, int, str)) or _is_date(found):
            return found
        raise self._lacks("value")


def _is_date(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"date"}
        and isinstance(value["date"], str)
        and bool(_DAY.fullmatch(value["date"]))
    )


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def told(code: str, unit: "Unit", version: int) -> Object:
    """What is told of a unit."""
    pause = unit.last(("pause", ""))
    paused = pause is not OVER and unit.has(("pause", ""))
    moved = [on for _, on, moves in unit.steps if moves]
    facts = {name: unit.last(("fact", name)) for name in unit.names("fact")}
    documents = {name: _document(unit, name) for name in unit.names("document")}
    return {
        "attempt": unit.attempt,
        "documents": {name: document for name, document in documents.items() if document},
        "facts": {name: value for name, value in facts.items() if value is not NO_VALUE},
        "joined": unit.joined,
        "left": unit.left,
        "milestones": {milestone: on for milestone, on, _, ended in unit.awards if not ended},
        "planned": unit.last(("planned", "")),
        "postponed": paused,
        "roll": unit.last(("roll", "")) or "open",
        "since": moved[-1] if moved else unit.joined,
        "state": unit.state,
        "unit": code,
        "until": pause if paused else None,
        "version": version,
    }


def _document(unit: "Unit", name: str) -> "Object | None":
    document: Object | None = None
    for _, _, _, (status, number) in sorted((e for e in unit.entries if e[0] == ("document", name)), key=_place):
        if status == CLEARED[0]:
            document = None
            continue
        document = document or {"approved": None, "status": "", "version": 0}
        document["status"] = status
        if status == "filed":
            document["version"] = number
        elif status != "returned":
            document["approved"] = number
    return document


# -------------------------------------------------------------------------------------------------------------- the checks


class Report:
    """What was asked, what came of it, and what is told in the end."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, Object]] = []
        self.problem: Broken | None = None
        self.rewritten: Broken | None = None
        self.no_openssl: NoOpenssl | None = None
        self.openssl: Openssl | None = None
        self.scope: str | None = None
        self.unit: str | None = None
        self.checkpoint: Checkpoint | None = None
        self.policy: Policy | None = None
        self.signed_by: list[str] = []
        self.earlier: Checkpoint | None = None
        self.units: list[Object] = []

    def holds(self, step: str, **fields: Any) -> None:
        self.steps.append((step, fields))

    @property
    def exit_code(self) -> int:
        if self.problem:
            return 3
        return 4 if self.no_openssl else 0

    def as_json(self) -> Object:
        at = self.checkpoint
        problem: Object | None = None
        if self.problem:
            problem = {"code": self.problem.code}
            if self.problem.seq is not None:
                problem["seq"] = self.problem.seq
        elif self.no_openssl:
            problem = {"code": "no_ed25519"}
        return {
            "ok": problem is None,
            "problem": problem,
            "log": at.origin if at else None,
            "size": at.size if at else None,
            "root": at.root.hex() if at else None,
            "scope": self.scope,
            "signed_by": self.signed_by,
            "units": self.units if problem is None else [],
        }


class Asked(NamedTuple):
    """What the auditor brought along."""

    bundle: str
    policy: "Policy | None" = None
    earlier: "Checkpoint | None" = None
    openssl: "str | None" = None


def check(asked: "Asked") -> "Report":
    """All questions in their order; the first that fails ends it."""
    report = Report()
    report.earlier = asked.earlier
    try:
        _check(asked, report)
    except Broken as broken:
        report.problem = broken
    return report


def _check(asked: "Asked", report: "Report") -> None:
    bundle = Bundle(asked.bundle)
    report.scope, report.unit = bundle.scope, bundle.manifest.get("unit")
    report.holds("files", count=len(bundle.names("")))
    report.checkpoint = checkpoint = _checkpoint_of(bundle)
    report.holds("checkpoint", log=checkpoint.origin, size=checkpoint.size)
    try:
        _check_signatures(bundle, checkpoint, asked, report)
    except Broken as broken:
        if broken.detail == "quorum" and asked.earlier and not report.no_openssl:
            report.rewritten = _rewritten(bundle, checkpoint, asked.earlier)
        raise
    leaves = Leaves(bundle, checkpoint, asked.earlier)
    leaves.read(report)
    past = _check_past(bundle, checkpoint, asked.earlier, leaves)
    if past:
        report.holds(past, size=asked.earlier.size if asked.earlier else 0)
    if not report.no_openssl:
        report.units = leaves.told()


def _rewritten(bundle: "Bundle", checkpoint: "Checkpoint", earlier: "Checkpoint") -> "Broken | None":
    """What the log signed and its witnesses did not may be another past, which is the graver news and the reason they did not."""
    leaves = Leaves(bundle, checkpoint, earlier)
    try:
        leaves.read(Report())
        _check_past(bundle, checkpoint, earlier, leaves)
    except Broken as broken:
        return broken if broken.is_rewriting else None
    return None


def _checkpoint_of(bundle: "Bundle") -> "Checkpoint":
    try:
        checkpoint = read_checkpoint(bundle.content("checkpoint"))
    except OtherForm:
        raise Broken("checkpoint", "form", name="checkpoint") from None
    told = bundle.manifest
    if (checkpoint.origin, checkpoint.size, checkpoint.root.hex()) != (told["log"], told["size"], told["root"]):
        raise Broken("checkpoint", "differs")
    return checkpoint


def _check_signatures(bundle: "Bundle", checkpoint: "Checkpoint", asked: "Asked", report: "Report") -> None:
    policy = asked.policy
    if not policy and "policy" in bundle:
        try:
            policy = Policy(bundle.content("policy"), theirs=True)
        except OtherForm:
            raise Broken("signature", "form", name="policy") from None
    if not policy:
        return
    report.policy = policy
    signed: list[tuple[Key, int | None]] = []
    for signature in checkpoint.signatures:
        of = [key for key in policy.trusted() if (key.name, key.key_id) == (signature.name, signature.key_id)]
        signed.extend((key, _verified_by(key, checkpoint, signature, asked, report)) for key in of)
    _check_trust(policy, checkpoint, [key for key, _ in signed])
    if report.no_openssl:
        return
    report.signed_by = sorted({key.name for key, _ in signed})
    for key, moment in signed:
        report.holds("signed" if key.kind == LOG else "cosigned", name=key.name, time=_moment(moment))


def _verified_by(key: "Key", checkpoint: "Checkpoint", signature: "Signature", asked: "Asked", report: "Report") -> "int | None":
    text, raw, moment = signed_message(key, checkpoint.text, signature.raw)
    try:
        if not report.openssl and not report.no_openssl:
            report.openssl = Openssl(asked.openssl)
    except NoOpenssl as nothing:
        report.no_openssl = nothing
    if (moment or 0) >= 2**63 or len(raw) != 64 or (report.openssl and not report.openssl.verifies(key.public, text, raw)):
        raise Broken("signature", "bad", name=key.name)
    return moment


def _check_trust(policy: "Policy", checkpoint: "Checkpoint", signed: "list[Key]") -> None:
    if not any(key.kind == LOG and key.name == checkpoint.origin for key in signed):
        names = {signature.name for signature in checkpoint.signatures}
        raise Broken("signature", "other_key" if checkpoint.origin in names else "unsigned", name=checkpoint.origin)
    if not policy.reached(signed):
        raise Broken("signature", "quorum", names=", ".join(sorted({key.name for key in signed if key.kind == WITNESS})) or "0")


def _moment(seconds: "int | None") -> str:
    try:
        return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(seconds or 0))
    except (OverflowError, ValueError, OSError):
        return str(seconds)


class Leaves:
    """One pass over the leaves. A leaf that is none ends it; what else is wrong is kept, and told in the order of the questions."""

    def __init__(self, bundle: "Bundle", checkpoint: "Checkpoint", earlier: "Checkpoint | None") -> None:
        self._bundle, self._checkpoint = bundle, checkpoint
        self._of_season = bundle.scope == "season"
        self._unit = bundle.manifest.get("unit")
        self._stop_at = earlier.size if earlier else None
        self.earlier_root: bytes | None = NO_LEAVES if self._stop_at == 0 else None
        self._tree = Tree()
        self._count, self._seq, self._at = 0, 0, ""
        self._log = ("", "")
        self._last: dict[str, tuple[int, bytes]] = {}
        self._season_before = (0, b"")
        self._season_last: Object = {}
        self._heads = 0
        self._proven: set[str] = set()
        self._definitions = {name[len("definitions/") : -len(".json")] for name in bundle.names("definitions/")}
        self._fold = Fold()
        self._wrong: dict[str, Broken] = {}

    def read(self, report: "Report") -> None:
        for line in self._bundle.lines("leaves.jsonl"):
            self._take(line)
        if self._count < self._bundle.manifest["events"]:
            raise Broken("leaves", "fewer", found=self._count)
        report.holds("leaves", count=self._count)
        self._finish()
        for code in ("root" if self._of_season else "proof", "order", "heads", "definition", "fold"):
            if code in self._wrong:
                raise self._wrong[code]
            report.holds(code + "_unit" if code == "heads" and not self._of_season else code, **self._said())

    def told(self) -> "list[Object]":
        units = self._fold.units
        return [told(code, units[code], self._last[code][0]) for code in sorted(units)]

    def _said(self) -> Object:
        return {
            "size": self._checkpoint.size,
            "count": self._count,
            "units": len(self._fold.units),
            "unit": self._unit,
            "heads": self._heads,
        }

    def _take(self, line: bytes) -> None:
        raw = line[:-1]
        if not line.endswith(b"\n") or len(raw) > LONGEST_LEAF:
            raise Broken("leaves", "line", line=self._count + 1)
        leaf = self._leaf(raw)
        hashed = leaf_hash(raw)
        self._place(leaf, hashed)
        self._count, self._seq = self._count + 1, leaf["seq"]
        if self._count > self._bundle.manifest["events"]:
            raise Broken("leaves", "more")
        self._ask("root" if self._of_season else "proof", self._in_tree, leaf, hashed)
        self._ask("order", self._in_order, leaf)
        if leaf["kind"] == "heads_recorded" and self._of_season:
            self._ask("heads", self._season_heads, leaf)
        self._remember(leaf, hashed)
        self._ask("definition", self._defined, leaf)
        self._ask("fold", self._fold.take, leaf)

    def _ask(self, code: str, question: Callable[..., None], *of: Any) -> None:
        # After the first wrong answer the later ones mean nothing.
        if code not in self._wrong:
            try:
                question(*of)
            except Broken as broken:
                self._wrong[code] = broken

    def _leaf(self, raw: bytes) -> Object:
        try:
            leaf = read_json(raw)
        except OtherForm:
            raise Broken("leaves", "canonical", line=self._count + 1) from None
        if not isinstance(leaf, dict) or not _is_leaf(leaf):
            raise Broken("leaves", "shape", _seq_of(leaf), line=self._count + 1)
        return leaf

    def _place(self, leaf: Object, hashed: bytes) -> None:
        seq, log = leaf["seq"], (leaf["season"], leaf["origin"])
        if not self._count:
            self._log = log
            name = "daihoi/{}/{}/{}".format(*(quote(part, safe="") for part in log), hashed.hex()[:32])
            if seq != 1 or name != self._checkpoint.origin:
                raise Broken("leaves", "genesis", seq)
        if log != self._log:
            raise Broken("leaves", "log", seq)
        if not self._seq < seq <= self._checkpoint.size:
            raise Broken("leaves", "place", seq)
        if not self._of_season and leaf["unit"] not in (self._unit, SEASON):
            raise Broken("leaves", "foreign", seq, unit=leaf["unit"])

    def _in_tree(self, leaf: Object, hashed: bytes) -> None:
        if self._of_season:
            self._tree.append(hashed)
            if self._tree.size == self._stop_at:
                self.earlier_root = self._tree.root()
        else:
            self._check_proof(leaf["seq"], hashed)

    def _check_proof(self, seq: int, hashed: bytes) -> None:
        name = "proofs/%d.tlog-proof" % seq
        if name not in self._bundle:
            raise Broken("proof", "missing", seq, name=name)
        self._proven.add(name)
        try:
            index, path, text = read_proof(self._bundle.content(name))
        except OtherForm:
            raise Broken("proof", "form", seq, name=name) from None
        at = self._checkpoint
        if index != seq - 1 or text != at.text or not included(index, at.size, hashed, path, at.root):
            raise Broken("proof", "leads", seq, name=name)

    def _in_order(self, leaf: Object) -> None:
        unit, seq = leaf["unit"], leaf["seq"]
        if leaf["version"] != self._last.get(unit, (0, b""))[0] + 1:
            raise Broken("order", "version", seq, unit=unit, version=leaf["version"])
        if leaf["at"] < self._at:
            raise Broken("order", "back", seq, at=leaf["at"])
        self._at = leaf["at"]

    def _season_heads(self, leaf: Object) -> None:
        tree = Tree()
        for unit in sorted(self._last):
            tree.append(self._entry(unit, *self._last[unit]))
        if canonical(leaf["payload"]) != canonical({"root": tree.root().hex(), "size": tree.size}):
            raise Broken("heads", "differs", leaf["seq"])
        self._heads += 1

    @staticmethod
    def _entry(unit: str, version: int, hashed: bytes) -> bytes:
        return leaf_hash(canonical({"leaf": hashed.hex(), "unit": unit, "version": version}))

    def _remember(self, leaf: Object, hashed: bytes) -> None:
        unit = sys.intern(leaf["unit"])
        version, before = self._last.get(unit, (0, b""))
        if unit == SEASON:
            self._season_before, self._season_last = (version, before), leaf
        self._last[unit] = (version + 1, hashed)

    def _defined(self, leaf: Object) -> None:
        name = _DEFINED_BY.get(leaf["kind"])
        if name and (leaf["kind"] != "season_opened" or self._of_season):
            digest = leaf["payload"].get(name)
            if not isinstance(digest, str) or digest not in self._definitions:
                raise Broken("definition", "undefined", leaf["seq"], digest=digest)

    def _finish(self) -> None:
        self._ask("root" if self._of_season else "proof", self._all_in_tree)
        self._ask("heads", self._unit_heads)
        self._wrong.update(self._misnamed())

    def _all_in_tree(self) -> None:
        at = self._checkpoint
        if self._of_season and (self._count != at.size or self._tree.root() != at.root):
            raise Broken("root", "fewer" if self._count < at.size else "differs", found=self._count)
        other = [name for name in self._bundle.names("proofs/") if name not in self._proven]
        if other:
            raise Broken("proof", "nobodys", name=other[0])

    def _misnamed(self) -> "dict[str, Broken]":
        """A definition whose name is not its hash is asked about before what the events say of definitions."""
        for digest in sorted(self._definitions):
            name = "definitions/%s.json" % digest
            if self._bundle.digest(name) != digest:
                return {"definition": Broken("definition", "misnamed", name=name)}
        return {}

    def _unit_heads(self) -> None:
        if self._of_season:
            return
        last = self._season_last
        if last.get("kind") != "heads_recorded" or last["seq"] != self._checkpoint.size:
            raise Broken("heads", "no_heads")
        try:
            given = read_json(self._bundle.content("heads.json"))
            paths = _head_paths(given, [cast("str", self._unit), SEASON])
        except OtherForm:
            raise Broken("heads", "form", name="heads.json") from None
        payload = last["payload"]
        if set(payload) != {"root", "size"} or not is_hex(payload["root"]) or not is_whole(payload["size"]):
            raise Broken("heads", "differs", last["seq"])
        of_unit = self._last.get(cast("str", self._unit), (0, b""))
        for unit, head, (index, path) in zip([self._unit, SEASON], [of_unit, self._season_before], paths):
            entry = self._entry(cast("str", unit), *head)
            if not head[0] or not included(index, payload["size"], entry, path, bytes.fromhex(payload["root"])):
                raise Broken("heads", "left_out", unit=unit)


_DEFINED_BY = {"workflow_adopted": "digest", "plan_issued": "digest", "season_opened": "digest", "unit_enrolled": "workflow"}
_TEXTS = ("season", "origin", "unit", "command", "kind", "on", "at")


def _is_leaf(leaf: Object) -> bool:
    return (
        all(isinstance(leaf.get(name), str) for name in _TEXTS)
        and all(is_whole(leaf.get(name), 1) for name in ("seq", "version", "semantics"))
        and all(isinstance(leaf.get(name), dict) for name in ("payload", "actor"))
        and leaf["semantics"] == 1
    )


def _seq_of(leaf: Any) -> "int | None":
    seq = leaf.get("seq") if isinstance(leaf, dict) else None
    return seq if is_whole(seq, 1) else None


def _head_paths(given: Any, units: "list[str]") -> "list[tuple[int, list[bytes]]]":
    if not isinstance(given, list) or len(given) != len(units):
        raise OtherForm("heads")
    paths = []
    for head, unit in zip(given, units):
        if not isinstance(head, dict) or set(head) != {"hashes", "index", "unit"} or head["unit"] != unit:
            raise OtherForm("heads")
        hashes = head["hashes"]
        if not is_whole(head["index"]) or not isinstance(hashes, list) or not all(is_hex(hashed) for hashed in hashes):
            raise OtherForm("heads")
        paths.append((head["index"], [bytes.fromhex(hashed) for hashed in hashes]))
    return paths


def read_proof(raw: bytes) -> "tuple[int, list[bytes], bytes]":
    """Of a tlog-proof without `extra`: the index, the hashes and the text of the checkpoint."""
    head, _, note = raw.partition(b"\n\n")
    lines = head.split(b"\n")
    if len(lines) < 2 or lines[0] != b"c2sp.org/tlog-proof@v1" or not lines[1].startswith(b"index "):
        raise OtherForm("proof")
    return read_decimal(lines[1][len("index ") :]), [read_hash(line) for line in lines[2:]], read_checkpoint(note).text


def read_request(raw: bytes) -> "tuple[int, list[bytes], bytes]":
    """Of an add-checkpoint request: the old size, the hashes and the text of the checkpoint."""
    head, _, note = raw.partition(b"\n\n")
    lines = head.split(b"\n")
    if not lines[0].startswith(b"old ") or len(lines) > 64:
        raise OtherForm("request")
    return read_decimal(lines[0][len("old ") :]), [read_hash(line) for line in lines[1:]], read_checkpoint(note).text


def _check_past(bundle: "Bundle", at: "Checkpoint", earlier: "Checkpoint | None", leaves: "Leaves") -> "str | None":
    if not earlier:
        return None
    if earlier.origin != at.origin:
        raise Broken("past", "origin", name=earlier.origin)
    if earlier.size > at.size:
        raise Broken("past", "shorter", earlier=earlier.size, now=at.size)
    root = at.root if earlier.size == at.size else leaves.earlier_root if bundle.scope == "season" else None
    if root is not None:
        if root != earlier.root:
            raise Broken("past", "rewritten", earlier=earlier.size)
    else:
        _check_request(bundle, at, earlier)
    return "past"


def _check_request(bundle: "Bundle", at: "Checkpoint", earlier: "Checkpoint") -> None:
    if "consistency" not in bundle:
        raise Broken("no_proof", "missing", name="consistency")
    try:
        size, path, text = read_request(bundle.content("consistency"))
    except OtherForm:
        raise Broken("past", "form", name="consistency") from None
    if text != at.text:
        raise Broken("past", "form", name="consistency")
    if size != earlier.size:
        raise Broken("no_proof", "since", starts=size, earlier=earlier.size)
    if not goes_on(earlier.size, earlier.root, at.size, at.root, path):
        raise Broken("past", "rewritten", earlier=earlier.size)


# --------------------------------------------------------------------------------------------------------------- the words

WORDS = {
    # one line for each question that was answered with yes
    "files": (
        "Gói có đủ {count} tệp, không tệp nào hỏng, đúng như bản kê. (Bản kê không có chữ ký: nó chỉ giúp thấy hư hỏng khi chép.)",
        "All {count} files are there and undamaged, as the manifest lists them. (Nobody signs the manifest: it finds damage only.)",
    ),
    "checkpoint": (
        "Điểm chốt nói về {size} sự kiện đầu của nhật ký {log}.",
        "The checkpoint speaks of the first {size} events of the log {log}.",
    ),
    "signed": (
        "Nhật ký đã ký điểm chốt: {name}",
        "The log signed the checkpoint: {name}",
    ),
    "cosigned": (
        "Bên chứng kiến đã đồng ký lúc {time} (theo đồng hồ của họ): {name}",
        "A witness cosigned it at {time} (by the witness's clock): {name}",
    ),
    "leaves": (
        "{count} sự kiện trong gói đều đúng khuôn dạng và thuộc nhật ký này; sự kiện đầu đúng là sự kiện đầu trong tên nhật ký.",
        "The {count} events in the bundle are of the right form and of this log; the first is the one in the log's name.",
    ),
    "root": (
        "Đây đúng là các sự kiện từ 1 đến {size} của điểm chốt: không sự kiện nào bị sửa, thêm, bớt hay đổi chỗ.",
        "They are the checkpoint's events from 1 to {size}: none was changed, added, left out or moved.",
    ),
    "proof": (
        "Từng sự kiện trong gói đều có bằng chứng là nằm trong nhật ký của điểm chốt, đúng vị trí của nó, không bị sửa.",
        "Each event in the bundle is proven to be in the checkpoint's log, at its place and unchanged.",
    ),
    "order": (
        "Sự kiện của từng đơn vị được đánh số liền nhau, thời điểm ghi không lúc nào lùi lại.",
        "Each unit's events are numbered without gaps, and the times of recording never go back.",
    ),
    "heads": (
        "{heads} lần ghi các đầu sổ (ngay trước mỗi điểm chốt) đều khớp với các sự kiện trước đó.",
        "The {heads} records of the heads (one before each checkpoint) agree with the events before them.",
    ),
    "heads_unit": (
        "Không sự kiện nào của {unit}, cũng không sự kiện chung nào của cả kỳ, bị lược bỏ khỏi gói.",
        "No event of {unit}, and none of the season as a whole, was left out of the bundle.",
    ),
    "definition": (
        "Các quy trình và kế hoạch trong gói đúng là những bản mà nhật ký nêu.",
        "The procedures and plans in the bundle are those that the log names.",
    ),
    "fold": (
        "Các sự kiện gộp lại được thành tình trạng của {units} đơn vị.",
        "The events fold into the states of {units} units.",
    ),
    "past": (
        "Điểm chốt bạn mang theo ({size} sự kiện) là phần đầu của đúng nhật ký này: từ đó đến nay quá khứ không bị viết lại.",
        "The checkpoint that you brought along ({size} events) is the beginning of this very log: its past was not rewritten since.",
    ),
    # one line for each question that was answered with no
    "no:container": ("Không đọc được gói", "The bundle cannot be read"),
    "no:manifest": ("Các tệp không đúng như bản kê", "The files are not those of the manifest"),
    "no:checkpoint": ("Điểm chốt không dùng được", "The checkpoint cannot be used"),
    "no:signature": ("Chữ ký trên điểm chốt không đạt", "The signatures under the checkpoint do not hold"),
    "no:leaves": (
        "Các sự kiện không đúng khuôn dạng hoặc không thuộc nhật ký này",
        "The events are not of the form, or of another log",
    ),
    "no:root": ("Các sự kiện không phải là các sự kiện của điểm chốt", "The events are not those of the checkpoint"),
    "no:proof": ("Có sự kiện không được chứng minh là nằm trong nhật ký", "An event is not proven to be in the log"),
    "no:order": ("Số thứ tự hoặc thời điểm ghi không liền mạch", "Numbers or times of recording do not follow on each other"),
    "no:heads": ("Không chứng minh được rằng không có gì bị lược bỏ", "That nothing was left out does not hold"),
    "no:definition": (
        "Quy trình hoặc kế hoạch không phải bản mà nhật ký nêu",
        "A procedure or plan is not the one that the log names",
    ),
    "no:fold": ("Không gộp được các sự kiện", "The events cannot be folded"),
    "no:past": (
        "Nhật ký này không nối tiếp điểm chốt bạn mang theo",
        "This log does not go on from the checkpoint that you brought along",
    ),
    "no:no_proof": (
        "Chưa biết nhật ký có nối tiếp điểm chốt bạn mang theo hay không",
        "Whether the log goes on from your checkpoint is not known",
    ),
    "no:verifier": (
        "Chương trình kiểm chứng vấp phải điều không lường trước",
        "The verifier met something that it was not made for",
    ),
    # what was found
    "container.unreadable": (
        "đó không phải thư mục, cũng không phải tệp ZIP nguyên vẹn",
        "it is neither a folder nor a ZIP file that is whole",
    ),
    "container.name": ("tên tệp không được phép: {name}", "the name of a file is not allowed: {name}"),
    "container.twice": ("tên tệp có hai lần: {name}", "a file's name stands there twice: {name}"),
    "container.packed": ("tệp bị mã hóa hoặc nén kiểu lạ: {name}", "a file is encrypted, or packed in another way: {name}"),
    "container.link": ("không phải tệp thường (liên kết hoặc thiết bị): {name}", "no plain file (a link, or a device): {name}"),
    "container.damaged": ("tệp bị hỏng: {name}", "a file is damaged: {name}"),
    "manifest.missing": ("thiếu tệp {name}", "{name} is missing"),
    "manifest.form": ("{name} không đúng khuôn dạng", "{name} is not of its form"),
    "manifest.unnamed": (
        "tệp {name} không có trong bản kê; nếu bạn tự để tệp ấy vào thư mục này, hãy lấy ra rồi kiểm tra lại",
        "the manifest does not name {name}; if you put it into this folder yourself, take it away and check again",
    ),
    "manifest.placeless": ("gói loại này không có tệp {name}", "a bundle of this kind has no file {name}"),
    "manifest.other": ("cỡ hoặc mã băm của {name} khác với bản kê", "{name} has another size or digest than the manifest says"),
    "checkpoint.form": ("tệp checkpoint không đúng khuôn dạng", "the file checkpoint is not of its form"),
    "checkpoint.differs": (
        "tên nhật ký, số sự kiện hoặc mã băm gốc khác với bản kê",
        "the log's name, the number of events or the root is not the manifest's",
    ),
    "signature.form": ("tệp policy trong gói không đúng khuôn dạng", "the file policy in the bundle is not of its form"),
    "signature.bad": (
        "chữ ký của {name} SAI: điểm chốt này không phải điều họ đã ký",
        "the signature of {name} is WRONG: this is not what they signed",
    ),
    "signature.other_key": (
        "có chữ ký mang tên {name}, nhưng không phải bằng khóa mà bạn tin",
        "there is a signature in the name of {name}, but not by the key that you trust",
    ),
    "signature.unsigned": (
        "không có chữ ký của {name} bằng khóa nào trong chính sách",
        "{name} did not sign it with any key of the policy",
    ),
    "signature.quorum": (
        "các bên chứng kiến chưa đủ như chính sách đòi hỏi (đã ký: {names}). Muốn xét tiếp những điều khác thì dùng --key thay cho --policy",
        "there are too few witnesses for the policy (signed: {names}). To have the rest asked all the same: --key in place of --policy",
    ),
    "leaves.line": ("dòng {line} không kết thúc, hoặc quá dài", "line {line} has no end, or is too long"),
    "leaves.canonical": ("dòng {line} không viết theo JSON chuẩn tắc", "line {line} is not canonical JSON"),
    "leaves.shape": (
        "dòng {line} thiếu điều phải có, hoặc sai kiểu",
        "line {line} lacks what an event must have, or has it in another type",
    ),
    "leaves.genesis": (
        "sự kiện đầu không phải sự kiện đầu trong tên nhật ký",
        "the first event is not the one in the log's name",
    ),
    "leaves.log": ("sự kiện của nhật ký khác", "an event is of another log"),
    "leaves.place": ("số thứ tự không tăng, hoặc vượt quá điểm chốt", "the number does not grow, or is beyond the checkpoint"),
    "leaves.foreign": ("sự kiện của đơn vị khác: {unit}", "an event is of another unit: {unit}"),
    "leaves.more": ("có nhiều sự kiện hơn bản kê", "there are more events than the manifest says"),
    "leaves.fewer": ("chỉ có {found} sự kiện, ít hơn bản kê", "there are only {found} events, fewer than the manifest says"),
    "root.fewer": ("chỉ có {found} sự kiện: có sự kiện bị lược bỏ", "there are only {found} events: some were left out"),
    "root.differs": (
        "có sự kiện bị sửa, thay hoặc đổi chỗ sau khi ký",
        "an event was changed, replaced or moved after the signing",
    ),
    "proof.missing": ("thiếu {name}", "{name} is missing"),
    "proof.form": ("{name} không đúng khuôn dạng", "{name} is not of its form"),
    "proof.leads": ("{name} không chứng minh sự kiện này", "{name} does not prove this event"),
    "proof.nobodys": ("{name} không thuộc sự kiện nào trong gói", "{name} belongs to no event of the bundle"),
    "order.version": (
        "sự kiện của {unit} mang số {version}, không liền với sự kiện trước của đơn vị",
        "the event of {unit} has the number {version}, which does not follow on the unit's event before",
    ),
    "order.back": ("thời điểm ghi {at} sớm hơn sự kiện trước", "it was recorded at {at}, earlier than the event before"),
    "heads.differs": (
        "các đầu sổ được ghi không khớp với các sự kiện trước đó",
        "the heads that were recorded are not what the events before come to",
    ),
    "heads.no_heads": (
        "sự kiện cuối của điểm chốt không ghi các đầu sổ",
        "the checkpoint's last event does not record the heads",
    ),
    "heads.form": ("{name} không đúng khuôn dạng", "{name} is not of its form"),
    "heads.left_out": (
        "sự kiện cuối của {unit} trong gói không phải sự kiện cuối trong nhật ký: có sự kiện đã bị lược bỏ",
        "the last event of {unit} in the bundle is not its last in the log: events were left out",
    ),
    "definition.undefined": (
        "nhật ký nêu bản {digest}, trong gói không có",
        "the log names {digest}, which is not in the bundle",
    ),
    "definition.misnamed": (
        "nội dung của {name} không phải là nội dung mang tên ấy",
        "the content of {name} is not what its name says",
    ),
    "fold.wide": ("loại {kind} không thể thuộc đơn vị {unit}", "an event of the kind {kind} cannot be of the unit {unit}"),
    "fold.kind": ("không biết loại sự kiện {kind}", "the kind {kind} is not known"),
    "fold.stranger": ("đơn vị {unit} chưa tham gia", "the unit {unit} has not joined"),
    "fold.again": ("đơn vị {unit} tham gia hai lần", "the unit {unit} joins twice"),
    "fold.lacks": ("sự kiện thiếu {name}, hoặc sai kiểu", "the event lacks {name}, or has it in another type"),
    "fold.gone": (
        "sự kiện {named} mà nó nói tới không còn gì để sửa",
        "there is nothing left of the event {named} that it speaks of",
    ),
    "past.origin": ("điểm chốt của bạn thuộc nhật ký khác: {name}", "your checkpoint is of another log: {name}"),
    "past.shorter": (
        "điểm chốt của bạn đã có {earlier} sự kiện, nay nhật ký chỉ còn {now}",
        "your checkpoint had {earlier} events already, and now the log has only {now}",
    ),
    "past.rewritten": (
        "{earlier} sự kiện đầu không còn như khi ký điểm chốt của bạn: quá khứ đã bị viết lại. Hãy giữ cả hai điểm chốt: chúng là bằng chứng",
        "the first {earlier} events are not what they were under your checkpoint: the past was rewritten. Keep both: they are the evidence",
    ),
    "past.form": (
        "{name} không đúng khuôn dạng, hoặc thuộc điểm chốt khác",
        "{name} is not of its form, or of another checkpoint",
    ),
    "no_proof.missing": (
        "gói không có bằng chứng nối tiếp ({name}); hãy yêu cầu gói có bằng chứng từ điểm chốt của bạn",
        "the bundle has no proof of it ({name}); ask for one with a proof from your checkpoint on",
    ),
    "no_proof.since": (
        "bằng chứng trong gói bắt đầu từ {starts} sự kiện, điểm chốt của bạn có {earlier}; hãy yêu cầu gói có bằng chứng từ điểm chốt của bạn",
        "the bundle's proof starts from {starts} events, your checkpoint has {earlier}; ask for one with a proof from your checkpoint on",
    ),
    "verifier.stumbled": (
        "đừng tin gói này chừng nào chưa rõ ({name})",
        "do not trust this bundle before it is clear why ({name})",
    ),
    "at": ("sự kiện {seq}: ", "event {seq}: "),
    # the frame
    "title": ("Kiểm tra gói kiểm chứng: {name}", "Checking the bundle {name}"),
    "yes": ("ĐÚNG", "HOLDS"),
    "no": ("SAI", "FAILS"),
    "unasked": ("CHƯA XÉT", "NOT ASKED"),
    "all": ("Mọi điều được xét đều đúng.", "All that was asked holds."),
    "not": (
        "Gói này KHÔNG đạt (mã: {code}). Những điều sau chỗ ấy không được xét. Hãy giữ nguyên gói, hỏi nơi đưa gói, và xin gói khác.",
        "This bundle does NOT hold (code: {code}). What comes after that was not asked. Keep it as it is, ask who gave it, and ask for another.",
    ),
    "not_past": (
        "Gói này KHÔNG đạt (mã: {code}), và gói khác cũng không sửa được điều đó: đã có người viết lại quá khứ. Hãy giữ gói này và mọi thứ "
        "đã mang về lần trước, đừng cùng ký, và báo cho các bên chứng kiến khác và cấp trên. Gói của cả kỳ từ lần trước, hoặc một bản sao, "
        "cho biết là sự kiện nào (docs/vi/kiem-toan.md).",
        "This bundle does NOT hold (code: {code}), and no other bundle mends that: somebody rewrote the past. Keep it, and all that you took "
        "home the last time, do not cosign, and tell the other witnesses and the level above. Which event it is, the season's bundle of "
        "the last visit tells, or a copy (docs/audit.md).",
    ),
    "unchecked": (
        "Chưa kết luận được: máy này không kiểm tra được chữ ký, nên chưa biết điểm chốt do ai ký. Những điều khác được xét đều đúng.",
        "There is no answer yet: this machine cannot check signatures, so nobody knows who signed the checkpoint. The rest holds.",
    ),
    "openssl": (
        "Cần chương trình openssl bản 3.0 trở lên (1.1.1 và LibreSSL của macOS không kiểm tra được Ed25519). Windows: cài Git for Windows "
        "(trong đó có openssl), hoặc chép thư mục ấy từ máy khác rồi dùng --openssl ĐƯỜNG_DẪN. macOS: brew install openssl@3. "
        "Linux: cài gói openssl. Không có mạng: mang gói sang máy khác kiểm tra.",
        "The program openssl is needed, 3.0 or newer (1.1.1 and LibreSSL of macOS cannot check Ed25519). Windows: install Git for "
        "Windows (openssl is in it), or copy its folder from another machine and say --openssl PATH. macOS: brew install openssl@3. "
        "Linux: install the package openssl. Without a network: check the bundle on another machine.",
    ),
    "tried": ("Đã thử: {program} ({version})", "Tried: {program} ({version})"),
    "by": ("Chữ ký được kiểm tra bằng {program} ({version}).", "Signatures were checked by {program} ({version})."),
    "nothing_proven": ("Điều mà kết quả này không chứng minh:", "What this does not prove:"),
    "no_policy": (
        "Không có chính sách (--policy hoặc --key) nên KHÔNG chữ ký nào được xét: bất kỳ ai cũng có thể lập ra một gói như thế này.",
        "There is no policy (--policy or --key), so NO signature was asked: anybody could have made a bundle like this.",
    ),
    "their_policy": (
        "Chính sách lấy từ chính gói này, do người lập gói chọn. Hãy so khóa sau với khóa bạn đã tự chép lại (hoặc chạy lại với --key):",
        "The policy is the bundle's own, chosen by whoever made it. Compare this key with the one you wrote down (or run again with --key):",
    ),
    "no_earlier": (
        "Không có điểm chốt nào của lần trước (--checkpoint) nên không biết quá khứ có bị viết lại trước khi ký hay không.",
        "No earlier checkpoint was given (--checkpoint), so whether the past was rewritten before this was signed is not known.",
    ),
    "truth": (
        "Điều đã ghi có đúng sự thật hay không: chỉ chứng minh rằng đã ghi như thế và từ đó không bị sửa.",
        "That what was recorded is true: only that it was recorded so, and not changed since.",
    ),
    "one_unit": (
        "Gì về các đơn vị khác: gói này chỉ nói về {unit}.",
        "Anything about other units: this bundle speaks of {unit} alone.",
    ),
    "itself": (
        "Bản verify.py nằm trong gói thì người lập gói có thể đã sửa. Hãy dùng bản bạn lấy từ nơi bạn tin. Bản đang chạy có SHA-256: {digest}",
        "A verify.py that came with the bundle may have been changed by whoever made it. Use one from where you trust. This one's SHA-256: {digest}",
    ),
    "standing": ("Tình trạng các đơn vị, theo nhật ký:", "Where the units stand, by the log:"),
    "counted": ("{count} đơn vị ở trạng thái {state}", "{count} in the state {state}"),
    "columns": (
        "đơn vị|trạng thái|từ ngày|lần|số sự kiện|mốc đã đạt|ghi chú",
        "unit|state|since|attempt|events|milestones|notes",
    ),
    "left": ("rời đi {day}", "left {day}"),
    "postponed": ("hoãn", "postponed"),
    "postponed_until": ("hoãn đến {day}", "postponed until {day}"),
    # called wrongly
    "use:arguments": ("Không hiểu lời gọi: {name}", "The call was not understood: {name}"),
    "use:together": ("--policy và --key không dùng cùng nhau.", "--policy and --key do not go together."),
    "use:no_bundle": ("Không có gói nào ở đây: {name}", "There is no bundle here: {name}"),
    "use:unreadable": ("Không đọc được tệp {name}.", "The file {name} cannot be read."),
    "use:policy": (
        "Tệp {name} không phải chính sách (tlog-policy) đúng khuôn dạng.",
        "The file {name} is no policy (tlog-policy) of the right form.",
    ),
    "use:key": ("Đó không phải khóa công khai của một nhật ký: {name}", "That is no public key of a log: {name}"),
    "use:checkpoint": ("Tệp {name} không phải điểm chốt đúng khuôn dạng.", "The file {name} is no checkpoint of the right form."),
    "use:hint": ("Xem cách dùng: python3 verify.py --help", "How it is used: python3 verify.py --help"),
    # help
    "help": (
        "Kiểm tra gói kiểm chứng của một nhật ký đại hội mà không cần chương trình đã lập ra nó. Mã thoát: 0 mọi điều đúng, 3 có điều sai, "
        "2 gọi sai, 4 máy này không kiểm tra được chữ ký.",
        "Checks a bundle of a congress log, without the program that made it. Exit codes: 0 all holds, 3 something does not, 2 called "
        "wrongly, 4 this machine cannot check signatures.",
    ),
    "help:bundle": (
        "tệp ZIP hoặc thư mục; không nêu thì là thư mục chứa tệp verify.py này",
        "a ZIP file or a folder; left out: the folder of this verify.py",
    ),
    "help:policy": (
        "chính sách của chính bạn: tin nhật ký nào, những bên chứng kiến nào",
        "your own policy: which log and which witnesses you trust",
    ),
    "help:key": ("khóa công khai của nhật ký mà bạn đã chép lại", "the log's public key that you wrote down"),
    "help:checkpoint": ("điểm chốt bạn mang về lần trước", "the checkpoint that you took home last time"),
    "help:json": ("in kết quả dưới dạng JSON", "print the result as JSON"),
    "help:lang": ("ngôn ngữ: vi hoặc en", "the language: vi or en"),
    "help:openssl": ("chương trình openssl cần dùng", "the program openssl to use"),
}


class Speaker:
    """Says things in one language. What comes from the bundle is shown without characters that could steer a terminal."""

    def __init__(self, language: str) -> None:
        self._column = 0 if language == "vi" else 1

    def __call__(self, key: str, **fields: Any) -> str:
        return WORDS[key][self._column].format(**{name: shown(value) for name, value in fields.items()})


def shown(value: Any) -> str:
    return "".join(c if c.isprintable() else "?" for c in str(value))


def usual_language() -> str:
    """English where the machine says so, else Vietnamese: the auditors' language."""
    told = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    if not told and os.name == "nt":
        try:
            locale.setlocale(locale.LC_CTYPE, "")
            told = locale.getlocale()[0] or ""
        except (locale.Error, ValueError):
            told = ""
    return "en" if told.lower().startswith("en") else "vi"


# --------------------------------------------------------------------------------------------------------------- the telling


def lines_of(report: "Report", name: str, say: "Speaker") -> Iterator[str]:
    """What a person reads."""
    yield say("title", name=name)
    yield ""
    for step, fields in report.steps:
        yield "[{}] {}".format(say("yes"), say(step, **fields))
    yield from _verdict(report, say)
    if not report.problem:
        yield ""
        yield from _limits(report, say)
    if report.units:
        yield ""
        yield from _standing(report.units, say)


def _verdict(report: "Report", say: "Speaker") -> Iterator[str]:
    problem = report.problem
    if problem:
        yield _failed(problem, say)
        if report.rewritten:
            yield _failed(report.rewritten, say)
        yield ""
        yield say("not_past" if report.rewritten or problem.is_rewriting else "not", code=problem.code)
    elif report.no_openssl:
        yield ""
        yield say("unchecked")
    else:
        yield ""
        yield say("all")
    if report.no_openssl:
        yield say("openssl")
        for program, version in report.no_openssl.tried:
            yield "  " + say("tried", program=program, version=version)
    if report.openssl:
        yield say("by", program=report.openssl.program, version=report.openssl.version)


def _failed(problem: "Broken", say: "Speaker") -> str:
    place = "" if problem.seq is None else say("at", seq=problem.seq)
    reason = say(problem.code + "." + problem.detail, **problem.fields)
    return "[{}] {}: {}{}".format(say("no"), say("no:" + problem.code), place, reason)


def _limits(report: "Report", say: "Speaker") -> Iterator[str]:
    yield say("nothing_proven")
    if not report.policy:
        yield "- " + say("no_policy")
    elif report.policy.theirs:
        yield "- " + say("their_policy")
        for key in report.policy.logs:
            yield "    " + shown(key.text)
    if not report.earlier:
        yield "- " + say("no_earlier")
    yield "- " + say("truth")
    if report.unit is not None:
        yield "- " + say("one_unit", unit=report.unit)
    yield "- " + say("itself", digest=_own_digest())


def _own_digest() -> str:
    try:
        with open(os.path.abspath(__file__), "rb") as file:
            return hashlib.sha256(file.read()).hexdigest()
    except OSError:
        return "?"


def _standing(units: "list[Object]", say: "Speaker") -> Iterator[str]:
    yield say("standing")
    states: dict[str, int] = {}
    for unit in units:
        states[unit["state"]] = states.get(unit["state"], 0) + 1
    for state in sorted(states):
        yield "  " + say("counted", count=states[state], state=state)
    yield ""
    rows = [say("columns").split("|"), *([shown(cell) for cell in _row(unit, say)] for unit in units)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip()


def _row(unit: Object, say: "Speaker") -> "list[Any]":
    notes = []
    if unit["left"]:
        notes.append(say("left", day=unit["left"]))
    if unit["postponed"]:
        notes.append(say("postponed_until", day=unit["until"]) if unit["until"] else say("postponed"))
    milestones = ", ".join("{} {}".format(*reached) for reached in sorted(unit["milestones"].items(), key=lambda m: (m[1], m[0])))
    return [unit["unit"], unit["state"], unit["since"], unit["attempt"], unit["version"], milestones or "-", ", ".join(notes)]


# ------------------------------------------------------------------------------------------------------------ the command line


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Misuse("arguments", name=message)


def _parser(say: "Speaker") -> "_Parser":
    parser = _Parser(prog="verify.py", description=say("help"), allow_abbrev=False)
    parser.add_argument("bundle", nargs="?", metavar="BUNDLE", help=say("help:bundle"))
    parser.add_argument("--policy", metavar="FILE", help=say("help:policy"))
    parser.add_argument("--key", metavar="VKEY", help=say("help:key"))
    parser.add_argument("--checkpoint", metavar="FILE", help=say("help:checkpoint"))
    parser.add_argument("--json", action="store_true", help=say("help:json"))
    parser.add_argument("--lang", choices=("vi", "en"), help=say("help:lang"))
    parser.add_argument("--openssl", metavar="PATH", help=say("help:openssl"))
    return parser


def _language(arguments: Sequence[str]) -> str:
    """Asked before anything is understood, so that help and complaints are in it too."""
    for place, word in enumerate(arguments):
        told = (
            word[len("--lang=") :]
            if word.startswith("--lang=")
            else "".join(arguments[place + 1 : place + 2])
            if word == "--lang"
            else ""
        )
        if told in ("vi", "en"):
            return told
    return usual_language()


def _asked(options: argparse.Namespace) -> "Asked":
    bundle = options.bundle
    if bundle is None:
        bundle = os.path.dirname(os.path.abspath(__file__))
        if not os.path.isfile(os.path.join(bundle, "manifest.json")):
            raise Misuse("no_bundle", name=bundle)
    elif "\0" in bundle or not os.path.exists(bundle):
        raise Misuse("no_bundle", name=bundle)
    if options.policy is not None and options.key is not None:
        raise Misuse("together")
    policy = None
    if options.policy is not None:
        policy = _own("policy", options.policy, Policy)
    elif options.key is not None:
        policy = _key_alone(options.key)
    earlier = None if options.checkpoint is None else _own("checkpoint", options.checkpoint, read_checkpoint)
    return Asked(bundle, policy, earlier, options.openssl)


def _own(what: str, path: str, read: Callable[[bytes], Any]) -> Any:
    """A file of the auditor's own. Windows may have given it other line ends, or a mark in front."""
    try:
        with open(path, "rb") as file:
            raw = file.read(LONGEST_OTHER + 1)
    except (OSError, ValueError):
        raise Misuse("unreadable", name=path) from None
    try:
        if len(raw) > LONGEST_OTHER:
            raise OtherForm("long")
        plain = raw[len(codecs.BOM_UTF8) :] if raw.startswith(codecs.BOM_UTF8) else raw
        return read(plain.replace(b"\r\n", b"\n"))
    except OtherForm:
        raise Misuse(what, name=path) from None


def _key_alone(text: str) -> "Policy":
    try:
        raw = text.strip().encode("utf-8")
        read_key(raw, LOG)
        return Policy(b"log " + raw + b"\nquorum none\n")
    except (OtherForm, UnicodeEncodeError):
        raise Misuse("key", name=text) from None


def _plain_letters(error: UnicodeError) -> "tuple[str, int]":
    """What a console cannot show is shown without its marks: a Vietnamese reader reads `diem chot` better than `?i?m ch?t`."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    letters = unicodedata.normalize("NFD", error.object[error.start : error.end]).replace("đ", "d").replace("Đ", "D")
    plain = "".join(c if ord(c) < 128 else "" if unicodedata.combining(c) else "?" for c in letters)
    return plain, error.end


def _prepare_streams() -> None:
    codecs.register_error("plain-letters", _plain_letters)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            # What goes into a file on Windows would be in a code page that lacks half the letters; editors there read UTF-8.
            if os.name == "nt" and not stream.isatty() and not os.environ.get("PYTHONIOENCODING"):
                reconfigure(encoding="utf-8")
            reconfigure(errors="plain-letters")


def _print(lines: Iterator[str], stream: Any) -> None:
    """A reader who goes away (`| head`) changes nothing of the answer."""
    try:
        for line in lines:
            stream.write(line + "\n")
        stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def main(arguments: Sequence[str]) -> int:
    _prepare_streams()
    say = Speaker(_language(arguments))
    try:
        options = _parser(say).parse_args(arguments)
        asked = _asked(options)
    except Misuse as misuse:
        _print(iter([say("use:" + misuse.detail, **misuse.fields), say("use:hint")]), sys.stderr)
        return 2
    try:
        report = check(asked)
    except (OSError, MemoryError, RecursionError) as trouble:
        # The machine's own: a full disk, no memory. What was not checked does not hold.
        report = Report()
        report.problem = Broken("verifier", "stumbled", name=type(trouble).__name__)
    if options.json:
        _print(iter([json.dumps(report.as_json(), sort_keys=True)]), sys.stdout)
    else:
        _print(lines_of(report, asked.bundle, say), sys.stdout)
    return report.exit_code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
