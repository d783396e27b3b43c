"""The live upstream: guard, pool and connections put together."""

from __future__ import annotations

import asyncio

from jackfield.domain.ports import Clock
from jackfield.engine.egress.bounds import EgressLimits
from jackfield.engine.egress.connection import Connection
from jackfield.engine.egress.dialing import Connector, Dialer, Judge, connect, is_this_machine
from jackfield.engine.egress.lanes import Lane, Lanes
from jackfield.engine.egress.pool import Pool, PoolKey
from jackfield.engine.egress.proxy import EgressProxy
from jackfield.engine.egress.resolver import Resolver, SystemResolver
from jackfield.engine.egress.serialization import serialize
from jackfield.engine.egress.tls import Tls, TlsFiles
from jackfield.engine.guard import Guard, UpstreamPolicy
from jackfield.engine.upstream import Fault, InboundReply, OutboundRequest, ReplyListener, UpstreamFailure

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

    def send_now(
        self, request: OutboundRequest, *, deadline: float, listener: ReplyListener
    ) -> PromptSending | None:
        """Send a request over a kept or a new connection; the listener hears what became of it.

        If the service closed a kept connection at the moment of use, the request may go out again, as with
        `send`.

        Returns:
            None if there is no place, or the service may have no more requests now: nothing was sent then.
        """
        if self._open >= self._limits.connections:
            return None
        payload, origin = serialize(request), request.target.origin
        lane = self._lanes.enter_at_once(origin)
        if lane is None:
            return None
        key = (*origin, self._tls.group(request.integration_id))
        self._open += 1
        sending = PromptSending(self, request, payload, deadline, listener, key, lane)
        kept = self._pool.take(key)
        if kept is not None:
            sending.begin(kept, deadline - self._clock.monotonic())
        else:
            sending.begin_anew()
        return sending

    def over(self, sending: PromptSending, reply: InboundReply | None) -> None:
        """Note that a request that was sent at once is over.

        Args:
            reply: None if none came.
        """
        self._open -= 1
        if reply is not None:
            kept = sending.connection
            if kept is not None and kept.reusable:
                self._pool.give(sending.key, kept)
            self._lanes.answered(sending.lane)
        self._lanes.leave(sending.request.target.origin, sending.lane)

    async def send_anew(self, sending: PromptSending) -> InboundReply:
        """Send a request over a new connection.

        Raises:
            UpstreamFailure: no complete reply came.
        """
        return await self._send_anew(sending.request, sending.payload, sending.deadline, sending.key)

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


class PromptSending:
    """A request that was sent at once.

    Args:
        upstream: whose it is.
        payload: the request as bytes of HTTP/1.1.
        deadline: in the clock's monotonic seconds.
        listener: hears what became of it.
        key: of its connection's place in the pool.
        lane: which it takes a place of.
    """

    __slots__ = (
        "_anew",
        "_listener",
        "_upstream",
        "connection",
        "deadline",
        "key",
        "lane",
        "payload",
        "request",
    )

    def __init__(
        self,
        upstream: HttpUpstream,
        request: OutboundRequest,
        payload: bytes,
        deadline: float,
        listener: ReplyListener,
        key: PoolKey,
        lane: Lane,
    ) -> None:
        self._upstream, self.request, self.payload, self.deadline = upstream, request, payload, deadline
        self.key, self.lane = key, lane
        self._listener: ReplyListener | None = listener
        self.connection: Connection | None = None
        self._anew: asyncio.Task[None] | None = None

    def begin(self, kept: Connection, seconds: float) -> None:
        """Send it over a kept connection, within so many seconds."""
        self.connection = kept
        try:
            kept.begin(self.payload, seconds, self, close=self.request.close)
        except UpstreamFailure as failure:
            self.failed(failure)

    def begin_anew(self) -> None:
        """Send it over a new connection."""
        self._anew = asyncio.get_running_loop().create_task(self._send_anew())

    def replied(self, reply: InboundReply) -> None:
        """Take the reply from the connection."""
        listener = self._end(reply)
        if listener is not None:
            listener.replied(reply)

    def failed(self, fault: Exception) -> None:
        """Send it again if the connection was found closed and that does no harm, else say that it failed."""
        if self._anew is None and isinstance(fault, UpstreamFailure) and _may_repeat(self.request, fault):
            self.begin_anew()
            return
        listener = self._end(None)
        if listener is not None:
            listener.failed(fault)

    def cancel(self) -> None:
        """Give it up; its listener hears nothing more."""
        if self._anew is not None:
            self._anew.cancel()
        elif self.connection is not None:
            self.connection.drop()
        self._end(None)

    async def _send_anew(self) -> None:
        # What the kept connection held counts no more; the new one is given to the pool where it was made.
        self.connection = None
        try:
            reply = await self._upstream.send_anew(self)
        except Exception as fault:  # noqa: BLE001 - whatever it is, somebody waits to hear of it
            self.failed(fault)
        else:
            self.replied(reply)

    def _end(self, reply: InboundReply | None) -> ReplyListener | None:
        """Give its place back, once; return who is to hear of it. Circles of objects are let go."""
        listener, self._listener = self._listener, None
        if listener is not None:
            self._upstream.over(self, reply)
        return listener


def _may_repeat(request: OutboundRequest, failure: UpstreamFailure) -> bool:
    return failure.unsent or (failure.unanswered and request.method in _REPEATABLE)
