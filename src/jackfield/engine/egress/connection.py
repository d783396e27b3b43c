"""One connection: writes a request, parses the reply as it comes, within bounds."""

from __future__ import annotations

import asyncio
import select
from typing import Final, cast

import httptools

from jackfield.engine.egress.bounds import EgressLimits
from jackfield.engine.egress.unpacking import unpack
from jackfield.engine.upstream import Fault, InboundReply, ReplyHeaders, ReplyListener, UpstreamFailure

_POLL: Final = getattr(select, "poll", None)
# How much framing a body may have: one byte per chunk takes six bytes.
_FRAMING: Final = 8
_NOTED: Final = frozenset((b"content-length", b"transfer-encoding", b"content-encoding", b"keep-alive"))


class _Awaited:
    """Listens for somebody who awaits the reply.

    Args:
        waiter: what is awaited; may be cancelled by whoever does.
    """

    __slots__ = ("_waiter",)

    def __init__(self, waiter: asyncio.Future[InboundReply]) -> None:
        self._waiter = waiter

    def replied(self, reply: InboundReply) -> None:
        """Hand on the reply."""
        if not self._waiter.done():
            self._waiter.set_result(reply)

    def failed(self, fault: Exception) -> None:
        """Hand on why there is none."""
        if not self._waiter.done():
            self._waiter.set_exception(fault)


class Connection(asyncio.Protocol):
    """An HTTP/1.1 connection that carries one exchange at a time.

    Args:
        loop: the running loop.
        limits: bounds of a reply.
    """

    __slots__ = (
        "_body",
        "_body_size",
        "_chunked",
        "_close",
        "_complete",
        "_early",
        "_encoding",
        "_end",
        "_fresh",
        "_head_size",
        "_headers",
        "_headers_done",
        "_interim",
        "_keep_alive",
        "_keep_alive_header",
        "_length",
        "_limits",
        "_listener",
        "_loop",
        "_outcome",
        "_parser",
        "_phrase",
        "_poll",
        "_received",
        "_spoke_first",
        "_started",
        "_status",
        "_timer",
        "_timer_due",
        "_until",
        "expires",
        "idle_since",
        "lost",
        "reusable",
        "transport",
    )

    def __init__(self, loop: asyncio.AbstractEventLoop, limits: EgressLimits) -> None:
        self._loop, self._limits = loop, limits
        self.transport: asyncio.Transport | None = None
        self.lost = False
        self.reusable = False
        self.idle_since = 0.0
        self.expires = 0.0
        self._fresh = True
        self._early = b""
        self._end: Exception | None = None
        self._listener: ReplyListener | None = None
        self._outcome: InboundReply | UpstreamFailure | None = None
        self._close = self._spoke_first = False
        self._parser = httptools.HttpResponseParser(self)
        self._poll: select.poll | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._timer_due = self._until = 0.0
        self._forget_reply()
        self._interim = self._received = 0

    def _forget_reply(self) -> None:
        self._headers: list[tuple[bytes, bytes]] = []
        self._body: list[bytes] = []
        self._body_size = self._head_size = self._status = 0
        self._length = self._encoding = self._keep_alive_header = ""
        self._phrase = b""
        self._chunked = self._headers_done = self._complete = self._started = False
        self._keep_alive = False

    async def exchange(self, payload: bytes, seconds: float, *, close: bool) -> InboundReply:
        """Send a request and return the complete reply.

        Args:
            payload: the request's bytes.
            seconds: until time runs out.
            close: the request asked to close, so do not reuse the connection.

        Raises:
            UpstreamFailure: no complete reply came in time.
        """
        waiter: asyncio.Future[InboundReply] = self._loop.create_future()
        self.begin(payload, seconds, _Awaited(waiter), close=close)
        try:
            return await waiter
        except BaseException:
            self.drop()
            raise

    def begin(self, payload: bytes, seconds: float, listener: ReplyListener, *, close: bool) -> None:
        """Send a request; the listener hears of the complete reply, or why none came.

        Args:
            payload: the request's bytes.
            seconds: until time runs out.
            listener: told once, unless `drop` comes before.
            close: the request asked to close, so do not reuse the connection.

        Raises:
            UpstreamFailure: the connection is closed; nothing was sent and the listener hears nothing.
        """
        transport = self.transport
        if transport is None or (self.lost and not self._early):
            raise UpstreamFailure(Fault.RESET, "closed before the request", unanswered=True, unsent=True)
        self._forget_reply()
        self._interim = self._received = 0
        self.reusable = self._spoke_first = False
        self._close, self._listener, self._outcome = close, listener, None
        self._expect_within(seconds)
        if not self.lost:
            transport.write(payload)
        if self._fresh or self._early or self.lost:
            self._take_early()

    def drop(self) -> None:
        """Give up the exchange under way: nobody listens any more."""
        self._listener = self._outcome = None
        self.abort()

    def _take_early(self) -> None:
        """Read what the service said before it was asked, as overloaded ones do."""
        self._fresh = False
        early, self._early = self._early, b""
        if early:
            # Whoever spoke first may answer the request still: that must not become the next one's reply.
            self._spoke_first = True
            self.data_received(early)
        if self.lost:
            self._settle(self._end)

    def _tell(self) -> None:
        """Tell the listener what became of the exchange, if that is known by now.

        Never from inside the parser: what the listener does may lead to the next request.
        """
        outcome, listener, transport = self._outcome, self._listener, self.transport
        if outcome is None or listener is None or transport is None:
            return
        self._outcome = self._listener = None
        if isinstance(outcome, UpstreamFailure):
            listener.failed(outcome)
            return
        if transport.get_write_buffer_size():
            # The service answered without reading all of the request: what is left must not come next.
            self.abort()
        elif self._keep_alive and not self._close and not self._spoke_first and not transport.is_closing():
            self.reusable = True
        else:
            transport.close()
        listener.replied(outcome)

    def keep_alive_seconds(self, most: float) -> float:
        """Return how long to keep the connection: less than the service's own `Keep-Alive: timeout=N`."""
        if not self._keep_alive_header:
            return most
        _, mark, rest = self._keep_alive_header.partition("timeout=")
        digits = rest.split(",")[0].strip()
        if not mark or not digits.isdecimal():
            return most
        return min(most, max(int(digits) - 1, 0))

    def is_silent(self) -> bool:
        """Tell if nothing has come in since the last reply: neither the end of the stream nor stray bytes."""
        if self.transport is None or self.lost or self.transport.is_closing():
            return False
        if _POLL is None:
            return True
        if self._poll is None:
            self._poll = _POLL()
            socket = self.transport.get_extra_info("socket")
            self._poll.register(socket.fileno(), select.POLLIN | select.POLLHUP)
        return not self._poll.poll(0)

    def abort(self) -> None:
        """Close at once."""
        if self.transport is not None:
            self.transport.abort()

    def _expect_within(self, seconds: float) -> None:
        """Give the exchange its time.

        One timer serves the exchanges of a connection, as long as none ends before it is due: it looks who
        waits, and for how long. To start and stop one for each would cost more than it is worth.
        """
        now = self._loop.time()
        self._until = now + max(seconds, 0.0)
        if self._timer is not None:
            if self._timer_due <= self._until:
                return
            self._timer.cancel()
        self._set_timer(self._until - now)

    def _set_timer(self, seconds: float) -> None:
        self._timer_due = self._until
        self._timer = self._loop.call_later(seconds, self._expire)

    def _expire(self) -> None:
        self._timer = None
        if self._listener is None:
            return
        left = self._until - self._loop.time()
        if left > 0:
            self._set_timer(left)
            return
        self._fail(UpstreamFailure(Fault.TIMEOUT, phase=self._phase()))
        self._tell()

    def _phase(self) -> str:
        if self._started:
            return "the reply was read"
        unsent = self.transport is not None and self.transport.get_write_buffer_size()
        return "the request was sent" if unsent else "the reply was awaited"

    def _fail(self, failure: UpstreamFailure) -> None:
        if self._outcome is None:
            self._outcome = failure
        self.abort()

    # asyncio's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the transport."""
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Parse what came; bytes after the reply, which nobody asked for, end the connection."""
        if self._listener is None:
            self.reusable = False
            if self._fresh and len(self._early) + len(data) <= self._limits.header_bytes:
                self._early += data
            else:
                self.abort()
            return
        self._received += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserCallbackError as error:
            cause = error.__context__
            self._fail(cause if isinstance(cause, UpstreamFailure) else _malformed(str(error)))
        except httptools.HttpParserUpgrade:
            self._fail(_malformed("it wants to switch to another protocol"))
        except httptools.HttpParserError as error:
            self._fail(_malformed(str(error)))
        else:
            if self._received > self._limits.header_bytes:
                self._check_size()
        self._tell()

    def _check_size(self) -> None:
        limits = self._limits
        if not self._headers_done and self._received > limits.header_bytes:
            self._fail(UpstreamFailure(Fault.HEADERS_TOO_LARGE))
        elif self._received > limits.header_bytes + _FRAMING * limits.body_bytes:
            self._fail(UpstreamFailure(Fault.TOO_LARGE))

    def connection_lost(self, exc: Exception | None) -> None:
        """End the exchange under way: complete if the reply ends with the connection, else failed."""
        self.lost = True
        self.reusable = False
        self._end = exc
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._settle(exc)

    def _settle(self, exc: Exception | None) -> None:
        if self._listener is None:
            return
        ends_with_connection = self._headers_done and not self._length and not self._chunked
        if exc is None and ends_with_connection:
            self._finish()
        else:
            self._fail(self._loss(exc))
        self._tell()

    def _loss(self, exc: Exception | None) -> UpstreamFailure:
        if not self._started:
            reason = "Connection reset" if exc is not None else "closed without a reply"
            return UpstreamFailure(Fault.RESET, reason, unanswered=True)
        if exc is not None:
            return UpstreamFailure(Fault.RESET, "Connection reset")
        if not self._headers_done:
            self._note_headers()
        got = f"{self._body_size} of {self._length} bytes" if self._length else f"{self._body_size} bytes"
        return UpstreamFailure(Fault.RESET, f"the body ended after {got}")

    # the parser's side

    def on_message_begin(self) -> None:
        """Notice the first byte of a reply, or of one too many."""
        if self._complete:
            raise _malformed("more than one reply to one request")
        self._started = True

    def on_status(self, status: bytes) -> None:
        """Take the reason phrase, which may come in parts."""
        self._phrase += status

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take one header line."""
        size = self._head_size = self._head_size + len(name) + len(value)
        limits, headers = self._limits, self._headers
        if size > limits.header_bytes or len(headers) >= limits.header_count:
            raise UpstreamFailure(Fault.HEADERS_TOO_LARGE)
        if not self._headers_done:
            # Trailers say nothing that a run needs.
            # llhttp leaves the blanks behind a value in (RFC 9110, 5.5: they are not part of it).
            if value and value[-1] in (9, 32):
                value = value.rstrip(b" \t")
            headers.append((name, value))

    def _note_headers(self) -> None:
        """Read what the headers say about the body and the connection."""
        for name, value in self._headers:
            # A look at the length is enough for most of them.
            if len(name) not in (10, 14, 16, 17):
                continue
            key = name.lower()
            if key not in _NOTED:
                continue
            text = value.decode("latin-1")
            if key == b"content-length":
                self._length = text
            elif key == b"transfer-encoding":
                self._chunked = text.lower().endswith("chunked")
            elif key == b"content-encoding":
                self._encoding = f"{self._encoding},{text}" if self._encoding else text
            else:
                self._keep_alive_header = text.lower()

    def on_headers_complete(self) -> None:
        """Check the status and what the service announces."""
        self._status = self._parser.get_status_code()
        if self._status < 200:
            return
        self._headers_done = True
        self._note_headers()
        if self._length.isdecimal() and int(self._length) > self._limits.body_bytes:
            raise UpstreamFailure(Fault.TOO_LARGE)

    def on_body(self, body: bytes) -> None:
        """Collect the body within its bound."""
        self._body_size += len(body)
        if self._body_size > self._limits.body_bytes:
            raise UpstreamFailure(Fault.TOO_LARGE)
        self._body.append(body)

    def on_message_complete(self) -> None:
        """Finish the reply, or skip an interim one."""
        if self._status >= 200:
            # Only here the parser still knows.
            self._keep_alive = self._parser.should_keep_alive()
            self._finish()
            return
        self._interim += 1
        if self._interim > self._limits.interim_replies:
            raise _malformed("too many interim replies")
        size = self._head_size
        self._forget_reply()
        self._head_size, self._started = size, True

    def _finish(self) -> None:
        if self._listener is None or self._outcome is not None:
            return
        self._complete = True
        body = self._body[0] if len(self._body) == 1 else b"".join(self._body)
        if self._encoding:
            try:
                body = unpack(body, self._encoding, self._limits.body_bytes)
            except UpstreamFailure as failure:
                self._fail(failure)
                return
        phrase, headers = self._phrase.decode("latin-1"), ReplyHeaders(self._headers)
        self._outcome = InboundReply(self._status, phrase, headers, body)


def _malformed(reason: str) -> UpstreamFailure:
    return UpstreamFailure(Fault.MALFORMED, reason)
