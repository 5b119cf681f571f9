"""The one module that sees `cryptography`: Ed25519, and private keys locked with a passphrase (PKCS#8, which `openssl` reads too)."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def make(passphrase: bytes) -> tuple[bytes, bytes]:
    """A new key: the public one, and the private one as PEM, locked."""
    private = Ed25519PrivateKey.generate()
    lock = serialization.BestAvailableEncryption(passphrase)
    locked = private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock)
    return private.public_key().public_bytes_raw(), locked


def unlock(locked: bytes, passphrase: bytes) -> Ed25519PrivateKey | None:
    """The private key behind a PEM; None where the passphrase is not its own, or it is none of ours."""
    try:
        found = serialization.load_pem_private_key(locked, passphrase)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    return found if isinstance(found, Ed25519PrivateKey) else None


def public_of(private: Ed25519PrivateKey) -> bytes:
    return private.public_key().public_bytes_raw()
