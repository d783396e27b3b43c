"""The platform whose own API data actions call: where it is, and tokens of it.

A token comes by the client credentials grant (RFC 6749, 4.4), the client as Basic credentials, as the
official SDKs do it.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from jackfield.domain.credential import CredentialValues
from jackfield.domain.login import Login
from jackfield.domain.secret import Secret
from jackfield.engine.json_text import NotJson, read_json_text
from jackfield.engine.target import parse_target
from jackfield.engine.upstream import InboundReply, OutboundRequest, Upstream

HOPS_HEADER: Final = "Jackfield-Hops"
MOST_HOPS: Final = 5
API_PREFIX: Final = "/api/v2/"
_MADE_UP_TOKEN: Final = "made-up-token"
# Tokens are given up a little before they end, so that none ends on its way.
_MARGIN: Final = 0.9


@dataclass(frozen=True, slots=True)
class Platform:
    """Where actions on the platform go.

    Args:
        api: what their relative URLs begin with, without a slash at the end.
        login: where `/oauth/token` is, likewise.
        upstream: the way there.
        stubbed: replies are files, and so no token is needed.
    """

    api: str
    login: str
    upstream: Upstream
    stubbed: bool = False


class TokenRefused(Exception):
    """No token came.

    Args:
        reply: what came instead.
    """

    def __init__(self, reply: InboundReply) -> None:
        super().__init__(f"status {reply.status}")
        self.reply = reply


async def fetch_token(
    platform: Platform, credentials: CredentialValues | None, *, now: float, deadline: float
) -> Login:
    """Return a token of the platform for an OAuth client.

    Args:
        platform: where; one of stubs gives a token that is made up.
        credentials: with `clientId` and `clientSecret`.
        now: in the clock's monotonic seconds.
        deadline: likewise.

    Raises:
        TokenRefused: the login answered something else.
        UpstreamFailure: it did not answer.
        TargetRefused: its address cannot be called.
    """
    if platform.stubbed:
        return made_up_token()
    request = OutboundRequest(
        "POST",
        parse_target(f"{platform.login}/oauth/token"),
        (
            ("Accept", "application/json"),
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Authorization", f"Basic {_pair(credentials)}"),
        ),
        b"grant_type=client_credentials",
        buffered=True,
    )
    reply = await platform.upstream.send(request, deadline=deadline)
    answer = _answer(reply)
    token = answer.get("access_token")
    if reply.status != 200 or not isinstance(token, str) or not token:
        raise TokenRefused(reply)
    return Login(
        authorization=Secret(f"Bearer {token}"),
        secrets=(Secret(token),),
        expires=expiry(answer, now),
    )


def made_up_token() -> Login:
    """Return a token that nobody gave."""
    return Login(
        authorization=Secret(f"Bearer {_MADE_UP_TOKEN}"), secrets=(Secret(_MADE_UP_TOKEN),), made_up="token"
    )


def expiry(answer: Mapping[str, Any], now: float) -> float | None:
    """Return when a login's answer goes stale, by its `expires_in` (RFC 6749, 5.1); None without one.

    Args:
        answer: the login's.
        now: when it came, in seconds.
    """
    seconds = answer.get("expires_in")
    if isinstance(seconds, str) and seconds.isascii() and seconds.isdigit() and len(seconds) < 12:
        seconds = int(seconds)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < 1e12:
        return None
    return now + seconds * _MARGIN


def _pair(credentials: CredentialValues | None) -> str:
    fields = credentials.fields if credentials is not None else {}
    pair = ":".join(fields[name].reveal() if name in fields else "" for name in ("clientId", "clientSecret"))
    return base64.b64encode(pair.encode()).decode()


def _answer(reply: InboundReply) -> Mapping[str, Any]:
    try:
        answer = read_json_text(reply.body)
    except NotJson:
        return {}
    return answer if isinstance(answer, Mapping) else {}
