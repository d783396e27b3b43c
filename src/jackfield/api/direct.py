"""Executions without ASGI's messages: a request that is there as a whole, and an answer in one write.

Most executions are small: head and body come in one piece. For them the messages, events and the second
write that ASGI asks for cost as much as the run itself. What the caller sees is the same, byte for byte.
"""

from __future__ import annotations

from asyncio import Task, Transport
from collections.abc import Callable, Iterable
from typing import Final

from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from jackfield.api.exchange import (
    COMPRESSED_FROM,
    CORRELATION_HEADER,
    JSON,
    STANDING_HEADERS,
    Answer,
    Exchange,
    wanted_headers,
)

OK: Final = 200


def header_lines(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Return headers as they stand in a head."""
    return b"".join([b"%b: %b\r\n" % (name, value) for name, value in headers])


_USUAL: Final = (
    header_lines(STANDING_HEADERS)
    + CORRELATION_HEADER
    + b": %b\r\ncontent-type: "
    + JSON
    + b"\r\ncontent-length: %d\r\n"
)


class Silence:
    """Stands where uvicorn wants to wake somebody who waits for a body: nobody does."""

    def set(self) -> None:
        """Wake nobody."""


class DirectCycle:
    """One request under way, with the members that uvicorn's protocol looks at.

    Args:
        transport: of the connection.
        flow: tells if the client is too slow for more.
        standing: lines that every answer begins with.
        keep_alive: whether the client wants the connection kept.
        on_response: called once the answer is out.
        tasks: those under way, which a shutdown waits for.
    """

    __slots__ = (
        "_flow",
        "_on_response",
        "_standing",
        "_tasks",
        "_transport",
        "disconnected",
        "keep_alive",
        "response_complete",
        "response_started",
        "task",
    )
    more_body = False
    message_event = Silence()

    def __init__(
        self,
        transport: Transport,
        flow: FlowControl,
        standing: bytes,
        keep_alive: bool,
        on_response: Callable[[], None],
        tasks: set[Task[None]],
    ) -> None:
        self._transport, self._flow, self._standing = transport, flow, standing
        self._tasks = tasks
        self.task: Task[None] | None = None
        self._on_response, self.keep_alive = on_response, keep_alive
        self.disconnected = self.response_started = self.response_complete = False

    def end(self) -> None:
        """Note that the task is over; cheaper than a callback of the task, which takes a turn of the loop."""
        if self.task is not None:
            self._tasks.discard(self.task)

    async def write(self, status: int, lines: bytes, body: bytes) -> None:
        """Send the answer once the client has taken what was sent before.

        Args:
            lines: its headers besides the standing ones.
        """
        await self._flow.drain()
        self.write_now(status, lines, body)

    @property
    def is_paused(self) -> bool:
        """Tell if the client is too slow for more."""
        return self._flow.write_paused and not self.disconnected

    def write_now(self, status: int, lines: bytes, body: bytes) -> None:
        """Send the answer without regard to what is still to go out; likewise."""
        if self.disconnected:
            return
        self.response_started = True
        closing = b"\r\n" if self.keep_alive else b"connection: close\r\n\r\n"
        self._transport.write(b"".join((STATUS_LINE[status], self._standing, lines, closing, body)))
        self.response_complete = True
        if not self.keep_alive:
            self._transport.close()
        self._on_response()


class DirectExchange(Exchange):
    """A POST that is there as a whole, on its direct way.

    Args:
        cycle: where the answer goes.
    """

    __slots__ = ("_cycle",)

    def __init__(
        self,
        cycle: DirectCycle,
        correlation_id: str,
        path: str,
        headers: list[tuple[bytes, bytes]],
        origins: frozenset[bytes],
    ) -> None:
        self._cycle = cycle
        self.correlation_id, self.method, self.path, self.query = correlation_id, "POST", path, b""
        self.headers = wanted_headers(headers)
        self.route, self.status, self.extra, self.origins = "", 0, [], origins

    async def answer(self, answer: Answer) -> None:
        """Send an answer with the standing headers."""
        body, status = answer.body, answer.status
        if (
            status == OK
            and len(body) < COMPRESSED_FROM
            and answer.media_type is JSON
            and not (answer.warnings or answer.headers or self.extra)
            and b"origin" not in self.headers
        ):
            lines = _USUAL % (self.correlation_id.encode(), len(body))
        else:
            headers, body = self.prepared(answer)
            lines = header_lines(headers)
        self.status = status
        if self._cycle.is_paused:
            await self._cycle.write(status, lines, body)
        else:
            self._cycle.write_now(status, lines, body)
