"""The one gate in front of every API route: token, permission, limits, repeats, media type."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from jackfield.api.exchange import Exchange
from jackfield.api.options import ApiOptions, Bounds
from jackfield.catalog import Route
from jackfield.domain.catalogue import found
from jackfield.domain.errors import NotAuthenticated, Refused
from jackfield.domain.finding import Place
from jackfield.domain.identity import Caller, Principal
from jackfield.domain.secret import Secret
from jackfield.services.identity import IdentityService

LONGEST_KEY: Final = 255
_LONGEST_COUNT: Final = 4
REMEMBERED_PASSAGES: Final = 10_000


class Gate:
    """Lets requests in, or says why not.

    Args:
        identity: knows tokens and permissions.
        options: limiter, fingerprints, strictness.
    """

    def __init__(self, identity: IdentityService, options: ApiOptions) -> None:
        self._identity, self._options = identity, options
        self._limiter, self._strict = options.limiter, options.strict
        # Who passed which operation's checks. A token whose rights may have changed gets a new principal.
        self._passed: dict[tuple[str, str], Principal] = {}

    async def admit(self, exchange: Exchange, route: Route) -> Caller:
        """Return who asks.

        Raises:
            NotAuthenticated: no token.
            BadCredentials: a token that is not valid here.
            NotPermitted: none of the route's permissions, or none of its scopes.
            LimitReached: too many requests.
        """
        token = bearer_token(exchange.headers.get(b"authorization", b""))
        return self.let_in(exchange, route, await self._identity.authenticate(token))

    def recognise(self, headers: dict[bytes, bytes], now: datetime) -> Principal | None:
        """Return who asks if that is known without looking it up; None says nothing about the token."""
        header = headers.get(b"authorization")
        if header is None or header[:7] != b"Bearer ":
            return None
        return self._identity.recognise(header[7:].decode("latin-1"), now)

    def let_in(self, exchange: Exchange, route: Route, principal: Principal) -> Caller:
        """Return the caller of an operation if the principal may do it.

        Raises:
            NotPermitted: none of the route's permissions, or none of its scopes.
            LimitReached: too many requests.
        """
        passage = (principal.token, route.operation_id)
        if self._passed.get(passage) is not principal:
            self._identity.require(principal, route.permissions)
            self._identity.require_scope(principal, route.scopes)
            if len(self._passed) >= REMEMBERED_PASSAGES:
                self._passed.clear()
            self._passed[passage] = principal
        exchange.extra += self._limiter.admit(principal)
        named = exchange.headers.get(b"jackfield-hops")
        hops = _hops(named) if named else 0
        return Caller(principal, exchange.correlation_id, self._strict, None, hops)

    def repeat(self, exchange: Exchange, body: bytes) -> tuple[str, str] | None:
        """Return the Idempotency-Key of a POST with the request's fingerprint.

        Raises:
            Refused: the key cannot be used.
        """
        key = exchange.headers.get(b"idempotency-key")
        if key is None or exchange.method != "POST":
            return None
        text = key.decode("latin-1")
        if not 0 < len(text) <= LONGEST_KEY or not text.isascii() or not text.isprintable():
            place = Place("header/Idempotency-Key")
            raise Refused(found("IDEMPOTENCY_KEY_INVALID", place, count=len(text)))
        request = f"{exchange.method} {exchange.path}?{exchange.query.decode('latin-1')}\n"
        return text, self._options.fingerprint(Secret(request + body.decode("latin-1")))


def _hops(header: bytes) -> int:
    """Return how many calls of the server to itself led to a request, as the last of them says."""
    return int(header) if header.isdigit() and len(header) < _LONGEST_COUNT else 0


def bearer_token(authorization: bytes) -> str:
    """Return the token of an `Authorization` header.

    Raises:
        NotAuthenticated: there is none, or it is of another scheme.
    """
    if authorization.startswith(b"Bearer "):
        token = authorization[7:].decode("latin-1").strip()
        if token:
            return token
    scheme, _, token = authorization.decode("latin-1").strip().partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token:
        seen = scheme if token else ""
        raise NotAuthenticated(found("TOKEN_MISSING", Place("header/Authorization"), seen=seen[:20]))
    return token


def is_plain(headers: dict[bytes, bytes], body: bytes, bounds: Bounds) -> bool:
    """Tell if a request needs no closer look: JSON, not large, not meant to be repeated; nearly all are."""
    return (
        headers.get(b"content-type") == b"application/json"
        and b"content-encoding" not in headers
        and b"idempotency-key" not in headers
        and len(body) <= bounds.body_bytes
    )


def require_json(exchange: Exchange, body: bytes) -> None:
    """Check that a body is declared as JSON, or not declared at all, and not compressed.

    Raises:
        Refused: it is declared as something else.
    """
    declared = exchange.headers.get(b"content-type", b"")
    encoding = exchange.headers.get(b"content-encoding", b"").strip().lower()
    if body and encoding not in (b"", b"identity"):
        shown = encoding.decode("latin-1")[:100]
        place = Place("header/Content-Encoding")
        raise Refused(found("CONTENT_ENCODING_UNSUPPORTED", place, seen=shown, value=shown))
    media_type = declared.partition(b";")[0].strip().lower()
    if not body or not media_type or media_type == b"application/json" or media_type.endswith(b"+json"):
        return
    shown = media_type.decode("latin-1")[:100]
    raise Refused(found("CONTENT_TYPE_NOT_JSON", Place("header/Content-Type"), seen=shown, value=shown))
