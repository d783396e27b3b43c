"""Authlib's OAuth client, the oracle of what OAuth 2 means."""

from __future__ import annotations

import warnings

# Authlib tells of a successor of httpx when it is imported; there is nothing to be done about it here.
with warnings.catch_warnings(record=True):
    from authlib.integrations.httpx_client import OAuth2Client
    from authlib.oauth2.rfc7636 import create_s256_code_challenge

__all__ = ["OAuth2Client", "create_s256_code_challenge"]
