"""The log of executions: what is kept of a run, and the port that keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol, TypeAlias

from jackfield.domain.run import KeptBodies

BODY_CHARACTERS = 65_536
"""How much of a body is kept; what is longer is cut, and the run can then not be replayed."""


class RunOutcome(StrEnum):
    """How a run ended. `interrupted` is the server's own end."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


RunSubject: TypeAlias = tuple[str, str, str | None, str, str, str, int, str, str, bool]
"""What ran for whom: organization, client, user (None for client credentials), action id, action name,
integration, action version, state (`published` or `draft`), mode (`execute` or `test`), flatten. Many runs
have the same."""

RunEnding: TypeAlias = tuple[RunOutcome, int, str, str, str]
"""How a run ended: outcome, HTTP status that the caller got, code of the finding that ended it, class of the
failure (`ACTION.…`), name of the step that failed; texts are "" for none. For a test the status is that of
the failure, or 200; it is 0 if the run was interrupted."""

SUCCESS: Final[RunEnding] = (RunOutcome.SUCCEEDED, 200, "", "", "")
"""The ending of nearly every run."""


class LoggedRun:
    """One run as the log keeps it.

    Args:
        subject: what ran for whom.
        at: when it began.
        request_bytes: of the caller's body.
        ending: how it ended.
        remote_status: HTTP status of the web service's reply, None if none came.
        upstream_seconds: of the call to the web service.
        response_bytes: of the result.
        bodies: inputs and result, masked, none longer than BODY_CHARACTERS; `whole` if the inputs are just
            what the caller sent, nothing masked, nothing cut; None if they were not kept.
        seconds: of the whole run.
        id: grows with time; 0 before it is written.
    """

    # One is made per execution, so it has few members: a tuple is made in one step. To look up a remembered
    # subject takes longer than to make it.
    __slots__ = (
        "at",
        "bodies",
        "correlation_id",
        "ending",
        "id",
        "remote_status",
        "request_bytes",
        "response_bytes",
        "seconds",
        "subject",
        "upstream_seconds",
    )

    def __init__(
        self,
        subject: RunSubject,
        at: datetime,
        correlation_id: str,
        request_bytes: int,
        ending: RunEnding = SUCCESS,
        remote_status: int | None = None,
        upstream_seconds: float = 0.0,
        response_bytes: int = 0,
        bodies: KeptBodies | None = None,
        seconds: float = 0.0,
        id: int = 0,  # noqa: A002 - the member's name
    ) -> None:
        self.subject = subject
        self.at = at
        self.correlation_id = correlation_id
        self.request_bytes = request_bytes
        self.ending = ending
        self.remote_status = remote_status
        self.upstream_seconds = upstream_seconds
        self.response_bytes = response_bytes
        self.bodies = bodies
        self.seconds = seconds
        self.id = id

    @property
    def organization_id(self) -> str:
        """The organization that it belongs to."""
        return self.subject[0]

    @property
    def client_id(self) -> str:
        """The OAuth client that asked for it."""
        return self.subject[1]

    @property
    def user_id(self) -> str | None:
        """The user that asked for it; None for client credentials."""
        return self.subject[2]

    @property
    def action_id(self) -> str:
        """The action."""
        return self.subject[3]

    @property
    def action_name(self) -> str:
        """What the action was called then."""
        return self.subject[4]

    @property
    def integration_id(self) -> str:
        """The action's integration."""
        return self.subject[5]

    @property
    def version(self) -> int:
        """Version of the action."""
        return self.subject[6]

    @property
    def state(self) -> str:
        """State of the action, `published` or `draft`."""
        return self.subject[7]

    @property
    def mode(self) -> str:
        """How it ran, `execute` or `test`."""
        return self.subject[8]

    @property
    def flatten(self) -> bool:
        """True if the result was made flat."""
        return self.subject[9]

    @property
    def outcome(self) -> RunOutcome:
        """How it ended."""
        return self.ending[0]

    @property
    def status(self) -> int:
        """HTTP status that the caller got."""
        return self.ending[1]

    @property
    def error_code(self) -> str:
        """Code of the finding that ended it, "" for none."""
        return self.ending[2]

    @property
    def error_class(self) -> str:
        """Class of the failure, `ACTION.…`, "" for none."""
        return self.ending[3]

    @property
    def failed_step(self) -> str:
        """Name of the step that failed, "" for none."""
        return self.ending[4]

    @property
    def inputs(self) -> str | None:
        """The caller's JSON text, masked; None if it was not kept."""
        return None if self.bodies is None else self.bodies.inputs

    @property
    def result(self) -> str | None:
        """The result's JSON text, masked; None if it was not kept."""
        return None if self.bodies is None else self.bodies.result

    @property
    def whole(self) -> bool:
        """True if `inputs` is just what the caller sent."""
        return self.bodies is not None and self.bodies.whole


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
