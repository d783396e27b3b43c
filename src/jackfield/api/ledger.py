"""What the server notes of every request: how many, how long, what went wrong."""

from __future__ import annotations

import asyncio
import logging
import traceback
from typing import Final

import structlog
from starlette.requests import ClientDisconnect

from jackfield.api.exchange import Answer, Exchange, refusal
from jackfield.api.metrics import Metrics
from jackfield.api.options import ApiOptions
from jackfield.domain.catalogue import found
from jackfield.domain.errors import JackfieldError, Replayed, Unavailable

FRAMES: Final = 12
log = structlog.get_logger("jackfield.api")


class Ledger:
    """Counts requests, and writes down what must be known of them.

    Args:
        metrics: counts.
        options: the clock, and the bounds that errors name.
    """

    def __init__(self, metrics: Metrics, options: ApiOptions) -> None:
        self._metrics, self._options, self._clock = metrics, options, options.clock
        self._logs_answers = log.bind().is_enabled_for(logging.DEBUG)

    def begin(self) -> float:
        """Note that a request begins; return when."""
        self._metrics.in_flight += 1
        return self._clock.monotonic()

    def end(self, exchange: Exchange, started: float) -> None:
        """Note that a request is over."""
        self._metrics.in_flight -= 1
        seconds = self._clock.monotonic() - started
        self._metrics.observe(exchange.method, exchange.route, exchange.status, seconds)
        if self._logs_answers:
            log.debug(
                "answered",
                correlation_id=exchange.correlation_id,
                method=exchange.method,
                route=exchange.route,
                status=exchange.status,
                seconds=round(seconds, 6),
            )

    def answer_to(self, fault: BaseException, exchange: Exchange) -> Answer | None:
        """Return what to answer to what ended an operation; a fault of the program is reported.

        Returns:
            None if nothing can be answered: somebody went away, the answer has begun, or the process ends.
        """
        if isinstance(fault, Replayed):
            kept = fault.answer
            return Answer(kept.body, kept.status, headers=((b"idempotency-replayed", b"true"),))
        if isinstance(fault, JackfieldError):
            return refusal(fault, exchange.correlation_id)
        if isinstance(fault, asyncio.CancelledError):
            # Only the shutdown cancels requests; the caller still gets an answer.
            seconds = self._options.bounds.drain_seconds
            return refusal(Unavailable(found("SHUTTING_DOWN", seconds=seconds)), exchange.correlation_id)
        if not isinstance(fault, Exception) or isinstance(fault, ClientDisconnect):
            return None
        self._report(exchange, fault)
        if exchange.status:
            return None
        reason = found("SERVER_FAULT", correlation_id=exchange.correlation_id)
        return refusal(JackfieldError(reason), exchange.correlation_id)

    def _report(self, exchange: Exchange, fault: Exception) -> None:
        # The message of an exception can hold what the caller sent, so the log gets its type and its frames.
        log.error(
            "request failed",
            correlation_id=exchange.correlation_id,
            method=exchange.method,
            route=exchange.route,
            fault=type(fault).__qualname__,
            frames=[f"{frame.filename}:{frame.lineno} {frame.name}" for frame in _frames(fault)],
        )


def _frames(fault: Exception) -> list[traceback.FrameSummary]:
    return traceback.extract_tb(fault.__traceback__)[-FRAMES:]
