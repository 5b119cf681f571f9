"""Ed25519 for the tests: keys from a seed, and `verify`, by the library that the program uses too."""

from __future__ import annotations

from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from engine.tlog.notes import Sign, VerifierKey


def key(name: str, kind: int, seed: str = "") -> tuple[VerifierKey, Sign]:
    private = Ed25519PrivateKey.from_private_bytes(sha256(f"{name} {kind} {seed}".encode()).digest())
    return VerifierKey(name, kind, private.public_key().public_bytes_raw()), private.sign


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True
