"""Keyed digests: fingerprints of secrets and digests of tokens (HMAC-SHA256).

Both are keyed, so that a copy of the database alone cannot be searched for short or guessable secrets. Each
has its own key: the digest of a token says nothing about the fingerprint of an equal secret.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from typing import Final

from jackfield.domain.secret import Secret
from jackfield.vault.keyring import Keyring

FINGERPRINT_DIGITS: Final = 16
KNOWN_TOKENS: Final = 10_000


class Digests:
    """Fingerprints and token digests under the keys of one keyring."""

    def __init__(self, keyring: Keyring) -> None:
        self._fingerprint_key = keyring.digest_key("fingerprint")
        self._token_key = keyring.digest_key("token digest")
        # The digests of tokens that are in use, found by a faster digest under a key that nobody keeps: each
        # request needs one, and HMAC is a tenth of what the gate costs. No token stands here in clear.
        self._quick = hashlib.blake2b(digest_size=32, key=os.urandom(32))
        self._known: dict[bytes, str] = {}

    def __repr__(self) -> str:
        return "Digests()"

    def fingerprint(self, secret: Secret) -> str:
        """Return 16 hexadecimal digits (64 bits): enough to show equality, too few to be worth keeping."""
        return _hmac(self._fingerprint_key, secret.reveal())[:FINGERPRINT_DIGITS]

    def token(self, token: str) -> str:
        """Return the 64 hexadecimal digits under which a token or client secret is stored."""
        keyed = self._quick.copy()
        keyed.update(token.encode() if token.isascii() else token.encode("utf-8", "surrogatepass"))
        quick = keyed.digest()
        known = self._known.get(quick)
        if known is None:
            if len(self._known) >= KNOWN_TOKENS:
                self._known.clear()
            known = self._known[quick] = _hmac(self._token_key, token)
        return known


def _hmac(key: bytes, text: str) -> str:
    return hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256").hex()
