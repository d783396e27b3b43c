"""Checks of a login: may this client ask for it, and may it lead back where it wants to?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from jackfield.domain.catalogue import found
from jackfield.domain.errors import Refused, SentBack
from jackfield.domain.finding import Finding, Place
from jackfield.domain.identity import OAuthClient
from jackfield.rules.nearest import listed

CODE: Final = "CODE"
IMPLICIT: Final = "TOKEN"
CLIENT_CREDENTIALS: Final = "CLIENT-CREDENTIALS"
LONGEST: Final = 2_000
# SHA-256 in base64url without padding (RFC 7636, 4.2).
_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Login:
    """A login that may be offered.

    Args:
        redirect_uri: where it leads back to.
        state: what the client wants to get back, "" if it sent none.
        implicit: true to answer with a token instead of a code.
        challenge: PKCE's S256 challenge, "" without.
        scopes: what the tokens may be used for.
    """

    client: OAuthClient
    redirect_uri: str
    state: str
    implicit: bool
    challenge: str
    scopes: tuple[str, ...]


def check_login(asked: Mapping[str, str], client: OAuthClient | None, *, implicit: bool) -> Login:
    """Check what a client asks the login page for.

    Args:
        asked: the query of `/oauth/authorize`.
        client: the one that `client_id` names, None if there is none.
        implicit: whether the implicit grant is switched on.

    Raises:
        Refused: client or redirect URI are not to be trusted, so that nothing is sent there.
        SentBack: something else is wrong; the client is told at its redirect URI.
    """
    if client is None or not client.active:
        shown = asked.get("client_id", "")[:64]
        raise Refused(found("AUTHORIZE_CLIENT_UNKNOWN", Place("query/client_id"), seen=shown, value=shown))
    redirect_uri = _redirect_uri(asked, client)
    fault = _fault(asked, client, implicit=implicit)
    if fault is not None:
        raise SentBack(
            fault,
            redirect_uri=redirect_uri,
            state=asked.get("state", "")[:LONGEST],
            fragment=asked.get("response_type") == "token",
        )
    wanted = asked.get("scope", "").split()
    return Login(
        client=client,
        redirect_uri=redirect_uri,
        state=asked.get("state", "")[:LONGEST],
        implicit=asked["response_type"] == "token",
        challenge=asked.get("code_challenge", ""),
        scopes=tuple(dict.fromkeys(wanted)) or client.scopes,
    )


def _redirect_uri(asked: Mapping[str, str], client: OAuthClient) -> str:
    wanted = asked.get("redirect_uri", "")
    if wanted and wanted in client.redirect_uris:
        return wanted
    shown = wanted[:200]
    raise Refused(
        found(
            "REDIRECT_URI_UNREGISTERED",
            Place("query/redirect_uri"),
            seen=shown,
            value=shown,
            client=client.name,
            client_id=client.id,
            registered=listed(client.redirect_uris, "or") if client.redirect_uris else "None is registered",
        )
    )


def _fault(asked: Mapping[str, str], client: OAuthClient, *, implicit: bool) -> Finding | None:
    response_type = asked.get("response_type", "")
    place = Place("query/response_type")
    if response_type not in ("code", "token"):
        shown = response_type[:60]
        return found("RESPONSE_TYPE_UNSUPPORTED", place, seen=shown, value=shown)
    if response_type == "token" and not implicit:
        return found("IMPLICIT_GRANT_OFF", place, seen="token")
    wanted = IMPLICIT if response_type == "token" else CODE
    if client.grant != wanted:
        return found("GRANT_NOT_OF_CLIENT", place, client=client.name, grant=client.grant, wanted=wanted)
    return _challenge_fault(asked) or _scope_fault(asked, client)


def _challenge_fault(asked: Mapping[str, str]) -> Finding | None:
    challenge, method = asked.get("code_challenge", ""), asked.get("code_challenge_method", "")
    if not challenge and not method:
        return None
    if method != "S256":
        shown = method[:20] or "none"
        reason = f"the method is `{shown}`, not S256"
        place = Place("query/code_challenge_method")
        return found("PKCE_CHALLENGE_INVALID", place, seen=shown, reason=reason)
    if not _CHALLENGE.fullmatch(challenge):
        reason = f"it has {len(challenge)} characters, or some that are not of base64url"
        return found("PKCE_CHALLENGE_INVALID", Place("query/code_challenge"), reason=reason)
    return None


def _scope_fault(asked: Mapping[str, str], client: OAuthClient) -> Finding | None:
    for scope in asked.get("scope", "").split():
        if scope not in client.scopes:
            shown = scope[:60]
            scopes = listed(client.scopes) if client.scopes else "None is registered"
            return found("SCOPE_NOT_OF_CLIENT", Place("query/scope"), seen=shown, value=shown, scopes=scopes)
    return None
