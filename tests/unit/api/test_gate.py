"""The gate."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from jackfield.api.exchange import Exchange, open_exchange
from jackfield.api.gate import Gate, bearer_token, require_json
from jackfield.api.options import Headers
from jackfield.catalog import Route
from jackfield.domain.catalogue import found
from jackfield.domain.errors import BadCredentials, LimitReached, NotAuthenticated, NotPermitted, Refused
from jackfield.domain.identity import Principal
from support.asgi import scope_of
from support.stand_ins import StandInIdentity, options

ROUTE = Route("POST", "/x", "x", ("integrations:action:execute", "bridge:actions:execute"), 200)


class CountDown:
    """Lets two requests pass."""

    def __init__(self) -> None:
        self.left = 2

    def admit(self, principal: Principal) -> Headers:
        """Count one request."""
        assert principal.client_id == "client"
        self.left -= 1
        if self.left < 0:
            reason = found("CONNECTIONS_EXHAUSTED", maximum=2)
            raise LimitReached(reason, key="k", namespace="n", value=2, retry_after=5)
        return ((b"inin-ratelimit-count", b"%d" % (2 - self.left)),)


def exchange(**headers: str) -> Exchange:
    """Return a POST with some headers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    unused = cast(Any, None)
    return open_exchange(scope_of("POST", "/x?a=1", named), unused, unused, "corr-1")


def gate(**changes: Any) -> Gate:
    """Return a gate before stand-ins."""
    return Gate(cast(Any, StandInIdentity()), options(**changes))


@pytest.mark.parametrize("header", [b"Bearer abc", b"bearer   abc ", b"BEARER abc"])
def test_bearer_tokens(header: bytes) -> None:
    """The scheme in any case, spaces around the token do not count."""
    assert bearer_token(header) == "abc"


@pytest.mark.parametrize("header", [b"", b"Bearer", b"Bearer ", b"Basic abc", b"abc"])
def test_no_bearer_token(header: bytes) -> None:
    """Nothing, or another scheme, is a missing token; the value is never shown."""
    with pytest.raises(NotAuthenticated) as refused:
        bearer_token(header)
    assert refused.value.code == "authentication.required"
    assert "abc" not in refused.value.findings[0].seen


def test_who_is_let_in() -> None:
    """A known token with any one of the permissions becomes a caller."""
    caller = asyncio.run(gate(strict=True).admit(exchange(Authorization="Bearer good"), ROUTE))
    assert (caller.correlation_id, caller.strict, caller.organization_id) == ("corr-1", True, "org")


def test_who_is_not() -> None:
    """An unknown token is 401 bad.credentials, a missing permission 403 with its name."""
    with pytest.raises(BadCredentials) as unknown:
        asyncio.run(gate().admit(exchange(Authorization="Bearer other"), ROUTE))
    assert (unknown.value.status, unknown.value.code) == (401, "bad.credentials")
    with pytest.raises(NotPermitted) as lacking:
        asyncio.run(gate().admit(exchange(Authorization="Bearer reader"), ROUTE))
    assert (lacking.value.status, lacking.value.code) == (403, "missing.permissions")
    assert "integrations:action:execute" in lacking.value.message


def test_limits_are_counted_behind_the_token() -> None:
    """The limiter's headers go out; over the limit is 429. Requests without a token do not count."""
    limited = gate(limiter=CountDown())
    with pytest.raises(BadCredentials):
        asyncio.run(limited.admit(exchange(Authorization="Bearer other"), ROUTE))
    for count in (b"1", b"2"):
        asked = exchange(Authorization="Bearer good")
        asyncio.run(limited.admit(asked, ROUTE))
        assert asked.extra == [(b"inin-ratelimit-count", count)]
    with pytest.raises(LimitReached):
        asyncio.run(limited.admit(exchange(Authorization="Bearer good"), ROUTE))


def test_repeats_are_recognised_by_all_that_was_sent() -> None:
    """Key and fingerprint; another body, path or query has another fingerprint."""
    one = gate().repeat(exchange(Idempotency_Key="k"), b"body")
    assert one is not None
    assert one[0] == "k"
    assert gate().repeat(exchange(Idempotency_Key="k"), b"body") == one
    assert gate().repeat(exchange(Idempotency_Key="k"), b"Body") != one
    assert gate().repeat(exchange(), b"body") is None


@pytest.mark.parametrize("key", ["", "x" * 256, "é", "a\tb"])
def test_keys_that_cannot_be_used(key: str) -> None:
    """A key that is empty, too long or not printable is refused, not ignored."""
    with pytest.raises(Refused) as refused:
        gate().repeat(exchange(Idempotency_Key=key), b"")
    assert refused.value.findings[0].code == "IDEMPOTENCY_KEY_INVALID"


@pytest.mark.parametrize(
    "media_type", ["application/json", "Application/JSON; charset=utf-8", "application/merge-patch+json", ""]
)
def test_json_is_taken(media_type: str) -> None:
    """JSON in every spelling, and a body without a declaration."""
    require_json(exchange(Content_Type=media_type), b"{}")


@pytest.mark.parametrize(
    "media_type", ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"]
)
def test_anything_else_is_415(media_type: str) -> None:
    """Another media type is refused by name, unless there is no body."""
    require_json(exchange(Content_Type=media_type), b"")
    with pytest.raises(Refused) as refused:
        require_json(exchange(Content_Type=media_type), b"{}")
    assert (refused.value.status, refused.value.code) == (415, "unsupported.media.type")
    assert media_type.partition(";")[0] in refused.value.message


def test_compressed_bodies_are_refused_by_name() -> None:
    """A compressed body is not called broken text: the answer names its encoding."""
    require_json(exchange(Content_Encoding="identity"), b"{}")
    require_json(exchange(Content_Encoding="gzip"), b"")
    with pytest.raises(Refused) as refused:
        require_json(exchange(Content_Encoding="gzip"), b"\x1f\x8b")
    assert refused.value.findings[0].code == "CONTENT_ENCODING_UNSUPPORTED"
    assert (refused.value.status, "`gzip`" in refused.value.message) == (415, True)
