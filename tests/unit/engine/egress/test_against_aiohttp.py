"""The client against an independent one: aiohttp reads what we send, and reads the same replies."""

from __future__ import annotations

import asyncio
import gzip
import random
import zlib

import aiohttp
import pytest
from aiohttp import web

from jackfield.engine.target import parse_target
from jackfield.engine.upstream import OutboundRequest, UpstreamFailure
from support.runs import WallClock, make_upstream
from support.web_service import WebService, reply, say

HEAD = b"HTTP/1.1 200 OK\r\n"
Seen = tuple[int, bytes]


def _chunked(body: bytes, seed: int) -> bytes:
    source = random.Random(seed)
    parts: list[bytes] = []
    while body:
        size = source.randint(1, 40)
        piece, body = body[:size], body[size:]
        extension = source.choice([b"", b";a=b", b';a="b c"'])
        size_text = f"{len(piece):{source.choice(['x', 'X', '04x'])}}".encode()
        parts.append(size_text + extension + b"\r\n" + piece + b"\r\n")
    return HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"".join(parts) + b"0\r\n\r\n"


BODY = b'{"rows": [' + b'"value", ' * 30 + b"1]}"
REPLIES: dict[str, tuple[bytes, bool]] = {
    "length": (reply(BODY), False),
    "end of connection": (HEAD + b"\r\n" + BODY, True),
    "no content": (b"HTTP/1.1 204 No Content\r\n\r\n", False),
    "interim": (b"HTTP/1.1 100 Continue\r\n\r\n" + reply(BODY), False),
    "gzip": (reply(gzip.compress(BODY, mtime=0), headers="Content-Encoding: gzip\r\n"), False),
    "deflate": (reply(zlib.compress(BODY), headers="Content-Encoding: deflate\r\n"), False),
    "bare deflate": (reply(zlib.compress(BODY)[2:-4], headers="Content-Encoding: deflate\r\n"), False),
    "status": (reply(b"{}", "418 I'm a teapot"), False),
    "no phrase": (b"HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\n{}", False),
    "header case": (b"HTTP/1.1 200 OK\r\ncontent-LENGTH:2\r\nX-Empty:\r\n\r\n{}", False),
    **{f"chunks {seed}": (_chunked(BODY, seed), False) for seed in range(12)},
    "truncated": (HEAD + b"Content-Length: 50\r\n\r\n{}", True),
    "truncated chunk": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n9\r\nabc", True),
    "bad chunk": (HEAD + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n", True),
    "nonsense": (b"nonsense\r\n\r\n", True),
    "nothing": (b"", True),
}


async def _ours(service: WebService) -> Seen | None:
    upstream = make_upstream()
    try:
        request = OutboundRequest("GET", parse_target(service.url), [])
        seen = await upstream.send(request, deadline=WallClock().monotonic() + 5)
        return seen.status, seen.body
    except UpstreamFailure:
        return None
    finally:
        await upstream.aclose()


async def _theirs(service: WebService) -> Seen | None:
    async with aiohttp.ClientSession() as session:
        try:
            async with session.get(service.url) as seen:
                return seen.status, await seen.read()
        except aiohttp.ClientError:
            return None


@pytest.mark.parametrize("name", REPLIES)
def test_both_read_the_same_reply(name: str) -> None:
    """Same status and body, or both refuse."""
    data, close = REPLIES[name]

    async def scenario() -> tuple[Seen | None, Seen | None]:
        async with WebService(say(data, then_close=close)).running() as service:
            return await _ours(service), await _theirs(service)

    ours, theirs = asyncio.run(scenario())
    assert ours == theirs


@pytest.mark.parametrize("buffered", [True, False])
@pytest.mark.parametrize("body", [None, b"", b'{"a": 1}', bytes(range(256)) * 500])
def test_aiohttp_reads_what_we_send(body: bytes | None, buffered: bool) -> None:
    """Method, path with query, headers and body arrive as they were meant, twice on one connection."""
    received: list[tuple[str, str, str, bytes]] = []

    async def handle(request: web.Request) -> web.Response:
        received.append((request.method, request.raw_path, request.headers["X-A"], await request.read()))
        return web.json_response({})

    async def scenario() -> None:
        runner = web.AppRunner(_application(handle))
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        upstream = make_upstream()
        target = parse_target(f"http://127.0.0.1:{runner.addresses[0][1]}/a%20b/?x=1&y=%C3%A4")
        request = OutboundRequest("PATCH", target, [("X-A", "é, ü")], body, buffered)
        for _ in range(2):
            await upstream.send(request, deadline=WallClock().monotonic() + 5)
        assert upstream.idle_connections == 1
        await upstream.aclose()
        await runner.cleanup()

    asyncio.run(scenario())
    assert received == [("PATCH", "/a%20b/?x=1&y=%C3%A4", "é, ü", body or b"")] * 2


def _application(handle: object) -> web.Application:
    application = web.Application(client_max_size=10_000_000)
    application.router.add_route("*", "/{tail:.*}", handle)  # type: ignore[arg-type]
    return application
