"""The same exchanges through this client and through aiohttp: generated, so that nobody chose them kindly."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import aiohttp
import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st
from yarl import URL

from jackfield.engine.egress import HttpUpstream
from jackfield.engine.target import parse_target
from jackfield.engine.upstream import OutboundRequest, UpstreamFailure
from support.runs import WallClock, make_upstream
from support.web_service import Received, WebService, Writer

EXAMPLES = settings(max_examples=150, deadline=None)
PRINTABLE = st.text("".join(map(chr, range(0x21, 0x7F))), max_size=20)
NAMES = st.sampled_from(("X-One", "x-one", "X-Two", "Vary", "Set-Cookie", "ETag", "WARNING", "X-Empty"))
HEADERS = st.lists(st.tuples(NAMES, PRINTABLE), max_size=6)
SPACE = st.sampled_from(("", " ", "  ", "\t", " \t "))
Seen = tuple[int, str, tuple[tuple[str, str], ...], bytes]


@dataclass
class Spoken:
    """What the service says to every request, and in what pieces."""

    data: bytes
    cuts: tuple[int, ...]
    close: bool

    async def answer(self, _: Received, writer: Writer) -> None:
        """Say it, piece by piece."""
        rest = self.data
        for cut in self.cuts:
            piece, rest = rest[:cut], rest[cut:]
            if piece:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0)
        writer.write(rest)
        await writer.drain()
        if self.close:
            writer.close()


@st.composite
def chunks(draw: st.DrawFn, body: bytes) -> bytes:
    """Return a body in chunks as odd as they may be."""
    parts = []
    while body:
        size = draw(st.integers(1, max(len(body), 1)))
        piece, body = body[:size], body[size:]
        digits = draw(st.sampled_from((f"{len(piece):x}", f"{len(piece):X}", f"{len(piece):06x}")))
        extension = draw(st.sampled_from(("", ";a", ";a=b", ';a="b c"', ";a=1;b=2")))
        parts.append(f"{digits}{extension}\r\n".encode() + piece + b"\r\n")
    last = draw(st.sampled_from((b"0\r\n", b"000\r\n", b"0;last\r\n")))
    trailer = draw(st.sampled_from((b"", b"X-Trailer: yes\r\n")))
    return b"".join(parts) + last + trailer + b"\r\n"


@st.composite
def packed(draw: st.DrawFn, body: bytes) -> tuple[bytes, str]:
    """Return a body in some encoding, and the header for it."""
    bare = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    kinds = {
        "": body,
        "Content-Encoding: gzip\r\n": gzip.compress(body, mtime=0),
        "content-encoding: GZIP\r\n": gzip.compress(body, mtime=0),
        "Content-Encoding: deflate\r\n": zlib.compress(body),
        "Content-Encoding:deflate\r\n": bare.compress(body) + bare.flush(),
        "Content-Encoding: identity\r\n": body,
    }
    line = draw(st.sampled_from(tuple(kinds)))
    return kinds[line], line


@st.composite
def spoken(draw: st.DrawFn) -> Spoken:
    """Return a legal reply: interim ones, phrases, duplicate headers, framing, encoding, pieces."""
    interim = draw(st.lists(st.sampled_from((100, 102, 103)), max_size=3))
    before = "".join(f"HTTP/1.1 {code} Wait\r\nLink: </a>\r\n\r\n" for code in interim)
    status = draw(st.one_of(st.sampled_from((200, 201, 204, 304, 404, 503)), st.integers(200, 599)))
    phrase = draw(st.sampled_from(("OK", "", "Not Quite As You Wish", "I'm a teapot")))
    head = f"{before}HTTP/1.1 {status} {phrase}\r\n"
    head += "".join(f"{name}:{draw(SPACE)}{value}{draw(SPACE)}\r\n" for name, value in draw(HEADERS))
    objection = draw(st.booleans())
    head += "Connection: close\r\n" if objection else ""
    cuts = tuple(draw(st.lists(st.integers(1, 200), max_size=8)))
    if status in (204, 304):
        return Spoken(f"{head}\r\n".encode(), cuts, objection)
    body, encoding = draw(packed(draw(st.binary(max_size=400))))
    framing = draw(st.sampled_from(("length", "chunks", "end")))
    if framing == "length":
        data = f"{head}{encoding}Content-Length: {len(body)}\r\n\r\n".encode() + body
    elif framing == "chunks":
        data = f"{head}{encoding}Transfer-Encoding: chunked\r\n\r\n".encode() + draw(chunks(body))
    else:
        data = f"{head}{encoding}\r\n".encode() + body
    return Spoken(data, cuts, objection or framing == "end")


@dataclass
class Bench:
    """One loop, one service, both clients."""

    runner: asyncio.Runner = field(default_factory=asyncio.Runner)

    def ours(self, service: WebService, request: OutboundRequest, times: int) -> list[Seen | None]:
        """Return what this client reads, request by request."""

        async def scenario() -> list[Seen | None]:
            async with service.running():
                upstream = make_upstream()
                target = parse_target(f"{service.url}/p?q=1")
                seen = [await _our_exchange(upstream, replace(request, target=target)) for _ in range(times)]
                await upstream.aclose()
                return seen

        return self.runner.run(scenario())

    def theirs(self, service: WebService, request: OutboundRequest, times: int) -> list[Seen | None]:
        """Return what aiohttp reads, request by request."""

        async def scenario() -> list[Seen | None]:
            async with (
                service.running(),
                aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
            ):
                return [await _their_exchange(session, service.url, request) for _ in range(times)]

        return self.runner.run(scenario())


async def _our_exchange(upstream: HttpUpstream, request: OutboundRequest) -> Seen | None:
    try:
        reply = await upstream.send(request, deadline=WallClock().monotonic() + 10)
    except UpstreamFailure:
        return None
    return reply.status, reply.phrase, tuple(reply.headers), reply.body


async def _their_exchange(session: aiohttp.ClientSession, url: str, request: OutboundRequest) -> Seen | None:
    try:
        async with session.request(
            request.method, f"{url}/p?q=1", data=request.body, allow_redirects=False
        ) as reply:
            body = await reply.read()
    except aiohttp.ClientError:
        return None
    headers = tuple((name.decode().lower(), value.decode("latin-1")) for name, value in reply.raw_headers)
    return reply.status, reply.reason or "", headers, body


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    """The loop that all examples share."""
    made = Bench()
    with made.runner:
        yield made


ANY = parse_target("http://service.example/")


@EXAMPLES
@given(said=spoken(), method=st.sampled_from(("GET", "POST", "PUT", "PATCH", "DELETE")))
def test_both_read_the_same(bench: Bench, said: Spoken, method: str) -> None:
    """Status, phrase, headers in order with duplicates, body; twice, over as many connections."""
    body = b"{}" if method in ("POST", "PUT", "PATCH") else None
    request = OutboundRequest(method, ANY, (), body)
    mine, others = WebService(said.answer), WebService(said.answer)
    ours, theirs = bench.ours(mine, request, 2), bench.theirs(others, request, 2)
    assert None not in theirs
    assert ours == theirs
    assert (mine.accepts, len(mine.received)) == (others.accepts, len(others.received))


@EXAMPLES
@given(said=spoken(), where=st.floats(0, 1), what=st.sampled_from(("cut", "flip", "drop", "double")))
def test_damage_is_never_read_as_another_reply(bench: Bench, said: Spoken, where: float, what: str) -> None:
    """Cut off, a bit flipped, a byte missing or doubled: the request goes out once whatever comes, and a
    reply that was cut off is not taken for whole where its framing tells."""
    at = int(where * (len(said.data) - 1))
    data = said.data
    if what == "cut":
        data = data[:at]
    elif what == "flip":
        data = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
    elif what == "drop":
        data = data[:at] + data[at + 1 :]
    else:
        data = data[: at + 1] + data[at:]
    damaged = Spoken(data, said.cuts, close=True)
    request = OutboundRequest("POST", ANY, (), b"{}")
    service = WebService(damaged.answer)
    ours = bench.ours(service, request, 1)[0]
    assert (service.accepts, len(service.received)) == (1, 1)
    if what == "cut" and ours is not None:
        whole = bench.ours(WebService(said.answer), request, 1)[0]
        assert whole is not None
        assert _is_beginning(ours, whole, framed=b"ontent-Length" in said.data or b"chunked" in said.data)


def _is_beginning(part: Seen, whole: Seen, *, framed: bool) -> bool:
    """Tell if a reply that was cut off may be taken for whole: only where its end is the connection's."""
    if framed:
        return part == whole or part[3] == b""
    return part[0] == whole[0] and whole[3].startswith(part[3])


class AiohttpServer:
    """A server that keeps what it reads."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, tuple[str, ...], bytes]] = []

    async def handle(self, request: web.Request) -> web.Response:
        """Keep a request."""
        values = tuple(request.headers.getall("X-Value", []))
        self.seen.append((request.method, request.raw_path, values, await request.read()))
        return web.json_response({})


@settings(max_examples=60, deadline=None)
@given(
    method=st.sampled_from(("GET", "POST", "PUT", "PATCH", "DELETE")),
    path=st.text("abcXYZ019-._~%/", max_size=20).map(lambda text: text.replace("%", "%41")),
    query=st.text("abc=&019+%", min_size=1, max_size=20).map(lambda text: text.replace("%", "%2F")),
    values=st.lists(PRINTABLE, max_size=4),
    body=st.one_of(st.none(), st.binary(max_size=3_000)),
    buffered=st.booleans(),
)
def test_a_server_reads_the_same_from_both(
    bench: Bench,
    method: str,
    path: str,
    query: str,
    values: list[str],
    body: bytes | None,
    buffered: bool,
) -> None:
    """Method, path and query as they are, repeated headers in order, body chunked or with its length."""
    sent = None if method == "GET" else body

    async def scenario() -> list[tuple[str, str, tuple[str, ...], bytes]]:
        server = AiohttpServer()
        application = web.Application()
        application.router.add_route("*", "/{tail:.*}", server.handle)
        runner = web.AppRunner(application)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/{path}?{query}"
        headers = [("X-Value", value) for value in values]
        upstream = make_upstream()
        request = OutboundRequest(method, parse_target(url), headers, sent, buffered)
        await upstream.send(request, deadline=WallClock().monotonic() + 10)
        await upstream.aclose()
        async with aiohttp.ClientSession() as session:
            raw = URL(url, encoded=True)
            async with session.request(method, raw, headers=headers, data=sent) as reply:
                await reply.read()
        await runner.cleanup()
        return server.seen

    ours, theirs = bench.runner.run(scenario())
    assert ours == theirs
