"""Bulkheads: a service that does not answer gets its share of the runs and not all of them."""

from __future__ import annotations

import asyncio

import pytest

from jackfield.domain.errors import LimitReached
from jackfield.domain.run import RunResult
from jackfield.engine.egress.bounds import EgressLimits
from jackfield.engine.egress.lanes import Lanes
from jackfield.engine.limits import EngineLimits
from jackfield.engine.pipeline import Engine
from jackfield.engine.upstream import Fault, UpstreamFailure
from support.misbehaviour import stall
from support.runs import WallClock, codes, make_action, make_engine, make_run, make_upstream
from support.web_service import Received, WebService, Writer, reply, say

ORIGIN = ("http", "service.example", 80)
LIMITS = EgressLimits(silent_per_origin=2, silence_seconds=0.2)


class HandClock(WallClock):
    """A clock that tests put forward."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def monotonic(self) -> float:
        """Return what was set."""
        return self.seconds


@pytest.mark.parametrize(
    ("runs", "share", "connections"), [(50, 37, 256), (1, 1, 256), (400, 300, 400), (None, 192, 256)]
)
def test_the_share_follows_the_number_of_runs(runs: int | None, share: int, connections: int) -> None:
    """Three quarters of them, at least one; and a connection for each."""
    limits = EgressLimits.for_runs(runs)
    assert (limits.silent_per_origin, limits.connections) == (share, connections)
    assert EgressLimits.for_runs(50) == EgressLimits()


def test_a_service_that_answers_may_have_more_than_its_share() -> None:
    """As long as its last answer is recent; after a silence only its share goes on waiting for it."""

    async def scenario() -> Fault:
        clock = HandClock()
        lanes = Lanes(clock, LIMITS)
        first = await lanes.enter(ORIGIN, 200)
        lanes.answered(first)
        for _ in range(9):
            assert await lanes.enter(ORIGIN, 200) is first
        clock.seconds += 0.2
        with pytest.raises(UpstreamFailure) as caught:
            await lanes.enter(ORIGIN, 200)
        assert "10 requests" in caught.value.reason
        lanes.answered(first)
        await lanes.enter(ORIGIN, 200)
        return caught.value.fault

    assert asyncio.run(scenario()) is Fault.BUSY


def test_the_first_answer_lets_those_that_wait_through() -> None:
    """A burst to a service that was not called before waits a moment instead of being refused."""

    async def scenario() -> int:
        lanes = Lanes(WallClock(), EgressLimits(silent_per_origin=2, silence_seconds=5))
        lane = await lanes.enter(ORIGIN, 1e12)
        await lanes.enter(ORIGIN, 1e12)
        waiting = [asyncio.ensure_future(lanes.enter(ORIGIN, 1e12)) for _ in range(5)]
        await asyncio.sleep(0.01)
        assert not any(task.done() for task in waiting)
        lanes.leave(ORIGIN, lane)
        lanes.leave(ORIGIN, lane)
        lanes.answered(lane)
        assert all(one is lane for one in await asyncio.gather(*waiting))
        return lane.under_way

    assert asyncio.run(scenario()) == 5


def test_other_services_have_lanes_of_their_own_and_no_lane_is_left_over() -> None:
    """One refuses, the other goes on; afterwards nothing is remembered."""

    async def scenario() -> int:
        lanes = Lanes(WallClock(), EgressLimits(silent_per_origin=1, silence_seconds=0))
        lane = await lanes.enter(ORIGIN, 1e12)
        with pytest.raises(UpstreamFailure):
            await lanes.enter(ORIGIN, 1e12)
        other = ("https", "service.example", 443)
        lanes.leave(other, await lanes.enter(other, 1e12))
        lanes.leave(ORIGIN, lane)
        return len(lanes)

    assert asyncio.run(scenario()) == 0


def test_waiting_ends_with_the_request_and_leaves_no_lane() -> None:
    """A request whose time is up, or that is cancelled, waits no longer; its lane goes with it."""

    async def scenario() -> int:
        lanes = Lanes(WallClock(), EgressLimits(silent_per_origin=1, silence_seconds=60))
        lane = await lanes.enter(ORIGIN, 1e12)
        with pytest.raises(UpstreamFailure):
            await lanes.enter(ORIGIN, WallClock().monotonic() + 0.01)
        cancelled = asyncio.ensure_future(lanes.enter(ORIGIN, 1e12))
        await asyncio.sleep(0)
        lanes.leave(ORIGIN, lane)
        assert len(lanes) == 1
        cancelled.cancel()
        with pytest.raises(asyncio.CancelledError):
            await cancelled
        return len(lanes)

    assert asyncio.run(scenario()) == 0


@pytest.mark.parametrize("guarded", [True, False])
def test_a_silent_service_cannot_take_all_runs(guarded: bool) -> None:
    """Twice as many runs as there may be go to a silent service; another one is still called. The control
    without bulkheads shows that it is they who keep a place free."""
    limits = EgressLimits(silent_per_origin=6 if guarded else 1_000, silence_seconds=0.1)

    async def scenario() -> tuple[RunResult | None, list[str]]:
        silent, lively = WebService(stall()), WebService()
        async with silent.running(), lively.running():
            engine = make_engine(make_upstream(limits=limits), EngineLimits(concurrency=8))
            flood = [asyncio.ensure_future(_tried(engine, silent.url)) for _ in range(16)]
            await asyncio.sleep(0.4)
            answer = await _tried(engine, lively.url)
            results = await asyncio.gather(*flood)
            await engine.aclose()
            return answer, [code for one in results if one is not None for code in codes(one)]

    answer, flooded = asyncio.run(scenario())
    assert (answer is not None and answer.success) is guarded
    assert flooded.count("UPSTREAM_TIMEOUT") == (6 if guarded else 8)
    assert flooded.count("UPSTREAM_BUSY") == (2 if guarded else 0)


def test_a_service_that_answers_slowly_has_all_runs() -> None:
    """Fifty at once, each answered after a while: none is refused."""

    async def slow(received: Received, writer: Writer) -> None:
        await asyncio.sleep(0.1)
        await say(reply())(received, writer)

    async def scenario() -> list[bool]:
        async with WebService(slow).running() as service:
            engine = make_engine()
            runs = [engine.run(make_run(make_action(service.url, timeout=5))) for _ in range(50)]
            results = await asyncio.gather(*runs)
            results += await asyncio.gather(
                *(engine.run(make_run(make_action(service.url, timeout=5))) for _ in range(50))
            )
            await engine.aclose()
            return [one.success for one in results]

    assert asyncio.run(scenario()) == [True] * 100


async def _tried(engine: Engine, url: str) -> RunResult | None:
    """Run an action; None if there was no place for it."""
    try:
        return await engine.run(make_run(make_action(url, timeout=1)))
    except LimitReached:
        return None
