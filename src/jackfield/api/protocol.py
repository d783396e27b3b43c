"""HTTP/1.1 on one connection: uvicorn's protocol, with our bounds and our envelope for what is no request.

uvicorn alone answers malformed HTTP in plain text, takes headers of any size, waits for ever for the rest of
a request, and loses the body of requests that offer an upgrade to HTTP/2 (Java's HttpClient does so by
default).
"""

from __future__ import annotations

import asyncio
from asyncio import TimerHandle
from ssl import SSLContext
from typing import Any, Final, Protocol

import httptools
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from jackfield.api.direct import DirectCycle, header_lines
from jackfield.api.exchange import CORRELATION_HEADER, STANDING_HEADERS, refusal
from jackfield.api.options import ApiOptions, Bounds
from jackfield.api.route_table import Match
from jackfield.domain.catalogue import found
from jackfield.domain.errors import JackfieldError, Refused, Unavailable
from jackfield.services.prompt_execution import PromptExecution

# What the parser gets at once, so that the size of an unfinished head is known to this grain.
SLICE: Final = 16_384
# How long a refused connection is still read, so that the answer is not lost to a reset.
LINGER_SECONDS: Final = 1.0
# Many clients send head and body apart, a moment after each other. So long, and up to so many bytes, a
# request that may take the direct way waits for its body: to begin it by ASGI's messages costs more.
BODY_FOLLOWS_SECONDS: Final = 0.01
BODY_FOLLOWS_BYTES: Final = 65_536
UPGRADE_HEADERS: Final = frozenset((b"connection", b"upgrade", b"http2-settings"))


class DirectApplication(Protocol):
    """An application that answers executions without ASGI's messages."""

    def direct_match(self, url: bytes) -> Match | None:
        """Return where a POST leads if it may take the direct way."""

    def execute_now(
        self, cycle: DirectCycle, match: Match, url: bytes, headers: list[tuple[bytes, bytes]], body: bytes
    ) -> bool:
        """Begin to answer an execution that is there as a whole; False if `execute` has to do it."""

    async def execute(
        self, cycle: DirectCycle, match: Match, url: bytes, headers: list[tuple[bytes, bytes]], body: bytes
    ) -> None:
        """Answer an execution that is there as a whole, whatever has to be waited for."""


class HeadTooLarge(Exception):
    """Raised inside the parser's callbacks to stop it."""


class ServerConfig(Config):
    """uvicorn's configuration with the options of the wire, for the protocol to find.

    Args:
        application: the ASGI application.
        options: ids for correlation, and the bounds.
        tls: what https is served with, None for plain HTTP.
    """

    def __init__(self, application: Any, options: ApiOptions, tls: SSLContext | None = None) -> None:
        super().__init__(
            application,
            http=EnvelopeProtocol,
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            log_level="error",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=round(options.bounds.idle_seconds),
        )
        self.options, self._tls = options, tls
        self.direct: DirectApplication | None = application if hasattr(application, "direct_match") else None
        # Executions without a task, which a shutdown waits for as it does for tasks.
        self.runs: set[PromptExecution] = set()
        self._standing: tuple[object, bytes] = (None, b"")

    def load(self) -> None:
        """Prepare for serving, with the context that was made and checked before the start."""
        super().load()
        self.ssl = self._tls

    def standing_lines(self, headers: list[tuple[bytes, bytes]]) -> bytes:
        """Return uvicorn's own headers as lines; it makes a new list when they change."""
        if self._standing[0] is not headers:
            self._standing = (headers, header_lines(headers))
        return self._standing[1]


class EnvelopeProtocol(HttpToolsProtocol):
    """One connection."""

    def __init__(
        self,
        config: ServerConfig,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._options = config.options
        self._bounds: Bounds = config.options.bounds
        # Only the application itself has the direct way; whatever is wrapped around it wants ASGI's messages.
        self._direct, self._runs = config.direct, config.runs
        # Ours, besides uvicorn's own of the same meaning, which are set where a request takes its way: in a
        # compiled class ours are found faster.
        self._url = b""
        self._head: list[tuple[bytes, bytes]] = []
        self._expects = False
        self._head_count: int = config.options.bounds.head_count
        self._names_connection = False
        self._standing_of: object = None
        self._standing_lines = b""
        self._match: Match | None = None
        self._pieces: list[bytes] = []
        self._body_due: TimerHandle | None = None
        self._keep_alive = False
        self._idle_since = 0.0
        self._in_head = False
        self._head_bytes = 0
        self._message_complete = True
        self._upgrading = False
        self._refused = False
        self._timer: TimerHandle | None = None

    # Connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, or turn it away if there are too many."""
        super().connection_made(transport)
        if len(self.connections) > self._bounds.connections:
            self._refuse(Unavailable(found("CONNECTIONS_EXHAUSTED", maximum=self._bounds.connections)))
            return
        self._wait_for_next()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection's timers, and what was still to come."""
        self._unset_timer()
        self._wait_no_more()
        self._unset_keepalive_if_required()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what arrived; after a refusal nothing is read any more."""
        if len(data) <= SLICE:
            if not self._refused:
                self._feed(data)
        else:
            for position in range(0, len(data), SLICE):
                if not self._refused:
                    self._feed(data[position : position + SLICE])
        if not self._refused and self._timer is None and (self._in_head or self._is_quiet()):
            self._timer = self.loop.call_later(self._bounds.head_seconds, self._head_late)

    def eof_received(self) -> bool:  # type: ignore[override]
        """Finish what is under way for a client that only stopped sending, as netcat does.

        Returns:
            True keeps the connection for the answers that are still owed.
        """
        if self._match is not None:
            self._begin_late()
        if not self._refused and (self._in_head or not (self._message_complete or self._is_idle())):
            self._refuse(_malformed("it ends in the middle"))
        cycle = self.cycle
        if cycle is None or cycle.response_complete or cycle.disconnected:
            return False
        cycle.keep_alive = False
        return True

    def shutdown(self) -> None:
        """Close at once what has no request under way, the rest after its answer."""
        if self._match is not None:
            self._begin_late()
        if self._refused:
            self.transport.close()
        else:
            super().shutdown()

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection that has been idle for long enough.

        One timer per connection looks every now and then; one per request would cost more than it is worth.
        """
        self.timeout_keep_alive_task = None
        if self._in_head or not self._is_quiet() or self.transport.is_closing():
            return
        left = self._idle_since + self._bounds.idle_seconds - self.loop.time()
        if left > 0:
            self.timeout_keep_alive_task = self.loop.call_later(left, self.timeout_keep_alive_handler)
        else:
            self.transport.close()

    def _wait_for_next(self) -> None:
        """Give the client its time for the next request."""
        self._idle_since = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self.timeout_keep_alive_task = self.loop.call_later(
                self._bounds.idle_seconds, self.timeout_keep_alive_handler
            )

    # Parser callbacks

    def on_message_begin(self) -> None:
        """Start to measure a head."""
        self._in_head, self._message_complete, self._head_bytes = True, False, 0
        self._url, self._head, self._expects, self._names_connection = b"", [], False, False

    def on_url(self, url: bytes) -> None:
        """Take the target, which may come in parts."""
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Collect a header; what comes after a chunked body is not one."""
        if not self._in_head:
            return
        head = self._head
        if len(head) >= self._head_count:
            raise HeadTooLarge
        name = name.lower()
        if name in (b"connection", b"proxy-connection"):
            self._names_connection = True
        elif name == b"expect" and value.lower() == b"100-continue":
            self._expects = True
        head.append((name, value))

    def on_headers_complete(self) -> None:
        """Start the request, unless it must be read again without its upgrade."""
        self._in_head = False
        if self._timer is not None:
            self._unset_timer()
        size = len(self._url)
        for name, value in self._head:
            size += len(name) + len(value) + 4
        if size > self._bounds.head_bytes:
            raise HeadTooLarge
        self._upgrading = self.parser.should_upgrade()
        if self._upgrading:
            return
        self._match = self._directly()
        if self._match is None:
            self._begin()

    def on_body(self, body: bytes) -> None:
        """Hand on a piece of the body, or keep it: the rest may be here already."""
        if self._match is not None:
            self._pieces.append(body)
        elif not self._upgrading:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Hand on the end of the body, or the whole request."""
        if self._upgrading:
            return
        self._message_complete = True
        if self._timer is not None:
            self._unset_timer()
        if self._match is not None:
            self._execute(self._match)
        else:
            super().on_message_complete()

    def on_response_complete(self) -> None:
        """Go on with the next request; give the rest of a body that nobody reads its own deadline."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        if self.flow.read_paused:
            self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        else:
            self._wait_for_next()
        if not self._message_complete and self._timer is None and not self.transport.is_closing():
            self._timer = self.loop.call_later(self._bounds.body_seconds, self.transport.abort)

    # Ways to the application

    def _directly(self) -> Match | None:
        """Return where the request leads if it may take the direct way, as far as its head tells."""
        direct, parser = self._direct, self.parser
        if direct is None or parser.get_method() != b"POST" or self._expects or not self._is_idle():
            return None
        self._keep_alive = parser.should_keep_alive()
        # Only HTTP/1.1 keeps a connection without a word about it.
        if (self._names_connection or not self._keep_alive) and parser.get_http_version() != "1.1":
            return None
        return direct.direct_match(self._url)

    def _execute(self, match: Match) -> None:
        """Let the application answer a request that is here as a whole."""
        application = self._direct
        assert application is not None, "without it nothing is matched"
        self._match = None
        if self._body_due is not None:
            self._body_due.cancel()
            self._body_due = None
        pieces = self._pieces
        if len(pieces) == 1:
            body = pieces[0]
            pieces.clear()
        else:
            body, self._pieces = b"".join(pieces), []
        standing = self.server_state.default_headers
        if self._standing_of is not standing:
            # They change once a second.
            self._standing_of, self._standing_lines = standing, self.config.standing_lines(standing)  # type: ignore[attr-defined]
        cycle = DirectCycle(
            self.transport,
            self.flow,
            self._standing_lines,
            self._keep_alive,
            self.on_response_complete,
            self.tasks,
            self._runs,
        )
        # It has all that uvicorn's protocol looks at.
        self.cycle = cycle  # type: ignore[assignment]
        url, headers = self._url, self._head
        if not application.execute_now(cycle, match, url, headers, body):
            cycle.take(self.loop.create_task(application.execute(cycle, match, url, headers, body)))

    def _begin(self) -> None:
        """Start a request whose body is still to come, or that is no execution, by ASGI's messages."""
        super().on_message_begin()
        self.url, self.headers, self.expect_100_continue = self._url, self._head, self._expects
        self.scope["headers"] = self._head
        super().on_headers_complete()

    def _begin_late(self) -> None:
        """Start a request whose head let it take the direct way, but whose body is not here as a whole."""
        pieces = self._wait_no_more()
        self._begin()
        for piece in pieces:
            super().on_body(piece)

    def _wait_for_body(self) -> None:
        """Give the body of a request that may take the direct way its moment, unless it is a large one."""
        if sum(map(len, self._pieces)) > BODY_FOLLOWS_BYTES:
            self._begin_late()
        elif self._body_due is None:
            self._body_due = self.loop.call_later(BODY_FOLLOWS_SECONDS, self._begin_late)

    def _wait_no_more(self) -> list[bytes]:
        """Stop waiting for a body; return what came of it."""
        pieces, self._pieces, self._match = self._pieces, [], None
        if self._body_due is not None:
            self._body_due.cancel()
            self._body_due = None
        return pieces

    # Refusals

    def _feed(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._read_without_upgrade(data[upgrade.args[0] :])
        except httptools.HttpParserCallbackError as fault:
            stopped = isinstance(fault.__context__, HeadTooLarge)
            self._refuse(self._too_large() if stopped else _malformed("its target cannot be read"))
        except httptools.HttpParserError as fault:
            self._refuse(_malformed(str(fault).rstrip(".")[:100] or "it cannot be read"))
        else:
            if self._match is not None:
                self._wait_for_body()
            if self._in_head:
                self._head_bytes += len(data)
                if self._head_bytes > self._bounds.head_bytes + SLICE:
                    self._refuse(self._too_large())

    def _read_without_upgrade(self, rest: bytes) -> None:
        """Read a request again as if it had not offered another protocol, as RFC 9110 lets a server do."""
        method = self.parser.get_method()
        if method == b"CONNECT":
            self._refuse(_malformed("CONNECT asks for a proxy, which this server is not"))
            return
        head = [method + b" " + self._url + b" HTTP/1.1"]
        head += [name + b": " + value for name, value in self._head if name not in UPGRADE_HEADERS]
        self._upgrading = False
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self._feed(b"\r\n".join((*head, b"", b"")))
        if rest and not self._refused:
            self._feed(rest)

    def _head_late(self) -> None:
        self._timer = None
        if self._in_head:
            self._refuse(Refused(found("HEAD_TOO_SLOW", seconds=self._bounds.head_seconds)))
        elif self._is_idle():
            self.transport.close()

    def _refuse(self, error: JackfieldError) -> None:
        """Answer something that is no request, once, and close.

        An answer that is still owed to an earlier request goes out first; then the connection just closes.
        """
        self._refused = True
        self._unset_timer()
        self._wait_no_more()
        cycle = self.cycle
        if cycle is not None and not cycle.response_complete:
            if self.pipeline or cycle.response_started or not cycle.more_body:
                cycle.keep_alive = False
                return
            cycle.disconnected = True
            cycle.message_event.set()
        self._send(error)
        self.flow.resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._timer = self.loop.call_later(LINGER_SECONDS, self.transport.abort)

    def _send(self, error: JackfieldError) -> None:
        correlation_id = self._options.ids.uuid()
        answer = refusal(error, correlation_id)
        headers = [
            *self.server_state.default_headers,
            *STANDING_HEADERS,
            (CORRELATION_HEADER, correlation_id.encode()),
            (b"content-type", answer.media_type),
            (b"content-length", b"%d" % len(answer.body)),
            (b"connection", b"close"),
        ]
        lines = b"".join(name + b": " + value + b"\r\n" for name, value in headers)
        self.transport.write(STATUS_LINE[answer.status] + lines + b"\r\n" + answer.body)

    def _too_large(self) -> Refused:
        return Refused(
            found("HEAD_TOO_LARGE", maximum=self._bounds.head_bytes, count=self._bounds.head_count)
        )

    def _is_quiet(self) -> bool:
        """Tell if there is no request, not even one whose body is awaited."""
        return self._match is None and self._is_idle()

    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _unset_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _malformed(reason: str) -> Refused:
    return Refused(found("HTTP_MALFORMED", seen="", reason=reason))
