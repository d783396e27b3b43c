"""Makes connections: resolve once, judge every address, connect to exactly that address, confirm the peer.

Through a proxy, too, the target's addresses are judged here, and the proxy is told to connect to one of them.
"""

# This module is where outbound sockets are made; everywhere else they are banned.

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from jackfield.domain.ports import Clock
from jackfield.engine.egress.bounds import EgressLimits
from jackfield.engine.egress.connection import Connection
from jackfield.engine.egress.proxy import EgressProxy, is_name_for_a_proxy, open_tunnel
from jackfield.engine.egress.resolver import Resolver
from jackfield.engine.egress.tls import Tls, TlsUnusable
from jackfield.engine.guard import AddressBlocked, OwnPortRefused, Reach, judge_address, read_address
from jackfield.engine.target import Target
from jackfield.engine.upstream import Fault, UpstreamFailure


class Judge(Protocol):
    """What decides about addresses."""

    def judge(self, host: str, port: int, addresses: Sequence[str]) -> None:
        """Return if all addresses may be called; raise AddressBlocked or OwnPortRefused if not."""


Connector = Callable[[str, int], Awaitable[socket.socket]]
"""Returns a connected TCP socket to a numeric address and port, or raises OSError."""


async def connect(address: str, port: int) -> socket.socket:
    """Return a TCP socket whose other end is exactly this address.

    Raises:
        OSError: the system's own reason.
        UpstreamFailure: the other end is somebody else.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await asyncio.get_running_loop().sock_connect(sock, (address, port))
        _confirm_peer(sock, address)
    except BaseException:
        sock.close()
        raise
    return sock


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
        proxy: made through it are all connections but those to loopback; None for none.
        connector: makes sockets.
    """

    def __init__(
        self,
        judge: Judge,
        resolver: Resolver,
        clock: Clock,
        limits: EgressLimits,
        tls: Tls,
        proxy: EgressProxy | None = None,
        connector: Connector = connect,
    ) -> None:
        self._judge, self._resolver, self._clock = judge, resolver, clock
        self._limits, self._tls = limits, tls
        self._proxy, self._connector = proxy, connector

    async def dial(self, target: Target, deadline: float, group: str = "") -> Connection:
        """Return a connection to the target.

        Args:
            group: of integrations, for what it trusts.

        Raises:
            UpstreamFailure: no address, a blocked one, no connection, or time ran out.
        """
        proxy = self._proxy
        addresses = await self._judged(target, deadline)
        if proxy is None or (addresses and _are_loopback(addresses)):
            sock = await self._connect_any(addresses[: self._limits.addresses], target.port, deadline)
        else:
            sock = await self._through(proxy, target, addresses, deadline)
        return await self._open(sock, target, deadline, group)

    async def _judged(self, target: Target, deadline: float) -> tuple[str, ...]:
        """Return the target's addresses, all of them permitted; none if only the proxy can know them."""
        try:
            addresses = await self._resolve(target.host, target.port, deadline)
        except UpstreamFailure as failure:
            left_to_proxy = self._proxy is not None and self._proxy.resolves
            if failure.fault is Fault.UNKNOWN_HOST and left_to_proxy and is_name_for_a_proxy(target.host):
                return ()
            raise
        try:
            self._judge.judge(target.host, target.port, addresses)
        except AddressBlocked as blocked:
            raise UpstreamFailure(Fault.ADDRESS_BLOCKED, blocked.range, address=blocked.address) from None
        except OwnPortRefused:
            raise UpstreamFailure(Fault.OWN_PORT) from None
        return addresses

    async def _resolve(self, host: str, port: int, deadline: float) -> tuple[str, ...]:
        try:
            async with asyncio.timeout(self._seconds(deadline, self._limits.resolve_seconds)):
                return await self._resolver.resolve(host, port)
        except TimeoutError:
            raise UpstreamFailure(Fault.TIMEOUT, phase="the name was looked up") from None

    async def _through(
        self, proxy: EgressProxy, target: Target, addresses: Sequence[str], deadline: float
    ) -> socket.socket:
        """Return a socket that the proxy has led to the target."""
        destination = target.host if proxy.resolves else addresses[0]
        try:
            known = await self._resolve(proxy.host, proxy.port, deadline)
            sock = await self._connect_any(known[: self._limits.addresses], proxy.port, deadline)
        except UpstreamFailure as failure:
            if failure.fault is Fault.TIMEOUT:
                raise UpstreamFailure(Fault.TIMEOUT, phase="the proxy was connected to") from None
            raise UpstreamFailure(Fault.PROXY, failure.reason or "it cannot be reached") from None
        try:
            async with asyncio.timeout(self._seconds(deadline, self._limits.connect_seconds)):
                await open_tunnel(sock, proxy, destination, target.port)
        except TimeoutError:
            sock.close()
            raise UpstreamFailure(Fault.TIMEOUT, phase="the proxy was asked") from None
        except BaseException:
            sock.close()
            raise
        return sock

    async def _connect_any(self, addresses: Sequence[str], port: int, deadline: float) -> socket.socket:
        seconds = self._seconds(deadline, self._limits.connect_seconds) / max(len(addresses), 1)
        failure = UpstreamFailure(Fault.UNREACHABLE, "no address")
        for address in addresses:
            try:
                async with asyncio.timeout(seconds):
                    return await self._connector(address, port)
            except OSError as error:
                failure = _connect_failure(error)
            except UpstreamFailure as error:
                failure = error
        raise failure

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


def _are_loopback(addresses: Sequence[str]) -> bool:
    """Tell if they are this machine's own loopback, which a proxy would take for its own."""
    return all(judge_address(read_address(address)).reach is Reach.LOOPBACK for address in addresses)


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
