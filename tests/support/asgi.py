"""Asking an ASGI application one question, without a socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Scope


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


def scope_of(method: str, target: str, headers: Mapping[str, str]) -> Scope:
    """Return the scope of a request; the target is sent as it stands."""
    path, _, query = target.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode("latin-1"),
        "query_string": query.encode("latin-1"),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()],
        "server": ("testserver", 80),
        "client": ("testclient", 1),
        "state": {},
    }


def ask(
    application: ASGIApp,
    method: str,
    target: str,
    body: bytes | Sequence[bytes] | Any = b"",
    headers: Mapping[str, str] | None = None,
    token: str | None = "good",
) -> Reply:
    """Send one request and return the reply.

    Args:
        body: bytes as they are, a list of bytes in pieces, anything else as JSON.
        token: bearer token; None sends none.
    """
    sent = {"Content-Type": "application/json", **(headers or {})}
    if token is not None:
        sent.setdefault("Authorization", f"Bearer {token}")
    pieces = _pieces(body)
    messages: list[Message] = [
        {"type": "http.request", "body": piece, "more_body": place < len(pieces) - 1}
        for place, piece in enumerate(pieces)
    ]
    return asyncio.run(exchange(application, scope_of(method, target, sent), messages))


async def exchange(application: ASGIApp, scope: Scope, messages: list[Message]) -> Reply:
    """Run one request inside an event loop; after the messages the client is gone."""
    sent: list[Message] = []

    async def receive() -> Message:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await application(scope, receive, send)
    assert sent[0]["type"] == "http.response.start", sent
    headers: dict[str, str] = {}
    for name, value in sent[0]["headers"]:
        assert name.decode() not in headers, f"{name.decode()} was sent twice"
        headers[name.decode()] = value.decode("latin-1")
    return Reply(sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:]))


def _pieces(body: Any) -> list[bytes]:
    if isinstance(body, bytes):
        return [body]
    if isinstance(body, list) and body and all(isinstance(piece, bytes) for piece in body):
        return list(body)
    return [json.dumps(body).encode()]
