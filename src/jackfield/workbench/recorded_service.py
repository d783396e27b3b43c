"""A web service on this machine that answers from recordings, or what a test tells it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urlsplit

from jackfield.workbench.replies.cassettes import RecordedRequest, read_exchanges
from jackfield.workbench.replies.given import GivenReply, json_reply

_LARGEST: Final = 4 * 1024 * 1024
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class ReceivedRequest:
    """A request as the service got it. `headers` have lower-case names."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body's value.

        Raises:
            ValueError: it is no JSON.
        """
        return json.loads(self.body)


@dataclass
class RecordedService:
    """A web service on a free port of this machine's loopback. A context manager.

    Recordings match by method, path with query, and body; their host does not count, so that an action's URL
    may lead here. What `answer` was told comes first. Anything else is answered 501, with what is known.
    """

    requests: list[ReceivedRequest] = field(default_factory=list)
    _answers: dict[tuple[str, str], GivenReply] = field(default_factory=dict, repr=False)
    _recordings: list[tuple[RecordedRequest, GivenReply]] = field(default_factory=list, repr=False)
    _server: ThreadingHTTPServer | None = field(default=None, init=False, repr=False)
    _lock: Lock = field(default_factory=Lock, init=False, repr=False)

    @property
    def url(self) -> str:
        """Where it listens, such as `http://127.0.0.1:49152`."""
        assert self._server is not None, "it has been started"
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def answer(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Answer requests for a path, query included, with a JSON value; None for an empty body."""
        reply = json_reply(body, status) if body is not None else GivenReply(status, ())
        more = tuple((name.lower(), value) for name, value in (headers or {}).items())
        whole = GivenReply(status, (*reply.headers, *more), reply.body)
        self._answers[(method.upper(), path)] = whole

    def replay(self, folder: Path) -> None:
        """Answer from all recordings in and below a folder of `--record`.

        Raises:
            OperationRefused: a file there is no recording.
        """
        for below in (folder, *sorted(one for one in folder.rglob("*") if one.is_dir())):
            self._recordings += ((one.request, one.reply) for one in read_exchanges(below))

    def start(self) -> Self:
        """Begin to listen."""
        service: RecordedService = self

        class Handler(_Handler):
            recorded = service

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def stop(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def reply_to(self, request: ReceivedRequest) -> GivenReply:
        """Note a request, and return the reply to it."""
        with self._lock:
            self.requests.append(request)
        told = self._answers.get((request.method, request.path))
        if told is not None:
            return told
        body = request.body.decode("utf-8", "replace") or None
        near = [pair for pair in self._recordings if _leads_to(pair[0], request)]
        same = [reply for recorded, reply in near if (recorded.body or None) == body]
        if same or len(near) == 1:
            return (same or [near[0][1]])[0]
        return json_reply({"message": "not recorded", "known": self._known()}, 501)

    def _known(self) -> Sequence[str]:
        told = [f"{method} {path}" for method, path in self._answers]
        return told + [f"{one.method} {_path_of(one.url)}" for one, _ in self._recordings]

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _Handler(BaseHTTPRequestHandler):
    recorded: RecordedService
    protocol_version = "HTTP/1.1"
    timeout = 30

    def handle_one(self) -> None:
        """Answer one request of any method."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = ReceivedRequest(self.command, self.path, headers, self._body(headers))
        reply = self.recorded.reply_to(request)
        self.send_response(reply.status)
        for name, value in reply.headers:
            if name not in ("content-length", "transfer-encoding", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's own name
        """Say nothing: the requests are kept."""

    def _body(self, headers: Mapping[str, str]) -> bytes:
        if "chunked" not in headers.get("transfer-encoding", "").lower():
            return self.rfile.read(min(int(headers.get("content-length") or 0), _LARGEST))
        parts: list[bytes] = []
        while sum(map(len, parts)) < _LARGEST:
            size = int(self.rfile.readline(100).partition(b";")[0] or b"0", 16)
            if size == 0:
                break
            parts.append(self.rfile.read(min(size, _LARGEST)))
            self.rfile.readline(10)
        while self.rfile.readline(1_000).strip():
            continue
        return b"".join(parts)


for _method in _METHODS:
    setattr(_Handler, f"do_{_method}", _Handler.handle_one)


def _leads_to(recorded: RecordedRequest, request: ReceivedRequest) -> bool:
    return recorded.method == request.method and _path_of(recorded.url) == request.path


def _path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
