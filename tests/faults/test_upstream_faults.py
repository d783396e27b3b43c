"""A web service that misbehaves in every way we know: each ends in its documented error, in time, alone."""

from __future__ import annotations

import asyncio
import gzip
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import pytest
import uvloop

from jackfield.domain.run import RunMode, RunResult
from support.misbehaviour import drip, error_of, hang_up, pour, reset, run_against, speak_first, stall
from support.runs import CORRELATION, WallClock, make_action, make_engine, make_run
from support.web_service import Answer, WebService, reply, say

REMOTE = "ACTION.REMOTE_ENDPOINT"
MEGABYTE = b"x" * 1024 * 1024
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
BOMB = gzip.compress(b"0" * 40 * 1024 * 1024, mtime=0)
PACKED = gzip.compress(b'{"a":' + b"1" * 500 + b"}", mtime=0)


@dataclass(frozen=True)
class Case:
    """One way to misbehave and how it ends."""

    name: str
    service: WebService
    code: str
    status: int
    wire: str = "internal.server.error"


def case(name: str, answer: Answer, code: str, status: int, wire: str = "internal.server.error") -> Case:
    """Return a case whose service answers requests badly."""
    return Case(name, WebService(answer), code, status, wire)


def wrong(name: str, answer: Answer, code: str) -> Case:
    """Return a case that ends in 400 bad.request."""
    return case(name, answer, code, 400, "bad.request")


def status_case(line: str, status: int, wire: str, code: str = "UPSTREAM_STATUS") -> Case:
    """Return a case whose service answers with an error status."""
    return case(line, say(reply(b'{"why":"no"}', line)), code, status, wire)


CASES = (
    Case("closes at once", WebService(greet=hang_up), "UPSTREAM_RESET", 500),
    Case("speaks another protocol", WebService(greet=speak_first), "UPSTREAM_MALFORMED", 500),
    case("never answers", stall(), "UPSTREAM_TIMEOUT", 408, "request.timeout"),
    case("stops in the status line", stall(b"HTTP/1.1 2"), "UPSTREAM_TIMEOUT", 408, "request.timeout"),
    case("stops in the headers", stall(HEAD), "UPSTREAM_TIMEOUT", 408, "request.timeout"),
    case(
        "stops in the body",
        stall(HEAD + b"Content-Length: 9\r\n\r\n{"),
        "UPSTREAM_TIMEOUT",
        408,
        "request.timeout",
    ),
    case("drips headers", drip(b"X-A: b\r\n", HEAD), "UPSTREAM_TIMEOUT", 408, "request.timeout"),
    case(
        "drips a body",
        drip(b" ", HEAD + b"Content-Length: 9000\r\n\r\n"),
        "UPSTREAM_TIMEOUT",
        408,
        "request.timeout",
    ),
    case("drips interim replies", drip(b"HTTP/1.1 102 Processing\r\n\r\n"), "UPSTREAM_MALFORMED", 500),
    case("closes without a reply", say(b"", then_close=True), "UPSTREAM_RESET", 500),
    case("resets instead of a reply", reset(), "UPSTREAM_RESET", 500),
    case("resets in the status line", reset(b"HTTP/1.1 20"), "UPSTREAM_RESET", 500),
    case("resets in the headers", reset(HEAD), "UPSTREAM_RESET", 500),
    case("resets in the body", reset(HEAD + b"Content-Length: 50\r\n\r\n{"), "UPSTREAM_RESET", 500),
    case("resets in a body without length", reset(HEAD + b"\r\n{"), "UPSTREAM_RESET", 500),
    case(
        "closes in the body",
        say(HEAD + b"Content-Length: 50\r\n\r\n{", then_close=True),
        "UPSTREAM_RESET",
        500,
    ),
    case("closes in a chunk", say(CHUNKED + b"9\r\n{", then_close=True), "UPSTREAM_RESET", 500),
    case("closes between chunks", say(CHUNKED + b"1\r\n{\r\n", then_close=True), "UPSTREAM_RESET", 500),
    case("malformed chunk size", say(CHUNKED + b"zz\r\n{}\r\n0\r\n\r\n"), "UPSTREAM_MALFORMED", 500),
    case("chunk longer than said", say(CHUNKED + b"1\r\n{}\r\n0\r\n\r\n"), "UPSTREAM_MALFORMED", 500),
    case("random bytes", say(bytes(range(256)) * 4, then_close=True), "UPSTREAM_MALFORMED", 500),
    case("HTML without HTTP", say(b"<html>hello</html>", then_close=True), "UPSTREAM_MALFORMED", 500),
    case("HTTP/2", say(b"\x00\x00\x12\x04\x00\x00\x00\x00\x00", then_close=True), "UPSTREAM_MALFORMED", 500),
    case(
        "two lengths",
        say(HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} "),
        "UPSTREAM_MALFORMED",
        500,
    ),
    case(
        "length and chunks",
        say(HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        "UPSTREAM_MALFORMED",
        500,
    ),
    case("negative length", say(HEAD + b"Content-Length: -1\r\n\r\n{}"), "UPSTREAM_MALFORMED", 500),
    case("header without colon", say(HEAD + b"nonsense\r\n\r\n{}"), "UPSTREAM_MALFORMED", 500),
    case(
        "switches protocols",
        say(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"),
        "UPSTREAM_MALFORMED",
        500,
    ),
    case("interim flood", pour(b"HTTP/1.1 100 Continue\r\n\r\n"), "UPSTREAM_MALFORMED", 500),
    wrong(
        "one huge header",
        say(HEAD + b"X-Big: " + b"a" * 100_000 + b"\r\n\r\n{}"),
        "UPSTREAM_HEADERS_TOO_LARGE",
    ),
    wrong("endless header", pour(b"a" * 8000, HEAD + b"X-Big: "), "UPSTREAM_HEADERS_TOO_LARGE"),
    wrong("many headers", say(HEAD + b"X-A: b\r\n" * 500 + b"\r\n{}"), "UPSTREAM_HEADERS_TOO_LARGE"),
    wrong(
        "endless trailer",
        pour(b"X-T: " + b"a" * 900 + b"\r\n", CHUNKED + b"2\r\n{}\r\n0\r\n"),
        "UPSTREAM_HEADERS_TOO_LARGE",
    ),
    wrong("announces too much", say(HEAD + b"Content-Length: 1000000000\r\n\r\n"), "UPSTREAM_TOO_LARGE"),
    wrong("endless body", pour(MEGABYTE, HEAD + b"\r\n"), "UPSTREAM_TOO_LARGE"),
    wrong("endless chunks", pour(b"100000\r\n" + MEGABYTE + b"\r\n", CHUNKED), "UPSTREAM_TOO_LARGE"),
    wrong("endless chunk extension", pour(MEGABYTE, CHUNKED + b"1;x="), "UPSTREAM_TOO_LARGE"),
    wrong("gzip bomb", say(reply(BOMB, headers="Content-Encoding: gzip\r\n")), "UPSTREAM_TOO_LARGE"),
    wrong(
        "damaged gzip",
        say(reply(b"\x1f\x8b" + PACKED[9:], headers="Content-Encoding: gzip\r\n")),
        "UPSTREAM_ENCODING",
    ),
    wrong(
        "truncated gzip", say(reply(PACKED[:-9], headers="Content-Encoding: gzip\r\n")), "UPSTREAM_ENCODING"
    ),
    wrong("not deflate", say(reply(b"{}", headers="Content-Encoding: deflate\r\n")), "UPSTREAM_ENCODING"),
    wrong("brotli", say(reply(b"{}", headers="Content-Encoding: br\r\n")), "UPSTREAM_ENCODING"),
    wrong("gzip twice", say(reply(PACKED, headers="Content-Encoding: gzip, gzip\r\n")), "UPSTREAM_ENCODING"),
    status_case("301 Moved Permanently", 400, "bad.request", "UPSTREAM_REDIRECT"),
    status_case("302 Found", 400, "bad.request", "UPSTREAM_REDIRECT"),
    status_case("303 See Other", 400, "bad.request", "UPSTREAM_REDIRECT"),
    status_case("307 Temporary Redirect", 400, "bad.request", "UPSTREAM_REDIRECT"),
    status_case("308 Permanent Redirect", 400, "bad.request", "UPSTREAM_REDIRECT"),
    status_case("400 Bad Request", 400, "bad.request"),
    status_case("401 Unauthorized", 401, "invalid.credentials"),
    status_case("403 Forbidden", 403, "not.authorized"),
    status_case("404 Not Found", 404, "not.found"),
    status_case("418 Teapot", 418, "bad.request"),
    status_case("429 Too Many Requests", 429, "too.many.requests"),
    status_case("500 Internal Server Error", 500, "internal.server.error"),
    status_case("502 Bad Gateway", 502, "internal.server.error"),
    status_case("503 Service Unavailable", 503, "service.unavailable"),
    status_case("504 Gateway Timeout", 504, "gateway.timeout"),
    status_case("777 Odd", 599, "internal.server.error"),
    wrong("HTML", say(reply(b"<html>", headers="Content-Type: text/html\r\n")), "UPSTREAM_NOT_JSON"),
    wrong("XML", say(reply(b"<a/>", headers="Content-Type: text/xml\r\n")), "UPSTREAM_NOT_JSON"),
    wrong("half a JSON text", say(reply(b'{"a": [1, 2')), "UPSTREAM_NOT_JSON"),
    wrong("two JSON texts", say(reply(b"{} {}")), "UPSTREAM_NOT_JSON"),
    wrong("not a number", say(reply(b'{"a": NaN}')), "UPSTREAM_NOT_JSON"),
    wrong("invalid UTF-8", say(reply(b'{"a": "\xff\xfe"}')), "UPSTREAM_NOT_JSON"),
    wrong("nested 51 deep", say(reply(b"[" * 51 + b"]" * 51)), "UPSTREAM_TOO_DEEP"),
    wrong("depth bomb", say(reply(b"[" * 500_000)), "UPSTREAM_TOO_DEEP"),
    wrong(
        "depth bomb with long numbers",
        say(reply(b'{"a":12345678901234567890,"b":' + b"[" * 90_000)),
        "UPSTREAM_TOO_DEEP",
    ),
)


@pytest.mark.parametrize("fault", CASES, ids=lambda fault: fault.name)
def test_each_fault_ends_in_its_documented_error(fault: Case) -> None:
    """In both modes: finding, status, code, detail and nested message are the documented ones, in time."""

    async def scenario() -> tuple[RunResult, RunResult, float]:
        async with fault.service.running():
            begun = WallClock().monotonic()
            execute, test = await asyncio.gather(
                run_against(fault.service, RunMode.EXECUTE), run_against(fault.service, RunMode.TEST)
            )
            return execute, test, WallClock().monotonic() - begun

    execute, test, seconds = asyncio.run(scenario())
    for error in (error_of(execute), error_of(test)):
        assert (error.findings[0].code, error.status, error.code) == (fault.code, fault.status, fault.wire)
        assert error.detail == REMOTE
        assert error.nested.startswith("REST call for action execute failed. Message: ")
        assert error.nested.endswith(f" [{CORRELATION}]")
    assert not execute.operations
    assert [item.success for item in test.operations] == [True] * 7 + [False]
    # A generous margin for a busy machine; without a deadline these would take 30 seconds.
    assert seconds < 6


@pytest.mark.parametrize("fault", CASES, ids=lambda fault: fault.name)
def test_a_post_reaches_a_faulty_service_once(fault: Case) -> None:
    """Whatever goes wrong, a non-idempotent request is not sent again. Runs on uvloop, as the server does."""

    async def scenario() -> tuple[int, int, str]:
        fault.service.received.clear()
        async with fault.service.running():
            before = fault.service.accepts
            error = error_of(await run_against(fault.service, RunMode.EXECUTE))
            accepts = fault.service.accepts - before
        return accepts, len(fault.service.received), error.findings[0].code

    accepts, requests, code = uvloop.run(scenario())
    assert (accepts, code) == (1, fault.code)
    assert requests <= 1


def test_bodies_of_the_service_show_in_test_mode_only() -> None:
    """Execute hides what the service answered, test shows it, in message, finding and trace."""
    service = WebService(say(reply(b'{"reason":"the cupboard is bare"}', "409 Conflict")))

    async def scenario() -> tuple[RunResult, RunResult]:
        async with service.running():
            return await run_against(service, RunMode.EXECUTE), await run_against(service, RunMode.TEST)

    execute, test = asyncio.run(scenario())
    assert "cupboard" not in repr((execute, error_of(execute).findings, error_of(execute).nested))
    assert "To see error details, use test mode" in error_of(execute).nested
    assert "cupboard" in error_of(test).nested
    assert "cupboard" in error_of(test).findings[0].seen
    assert "cupboard" in repr(test.operations[7].result)


@pytest.mark.slow
def test_faults_leak_no_file_descriptors() -> None:
    """After hundreds of runs against every fault that ends at once, no connection is left open."""
    quick = [fault for fault in CASES if fault.code != "UPSTREAM_TIMEOUT" and "endless" not in fault.name]

    async def scenario() -> tuple[int, int]:
        async with _all_running(quick) as services:
            await _round(services)
            before = _descriptors()
            for _ in range(5):
                await _round(services)
            return before, _descriptors()

    before, after = asyncio.run(scenario())
    assert after <= before + 2


async def _round(services: list[WebService]) -> None:
    engine = make_engine()
    for service in services:
        await engine.run(make_run(make_action(service.url, "POST", timeout=2), mode=RunMode.EXECUTE))
        service.received.clear()
    await engine.aclose()
    await asyncio.sleep(0.1)


@asynccontextmanager
async def _all_running(cases: list[Case]) -> AsyncIterator[list[WebService]]:
    async with AsyncExitStack() as stack:
        for fault in cases:
            await stack.enter_async_context(fault.service.running())
        yield [fault.service for fault in cases]


def _descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))
