"""What the log of executions keeps of a run."""

from __future__ import annotations

from datetime import datetime

from jackfield.domain.errors import JackfieldError
from jackfield.domain.execution_log import (
    BODY_CHARACTERS,
    SUCCESS,
    LoggedRun,
    RunEnding,
    RunOutcome,
    RunSubject,
)
from jackfield.domain.identity import Caller
from jackfield.domain.run import KeptBodies, Run, RunResult

_OK = 200


def finished(caller: Caller, run: Run, at: datetime, size: int, result: RunResult) -> LoggedRun:
    """Return the entry of a run that came to its end, well or not.

    Args:
        at: when it began.
        size: of the caller's body, in bytes.
    """
    return LoggedRun(
        _subject(caller, run),
        at,
        caller.correlation_id,
        size,
        SUCCESS if result.success and result.error is None else _ending(result),
        result.remote_status,
        result.durations.get("upstream", 0.0),
        len(result.final_result) if result.error is None else 0,
        None if result.kept is None else _cut(result.kept),
    )


def unfinished(
    caller: Caller,
    run: Run,
    at: datetime,
    size: int,
    outcome: RunOutcome,
    error: JackfieldError | None = None,
) -> LoggedRun:
    """Return the entry of a run that was interrupted, or not even begun.

    Args:
        error: why it was not begun, such as a limit; None if it was interrupted.
    """
    status = error.status if error is not None else 0
    return LoggedRun(
        _subject(caller, run), at, caller.correlation_id, size, (outcome, status, _code(error), "", "")
    )


def _subject(caller: Caller, run: Run) -> RunSubject:
    action, principal = run.action, caller.principal
    return (
        principal.organization_id,
        principal.client_id,
        principal.user_id,
        action.id,
        action.name,
        action.integration_id,
        action.version,
        action.state,
        run.mode,
        run.flatten,
    )


def _ending(result: RunResult) -> RunEnding:
    outcome = RunOutcome.SUCCEEDED if result.success else RunOutcome.FAILED
    error = result.error
    if error is None:
        return (outcome, _OK, "", "", "")
    return (outcome, error.status, _code(error), error.detail, result.failed_step)


def _code(error: JackfieldError | None) -> str:
    return error.findings[0].code if error is not None and error.findings else ""


def _cut(kept: KeptBodies) -> KeptBodies:
    """Return bodies of which none is longer than the log keeps."""
    if len(kept.inputs) <= BODY_CHARACTERS and len(kept.result) <= BODY_CHARACTERS:
        return kept
    whole = kept.whole and len(kept.inputs) <= BODY_CHARACTERS
    return KeptBodies(kept.inputs[:BODY_CHARACTERS], kept.result[:BODY_CHARACTERS], whole)
