"""What the log of executions keeps of a run."""

from __future__ import annotations

from datetime import datetime

from jackfield.domain.errors import JackfieldError
from jackfield.domain.execution_log import BODY_CHARACTERS, LoggedRun, RunOutcome
from jackfield.domain.identity import Caller
from jackfield.domain.run import Run, RunResult

_OK = 200


def finished(caller: Caller, run: Run, at: datetime, size: int, result: RunResult) -> LoggedRun:
    """Return the entry of a run that came to its end, well or not.

    Args:
        at: when it began.
        size: of the caller's body, in bytes.
    """
    entry = _entry(caller, run, at, size, RunOutcome.SUCCEEDED if result.success else RunOutcome.FAILED)
    entry.remote_status = result.remote_status
    entry.upstream_seconds = result.durations.get("upstream", 0.0)
    error = result.error
    if error is None:
        entry.response_bytes = len(result.final_result)
    else:
        entry.status, entry.error_class = error.status, error.detail
        entry.error_code = error.findings[0].code if error.findings else ""
        entry.failed_step = result.failed_step
    kept = result.kept
    if kept is not None:
        entry.inputs, entry.result = kept.inputs[:BODY_CHARACTERS], kept.result[:BODY_CHARACTERS]
        entry.whole = kept.whole and len(kept.inputs) <= BODY_CHARACTERS
    return entry


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
    entry = _entry(caller, run, at, size, outcome)
    entry.status = error.status if error is not None else 0
    if error is not None and error.findings:
        entry.error_code = error.findings[0].code
    return entry


def _entry(caller: Caller, run: Run, at: datetime, size: int, outcome: RunOutcome) -> LoggedRun:
    action, principal = run.action, caller.principal
    return LoggedRun(
        at,
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
        caller.correlation_id,
        outcome,
        _OK,
        0.0,
        size,
    )
