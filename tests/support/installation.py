"""What a vendor installs, step by step over HTTP: credentials, integration, configuration, action."""

from __future__ import annotations

from typing import Any

import httpx

from support.greeting_service import PASSWORD, USER

API = "/api/v2/integrations"

CONTRACT: dict[str, Any] = {
    "input": {
        "inputSchema": {
            "$schema": "http://json-schema.org/draft-04/schema#",
            "type": "object",
            "required": ["name"],
            "properties": {"name": {"type": "string"}, "note": {"type": "string"}},
            "additionalProperties": True,
        }
    },
    "output": {
        "successSchema": {
            "$schema": "http://json-schema.org/draft-04/schema#",
            "type": "object",
            "required": ["text"],
            "properties": {
                "text": {"type": "string"},
                "tags": {"type": "array", "items": {"type": "string"}},
                "nickname": {"type": "string"},
            },
            "additionalProperties": True,
        }
    },
}

# Takes a name and any object as the result.
OPEN_CONTRACT: dict[str, Any] = {
    "input": {"inputSchema": {"type": "object", "properties": {"name": {"type": "string"}}}},
    "output": {"successSchema": {"type": "object", "properties": {}}},
}


def greeting_config(url: str) -> dict[str, Any]:
    """Return the configuration of an action that asks the greeting service for a greeting."""
    return {
        "request": {
            "requestUrlTemplate": url + "/greetings?for=$esc.url(${input.name})",
            "requestType": "POST",
            "headers": {"Content-Type": "application/json", "X-Note": "note: $!{input.note}"},
            "requestTemplate": (
                '{"name": "$esc.jsonEncode(${input.name})"'
                '#if("$!{input.note}" != ""), "note": "$esc.jsonString(${input.note})"#end}'
            ),
        },
        "response": {
            "translationMap": {
                "text": "$.greeting.text",
                "tags": "$.greeting.tags[*].label",
                "nickname": "$.greeting.nickname",
            },
            "translationMapDefaults": {"nickname": '"none"'},
            "successTemplate": '{"text": ${text}, "tags": ${tags}, "nickname": ${nickname}}',
        },
    }


def simple_config(url: str, **request: Any) -> dict[str, Any]:
    """Return a configuration that GETs a URL and passes its answer on."""
    return {
        "request": {
            "requestUrlTemplate": url,
            "requestType": "GET",
            "headers": {},
            "requestTemplate": "${input.rawRequest}",
        }
        | request,
        "response": {"translationMap": {}, "translationMapDefaults": {}, "successTemplate": "${rawResult}"},
    }


def make_credential(http: httpx.Client, name: str = "login", **fields: str) -> dict[str, Any]:
    """Create Basic credentials; the greeting service's own unless fields are given."""
    body = {
        "name": name,
        "type": {"name": "basicAuth"},
        "credentialFields": fields or {"userName": USER, "password": PASSWORD},
    }
    return taken(http.post(f"{API}/credentials", json=body))


def make_integration(
    http: httpx.Client, name: str | None = None, type_id: str = "custom-rest-actions"
) -> dict[str, Any]:
    """Create an integration."""
    body: dict[str, Any] = {"integrationType": {"id": type_id}}
    return taken(http.post(API, json=body | ({"name": name} if name is not None else {})))


def configuration(**changes: Any) -> dict[str, Any]:
    """Return a right configuration of a web services integration, with members changed."""
    members: dict[str, Any] = {
        "name": "Configured",
        "version": 1,
        "properties": {},
        "advanced": {},
        "notes": "",
        "credentials": {},
    }
    return members | changes


def configure(http: httpx.Client, integration_id: str, **changes: Any) -> dict[str, Any]:
    """Replace an integration's configuration."""
    return taken(http.put(f"{API}/{integration_id}/config/current", json=configuration(**changes)))


def enable(http: httpx.Client, integration_id: str) -> dict[str, Any]:
    """Enable an integration."""
    return taken(http.patch(f"{API}/{integration_id}", json={"intendedState": "ENABLED"}))


def make_action(http: httpx.Client, integration_id: str, **changes: Any) -> dict[str, Any]:
    """Create a published action; `config` must be among the changes."""
    body = {
        "name": "Greet",
        "category": "Greetings",
        "integrationId": integration_id,
        "secure": False,
        "contract": CONTRACT,
    }
    return taken(http.post(f"{API}/actions", json=body | changes))


def make_connected(http: httpx.Client, **fields: str) -> str:
    """Create an enabled integration with Basic credentials attached; return its id."""
    credential, integration = make_credential(http, **fields), make_integration(http)
    configure(http, integration["id"], credentials={"basicAuth": {"id": credential["id"]}})
    enable(http, integration["id"])
    return str(integration["id"])


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


def contract(properties: dict[str, Any], output: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return a contract with these inputs and this output schema."""
    return {
        "input": {"inputSchema": {"type": "object", "properties": properties}},
        "output": {"successSchema": output or {"type": "object", "properties": {}}},
    }


def taken(answer: httpx.Response) -> dict[str, Any]:
    """Return the body of an answer that must be a success."""
    assert answer.status_code == 200, (answer.request.url, answer.status_code, answer.text)
    body = answer.json()
    assert isinstance(body, dict)
    return body
