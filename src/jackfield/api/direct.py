"""Executions without ASGI's messages: a request that is there as a whole, and an answer in one write.

Most executions are small: head and body come in one piece. For them the messages, events and the second
write that ASGI asks for cost as much as the run itself. What the caller sees is the same, byte for byte.
"""

from __future__ import annotations

import asyncio
from asyncio import Task, Transport
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import ClassVar, Final

from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from jackfield.api.exchange import (
    COMPRESSED_FROM,
    CORRELATION_HEADER,
    JSON,
    STANDING_HEADERS,
    Answer,
    Exchange,
)
from jackfield.api.gate import Gate
from jackfield.api.ledger import Ledger
from jackfield.api.route_table import Match
from jackfield.domain.identity import Principal
from jackfield.services.execution import ExecutionService, Runnable
from jackfield.services.outcome import Outcome
from jackfield.services.prompt_execution import PromptExecution

OK: Final = 200


def header_lines(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Return headers as they stand in a head."""
    return b"".join([b"%b: %b\r\n" % (name, value) for name, value in headers])


_USUAL: Final = (
    header_lines(STANDING_HEADERS)
    + CORRELATION_HEADER
    + b": %b\r\ncontent-type: "
    + JSON
    + b"\r\ncontent-length: %d\r\n"
)


class Silence:
    """Stands where uvicorn wants to wake somebody who waits for a body: nobody does."""

    def set(self) -> None:
        """Wake nobody."""


class DirectCycle:
    """One request under way, with the members that uvicorn's protocol looks at.

    Args:
        transport: of the connection.
        flow: tells if the client is too slow for more.
        standing: lines that every answer begins with.
        keep_alive: whether the client wants the connection kept.
        on_response: called once the answer is out.
        tasks: those under way, which a shutdown waits for.
        runs: executions without a task, which a shutdown waits for, too.
    """

    __slots__ = (
        "_flow",
        "_on_response",
        "_runs",
        "_standing",
        "_tasks",
        "_transport",
        "disconnected",
        "keep_alive",
        "response_complete",
        "response_started",
        "run",
        "task",
    )
    more_body = False
    message_event: ClassVar[Silence] = Silence()

    def __init__(
        self,
        transport: Transport,
        flow: FlowControl,
        standing: bytes,
        keep_alive: bool,
        on_response: Callable[[], None],
        tasks: set[Task[None]],
        runs: set[PromptExecution],
    ) -> None:
        self._transport, self._flow, self._standing = transport, flow, standing
        self._tasks, self._runs = tasks, runs
        self.task: Task[None] | None = None
        self.run: PromptExecution | None = None
        self._on_response, self.keep_alive = on_response, keep_alive
        self.disconnected = self.response_started = self.response_complete = False

    def take(self, task: Task[None]) -> None:
        """Note the task that answers."""
        self.task = task
        self._tasks.add(task)

    def follow(self, run: PromptExecution) -> None:
        """Note the execution that goes on by itself."""
        self.run = run
        self._runs.add(run)

    def end(self) -> None:
        """Note that it is over; cheaper than a callback of the task, which takes a turn of the loop."""
        if self.task is not None:
            self._tasks.discard(self.task)
        if self.run is not None:
            self._runs.discard(self.run)
            self.run = None

    async def taken(self) -> None:
        """Wait until the client has taken what was sent before, or is gone."""
        await self._flow.drain()

    @property
    def is_paused(self) -> bool:
        """Tell if the client is too slow for more."""
        return self._flow.write_paused and not self.disconnected

    def write(self, status: int, lines: bytes, body: bytes) -> None:
        """Send the answer without regard to what is still to go out.

        Args:
            lines: its headers besides the standing ones.
        """
        if self.disconnected:
            return
        self.response_started = True
        closing = b"\r\n" if self.keep_alive else b"connection: close\r\n\r\n"
        self._transport.write(b"".join((STATUS_LINE[status], self._standing, lines, closing, body)))
        self.response_complete = True
        if not self.keep_alive:
            self._transport.close()
        self._on_response()


class DirectExchange(Exchange):
    """A POST that is there as a whole, on its direct way.

    Args:
        cycle: where the answer goes.
        headers: those the wire looks at.
    """

    __slots__ = ("_cycle",)

    def __init__(
        self,
        cycle: DirectCycle,
        correlation_id: str,
        path: str,
        headers: dict[bytes, bytes],
        origins: frozenset[bytes],
    ) -> None:
        self._cycle = cycle
        self.correlation_id, self.method, self.path, self.query = correlation_id, "POST", path, b""
        self.headers = headers
        self.route, self.status, self.extra, self.origins = "", 0, [], origins

    async def answer(self, answer: Answer) -> None:
        """Send an answer with the standing headers, once the client has taken what was sent before."""
        while not self.answer_now(answer):
            await self._cycle.taken()

    def answer_now(self, answer: Answer) -> bool:
        """Send an answer, unless the client is too slow for it: then False is returned."""
        if self._cycle.is_paused:
            return False
        lines, body = self._lines(answer)
        self.status = answer.status
        self._cycle.write(answer.status, lines, body)
        return True

    def _lines(self, answer: Answer) -> tuple[bytes, bytes]:
        """Return an answer's headers besides the standing ones as lines, and its body as it goes out."""
        body = answer.body
        if (
            answer.status == OK
            and len(body) < COMPRESSED_FROM
            and answer.media_type is JSON
            and not (answer.warnings or answer.headers or self.extra)
            and b"origin" not in self.headers
        ):
            return _USUAL % (self.correlation_id.encode(), len(body)), body
        headers, body = self.prepared(answer)
        return header_lines(headers), body


class DirectAnswer:
    """The answer to an execution that goes on by itself.

    Args:
        cycle: where the request came from.
        exchange: where the answer goes.
        ledger: notes what became of it.
    """

    __slots__ = ("_cycle", "_exchange", "_ledger", "_started")

    def __init__(self, cycle: DirectCycle, exchange: DirectExchange, ledger: Ledger) -> None:
        self._cycle, self._exchange, self._ledger = cycle, exchange, ledger
        self._started = ledger.begin()

    def begin(
        self,
        gate: Gate,
        executions: ExecutionService,
        match: Match,
        principal: Principal,
        runnable: Runnable,
        body: bytes,
        at: datetime,
    ) -> None:
        """Let the gate judge, and begin to execute; whatever happens is answered.

        Args:
            principal: who asks.
            runnable: what is executed.
            body: as the caller sent it.
            at: when the request came.
        """
        try:
            caller = gate.let_in(self._exchange, match.target.routes["POST"], principal)
            run = executions.execute_now(caller, runnable, body, self, at)
        except Exception as fault:  # noqa: BLE001 - a caller waits for an answer, whatever it is
            self.failed(fault)
            return
        if not run.over:
            self._cycle.follow(run)

    def answered(self, outcome: Outcome[bytes]) -> None:
        """Answer what the action gave."""
        self._give(Answer(outcome.value, OK, JSON, outcome.warnings))

    def failed(self, fault: BaseException) -> None:
        """Answer what ended the execution."""
        answer = self._ledger.answer_to(fault, self._exchange)
        if answer is not None:
            self._give(answer)
        else:
            self._end()

    def _give(self, answer: Answer) -> None:
        if self._exchange.answer_now(answer):
            self._end()
        else:
            self._cycle.take(asyncio.get_running_loop().create_task(self._give_later(answer)))

    async def _give_later(self, answer: Answer) -> None:
        try:
            await self._exchange.answer(answer)
        finally:
            self._end()

    def _end(self) -> None:
        self._cycle.end()
        self._ledger.end(self._exchange, self._started)
