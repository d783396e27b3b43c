"""The vendor's web service of the story: greets people, refuses whoever lacks the right Basic header."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

USER, PASSWORD = "loginname", "p@ssword"
REFUSAL = "this service greets nobody without the right name and password"


@dataclass(frozen=True)
class Received:
    """A request as it came in. Header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: str


class GreetingService(ThreadingHTTPServer):
    """Answers `POST /greetings`, and some paths on which services misbehave."""

    daemon_threads = True

    def __init__(self, user: str = USER, password: str = PASSWORD) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.basic = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        self.received: list[Received] = []

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        service = self.server
        assert isinstance(service, GreetingService)
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self._body()
        service.received.append(Received(self.command, self.path, headers, body))
        if headers.get("authorization") != service.basic:
            self._send(401, {"message": REFUSAL})
            return
        target = urlsplit(self.path)
        if target.path == "/greetings":
            self._greet(body)
        elif target.path == "/html":
            self._send_text(200, "<html>Hello</html>", "text/html")
        elif target.path == "/broken":
            self._send(503, {"message": "the greeter is ill"})
        elif target.path == "/empty":
            self._send_text(204, "", "application/json")
        elif target.path == "/slow":
            time.sleep(float(parse_qs(target.query)["seconds"][0]))
            self._send(200, {"done": True})
        else:
            self._send(404, {"message": f"nobody lives at {target.path}"})

    def _greet(self, body: str) -> None:
        wanted = json.loads(body)
        tags = [{"label": "polite"}, {"label": "short"}]
        greeting = {"text": f"Hello, {wanted['name']}!", "tags": tags, "length": len(wanted["name"])}
        self._send(200, {"greeting": greeting, "received": wanted})

    def _body(self) -> str:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        parts = []
        while size := int(self.rfile.readline(), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts).decode()

    def _send(self, status: int, value: Any) -> None:
        self._send_text(status, json.dumps(value), "application/json")

    def _send_text(self, status: int, text: str, content_type: str) -> None:
        data = text.encode()
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Stay silent."""


@contextmanager
def greeting_service(user: str = USER, password: str = PASSWORD) -> Iterator[GreetingService]:
    """Run the service in a thread."""
    service = GreetingService(user, password)
    thread = threading.Thread(target=service.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.shutdown()
        service.server_close()
        thread.join(5)
