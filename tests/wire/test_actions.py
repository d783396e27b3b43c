"""Data actions on the wire: create, read, list, delete, and what create refuses."""

from __future__ import annotations

import uuid
from typing import Any

import httpx
import pytest

from support.installation import (
    API,
    CONTRACT,
    OPEN_CONTRACT,
    contract,
    execute,
    greet,
    greeting_config,
    make_action,
    make_connected,
    make_integration,
    simple_config,
    taken,
)
from support.refusals import refusal


def test_create_answers_the_action(http: httpx.Client, connected: str) -> None:
    """Create answers 200 with id, version 1 and its own address."""
    created = make_action(http, connected, config=simple_config("https://example.com/"), name="Made")
    assert created["id"].startswith("custom_-_")
    uuid.UUID(created["id"].removeprefix("custom_-_"))
    assert (created["version"], created["name"], created["category"]) == (1, "Made", "Greetings")
    assert created["integrationId"] == connected
    assert created["secure"] is False
    assert created["selfUri"] == f"{API}/actions/{created['id']}"


def test_contract_and_configuration_only_if_asked(http: httpx.Client, connected: str) -> None:
    """`expand=contract` and `includeConfig=true` each add a member; `flatten` changes the contract's form."""
    path = f"{API}/actions/{greet(http, connected, 'https://example.com')}"
    bare = taken(http.get(path))
    assert "contract" not in bare
    assert "config" not in bare
    whole = taken(http.get(f"{path}?expand=contract&includeConfig=true"))
    config = whole["config"]
    assert config["request"]["requestUrlTemplate"].startswith("https://example.com/greetings")
    assert config["request"]["requestTemplateUri"] == f"{path}/templates/requesttemplate.vm"
    assert config["response"]["successTemplateUri"] == f"{path}/templates/successtemplate.vm"
    assert config["response"]["translationMap"]["text"] == "$.greeting.text"
    assert whole["contract"]["input"]["inputSchema"] == CONTRACT["input"]["inputSchema"]
    assert whole["contract"]["output"]["successSchema"] == CONTRACT["output"]["successSchema"]
    flat = taken(http.get(f"{path}?expand=contract&flatten=true"))["contract"]
    assert "inputSchema" not in flat["input"]
    assert flat["input"]["inputSchemaFlattened"]["properties"]["name"] == {"type": "string"}
    assert "schema" in flat["output"]["successSchemaFlattened"]


def test_templates_are_plain_text(http: httpx.Client, connected: str) -> None:
    """Templates come as they were sent, as text and not as a JSON string."""
    config = greeting_config("https://example.com")
    path = f"{API}/actions/{greet(http, connected, 'https://example.com')}/templates"
    request = http.get(f"{path}/requesttemplate.vm", headers={"Accept": "*/*"})
    assert request.headers["content-type"].startswith("text/plain")
    assert request.text == config["request"]["requestTemplate"]
    assert http.get(f"{path}/successtemplate.vm").text == config["response"]["successTemplate"]
    refused = refusal(http.get(f"{path}/errortemplate.vm"), 404, "not.found")
    assert "requesttemplate.vm" in refused.faults[0].accepted


def test_schemas_by_their_uris(http: httpx.Client, connected: str) -> None:
    """The URIs inside the contract lead to the schemas."""
    path = f"{API}/actions/{greet(http, connected, 'https://example.com')}"
    contract = taken(http.get(f"{path}?expand=contract"))["contract"]
    assert taken(http.get(contract["input"]["inputSchemaUri"])) == CONTRACT["input"]["inputSchema"]
    assert taken(http.get(contract["output"]["successSchemaUri"])) == CONTRACT["output"]["successSchema"]
    refusal(http.get(f"{path}/schemas/other.json"), 404, "not.found")


def test_templates_have_defaults(http: httpx.Client, connected: str) -> None:
    """Without templates, the body is the raw request and the result the raw answer."""
    config: dict[str, Any] = {
        "request": {"requestUrlTemplate": "https://example.com/", "requestType": "POST"},
        "response": {},
    }
    path = f"{API}/actions/{make_action(http, connected, config=config)['id']}/templates"
    assert http.get(f"{path}/requesttemplate.vm").text == "${input.rawRequest}"
    assert http.get(f"{path}/successtemplate.vm").text == "${rawResult}"


def test_delete(http: httpx.Client, connected: str) -> None:
    """Delete answers 204 without a body; then the action is gone everywhere."""
    action_id = greet(http, connected, "https://example.com")
    answer = http.delete(f"{API}/actions/{action_id}")
    assert (answer.status_code, answer.content) == (204, b"")
    refusal(http.get(f"{API}/actions/{action_id}"), 404, "not.found")
    refusal(http.delete(f"{API}/actions/{action_id}"), 404, "not.found")
    refusal(execute(http, action_id, {}), 404, "not.found")
    assert taken(http.get(f"{API}/actions", params={"ids": action_id}))["entities"] == []


def test_actions_go_with_their_integration(http: httpx.Client) -> None:
    """Deleting an integration answers it and removes its actions, but no credential."""
    integration_id = make_connected(http)
    attached = taken(http.get(f"{API}/{integration_id}/config/current"))["credentials"]["basicAuth"]["id"]
    action_id = greet(http, integration_id, "https://example.com")
    assert taken(http.delete(f"{API}/{integration_id}"))["id"] == integration_id
    refusal(http.get(f"{API}/{integration_id}"), 404, "not.found")
    refusal(http.get(f"{API}/actions/{action_id}"), 404, "not.found")
    assert http.get(f"{API}/credentials/{attached}").status_code == 200
    assert http.delete(f"{API}/credentials/{attached}").status_code == 204


CREATE_FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"name": None}, "/name"),
    ({"name": "n" * 257}, "/name"),
    ({"category": None}, "/category"),
    ({"integrationId": None}, "/integrationId"),
    ({"integrationId": "00000000-0000-4000-8000-000000000000"}, "/integrationId"),
    ({"contract": None}, "/contract"),
    ({"contract": contract({"names": {"type": "array"}})}, "/contract/input/inputSchema"),
    ({"contract": contract({"person": {"type": "object"}})}, "/contract/input/inputSchema"),
    ({"contract": contract({"rawRequest": {"type": "string"}})}, "/contract/input/inputSchema"),
    ({"contract": contract({"a": {"$ref": "#/x"}})}, "/contract/input/inputSchema"),
    ({"contract": contract({}, {"type": "objekt"})}, "/contract/output/successSchema"),
    ({"config": None}, "/config"),
    ({"config": simple_config("https://example.com/", requestType="HEAD")}, "/config/request/requestType"),
    ({"config": simple_config("https://example.com/") | {"timeoutSeconds": 61}}, "/config/timeoutSeconds"),
    (
        {"config": simple_config("https://example.com/", headers={"Accept": "text/xml"})},
        "/config/request/headers",
    ),
]


@pytest.mark.parametrize(
    ("config", "code"),
    [
        (simple_config("https://example.com/${input.x"), "TEMPLATE_SYNTAX"),
        (simple_config("https://example.com/${input.unheard}"), "INPUT_UNKNOWN"),
        (
            simple_config("https://example.com/") | {"response": {"successTemplate": "${nmae}"}},
            "TEMPLATE_VARIABLE",
        ),
        (
            simple_config("https://example.com/") | {"response": {"translationMap": {"a": "$.a.."}}},
            "PATH_SYNTAX",
        ),
    ],
)
def test_what_is_only_suspected_is_a_warning(
    http: httpx.Client, connected: str, config: dict[str, Any], code: str
) -> None:
    """Nobody documents that such actions are refused, so they are taken, with the finding in a header."""
    body = {"name": "w", "category": "c", "integrationId": connected, "contract": CONTRACT, "config": config}
    answer = http.post(f"{API}/actions", json=body)
    assert answer.status_code == 200, answer.text
    assert code in answer.headers["Jackfield-Findings"]


@pytest.mark.parametrize(("changes", "pointer"), CREATE_FAULTS, ids=lambda value: str(value)[:60])
def test_faults_of_new_actions(
    http: httpx.Client, connected: str, changes: dict[str, Any], pointer: str
) -> None:
    """Each fault is named at its place."""
    body = {
        "name": "Greet",
        "category": "Greetings",
        "integrationId": connected,
        "contract": CONTRACT,
        "config": simple_config("https://example.com/"),
    } | changes
    sent = {name: value for name, value in body.items() if value is not None}
    answer = http.post(f"{API}/actions", json=sent)
    assert answer.status_code == 400, answer.text
    refused = refusal(answer, 400, answer.json()["code"])
    assert refused.below(pointer) or any(pointer[1:] in fault.message for fault in refused.faults)


@pytest.mark.parametrize(
    ("type_id", "code"),
    [("webhook", "ACTION_INTEGRATION_WITHOUT_ACTIONS"), ("function-data-actions", "ACTION_DRAFTS_ONLY")],
)
def test_types_that_take_no_published_actions(http: httpx.Client, type_id: str, code: str) -> None:
    """Types without data actions, and functions, whose actions begin as drafts, refuse them."""
    body = {
        "name": "n",
        "category": "c",
        "integrationId": make_integration(http, type_id=type_id)["id"],
        "contract": OPEN_CONTRACT,
        "config": simple_config("https://example.com/"),
    }
    refused = refusal(http.post(f"{API}/actions", json=body), 400)
    assert refused.at("/integrationId").code == code


def test_all_faults_of_a_new_action_at_once(http: httpx.Client, connected: str) -> None:
    """Faults of name, contract and configuration come in one answer."""
    body = {
        "name": 3,
        "category": "c",
        "integrationId": connected,
        "contract": contract({"names": {"type": "array"}}),
        "config": simple_config("https://example.com/", requestType="FETCH"),
    }
    refused = refusal(http.post(f"{API}/actions", json=body), 400)
    for pointer in ("/name", "/contract", "/config/request/requestType"):
        assert refused.below(pointer), refused.pointers


def test_an_accept_header_that_is_not_json(http: httpx.Client, connected: str) -> None:
    """The refusal has the code and the class that the documentation shows."""
    config = simple_config("https://example.com", headers={"Accept": "text/xml"})
    body = {"name": "a", "category": "c", "integrationId": connected, "config": config}
    answer = http.post(f"{API}/actions", json=body | {"contract": OPEN_CONTRACT})
    refusal(answer, 400, "invalid.schema")
    assert answer.json()["details"] == [{"errorCode": "ACTION.PROCESSING"}]
