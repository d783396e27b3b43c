"""The client over real sockets: what it reads, what it keeps, what it sends again."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from typing import Any

import pytest

from jackfield.engine.egress import HttpUpstream, dialing, pool
from jackfield.engine.egress.bounds import EgressLimits
from jackfield.engine.egress.connection import Connection, _Awaited
from jackfield.engine.egress.dialing import is_this_machine
from jackfield.engine.target import parse_target
from jackfield.engine.upstream import Fault, InboundReply, OutboundRequest, UpstreamFailure
from support.runs import WallClock, make_upstream
from support.web_service import Received, WebService, Writer, reply, say

HEAD = b"HTTP/1.1 200 OK\r\n"


def request(
    service: WebService,
    method: str = "GET",
    body: bytes | None = None,
    *,
    close: bool = False,
    buffered: bool = False,
) -> OutboundRequest:
    """Return a request to a service."""
    return OutboundRequest(method, parse_target(f"{service.url}/p?q"), [("X-A", "b")], body, buffered, close)


def within(seconds: float = 5.0) -> float:
    """Return a deadline."""
    return WallClock().monotonic() + seconds


class ByListener:
    """The client with its other way to send: what is sent at once, whose end a listener hears.

    Args:
        upstream: the client.
    """

    def __init__(self, upstream: HttpUpstream) -> None:
        self._upstream = upstream

    def __getattr__(self, name: str) -> object:
        return getattr(self._upstream, name)

    async def send(self, request: OutboundRequest, *, deadline: float) -> InboundReply:
        """Send at once if that is possible, and wait for what the listener hears."""
        heard: asyncio.Future[InboundReply] = asyncio.get_running_loop().create_future()
        sending = self._upstream.send_now(request, deadline=deadline, listener=_Awaited(heard))
        if sending is None:
            return await self._upstream.send(request, deadline=deadline)
        try:
            return await heard
        except asyncio.CancelledError:
            sending.cancel()
            raise


@pytest.fixture(params=["awaited", "at once"], autouse=True)
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Play every scene with both ways to send."""
    monkeypatch.setattr(WAY, "at_once", request.param == "at once")


class WAY:
    """Which way the scenes send."""

    at_once = False


def play(
    service: WebService,
    scene: Callable[[HttpUpstream], Awaitable[object]],
    limits: EgressLimits | None = None,
) -> object:
    """Run a scene with a client against a service."""

    async def scenario() -> object:
        async with service.running():
            upstream = make_upstream(limits=limits)
            way: Any = ByListener(upstream) if WAY.at_once else upstream
            try:
                return await scene(way)
            finally:
                await upstream.aclose()

    return asyncio.run(scenario())


def read(data: bytes, *, then_close: bool = False, limits: EgressLimits | None = None) -> InboundReply:
    """Return what the client reads from these bytes."""
    service = WebService(say(data, then_close=then_close))

    async def scene(upstream: HttpUpstream) -> InboundReply:
        return await upstream.send(request(service), deadline=within())

    result = play(service, scene, limits)
    assert isinstance(result, InboundReply)
    return result


@pytest.mark.parametrize(
    ("data", "close", "body"),
    [
        (HEAD + b"Content-Length: 2\r\n\r\n{}", False, b"{}"),
        (HEAD + b"Content-Length: 0\r\n\r\n", False, b""),
        (
            HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1;ext=1\r\n}\r\n0\r\nTrailer: x\r\n\r\n",
            False,
            b"{}",
        ),
        (HEAD + b"\r\nuntil the end", True, b"until the end"),
        (b"HTTP/1.0 200 OK\r\n\r\nold", True, b"old"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", False, b""),
        (b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", False, b""),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + HEAD + b"Content-Length: 2\r\n\r\n{}", False, b"{}"),
        (
            b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + HEAD + b"Content-Length: 1\r\n\r\n1",
            False,
            b"1",
        ),
        (reply(gzip.compress(b"packed", mtime=0), headers="Content-Encoding: gzip\r\n"), False, b"packed"),
    ],
)
def test_every_way_a_reply_can_end(data: bytes, close: bool, body: bytes) -> None:
    """Length, chunks, end of the connection, no body by status; interim replies are skipped."""
    assert read(data, then_close=close).body == body


def test_status_phrase_and_headers_are_kept() -> None:
    """Header names in lower case, values as sent, interim headers and trailers dropped."""
    interim = b"HTTP/1.1 103 Hints\r\nLink: x\r\n\r\n"
    data = interim + b"HTTP/1.1 299 Odd Phrase\r\nX-One: 1\r\nx-one: 2\r\nContent-Length: 0\r\n\r\n"
    seen = read(data)
    assert (seen.status, seen.phrase) == (299, "Odd Phrase")
    assert seen.headers == [("x-one", "1"), ("x-one", "2"), ("content-length", "0")]
    assert (seen.header("x-one"), seen.header("link")) == ("1", "")


def test_a_reply_in_single_bytes_is_read_too() -> None:
    """However the network cuts it."""

    async def answer(_: Received, writer: Writer) -> None:
        for byte in reply(b'{"a":1}'):
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0)

    service = WebService(answer)

    async def scene(upstream: HttpUpstream) -> bytes:
        return (await upstream.send(request(service), deadline=within())).body

    assert play(service, scene) == b'{"a":1}'


@pytest.mark.parametrize("buffered", [True, False])
@pytest.mark.parametrize("size", [0, 1, 3_000_000])
def test_bodies_arrive_whole(size: int, buffered: bool) -> None:
    """Chunked and with a length, empty and large."""
    service = WebService()
    body = bytes(range(256)) * (size // 256 + 1)

    async def scene(upstream: HttpUpstream) -> object:
        return await upstream.send(
            request(service, "POST", body[:size], buffered=buffered), deadline=within()
        )

    play(service, scene)
    assert service.received[0].body == body[:size]
    assert ("content-length" in service.received[0].headers) is (buffered or size == 0)


@pytest.mark.parametrize(
    ("head", "close", "accepts"),
    [
        ("", False, 1),
        ("Keep-Alive: timeout=60\r\n", False, 1),
        ("Keep-Alive: timeout=soon\r\n", False, 1),
        ("Keep-Alive: timeout=1, max=5\r\n", False, 3),
        ("Connection: close\r\n", False, 3),
        ("", True, 3),
    ],
)
def test_connections_are_kept_unless_somebody_objects(head: str, close: bool, accepts: int) -> None:
    """By default one connection serves one request after the other."""
    service = WebService(say(reply(headers=head)))

    async def scene(upstream: HttpUpstream) -> int:
        for _ in range(3):
            await upstream.send(request(service, close=close), deadline=within())
        return upstream.idle_connections

    assert play(service, scene) == (1 if accepts == 1 else 0)
    assert service.accepts == accepts


def test_idle_connections_expire() -> None:
    """They are closed by themselves, and not used after their time."""
    service = WebService()

    async def scene(upstream: HttpUpstream) -> tuple[int, int]:
        await upstream.send(request(service), deadline=within())
        kept = upstream.idle_connections
        await asyncio.sleep(0.4)
        return kept, upstream.idle_connections

    assert play(service, scene, EgressLimits(idle_seconds=0.1)) == (1, 0)


def test_an_expired_connection_is_not_used_even_before_it_is_swept() -> None:
    """Its age counts at the moment of use."""
    service = WebService()

    async def scene(upstream: HttpUpstream) -> None:
        await upstream.send(request(service), deadline=within())
        # Blocks the loop on purpose, so that the sweeper cannot come first.
        begun = WallClock().monotonic()
        while WallClock().monotonic() - begun < 0.06:
            pass
        await upstream.send(request(service), deadline=within())

    play(service, scene, EgressLimits(idle_seconds=0.05))
    assert service.accepts == 2


@pytest.mark.parametrize("limits", [EgressLimits(idle_per_origin=2), EgressLimits(idle_connections=2)])
def test_only_so_many_connections_are_kept(limits: EgressLimits) -> None:
    """Those above the bound are closed after their request."""
    service = WebService()

    async def scene(upstream: HttpUpstream) -> int:
        await asyncio.gather(*(upstream.send(request(service), deadline=within()) for _ in range(5)))
        return upstream.idle_connections

    assert play(service, scene, limits) == 2


def test_closing_closes_what_is_kept_and_what_comes_back_later() -> None:
    """A run that ends after the client was closed leaves nothing behind."""
    service = WebService()

    async def scene(upstream: HttpUpstream) -> tuple[int, int]:
        await upstream.send(request(service), deadline=within())
        pending = asyncio.ensure_future(upstream.send(request(service), deadline=within()))
        await asyncio.sleep(0)
        await upstream.aclose()
        await pending
        return upstream.idle_connections, upstream.exchanges

    assert play(service, scene) == (0, 0)


def test_a_post_of_which_nothing_was_sent_goes_out_on_a_new_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A kept connection whose end was seen too late: its POST was not written and may go out elsewhere."""
    service = WebService()
    monkeypatch.setattr(pool, "_usable", lambda *_: True)

    async def scene(upstream: HttpUpstream) -> int:
        await upstream.send(request(service, "POST", b"{}"), deadline=within())
        service.abort_all()
        await asyncio.sleep(0.05)
        return (await upstream.send(request(service, "POST", b"{}"), deadline=within())).status

    assert play(service, scene) == 200
    assert (len(service.received), service.accepts) == (2, 2)


def test_origins_do_not_share_connections() -> None:
    """A connection to one port never carries a request for another."""
    first, second = WebService(), WebService(say(reply(b'"second"')))

    async def scenario() -> bytes:
        async with first.running(), second.running():
            upstream = make_upstream()
            await upstream.send(request(first), deadline=within())
            seen = await upstream.send(request(second), deadline=within())
            await upstream.aclose()
            return seen.body

    assert asyncio.run(scenario()) == b'"second"'
    assert (first.accepts, second.accepts) == (1, 1)


def test_a_deadline_in_the_past_ends_at_once() -> None:
    """Also on a kept connection, which is then not used again."""
    service = WebService()

    async def scene(upstream: HttpUpstream) -> Fault:
        await upstream.send(request(service), deadline=within())
        with pytest.raises(UpstreamFailure) as caught:
            await upstream.send(request(service), deadline=within(-1))
        return caught.value.fault

    assert play(service, scene) is Fault.TIMEOUT


@pytest.mark.parametrize(("size", "fits"), [(1000, True), (1001, False)])
def test_the_body_s_bound_is_exact(size: int, fits: bool) -> None:
    """With a length and without one."""
    limits = EgressLimits(body_bytes=1000)
    for data, close in ((reply(b"x" * size), False), (HEAD + b"\r\n" + b"x" * size, True)):
        if fits:
            assert len(read(data, then_close=close, limits=limits).body) == size
        else:
            with pytest.raises(UpstreamFailure) as caught:
                read(data, then_close=close, limits=limits)
            assert caught.value.fault is Fault.TOO_LARGE


def test_a_second_address_is_tried_when_the_first_refuses() -> None:
    """All are judged before; the first that accepts is used."""
    service = WebService()

    class TwoAddresses:
        async def resolve(self, host: str, port: int) -> tuple[str, ...]:
            assert (host, port) == ("two.example", service.port)
            return ("127.0.0.9", "127.0.0.1")

    async def scenario() -> int:
        async with service.running():
            upstream = make_upstream(resolver=TwoAddresses())
            target = parse_target(f"http://two.example:{service.port}/")
            seen = await upstream.send(OutboundRequest("GET", target, []), deadline=within())
            await upstream.aclose()
            return seen.status

    assert asyncio.run(scenario()) == 200


def test_the_peer_is_confirmed_before_the_first_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the socket's other end is not the judged address, nothing is sent."""
    service = WebService()
    answers = iter([ip_address("127.0.0.1"), ip_address("8.8.8.8")])
    monkeypatch.setattr(dialing, "read_address", lambda _: next(answers))

    async def scene(upstream: HttpUpstream) -> Fault:
        with pytest.raises(UpstreamFailure) as caught:
            await upstream.send(request(service), deadline=within())
        await asyncio.sleep(0.05)
        return caught.value.fault

    assert play(service, scene) is Fault.ADDRESS_BLOCKED
    assert not service.received


def test_this_machine_knows_its_own_addresses() -> None:
    """Loopback is its own, a public resolver is not; nothing is sent to find out."""
    assert is_this_machine("127.0.0.1")
    assert is_this_machine("::1")
    assert not is_this_machine("8.8.8.8")


@pytest.mark.parametrize("gone", [True, False])
def test_a_service_that_speaks_first_is_heard_once(gone: bool) -> None:
    """What it said before the request is the reply, also if it has closed since; nothing comes after it."""

    async def refuse(reader: asyncio.StreamReader, writer: Writer) -> bool:
        writer.write(reply(b'"busy"', "503 Busy"))
        await writer.drain()
        if not gone:
            await reader.read()
        return True

    service = WebService(greet=refuse)

    async def scene(_: HttpUpstream) -> tuple[int, bytes, bool]:
        loop = asyncio.get_running_loop()
        made = await loop.create_connection(
            lambda: Connection(loop, EgressLimits()), "127.0.0.1", service.port
        )
        await asyncio.sleep(0.1)
        connection = made[1]
        seen = await connection.exchange(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 5, close=False)
        return seen.status, seen.body, connection.reusable

    assert play(service, scene) == (503, b'"busy"', False)


def test_a_service_that_speaks_too_much_first_is_not_heard() -> None:
    """What comes before the request is bounded too."""

    async def chatter(reader: asyncio.StreamReader, writer: Writer) -> bool:
        writer.write(b"x" * 1000)
        await writer.drain()
        await reader.read()
        return True

    service = WebService(greet=chatter)

    async def scene(_: HttpUpstream) -> Fault:
        loop = asyncio.get_running_loop()
        made = await loop.create_connection(
            lambda: Connection(loop, EgressLimits(header_bytes=999)), "127.0.0.1", service.port
        )
        await asyncio.sleep(0.1)
        with pytest.raises(UpstreamFailure) as caught:
            await made[1].exchange(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 5, close=False)
        return caught.value.fault

    assert play(service, scene) is Fault.RESET
