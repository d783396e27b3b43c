"""Faults that are switched on: which requests they mean, how often, and what comes instead."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from jackfield.engine.faults import SERVICE_FAULTS
from jackfield.engine.faults.injection import FaultRule, Faults
from jackfield.engine.target import parse_target
from jackfield.engine.upstream import InboundReply, OutboundRequest, UpstreamFailure
from support.runs import CannedUpstream, WallClock

RESET = SERVICE_FAULTS["reset"]
REQUEST = OutboundRequest(
    "GET",
    parse_target("https://api.example.com/v1/orders?page=2"),
    (),
    integration_id="int-1",
    action_id="custom_-_1",
    action_name="Get orders",
)


def outcomes(rules: Sequence[FaultRule], times: int = 12, *, seed: int = 7) -> tuple[str, int]:
    """Return what became of some requests, `x` for a fault and `.` for none, and how many were sent."""
    real, told = CannedUpstream(), []
    faults = Faults(rules, WallClock(), seed=seed, told=lambda rule, _: told.append(rule))
    upstream = faults.before(real)

    async def one() -> str:
        try:
            reply = await upstream.send(REQUEST, deadline=WallClock().monotonic() + 5)
        except UpstreamFailure:
            return "x"
        return "." if reply.status == 200 else "s"

    async def scenario() -> str:
        return "".join([await one() for _ in range(times)])

    seen = asyncio.run(scenario())
    assert len(told) == times - seen.count(".")
    return seen, len(real.requests)


@pytest.mark.parametrize(
    ("rule", "seen", "sent"),
    [
        (FaultRule(RESET), "xxxxxxxxxxxx", 0),
        (FaultRule(RESET, every=3), "..x..x..x..x", 8),
        (FaultRule(RESET, after=10), "..........xx", 10),
        (FaultRule(RESET, times=2), "xx..........", 10),
        (FaultRule(RESET, after=2, every=2, times=3), "...x.x.x....", 9),
        (FaultRule(RESET, chance=0.0), "............", 12),
        (FaultRule(RESET, service_acts=True), "xxxxxxxxxxxx", 12),
        (FaultRule(reply=InboundReply(503, "", (), b"{}")), "ssssssssssss", 0),
        (FaultRule(SERVICE_FAULTS["status-429"]), "ssssssssssss", 0),
    ],
)
def test_how_often(rule: FaultRule, seen: str, sent: int) -> None:
    """After, every, times; a service that acts is called although its answer is lost."""
    assert outcomes([rule]) == (seen, sent)


def test_chances_follow_the_seed() -> None:
    """The same seed gives the same run, another one another, and about the share that was asked for."""
    rule = FaultRule(RESET, chance=0.3)
    first, again, other = (outcomes([rule], 200, seed=seed)[0] for seed in (1, 1, 2))
    assert first == again != other
    assert 40 <= first.count("x") <= 80


@pytest.mark.parametrize(
    ("rule", "meant"),
    [
        (FaultRule(RESET, host="api.example.com"), True),
        (FaultRule(RESET, host="*.example.com"), True),
        (FaultRule(RESET, host="example.com"), False),
        (FaultRule(RESET, path="/v1/*"), True),
        (FaultRule(RESET, path="/v1/orders"), False),
        (FaultRule(RESET, path="*page=?"), True),
        (FaultRule(RESET, method="GET"), True),
        (FaultRule(RESET, method="POST"), False),
        (FaultRule(RESET, action="custom_-_1"), True),
        (FaultRule(RESET, action="Get orders"), True),
        (FaultRule(RESET, action="Get order"), False),
        (FaultRule(RESET, integration="int-1"), True),
        (FaultRule(RESET, integration="int-2"), False),
        (FaultRule(RESET, host="api.example.com", method="POST"), False),
    ],
)
def test_which_requests_are_meant(rule: FaultRule, meant: bool) -> None:
    """Host, path, method, action by id or name, integration; all that is said has to fit."""
    assert rule.means(REQUEST) is meant


def test_the_first_rule_whose_turn_it_is_counts() -> None:
    """Each rule counts the requests that come as far as to it; two ways out share the counting."""
    rules = [FaultRule(RESET, every=2), FaultRule(SERVICE_FAULTS["status-500"], every=2)]
    assert outcomes(rules)[0] == ".xsx.xsx.xsx"


def test_a_delay_is_waited_for_and_then_the_service_called() -> None:
    """No longer than the request has time."""

    async def scenario() -> float:
        clock = WallClock()
        faults = Faults([FaultRule(delay=0.05)], clock, seed=0, told=lambda *_: None)
        begun = clock.monotonic()
        assert (await faults.before(CannedUpstream()).send(REQUEST, deadline=begun + 5)).status == 200
        return clock.monotonic() - begun

    assert asyncio.run(scenario()) >= 0.05
    assert FaultRule(delay=0.05).name == "delay 0.05 s"
