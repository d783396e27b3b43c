"""Services that really have the faults of the vocabulary, over sockets of this machine."""

from __future__ import annotations

import asyncio
import datetime as dt
import socket
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

import trustme

from jackfield.engine.faults import SERVICE_FAULTS, ServiceFault
from jackfield.engine.faults.moves import End, Hold, Move, Repeat, Reset, Say
from support.web_service import Writer, read_request

_ALERT: Final = b"\x15\x03\x03\x00\x02\x02"
_HANDSHAKE_FAILURE: Final = _ALERT + b"\x28"
_PROTOCOL_VERSION: Final = _ALERT + b"\x46"
_LONG_AGO: Final = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)

# What a service says to the first byte of a TLS handshake.
_INSTEAD_OF_TLS: Final[Mapping[str, tuple[Move, ...]]] = {
    "tls-failed": (Say(_HANDSHAKE_FAILURE), End()),
    "tls-plain": (Say(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"), End()),
    "tls-old": (Say(_PROTOCOL_VERSION), End()),
    "tls-silent": (Hold(),),
}
POSSIBLE: Final = {name: fault for name, fault in SERVICE_FAULTS.items() if not fault.ours}
"""The faults that a service, its name or its port can have."""


class FullBacklog:
    """A listening port that accepts nothing and whose queue is full."""

    def __enter__(self) -> int:
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(0)
        port = int(self._listener.getsockname()[1])
        self._fillers = [socket.socket() for _ in range(4)]
        for filler in self._fillers:
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        return port

    def __exit__(self, *_: object) -> None:
        for sock in (*self._fillers, self._listener):
            sock.close()


def free_port() -> int:
    """Return a port of this machine on which nobody listens."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@dataclass
class FaultyService:
    """A service with one fault.

    Args:
        moves: what it does.
        greets: it does so before it has read a request.
        url: where it is.
    """

    moves: tuple[Move, ...] = ()
    greets: bool = False
    url: str = ""
    accepts: int = 0
    requests: int = 0
    open_connections: int = 0
    writers: set[Writer] = field(default_factory=set)

    def abort(self) -> None:
        """End every connection at once: TLS would wait for the other end to say goodbye."""
        for writer in self.writers:
            writer.transport.abort()

    async def serve(self, reader: asyncio.StreamReader, writer: Writer) -> None:
        """Serve one connection until either end gives up."""
        self.accepts += 1
        self.open_connections += 1
        self.writers.add(writer)
        try:
            if self.greets:
                await perform(self.moves, reader, writer)
                return
            while not writer.is_closing() and await read_request(reader) is not None:
                self.requests += 1
                await perform(self.moves, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            # The client gave up in the middle, as it should.
            return
        finally:
            self.open_connections -= 1
            writer.close()


async def perform(moves: tuple[Move, ...], reader: asyncio.StreamReader, writer: Writer) -> None:
    """Make moves on a real connection."""
    for move in moves:
        if isinstance(move, Say):
            writer.write(move.data)
            await writer.drain()
        elif isinstance(move, Repeat):
            while not writer.is_closing():
                writer.write(move.data)
                await writer.drain()
                await asyncio.sleep(move.every)
        elif isinstance(move, Hold):
            await reader.read()
        else:
            # What was said before should arrive first: a reset overtakes it.
            await asyncio.sleep(0.02 if isinstance(move, Reset) else 0)
            _end(writer, broken=isinstance(move, Reset))


def _end(writer: Writer, *, broken: bool) -> None:
    if broken:
        linger = bytes([1, 0, 0, 0, 0, 0, 0, 0])
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.transport.abort()
    else:
        writer.close()


class FaultyServices:
    """All faults at once, each on a port of its own; the authority is the one that the client trusts."""

    def __init__(self) -> None:
        self.authority = trustme.CA()
        self.of: dict[str, FaultyService] = {}
        self.healthy = FaultyService((Say(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"),))
        self.trusted = FaultyService(self.healthy.moves)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[FaultyServices]:
        """Listen on a free port for each fault."""
        async with AsyncExitStack() as stack:
            await _listen(stack, self.healthy, None)
            await _listen(stack, self.trusted, _tls(self.authority.issue_cert("127.0.0.1")))
            for fault in POSSIBLE.values():
                self.of[fault.name] = await self._started(stack, fault)
            try:
                yield self
            finally:
                for service in (self.healthy, self.trusted, *self.of.values()):
                    service.abort()
                await asyncio.sleep(0.01)

    async def _started(self, stack: AsyncExitStack, fault: ServiceFault) -> FaultyService:
        name = fault.name
        if name == "unknown-host":
            # No name has a label of 64 characters, so no name server is asked.
            return FaultyService(url=f"http://{'a' * 64}.example/")
        if name == "refused":
            return FaultyService(url=f"http://127.0.0.1:{free_port()}/")
        if name == "black-hole":
            return FaultyService(url=f"http://127.0.0.1:{stack.enter_context(FullBacklog())}/")
        if name in _INSTEAD_OF_TLS:
            service = FaultyService(_INSTEAD_OF_TLS[name], greets=True)
            await _listen(stack, service, None)
            service.url = service.url.replace("http://", "https://")
            return service
        service = FaultyService(fault.moves, fault.greets)
        await _listen(stack, service, self._certificate(name) if name.startswith("certificate") else None)
        return service

    def _certificate(self, name: str) -> ssl.SSLContext:
        if name == "certificate-self-signed":
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            own = trustme.CA()
            with own.cert_pem.tempfile() as certificate, own.private_key_pem.tempfile() as key:
                context.load_cert_chain(certificate, key)
            return context
        certificates = {
            "certificate-refused": lambda: trustme.CA().issue_cert("127.0.0.1"),
            "certificate-expired": lambda: self.authority.issue_cert("127.0.0.1", not_after=_LONG_AGO),
            "certificate-other-name": lambda: self.authority.issue_cert("other.example"),
        }
        return _tls(certificates[name]())


def _tls(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


async def _listen(stack: AsyncExitStack, service: FaultyService, tls: ssl.SSLContext | None) -> None:
    server = await asyncio.start_server(service.serve, "127.0.0.1", 0, ssl=tls)
    stack.callback(server.close)
    port = server.sockets[0].getsockname()[1]
    service.url = f"{'http' if tls is None else 'https'}://127.0.0.1:{port}/"
