"""A small web service about parcels, in its own process: it answers nobody without the right Basic header.

Name and password come as one JSON line on standard input, so that no other process can see them. The first
line on standard output tells the address. The process ends when its standard input closes, so it cannot
outlive its parent.
"""

from __future__ import annotations

import base64
import hmac
import json
import sys
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PARCELS: dict[str, dict[str, Any]] = {
    "JF-1042": {
        "status": "on its way",
        "history": [
            {"event": "arrival", "place": "Leipzig"},
            {"event": "delay", "place": "Bratislava", "hours": 6},
            {"event": "delay", "place": "Graz", "hours": 2},
            {"event": "departure", "place": "Trieste"},
        ],
    }
}
LARGEST_BODY = 65_536


@dataclass
class Calls:
    """What reached the service."""

    accepted: int = 0
    refused: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


class ParcelService(ThreadingHTTPServer):
    """The service.

    Args:
        user_name: the one that is let in.
        password: of that user.
    """

    daemon_threads = True

    def __init__(self, user_name: str, password: str) -> None:
        super().__init__(("127.0.0.1", 0), ParcelHandler)
        self.expected = b"Basic " + base64.b64encode(f"{user_name}:{password}".encode())
        self.calls = Calls()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class ParcelHandler(BaseHTTPRequestHandler):
    """Answers one request."""

    server: ParcelService
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Count calls at `/calls`; anything else needs the header."""
        if self.path == "/calls":
            calls = self.server.calls
            self._answer(200, {"accepted": calls.accepted, "refused": calls.refused})
        elif self._admitted():
            self._answer(404, {"error": "only POST /parcels/search is here"})

    def do_POST(self) -> None:
        """Look a parcel up."""
        length = int(self.headers.get("Content-Length") or 0)
        body = self._chunks() if "chunked" in self.headers.get("Transfer-Encoding", "") else b""
        body = body or self.rfile.read(min(length, LARGEST_BODY))
        if not self._admitted():
            return
        try:
            wanted = json.loads(body)["parcel"]
        except (ValueError, KeyError, TypeError):
            self._answer(400, {"error": 'the body must be {"parcel": "<number>"}'})
            return
        parcel = PARCELS.get(wanted) if isinstance(wanted, str) else None
        if parcel is None:
            self._answer(404, {"error": f"no parcel {wanted}"})
        else:
            self._answer(200, {"parcel": {"number": wanted, **parcel}})

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Stay silent: the story is told elsewhere."""

    def _admitted(self) -> bool:
        given = (self.headers.get("Authorization") or "").encode()
        admitted = hmac.compare_digest(given, self.server.expected)
        calls = self.server.calls
        with calls.lock:
            calls.accepted += admitted
            calls.refused += not admitted
        if not admitted:
            self._answer(401, {"error": "wrong or missing Basic credentials"}, challenge=True)
        return admitted

    def _chunks(self) -> bytes:
        """Read a chunked body; data actions send their bodies that way unless told otherwise."""
        body = b""
        while size := int(self.rfile.readline().partition(b";")[0].strip() or b"0", 16):
            body += self.rfile.read(size)
            self.rfile.readline()
            if len(body) > LARGEST_BODY:
                break
        self.rfile.readline()
        return body

    def _answer(self, status: int, value: object, *, challenge: bool = False) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        if challenge:
            self.send_header("WWW-Authenticate", 'Basic realm="parcels"')
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main() -> int:
    """Serve until standard input closes."""
    admitted = json.loads(sys.stdin.readline())
    with ParcelService(admitted["userName"], admitted["password"]) as service:
        threading.Thread(target=service.serve_forever, daemon=True).start()
        print(json.dumps({"url": service.url}), flush=True)
        try:
            sys.stdin.read()
        except KeyboardInterrupt:
            return 0
        finally:
            service.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
