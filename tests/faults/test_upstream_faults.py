"""A web service that misbehaves in every way we know: each ends in its documented error, in time, alone."""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
import os
import socket
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import pytest
import trustme
import uvloop

from jackfield.domain.errors import ActionFailed
from jackfield.domain.run import RunMode, RunResult
from jackfield.engine.egress.bounds import EgressLimits
from jackfield.engine.upstream import Fault, UpstreamFailure
from support.runs import CORRELATION, WallClock, make_action, make_engine, make_run, make_upstream
from support.web_service import Answer, Received, WebService, Writer, reply, say

REMOTE = "ACTION.REMOTE_ENDPOINT"
MEGABYTE = b"x" * 1024 * 1024


def stall(first: bytes = b"") -> Answer:
    """Say a few bytes, then nothing."""

    async def answer(received: Received, writer: Writer) -> None:
        writer.write(first)
        await writer.drain()
        await received.until_gone()

    return answer


def drip(piece: bytes, first: bytes = b"") -> Answer:
    """Say the same few bytes for ever."""

    async def answer(_: Received, writer: Writer) -> None:
        writer.write(first)
        while not writer.is_closing():
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.05)

    return answer


def pour(piece: bytes, first: bytes = b"") -> Answer:
    """Say the same bytes for ever, as fast as they are taken."""

    async def answer(_: Received, writer: Writer) -> None:
        writer.write(first)
        while not writer.is_closing():
            writer.write(piece)
            await writer.drain()

    return answer


def reset(first: bytes = b"") -> Answer:
    """Say a few bytes, then reset the connection."""

    async def answer(_: Received, writer: Writer) -> None:
        writer.write(first)
        await writer.drain()
        await asyncio.sleep(0.02)
        linger = bytes([1, 0, 0, 0, 0, 0, 0, 0])
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.transport.abort()

    return answer


async def hang_up(_: asyncio.StreamReader, writer: Writer) -> bool:
    """Close before reading anything."""
    writer.close()
    return True


async def speak_first(reader: asyncio.StreamReader, writer: Writer) -> bool:
    """Speak another protocol at once, and never HTTP."""
    writer.write(b"SSH-2.0-OpenSSH_9.6\r\n")
    await writer.drain()
    await reader.read()
    return True


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
BOMB = gzip.compress(b"0" * 40 * 1024 * 1024)
PACKED = gzip.compress(b'{"a":' + b"1" * 500 + b"}")


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


async def run_against(service: WebService, mode: RunMode, method: str = "POST") -> RunResult:
    """Run an action with a timeout of one second against a service, with an engine of its own."""
    engine = make_engine()
    try:
        action = make_action(f"{service.url}/path", method, timeout=1)
        return await engine.run(make_run(action, {"a": 1}, mode=mode))
    finally:
        await engine.aclose()


def error_of(result: RunResult) -> ActionFailed:
    """Return the error of a run that must have failed."""
    assert result.error is not None, result.final_result
    assert not result.success
    return result.error


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


def test_a_refused_connection_is_an_internal_error_with_the_documented_words() -> None:
    """Nobody listens: 500 with `Connection refused` in the nested message."""

    async def scenario() -> RunResult:
        return await run_against(WebService(port=_free_port()), RunMode.EXECUTE)

    error = error_of(asyncio.run(scenario()))
    assert (error.findings[0].code, error.status) == ("UPSTREAM_REFUSED", 500)
    assert error.nested == (
        f"REST call for action execute failed. Message: Connection refused [{CORRELATION}]"
    )


class NoGuard:
    """Lets everything through, so that the connection itself can fail."""

    def judge(self, host: str, port: int, addresses: Sequence[str]) -> None:
        """Allow."""


def test_an_address_that_no_route_leads_to_is_unreachable() -> None:
    """The system's own refusal, with its reason."""

    async def scenario() -> RunResult:
        engine = make_engine(make_upstream(judge=NoGuard()))
        result = await engine.run(make_run(make_action("http://255.255.255.255:9/", timeout=1)))
        await engine.aclose()
        return result

    error = error_of(asyncio.run(scenario()))
    assert (error.findings[0].code, error.status) == ("UPSTREAM_UNREACHABLE", 500)


def test_a_port_that_never_accepts_times_out() -> None:
    """A full backlog swallows the connection attempt; the deadline ends it and names the phase."""

    async def scenario() -> RunResult:
        with FullBacklog() as port:
            return await run_against(WebService(port=port), RunMode.TEST)

    error = error_of(asyncio.run(scenario()))
    assert (error.findings[0].code, error.status, error.code) == ("UPSTREAM_TIMEOUT", 408, "request.timeout")
    assert "while the connection was made" in error.message


@dataclass
class SlowNames:
    """A resolver that takes its time, or knows nothing."""

    seconds: float = 0.0

    async def resolve(self, host: str, port: int) -> tuple[str, ...]:
        """Wait, then fail."""
        await asyncio.sleep(self.seconds)
        raise UpstreamFailure(Fault.UNKNOWN_HOST, f"nobody knows {host} and {port}")


@pytest.mark.parametrize(
    ("seconds", "code", "status"), [(0.0, "UPSTREAM_UNKNOWN_HOST", 500), (30.0, "UPSTREAM_TIMEOUT", 408)]
)
def test_names_that_do_not_resolve(seconds: float, code: str, status: int) -> None:
    """An unknown name and a silent name server end in their own errors."""

    async def scenario() -> RunResult:
        engine = make_engine(make_upstream(resolver=SlowNames(seconds)))
        action = make_action("http://service.example/", timeout=1)
        result = await engine.run(make_run(action))
        await engine.aclose()
        return result

    error = error_of(asyncio.run(scenario()))
    assert (error.findings[0].code, error.status) == (code, status)


AUTHORITY = trustme.CA()


def _server_tls(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def _client_tls() -> ssl.SSLContext:
    context = ssl.create_default_context()
    AUTHORITY.configure_trust(context)
    return context


YESTERDAY = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
CERTIFICATES = {
    "trusted": AUTHORITY.issue_cert("127.0.0.1"),
    "for another name": AUTHORITY.issue_cert("other.example"),
    "expired": AUTHORITY.issue_cert("127.0.0.1", not_after=YESTERDAY),
    "of an unknown authority": trustme.CA().issue_cert("127.0.0.1"),
}


async def run_over_tls(
    service: WebService, context: ssl.SSLContext | None, scheme: str = "https"
) -> RunResult:
    """Run an action against a service with or without TLS."""
    async with service.running(context):
        engine = make_engine(make_upstream(tls=_client_tls()))
        action = make_action(f"{scheme}://127.0.0.1:{service.port}/", timeout=1)
        result = await engine.run(make_run(action))
        await engine.aclose()
        return result


@pytest.mark.parametrize("name", [name for name in CERTIFICATES if name != "trusted"])
def test_untrusted_certificates_are_refused(name: str) -> None:
    """No request goes out over a connection whose certificate is not right."""
    service = WebService()
    result = asyncio.run(run_over_tls(service, _server_tls(CERTIFICATES[name])))
    error = error_of(result)
    assert (error.findings[0].code, error.status) == ("UPSTREAM_CERTIFICATE_REFUSED", 500)
    assert not service.received


def test_a_trusted_certificate_is_accepted() -> None:
    """The control of the certificate tests."""
    result = asyncio.run(run_over_tls(WebService(), _server_tls(CERTIFICATES["trusted"])))
    assert result.success


def test_https_to_a_plain_port_fails_as_tls() -> None:
    """A service that speaks plain HTTP where https was asked for."""
    error = error_of(asyncio.run(run_over_tls(WebService(greet=speak_first), None)))
    assert (error.findings[0].code, error.status) == ("UPSTREAM_TLS_FAILED", 500)


def test_http_to_a_tls_port_fails_as_a_reply() -> None:
    """A service that speaks TLS where plain http was asked for closes or answers nonsense."""
    result = asyncio.run(run_over_tls(WebService(), _server_tls(CERTIFICATES["trusted"]), "http"))
    assert error_of(result).findings[0].code in ("UPSTREAM_RESET", "UPSTREAM_MALFORMED")


def test_a_handshake_that_never_ends_times_out() -> None:
    """A service that accepts and stays silent under TLS."""

    async def silent(reader: asyncio.StreamReader, _: Writer) -> bool:
        while await reader.read(65_536):
            pass
        return True

    error = error_of(asyncio.run(run_over_tls(WebService(greet=silent), None)))
    assert (error.findings[0].code, error.status) == ("UPSTREAM_TIMEOUT", 408)
    assert "encryption was agreed on" in error.message


def _resetting_second_request() -> Answer:
    """Answer the first request of all, reset the connection of the second, answer again from then on."""
    count = 0

    async def answer(received: Received, writer: Writer) -> None:
        nonlocal count
        count += 1
        if count == 2:
            await reset()(received, writer)
            return
        await say(reply())(received, writer)

    return answer


@pytest.mark.parametrize(("method", "requests", "success"), [("POST", 2, False), ("GET", 3, True)])
def test_a_kept_connection_that_dies_under_a_request(method: str, requests: int, success: bool) -> None:
    """GET goes out again on a new connection, POST does not: the service may have acted on it."""
    service = WebService(_resetting_second_request())

    async def scenario() -> RunResult:
        async with service.running():
            engine = make_engine()
            run = make_run(make_action(service.url, method, timeout=2))
            assert (await engine.run(run)).success
            result = await engine.run(run)
            await engine.aclose()
            return result

    assert asyncio.run(scenario()).success is success
    assert len(service.received) == requests


def test_a_kept_connection_that_the_service_closed_is_not_used() -> None:
    """The end of the stream is seen before a POST is written, so the POST goes out once, on a new one."""
    service = WebService()

    async def scenario() -> RunResult:
        async with service.running():
            engine = make_engine()
            run = make_run(make_action(service.url, "POST", timeout=2))
            assert (await engine.run(run)).success
            service.abort_all()
            await asyncio.sleep(0.05)
            result = await engine.run(run)
            await engine.aclose()
            return result

    assert asyncio.run(scenario()).success
    assert (len(service.received), service.accepts) == (2, 2)


def test_bytes_that_nobody_asked_for_are_never_a_reply() -> None:
    """A second reply behind the first one is dropped with its connection, not taken for the next answer."""
    forged = reply(b'{"forged":true}')
    service = WebService(say(reply(b'{"n":1}') + forged))

    async def scenario() -> list[str]:
        async with service.running():
            engine = make_engine()
            run = make_run(make_action(service.url, timeout=2))
            results = [(await engine.run(run)).final_result for _ in range(3)]
            await engine.aclose()
            return results

    assert asyncio.run(scenario()) == ['{"n":1}'] * 3
    assert service.accepts == 3


def test_a_reply_before_the_request_was_read_counts_and_its_connection_does_not() -> None:
    """A service may answer early and close; the reply is the result, the connection is not kept."""

    async def answer_unread(_: asyncio.StreamReader, writer: Writer) -> bool:
        writer.write(reply(b'{"early":1}'))
        await writer.drain()
        await asyncio.sleep(0.2)
        return True

    async def scenario() -> tuple[RunResult, int]:
        service = WebService(greet=answer_unread)
        async with service.running():
            engine = make_engine()
            action = make_action(service.url, "POST", body="z" * 8_000_000, timeout=5)
            result = await engine.run(make_run(action))
            upstream = engine._upstream
            await engine.aclose()
            return result, getattr(upstream, "idle_connections", -1)

    result, idle = asyncio.run(scenario())
    assert (result.final_result, idle) == ('{"early":1}', 0)


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


def test_one_silent_service_does_not_hold_up_another() -> None:
    """With forty runs waiting for a silent service, another service is still called and answers."""
    silent, lively = WebService(stall()), WebService()

    async def scenario() -> tuple[RunResult, int]:
        async with silent.running(), lively.running():
            engine = make_engine()
            waiting = [
                asyncio.ensure_future(engine.run(make_run(make_action(silent.url, timeout=2))))
                for _ in range(40)
            ]
            await asyncio.sleep(0.2)
            result = await engine.run(make_run(make_action(lively.url, timeout=2)))
            still_waiting = sum(not task.done() for task in waiting)
            await asyncio.gather(*waiting)
            await engine.aclose()
            return result, still_waiting

    result, still_waiting = asyncio.run(scenario())
    assert result.success
    assert still_waiting == 40


def test_a_cancelled_run_closes_its_connection() -> None:
    """A run that is cancelled (the server stops) leaves neither a connection nor a count behind."""
    service = WebService(stall())

    async def scenario() -> tuple[int, int]:
        async with service.running():
            engine = make_engine()
            task = asyncio.ensure_future(engine.run(make_run(make_action(service.url, timeout=5))))
            await asyncio.sleep(0.1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            running = engine.running
            upstream = engine._upstream
            await engine.aclose()
            return running, getattr(upstream, "exchanges", -1)

    assert asyncio.run(scenario()) == (0, 0)


def test_more_exchanges_than_allowed_are_refused() -> None:
    """The client's own bound on open connections ends in its documented error."""
    service = WebService(stall())

    async def scenario() -> RunResult:
        async with service.running():
            engine = make_engine(make_upstream(limits=EgressLimits(connections=1)))
            run = make_run(make_action(service.url, timeout=1))
            first = asyncio.ensure_future(engine.run(run))
            await asyncio.sleep(0.05)
            result = await engine.run(run)
            await first
            await engine.aclose()
            return result

    assert error_of(asyncio.run(scenario())).findings[0].code == "UPSTREAM_BUSY"


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


class FullBacklog:
    """A listening port that accepts nothing and whose queue is full."""

    def __enter__(self) -> int:
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(0)
        port = int(self._listener.getsockname()[1])
        self._fillers = [socket.socket() for _ in range(4)]
        for filler in self._fillers:
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        return port

    def __exit__(self, *_: object) -> None:
        for sock in (*self._fillers, self._listener):
            sock.close()
