"""The log of executions: what is kept of a run, and the port that keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

BODY_CHARACTERS = 65_536
"""How much of a body is kept; what is longer is cut, and the run can then not be replayed."""


class RunOutcome(StrEnum):
    """How a run ended. `interrupted` is the server's own end."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


# Not frozen, and made with plain assignments: it is made on the hot path, once per execution.
@dataclass(slots=True)
class LoggedRun:
    """One run as the log keeps it.

    Args:
        at: when it began.
        user_id: None for client credentials.
        version: of the action.
        state: `published` or `draft`.
        mode: `execute` or `test`.
        status: HTTP status that the caller got; for a test that of the failure, or 200. 0 if interrupted.
        error_code: code of the finding that ended it, "" for none.
        error_class: `ACTION.…`, "" for none.
        failed_step: name of the step that failed, "" for none.
        remote_status: HTTP status of the web service's reply, None if none came.
        seconds: of the whole run.
        upstream_seconds: of the call to the web service.
        request_bytes: of the caller's body.
        response_bytes: of the result.
        inputs: the caller's JSON text, masked; None if it was not kept.
        result: the result's JSON text, masked; None if it was not kept.
        whole: true if `inputs` is just what the caller sent: nothing masked, nothing cut.
        id: grows with time; 0 before it is written.
    """

    at: datetime
    organization_id: str
    client_id: str
    user_id: str | None
    action_id: str
    action_name: str
    integration_id: str
    version: int
    state: str
    mode: str
    flatten: bool
    correlation_id: str
    outcome: RunOutcome
    status: int
    seconds: float
    request_bytes: int
    response_bytes: int = 0
    upstream_seconds: float = 0.0
    error_code: str = ""
    error_class: str = ""
    failed_step: str = ""
    remote_status: int | None = None
    inputs: str | None = None
    result: str | None = None
    whole: bool = False
    id: int = 0


@dataclass(frozen=True, slots=True)
class LogQuery:
    """Which runs are asked for.

    Args:
        size: how many at most.
        before: only older ones than the run with this id; 0 for no bound.
        after: only newer ones, the oldest of them first; None to begin with the newest run of all.
        since: only runs that began then or later, or so long ago at most.
        problems: only those that did not succeed.
        outcome: only those that ended so; None for any.
        status: only those with this HTTP status; None for any.
    """

    size: int = 25
    before: int = 0
    after: int | None = None
    action_id: str = ""
    integration_id: str = ""
    correlation_id: str = ""
    since: datetime | timedelta | None = None
    problems: bool = False
    outcome: RunOutcome | None = None
    status: int | None = None


class ExecutionLog(Protocol):
    """Keeps runs, off the hot path: a killed process can lose those of its last second."""

    @property
    def keeps_bodies(self) -> bool:
        """Tell if inputs and results are wanted."""

    @property
    def dropped(self) -> int:
        """How many runs were not kept because too many came at once, since the start."""

    def add(self, run: LoggedRun) -> None:
        """Take a run; never waits and never fails."""

    async def page(self, organization_id: str, query: LogQuery) -> Sequence[LoggedRun]:
        """Return runs, newest first unless `after` is given."""

    async def get(self, organization_id: str, run_id: int) -> LoggedRun | None:
        """Return one run."""

    def close(self) -> None:
        """Write what was taken, and stop."""


class NoExecutionLog:
    """Keeps nothing (`--log-days 0`)."""

    keeps_bodies = False
    dropped = 0

    def add(self, run: LoggedRun) -> None:
        """Forget it."""

    async def page(self, organization_id: str, query: LogQuery) -> Sequence[LoggedRun]:  # noqa: ARG002 - the port's
        """There is none."""
        return ()

    async def get(self, organization_id: str, run_id: int) -> LoggedRun | None:  # noqa: ARG002 - the port's
        """There is none."""
        return None

    def close(self) -> None:
        """Nothing is open."""
