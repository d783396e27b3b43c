"""Playing a fault: the service's moves, on a connection that exists in memory only.

The real client parses what is said, within its own bounds and deadline, so a played fault ends as a real one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

from jackfield.domain.ports import Clock
from jackfield.engine.egress.bounds import EgressLimits
from jackfield.engine.egress.connection import Connection
from jackfield.engine.faults.moves import End, Hold, Move, Repeat, Reset, Say
from jackfield.engine.faults.vocabulary import ServiceFault
from jackfield.engine.upstream import Fault, InboundReply, UpstreamFailure

_REQUEST = b"played"


async def play(
    fault: ServiceFault, clock: Clock, deadline: float, *, limits: EgressLimits | None = None
) -> InboundReply:
    """Return the reply that a fault gives, if it gives one.

    Args:
        fault: what happens.
        clock: the deadline's.
        deadline: of the request; faults that only time ends wait for it.
        limits: of the client.

    Raises:
        UpstreamFailure: no complete reply came.
    """
    seconds = deadline - clock.monotonic()
    if not fault.moves:
        assert fault.failure is not None, "a fault without moves is a failure"
        if fault.failure is Fault.TIMEOUT:
            await asyncio.sleep(max(seconds, 0.0))
        raise failure_of(fault)
    loop = asyncio.get_running_loop()
    connection = Connection(loop, limits or EgressLimits())
    stage = _Stage(connection, fault, loop)
    connection.connection_made(stage)
    return await connection.exchange(_REQUEST, seconds, close=True)


def failure_of(fault: ServiceFault) -> UpstreamFailure:
    """Return what the client notices of a fault without a reply."""
    assert fault.failure is not None, "this one is played"
    return UpstreamFailure(fault.failure, fault.reason, phase=fault.phase, unanswered=True)


class _Stage(asyncio.Transport):
    """The service's end of a connection."""

    def __init__(self, connection: Connection, fault: ServiceFault, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._connection, self._loop = connection, loop
        self._moves: Iterator[Move] = iter(fault.moves)
        self._closed = False

    def write(self, data: bytes | bytearray | memoryview[Any]) -> None:
        """Take the request, whatever it is; the service begins to act."""
        assert data
        self._loop.call_soon(self._go_on)

    def get_write_buffer_size(self) -> int:
        """Return 0: everything is taken at once."""
        return 0

    def is_closing(self) -> bool:
        """Tell if either end has closed."""
        return self._closed

    def close(self) -> None:
        """Close, as the client does."""
        self.abort()

    def abort(self) -> None:
        """Close at once."""
        self._lose(None)

    def _lose(self, reason: Exception | None) -> None:
        if not self._closed:
            self._closed = True
            self._loop.call_soon(self._connection.connection_lost, reason)

    def _go_on(self) -> None:
        """Make the next move."""
        move = None if self._closed else next(self._moves, None)
        if isinstance(move, Say):
            self._connection.data_received(move.data)
            self._loop.call_soon(self._go_on)
        elif isinstance(move, Repeat):
            self._repeat(move)
        elif isinstance(move, End):
            self._lose(None)
        elif isinstance(move, Reset):
            self._lose(ConnectionResetError())
        else:
            assert move is None or isinstance(move, Hold)

    def _repeat(self, move: Repeat) -> None:
        if not self._closed:
            self._connection.data_received(move.data)
            self._loop.call_later(move.every, self._repeat, move)
