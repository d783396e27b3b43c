"""No input makes a 500: malformed bodies and raw HTTP over a real socket, and controls for the judge."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator

import pytest
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.types import Receive, Scope, Send

from support.listening import request, say, spoken
from support.malformed import BODY_ROUTES, ODD_TEXTS, TARGETS, judge, spoiled_bodies, spoiled_requests
from support.server import Server

BODIES_TRIED = 350
MESSAGES_TRIED = 350
FIXED = settings(
    deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck), print_blob=True
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of its own."""
    with Server(tmp_path_factory.mktemp("malformed") / "data") as running:
        yield running


@pytest.fixture(scope="module")
def token(server: Server) -> str:
    """A token that may do everything, so that nothing hides behind 401."""
    return server.token()


def port_of(server: Server) -> int:
    """Return the server's port."""
    return int(server.url.rpartition(":")[2])


def ask(server: Server, sent: bytes) -> bytes:
    """Send bytes over a connection of their own and return everything that comes back."""
    return asyncio.run(say(port_of(server), sent, half_close=True))


def with_token(token: str, media_type: str = "application/json") -> tuple[str, str]:
    """Return the headers of an ordinary request."""
    return f"Authorization: Bearer {token}", f"Content-Type: {media_type}"


@pytest.mark.parametrize(("method", "target"), BODY_ROUTES)
def test_odd_texts_on_every_route(server: Server, token: str, method: str, target: str) -> None:
    """Each odd text on each route that reads a body is answered once, in the envelope."""
    for text in ODD_TEXTS:
        body = text.encode()
        judged = judge(ask(server, request(target, body, method, with_token(token))))
        assert len(judged.statuses) == 1, (text[:50], judged)


def test_spoiled_bodies(server: Server, token: str) -> None:
    """Hundreds of spoiled bodies: each has exactly one answer in the envelope."""
    seen: Counter[int] = Counter()

    @settings(FIXED, max_examples=BODIES_TRIED)
    @given(st.sampled_from(BODY_ROUTES), spoiled_bodies() | st.binary(max_size=80))
    def each(route: tuple[str, str], body: bytes) -> None:
        method, target = route
        judged = judge(ask(server, request(target, body, method, with_token(token))))
        assert len(judged.statuses) == 1
        seen.update(judged.statuses)

    each()
    assert seen.total() >= BODIES_TRIED
    assert seen[400] > BODIES_TRIED // 4, seen


def test_spoiled_messages(server: Server, token: str) -> None:
    """Hundreds of spoiled HTTP messages: each is answered in the envelope or just closed."""
    seen: Counter[int] = Counter()
    tried = 0

    @settings(FIXED, max_examples=MESSAGES_TRIED)
    @given(spoiled_requests(token) | st.binary(max_size=200))
    def each(sent: bytes) -> None:
        nonlocal tried
        tried += 1
        answers = ask(server, sent)
        seen.update(judge(answers.replace(b"HTTP/1.1 100 Continue\r\n\r\n", b"")).statuses)

    each()
    assert tried >= MESSAGES_TRIED
    assert seen[400] > 50, seen


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_every_method_on_odd_targets(server: Server, token: str, method: str, target: str) -> None:
    """Any method on any target has exactly one answer."""
    judged = judge(ask(server, request(target, b"null", method, with_token(token))))
    assert len(judged.statuses) == 1


def test_the_server_is_well_afterwards(server: Server, token: str) -> None:
    """After all that the server answers, and its log has no fault."""
    answer = spoken(ask(server, request("/api/v2/integrations", b"", "GET", with_token(token))))[0]
    assert answer.status == 200
    log = server.log_file.read_text()
    assert "request failed" not in log
    assert "Traceback" not in log


async def crashing(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that fails on everything, as a careless one would."""
    raise RuntimeError(f"{scope['type']} {receive} {send}")


def ask_plain_uvicorn(sent: bytes) -> bytes:
    """Send bytes to uvicorn as it comes, in front of the application that fails."""

    async def talk() -> bytes:
        config = uvicorn.Config(
            crashing, port=0, lifespan="off", log_config=None, log_level="critical", ws="none"
        )
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        try:
            return await say(port, sent)
        finally:
            server.should_exit = True
            await task

    return asyncio.run(talk())


@pytest.mark.parametrize("sent", [b"hello world\r\n\r\n", request("/", b"{}")], ids=["malformed", "crash"])
def test_control_a_careless_server_is_found_out(sent: bytes) -> None:
    """Control: uvicorn's plain-text 400, and an application's 500, do not pass the judge."""
    raw = ask_plain_uvicorn(sent)
    assert raw.startswith(b"HTTP/1.1 ")
    with pytest.raises((AssertionError, KeyError)):
        judge(raw)
