"""Running data actions. Execute is also taken by the fast path, which ends in the same service."""

from __future__ import annotations

from functools import partial

from jackfield.api.call import Call
from jackfield.api.exchange import Answer
from jackfield.api.json_bytes import dump
from jackfield.api.shapes.runs import test_result
from jackfield.domain.action import ActionState


async def execute_action(call: Call) -> Answer:
    """Execute a published action; the answer is its result, byte for byte as the success template made it."""
    flatten = call.query.flag("flatten") or False
    warnings = call.settled()
    caller = call.presenting_bytes()
    outcome = await call.services.execution.execute(caller, call.parameters["actionId"], call.body, flatten)
    return Answer(outcome.value, warnings=(*warnings, *outcome.warnings))


async def test_action(call: Call) -> Answer:
    """Run a published action in test mode; a failed run answers 200 with `success` false."""
    return await tested(call, ActionState.PUBLISHED)


async def test_draft(call: Call) -> Answer:
    """Run a draft in test mode."""
    return await tested(call, ActionState.DRAFT)


async def tested(call: Call, state: ActionState) -> Answer:
    """Run an action in one state in test mode."""
    flatten = call.query.flag("flatten") or False
    warnings = call.settled()
    shape = partial(test_result, correlation_id=call.caller.correlation_id)
    result = await call.services.execution.test(
        call.presenting(shape), call.parameters["actionId"], call.body, flatten, state
    )
    return Answer(dump(shape(result)), warnings=(*warnings, *result.warnings))
