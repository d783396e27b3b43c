"""Data actions at work: test and execute against a real web service."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from support.greeting_service import PASSWORD, REFUSAL, GreetingService
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
    steps,
    taken,
    tried,
)
from support.refusals import refusal

STEPS_BEFORE_SENDING = [
    "Perform authentication",
    "Resolve request URL template",
    "Resolve request header templates",
    "Resolve request body template",
]


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


def test_types_without_an_engine_answer_501(http: httpx.Client) -> None:
    """Actions of types that nothing here executes are kept; executing one says so."""
    integration_id = make_integration(http, type_id="salesforce-datadip")["id"]
    action_id = make_action(http, integration_id, config=simple_config("https://example.com/"))["id"]
    refused = refusal(execute(http, action_id, {"name": "A"}), 501, "not.implemented")
    assert "salesforce-datadip" in refused.message
