"""Drafts and changes of data actions on the wire, with the official Python SDK among the clients."""

from __future__ import annotations

from typing import Any

import httpx
import PureCloudPlatformClientV2 as sdk
import pytest
from PureCloudPlatformClientV2.rest import ApiException

from support.greeting_service import GreetingService
from support.installation import (
    API,
    CONTRACT,
    contract,
    execute,
    greet,
    greeting_config,
    make_action,
    make_integration,
    simple_config,
    taken,
)
from support.refusals import refusal
from support.server import Server

ACTIONS = f"{API}/actions"
STALE = "does not match the current version"


def make_draft(http: httpx.Client, integration_id: str, **members: Any) -> dict[str, Any]:
    """Create a draft."""
    return taken(
        http.post(f"{ACTIONS}/drafts", json={"name": "D", "integrationId": integration_id, **members})
    )


def whole(http: httpx.Client, path: str) -> dict[str, Any]:
    """Read everything of an action or a draft."""
    return taken(http.get(f"{path}?expand=contract&includeConfig=true"))


def test_a_draft_needs_a_name_and_an_integration(http: httpx.Client) -> None:
    """The category is the integration's name; the draft is listed as draft and not as action."""
    integration = make_integration(http, name="Home of drafts")
    draft = make_draft(http, integration["id"])
    assert (draft["version"], draft["category"]) == (1, "Home of drafts")
    assert draft["config"]["request"]["requestTemplate"] == "${input.rawRequest}"
    ids = {"ids": draft["id"]}
    listed = taken(http.get(f"{ACTIONS}/drafts", params=ids))
    assert [one["id"] for one in listed["entities"]] == [draft["id"]]
    assert listed["selfUri"].startswith(f"{ACTIONS}/drafts?")
    assert taken(http.get(ACTIONS, params=ids))["entities"] == []
    refused = refusal(http.get(f"{ACTIONS}/{draft['id']}"), 404, "not.found")
    assert refused.faults[0].code == "ACTION_NOT_PUBLISHED"


def test_the_wizards_way(http: httpx.Client, connected: str, greeter: GreetingService) -> None:
    """Bare draft, PATCH and publish with whole actions as bodies; then it runs."""
    draft = make_draft(http, connected)
    path = f"{ACTIONS}/{draft['id']}"
    body = draft | {"secure": False, "config": greeting_config(greeter.url), "contract": CONTRACT}
    patched = taken(http.patch(f"{path}/draft", json=body))
    assert patched["version"] == 2
    tested = taken(http.post(f"{path}/draft/test", json={"name": "Ada"}))
    assert tested["success"], tested
    assert tested["finalResult"]["text"]
    refusal(execute(http, draft["id"], {"name": "Ada"}), 404, "not.found")
    published = taken(http.post(f"{path}/draft/publish", json=patched))
    assert (published["id"], published["version"]) == (draft["id"], 3)
    assert published["selfUri"] == path
    assert execute(http, draft["id"], {"name": "Ada"}).json()["text"] == tested["finalResult"]["text"]
    refused = refusal(http.get(f"{path}/draft"), 404, "not.found")
    assert refused.faults[0].code == "DRAFT_NOT_FOUND"


def test_validation_names_what_is_missing(http: httpx.Client, connected: str) -> None:
    """A bare draft is invalid, at the places that have to be filled, and is refused by publish."""
    path = f"{ACTIONS}/{make_draft(http, connected)['id']}/draft"
    result = taken(http.get(f"{path}/validation"))
    places = {error["details"][0]["fieldName"] for error in result["errors"]}
    assert result["valid"] is False
    assert places == {"/config/request/requestUrlTemplate", "/contract"}
    refused = refusal(http.post(f"{path}/publish", json={"version": 1}), 400)
    assert set(refused.pointers) == places
    taken(
        http.patch(
            path, json={"version": 1, "config": simple_config("https://a.example/"), "contract": CONTRACT}
        )
    )
    assert taken(http.get(f"{path}/validation")) == {"valid": True, "errors": []}


def test_validation_warns_of_what_lint_suspects(http: httpx.Client, connected: str) -> None:
    """The draft is valid; the header says what `jackfield action lint` says of the same action."""
    path = f"{ACTIONS}/{make_draft(http, connected)['id']}/draft"
    config = simple_config("https://a.example/")
    config["request"] |= {"requestType": "POST", "requestTemplate": '{"name": "${input.name}"}'}
    taken(http.patch(path, json={"version": 1, "config": config, "contract": CONTRACT}))
    answer = http.get(f"{path}/validation")
    assert answer.json() == {"valid": True, "errors": []}
    assert "JSON_INPUT_UNESCAPED" in answer.headers["Jackfield-Findings"]


def test_a_draft_of_a_published_action(http: httpx.Client, connected: str) -> None:
    """POST copies it; a second one is refused; the action keeps running as it was until publish."""
    action_id = greet(http, connected, "https://example.com")
    path = f"{ACTIONS}/{action_id}"
    draft = taken(http.post(f"{path}/draft", content=b"null"))
    assert (draft["id"], draft["version"], draft["selfUri"]) == (action_id, 1, f"{path}/draft")
    refused = refusal(http.post(f"{path}/draft"), 409, "general.conflict")
    assert [fault.code for fault in refused.faults] == ["DRAFT_EXISTS"]
    assert "already exists" in refused.message
    assert STALE not in refused.message
    taken(http.patch(f"{path}/draft", json={"version": 1, "name": "Renamed"}))
    assert taken(http.get(path))["name"] == "Greet"
    published = taken(http.post(f"{path}/draft/publish", json={"version": 2}))
    assert (published["name"], published["version"]) == ("Renamed", 3)
    assert whole(http, path)["contract"]["input"]["inputSchema"] == CONTRACT["input"]["inputSchema"]


def test_files_of_a_draft(http: httpx.Client, connected: str) -> None:
    """Templates are plain text and schemas JSON, below the draft's own address."""
    draft = make_draft(http, connected, config=greeting_config("https://example.com"), contract=CONTRACT)
    config = draft["config"]
    address = config["request"]["requestTemplateUri"]
    assert address == f"{ACTIONS}/{draft['id']}/draft/templates/requesttemplate.vm"
    assert http.get(address).text == config["request"]["requestTemplate"]
    schema = taken(http.get(draft["contract"]["input"]["inputSchemaUri"]))
    assert schema == CONTRACT["input"]["inputSchema"]


def test_deleting_a_draft(http: httpx.Client, connected: str) -> None:
    """The published action stays; a draft that was never published is gone for good, by either address."""
    action_id = greet(http, connected, "https://example.com")
    taken(http.post(f"{ACTIONS}/{action_id}/draft"))
    answer = http.delete(f"{ACTIONS}/{action_id}/draft")
    assert (answer.status_code, answer.content) == (204, b"")
    assert taken(http.get(f"{ACTIONS}/{action_id}"))["id"] == action_id
    for ending in ("", "/draft"):
        draft_id = make_draft(http, connected)["id"]
        assert http.delete(f"{ACTIONS}/{draft_id}{ending}").status_code == 204
        refused = refusal(http.get(f"{ACTIONS}/{draft_id}/draft"), 404, "not.found")
        assert refused.faults[0].code == "ACTION_NOT_FOUND"


def test_drafts_go_with_their_integration(http: httpx.Client) -> None:
    """Deleting an integration removes its drafts."""
    integration_id = make_integration(http)["id"]
    draft_id = make_draft(http, integration_id)["id"]
    taken(http.delete(f"{API}/{integration_id}"))
    refusal(http.get(f"{ACTIONS}/{draft_id}/draft"), 404, "not.found")


def test_patch_of_an_action(http: httpx.Client, connected: str) -> None:
    """Name, category and configuration change, the rest stays; a whole action is taken as body."""
    made = make_action(http, connected, config=simple_config("https://a.example/"))
    path = f"{ACTIONS}/{made['id']}"
    renamed = taken(http.patch(path, json={"version": 1, "name": "Other"}))
    assert (renamed["name"], renamed["category"], renamed["version"]) == ("Other", "Greetings", 2)
    assert renamed["config"] == made["config"]
    body = whole(http, path)
    body["config"]["request"]["requestUrlTemplate"] = "https://b.example/"
    changed = taken(http.patch(path, json=body))
    assert changed["version"] == 3
    assert whole(http, path)["config"]["request"]["requestUrlTemplate"] == "https://b.example/"
    assert whole(http, path)["contract"] == made["contract"]


def test_a_template_given_by_its_address_is_kept(http: httpx.Client, connected: str) -> None:
    """A body with `requestTemplateUri` and no template leaves the stored template alone."""
    path = f"{ACTIONS}/{greet(http, connected, 'https://example.com')}"
    body = whole(http, path)
    text = body["config"]["request"].pop("requestTemplate")
    changed = taken(http.patch(path, json=body))
    assert changed["config"]["request"]["requestTemplate"] == text


@pytest.mark.parametrize("ending", ["", "/draft"])
@pytest.mark.parametrize(
    ("member", "value"), [("contract", contract({"other": {"type": "string"}})), ("secure", True)]
)
def test_contracts_are_frozen(
    http: httpx.Client, connected: str, ending: str, member: str, value: object
) -> None:
    """Neither the action nor its draft takes another contract; the refusal says how to get one."""
    path = f"{ACTIONS}/{greet(http, connected, 'https://example.com')}"
    taken(http.post(f"{path}/draft"))
    refused = refusal(http.patch(f"{path}{ending}", json={"version": 1, member: value}), 400)
    fault = refused.at(f"/{member}")
    assert fault.code == "CONTRACT_FROZEN"
    assert "actions/drafts" in fault.fix


CHANGES = [("patch", ""), ("patch", "/draft"), ("post", "/draft/publish")]


@pytest.mark.parametrize(("method", "ending"), CHANGES)
def test_stale_versions(http: httpx.Client, connected: str, method: str, ending: str) -> None:
    """409 with the words that clients retry on, if nothing else is wrong; else 400 without them."""
    path = f"{ACTIONS}/{greet(http, connected, 'https://example.com')}"
    taken(http.post(f"{path}/draft"))
    refused = refusal(
        http.request(method, path + ending, json={"version": 7}), 409, "invalid.update.wrong.version"
    )
    assert STALE in refused.message
    taken(http.patch(f"{path}/draft", json={"version": 1, "category": "moved"}))
    refusal(http.request(method, path + ending, json={}), 400)
    if method == "patch":
        both = http.patch(path + ending, json={"version": 7, "name": 3})
        assert STALE not in refusal(both, 400).message


def test_a_stale_publish_of_a_broken_draft(http: httpx.Client, connected: str) -> None:
    """Version and draft are wrong: 400, so that nobody sends the same again with a fresh version."""
    path = f"{ACTIONS}/{make_draft(http, connected)['id']}/draft"
    answer = http.post(f"{path}/publish", json={"version": 9})
    refused = refusal(answer, 400)
    assert STALE not in answer.text
    assert "/version" in refused.pointers


def test_functions_are_not_published(http: httpx.Client) -> None:
    """A function action may be drafted; without its function it is not valid."""
    integration = make_integration(http, type_id="function-data-actions")
    draft = make_draft(http, integration["id"], contract=CONTRACT)
    result = taken(http.get(f"{ACTIONS}/{draft['id']}/draft/validation"))
    assert "ACTION_FUNCTION_MISSING" in [error["code"] for error in result["errors"]]


def test_certificates(http: httpx.Client) -> None:
    """No client certificate is presented; the trust store is the machine's own."""
    listing = taken(http.get(f"{ACTIONS}/certificates?status=Current&type=Client"))
    assert (listing["entities"], listing["total"]) == ([], 0)
    refusal(http.get(f"{ACTIONS}/certificates?status=Gone"), 400, "invalid.value")
    store = taken(http.get(f"{ACTIONS}/certificates/truststore"))
    assert store["total"] == len(store["entities"])
    for entity in store["entities"]:
        assert entity["description"]
        assert int(entity["serialNumber"], 16) >= 0
        assert len(bytes.fromhex(entity["signature"])) >= 64


def test_the_python_sdk(server: Server, http: httpx.Client, connected: str) -> None:
    """The official SDK drafts, patches with what it read, publishes, patches, and sees a conflict."""
    client = sdk.ApiClient(host=server.url)
    client.get_client_credentials_token(server.client_id, server.client_secret)
    api = sdk.IntegrationsApi(client)
    draft = api.post_integrations_actions_drafts({"name": "SDK", "integrationId": connected})
    body = {"version": 1, "config": simple_config("https://a.example/"), "contract": CONTRACT}
    api.patch_integrations_action_draft(draft.id, body)
    read = api.get_integrations_action_draft(draft.id, expand="contract", include_config=True)
    assert api.get_integrations_action_draft_validation(draft.id).valid
    action = api.post_integrations_action_draft_publish(draft.id, read)
    again = api.get_integrations_action(action.id, expand="contract", include_config=True)
    again.name = "SDK again"
    patched = api.patch_integrations_action(action.id, again)
    assert (patched.name, patched.version) == ("SDK again", 4)
    with pytest.raises(ApiException) as stale:
        api.patch_integrations_action(action.id, again)
    assert stale.value.status == 409
    assert api.post_integrations_action_draft(action.id).version == 4
    assert action.id in [one.id for one in api.get_integrations_actions_drafts(ids=action.id).entities]
    api.delete_integrations_action_draft(action.id)
    assert api.get_integrations_actions_certificates_truststore().total >= 0
