"""Connections kept for the next request to the same origin by those who trust the same."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Final

from jackfield.domain.ports import Clock
from jackfield.engine.egress.bounds import EgressLimits
from jackfield.engine.egress.connection import Connection

PoolKey = tuple[str, str, int, str]
"""Scheme, host, port, and the group of integrations that may share connections."""

# Younger ones need no look at the socket: the loop would have reported the end already.
_FRESH_SECONDS: Final = 0.005


class Pool:
    """Idle connections per origin, newest first out.

    Args:
        clock: for ages.
        limits: how many are kept, how long.
    """

    def __init__(self, clock: Clock, limits: EgressLimits) -> None:
        self._clock, self._limits = clock, limits
        self._idle: dict[PoolKey, deque[Connection]] = {}
        self._count = 0
        self._sweeper: asyncio.TimerHandle | None = None
        self._closed = False

    @property
    def idle(self) -> int:
        """How many connections are kept."""
        return self._count

    def take(self, key: PoolKey) -> Connection | None:
        """Return a connection that can still be used, None if there is none."""
        kept = self._idle.get(key)
        if not kept:
            return None
        now = self._clock.monotonic()
        while kept:
            connection = kept.pop()
            self._count -= 1
            if _usable(connection, now):
                return connection
            connection.abort()
        return None

    def give(self, key: PoolKey, connection: Connection) -> None:
        """Keep a connection after an exchange, or close it."""
        seconds = connection.keep_alive_seconds(self._limits.idle_seconds)
        if self._closed or not connection.reusable or seconds <= 0:
            connection.abort()
            return
        kept = self._idle.get(key)
        if kept is None:
            kept = self._idle[key] = deque()
        if len(kept) >= self._limits.idle_per_origin or self._count >= self._limits.idle_connections:
            connection.abort()
            return
        now = self._clock.monotonic()
        connection.idle_since, connection.expires = now, now + seconds
        kept.append(connection)
        self._count += 1
        if self._sweeper is None:
            self._sweep_later()

    def close(self) -> None:
        """Close all kept connections, and those given back later."""
        self._closed = True
        if self._sweeper is not None:
            self._sweeper.cancel()
            self._sweeper = None
        for kept in self._idle.values():
            for connection in kept:
                connection.abort()
        self._idle.clear()
        self._count = 0

    def _sweep_later(self) -> None:
        loop = asyncio.get_running_loop()
        self._sweeper = loop.call_later(self._limits.idle_seconds / 4, self._sweep)

    def _sweep(self) -> None:
        self._sweeper = None
        now = self._clock.monotonic()
        for key, kept in list(self._idle.items()):
            while kept and (kept[0].lost or kept[0].expires <= now):
                kept.popleft().abort()
                self._count -= 1
            if not kept:
                del self._idle[key]
        if self._count:
            self._sweep_later()


def _usable(connection: Connection, now: float) -> bool:
    if connection.lost or not connection.reusable or connection.expires <= now:
        return False
    return now - connection.idle_since < _FRESH_SECONDS or connection.is_silent()
