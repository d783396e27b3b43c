"""A web service that wants the right Basic header and repeats all it was sent."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class EchoService(ThreadingHTTPServer):
    """Answers 401 without the right Basic header, else everything it received, in headers and body."""

    daemon_threads = True

    def __init__(self, user: str, password: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.basic = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        self.password = password
        self.received: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        service = self.server
        assert isinstance(service, EchoService)
        body = self._body()
        headers = {name.lower(): value for name, value in self.headers.items()}
        service.received.append({"method": self.command, "path": self.path, "body": body, **headers})
        right = headers.get("authorization") == service.basic
        seen: dict[str, object] = {"path": self.path, "headers": headers, "body": body}
        if right:
            seen["password"] = service.password
        if self.path.startswith("/broken"):
            self._send(500, json.dumps(seen))
        elif self.path.startswith("/text"):
            self._send(200, f"<html>{json.dumps(seen)}</html>", "text/html")
        else:
            self._send(200 if right else 401, json.dumps(seen))

    def _body(self) -> str:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        parts = []
        while size := int(self.rfile.readline(), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts).decode()

    def _send(self, status: int, text: str, content_type: str = "application/json") -> None:
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Stay silent."""


@contextmanager
def echo_service(user: str, password: str) -> Iterator[EchoService]:
    """Run the service in a thread."""
    service = EchoService(user, password)
    thread = threading.Thread(target=service.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.shutdown()
        service.server_close()
        thread.join(5)
