"""The founding story, told by the official Python SDK against a real server and a real web service."""

from __future__ import annotations

import json
from typing import Any

import PureCloudPlatformClientV2 as sdk
import pytest
from PureCloudPlatformClientV2.rest import ApiException

from support.greeting_service import PASSWORD, USER, GreetingService
from support.installation import CONTRACT, greeting_config
from support.server import Server

STEPS = [
    "Validate request body contains simple json (key-value pairs)",
    "Perform authentication",
    "Resolve request URL template",
    "Resolve request header templates",
    "Resolve request body template",
    "Execute",
    "Resolve translation map",
    "Apply output transformation",
]


@pytest.fixture(scope="module")
def api(server: Server) -> sdk.IntegrationsApi:
    """The SDK, logged in with client credentials."""
    client = sdk.ApiClient(host=server.url)
    client.get_client_credentials_token(server.client_id, server.client_secret)
    return sdk.IntegrationsApi(client)


def credential(type_: Any) -> sdk.Credential:
    """Return the story's credential with its type in one of the forms."""
    body = sdk.Credential()
    body.name = "Integration-story"
    body.type = type_
    body.credential_fields = {"userName": USER, "password": PASSWORD}
    return body


def basic_auth() -> sdk.CredentialType:
    """Return the SDK's object for a type by name."""
    kind = sdk.CredentialType()
    kind.name = "basicAuth"
    return kind


def integration(api: sdk.IntegrationsApi, name: str) -> Any:
    """Create a web services integration."""
    body = sdk.CreateIntegrationRequest()
    body.name = name
    body.integration_type = sdk.IntegrationType()
    body.integration_type.id = "custom-rest-actions"
    return api.post_integrations(body=body)


def configuration(version: int, credentials: dict[str, Any]) -> sdk.IntegrationConfiguration:
    """Return a whole configuration."""
    body = sdk.IntegrationConfiguration()
    body.name, body.version, body.notes = "Told by the SDK", version, ""
    body.properties, body.advanced, body.credentials = {}, {}, credentials
    return body


@pytest.mark.parametrize("form", ["object", "whole type", "name", "bare string"])
def test_credentials(api: sdk.IntegrationsApi, form: str) -> None:
    """Step 1: credentials in every form; the answer is a CredentialInfo without secrets."""
    kinds = api.get_integrations_credentials_types()
    whole = next(kind for kind in kinds if kind.name == "basicAuth")
    types: dict[str, Any] = {
        "object": basic_auth(),
        "whole type": whole,
        "name": {"name": "basicAuth"},
        "bare string": "basicAuth",
    }
    body: Any = {
        "name": "n",
        "type": types[form],
        "credentialFields": {"userName": USER, "password": PASSWORD},
    }
    info = api.post_integrations_credentials(body=credential(types[form]) if form == "object" else body)
    assert info.type.name == "basicAuth"
    read = api.get_integrations_credential(info.id)
    assert read.credential_fields == {"userName": USER}
    assert read.type.name == "basicAuth"


def test_the_refusal_reaches_the_sdk(api: sdk.IntegrationsApi) -> None:
    """Step 2: the post's mistake, made through the SDK, is refused with the map that is right."""
    info = api.post_integrations_credentials(body=credential(basic_auth()))
    created = integration(api, "refused")
    wrong = json.loads(json.dumps(api.api_client.sanitize_for_serialization(info)))
    with pytest.raises(ApiException) as caught:
        api.put_integration_config_current(created.id, body=configuration(1, wrong))
    assert caught.value.status == 400
    body = json.loads(caught.value.body)
    assert body["code"] == "bad.request"
    cause = next(entry for entry in body["errors"] if "/credentials" in entry["details"][0]["fieldName"])
    assert "basicAuth" in cause["messageParams"]["fix"]
    assert info.id in cause["messageParams"]["fix"]


def test_the_corrected_request(api: sdk.IntegrationsApi) -> None:
    """Step 3: slot to CredentialInfo is taken; GET shows version 2 and the slot map."""
    info = api.post_integrations_credentials(body=credential(basic_auth()))
    created = integration(api, "corrected")
    assert created.intended_state == "DISABLED"
    current = api.get_integration_config_current(created.id)
    assert (current.version, current.properties, current.credentials) == (1, {}, {})
    api.put_integration_config_current(created.id, body=configuration(1, {"basicAuth": info}))
    current = api.get_integration_config_current(created.id)
    assert current.version == 2
    assert current.name == "Told by the SDK"
    assert current.credentials["basicAuth"].id == info.id
    assert current.credentials["basicAuth"].type.name == "basicAuth"
    with pytest.raises(ApiException) as caught:
        api.put_integration_config_current(created.id, body=configuration(1, {"basicAuth": info}))
    assert caught.value.status == 409


def test_the_action(api: sdk.IntegrationsApi, greeter: GreetingService) -> None:
    """Step 4: enable, create an action, test it step by step, execute it against the real service."""
    info = api.post_integrations_credentials(body=credential(basic_auth()))
    created = integration(api, "executed")
    api.put_integration_config_current(created.id, body=configuration(1, {"basicAuth": {"id": info.id}}))
    enabled = api.patch_integration(created.id, body={"intendedState": "ENABLED"})
    assert enabled.intended_state == "ENABLED"
    action = api.post_integrations_actions(
        body={
            "name": "Greet",
            "category": "Greetings",
            "integrationId": created.id,
            "secure": False,
            "contract": CONTRACT,
            "config": greeting_config(greeter.url),
        }
    )
    assert action.id.startswith("custom_-_")
    assert action.version == 1
    tested = api.post_integrations_action_test(action.id, {"name": "Andrei", "note": "hi"})
    assert tested.success, tested.error
    names = [operation.name for operation in tested.operations]
    assert [name for name in names if name in STEPS] == STEPS
    assert all(operation.success for operation in tested.operations)
    result = {"text": "Hello, Andrei!", "tags": ["polite", "short"], "nickname": "none"}
    assert tested.final_result == result
    executed = api.post_integrations_action_execute(action.id, {"name": "Andrei", "note": "hi"})
    assert executed == result
    seen = greeter.received[-1]
    assert (seen.method, seen.path) == ("POST", "/greetings?for=Andrei")
    assert seen.headers["authorization"] == greeter.basic
    assert seen.headers["x-note"] == "note: hi"
    assert json.loads(seen.body) == {"name": "Andrei", "note": "hi"}


def test_lists_through_the_sdk(api: sdk.IntegrationsApi) -> None:
    """Listings deserialise into the SDK's models, configuration included."""
    created = integration(api, "listed")
    page = api.get_integrations(ids=[created.id], expand=["config.current"], page_size=10)
    assert [entity.id for entity in page.entities] == [created.id]
    assert page.entities[0].config.current.version == 1
    assert page.total == 1
    types = api.get_integrations_types(page_size=100)
    assert "custom-rest-actions" in {kind.id for kind in types.entities}
    schema = api.get_integrations_type_configschema("custom-rest-actions", "properties")
    assert schema.type == "object"
    deleted = api.delete_integration(created.id)
    assert deleted.id == created.id
    with pytest.raises(ApiException) as caught:
        api.get_integration(created.id)
    assert caught.value.status == 404
