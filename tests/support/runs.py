"""Builders of actions, runs and engines for tests."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from time import monotonic
from typing import Any

import orjson

from jackfield.domain.action import (
    DEFAULT_REQUEST_TEMPLATE,
    DEFAULT_SUCCESS_TEMPLATE,
    Action,
    ActionConfig,
    ActionState,
    Contract,
    RequestConfig,
    ResponseConfig,
)
from jackfield.domain.credential import CredentialValues
from jackfield.domain.run import Operation, Run, RunMode, RunResult
from jackfield.domain.secret import Secret
from jackfield.engine.egress import HttpUpstream
from jackfield.engine.egress.bounds import EgressLimits
from jackfield.engine.egress.dialing import Judge
from jackfield.engine.egress.resolver import Resolver
from jackfield.engine.egress.tls import OneContext
from jackfield.engine.guard import UpstreamPolicy
from jackfield.engine.limits import EngineLimits
from jackfield.engine.pipeline import Engine
from jackfield.engine.upstream import (
    InboundReply,
    OutboundRequest,
    ReplyListener,
    Sending,
    Upstream,
    UpstreamFailure,
)

CORRELATION = "11111111-2222-4333-8444-555555555555"
WHEN = datetime(2026, 11, 23, tzinfo=UTC)


class WallClock:
    """The real time."""

    def now(self) -> datetime:
        """Return the time."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return monotonic()


def make_action(
    url: str,
    method: str = "GET",
    *,
    headers: Mapping[str, str] | None = None,
    body: str = DEFAULT_REQUEST_TEMPLATE,
    paths: Mapping[str, str] | None = None,
    defaults: Mapping[str, str] | None = None,
    success: str = DEFAULT_SUCCESS_TEMPLATE,
    input_schema: Mapping[str, Any] | None = None,
    success_schema: Mapping[str, Any] | None = None,
    timeout: int | None = None,
    state: ActionState = ActionState.PUBLISHED,
    version: int = 1,
) -> Action:
    """Return an action of a web services integration."""
    return Action(
        id="custom_-_00000000-0000-4000-8000-000000000001",
        organization_id="org-1",
        integration_id="int-1",
        name="An action",
        category="Test",
        version=version,
        secure=False,
        config=ActionConfig(
            RequestConfig(url, method, headers or {}, body),
            ResponseConfig(paths or {}, defaults or {}, success),
            timeout,
        ),
        contract=Contract(
            orjson.dumps(input_schema or {}).decode(), orjson.dumps(success_schema or {}).decode()
        ),
        state=state,
        created=WHEN,
        modified=WHEN,
    )


def make_run(
    action: Action,
    inputs: Mapping[str, Any] | None = None,
    *,
    credentials: CredentialValues | None = None,
    mode: RunMode = RunMode.TEST,
    flatten: bool = False,
    raw: str | None = None,
) -> Run:
    """Return a run of an action."""
    values = {} if inputs is None else inputs
    text = orjson.dumps(values).decode() if raw is None else raw
    return Run(action, "web-services", values, text, credentials, CORRELATION, mode, flatten)


def basic_auth(user: str = "anna", password: str = "s3cret!pass") -> CredentialValues:
    """Return opened basicAuth credentials."""
    return CredentialValues("cred-1", "basicAuth", {"userName": Secret(user), "password": Secret(password)})


def user_defined(**fields: str) -> CredentialValues:
    """Return opened userDefined credentials."""
    return CredentialValues("cred-2", "userDefined", {name: Secret(text) for name, text in fields.items()})


def make_upstream(
    *,
    mode: str = "loopback",
    allowed: tuple[str, ...] = (),
    own_ports: frozenset[int] = frozenset(),
    limits: EgressLimits | None = None,
    resolver: Resolver | None = None,
    tls: ssl.SSLContext | None = None,
    judge: Judge | None = None,
) -> HttpUpstream:
    """Return a real client; by default loopback may be called."""
    policy = UpstreamPolicy("loopback" if mode == "loopback" else "public", allowed, own_ports)
    return HttpUpstream(
        policy,
        WallClock(),
        limits=limits,
        resolver=resolver,
        tls=OneContext(tls) if tls else None,
        judge=judge,
    )


def make_engine(upstream: Upstream | None = None, limits: EngineLimits | None = None) -> Engine:
    """Return an engine over a real client."""
    used = upstream or make_upstream()
    prompt = used if isinstance(used, HttpUpstream | CannedUpstream) else None
    return Engine(used, WallClock(), limits=limits, prompt=prompt)


class EndOfRun:
    """Listens for the end of a run that nobody awaits."""

    def __init__(self) -> None:
        self._heard: asyncio.Future[RunResult] = asyncio.get_running_loop().create_future()

    def finished(self, result: RunResult) -> None:
        """Take the result."""
        self._heard.set_result(result)

    def broke(self, fault: Exception) -> None:
        """Take the fault."""
        self._heard.set_exception(fault)

    @property
    def is_there(self) -> bool:
        """Tell if it has come."""
        return self._heard.done()

    async def result(self) -> RunResult:
        """Return what was heard, within ten seconds."""
        return await asyncio.wait_for(asyncio.shield(self._heard), 10)


async def run_unawaited(engine: Engine, run: Run) -> RunResult:
    """Run one action without a task."""
    end = EndOfRun()
    engine.run_now(run, end)
    return await end.result()


async def run_once(run: Run, upstream: Upstream | None = None) -> RunResult:
    """Run one action with an engine of its own: as executions go, without a task where that is possible."""
    engine = make_engine(upstream)
    kind = None if run.credentials is None else run.credentials.type_name
    at_once = run.mode is RunMode.EXECUTE and run.given is None and engine.runs_at_once(run.engine, kind)
    try:
        return await (run_unawaited(engine, run) if at_once else engine.run(run))
    finally:
        await engine.aclose()


class NothingUnderWay:
    """A request that has been answered."""

    def cancel(self) -> None:
        """Nothing is left to be given up."""


class CannedUpstream:
    """Answers without sockets and keeps what was asked.

    Args:
        answers: replies or failures, in turn; the last one for ever.
    """

    def __init__(self, *answers: InboundReply | UpstreamFailure) -> None:
        self.answers = answers or (json_reply({"ok": True}),)
        self.requests: list[OutboundRequest] = []
        self.closed = False

    async def send(self, request: OutboundRequest, *, deadline: float) -> InboundReply:
        """Return the next answer."""
        assert deadline > 0
        self.requests.append(request)
        answer = self.answers[min(len(self.requests), len(self.answers)) - 1]
        if isinstance(answer, UpstreamFailure):
            raise answer
        return answer

    def send_now(self, request: OutboundRequest, *, deadline: float, listener: ReplyListener) -> Sending:
        """Tell the next answer at once."""
        assert deadline > 0
        self.requests.append(request)
        answer = self.answers[min(len(self.requests), len(self.answers)) - 1]
        if isinstance(answer, UpstreamFailure):
            listener.failed(answer)
        else:
            listener.replied(answer)
        return NothingUnderWay()

    async def aclose(self) -> None:
        """Note that it was closed."""
        self.closed = True

    @property
    def last(self) -> OutboundRequest:
        """The last request."""
        return self.requests[-1]


def json_reply(value: object, status: int = 200) -> InboundReply:
    """Return a JSON reply."""
    return InboundReply(status, "", [("content-type", "application/json")], orjson.dumps(value))


def text_reply(text: bytes, content_type: str = "application/json", status: int = 200) -> InboundReply:
    """Return a reply of these bytes."""
    return InboundReply(status, "", [("content-type", content_type)], text)


def run_action(
    action: Action,
    inputs: Mapping[str, Any] | None = None,
    *answers: InboundReply | UpstreamFailure,
    upstream: CannedUpstream | None = None,
    credentials: CredentialValues | None = None,
    mode: RunMode = RunMode.TEST,
    flatten: bool = False,
) -> RunResult:
    """Run one action against canned answers."""
    canned = upstream or CannedUpstream(*answers)
    return asyncio.run(
        run_once(make_run(action, inputs, credentials=credentials, mode=mode, flatten=flatten), canned)
    )


def codes(result: RunResult) -> list[str]:
    """Return the codes of the findings that stopped a run."""
    return [finding.code for finding in result.error.findings] if result.error is not None else []


def warning_codes(result: RunResult) -> list[str]:
    """Return the codes of a run's warnings."""
    return [finding.code for finding in result.warnings]


def operation(result: RunResult, name: str) -> Operation:
    """Return the operation of a test run whose name contains a text."""
    return next(item for item in result.operations if name in item.name)
