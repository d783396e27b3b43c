"""Bulkheads: how many requests may wait for one service that does not answer.

All runs share one bound. A service that has gone silent would take all of it, until nothing else is served;
so only a service that answers may have more than its share.
"""

from __future__ import annotations

import asyncio

from jackfield.domain.ports import Clock
from jackfield.engine.egress.bounds import EgressLimits
from jackfield.engine.upstream import Fault, UpstreamFailure

Origin = tuple[str, str, int]


class Lane:
    """The requests to one service that are under way.

    Args:
        begun: when the first of them began, in the clock's seconds.
    """

    __slots__ = ("answered", "begun", "first_answer", "under_way", "waiting")

    def __init__(self, begun: float) -> None:
        self.begun = begun
        self.under_way = self.waiting = 0
        self.answered = 0.0
        self.first_answer: asyncio.Event | None = None


class Lanes:
    """Lets requests to a service through, all of them while it answers.

    Args:
        clock: for the time since it last did.
        limits: `silent_per_origin` and `silence_seconds`.
    """

    def __init__(self, clock: Clock, limits: EgressLimits) -> None:
        self._clock = clock
        self._share, self._grace = limits.silent_per_origin, limits.silence_seconds
        self._lanes: dict[Origin, Lane] = {}

    def __len__(self) -> int:
        return len(self._lanes)

    def enter_at_once(self, origin: Origin) -> Lane | None:
        """Return the lane of a service, one more request in it; None if `enter` has to look closer."""
        lane = self._lanes.get(origin)
        if lane is None:
            lane = self._lanes[origin] = Lane(self._clock.monotonic())
        elif lane.under_way >= self._share:
            return None
        lane.under_way += 1
        return lane

    async def enter(self, origin: Origin, deadline: float) -> Lane:
        """Return the lane of a service, one more request in it.

        Args:
            origin: scheme, host and port of the service.
            deadline: of the request.

        Raises:
            UpstreamFailure: its share waits for it already, and it does not answer.
        """
        lane = self.enter_at_once(origin)
        if lane is not None:
            return lane
        lane = self._lanes[origin]
        try:
            await self._admit(lane, deadline)
        except BaseException:
            self._drop_if_unused(origin, lane)
            raise
        lane.under_way += 1
        return lane

    def answered(self, lane: Lane) -> None:
        """Note that a reply came."""
        lane.answered = self._clock.monotonic()
        if lane.first_answer is not None:
            lane.first_answer.set()

    def leave(self, origin: Origin, lane: Lane) -> None:
        """Note that a request is over, however it ended."""
        lane.under_way -= 1
        if not lane.under_way:
            self._drop_if_unused(origin, lane)

    def _drop_if_unused(self, origin: Origin, lane: Lane) -> None:
        if not lane.under_way and not lane.waiting:
            self._lanes.pop(origin, None)

    async def _admit(self, lane: Lane, deadline: float) -> None:
        """Return if the service has answered lately; a new lane is given a moment for its first answer."""
        if not lane.answered:
            await self._first_answer(lane, deadline)
        if not lane.answered or self._clock.monotonic() - lane.answered >= self._grace:
            reason = f"it does not answer, and {lane.under_way} requests wait for it already"
            raise UpstreamFailure(Fault.BUSY, reason)

    async def _first_answer(self, lane: Lane, deadline: float) -> None:
        seconds = min(lane.begun + self._grace, deadline) - self._clock.monotonic()
        if seconds <= 0:
            return
        if lane.first_answer is None:
            lane.first_answer = asyncio.Event()
        lane.waiting += 1
        try:
            async with asyncio.timeout(seconds):
                await lane.first_answer.wait()
        except TimeoutError:
            return
        finally:
            lane.waiting -= 1
