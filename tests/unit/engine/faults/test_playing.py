"""Faults that are played in memory end as they say; tests/faults holds the same against real sockets."""

from __future__ import annotations

import asyncio

import pytest

from jackfield.domain.errors import ActionFailed
from jackfield.engine.egress.bounds import EgressLimits
from jackfield.engine.faults import SERVICE_FAULTS, ServiceFault
from jackfield.engine.faults.moves import End
from jackfield.engine.faults.playing import play
from jackfield.engine.upstream import Fault, InboundReply, OutboundRequest
from support.runs import WallClock, make_action, make_engine, make_run


class Played:
    """An upstream whose service has one fault, and little time."""

    def __init__(self, fault: ServiceFault) -> None:
        self._fault = fault

    async def send(self, request: OutboundRequest, *, deadline: float) -> InboundReply:
        """Play the fault."""
        assert request.body is not None
        clock = WallClock()
        hurried = clock.monotonic() + 0.1 if self._fault.times_out else deadline
        return await play(self._fault, clock, hurried)

    async def aclose(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize("name", SERVICE_FAULTS)
def test_a_played_fault_ends_as_it_says(name: str) -> None:
    """Finding, status, code, and for timeouts the phase, are those of the vocabulary."""
    fault = SERVICE_FAULTS[name]

    async def scenario() -> ActionFailed | None:
        engine = make_engine(Played(fault))
        result = await engine.run(make_run(make_action("http://service.example/", "POST", timeout=5)))
        await engine.aclose()
        return result.error

    error = asyncio.run(scenario())
    assert error is not None
    seen = (error.findings[0].code, error.status, error.code)
    assert seen == (fault.code, fault.status, fault.wire)
    if fault.times_out:
        assert fault.phase in error.message


def test_every_failure_of_the_client_has_its_fault() -> None:
    """Each way in which the client can fail can be asked for, by the name of its finding."""
    for fault in Fault:
        name = fault.value.removeprefix("UPSTREAM_").lower().replace("_", "-")
        assert SERVICE_FAULTS[name].code == fault.value


def test_played_replies_have_the_client_s_bounds() -> None:
    """They are parsed by the client itself: with a wider bound the same bytes are a reply."""
    fault = SERVICE_FAULTS["many-headers"]

    closing = ServiceFault("", "", "", 0, "", (*fault.moves, End()))

    async def scenario() -> int:
        limits = EgressLimits(header_count=1_000)
        reply = await play(closing, WallClock(), WallClock().monotonic() + 5, limits=limits)
        return len(reply.headers)

    assert asyncio.run(scenario()) == 501
