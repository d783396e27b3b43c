"""The wire on a real socket inside the test's own event loop, and raw bytes to and from it."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from jackfield.api.protocol import ServerConfig
from jackfield.api.server import DrainingServer, listen
from support.stand_ins import Wire

PATIENCE = 10.0


@dataclass(frozen=True)
class Spoken:
    """One HTTP answer out of raw bytes."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@asynccontextmanager
async def listening(wire: Wire) -> AsyncIterator[tuple[int, DrainingServer]]:
    """Serve on a free port; drain at the end."""
    application = wire.application
    listener = listen("127.0.0.1", 0)
    accepting = asyncio.Event()
    server = DrainingServer(ServerConfig(application, application.options), accepting.set)
    task = asyncio.create_task(server.serve(sockets=list(listener.sockets)))
    await accepting.wait()
    try:
        yield listener.port, server
    finally:
        server.should_exit = True
        await task


async def say(port: int, *pieces: bytes, pause: float = 0.0, half_close: bool = False) -> bytes:
    """Send bytes in pieces, and return everything until the server closes or falls silent after an answer.

    Args:
        half_close: stop sending then, so that the server closes when all is answered.
    """
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in pieces:
            try:
                writer.write(piece)
                await writer.drain()
            except ConnectionError:
                break
            await asyncio.sleep(pause)
        if half_close and writer.can_write_eof() and not writer.is_closing():
            # The server may have closed both halves already.
            with contextlib.suppress(OSError):
                writer.write_eof()
        return await _everything(reader, patient=half_close)
    finally:
        writer.close()
        # The server may have reset what it refused to read.
        await asyncio.gather(writer.wait_closed(), return_exceptions=True)


def spoken(raw: bytes) -> list[Spoken]:
    """Cut raw bytes into answers; raise if they are not HTTP/1.1 with a right Content-Length."""
    answers: list[Spoken] = []
    while raw:
        head, separator, raw = raw.partition(b"\r\n\r\n")
        assert separator, head
        first, *lines = head.split(b"\r\n")
        assert first.startswith(b"HTTP/1.1 "), first
        headers = dict(_header(line) for line in lines)
        length = int(headers.get("content-length", "0"))
        assert len(raw) >= length, (length, raw)
        answers.append(Spoken(int(first.split()[1]), headers, raw[:length]))
        raw = raw[length:]
    return answers


def request(
    target: str,
    body: bytes = b"",
    method: str = "POST",
    headers: Sequence[str] = ("Authorization: Bearer good", "Content-Type: application/json"),
) -> bytes:
    """Return a well-formed request."""
    lines = [
        f"{method} {target} HTTP/1.1",
        "Host: localhost",
        *headers,
        f"Content-Length: {len(body)}",
        "",
        "",
    ]
    return "\r\n".join(lines).encode() + body


async def _everything(reader: asyncio.StreamReader, *, patient: bool = False) -> bytes:
    raw = b""
    quiet = PATIENCE
    while True:
        try:
            piece = await asyncio.wait_for(reader.read(65536), quiet)
        except (TimeoutError, ConnectionError):
            return raw
        if not piece:
            return raw
        raw += piece
        quiet = PATIENCE if patient else 0.3


def _header(line: bytes) -> tuple[str, str]:
    name, _, value = line.decode("latin-1").partition(":")
    return name.lower(), value.strip()
