"""One request and its answer, without rules: reading the head and the body, sending the answer."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope, Send

from jackfield.api.error_bodies import WARNINGS_HEADER, error_body, warnings_header
from jackfield.api.json_bytes import dump
from jackfield.api.options import Bounds, Headers
from jackfield.domain.catalogue import found
from jackfield.domain.errors import JackfieldError, LimitReached, Refused
from jackfield.domain.finding import Finding, Place

JSON: Final = b"application/json"
TEXT: Final = b"text/plain; charset=utf-8"
CORRELATION_HEADER: Final = b"inin-correlation-id"
STANDING_HEADERS: Final[Headers] = (
    (b"cache-control", b"no-cache, no-store, must-revalidate"),
    (b"pragma", b"no-cache"),
    (b"expires", b"0"),
    (b"x-content-type-options", b"nosniff"),
)
# Browser SDKs read these.
EXPOSED_HEADERS: Final = (
    b"access-control-expose-headers",
    b"ININ-Correlation-Id, inin-ratelimit-allowed, inin-ratelimit-count, inin-ratelimit-reset,"
    b" Retry-After, Jackfield-Findings, Idempotency-Replayed",
)
# A token in a header is not a cookie, so any origin may ask unless the operator names those that may.
CROSS_ORIGIN_HEADERS: Final[Headers] = ((b"access-control-allow-origin", b"*"), EXPOSED_HEADERS)
# Smaller answers fit one packet anyway.
COMPRESSED_FROM: Final = 1_400
COMPRESSION_LEVEL: Final = 1
# Errors stay readable, for people with a raw exchange before them and for what shortens them on the way out.
FIRST_ERROR: Final = 400
_WANTED: Final = frozenset(
    (
        b"authorization",
        b"content-type",
        b"content-encoding",
        b"content-length",
        b"idempotency-key",
        b"origin",
        b"jackfield-hops",
        b"accept-encoding",
        b"sec-fetch-site",
    )
)
_NO_BODY: Final = frozenset((204, 304))


# Not frozen, and its `__init__` is written out: it is made on the hot path, where each frozen member costs a
# call, and where a generated `__init__` stays interpreted in a compiled server.
@dataclass(slots=True, init=False)
class Answer:
    """What goes out.

    Args:
        warnings: for the `Jackfield-Findings` header.
        headers: besides the standing ones.
    """

    body: bytes
    status: int
    media_type: bytes
    warnings: tuple[Finding, ...]
    headers: Headers

    def __init__(
        self,
        body: bytes = b"",
        status: int = 200,
        media_type: bytes = JSON,
        warnings: tuple[Finding, ...] = (),
        headers: Headers = (),
    ) -> None:
        self.body, self.status, self.media_type = body, status, media_type
        self.warnings, self.headers = warnings, headers


# Likewise.
@dataclass(slots=True, init=False)
class Exchange:
    """A request under way.

    Args:
        method: `HEAD` counts as `GET`.
        path: as sent, percent-encoding included.
        headers: those the wire looks at, lower-case; the first of each name.
        route: path template, for metrics; "" while unknown.
        status: of the answer once it is out, else 0.
        extra: headers that the answer gets whatever becomes of the request.
        origins: those whose pages may call from a browser; empty for all.
    """

    scope: Scope
    receive: Receive
    send: Send
    correlation_id: str
    method: str
    path: str
    query: bytes
    headers: dict[bytes, bytes]
    route: str
    status: int
    extra: list[tuple[bytes, bytes]]
    origins: frozenset[bytes]

    def __init__(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        correlation_id: str,
        method: str,
        path: str,
        query: bytes,
        headers: dict[bytes, bytes],
        origins: frozenset[bytes] = frozenset(),
    ) -> None:
        self.scope, self.receive, self.send = scope, receive, send
        self.correlation_id, self.method, self.path, self.query = correlation_id, method, path, query
        self.headers, self.origins = headers, origins
        self.route, self.status, self.extra = "", 0, []

    @property
    def address(self) -> str:
        """Where the request comes from; that of the proxy if there is one in between."""
        client = self.scope.get("client")
        return str(client[0]) if client else ""

    async def answer(self, answer: Answer) -> None:
        """Send an answer with the standing headers."""
        headers, body = self.prepared(answer)
        self.status = answer.status
        await self.send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})

    def prepared(self, answer: Answer) -> tuple[list[tuple[bytes, bytes]], bytes]:
        """Return an answer's headers, and its body as it goes out."""
        headers = [*STANDING_HEADERS, (CORRELATION_HEADER, self.correlation_id.encode())]
        if b"origin" in self.headers:
            headers += self._cross_origin()
        headers += self.extra
        headers += answer.headers
        if answer.warnings:
            headers.append((WARNINGS_HEADER, warnings_header(answer.warnings).encode()))
        body = answer.body
        if len(body) >= COMPRESSED_FROM and answer.status < FIRST_ERROR:
            headers.append((b"vary", b"Accept-Encoding"))
            if accepts_gzip(self.headers.get(b"accept-encoding", b"")):
                body = gzip.compress(body, COMPRESSION_LEVEL, mtime=0)
                headers.append((b"content-encoding", b"gzip"))
        if answer.status not in _NO_BODY:
            headers.append((b"content-type", answer.media_type))
            headers.append((b"content-length", b"%d" % len(body)))
        return headers, body

    def _cross_origin(self) -> Headers:
        """Return what lets a page of another origin read the answer; nothing for an origin that may not.

        Where only some origins may, nothing that is kept anywhere may be given to another one; but no answer
        is kept, as the standing headers say, so that there is no need for `Vary: Origin`.
        """
        if not self.origins:
            return CROSS_ORIGIN_HEADERS
        origin = self.headers[b"origin"]
        if origin not in self.origins:
            return ()
        return ((b"access-control-allow-origin", origin), EXPOSED_HEADERS)

    async def refuse(self, error: JackfieldError) -> None:
        """Send an error in the envelope."""
        await self.answer(refusal(error, self.correlation_id))

    async def body(self, bounds: Bounds) -> bytes:
        """Read the whole body.

        Raises:
            Refused: it is too large or too slow.
            ClientDisconnect: the client went away.
        """
        announced = self.headers.get(b"content-length", b"0")
        # Digits only: the parser has refused anything else already when the server is ours.
        if announced.isdigit() and int(announced[:20]) > bounds.body_bytes:
            raise too_large(bounds)
        try:
            async with asyncio.timeout(bounds.body_seconds):
                return await self._collected(bounds)
        except TimeoutError:
            self.extra.append((b"connection", b"close"))
            raise Refused(found("BODY_TOO_SLOW", seconds=bounds.body_seconds)) from None

    async def _collected(self, bounds: Bounds) -> bytes:
        message = await self._next()
        first: bytes = message.get("body", b"")
        if not message.get("more_body", False):
            if len(first) > bounds.body_bytes:
                raise too_large(bounds)
            return first
        parts = bytearray(first)
        while message.get("more_body", False):
            if len(parts) > bounds.body_bytes:
                raise too_large(bounds)
            message = await self._next()
            parts += message.get("body", b"")
        if len(parts) > bounds.body_bytes:
            raise too_large(bounds)
        return bytes(parts)

    async def _next(self) -> Message:
        message = await self.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        return message


def open_exchange(
    scope: Scope,
    receive: Receive,
    send: Send,
    correlation_id: str,
    origins: frozenset[bytes] = frozenset(),
) -> Exchange:
    """Read the head of a request."""
    method = scope["method"]
    return Exchange(
        scope=scope,
        receive=receive,
        send=send,
        correlation_id=correlation_id,
        method="GET" if method == "HEAD" else method,
        path=(scope.get("raw_path") or scope["path"].encode()).decode("latin-1").partition("?")[0],
        query=scope["query_string"],
        headers=wanted_headers(scope["headers"]),
        origins=origins,
    )


def accepts_gzip(accepted: bytes) -> bool:
    """Tell if a value of `Accept-Encoding` names gzip, and not with a weight of 0."""
    for part in accepted.lower().split(b","):
        name, _, weight = part.partition(b";")
        if name.strip() in (b"gzip", b"x-gzip"):
            quality = weight.replace(b" ", b"")
            return not (quality.startswith(b"q=0") and not quality.strip(b"q=0."))
    return False


def refusal(error: JackfieldError, correlation_id: str) -> Answer:
    """Return the answer of an error."""
    headers: Headers = ()
    if isinstance(error, LimitReached):
        headers = ((b"retry-after", b"%d" % error.retry_after), *error.headers)
    return Answer(dump(error_body(error, correlation_id)), error.status, headers=headers)


def too_large(bounds: Bounds) -> Refused:
    """Return the refusal of a body over the limit."""
    return Refused(found("BODY_TOO_LARGE", Place(), maximum=bounds.body_bytes))


def wanted_headers(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Return the headers that the wire looks at, the first of each name."""
    wanted: dict[bytes, bytes] = {}
    for name, value in headers:
        if name in _WANTED:
            wanted.setdefault(name, value)
    return wanted
