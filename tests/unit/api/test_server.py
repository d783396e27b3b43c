"""Listening, announcing, draining."""

from __future__ import annotations

import asyncio
import errno
import signal
import socket
import time

import pytest

from jackfield.api.options import Bounds
from jackfield.api.server import Listener, listen, run
from jackfield.domain.errors import OperationRefused
from support.listening import listening, request, say, spoken
from support.stand_ins import Wire, wire

EXECUTE = "/api/v2/integrations/actions/a/execute"


def test_a_busy_port_is_refused_in_one_sentence() -> None:
    """The finding names the port and what to do."""
    taken = listen("127.0.0.1", 0)
    try:
        with pytest.raises(OperationRefused) as refused:
            listen("127.0.0.1", taken.port)
    finally:
        taken.close()
    finding = refused.value.findings[0]
    assert finding.code == "PORT_BUSY"
    assert str(taken.port) in finding.message
    assert "--port" in finding.fix


def test_a_port_that_is_not_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system keeps low ports for itself, the finding says so and names --port."""

    def forbidden(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    # Who may bind port 80 differs from system to system, and root always may.
    monkeypatch.setattr(socket.socket, "bind", forbidden)
    with pytest.raises(OperationRefused) as refused:
        listen("127.0.0.1", 80)
    finding = refused.value.findings[0]
    assert finding.code == "PORT_FORBIDDEN"
    assert "--port" in finding.fix


@pytest.mark.parametrize(
    ("host", "port"), [("192.0.2.1", 0), ("127.0.0.1", 70_000), ("no.such.host.invalid", 0)]
)
def test_addresses_that_are_not_ours(host: str, port: int) -> None:
    """Neither another machine's address nor a port that is none."""
    with pytest.raises(OperationRefused) as refused:
        listen(host, port)
    assert refused.value.findings[0].code == "ADDRESS_UNUSABLE"


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:81"),
        ("0.0.0.0", "http://127.0.0.1:81"),
        ("::", "http://[::1]:81"),
        ("localhost", "http://localhost:81"),
    ],
)
def test_urls_can_be_used_on_this_machine(host: str, url: str) -> None:
    """A wildcard is shown as loopback, IPv6 in brackets."""
    assert Listener(host, 81, ()).url == url


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_running_until_a_signal(number: signal.Signals, code: int) -> None:
    """It says when it accepts, answers, and ends with the exit code of its signal; handlers are put back."""
    before = signal.getsignal(number)

    async def live() -> tuple[int, bytes]:
        listener = listen("127.0.0.1", 0)
        accepting = asyncio.Event()
        running = asyncio.create_task(run(wire().application, listener, accepting.set))
        await accepting.wait()
        answer = await say(listener.port, b"GET /health HTTP/1.0\r\n\r\n")
        signal.raise_signal(number)
        return await running, answer

    ended, answer = asyncio.run(live())
    assert (ended, spoken(answer)[0].json) == (code, {"status": "ok"})
    assert signal.getsignal(number) is before


def drained(over: Wire, sent: bytes) -> tuple[bytes, float]:
    """Stop a server while a request runs; return its answer and the seconds it took to be gone."""

    async def live() -> tuple[bytes, float]:
        async with listening(over) as (port, server):
            asked = asyncio.create_task(say(port, sent))
            idle = asyncio.create_task(say(port))
            while not over.execution.calls:
                await asyncio.sleep(0.01)
            started = time.monotonic()
            server.should_exit = True
            answer = await asked
            await idle
        return answer, time.monotonic() - started

    return asyncio.run(live())


def test_running_requests_are_finished() -> None:
    """A request that ends within the drain is answered as ever, and says that the connection ends."""
    over = wire(bounds=Bounds(drain_seconds=5))
    over.execution.waits = lambda: asyncio.sleep(0.4)
    answer, seconds = drained(over, request(EXECUTE, b"{}"))
    assert [(one.status, one.headers["connection"]) for one in spoken(answer)] == [(200, "close")]
    assert seconds < 3


def test_requests_that_take_longer_are_cancelled_with_an_answer() -> None:
    """After the drain they answer 503 in the envelope, and the server is gone soon after."""
    over = wire(bounds=Bounds(drain_seconds=0.5))
    over.execution.waits = lambda: asyncio.sleep(60)
    answer, seconds = drained(over, request(EXECUTE, b"{}"))
    only = spoken(answer)[0]
    assert (only.status, only.json["code"]) == (503, "service.unavailable")
    assert only.json["errors"][0]["code"] == "SHUTTING_DOWN"
    assert 0.5 <= seconds < 1.6
