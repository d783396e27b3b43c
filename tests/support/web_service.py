"""A web service over real sockets, whose every byte a test decides."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Writer = asyncio.StreamWriter


@dataclass(slots=True)
class Received:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    raw_head: bytes = b""
    reader: asyncio.StreamReader | None = None

    async def until_gone(self) -> None:
        """Wait until the client ends the connection."""
        if self.reader is not None:
            await self.reader.read()


Answer = Callable[[Received, Writer], Awaitable[None]]


def reply(
    body: bytes = b'{"ok":true}',
    status: str = "200 OK",
    headers: str = "Content-Type: application/json\r\n",
    *,
    length: bool = True,
) -> bytes:
    """Return a reply's bytes."""
    size = f"Content-Length: {len(body)}\r\n" if length else ""
    return f"HTTP/1.1 {status}\r\n{headers}{size}\r\n".encode() + body


def say(data: bytes, *, then_close: bool = False) -> Answer:
    """Return an answer that writes these bytes to every request."""

    async def answer(_: Received, writer: Writer) -> None:
        writer.write(data)
        await writer.drain()
        if then_close:
            writer.close()

    return answer


@dataclass(slots=True)
class WebService:
    """Counts accepted connections and keeps what it received.

    Args:
        answer: called for each complete request.
        greet: called once per connection before anything is read; True ends the connection's reading.
    """

    answer: Answer = field(default_factory=lambda: say(reply()))
    greet: Callable[[asyncio.StreamReader, Writer], Awaitable[bool]] | None = None
    accepts: int = 0
    broken: int = 0
    received: list[Received] = field(default_factory=list)
    port: int = 0
    scheme: str = "http"
    _writers: list[Writer] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"{self.scheme}://127.0.0.1:{self.port}"

    @property
    def open_connections(self) -> int:
        """How many connections have not ended."""
        return len(self._writers)

    @asynccontextmanager
    async def running(self, tls: ssl.SSLContext | None = None) -> AsyncIterator[WebService]:
        """Listen on a free loopback port."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=tls)
        self.port = server.sockets[0].getsockname()[1]
        self.scheme = "https" if tls is not None else "http"
        try:
            yield self
        finally:
            server.close()
            for writer in list(self._writers):
                writer.transport.abort()
            await asyncio.sleep(0)
            await server.wait_closed()

    def abort_all(self) -> None:
        """End every open connection with a reset."""
        for writer in list(self._writers):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: Writer) -> None:
        self.accepts += 1
        self._writers.append(writer)
        try:
            if self.greet is not None and await self.greet(reader, writer):
                return
            while not writer.is_closing():
                received = await read_request(reader)
                if received is None:
                    break
                self.received.append(received)
                await self.answer(received, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            # The other end went away in the middle: that is what some tests are about.
            self.broken += 1
        finally:
            self._writers.remove(writer)
            writer.close()


async def read_request(reader: asyncio.StreamReader) -> Received | None:
    """Read one HTTP/1.1 request; None at the end of the connection."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    if headers.get("transfer-encoding") == "chunked":
        body = await _read_chunks(reader)
    else:
        body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Received(method, path, headers, body, head, reader)


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    parts: list[bytes] = []
    while True:
        size = int((await reader.readline()).split(b";")[0], 16)
        parts.append(await reader.readexactly(size))
        await reader.readexactly(2)
        if size == 0:
            return b"".join(parts)
