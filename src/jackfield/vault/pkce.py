"""Proof Key for Code Exchange (RFC 7636): does a verifier belong to a challenge?"""

from __future__ import annotations

import base64
import hashlib
import hmac


def s256(verifier: str) -> str:
    """Return the S256 challenge of a verifier: its SHA-256 in base64url without padding."""
    digest = hashlib.sha256(verifier.encode("utf-8", "surrogatepass")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def matches(challenge: str, verifier: str) -> bool:
    """Tell if a verifier belongs to an S256 challenge, in a time that tells nothing."""
    return hmac.compare_digest(challenge.encode("utf-8", "surrogatepass"), s256(verifier).encode())
