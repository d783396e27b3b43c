"""Runs that nobody awaits: the same results as of those that are, and nothing left behind."""

from __future__ import annotations

import asyncio
import gc
from dataclasses import replace

import pytest

from jackfield.domain.errors import LimitReached
from jackfield.domain.run import Run, RunMode, RunResult
from jackfield.engine.limits import EngineLimits
from jackfield.engine.pipeline import WEB_SERVICES
from jackfield.engine.upstream import (
    Fault,
    InboundReply,
    OutboundRequest,
    ReplyListener,
    Sending,
    UpstreamFailure,
)
from support.runs import (
    CannedUpstream,
    EndOfRun,
    json_reply,
    make_action,
    make_engine,
    make_run,
    run_unawaited,
    text_reply,
)

GOOD = make_action(
    "https://example.com/$esc.uriEncode(${input.name})",
    "POST",
    paths={"text": "$.text", "note": "$.note"},
    defaults={"note": '"none"'},
    success='{"text": ${text}, "note": ${note}}',
)
WARNED = make_action("http://example.com/a b", "POST")


def run_of(action: object = GOOD, inputs: object = None, **more: object) -> Run:
    """Return a run in execute mode."""
    given = {"name": "Ada"} if inputs is None else inputs
    return make_run(action, given, mode=RunMode.EXECUTE, **more)  # type: ignore[arg-type]


def comparable(result: RunResult) -> RunResult:
    """Return a result without its durations, and its error by what it says."""
    return replace(result, durations={}, error=None)


@pytest.mark.parametrize(
    ("run", "answer"),
    [
        (run_of(), json_reply({"text": "hello"})),
        (run_of(flatten=True), json_reply({"text": "hello", "note": [1, 2]})),
        (run_of(inputs={"name": {"first": "Ada"}}), json_reply({})),
        (run_of(inputs={"other": 1}), json_reply({})),
        (run_of(make_action("", "POST")), json_reply({})),
        (run_of(make_action("https://example.com/${input.nobody}")), json_reply({})),
        (run_of(WARNED), json_reply({"a": 1})),
        (run_of(WARNED), json_reply({"why": "x" * 100_000}, status=500)),
        (run_of(), json_reply({}, status=401)),
        (run_of(), json_reply({}, status=302)),
        (run_of(), text_reply(b"<html>")),
        (run_of(), text_reply(b"")),
        (run_of(), json_reply({"note": 1})),
        (run_of(make_action("https://example.com/", success="{")), json_reply({})),
        (run_of(), UpstreamFailure(Fault.TIMEOUT, phase="the reply was awaited")),
        (run_of(), UpstreamFailure(Fault.ADDRESS_BLOCKED, "a range", address="10.0.0.1")),
    ],
)
def test_awaited_or_not(run: Run, answer: InboundReply | UpstreamFailure) -> None:
    """Successes, warnings and failures of every step are the same, and no run stays under way."""

    async def both() -> tuple[RunResult, RunResult]:
        engine = make_engine(CannedUpstream(answer))
        awaited, unawaited = await engine.run(run), await run_unawaited(engine, run)
        assert engine.running == 0
        return awaited, unawaited

    awaited, unawaited = asyncio.run(both())
    assert comparable(awaited) == comparable(unawaited)
    assert str(awaited.error) == str(unawaited.error)
    if awaited.error is not None and unawaited.error is not None:
        assert awaited.error.findings == unawaited.error.findings
        assert awaited.error.nested == unawaited.error.nested


class Silent(CannedUpstream):
    """Never answers; remembers who listens and what was given up."""

    def __init__(self) -> None:
        super().__init__()
        self.listeners: list[ReplyListener] = []
        self.cancelled = 0

    def send_now(self, request: OutboundRequest, *, deadline: float, listener: ReplyListener) -> Sending:
        """Say nothing."""
        assert deadline > 0
        self.requests.append(request)
        self.listeners.append(listener)
        return self

    def cancel(self) -> None:
        """Count it."""
        self.cancelled += 1


def test_a_run_that_is_ended() -> None:
    """Its request is given up, its place is free, its listener hears nothing, however often it is ended."""

    async def scene() -> None:
        upstream = Silent()
        engine, end = make_engine(upstream), EndOfRun()
        flight = engine.run_now(run_of(), end)
        assert engine.running == 1
        flight.cancel()
        flight.cancel()
        assert (engine.running, upstream.cancelled, end.is_there) == (0, 1, False)

    asyncio.run(scene())


def test_too_many_runs() -> None:
    """One too many is refused before anything is begun."""

    async def scene() -> None:
        upstream = Silent()
        engine = make_engine(upstream, EngineLimits(concurrency=1))
        first = engine.run_now(run_of(), EndOfRun())
        with pytest.raises(LimitReached):
            engine.run_now(run_of(), EndOfRun())
        assert (engine.running, len(upstream.requests)) == (1, 1)
        first.cancel()

    asyncio.run(scene())


def test_a_mistake_of_ours_is_told() -> None:
    """A fault of the program, before or after the call, reaches the listener, and the place is free."""

    async def scene() -> None:
        upstream = Silent()
        engine = make_engine(upstream)
        broken, late = EndOfRun(), EndOfRun()
        engine.run_now(replace(run_of(), inputs=3), broken)  # type: ignore[arg-type]
        with pytest.raises(AttributeError):
            await broken.result()
        engine.run_now(run_of(), late)
        upstream.listeners[-1].failed(ZeroDivisionError("ours"))
        with pytest.raises(ZeroDivisionError):
            await late.result()
        assert engine.running == 0

    asyncio.run(scene())


def test_nothing_waits_for_the_collector() -> None:
    """What a run consisted of is gone with its end: no circle of objects is left for the collector."""

    async def scene() -> None:
        upstream = Silent()
        engine, runs = make_engine(upstream), 100
        gc.collect()
        gc.disable()
        try:
            for _ in range(runs):
                end = EndOfRun()
                engine.run_now(run_of(), end)
                upstream.listeners.pop().replied(json_reply({"text": "hello"}))
                assert (await end.result()).success
            assert gc.collect() < runs
        finally:
            gc.enable()

    asyncio.run(scene())


def test_what_has_to_be_awaited() -> None:
    """Runs that may wait for a login, or whose upstream cannot send at once, are not for this way."""
    engine = make_engine(CannedUpstream())
    assert engine.runs_at_once(WEB_SERVICES, None)
    assert engine.runs_at_once(WEB_SERVICES, "basicAuth")
    assert engine.runs_at_once(WEB_SERVICES, "userDefined")
    assert not engine.runs_at_once(WEB_SERVICES, "userDefinedOAuth")
    assert not engine.runs_at_once("genesys-cloud", "pureCloudOAuthClient")
