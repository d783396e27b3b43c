"""The log of executions, and running what stands in it once more."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from jackfield.api.call import Call
from jackfield.api.exchange import Answer
from jackfield.api.json_bytes import dump
from jackfield.api.query import Query
from jackfield.api.shapes.runs import test_result
from jackfield.api.shapes.times import fine_stamp
from jackfield.domain.action import ActionState
from jackfield.domain.execution_log import LoggedRun, LogQuery, RunOutcome
from jackfield.domain.run import RunResult
from jackfield.services.executions import Replay, compared, steps_of

EXECUTIONS = "/jackfield/v1/executions"
LARGEST_PAGE = 1_000


async def list_executions(call: Call) -> Answer:
    """Answer a run of executions, newest first; with `after`, those that came after it, oldest first."""
    query = call.query
    outcome = query.choice("outcome", [one.value for one in RunOutcome])
    after = query.number("after", 0, 0, 2**62) if query.text("after") else None
    wanted = LogQuery(
        size=query.number("pageSize", 25, 1, LARGEST_PAGE),
        before=query.number("before", 0, 0, 2**62),
        after=after,
        action_id=query.text("actionId"),
        integration_id=query.text("integrationId"),
        correlation_id=query.text("correlationId"),
        since=query.since("since"),
        problems=query.flag("problems") or False,
        outcome=RunOutcome(outcome) if outcome else None,
        status=query.number("status", 0, 0, 999) if query.text("status") else None,
    )
    warnings = call.settled()
    runs = await call.services.executions.page(call.caller, wanted)
    envelope: dict[str, Any] = {
        "entities": [_execution(run) for run in runs],
        "pageSize": wanted.size,
        "dropped": call.services.executions.dropped,
    }
    if after is None and len(runs) == wanted.size:
        envelope["nextUri"] = _next(query, runs[-1])
    return Answer(dump(envelope), warnings=warnings)


async def get_execution(call: Call) -> Answer:
    """Answer one run with its steps, and its bodies where they were kept."""
    warnings = call.settled()
    run = await call.services.executions.get(call.caller, call.parameters["executionId"])
    return Answer(dump(_whole(run)), warnings=warnings)


async def replay_execution(call: Call) -> Answer:
    """Run a logged run's inputs again, by default against the action's draft."""
    named = call.query.choice("state", [state.value for state in ActionState])
    state = ActionState(named) if named else ActionState.DRAFT
    warnings = call.settled()
    before = await call.services.executions.replayable(call.caller, call.parameters["executionId"])

    def shape(after: RunResult) -> dict[str, Any]:
        return _replay(compared(before, after, state), call.caller.correlation_id)

    after = await call.services.executions.replay(call.presenting(shape), before, state)
    return Answer(dump(shape(after)), warnings=(*warnings, *after.warnings))


def _next(query: Query, last: LoggedRun) -> str:
    kept = {name: query.text(name) for name in query.names if name not in ("before", "after")}
    return f"{EXECUTIONS}?{urlencode({**kept, 'before': str(last.id)})}"


def _execution(run: LoggedRun) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "id": str(run.id),
        "date": fine_stamp(run.at),
        "outcome": run.outcome,
        "status": run.status,
        "mode": run.mode,
        "action": {
            "id": run.action_id,
            "name": run.action_name,
            "version": run.version,
            "state": run.state,
            "integrationId": run.integration_id,
        },
        "caller": {"clientId": run.client_id, **({"userId": run.user_id} if run.user_id else {})},
        "milliseconds": round(run.seconds * 1000, 3),
        "upstreamMilliseconds": round(run.upstream_seconds * 1000, 3),
        "requestBytes": run.request_bytes,
        "responseBytes": run.response_bytes,
        "flatten": run.flatten,
        "correlationId": run.correlation_id,
        "replayable": run.inputs is not None and run.whole,
    }
    if run.remote_status is not None:
        shape["remoteStatus"] = run.remote_status
    if run.error_code:
        shape["error"] = {"code": run.error_code, "errorCode": run.error_class, "step": run.failed_step}
    return shape


def _whole(run: LoggedRun) -> dict[str, Any]:
    shape = _execution(run)
    shape["steps"] = [{"name": name, "success": success} for name, success in steps_of(run)]
    if run.inputs is not None:
        shape["inputs"] = run.inputs
    if run.result is not None:
        shape["result"] = run.result
    return shape


def _replay(replayed: Replay, correlation_id: str) -> dict[str, Any]:
    return {
        "before": _whole(replayed.before),
        "after": test_result(replayed.after, correlation_id),
        "state": replayed.state,
        "same": not replayed.differences and _outcomes_agree(replayed),
        "differences": [
            {"pointer": one.pointer, "before": one.before, "after": one.after} for one in replayed.differences
        ],
    }


def _outcomes_agree(replayed: Replay) -> bool:
    return (not replayed.before.error_code) == replayed.after.success
