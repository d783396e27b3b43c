"""An execution that nobody awaits: it goes on where its reply comes in, and tells its asker how it ended.

What it answers, and what the log keeps of it, is the same as of one that is awaited.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Protocol

from jackfield.domain.errors import JackfieldError
from jackfield.domain.execution_log import ExecutionLog, RunOutcome
from jackfield.domain.finding import Finding
from jackfield.domain.identity import Caller
from jackfield.domain.ports import ActionEngine, Clock
from jackfield.domain.run import Run, RunResult, RunUnderWay
from jackfield.services.logged_runs import finished, unfinished
from jackfield.services.outcome import Outcome


class Asker(Protocol):
    """Whoever asked for an execution. Told once."""

    def answered(self, outcome: Outcome[bytes]) -> None:
        """Take the result's JSON text, with what is suspected about the run."""

    def failed(self, fault: BaseException) -> None:
        """Take the error; `CancelledError` if the server ends."""


class PromptExecution:
    """One execution under way.

    Args:
        log: keeps that it ran.
        clock: for the log.
        run: what the engine is asked for.
        size: of the caller's body, in bytes.
        suspected: warnings about the run that were there before it.
        asker: hears how it ended.
        at: when it was asked for.
    """

    __slots__ = (
        "_asker",
        "_at",
        "_begun",
        "_caller",
        "_clock",
        "_flight",
        "_log",
        "_run",
        "_size",
        "_suspected",
    )

    def __init__(
        self,
        log: ExecutionLog,
        clock: Clock,
        caller: Caller,
        run: Run,
        size: int,
        suspected: tuple[Finding, ...],
        asker: Asker,
        at: datetime,
    ) -> None:
        self._log, self._clock, self._caller, self._run, self._size = log, clock, caller, run, size
        self._suspected = suspected
        self._asker: Asker | None = asker
        self._at, self._begun = at, clock.monotonic()
        self._flight: RunUnderWay | None = None

    @property
    def over(self) -> bool:
        """True once the asker has been told."""
        return self._asker is None

    def begin(self, engine: ActionEngine) -> None:
        """Begin the run; it may be over when this returns."""
        try:
            flight = engine.run_now(self._run, self)
        except JackfieldError as error:
            self._end(error)
            return
        if self._asker is not None:
            self._flight = flight

    def finished(self, result: RunResult) -> None:
        """Note what the run gave, and answer."""
        entry = finished(self._caller, self._run, self._at, self._size, result)
        entry.seconds = self._clock.monotonic() - self._begun
        self._log.add(entry)
        asker = self._let_go()
        if result.error is not None:
            asker.failed(result.error)
            return
        outcome = outcome_of(result)
        if self._suspected:
            outcome = Outcome(outcome.value, (*self._suspected, *outcome.warnings))
        asker.answered(outcome)

    def broke(self, fault: Exception) -> None:
        """Note that the run ended without a result, and pass on why."""
        self._end(fault)

    def interrupt(self) -> None:
        """End the run, for the server ends."""
        if self._asker is None or self._flight is None:
            return
        self._flight.cancel()
        self._end(asyncio.CancelledError())

    def _end(self, fault: BaseException) -> None:
        """Note what ended the run before it had a result; a fault of the program is not in the log."""
        if isinstance(fault, JackfieldError):
            self._note(RunOutcome.FAILED, fault)
        elif isinstance(fault, asyncio.CancelledError):
            self._note(RunOutcome.INTERRUPTED)
        self._let_go().failed(fault)

    def _let_go(self) -> Asker:
        """Return who is to be told, once; circles of objects would wait for the collector."""
        asker, self._asker, self._flight = self._asker, None, None
        assert asker is not None, "told once"
        return asker

    def _note(self, outcome: RunOutcome, error: JackfieldError | None = None) -> None:
        entry = unfinished(self._caller, self._run, self._at, self._size, outcome, error)
        entry.seconds = self._clock.monotonic() - self._begun
        self._log.add(entry)


def outcome_of(result: RunResult) -> Outcome[bytes]:
    """Return what execute answers.

    Raises:
        ActionFailed: the run failed.
    """
    if result.error is not None:
        raise result.error
    return Outcome(result.final_result.encode(), result.warnings)
