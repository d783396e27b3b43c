"""HTTP on a real socket: what is malformed, too large or too slow is answered in the envelope."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from jackfield.api.options import Bounds
from support.listening import Spoken, listening, request, say, spoken
from support.stand_ins import Wire, wire

EXECUTE = "/api/v2/integrations/actions/a/execute"
QUICK = Bounds(body_seconds=0.2, head_seconds=0.2, idle_seconds=0.4, drain_seconds=0.3)
CHUNKED = request(EXECUTE).replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
H2C = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP")


def ask(*pieces: bytes, over: Wire | None = None, pause: float = 0.0) -> list[Spoken]:
    """Send bytes over one connection to a server of its own, and return the answers."""

    async def talk() -> bytes:
        async with listening(over or wire(bounds=QUICK)) as (port, _):
            return await say(port, *pieces, pause=pause)

    return spoken(asyncio.run(talk()))


def refused(answers: list[Spoken], status: int, code: str) -> Spoken:
    """Check that the only answer is an ErrorBody that ends the connection."""
    assert len(answers) == 1, answers
    answer = answers[0]
    body = answer.json
    assert (answer.status, body["status"], body["errors"][0]["code"]) == (status, status, code)
    assert body["contextId"] == answer.headers["inin-correlation-id"]
    assert answer.headers["content-type"] == "application/json"
    return answer


@pytest.mark.parametrize(
    "sent",
    [
        b"hello world\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 500,
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET / HTTP/1.1\r\nBad Header\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: a\x00b\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: h\r\n\r\n",
        b"GET http://h HTTP/1.1\r\nHost: h\r\n\r\n",
        b"CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n",
        request(EXECUTE).replace(b"Length: 0", b"Length: -5"),
        request(EXECUTE).replace(b"Length: 0", b"Length: 99999999999999999999999"),
        request(EXECUTE).replace(b"Length: 0", b"Length: 3\r\nTransfer-Encoding: chunked") + b"0\r\n\r\n",
        request(EXECUTE).replace(b"Length: 0", b"Length: 3\r\nContent-Length: 4") + b"{}  ",
        CHUNKED + b"zz\r\nabc",
        CHUNKED + b"5\r\n{}",
    ],
)
def test_malformed_http(sent: bytes) -> None:
    """What is no HTTP/1.1 is 400 (or 408 where it just stops), and the connection ends."""
    answers = ask(sent)
    status = 408 if sent.endswith(b"5\r\n{}") else 400
    answer = refused(answers, status, "BODY_TOO_SLOW" if status == 408 else "HTTP_MALFORMED")
    assert answer.headers["connection"] == "close"


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\nX: " + b"a" * 200_000,
        b"GET / HTTP/1.1\r\nX: " + b"a" * 70_000 + b"\r\n\r\n",
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: a\r\n" * 200 + b"\r\n",
        b"GET / HTTP/1.1\r\n" + b"".join(b"X: %s\r\n" % (b"a" * 9_000) for _ in range(9)) + b"\r\n",
    ],
)
def test_heads_over_the_limit(sent: bytes) -> None:
    """A request line or headers over the limit are 431, finished or not."""
    refused(ask(sent), 431, "HEAD_TOO_LARGE")


def test_a_head_just_below_the_limit() -> None:
    """Headers of 60,000 bytes are read; a large body before them does not count."""
    big = request(EXECUTE, b'{"a":"' + b"x" * 100_000 + b'"}')
    headers = ("Authorization: Bearer good", "Content-Type: application/json", f"X-Long: {'a' * 60_000}")
    answers = ask(big + request(EXECUTE, b"{}", headers=headers))
    assert [answer.status for answer in answers] == [200, 200]


def test_a_head_that_stalls() -> None:
    """Headers that do not end are 408."""
    refused(ask(b"GET / HTTP/1.1\r\nX: a"), 408, "HEAD_TOO_SLOW")


def test_a_head_that_drips() -> None:
    """One byte now and then does not prolong the deadline."""
    pieces = [b"GET / HTTP/1.1\r\n", *[b"X: a\r\n"] * 20]
    refused(ask(*pieces, pause=0.02), 408, "HEAD_TOO_SLOW")


def test_connections_that_say_nothing() -> None:
    """Silence, and line breaks without a request, end in silence."""
    assert ask() == []
    assert ask(b"\r\n\r\n\r\n") == []


def test_a_body_that_stalls() -> None:
    """Fewer bytes than announced are 408, and nothing is executed."""
    over = wire(bounds=QUICK)
    refused(
        ask(request(EXECUTE, b"{}").replace(b"Length: 2", b"Length: 20"), over=over), 408, "BODY_TOO_SLOW"
    )
    assert over.execution.calls == []


def test_bodies_over_the_limit_leave_the_connection_usable() -> None:
    """413 comes at once; the rest of the body is thrown away and the next request is answered."""
    big = b'{"a":"' + b"x" * 2_000_000 + b'"}'
    chunked = CHUNKED + (b"10000\r\n" + b"x" * 65_536 + b"\r\n") * 20 + b"0\r\n\r\n"
    for sent in (request(EXECUTE, big), chunked):
        over = wire(bounds=Bounds(idle_seconds=0.4))
        answers = ask(sent, request(EXECUTE, b"{}"), over=over)
        assert [answer.status for answer in answers] == [413, 200]
        assert "Maximum bytes" in answers[0].json["message"]
        assert len(over.execution.calls) == 1


def test_chunked_bodies() -> None:
    """Chunks are put together; what follows them is no header of the request."""
    over = wire(bounds=QUICK)
    answers = ask(CHUNKED + b"1\r\n{\r\n1\r\n}\r\n0\r\nAuthorization: Bearer other\r\n\r\n", over=over)
    assert [answer.status for answer in answers] == [200]
    assert over.execution.calls[0][2] == b"{}"


@pytest.mark.parametrize("split", [False, True])
def test_offered_upgrades_are_declined(split: bool) -> None:
    """A request that offers HTTP/2 is answered as HTTP/1.1, its body included."""
    over = wire(bounds=QUICK)
    headers = ("Authorization: Bearer good", "Content-Type: application/json", *H2C)
    sent = request(EXECUTE, b'{"a": 1}', headers=headers) + request(EXECUTE, b"{}")
    pieces = [sent[:200], sent[200:]] if split else [sent]
    answers = ask(*pieces, over=over, pause=0.05)
    assert [answer.status for answer in answers] == [200, 200]
    assert [call[2] for call in over.execution.calls] == [b'{"a": 1}', b"{}"]


def test_pipelined_requests_before_garbage_are_answered() -> None:
    """What was right is answered in order; then the connection ends."""
    answers = ask(request(EXECUTE, b"{}") * 3 + b"\x00garbage\r\n\r\n")
    assert [answer.status for answer in answers] == [200, 200, 200]
    assert answers[-1].headers["connection"] == "close"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (request(EXECUTE, b"{}"), [200]),
        (request(EXECUTE, b"{}") * 2, [200, 200]),
        (b"GET / HTTP/1.1\r\nX: a", [400]),
        (request(EXECUTE, b"{}")[:-1], [400]),
        (b"", []),
    ],
)
def test_clients_that_stop_sending(sent: bytes, status: list[int]) -> None:
    """A client that has closed its half still gets what it is owed, and is told of what it did not finish."""

    async def talk() -> bytes:
        async with listening(wire(bounds=Bounds(idle_seconds=30))) as (port, _):
            return await say(port, sent, half_close=True)

    assert [answer.status for answer in spoken(asyncio.run(talk()))] == status


def test_head_has_no_body() -> None:
    """HEAD answers the length and nothing else."""
    head = b"HEAD /health HTTP/1.1\r\nHost: h\r\n\r\n"

    async def talk() -> bytes:
        async with listening(wire(bounds=QUICK)) as (port, _):
            return await say(port, head)

    raw = asyncio.run(talk())
    assert b"content-length: 15" in raw
    assert raw.endswith(b"\r\n\r\n")


def test_old_http() -> None:
    """HTTP/1.0 is answered and closed."""
    answers = ask(b"GET /health HTTP/1.0\r\n\r\n")
    assert (answers[0].status, answers[0].headers["connection"]) == (200, "close")


def test_too_many_connections() -> None:
    """One connection more than allowed is told so."""

    async def talk() -> bytes:
        over = wire(bounds=Bounds(connections=2, idle_seconds=5))
        async with listening(over) as (port, server):
            open_ones = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
            while len(server.server_state.connections) < 2:
                await asyncio.sleep(0.01)
            answer = await say(port)
            for _, writer in open_ones:
                writer.close()
            return answer

    refused(spoken(asyncio.run(talk())), 503, "CONNECTIONS_EXHAUSTED")


def test_no_connection_is_left_behind() -> None:
    """After refusals of every kind the server holds no connection and no task."""

    async def talk() -> tuple[int, int]:
        async with listening(wire(bounds=QUICK)) as (port, server):
            kinds: list[Coroutine[Any, Any, bytes]] = [
                say(port, b"garbage\r\n\r\n"),
                say(port, b"GET / HTTP/1.1\r\nX: a"),
                say(port, CHUNKED + b"zz\r\n"),
                say(port, request(EXECUTE, b"{}").replace(b"Length: 2", b"Length: 20")),
                say(port),
            ]
            await asyncio.gather(*kinds)
            await asyncio.sleep(1.2)
            return len(server.server_state.connections), len(server.server_state.tasks)

    assert asyncio.run(talk()) == (0, 0)
