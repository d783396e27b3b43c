"""The envelope: one value encrypted for one place, with everything in it that opening needs but the key.

Layout: format (1 byte) | key id (8) | nonce (12) | ciphertext and tag (n + 16), AES-256-GCM (NIST SP
800-38D). Format and key id are authenticated too, so a value cannot be made to name another key. Nonces are
random: with 96 bits, a key is good for 2^32 values before a repeat becomes likelier than 2^-32.
"""

from __future__ import annotations

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from jackfield.domain.ports import SealPlace

FORMAT: Final = 1
KEY_ID_BYTES: Final = 8
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
HEADER_BYTES: Final = 1 + KEY_ID_BYTES
SHORTEST: Final = HEADER_BYTES + NONCE_BYTES + TAG_BYTES


class EnvelopeFault(Exception):
    """An envelope that does not open; the text says why, without any of its content."""


def place_data(place: SealPlace) -> bytes:
    """Return the associated data of a place: its parts, each with its length before it.

    Without the lengths ("ab", "c") and ("a", "bc") would be the same place.
    """
    parts = (place.organization_id, place.credential_id, place.field, str(place.version))
    encoded = [part.encode("utf-8", "surrogatepass") for part in parts]
    return b"".join(len(part).to_bytes(4, "big") + part for part in encoded)


def encrypt(cipher: AESGCM, key_id: bytes, plain: bytes, associated: bytes) -> bytes:
    """Return the envelope of `plain`; `associated` must be given again to open it."""
    header = bytes([FORMAT]) + key_id
    nonce = os.urandom(NONCE_BYTES)
    return header + nonce + cipher.encrypt(nonce, plain, header + associated)


def named_key(sealed: bytes) -> bytes:
    """Return the id of the key that an envelope names.

    Raises:
        EnvelopeFault: it is too short, or of a format that this version does not know.
    """
    if len(sealed) < SHORTEST:
        raise EnvelopeFault(f"it is cut short ({len(sealed)} bytes)")
    if sealed[0] != FORMAT:
        raise EnvelopeFault(f"its format {sealed[0]} is unknown to this version")
    return sealed[1:HEADER_BYTES]


def taken_apart(sealed: bytes, associated: bytes) -> tuple[bytes, bytes, bytes]:
    """Return an envelope's nonce, its ciphertext with the tag, and all that is authenticated beside it.

    Raises:
        EnvelopeFault: it is too short, or of an unknown format.
    """
    named_key(sealed)
    start = HEADER_BYTES + NONCE_BYTES
    return sealed[HEADER_BYTES:start], sealed[start:], sealed[:HEADER_BYTES] + associated


def decrypt(cipher: AESGCM, sealed: bytes, associated: bytes) -> bytes:
    """Return what was sealed.

    Raises:
        EnvelopeFault: any byte differs, it was sealed for another place, or with another key.
    """
    nonce, text, authenticated = taken_apart(sealed, associated)
    try:
        return cipher.decrypt(nonce, text, authenticated)
    except InvalidTag:
        raise EnvelopeFault("it was changed, or sealed for another place") from None
