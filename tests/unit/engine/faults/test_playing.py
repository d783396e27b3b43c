"""Faults that are played in memory end as they say; tests/faults holds the same against real sockets."""

from __future__ import annotations

import asyncio

import pytest

from jackfield.domain.run import RunMode, RunResult
from jackfield.engine.egress.bounds import EgressLimits
from jackfield.engine.faults import SERVICE_FAULTS, ServiceFault
from jackfield.engine.faults.moves import End
from jackfield.engine.faults.playing import play
from jackfield.engine.upstream import Fault, InboundReply, OutboundRequest
from support.misbehaviour import error_of
from support.runs import CORRELATION, WallClock, make_action, make_engine, make_run


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
    """Finding, status, code and phase are those of the vocabulary, in both modes; likewise the nested
    message and the failing step."""
    fault = SERVICE_FAULTS[name]

    async def scenario() -> list[RunResult]:
        engine = make_engine(Played(fault))
        action = make_action("http://service.example/", "POST", timeout=5)
        runs = [engine.run(make_run(action, mode=mode)) for mode in (RunMode.EXECUTE, RunMode.TEST)]
        results = await asyncio.gather(*runs)
        await engine.aclose()
        return results

    execute, test = asyncio.run(scenario())
    for error in (error_of(execute), error_of(test)):
        assert (error.findings[0].code, error.status, error.code) == (fault.code, fault.status, fault.wire)
        assert error.detail == "ACTION.REMOTE_ENDPOINT"
        assert error.nested.startswith("REST call for action execute failed. Message: ")
        assert error.nested.endswith(f" [{CORRELATION}]")
        assert fault.phase in error.message or not fault.times_out
    assert not execute.operations
    assert [item.success for item in test.operations] == [True] * 7 + [False]


@pytest.mark.parametrize(
    ("name", "code", "status", "wire"),
    [
        ("black-hole", "UPSTREAM_TIMEOUT", 408, "request.timeout"),
        ("reset", "UPSTREAM_RESET", 500, "internal.server.error"),
        ("malformed-chunk", "UPSTREAM_MALFORMED", 500, "internal.server.error"),
        ("endless-header", "UPSTREAM_HEADERS_TOO_LARGE", 400, "bad.request"),
        ("gzip-bomb", "UPSTREAM_TOO_LARGE", 400, "bad.request"),
        ("truncated-gzip", "UPSTREAM_ENCODING", 400, "bad.request"),
        ("status-302", "UPSTREAM_REDIRECT", 400, "bad.request"),
        ("status-429-retry-after", "UPSTREAM_STATUS", 429, "too.many.requests"),
        ("invalid-utf-8", "UPSTREAM_NOT_JSON", 400, "bad.request"),
        ("depth-bomb", "UPSTREAM_TOO_DEEP", 400, "bad.request"),
        ("certificate-expired", "UPSTREAM_CERTIFICATE_REFUSED", 500, "internal.server.error"),
        ("tls-old", "UPSTREAM_TLS_FAILED", 500, "internal.server.error"),
        ("proxy-failed", "UPSTREAM_PROXY_FAILED", 500, "internal.server.error"),
    ],
)
def test_lines_that_must_not_change_unnoticed(name: str, code: str, status: int, wire: str) -> None:
    """Callers rely on them: written a second time, by hand."""
    fault = SERVICE_FAULTS[name]
    assert (fault.code, fault.status, fault.wire) == (code, status, wire)


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
