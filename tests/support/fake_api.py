"""A real HTTP server on a free port that answers as a test tells it, and remembers what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """A request that arrived. Header names are lower-case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """What to answer; `value` becomes JSON unless it is bytes. A status of 0 breaks the connection."""

    status: int = 200
    value: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


Responder = Callable[[Asked], Reply]


class FakeApi:
    """Answers `/oauth/token` with numbered tokens and everything else as told.

    Args:
        responder: called for each request but those for tokens.
    """

    def __init__(self, responder: Responder) -> None:
        self.asked: list[Asked] = []
        self.tokens = 0
        self.login: Responder = self._issue
        self.responder = responder
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def calls(self) -> list[Asked]:
        """What was asked besides tokens."""
        return [item for item in self.asked if not item.path.endswith("/oauth/token")]

    def answer(self, asked: Asked) -> Reply:
        """Remember the request and find its answer."""
        self.asked.append(asked)
        if asked.path.endswith("/oauth/token"):
            return self.login(asked)
        return self.responder(asked)

    def environment(self) -> dict[str, str]:
        """Return the variables that point a client here."""
        return {
            "GENESYSCLOUD_REGION": self.url,
            "GENESYSCLOUD_OAUTHCLIENT_ID": "client-of-the-test",
            "GENESYSCLOUD_OAUTHCLIENT_SECRET": "secret-of-the-test",
        }

    def _issue(self, _: Asked) -> Reply:
        self.tokens += 1
        return Reply(value={"access_token": f"token-{self.tokens}", "token_type": "bearer", "expires_in": 60})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(api: FakeApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            asked = Asked(
                self.command,
                parts.path,
                dict(parse_qsl(parts.query)),
                {name.lower(): value for name, value in self.headers.items()},
                self.rfile.read(length),
            )
            reply = api.answer(asked)
            if reply.status == 0:
                self.close_connection = True
                return
            body = reply.value if isinstance(reply.value, bytes) else json.dumps(reply.value).encode()
            body = b"" if reply.status == 204 else body
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _any

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Stay silent."""

    return Handler
