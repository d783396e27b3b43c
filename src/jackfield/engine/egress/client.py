"""The live upstream: guard, pool and connections put together."""

from __future__ import annotations

from jackfield.domain.ports import Clock
from jackfield.engine.egress.bounds import EgressLimits
from jackfield.engine.egress.dialing import Connector, Dialer, Judge, connect, is_this_machine
from jackfield.engine.egress.lanes import Lanes
from jackfield.engine.egress.pool import Pool, PoolKey
from jackfield.engine.egress.proxy import EgressProxy
from jackfield.engine.egress.resolver import Resolver, SystemResolver
from jackfield.engine.egress.serialization import serialize
from jackfield.engine.egress.tls import Tls, TlsFiles
from jackfield.engine.guard import Guard, UpstreamPolicy
from jackfield.engine.upstream import Fault, InboundReply, OutboundRequest, UpstreamFailure

# RFC 9110, 9.2.2: doing them twice has the effect of doing them once.
_REPEATABLE = frozenset({"GET", "PUT", "DELETE"})


class HttpUpstream:
    """HTTP/1.1 to real web services. No redirects, no cookies, no proxy but the one it is given.

    Args:
        policy: which addresses may be called.
        clock: the deadline's clock.
        limits: bounds.
        resolver: names to addresses; the system's if None.
        tls: what connections trust and present; the system's authorities and nothing if None.
        judge: replaces the guard of `policy`; for controls in tests.
        proxy: all connections but those to this machine's loopback are made through it.
        connector: makes sockets; for stand-ins in tests.

    Raises:
        ValueError: an entry of the policy's allow-list cannot be read.
    """

    def __init__(
        self,
        policy: UpstreamPolicy,
        clock: Clock,
        *,
        limits: EgressLimits | None = None,
        resolver: Resolver | None = None,
        tls: Tls | None = None,
        judge: Judge | None = None,
        proxy: EgressProxy | None = None,
        connector: Connector = connect,
    ) -> None:
        self._clock = clock
        self._limits = limits or EgressLimits()
        self._pool = Pool(clock, self._limits)
        self._tls = tls or TlsFiles()
        self._lanes = Lanes(clock, self._limits)
        self._open = 0
        self._dialer = Dialer(
            judge or Guard(policy, is_this_machine),
            resolver or SystemResolver(self._limits.lookups, self._limits.waiting_lookups),
            clock,
            self._limits,
            self._tls,
            proxy,
            connector,
        )

    @property
    def idle_connections(self) -> int:
        """How many connections are kept for later."""
        return self._pool.idle

    @property
    def exchanges(self) -> int:
        """How many requests are under way."""
        return self._open

    async def send(self, request: OutboundRequest, *, deadline: float) -> InboundReply:
        """Send a request over a kept or a new connection and return the reply.

        A kept connection may have been closed by the service at the moment of use. Then GET, PUT and DELETE
        go out again on a new connection; POST and PATCH only if not a byte of them was sent: else the service
        may have acted on them.

        Raises:
            UpstreamFailure: no complete reply came.
        """
        if self._open >= self._limits.connections:
            raise UpstreamFailure(Fault.BUSY, "too many connections are open")
        origin = request.target.origin
        self._open += 1
        try:
            lane = self._lanes.enter_at_once(origin) or await self._lanes.enter(origin, deadline)
            try:
                payload, group = serialize(request), self._tls.group(request.integration_id)
                key = (*origin, group)
                kept = self._pool.take(key)
                reply: InboundReply | None = None
                if kept is not None:
                    try:
                        seconds = deadline - self._clock.monotonic()
                        reply = await kept.exchange(payload, seconds, close=request.close)
                    except UpstreamFailure as failure:
                        if not _may_repeat(request, failure):
                            raise
                    if kept.reusable:
                        self._pool.give(key, kept)
                if reply is None:
                    reply = await self._send_anew(request, payload, deadline, key)
                self._lanes.answered(lane)
                return reply
            finally:
                self._lanes.leave(origin, lane)
        finally:
            self._open -= 1

    async def aclose(self) -> None:
        """Close all kept connections."""
        self._pool.close()

    async def _send_anew(
        self, request: OutboundRequest, payload: bytes, deadline: float, key: PoolKey
    ) -> InboundReply:
        connection = await self._dialer.dial(request.target, deadline, key[3])
        seconds = deadline - self._clock.monotonic()
        reply = await connection.exchange(payload, seconds, close=request.close)
        if connection.reusable:
            self._pool.give(key, connection)
        return reply


def _may_repeat(request: OutboundRequest, failure: UpstreamFailure) -> bool:
    return failure.unsent or (failure.unanswered and request.method in _REPEATABLE)
