"""Data actions on the wire: create, read, list, delete, test, execute against a real web service."""

from __future__ import annotations

import json
import uuid
from typing import Any

import httpx
import pytest

from support.greeting_service import PASSWORD, REFUSAL, GreetingService
from support.installation import (
    API,
    CONTRACT,
    OPEN_CONTRACT,
    greeting_config,
    make_action,
    make_connected,
    make_integration,
    simple_config,
    taken,
)
from support.refusals import refusal

STEPS_BEFORE_SENDING = [
    "Perform authentication",
    "Resolve request URL template",
    "Resolve request header templates",
    "Resolve request body template",
]


@pytest.fixture(scope="module")
def connected(http: httpx.Client) -> str:
    """An enabled web services integration with the greeting service's credentials."""
    return make_connected(http)


def greet(http: httpx.Client, integration_id: str, url: str, **changes: Any) -> str:
    """Create the story's action; return its id."""
    return str(make_action(http, integration_id, config=greeting_config(url), **changes)["id"])


def execute(http: httpx.Client, action_id: str, inputs: object, *, flatten: bool = False) -> httpx.Response:
    """Execute an action."""
    query = {"flatten": "true"} if flatten else None
    return http.post(f"{API}/actions/{action_id}/execute", json=inputs, params=query)


def tried(http: httpx.Client, action_id: str, inputs: object) -> dict[str, Any]:
    """Test an action: always 200."""
    return taken(http.post(f"{API}/actions/{action_id}/test", json=inputs))


def steps(result: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the operations of a test by name."""
    return {operation["name"]: operation for operation in result["operations"]}


# --- create, read, delete ----------------------------------------------------------------------------------


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


# --- what create refuses -----------------------------------------------------------------------------------


def contract(properties: dict[str, Any], output: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return a contract with these inputs and this output schema."""
    return {
        "input": {"inputSchema": {"type": "object", "properties": properties}},
        "output": {"successSchema": output or {"type": "object", "properties": {}}},
    }


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


def test_types_without_an_engine_answer_501(http: httpx.Client) -> None:
    """Actions of types that nothing here executes are kept; executing one says so."""
    integration_id = make_integration(http, type_id="salesforce-datadip")["id"]
    action_id = make_action(http, integration_id, config=simple_config("https://example.com/"))["id"]
    refused = refusal(execute(http, action_id, {"name": "A"}), 501, "not.implemented")
    assert "salesforce-datadip" in refused.message


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


# --- execute and test --------------------------------------------------------------------------------------


def test_execute(http: httpx.Client, connected: str, greeter: GreetingService) -> None:
    """The service gets the rendered request and the header; map, default and template make the result."""
    action_id = greet(http, connected, greeter.url)
    answer = execute(http, action_id, {"name": 'Zoë "Q" O\'Hara & Söhne'})
    assert answer.json() == {
        "text": 'Hello, Zoë "Q" O\'Hara & Söhne!',
        "tags": ["polite", "short"],
        "nickname": "none",
    }
    seen = greeter.received[-1]
    assert seen.path == "/greetings?for=Zo%C3%AB+%22Q%22+O%27Hara+%26+S%C3%B6hne"
    assert seen.headers["authorization"] == greeter.basic
    assert seen.headers["content-type"].startswith("application/json")
    assert seen.headers["x-note"] == "note:"
    assert json.loads(seen.body) == {"name": 'Zoë "Q" O\'Hara & Söhne'}


def test_an_optional_input(http: httpx.Client, connected: str, greeter: GreetingService) -> None:
    """`#if` puts the optional member in only when it is given."""
    action_id = greet(http, connected, greeter.url)
    assert execute(http, action_id, {"name": "A", "note": 'x "y"'}).status_code == 200
    assert json.loads(greeter.received[-1].body) == {"name": "A", "note": 'x "y"'}


def test_a_line_break_in_a_header(http: httpx.Client, connected: str, greeter: GreetingService) -> None:
    """An input that would begin a new header line is refused, and nothing is sent."""
    action_id = greet(http, connected, greeter.url)
    answer = execute(http, action_id, {"name": "A", "note": "x\r\nX-Forged: yes"})
    assert answer.status_code == 400
    assert "X-Note" in answer.text
    assert greeter.received == []


def test_get_sends_no_body(http: httpx.Client, connected: str, greeter: GreetingService) -> None:
    """GET never has a body, whatever its template."""
    config = simple_config(f"{greeter.url}/slow?seconds=0")
    action = make_action(http, connected, config=config, contract=OPEN_CONTRACT)
    assert execute(http, action["id"], {"name": "A"}).json() == {"done": True}
    seen = greeter.received[-1]
    assert (seen.method, seen.body) == ("GET", "")
    assert "transfer-encoding" not in seen.headers


def test_an_empty_answer(http: httpx.Client, connected: str, greeter: GreetingService) -> None:
    """204 without a body counts as an empty object."""
    config = simple_config(f"{greeter.url}/empty", requestType="PATCH")
    action = make_action(http, connected, config=config, contract=OPEN_CONTRACT)
    assert execute(http, action["id"], {"name": "A"}).json() == {}
    assert json.loads(greeter.received[-1].body) == {"name": "A"}


def test_flat_results(http: httpx.Client, connected: str, greeter: GreetingService) -> None:
    """`flatten=true` joins names with dots and gives arrays of objects as arrays per leaf."""
    config = greeting_config(greeter.url)
    config["response"] = {"successTemplate": "${rawResult}"}
    schema = {
        "type": "object",
        "properties": {
            "greeting": {
                "type": "object",
                "properties": {
                    "text": {"type": "string"},
                    "tags": {
                        "type": "array",
                        "items": {"type": "object", "properties": {"label": {"type": "string"}}},
                    },
                },
            }
        },
    }
    made = make_action(
        http, connected, config=config, contract=contract({"name": {"type": "string"}}, schema)
    )
    flat = execute(http, made["id"], {"name": "A"}, flatten=True).json()
    assert flat["greeting.text"] == "Hello, A!"
    assert flat["greeting.tags.label"] == ["polite", "short"]
    assert execute(http, made["id"], {"name": "A"}).json()["greeting"]["tags"][0] == {"label": "polite"}


def test_the_steps_of_a_test(http: httpx.Client, connected: str, greeter: GreetingService) -> None:
    """A test shows every documented step in order; nothing in it gives the password away."""
    answer = http.post(
        f"{API}/actions/{greet(http, connected, greeter.url)}/test", json={"name": "A", "note": "b"}
    )
    result = taken(answer)
    assert result["success"] is True
    names = [operation["name"] for operation in result["operations"]]
    assert names[0] == "Validate request body contains simple json (key-value pairs)"
    places = [names.index(name) for name in STEPS_BEFORE_SENDING]
    assert places == sorted(places)
    assert names[places[-1] + 1 : places[-1] + 4] == [
        "Execute",
        "Resolve translation map",
        "Apply output transformation",
    ]
    assert [operation["step"] for operation in result["operations"]] == list(range(1, len(names) + 1))
    assert greeter.url in str(steps(result)["Resolve request URL template"]["result"])
    assert result["finalResult"] == {"text": "Hello, A!", "tags": ["polite", "short"], "nickname": "none"}
    assert PASSWORD not in answer.text
    assert greeter.basic.removeprefix("Basic ") not in answer.text
    assert greeter.received[-1].headers["authorization"] == greeter.basic


def test_wrong_credentials(http: httpx.Client, greeter: GreetingService) -> None:
    """The service refuses; test shows its words, execute hides them."""
    integration_id = make_connected(http, userName="loginname", password="not the password")
    action_id = greet(http, integration_id, greeter.url)
    answer = execute(http, action_id, {"name": "A"})
    assert answer.status_code in (400, 401)
    body = answer.json()
    assert body["details"][0]["errorCode"] in ("ACTION.AUTHENTICATION", "ACTION.REMOTE_ENDPOINT")
    assert REFUSAL not in answer.text
    result = tried(http, action_id, {"name": "A"})
    assert result["success"] is False
    assert steps(result)["Resolve request body template"]["success"] is True
    assert steps(result)["Execute"]["success"] is False
    assert "Apply output transformation" not in steps(result)
    assert REFUSAL in json.dumps(result)
    assert "not the password" not in json.dumps(result) + answer.text


def test_a_variable_without_value(http: httpx.Client, connected: str, greeter: GreetingService) -> None:
    """No match and no default leaves the variable undefined; the template fails by its name and place."""
    config = greeting_config(greeter.url)
    config["response"]["translationMapDefaults"] = {}
    action_id = make_action(http, connected, config=config)["id"]
    result = tried(http, action_id, {"name": "A"})
    assert steps(result)["Resolve translation map"]["success"] is True
    failed = steps(result)["Apply output transformation"]
    assert failed["success"] is False
    message = failed["error"]["message"]
    assert "Variable $nickname has not been set" in message
    assert "successTemplate" in message
    assert "line 1, column" in message
    answer = execute(http, action_id, {"name": "A"})
    refused = refusal(answer, 400)
    assert "$nickname" in refused.message
    assert answer.json()["details"] == [{"errorCode": "ACTION.PROCESSING"}]


@pytest.mark.parametrize(("path", "statuses"), [("/html", (400,)), ("/broken", (503,)), ("/nowhere", (404,))])
def test_services_that_misbehave(
    http: httpx.Client, connected: str, greeter: GreetingService, path: str, statuses: tuple[int, ...]
) -> None:
    """An answer that is no JSON, or no success, fails as the remote endpoint's fault."""
    action_id = make_action(http, connected, config=simple_config(greeter.url + path))["id"]
    answer = execute(http, action_id, {"name": "A"})
    assert answer.status_code in statuses
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["details"] == [{"errorCode": "ACTION.REMOTE_ENDPOINT"}]
    assert body["contextId"] == answer.headers["ININ-Correlation-Id"]
    assert body["errors"][0]["message"].count(body["contextId"]) == 1
    assert "ill" not in answer.text
    assert steps(tried(http, action_id, {"name": "A"}))["Execute"]["success"] is False


def test_a_service_that_is_not_there(http: httpx.Client, connected: str, greeter: GreetingService) -> None:
    """Nobody listening is the remote endpoint's fault, told as such."""
    url = greeter.url
    greeter.shutdown()
    greeter.server_close()
    action_id = make_action(http, connected, config=simple_config(url))["id"]
    answer = execute(http, action_id, {"name": "A"})
    assert answer.status_code >= 400
    assert answer.json()["details"] == [{"errorCode": "ACTION.REMOTE_ENDPOINT"}]
    assert answer.json()["message"]


def test_a_slow_service(http: httpx.Client, connected: str, greeter: GreetingService) -> None:
    """The action's own timeout ends the run."""
    config = simple_config(f"{greeter.url}/slow?seconds=3") | {"timeoutSeconds": 1}
    action_id = make_action(http, connected, config=config)["id"]
    answer = execute(http, action_id, {"name": "A"})
    assert answer.status_code == 408
    assert answer.json()["code"] == "request.timeout"
    assert answer.json()["details"] == [{"errorCode": "ACTION.REMOTE_ENDPOINT"}]


@pytest.mark.parametrize(
    ("inputs", "named"),
    [({}, "name"), ({"name": 3}, "name"), ({"name": {"first": "A"}}, "name"), ({"name": ["A"]}, "name")],
)
def test_inputs_against_the_contract(
    http: httpx.Client, connected: str, greeter: GreetingService, inputs: dict[str, Any], named: str
) -> None:
    """What the input contract refuses is not sent."""
    action_id = greet(http, connected, greeter.url)
    answer = execute(http, action_id, inputs)
    assert answer.status_code == 400
    assert named in answer.text
    assert answer.json()["details"][0]["errorCode"] == "ACTION.PROCESSING"
    result = tried(http, action_id, inputs)
    assert result["success"] is False
    assert result["operations"][-1]["success"] is False
    assert greeter.received == []


@pytest.mark.parametrize("body", ["", "[]", '"A"', "{", '{"name": }'])
def test_inputs_that_are_no_object(
    http: httpx.Client, connected: str, greeter: GreetingService, body: str
) -> None:
    """Only an object of inputs can be executed."""
    action_id = greet(http, connected, greeter.url)
    headers = {"Content-Type": "application/json"}
    answer = http.post(f"{API}/actions/{action_id}/execute", content=body, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["message"]
    assert greeter.received == []


def test_no_credentials_attached(http: httpx.Client, greeter: GreetingService) -> None:
    """An integration may have no credentials: the request goes out without the header."""
    integration_id = make_integration(http)["id"]
    action_id = greet(http, integration_id, greeter.url)
    assert execute(http, action_id, {"name": "A"}).status_code in (400, 401)
    assert "authorization" not in greeter.received[-1].headers


def test_replaced_credentials_count_at_once(http: httpx.Client, greeter: GreetingService) -> None:
    """A PUT of the credential changes the very next call."""
    integration_id = make_connected(http, userName="loginname", password="old")
    action_id = greet(http, integration_id, greeter.url)
    assert execute(http, action_id, {"name": "A"}).status_code != 200
    attached = taken(http.get(f"{API}/{integration_id}/config/current"))["credentials"]["basicAuth"]["id"]
    body = {
        "name": "new",
        "type": "basicAuth",
        "credentialFields": {"userName": "loginname", "password": PASSWORD},
    }
    assert taken(http.put(f"{API}/credentials/{attached}", json=body))["name"] == "new"
    assert execute(http, action_id, {"name": "A"}).json()["text"] == "Hello, A!"


def test_user_defined_credentials_in_templates(http: httpx.Client, greeter: GreetingService) -> None:
    """Fields of user-defined credentials reach headers as `${credentials.…}`, and no trace shows them."""
    body = {
        "name": "own",
        "type": {"name": "userDefined"},
        "credentialFields": {"basic": greeter.basic.removeprefix("Basic ")},
    }
    credential = taken(http.post(f"{API}/credentials", json=body))
    integration_id = make_integration(http)["id"]
    configuration = {
        "name": "own",
        "version": 1,
        "properties": {},
        "advanced": {},
        "notes": "",
        "credentials": {"basicAuth": {"id": credential["id"]}},
    }
    taken(http.put(f"{API}/{integration_id}/config/current", json=configuration))
    config = simple_config(
        f"{greeter.url}/slow?seconds=0", headers={"Authorization": "Basic ${credentials.basic}"}
    )
    action_id = make_action(http, integration_id, config=config, contract=OPEN_CONTRACT)["id"]
    answer = http.post(f"{API}/actions/{action_id}/test", json={"name": "A"})
    assert taken(answer)["success"] is True, answer.text
    assert greeter.basic.removeprefix("Basic ") not in answer.text
    assert greeter.received[-1].headers["authorization"] == greeter.basic


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://[fe80::1]/",
        "http://10.1.2.3/",
        "ftp://example.com/",
    ],
)
def test_addresses_that_are_never_called(http: httpx.Client, connected: str, url: str) -> None:
    """Link-local and private addresses and other schemes are refused before anything is sent."""
    answer = http.post(
        f"{API}/actions",
        json={
            "name": "Guarded",
            "category": "c",
            "integrationId": connected,
            "contract": CONTRACT,
            "config": simple_config(url),
        },
    )
    if answer.status_code == 200:
        answer = execute(http, answer.json()["id"], {"name": "A"})
    assert answer.status_code == 400
    assert answer.json()["message"]


def test_its_own_port_is_not_called(http: httpx.Client, connected: str) -> None:
    """A web services action must not reach the server's own API."""
    config = simple_config(f"{str(http.base_url).rstrip('/')}/health")
    answer = execute(http, make_action(http, connected, config=config)["id"], {"name": "A"})
    assert answer.status_code == 400
