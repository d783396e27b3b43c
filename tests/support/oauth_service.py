"""A web service behind a login: `POST /token` gives tokens to a client, all else wants one of them."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from support.greeting_service import Received

CLIENT, SECRET = "client-of-the-service", "s3cret-of-the-client"
REASON = "this service knows no such client"


class OAuthService(ThreadingHTTPServer):
    """Gives tokens and counts them.

    `answer` replaces the token's answer (status and any JSON value, or text); `gate` holds logins until it is
    set; `refused` is how many calls with a right token are answered 401 all the same.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.received: list[Received] = []
        self.tokens: list[str] = []
        self.answer: tuple[int, Any] | None = None
        self.lifetime: int | None = 3600
        self.gate = threading.Event()
        self.gate.set()
        self.refused = 0
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def logins(self) -> int:
        """How many logins were asked for."""
        return sum(1 for one in self.received if one.path == "/token")

    @property
    def calls(self) -> list[Received]:
        """All other requests."""
        return [one for one in self.received if one.path != "/token"]

    def revoke(self) -> None:
        """Give up all tokens."""
        with self.lock:
            self.tokens.clear()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _serve(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        received = Received(self.command, self.path, headers, self._body())
        self._service.received.append(received)
        if self.path == "/token":
            self._token(received)
        else:
            self._answer_call(received)

    do_GET = do_POST = do_PUT = do_PATCH = _serve

    @property
    def _service(self) -> OAuthService:
        assert isinstance(self.server, OAuthService)
        return self.server

    def _token(self, received: Received) -> None:
        service = self._service
        service.gate.wait(10)
        if service.answer is not None:
            self._send(*service.answer)
            return
        pair = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if received.headers.get("authorization") != f"Basic {pair}":
            self._send(401, {"error": "invalid_client", "error_description": REASON})
            return
        with service.lock:
            token = f"token-{len(service.received):04d}-of-the-service"
            service.tokens.append(token)
        answer: dict[str, Any] = {"access_token": token, "token_type": "Bearer"}
        self._send(200, answer | ({"expires_in": service.lifetime} if service.lifetime is not None else {}))

    def _answer_call(self, received: Received) -> None:
        service = self._service
        token = received.headers.get("authorization", "").removeprefix("Bearer ")
        with service.lock:
            known = token in service.tokens
            if known and service.refused > 0:
                service.refused -= 1
                known = False
        if known:
            self._send(200, {"echo": received.headers.get("authorization"), "path": received.path})
        else:
            self._send(401, {"message": f"no token of mine: {token}"})

    def _body(self) -> str:
        if self.headers.get("transfer-encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("content-length", "0"))).decode()
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body.decode()

    def _send(self, status: int, value: Any) -> None:
        data = value.encode() if isinstance(value, str) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's signature
        """Say nothing."""


@contextmanager
def oauth_service() -> Iterator[OAuthService]:
    """Run the service."""
    service = OAuthService()
    thread = threading.Thread(target=service.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.gate.set()
        service.shutdown()
        service.server_close()
        thread.join()
