"""C2SP signed notes and verifier keys (c2sp.org/signed-note): a text, and who stands by it.

Of the signature types only the two that Ed25519 keys have here are known: 0x01, a signature over the text, and 0x04, a cosignature with
its time (c2sp.org/tlog-cosignature, "cosignature/v1"). A signature by a key that nobody named is passed over, as the specification
demands; one by a known key that does not fit spoils the whole note. The arithmetic of Ed25519 is handed in (`Verify`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from typing import Final, TypeAlias

import attrs

from engine.tlog.malformed import GREATEST, Malformed, base64_of, from_base64
from engine.values import is_whole

Verify: TypeAlias = Callable[[bytes, bytes, bytes], bool]
"""Whether a public key, 32 bytes, signed a message: key, message, signature of 64 bytes."""

Sign: TypeAlias = Callable[[bytes], bytes]
"""The Ed25519 signature of a message."""

LOG: Final = 0x01
WITNESS: Final = 0x04

MOST_SIGNATURES: Final = 100
LONGEST: Final = 1_000_000
"""Bytes: no note of ours comes near, and a file that somebody hands over may be anything."""

_KEY_BYTES: Final = 32
_SIGNATURE_BYTES: Final = 64
_TIME_BYTES: Final = 8
_DASH: Final = "\N{EM DASH} "


class NotSigned(Exception):
    """A signature by a key that is known does not fit. `name`: the key's."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@attrs.frozen
class VerifierKey:
    """A public key as C2SP writes it: `kind` is the type byte of its signatures."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """Four bytes of SHA-256(name ‖ newline ‖ type ‖ public key)."""
        return sha256(self.name.encode() + b"\n" + bytes((self.kind,)) + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64_of(bytes((self.kind,)) + self.public)}"


def read_key(text: str) -> VerifierKey:
    """A verifier key from its text. Raises Malformed."""
    parts = text.split("+", 2)
    if len(parts) != 3:  # noqa: PLR2004 - name, id, key
        raise Malformed("vkey", "parts")
    name, identity, encoded = parts
    if not is_key_name(name):
        raise Malformed("vkey", "name")
    material = from_base64(encoded, "vkey")
    if material[:1] not in (bytes((LOG,)), bytes((WITNESS,))):
        raise Malformed("vkey", "kind")
    if len(material) != 1 + _KEY_BYTES:
        raise Malformed("vkey", "key_length")
    key = VerifierKey(name, material[0], material[1:])
    if key.id.hex() != identity:
        raise Malformed("vkey", "key_id")
    return key


def is_key_name(name: str) -> bool:
    """Not empty, no spaces, no plus, no control characters, and text that UTF-8 can hold."""
    return bool(name) and is_whole(name) and not any(c.isspace() or c == "+" or c < " " for c in name)


@attrs.frozen
class Signature:
    """One signature line."""

    name: str
    key_id: bytes
    value: bytes

    def is_by(self, key: VerifierKey) -> bool:
        return (self.name, self.key_id) == (key.name, key.id)

    @property
    def line(self) -> str:
        return f"{_DASH}{self.name} {base64_of(self.key_id + self.value)}\n"


@attrs.frozen
class Note:
    """A text that ends in a newline, and its signatures."""

    text: str
    signatures: tuple[Signature, ...] = ()

    def to_bytes(self) -> bytes:
        return (self.text + "\n" + "".join(s.line for s in self.signatures)).encode()


def read_note(raw: bytes) -> Note:
    """A note from its bytes. Raises Malformed."""
    text, cut, signed = _characters(raw).rpartition("\n\n")
    if not cut or not signed.endswith("\n"):
        raise Malformed("note", "no_signatures")
    first = text.count("\n") + 3
    lines = signed[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise Malformed("note", "too_many", first + MOST_SIGNATURES)
    return Note(text + "\n", tuple(_signature(line, first + place) for place, line in enumerate(lines)))


def _characters(raw: bytes) -> str:
    if len(raw) > LONGEST:
        raise Malformed("note", "too_long")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed("note", "not_utf8", raw.count(b"\n", 0, error.start) + 1) from None
    for place, character in enumerate(text):
        if character < " " and character != "\n":
            raise Malformed("note", "control", text.count("\n", 0, place) + 1)
    return text


def _signature(line: str, place: int) -> Signature:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space or not is_key_name(name):
        raise Malformed("note", "signature_line", place)
    value = from_base64(encoded, "note", place)
    if len(value) <= 4:  # noqa: PLR2004 - the key's id alone
        raise Malformed("note", "signature_line", place)
    return Signature(name, value[:4], value[4:])


def sign(text: str, key: VerifierKey, private: Sign) -> Signature:
    """A log's signature over a text."""
    return Signature(key.name, key.id, private(text.encode()))


def cosign(text: str, key: VerifierKey, private: Sign, at: int) -> Signature:
    """A witness's cosignature over a checkpoint's text. `at`: seconds since 1970, UTC."""
    if not 0 <= at <= GREATEST:
        raise ValueError(f"{at} is not a time that a cosignature can hold")
    return Signature(key.name, key.id, at.to_bytes(_TIME_BYTES, "big") + private(_cosigned(text, at)))


def _cosigned(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def signers(note: Note, keys: Iterable[VerifierKey], verify: Verify) -> Mapping[VerifierKey, int | None]:
    """Who of the keys that are known signed a note; of a cosignature, when. Raises NotSigned."""
    known = {(key.name, key.id): key for key in keys}
    found: dict[VerifierKey, int | None] = {}
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is not None:
            at = _verified(note.text, signature, key, verify)
            found[key] = at if at is None else max(at, found.get(key) or 0)
    return found


def _verified(text: str, signature: Signature, key: VerifierKey, verify: Verify) -> int | None:
    at, value, message = None, signature.value, text.encode()
    if key.kind == WITNESS:
        at, value = int.from_bytes(value[:_TIME_BYTES], "big"), value[_TIME_BYTES:]
        message = _cosigned(text, at)
    fits = len(value) == _SIGNATURE_BYTES and (at is None or at <= GREATEST)
    if not fits or not verify(key.public, message, value):
        raise NotSigned(key.name)
    return at
