"""Both official SDKs call every implemented operation; each answer is what the SDK itself declares."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from jackfield.api.routes import HANDLERS
from jackfield.catalog import load_catalog
from support.greeting_service import greeting_service
from support.logins import person_token
from support.sdk import calls
from support.sdk.calls import Sdk, SdkCall, run
from support.sdk.identity_calls import organization_calls, person_calls
from support.sdk.javascript_sdk import JavaScriptSdk
from support.sdk.python_sdk import PythonSdk
from support.sdk.shapes import faults
from support.server import Server

TELEPHONY = {
    "id": "acme-phone",
    "name": "Acme Phone",
    "category": "Unified Communications",
    "provider": "acme",
    "grade": "assumed",
    "unifiedCommunications": {"presenceSource": "ZoomPhone", "permission": "acme:phone:use"},
    "botConnector": True,
    "slots": {},
    "properties": {"type": "object"},
    "advanced": {"type": "object"},
}
Answers = list[tuple[SdkCall, Any]]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of this module alone, with a telephony system in its catalog."""
    folder = tmp_path_factory.mktemp("catalog")
    (folder / "integration_types").mkdir()
    (folder / "integration_types" / "acme-phone.json").write_text(json.dumps(TELEPHONY))
    with Server(tmp_path_factory.mktemp("sdk") / "data", ["--catalog", str(folder)]) as running:
        yield running


@pytest.fixture(scope="module", params=[PythonSdk, JavaScriptSdk], ids=["python", "javascript"])
def spoken(request: pytest.FixtureRequest, server: Server) -> Iterator[tuple[Sdk, Answers, dict[str, Any]]]:
    """An SDK, the answers to all its calls, and what was kept of them."""
    make: type[PythonSdk] | type[JavaScriptSdk] = request.param
    client: Sdk = make(server)
    kept: dict[str, Any] = {}
    with greeting_service("ada", "a-password") as service:
        wanted = [
            *calls.integration_calls(),
            *calls.telephony_calls("acme-phone"),
            *calls.bot_calls("acme-phone"),
            *calls.action_calls(service.url),
            *calls.last_calls(),
            *organization_calls(f"ada.{make.__name__}@example.com"),
        ]
        answers = run(client, wanted, kept)
    with server.http() as http:
        person: Sdk = make(server, person_token(server, http))
    answers += run(person, person_calls(), kept)
    person.close()
    yield client, answers, kept
    client.close()


def test_every_answer_is_as_declared(spoken: tuple[Sdk, Answers, dict[str, Any]]) -> None:
    """No member that the SDK does not know, no other type, no null, no value outside an enumeration."""
    client, answers, _ = spoken
    wrong = [
        f"{call.operation}: {fault}" for call, answer in answers for fault in judged(client, call, answer)
    ]
    assert wrong == []


def test_every_operation_is_called(
    spoken: tuple[Sdk, Answers, dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    """An operation that is implemented and not called here would go unproven."""
    _, answers, _ = spoken
    called = {call.operation for call, _ in answers}
    implemented = [route for route in load_catalog().routes if route.operation_id in HANDLERS]
    missing = [route.operation_id for route in implemented if route.operation_id not in called]
    with capsys.disabled():
        print(f"\n  {len(implemented) - len(missing)} of {len(implemented)} implemented operations called")
    assert missing == []


def test_states_came_through(spoken: tuple[Sdk, Answers, dict[str, Any]]) -> None:
    """The calls did what they say: the run reached its service, and the broken integration tells why."""
    _, answers, kept = spoken
    executed = next(
        answer for call, answer in answers if call.operation == "post_integrations_action_execute"
    )
    assert executed["text"] == "Hello, Ada!"
    assert kept["broken"]["reportedState"]["code"] == "ERROR"


SPOILED: list[tuple[str, Callable[[dict[str, Any]], Any], str]] = [
    ("unknown member", lambda one: one.update(colour="red"), "/colour is not declared"),
    ("wrong type", lambda one: one.update(name=3), "/name is no str"),
    ("null", lambda one: one.update(notes=None), "/notes is null"),
    ("text for a map", lambda one: one.update(attributes="x"), "/attributes is no object"),
    ("deep", lambda one: one["reportedState"].update(at="x"), "/reportedState/at is not declared"),
    ("in a map", lambda one: one["attributes"].update(a=1), "/attributes/a is no str"),
    (
        "in a list",
        lambda one: one["integrationType"].update(userPermissions=[1]),
        "/integrationType/userPermissions/0 is no str",
    ),
]


@pytest.mark.parametrize(("_name", "spoil", "fault"), SPOILED, ids=[one[0] for one in SPOILED])
def test_a_spoiled_answer_is_caught(
    spoken: tuple[Sdk, Answers, dict[str, Any]],
    _name: str,
    spoil: Callable[[dict[str, Any]], Any],
    fault: str,
) -> None:
    """The control: what a client would stumble over is found, in either SDK's declarations."""
    client, _, kept = spoken
    answer = copy.deepcopy(kept["integration"])
    assert judged(client, SdkCall("get_integration"), answer) == []
    spoil(answer)
    assert any(fault in one for one in judged(client, SdkCall("get_integration"), answer))


def test_an_unknown_value_and_a_missing_member() -> None:
    """Enumerations are the Python SDK's, required members the JavaScript SDK's to tell."""
    python, known = PythonSdk.declarations, JavaScriptSdk.declarations
    assert list(faults({"intendedState": "ON"}, "Integration", python)) == [
        "/intendedState is 'ON', none of DELETED, DISABLED, ENABLED, RESTORED"
    ]
    assert list(faults({"id": "x"}, "Integration", known)) == [
        "/intendedState is missing, and Integration requires it"
    ]
    assert list(faults({"a": None, "b": 1}, "JsonSchemaDocument", python)) == []
    assert list(faults("2026-01-01", "datetime", python)) == ["/ is no datetime: '2026-01-01'"]


def judged(client: Sdk, call: SdkCall, answer: Any) -> list[str]:
    """Return what is wrong with an answer."""
    shape = client.declarations.result(call.operation)
    if not shape:
        return [] if answer is None else [f"has a body: {answer!r:.60}"]
    return list(faults(answer, shape, client.declarations))
