"""Keys as files: the verifier key on the first line, for everybody; below it the private key, locked with a passphrase.

The first line is not locked, but nothing rests on it: it has to be the public half of what is locked below, and a name that somebody
changed there gives signatures that nobody's policy knows.
"""

from __future__ import annotations

import unicodedata
from types import ModuleType
from typing import Final

import attrs

from engine.tlog.malformed import Form, Malformed
from engine.tlog.notes import Sign, VerifierKey, is_key_name, read_key
from store.audit import files
from store.audit.errors import BadFile, Passphrase
from store.errors import PackageMissing

LEAST: Final = 12
"""Characters of a passphrase: whoever finds the stick has all the time there is."""

_FORM: Final[Form] = "key"
_BEGIN: Final = b"-----BEGIN "


@attrs.frozen
class LockedKey:
    """A key file as it was read."""

    file: str
    public: VerifierKey
    pem: bytes = attrs.field(repr=False)


def make_key(name: str, kind: int, file: str, passphrase: str) -> VerifierKey:
    """A new key in a new file that only its owner may read. Raises BadFile, FileFailed, Passphrase, PackageMissing."""
    if not is_key_name(name):
        raise BadFile(file=file, form="vkey", fault="name")
    if len(passphrase) < LEAST:
        raise Passphrase(why="short", least=LEAST)
    public, pem = _ed25519().make(_bytes(passphrase))
    key = VerifierKey(name, kind, public)
    files.make(file, f"{key}\n".encode() + pem, files.SECRET)
    return key


def read_locked(file: str) -> LockedKey:
    """What everybody may read of a key file. Raises FileFailed, BadFile."""

    def reader(raw: bytes) -> LockedKey:
        line, _, pem = raw.partition(b"\n")
        if not pem.startswith(_BEGIN):
            raise Malformed(_FORM, "no_private_key", 2)
        try:
            return LockedKey(file, read_key(line.decode("utf-8")), pem)
        except UnicodeDecodeError:
            raise Malformed(_FORM, "not_utf8", 1) from None
        except Malformed as error:
            raise Malformed(_FORM, error.fault, 1) from None

    return files.read(file, reader)


def unlock(key: LockedKey, passphrase: str) -> Sign:
    """The private half. Raises Passphrase, BadFile, PackageMissing."""
    ed25519 = _ed25519()
    private = ed25519.unlock(key.pem, _bytes(passphrase))
    if private is None:
        raise Passphrase(why="wrong")
    if ed25519.public_of(private) != key.public.public:
        raise BadFile(file=key.file, form=_FORM, fault="other_key")
    sign: Sign = private.sign
    return sign


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a public key signed a message: what `engine.tlog` wants to be given. Raises PackageMissing."""
    fits: bool = _ed25519().verify(public, message, signature)
    return fits


def _ed25519() -> ModuleType:
    """The arithmetic, whose package is an extra. Raises PackageMissing."""
    try:
        from store.audit import ed25519
    except ImportError as error:
        raise PackageMissing(package="cryptography", why="audit", detail=str(error).splitlines()[0]) from error
    return ed25519


def _bytes(passphrase: str) -> bytes:
    """Two keyboards may compose one letter in two ways."""
    return unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogateescape")
