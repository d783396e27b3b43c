"""Client apps, telephony systems, webhooks, and what an integration reports when its configuration breaks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from support.command_line import in_a_process
from support.installation import API, configure, enable, make_credential, make_integration, taken
from support.refusals import refusal
from support.server import Server

EVENTS = "/jackfield/v1/webhook-events"
TELEPHONY: dict[str, Any] = {
    "id": "acme-phone",
    "name": "Acme Phone",
    "category": "Unified Communications",
    "provider": "acme",
    "grade": "assumed",
    "unifiedCommunications": {
        "presenceSource": "ZoomPhone",
        "permission": "integration:unifiedCommunications:view",
    },
    "slots": {},
    "properties": {"type": "object"},
    "advanced": {"type": "object"},
}
MAILBOX = TELEPHONY | {
    "id": "acme-mail",
    "name": "Acme Mail",
    "category": "Email",
    "slots": {"login": {"title": "Login", "credentialTypes": ["basicAuth"], "required": True}},
}
del MAILBOX["unifiedCommunications"]


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with two types of its user's own."""
    folder = tmp_path_factory.mktemp("catalog")
    (folder / "integration_types").mkdir()
    for kind in (TELEPHONY, MAILBOX):
        (folder / "integration_types" / f"{kind['id']}.json").write_text(json.dumps(kind))
    options = ["--catalog", str(folder)]
    with Server(tmp_path_factory.mktemp("own") / "data", options) as running:
        yield running


@pytest.fixture(scope="module")
def telephony(own: Server) -> Iterator[httpx.Client]:
    """A client of the server with the telephony system."""
    with own.http() as client:
        yield client


def ids(page: dict[str, Any]) -> list[str]:
    """The ids on a page."""
    return [entity["id"] for entity in page["entities"]]


def webhook(http: httpx.Client) -> tuple[dict[str, Any], str]:
    """Create an enabled webhook integration; return it and the path that its events go to."""
    made = make_integration(http, "intake", "webhook")
    enable(http, made["id"])
    url = httpx.URL(made["attributes"]["invocationUrl"])
    assert (url.host, url.port) == (http.base_url.host, http.base_url.port)
    assert url.path.endswith(f"/webhooks/{made['attributes']['webhookId']}/events")
    return made, made["attributes"]["invocationUrl"]


def test_events_come_in_without_a_token(http: httpx.Client) -> None:
    """Whoever knows the address sends events; they are listed, newest first, as they were sent."""
    made, url = webhook(http)
    first = taken(httpx.post(url, content='{"n": 1.0, "n2": [null]}'))
    second = taken(httpx.post(url, json=["x"]))
    page = taken(http.get(EVENTS, params={"integrationId": made["id"]}))
    assert ids(page) == [second["invocationId"], first["invocationId"]]
    assert '{"n": 1.0, "n2": [null]}' in http.get(EVENTS, params={"integrationId": made["id"]}).text
    assert page["total"] == 2
    later = taken(http.get(EVENTS, params={"integrationId": made["id"], "pageSize": 1, "pageNumber": 2}))
    assert ids(later) == [first["invocationId"]]


def test_events_on_the_command_line(http: httpx.Client, server: Server) -> None:
    """`integration events` lists them, and `show` says where they go and why an integration is in error."""
    made, url = webhook(http)
    httpx.post(url, json={"order": 7}).raise_for_status()
    variables = {
        "GENESYSCLOUD_REGION": server.url,
        "GENESYSCLOUD_OAUTHCLIENT_ID": server.client_id,
        "GENESYSCLOUD_OAUTHCLIENT_SECRET": server.client_secret,
    }
    listed = in_a_process("integration", "events", made["id"], "--json", **variables)
    assert [event["body"] for event in listed.document["events"]] == [{"order": 7}]
    assert url in in_a_process("integration", "show", made["id"], **variables).out
    credential, broken = make_credential(http), make_integration(http)
    configure(http, broken["id"], credentials={"basicAuth": {"id": credential["id"]}})
    enable(http, broken["id"])
    http.delete(credential["selfUri"])
    assert "no longer exists" in in_a_process("integration", "show", broken["id"], **variables).out


def test_webhooks_stay_what_they_are(http: httpx.Client) -> None:
    """The id is the same in every reading, and another webhook has another."""
    made, _ = webhook(http)
    other, _ = webhook(http)
    assert taken(http.get(made["selfUri"]))["attributes"] == made["attributes"]
    assert other["attributes"]["webhookId"] != made["attributes"]["webhookId"]
    assert make_integration(http)["attributes"] == {}


def test_events_that_are_not_taken(http: httpx.Client) -> None:
    """Wrong tokens, wrong bodies, disabled and deleted webhooks are refused by name, and nothing is kept."""
    made, url = webhook(http)
    refusal(httpx.post(f"{http.base_url}{API}/webhooks/nobody/events", json={}), 404, "not.found")
    assert refusal(httpx.post(url, content="{oops"), 400).faults[0].code.startswith("JSON_")
    refusal(
        httpx.post(url, content="a=1", headers={"Content-Type": "text/plain"}), 415, "unsupported.media.type"
    )
    http.patch(made["selfUri"], json={"intendedState": "DISABLED"})
    refused = refusal(httpx.post(url, json={}), 409, "general.conflict")
    assert refused.faults[0].code == "WEBHOOK_DISABLED"
    assert taken(http.get(EVENTS, params={"integrationId": made["id"]}))["total"] == 0
    http.delete(made["selfUri"])
    assert refusal(httpx.post(url, json={}), 404, "not.found").faults[0].code == "WEBHOOK_NOT_FOUND"


def test_an_event_is_kept_once(http: httpx.Client) -> None:
    """A sender that repeats its Idempotency-Key adds nothing."""
    made, url = webhook(http)
    answers = [httpx.post(url, json={}, headers={"Idempotency-Key": "once"}) for _ in range(3)]
    assert len({answer.text for answer in answers}) == 1
    assert taken(http.get(EVENTS, params={"integrationId": made["id"]}))["total"] == 1


def test_client_apps(http: httpx.Client) -> None:
    """Client apps are listed whatever their state, user apps once they are enabled, others never."""
    app = make_integration(http, "App", "premium-app-example")
    other = make_integration(http, "No app")
    size = {"pageSize": 1000}
    assert app["id"] in ids(taken(http.get(f"{API}/clientapps", params=size)))
    assert app["id"] not in ids(taken(http.get(f"{API}/userapps", params=size)))
    enable(http, app["id"])
    shown = taken(http.get(f"{API}/userapps", params=size | {"appHost": "premium-app-example"}))
    assert app["id"] in ids(shown)
    assert app["id"] not in ids(taken(http.get(f"{API}/userapps", params=size | {"appHost": "webhook"})))
    assert other["id"] not in ids(taken(http.get(f"{API}/clientapps", params=size)))
    expanded = taken(http.get(f"{API}/clientapps", params=size | {"expand": "config.current"}))
    found = next(entity for entity in expanded["entities"] if entity["id"] == app["id"])
    assert found["config"]["current"]["version"] == 1
    assert found["config"]["effective"]["name"] == "App"


def test_telephony_systems(telephony: httpx.Client) -> None:
    """A type of the user's own catalog is listed with all that the API demands, and takes presences."""
    path = f"{API}/unifiedcommunications/clientapps"
    made = make_integration(telephony, "Phones", "acme-phone")
    assert ids(taken(telephony.get(path))) == []
    enable(telephony, made["id"])
    shown = taken(telephony.get(path))["entities"][0]
    assert shown == taken(telephony.get(shown["selfUri"]))
    assert (shown["integrationPresenceSource"], shown["i10n"]) == (
        "ZoomPhone",
        {"en-us": {"name": "Acme Phone"}},
    )
    target = f"{API}/unifiedcommunications/{made['id']}/thirdpartypresences"
    for presence in ("AWAY", "BUSY"):
        body = [{"email": "Ada@example.com", "presence": presence}]
        assert telephony.put(target, json=body).json() == "1 accepted"
    told = taken(telephony.get(f"/jackfield/v1/integrations/{made['id']}/presences"))
    assert [(one["email"], one["presence"]) for one in told["entities"]] == [("Ada@example.com", "BUSY")]
    for wrong, code in (
        ({}, "BODY_NOT_ARRAY"),
        ([1], "MEMBER_WRONG_KIND"),
        ([{"email": "a"}], "MEMBER_MISSING"),
    ):
        assert refusal(telephony.put(target, json=wrong), 400).faults[0].code == code
    other = make_integration(telephony)
    refusal(telephony.get(f"{path}/{other['id']}"), 404, "not.found")


def test_a_broken_configuration_is_an_error(http: httpx.Client) -> None:
    """ENABLED without its credential is ERROR and says so; the filter finds it; a new credential mends it."""
    credential, made = make_credential(http), make_integration(http)
    configure(http, made["id"], credentials={"basicAuth": {"id": credential["id"]}})
    assert enable(http, made["id"])["reportedState"]["code"] == "ACTIVE"
    http.delete(credential["selfUri"])
    state = taken(http.get(made["selfUri"]))["reportedState"]
    assert state["code"] == "ERROR"
    assert credential["id"] in state["detail"]["message"]
    assert state["detail"]["localizableMessageCode"] == "STANDING_CREDENTIAL_GONE"
    assert made["id"] in ids(taken(http.get(API, params={"reportedState": "error", "pageSize": 999})))
    new = make_credential(http)
    configure(http, made["id"], version=2, credentials={"basicAuth": {"id": new["id"]}})
    mended = taken(http.get(made["selfUri"]))["reportedState"]
    assert mended["code"] == "ACTIVE"
    assert "detail" not in mended


def test_a_required_slot(telephony: httpx.Client) -> None:
    """A type that says a slot is required reports ERROR while it is empty, and its PUT wants it."""
    made = make_integration(telephony, "Mail", "acme-mail")
    state = enable(telephony, made["id"])["reportedState"]
    assert (state["code"], state["detail"]["localizableMessageCode"]) == ("ERROR", "STANDING_SLOT_EMPTY")
    credential = make_credential(telephony)
    configure(telephony, made["id"], credentials={"login": {"id": credential["id"]}})
    assert taken(telephony.get(made["selfUri"]))["reportedState"]["code"] == "ACTIVE"


def test_a_slot_that_the_catalog_took_away(tmp_path: Path) -> None:
    """A catalog that gives a slot to another credential type breaks the integrations that used it."""
    folder = tmp_path / "catalog" / "integration_types"
    folder.mkdir(parents=True)
    (folder / "acme-mail.json").write_text(json.dumps(MAILBOX))
    options = ["--catalog", str(folder.parent)]
    with Server(tmp_path / "data", options) as first, first.http() as http:
        credential, made = make_credential(http), make_integration(http, "Mail", "acme-mail")
        configure(http, made["id"], credentials={"login": {"id": credential["id"]}})
        enable(http, made["id"])
        secret = first.client_secret
    changed = MAILBOX | {"slots": {"login": {"title": "Login", "credentialTypes": ["userDefined"]}}}
    (folder / "acme-mail.json").write_text(json.dumps(changed))
    with Server(tmp_path / "data", options, client_secret=secret) as second, second.http() as http:
        state = taken(http.get(made["selfUri"]))["reportedState"]
        assert state["detail"]["localizableMessageCode"] == "STANDING_CREDENTIAL_MISFIT"


def test_an_unknown_cursor(http: httpx.Client) -> None:
    """An empty page that says why, so that no client takes it for the end of the list."""
    for name in ("after", "before"):
        answer = http.get(f"{API}/credentials/listing", params={name: "not-a-credential"})
        assert taken(answer)["entities"] == []
        assert "CURSOR_UNKNOWN" in answer.headers["Jackfield-Findings"]
    known = make_credential(http)
    answer = http.get(f"{API}/credentials/listing", params={"after": known["id"]})
    assert "Jackfield-Findings" not in answer.headers
