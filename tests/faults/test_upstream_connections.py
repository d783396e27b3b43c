"""Connections that are not made, not trusted, lost, kept too long, or too many."""

from __future__ import annotations

import asyncio
import datetime as dt
import ssl
from dataclasses import dataclass

import pytest
import trustme

from jackfield.domain.run import RunMode, RunResult
from jackfield.engine.egress.bounds import EgressLimits
from jackfield.engine.upstream import Fault, UpstreamFailure
from support.faulty_service import FullBacklog, free_port
from support.misbehaviour import NoGuard, error_of, reset, run_against, speak_first, stall
from support.runs import CORRELATION, make_action, make_engine, make_run, make_upstream
from support.web_service import Answer, Received, WebService, Writer, reply, say


def test_a_refused_connection_is_an_internal_error_with_the_documented_words() -> None:
    """Nobody listens: 500 with `Connection refused` in the nested message."""

    async def scenario() -> RunResult:
        return await run_against(WebService(port=free_port()), RunMode.EXECUTE)

    error = error_of(asyncio.run(scenario()))
    assert (error.findings[0].code, error.status) == ("UPSTREAM_REFUSED", 500)
    assert error.nested == (
        f"REST call for action execute failed. Message: Connection refused [{CORRELATION}]"
    )


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


def test_the_system_s_authorities_are_the_default() -> None:
    """Without a context of its own the client trusts what this machine trusts, and this authority is not."""

    async def scenario() -> RunResult:
        async with WebService().running(_server_tls(CERTIFICATES["trusted"])) as service:
            return await run_against(service, RunMode.TEST)

    assert error_of(asyncio.run(scenario())).findings[0].code == "UPSTREAM_CERTIFICATE_REFUSED"


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
