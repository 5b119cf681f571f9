"""Ed25519 for the tests: keys from a seed, and `verify` as the program itself asks."""

from __future__ import annotations

from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engine.tlog.notes import Sign, VerifierKey
from store.audit.ed25519 import verify

__all__ = ["key", "verify"]


def key(name: str, kind: int, seed: str = "") -> tuple[VerifierKey, Sign]:
    private = Ed25519PrivateKey.from_private_bytes(sha256(f"{name} {kind} {seed}".encode()).digest())
    return VerifierKey(name, kind, private.public_key().public_bytes_raw()), private.sign
