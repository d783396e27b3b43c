"""Keys made out of keys: one root key gives an independent key for each use (HKDF-SHA256, RFC 5869)."""

from __future__ import annotations

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32


def derive(root: bytes, use: str, size: int = KEY_BYTES) -> bytes:
    """Return `size` bytes that are bound to `use`; knowing them says nothing about `root` or another use."""
    return HKDF(algorithm=SHA256(), length=size, salt=None, info=b"jackfield " + use.encode()).derive(root)
