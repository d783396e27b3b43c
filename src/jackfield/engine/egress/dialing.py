"""Makes connections: resolve once, judge every address, connect to exactly that address, confirm the peer."""

# This module is where outbound sockets are made; everywhere else they are banned.

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Sequence
from typing import Protocol

from jackfield.domain.ports import Clock
from jackfield.engine.egress.bounds import EgressLimits
from jackfield.engine.egress.connection import Connection
from jackfield.engine.egress.resolver import Resolver
from jackfield.engine.egress.tls import Tls, TlsUnusable
from jackfield.engine.guard import AddressBlocked, OwnPortRefused, read_address
from jackfield.engine.target import Target
from jackfield.engine.upstream import Fault, UpstreamFailure


class Judge(Protocol):
    """What decides about addresses."""

    def judge(self, host: str, port: int, addresses: Sequence[str]) -> None:
        """Return if all addresses may be called; raise AddressBlocked or OwnPortRefused if not."""


def is_this_machine(address: str) -> bool:
    """Tell if an address is one of this machine's own. Sends nothing.

    For a route to itself the system chooses the same address on both ends.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((address, 9))
        except OSError:
            return False
        return bool(probe.getsockname()[0] == probe.getpeername()[0])


class Dialer:
    """Opens connections for the client.

    Args:
        judge: decides about addresses; nothing is connected without it.
        resolver: asked once per connection.
        clock: the deadline's clock.
        limits: times per phase.
        tls: what https connections trust and present.
    """

    def __init__(
        self, judge: Judge, resolver: Resolver, clock: Clock, limits: EgressLimits, tls: Tls
    ) -> None:
        self._judge, self._resolver, self._clock = judge, resolver, clock
        self._limits, self._tls = limits, tls

    async def dial(self, target: Target, deadline: float, group: str = "") -> Connection:
        """Return a connection to the target.

        Args:
            group: of integrations, for what it trusts.

        Raises:
            UpstreamFailure: no address, a blocked one, no connection, or time ran out.
        """
        addresses = await self._resolve(target, deadline)
        try:
            self._judge.judge(target.host, target.port, addresses)
        except AddressBlocked as blocked:
            raise UpstreamFailure(Fault.ADDRESS_BLOCKED, blocked.range, address=blocked.address) from None
        except OwnPortRefused:
            raise UpstreamFailure(Fault.OWN_PORT) from None
        sock = await self._connect_any(addresses[: self._limits.addresses], target.port, deadline)
        return await self._open(sock, target, deadline, group)

    async def _resolve(self, target: Target, deadline: float) -> tuple[str, ...]:
        try:
            async with asyncio.timeout(self._seconds(deadline, self._limits.resolve_seconds)):
                return await self._resolver.resolve(target.host, target.port)
        except TimeoutError:
            raise UpstreamFailure(Fault.TIMEOUT, phase="the name was looked up") from None

    async def _connect_any(self, addresses: Sequence[str], port: int, deadline: float) -> socket.socket:
        seconds = self._seconds(deadline, self._limits.connect_seconds) / max(len(addresses), 1)
        failure = UpstreamFailure(Fault.UNREACHABLE, "no address")
        for address in addresses:
            try:
                return await self._connect(address, port, seconds)
            except UpstreamFailure as error:
                failure = error
        raise failure

    async def _connect(self, address: str, port: int, seconds: float) -> socket.socket:
        loop = asyncio.get_running_loop()
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        try:
            sock = socket.socket(family, socket.SOCK_STREAM)
        except OSError as error:
            raise UpstreamFailure(Fault.UNREACHABLE, error.strerror or str(error)) from None
        try:
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            async with asyncio.timeout(seconds):
                await loop.sock_connect(sock, (address, port))
            _confirm_peer(sock, address)
        except OSError as error:
            sock.close()
            raise _connect_failure(error) from None
        except BaseException:
            sock.close()
            raise
        return sock

    async def _open(self, sock: socket.socket, target: Target, deadline: float, group: str) -> Connection:
        loop = asyncio.get_running_loop()

        def protocol() -> Connection:
            return Connection(loop, self._limits)

        try:
            if target.scheme == "http":
                return (await loop.create_connection(protocol, sock=sock))[1]
            async with asyncio.timeout(self._seconds(deadline, self._limits.handshake_seconds)):
                return (
                    await loop.create_connection(
                        protocol, sock=sock, ssl=self._tls.context(group), server_hostname=target.host
                    )
                )[1]
        except TlsUnusable as unusable:
            sock.close()
            raise UpstreamFailure(Fault.TLS_UNUSABLE, str(unusable)) from None
        except OSError as error:
            sock.close()
            raise _handshake_failure(error) from None
        except BaseException:
            sock.close()
            raise

    def _seconds(self, deadline: float, most: float) -> float:
        return max(min(deadline - self._clock.monotonic(), most), 0.0)


def _confirm_peer(sock: socket.socket, address: str) -> None:
    """Refuse a socket whose other end is not the judged address, before the first byte goes out."""
    peer = str(sock.getpeername()[0])
    if read_address(peer) != read_address(address):
        raise UpstreamFailure(Fault.ADDRESS_BLOCKED, "not the address that was judged", address=peer)


def _connect_failure(error: OSError) -> UpstreamFailure:
    if isinstance(error, TimeoutError):
        return UpstreamFailure(Fault.TIMEOUT, phase="the connection was made")
    if isinstance(error, ConnectionRefusedError):
        return UpstreamFailure(Fault.REFUSED, "Connection refused")
    return UpstreamFailure(Fault.UNREACHABLE, error.strerror or str(error))


def _handshake_failure(error: OSError) -> UpstreamFailure:
    if isinstance(error, TimeoutError):
        return UpstreamFailure(Fault.TIMEOUT, phase="encryption was agreed on")
    if isinstance(error, ssl.SSLCertVerificationError):
        return UpstreamFailure(Fault.CERTIFICATE_REFUSED, error.verify_message)
    if isinstance(error, ssl.SSLError):
        return UpstreamFailure(Fault.TLS_FAILED, error.reason or "handshake failed")
    return UpstreamFailure(Fault.TLS_FAILED, error.strerror or str(error) or "connection closed")
