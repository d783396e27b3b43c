"""Calls through a proxy: CONNECT to the judged address, for http and https; what a proxy can do wrong."""

from __future__ import annotations

import asyncio
import ssl
from base64 import b64encode
from collections.abc import Sequence

import pytest
import trustme
import uvloop

from jackfield.domain.run import RunResult
from jackfield.engine.egress import HttpUpstream
from jackfield.engine.egress.bounds import EgressLimits
from jackfield.engine.egress.proxy import EgressProxy, is_name_for_a_proxy, parse_proxy
from jackfield.engine.egress.resolver import Resolver
from jackfield.engine.egress.tls import OneContext
from jackfield.engine.guard import UpstreamPolicy
from jackfield.engine.upstream import Fault, UpstreamFailure
from support.connect_proxy import OPENED, ConnectProxy
from support.runs import WallClock, codes, make_action, make_engine, make_run
from support.web_service import WebService

AUTHORITY = trustme.CA()


class Names:
    """A resolver that knows some names."""

    def __init__(self, **known: str) -> None:
        self._known = {name.replace("_", "."): address for name, address in known.items()}

    async def resolve(self, host: str, port: int) -> tuple[str, ...]:
        """Return the one address of a name."""
        assert port
        if host == "127.0.0.1":
            return (host,)
        if host not in self._known:
            raise UpstreamFailure(Fault.UNKNOWN_HOST, "nobody knows it")
        return (self._known[host],)


NAMES = Names(service_example="203.0.113.9", private_example="10.0.0.9")


def upstream_through(
    proxy: EgressProxy, resolver: Resolver = NAMES, mode: str = "public", allowed: Sequence[str] = ()
) -> HttpUpstream:
    """Return a client that calls through a proxy; documentation addresses count as public."""
    trusting = ssl.create_default_context()
    AUTHORITY.configure_trust(trusting)
    policy = UpstreamPolicy("loopback" if mode == "loopback" else "public", ("203.0.113.0/24", *allowed))
    limits = EgressLimits(connect_seconds=0.5)
    return HttpUpstream(
        policy, WallClock(), limits=limits, resolver=resolver, tls=OneContext(trusting), proxy=proxy
    )


async def run_through(upstream: HttpUpstream, url: str, times: int = 1) -> RunResult:
    """Run an action through a client, as often as is wanted."""
    engine = make_engine(upstream)
    try:
        for _ in range(times):
            result = await engine.run(make_run(make_action(url, "POST", timeout=2), {"a": 1}))
        return result
    finally:
        await engine.aclose()


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("resolves", [False, True])
@pytest.mark.parametrize("runner", [asyncio.run, uvloop.run])
def test_calls_go_through_a_tunnel(scheme: str, resolves: bool, runner: object) -> None:
    """The proxy is asked for the judged address, or for the name, once for two calls; with its password."""
    context = None
    if scheme == "https":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        AUTHORITY.issue_cert("service.example").configure_cert(context)

    async def scenario() -> tuple[RunResult, ConnectProxy, WebService]:
        async with WebService().running(context) as service, ConnectProxy(service.port).running() as proxy:
            url = f"http://jo%3Ae:p%40ss@127.0.0.1:{proxy.port}"
            upstream = upstream_through(parse_proxy(url, resolves=resolves))
            result = await run_through(upstream, f"{scheme}://service.example:8443/path", times=2)
            return result, proxy, service

    assert callable(runner)
    result, proxy, service = runner(scenario())
    assert result.success, result.error
    assert proxy.asked == ["service.example:8443" if resolves else "203.0.113.9:8443"]
    assert f"Proxy-Authorization: Basic {b64encode(b'jo:e:p@ss').decode()}\r\n" in proxy.heads[0]
    assert [request.headers["host"] for request in service.received] == ["service.example:8443"] * 2
    assert all("proxy-authorization" not in request.headers for request in service.received)


@pytest.mark.parametrize("resolves", [False, True])
@pytest.mark.parametrize("url", ["http://10.0.0.9/", "http://private.example/", "http://169.254.169.254/"])
def test_the_guard_judges_the_target_and_not_the_proxy(url: str, resolves: bool) -> None:
    """The proxy stands on loopback, which is its operator's business; nobody is led to a private address."""

    async def scenario() -> tuple[RunResult, list[str]]:
        async with ConnectProxy().running() as proxy:
            upstream = upstream_through(EgressProxy("127.0.0.1", proxy.port, resolves=resolves))
            return await run_through(upstream, url), proxy.asked

    result, asked = asyncio.run(scenario())
    assert codes(result) in (["UPSTREAM_ADDRESS_BLOCKED"], ["UPSTREAM_UNKNOWN_HOST"])
    assert asked == []


def test_loopback_is_this_machine_s_own_and_called_directly() -> None:
    """A proxy would take 127.0.0.1 for its own loopback."""

    async def scenario() -> tuple[RunResult, list[str]]:
        async with WebService().running() as service, ConnectProxy(service.port).running() as proxy:
            upstream = upstream_through(EgressProxy("127.0.0.1", proxy.port), mode="loopback")
            return await run_through(upstream, service.url), proxy.asked

    result, asked = asyncio.run(scenario())
    assert result.success
    assert asked == []


@pytest.mark.parametrize(("resolves", "asked"), [(False, []), (True, ["only.proxies.example:80"])])
def test_names_that_only_the_proxy_knows(resolves: bool, asked: list[str]) -> None:
    """They are left to a proxy that resolves, and unknown otherwise."""

    async def scenario() -> tuple[RunResult, list[str]]:
        async with WebService().running() as service, ConnectProxy(service.port).running() as proxy:
            upstream = upstream_through(EgressProxy("127.0.0.1", proxy.port, resolves=resolves))
            return await run_through(upstream, "http://only.proxies.example/"), proxy.asked

    result, seen = asyncio.run(scenario())
    assert result.success is resolves
    assert seen == asked


@pytest.mark.parametrize(
    "host",
    [
        *(
            "localhost",
            "a.localhost",
            "printer.local",
            "db.internal",
            "intranet",
            "nas.lan",
            "a.localdomain.",
        ),
        *("127.0.0.1", "127.1", "0x7f.1", "2130706433", "10.0.0.0x9", "1.2.3.4.", "::1", "fe80::1", "a.0x1"),
    ],
)
def test_hosts_that_are_not_left_to_a_proxy(host: str) -> None:
    """Notations of addresses, and names that mean the proxy itself or its network."""
    assert not is_name_for_a_proxy(host)


@pytest.mark.parametrize("host", ["api.example.com", "xn--bcher-kva.example", "a.b.c.co.uk."])
def test_hosts_that_are(host: str) -> None:
    """Names of the public tree."""
    assert is_name_for_a_proxy(host)


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", "UPSTREAM_PROXY_FAILED", "it answered 403 Forbidden"),
        (b"HTTP/1.1 407 Auth\r\nProxy-Authenticate: Basic\r\n\r\n", "UPSTREAM_PROXY_FAILED", "password"),
        (b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 3\r\n\r\nbad", "UPSTREAM_PROXY_FAILED", "502"),
        (b"HTTP/1.1 301 Moved\r\nLocation: x\r\n\r\n", "UPSTREAM_PROXY_FAILED", "301"),
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", "UPSTREAM_PROXY_FAILED", "is it a proxy?"),
        (b"", "UPSTREAM_PROXY_FAILED", "closed the connection"),
        (b"HTTP/1.1 200 OK\r\nX-Pad: " + b"a" * 40_000, "UPSTREAM_PROXY_FAILED", "too long"),
        (OPENED + b"HTTP/1.1 200 OK\r\n\r\n{}", "UPSTREAM_PROXY_FAILED", "more than its answer"),
        (None, "UPSTREAM_TIMEOUT", "the proxy was asked"),
    ],
)
def test_proxies_that_do_not_lead_anywhere(answer: bytes | None, code: str, words: str) -> None:
    """Each ends in its own error, says what the proxy said, and leaves no connection behind."""

    async def scenario() -> RunResult:
        async with ConnectProxy(answer=answer).running() as proxy:
            upstream = upstream_through(EgressProxy("127.0.0.1", proxy.port))
            return await run_through(upstream, "http://service.example/")

    result = asyncio.run(scenario())
    assert codes(result) == [code]
    assert result.error is not None
    assert words in result.error.message


def test_a_proxy_that_is_not_there() -> None:
    """The reason is the proxy's, not the service's."""
    upstream = upstream_through(EgressProxy("127.0.0.1", 9))
    result = asyncio.run(run_through(upstream, "http://service.example/"))
    assert codes(result) == ["UPSTREAM_PROXY_FAILED"]
    unknown = upstream_through(EgressProxy("proxy.example", 3128))
    assert codes(asyncio.run(run_through(unknown, "http://service.example/"))) == ["UPSTREAM_PROXY_FAILED"]


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://proxy:3128", "plain HTTP"),
        ("proxy:3128", "no http URL"),
        ("socks5://proxy:1080", "no http URL"),
        ("http://", "no http URL"),
        ("http://proxy:port", "cannot be read"),
        ("http://proxy:99999", "cannot be read"),
        ("http://[::1", "cannot be read"),
        ("http://u:topsecret@proxy:3128/path", "more than host and port"),
    ],
)
def test_urls_that_name_no_proxy(url: str, why: str) -> None:
    """Refused with the reason, without repeating a password."""
    with pytest.raises(ValueError, match=why) as caught:
        parse_proxy(url)
    assert "topsecret" not in str(caught.value)


def test_a_proxy_never_shows_its_password() -> None:
    """Host and port do show."""
    proxy = parse_proxy("http://u:topsecret@[::1]:3128")
    assert (proxy.host, proxy.port) == ("::1", 3128)
    assert "topsecret" not in repr(proxy)
    assert b64encode(b"u:topsecret").decode() not in repr(proxy)
