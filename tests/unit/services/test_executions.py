"""What the log keeps of runs, their steps, and how results are compared."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.domain.action import ActionState
from jackfield.domain.catalogue import found
from jackfield.domain.errors import JackfieldError, LimitReached
from jackfield.domain.execution_log import LoggedRun, NoExecutionLog, RunOutcome
from jackfield.domain.run import KeptBodies, Run, RunListener, RunResult, RunUnderWay
from jackfield.services.execution import ExecutionService
from jackfield.services.executions import compared, steps_of
from jackfield.services.outcome import Outcome
from support.clocks import StandingClock
from support.services import Workshop, body
from unit.store.test_execution_log import run as logged_run

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text("ab/~", max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("ab/~", max_size=2), inner, max_size=3)
    ),
    max_leaves=8,
)


@dataclass
class ListLog(NoExecutionLog):
    """Keeps runs in a list."""

    runs: list[LoggedRun] = field(default_factory=list)

    def add(self, run: LoggedRun) -> None:
        """Keep it."""
        self.runs.append(run)


class Endless:
    """A run that goes on until it is ended."""

    def cancel(self) -> None:
        """End it."""


class Heard:
    """Asks for an execution and remembers what it heard."""

    def __init__(self) -> None:
        self.said: list[object] = []

    def answered(self, outcome: Outcome[bytes]) -> None:
        """Remember the result."""
        self.said.append(outcome.value)

    def failed(self, fault: BaseException) -> None:
        """Remember the fault."""
        self.said.append(fault)


@dataclass
class FailingEngine:
    """Raises what it is told to."""

    error: BaseException

    async def run(self, _: Run) -> RunResult:
        """Fail."""
        raise self.error

    def runs_at_once(self, _engine: str, _credential_type: str | None) -> bool:
        """Run everything at once."""
        return True

    def run_now(self, _run: Run, listener: RunListener) -> RunUnderWay:
        """Fail at once, or never end."""
        if isinstance(self.error, asyncio.CancelledError):
            return Endless()
        if isinstance(self.error, JackfieldError):
            raise self.error
        assert isinstance(self.error, Exception)
        listener.broke(self.error)
        return Endless()

    async def aclose(self) -> None:
        """Nothing is open."""


def execution(workshop: Workshop, engine: Any, log: ListLog) -> ExecutionService:
    """Return the service over an engine."""
    return ExecutionService(
        workshop.store, workshop.vault, engine, workshop.services.catalog, StandingClock(), log
    )


def action_of(workshop: Workshop) -> str:
    """Create an integration with an action."""
    wanted = body({"integrationType": {"id": "custom-rest-actions"}})
    made = asyncio.run(workshop.services.integrations.create(workshop.caller, wanted)).value
    schema = {"type": "object"}
    action = {
        "name": "a",
        "category": "c",
        "integrationId": made.integration.id,
        "config": {"request": {"requestUrlTemplate": "https://example.com/", "requestType": "GET"}},
        "contract": {"input": {"inputSchema": schema}, "output": {"successSchema": schema}},
    }
    return asyncio.run(workshop.services.actions.create(workshop.caller, body(action))).value.id


def test_limits_and_interruptions_are_logged(workshop: Workshop) -> None:
    """A run that was not begun stands there with its status, one that was cut off as interrupted."""
    action = action_of(workshop)
    limit = LimitReached(
        found("REQUESTS_PER_MINUTE", limit=1, seconds=1), key="k", namespace="n", value=1, retry_after=1
    )
    for error, outcome, status in (
        (limit, RunOutcome.FAILED, 429),
        (asyncio.CancelledError(), RunOutcome.INTERRUPTED, 0),
    ):
        log = ListLog()
        service = execution(workshop, FailingEngine(error), log)
        with pytest.raises(type(error)):
            asyncio.run(service.execute(workshop.caller, action, b"{}", flatten=False))
        (entry,) = log.runs
        assert (entry.outcome, entry.status, entry.request_bytes) == (outcome, status, 2)
        assert steps_of(entry) == []


def test_what_nobody_awaits_is_logged_alike(workshop: Workshop) -> None:
    """Of an execution without a task limits and interruptions are logged, too; a fault of ours is not."""
    action = action_of(workshop)
    limit = LimitReached(
        found("REQUESTS_PER_MINUTE", limit=1, seconds=1), key="k", namespace="n", value=1, retry_after=1
    )
    mistake = RuntimeError("a mistake")
    for error, logged in (
        (limit, [(RunOutcome.FAILED, 429)]),
        (asyncio.CancelledError(), [(RunOutcome.INTERRUPTED, 0)]),
        (mistake, []),
    ):
        log, heard = ListLog(), Heard()
        service = execution(workshop, FailingEngine(error), log)
        with pytest.raises(type(error)):
            asyncio.run(service.execute(workshop.caller, action, b"{}", flatten=False))
        log.runs.clear()
        runnable = service.ready(workshop.caller.organization_id, action)
        assert runnable is not None
        begun = service.execute_now(workshop.caller, runnable, b"{}", heard, workshop.clock.now())
        begun.interrupt()
        assert [(entry.outcome, entry.status) for entry in log.runs] == logged
        assert [type(said) for said in heard.said] == [type(error)]
        assert begun.over


def test_steps_end_at_the_failed_one() -> None:
    """All steps of a success; of a failure those up to the step that failed."""
    every = steps_of(logged_run())
    assert all(success for _, success in every)
    failed = logged_run(outcome=RunOutcome.FAILED, failed_step="Execute")
    told = steps_of(failed)
    assert told[-1] == ("Execute", False)
    assert [name for name, _ in told] == [name for name, _ in every[: len(told)]]
    assert len(steps_of(logged_run(flatten=True))) == len(every) + 1


@given(JSON)
def test_equal_results_do_not_differ(value: Any) -> None:
    """A result compared with itself gives no difference, in whatever spelling."""
    assert _differences(value, value) == []


@given(JSON, JSON)
def test_different_results_differ(old: Any, new: Any) -> None:
    """Two results that are not the same JSON differ somewhere; each difference has another value now."""
    differing = _differences(old, new)
    assert bool(differing) is ((repr(old) != repr(new) and old != new) or _kinds(old) != _kinds(new))
    assert all(one.before != one.after for one in differing)


def _differences(old: Any, new: Any) -> list[Any]:
    before = logged_run(bodies=KeptBodies("{}", json.dumps(old, indent=1), whole=True))
    return list(compared(before, RunResult(True, json.dumps(new)), ActionState.DRAFT).differences)


def _kinds(value: Any) -> Any:
    """Return a value's form with the kinds of its scalars: true is not 1."""
    if isinstance(value, dict):
        return {name: _kinds(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_kinds(item) for item in value]
    return type(value).__name__
