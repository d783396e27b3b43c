"""The run of a data action: what goes in, its steps, what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from jackfield.domain.action import Action
from jackfield.domain.credential import CredentialValues
from jackfield.domain.errors import ActionFailed
from jackfield.domain.finding import Finding
from jackfield.domain.login import Login


class RunMode(StrEnum):
    """Execute hides remote bodies and answers the result; test shows every step."""

    EXECUTE = "execute"
    TEST = "test"


# Not frozen, and its `__init__` is written out: it is made on the hot path, where each frozen member costs a
# call, and where a generated `__init__` stays interpreted in a compiled server.
@dataclass(slots=True, init=False)
class Run:
    """Everything one run needs.

    Args:
        action: the published action, or its draft.
        engine: the integration type's engine name (`web-services`, ...).
        inputs: the caller's JSON object, parsed; None if it could not be parsed as an object.
        raw_request: the caller's body text, for `input.rawRequest`.
        credentials: opened for this run; None if the integration has none.
        flatten: answer in the flat form that Architect reads.
        login: the integration's auth action, whose result is `authResponse`; None if it has none.
        revision: tells states of credential, auth action and configuration apart; a login is of one of them.
        hops: how many calls of this server to itself led here.
        given: a login that was made elsewhere; None to log in here.
        kept: inputs and result are wanted for the log of executions, masked.
    """

    action: Action
    engine: str
    inputs: Mapping[str, Any] | None
    raw_request: str
    credentials: CredentialValues | None
    correlation_id: str
    mode: RunMode
    flatten: bool
    login: Action | None
    revision: str
    hops: int
    given: Login | None
    kept: bool

    def __init__(
        self,
        action: Action,
        engine: str,
        inputs: Mapping[str, Any] | None,
        raw_request: str,
        credentials: CredentialValues | None,
        correlation_id: str,
        mode: RunMode = RunMode.EXECUTE,
        flatten: bool = False,
        login: Action | None = None,
        revision: str = "",
        hops: int = 0,
        given: Login | None = None,
        kept: bool = False,
    ) -> None:
        self.action, self.engine, self.inputs, self.raw_request = action, engine, inputs, raw_request
        self.credentials, self.correlation_id = credentials, correlation_id
        self.mode, self.flatten, self.login, self.revision = mode, flatten, login, revision
        self.hops, self.given, self.kept = hops, given, kept


@dataclass(frozen=True, slots=True)
class Operation:
    """One documented step of a run. `result` is any JSON value, secrets masked."""

    step: int
    name: str
    success: bool
    result: Any = None
    error: ActionFailed | None = None


@dataclass(frozen=True, slots=True)
class KeptBodies:
    """What a run was given and what it gave, with every secret masked.

    Args:
        inputs: the caller's JSON text.
        result: JSON text of the result, "" if the run failed.
        whole: nothing in `inputs` had to be masked.
    """

    inputs: str
    result: str
    whole: bool


# Not frozen, and its `__init__` is written out: it is made on the hot path, where each frozen member costs a
# call, and where a generated `__init__` stays interpreted in a compiled server.
@dataclass(slots=True, init=False)
class RunResult:
    """What a run gave.

    Args:
        final_result: JSON text of what execute answers; "" if the run failed.
        operations: every step in test mode; empty in execute mode.
        error: the failing step's error.
        remote_status: HTTP status of the reply, None if none came.
        durations: seconds of the whole run (`total`) and of the call to the web service (`upstream`).
        warnings: findings that did not stop the run.
        failed_step: name of the step that failed, "" for none.
        kept: what the log of executions may keep, where it was asked for.
    """

    success: bool
    final_result: str
    operations: tuple[Operation, ...]
    error: ActionFailed | None
    remote_status: int | None
    durations: Mapping[str, float]
    warnings: tuple[Finding, ...]
    failed_step: str
    kept: KeptBodies | None

    def __init__(
        self,
        success: bool,
        final_result: str,
        operations: tuple[Operation, ...] = (),
        error: ActionFailed | None = None,
        remote_status: int | None = None,
        durations: Mapping[str, float] | None = None,
        warnings: tuple[Finding, ...] = (),
        failed_step: str = "",
        kept: KeptBodies | None = None,
    ) -> None:
        self.success, self.final_result, self.operations = success, final_result, operations
        self.error, self.remote_status = error, remote_status
        self.durations = {} if durations is None else durations
        self.warnings, self.failed_step, self.kept = warnings, failed_step, kept


class RunListener(Protocol):
    """Whoever waits for the end of a run without awaiting it. Told once."""

    def finished(self, result: RunResult) -> None:
        """Take what the run gave; it may have failed."""

    def broke(self, fault: Exception) -> None:
        """Hear of a fault of the program, or of what is not implemented."""


class RunUnderWay(Protocol):
    """A run that goes on by itself."""

    def cancel(self) -> None:
        """End it; its listener hears nothing more."""
