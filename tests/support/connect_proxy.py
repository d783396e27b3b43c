"""An HTTP proxy over real sockets that opens tunnels, or does not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from support.web_service import Writer

OPENED = b"HTTP/1.1 200 Connection established\r\n\r\n"


@dataclass(slots=True)
class ConnectProxy:
    """Answers CONNECT and leads every tunnel to one port of this machine, whatever was asked for.

    Args:
        port_behind: where tunnels lead; 0 for nowhere.
        answer: what it says to CONNECT; None for nothing, ever.
    """

    port_behind: int = 0
    answer: bytes | None = OPENED
    port: int = 0
    heads: list[str] = field(default_factory=list)
    open_tunnels: int = 0
    writers: set[Writer] = field(default_factory=set)

    @property
    def asked(self) -> list[str]:
        """What CONNECT named, in order."""
        return [head.split(" ")[1] for head in self.heads]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[ConnectProxy]:
        """Listen on a free loopback port."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for writer in self.writers:
                writer.transport.abort()
            await asyncio.sleep(0.01)
            await server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: Writer) -> None:
        self.writers.add(writer)
        try:
            self.heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
            if self.answer is None:
                await reader.read()
                return
            writer.write(self.answer)
            await writer.drain()
            if self.answer == OPENED and self.port_behind:
                await self._tunnel(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            # The client gave up: what some tests are about.
            return
        finally:
            writer.close()

    async def _tunnel(self, reader: asyncio.StreamReader, writer: Writer) -> None:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self.port_behind)
        self.open_tunnels += 1
        self.writers.add(inner_writer)
        try:
            await asyncio.gather(_copy(reader, inner_writer), _copy(inner_reader, writer))
        finally:
            self.open_tunnels -= 1
            inner_writer.close()


async def _copy(reader: asyncio.StreamReader, writer: Writer) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
    writer.close()
