"""Ways in which a web service can misbehave, and runs against it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence

from jackfield.domain.errors import ActionFailed
from jackfield.domain.run import RunMode, RunResult
from support.runs import make_action, make_engine, make_run
from support.web_service import Answer, Received, WebService, Writer


def stall(first: bytes = b"") -> Answer:
    """Say a few bytes, then nothing."""

    async def answer(received: Received, writer: Writer) -> None:
        writer.write(first)
        await writer.drain()
        await received.until_gone()

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


async def speak_first(reader: asyncio.StreamReader, writer: Writer) -> bool:
    """Speak another protocol at once, and never HTTP."""
    writer.write(b"SSH-2.0-OpenSSH_9.6\r\n")
    await writer.drain()
    await reader.read()
    return True


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


class NoGuard:
    """Lets everything through, so that the connection itself can fail."""

    def judge(self, host: str, port: int, addresses: Sequence[str]) -> None:
        """Allow."""
