"""Running data actions through the service."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from jackfield.domain.catalogue import found
from jackfield.domain.errors import ActionFailed, Conflict, NotFound, NotImplementedHere, Refused, Replayed
from jackfield.domain.run import RunMode
from jackfield.services.outcome import Outcome
from support.services import Workshop, body

SCHEMA = {"type": "object", "properties": {"id": {"type": "string"}}}
CONFIG = {"request": {"requestUrlTemplate": "https://example.com/${input.id}", "requestType": "GET"}}


def _integration(workshop: Workshop, type_id: str = "custom-rest-actions", enabled: bool = True) -> str:
    service = workshop.services.integrations
    wanted = body({"integrationType": {"id": type_id}})
    identifier = asyncio.run(service.create(workshop.caller, wanted)).value.integration.id
    if enabled:
        asyncio.run(service.patch(workshop.caller, identifier, body({"intendedState": "ENABLED"})))
    return identifier


def _action(workshop: Workshop, integration_id: str) -> str:
    wanted: dict[str, Any] = {
        "name": "a",
        "category": "c",
        "integrationId": integration_id,
        "config": CONFIG,
        "contract": {"input": {"inputSchema": SCHEMA}, "output": {"successSchema": SCHEMA}},
    }
    return asyncio.run(workshop.services.actions.create(workshop.caller, body(wanted))).value.id


def _attach(workshop: Workshop, integration_id: str, version: int, password: str) -> None:
    fields = {"userName": "u", "password": password}
    wanted = body({"name": "c", "type": "basicAuth", "credentialFields": fields})
    made = asyncio.run(workshop.services.credentials.create(workshop.caller, wanted)).value
    configuration = {
        "name": "n",
        "version": version,
        "properties": {},
        "advanced": {},
        "notes": "",
        "credentials": {"basicAuth": {"id": made.id}},
    }
    service = workshop.services.integrations
    asyncio.run(service.replace_configuration(workshop.caller, integration_id, body(configuration)))


def _execute(workshop: Workshop, action_id: str, text: bytes = b'{"id": "1"}') -> bytes:
    execution = workshop.services.execution
    return asyncio.run(execution.execute(workshop.caller, action_id, text, flatten=False)).value


def _value(outcome: object) -> bytes:
    assert isinstance(outcome, Outcome)
    assert isinstance(outcome.value, bytes)
    return outcome.value


def test_a_run_gets_what_it_needs(workshop: Workshop) -> None:
    """Inputs, their text, the engine's name and the opened credential reach the engine."""
    integration = _integration(workshop)
    _attach(workshop, integration, 1, "p1")
    action = _action(workshop, integration)
    assert _execute(workshop, action) == b'{"ok": true}'
    run = workshop.engine.runs[0]
    assert (run.inputs, run.raw_request, run.engine) == ({"id": "1"}, '{"id": "1"}', "web-services")
    assert run.mode is RunMode.EXECUTE
    assert run.credentials is not None
    assert run.credentials.fields["password"].reveal() == "p1"


def test_a_change_is_seen_by_the_next_run(workshop: Workshop) -> None:
    """What is cached is dropped with every change: the new credential is used, the deleted action is gone."""
    integration = _integration(workshop)
    _attach(workshop, integration, 1, "p1")
    action = _action(workshop, integration)
    _execute(workshop, action)
    _attach(workshop, integration, 2, "p2")
    _execute(workshop, action)
    used = [run.credentials.fields["password"].reveal() for run in workshop.engine.runs if run.credentials]
    assert used == ["p1", "p2"]
    asyncio.run(workshop.services.actions.delete(workshop.caller, action))
    with pytest.raises(NotFound):
        _execute(workshop, action)


def test_the_hot_path_reads_nothing(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second run of an unchanged action does not touch the store; the first one does."""
    action = _action(workshop, _integration(workshop))
    reads: list[object] = []
    read = type(workshop.store).read

    async def counted(store: Any, work: Any) -> Any:
        reads.append(work)
        return await read(store, work)

    monkeypatch.setattr(type(workshop.store), "read", counted)
    _execute(workshop, action)
    assert len(reads) == 1
    _execute(workshop, action)
    assert len(reads) == 1


@pytest.mark.parametrize("text", [b"{", b'{"a": }', b"\xff", b"[1,", b"{'a': 1}"])
def test_a_body_that_is_no_json_is_refused_with_its_place(workshop: Workshop, text: bytes) -> None:
    """The refusal says where the JSON breaks, and nothing is run."""
    action = _action(workshop, _integration(workshop))
    with pytest.raises(Refused) as refused:
        _execute(workshop, action, text)
    assert refused.value.findings[0].code.startswith("JSON_")
    assert workshop.engine.runs == []


def test_a_body_without_object_is_left_to_the_first_step(workshop: Workshop) -> None:
    """JSON that is no object reaches the engine as such, so that the documented step refuses it."""
    action = _action(workshop, _integration(workshop))
    _execute(workshop, action, b"[1]")
    assert workshop.engine.runs[0].inputs is None
    _execute(workshop, action, b"")
    assert workshop.engine.runs[1].inputs == {}


def test_a_type_without_engine_says_so(workshop: Workshop) -> None:
    """An action of a type that cannot be executed here answers 501 and names those that can."""
    action = _action(workshop, _integration(workshop, "aws-lambda-data-actions"))
    with pytest.raises(NotImplementedHere) as refused:
        _execute(workshop, action)
    assert refused.value.findings[0].code == "ENGINE_MISSING"
    assert "custom-rest-actions" in refused.value.findings[0].accepted


def test_strict_refuses_a_disabled_integration(workshop: Workshop) -> None:
    """Running an action of a disabled integration is only suspected to be wrong: refused where strict."""
    action = _action(workshop, _integration(workshop, enabled=False))
    execution = workshop.services.execution
    outcome = asyncio.run(execution.execute(workshop.caller, action, b"{}", flatten=False))
    assert [finding.code for finding in outcome.warnings] == ["INTEGRATION_DISABLED"]
    with pytest.raises(Refused) as refused:
        asyncio.run(workshop.services.execution.execute(workshop.strict(), action, b"{}", flatten=False))
    assert refused.value.findings[0].code == "INTEGRATION_DISABLED"


def test_a_key_runs_once_and_replays_success_and_failure(workshop: Workshop) -> None:
    """One call per Idempotency-Key, also when it failed; a refusal before the call gives the key back."""
    action = _action(workshop, _integration(workshop))
    execution = workshop.services.execution

    def execute(key: str, text: bytes) -> bytes:
        caller = workshop.repeating(key, "d", _value)
        return asyncio.run(execution.execute(caller, action, text, flatten=False)).value

    first = execute("one", b"{}")
    with pytest.raises(Replayed) as repeated:
        execute("one", b"{}")
    assert repeated.value.answer.body == first
    workshop.engine.error = ActionFailed(
        found("SERVER_FAULT", correlation_id="c"), status=500, code="internal.server.error", detail="ACTION.X"
    )
    with pytest.raises(ActionFailed):
        execute("two", b"{}")
    with pytest.raises(Replayed) as failed:
        execute("two", b"{}")
    assert failed.value.answer.status == 500
    assert len(workshop.engine.runs) == 2
    workshop.engine.error = None
    with pytest.raises(Refused):
        execute("three", b"{")
    assert execute("three", b"{}") == first


def test_a_run_that_never_ended_is_not_repeated(workshop: Workshop) -> None:
    """After a crash in mid-run nobody knows whether the service was reached: the repeat is refused."""
    action = _action(workshop, _integration(workshop))
    caller = workshop.repeating("key", "d", _value)

    async def cancelled(run: object) -> None:
        raise asyncio.CancelledError

    original = workshop.engine.run
    workshop.engine.run = cancelled  # type: ignore[assignment, method-assign]
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(workshop.services.execution.execute(caller, action, b"{}", flatten=False))
    workshop.engine.run = original  # type: ignore[method-assign]
    with pytest.raises(Conflict) as refused:
        asyncio.run(workshop.services.execution.execute(caller, action, b"{}", flatten=False))
    assert refused.value.findings[0].code == "IDEMPOTENCY_IN_PROGRESS"


def test_a_load_that_was_overtaken_is_not_kept(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """An action read before a change and arriving after it is used once, never cached."""
    action = _action(workshop, _integration(workshop))
    execution = workshop.services.execution
    read = type(workshop.store).read

    async def overtaken(store: Any, work: Any) -> Any:
        result = await read(store, work)
        execution.forget()
        return result

    monkeypatch.setattr(type(workshop.store), "read", overtaken)
    _execute(workshop, action)
    assert execution._cache == {}


def test_results_are_flattened_on_request(workshop: Workshop) -> None:
    """`flatten` and test mode reach the engine."""
    action = _action(workshop, _integration(workshop))
    asyncio.run(workshop.services.execution.test(workshop.caller, action, b"{}", flatten=True))
    run = workshop.engine.runs[0]
    assert (run.flatten, run.mode) == (True, RunMode.TEST)
    assert replace(run, flatten=False).flatten is False


def test_long_integers_keep_their_digits(workshop: Workshop) -> None:
    """An integer beyond 64 bits reaches the engine as it was written."""
    action = _action(workshop, _integration(workshop))
    _execute(workshop, action, b'{"id": 123456789012345678901234567890}')
    assert workshop.engine.runs[0].inputs == {"id": 123456789012345678901234567890}


CHOSEN = {"requestUrlTemplate": "https://${input.id}.example.com/", "requestType": "GET"}


def test_a_host_from_the_input_with_a_credential(workshop: Workshop) -> None:
    """A warning at creation, change, validation and execution; strict refuses each of them."""
    integration = _integration(workshop)
    _attach(workshop, integration, 1, "p1")
    actions, drafts = workshop.services.actions, workshop.services.drafts
    wanted = {
        "name": "a",
        "category": "c",
        "integrationId": integration,
        "config": {"request": CHOSEN},
        "contract": {"input": {"inputSchema": SCHEMA}, "output": {"successSchema": SCHEMA}},
    }
    made = asyncio.run(actions.create(workshop.caller, body(wanted)))
    assert "HOST_FROM_INPUT" in [finding.code for finding in made.warnings]
    execution, text = workshop.services.execution, b'{"id": "1"}'
    outcome = asyncio.run(execution.execute(workshop.caller, made.value.id, text, flatten=False))
    assert [finding.code for finding in outcome.warnings] == ["HOST_FROM_INPUT"]
    asyncio.run(drafts.copy(workshop.caller, made.value.id))
    judged = asyncio.run(drafts.validate(workshop.caller, made.value.id))
    assert [finding.code for finding in judged if finding.code == "HOST_FROM_INPUT"] == ["HOST_FROM_INPUT"]
    change = body({"version": 1, "config": {"request": CHOSEN}})
    strict = workshop.strict()
    for refused in (
        actions.create(strict, body(wanted)),
        drafts.create(strict, body(wanted)),
        actions.patch(strict, made.value.id, change),
        drafts.patch(strict, made.value.id, change),
        drafts.publish(strict, made.value.id, body({"version": 1})),
        execution.execute(strict, made.value.id, text, flatten=False),
    ):
        with pytest.raises(Refused) as caught:
            asyncio.run(refused)
        assert "HOST_FROM_INPUT" in [finding.code for finding in caught.value.findings]
    asyncio.run(drafts.publish(workshop.caller, made.value.id, body({"version": 1})))
