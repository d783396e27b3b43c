"""What a login leaves behind until its tokens are fetched and renewed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AuthorizationCode:
    """A code that a login was answered with, by digest only.

    Args:
        redirect_uri: as the login named it; the token request has to name the same.
        challenge: PKCE's S256 challenge, "" for a client that has its secret instead.
        family: of the tokens that come out of it.
        used: true once it was exchanged; a second exchange ends the whole family.
    """

    digest: str
    organization_id: str
    client_id: str
    user_id: str
    redirect_uri: str
    challenge: str
    scopes: tuple[str, ...]
    family: str
    expires: datetime
    used: bool = False


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """What renews the access tokens of a login, by digest only.

    Args:
        public: true if the login was proven with PKCE alone, so that a renewal needs no secret either.
        used: true once it was exchanged for its successor; a second use ends the whole family.
    """

    digest: str
    organization_id: str
    client_id: str
    user_id: str
    scopes: tuple[str, ...]
    family: str
    public: bool
    expires: datetime
    used: bool = False
