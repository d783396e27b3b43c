"""Keyed digests: fingerprints of secrets and digests of tokens (HMAC-SHA256).

Both are keyed, so that a copy of the database alone cannot be searched for short or guessable secrets. Each
has its own key: the digest of a token says nothing about the fingerprint of an equal secret.
"""

from __future__ import annotations

import hmac
from typing import Final

from jackfield.domain.secret import Secret
from jackfield.vault.keyring import Keyring

FINGERPRINT_DIGITS: Final = 16


class Digests:
    """Fingerprints and token digests under the keys of one keyring."""

    def __init__(self, keyring: Keyring) -> None:
        self._fingerprint_key = keyring.digest_key("fingerprint")
        self._token_key = keyring.digest_key("token digest")

    def __repr__(self) -> str:
        return "Digests()"

    def fingerprint(self, secret: Secret) -> str:
        """Return 16 hexadecimal digits (64 bits): enough to show equality, too few to be worth keeping."""
        return _hmac(self._fingerprint_key, secret.reveal())[:FINGERPRINT_DIGITS]

    def token(self, token: str) -> str:
        """Return the 64 hexadecimal digits under which a token or client secret is stored."""
        return _hmac(self._token_key, token)


def _hmac(key: bytes, text: str) -> str:
    return hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256").hex()
