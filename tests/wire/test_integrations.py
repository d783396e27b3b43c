"""The life of integrations and credentials on the wire: names, states, replacement, deletion, repeats."""

from __future__ import annotations

import json
import uuid
from typing import Any

import httpx
import pytest

from support.installation import API, configure, enable, make_credential, make_integration, taken
from support.refusals import refusal


def test_a_new_integration(http: httpx.Client) -> None:
    """Disabled and inactive, configuration version 1, every member there and empty, named like its type."""
    created = make_integration(http)
    assert created["name"] == "Web Services Data Actions"
    assert created["intendedState"] == "DISABLED"
    assert created["reportedState"]["code"] == "INACTIVE"
    assert created["integrationType"]["id"] == "custom-rest-actions"
    assert created["notes"] == ""
    current = taken(http.get(f"{created['selfUri']}/config/current"))
    assert {name: current[name] for name in ("id", "version", "properties", "advanced", "notes")} == {
        "id": "current",
        "version": 1,
        "properties": {},
        "advanced": {},
        "notes": "",
    }
    assert current["credentials"] == {}
    assert current["selfUri"] == f"{API}/{created['id']}/config/current"


def test_names_may_repeat(http: httpx.Client) -> None:
    """Two integrations may have one name; ids tell them apart."""
    first, second = make_integration(http, "twin"), make_integration(http, "twin")
    assert first["id"] != second["id"]


CREATE_FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({}, "/integrationType", "integrationType"),
    ({"integrationType": {}}, "/integrationType", "id"),
    ({"integrationType": {"id": "custom-rest-action"}}, "/integrationType", "custom-rest-actions"),
    ({"integrationType": {"id": 3}}, "/integrationType", "id"),
    ({"integrationType": {"id": "webhook"}, "name": 3}, "/name", "name"),
]


@pytest.mark.parametrize(("body", "pointer", "named"), CREATE_FAULTS)
def test_faults_of_new_integrations(
    http: httpx.Client, body: dict[str, Any], pointer: str, named: str
) -> None:
    """The place and what belongs there are named."""
    refused = refusal(http.post(API, json=body), 400)
    faults = refused.below(pointer) or refused.below("")
    assert any(named in fault.message + fault.accepted + fault.fix for fault in faults)


def test_states(http: httpx.Client) -> None:
    """ENABLED makes it active, DISABLED inactive; the configuration is not touched."""
    created = make_integration(http)
    enabled = enable(http, created["id"])
    assert (enabled["intendedState"], enabled["reportedState"]["code"]) == ("ENABLED", "ACTIVE")
    disabled = taken(http.patch(created["selfUri"], json={"intendedState": "DISABLED"}))
    assert (disabled["intendedState"], disabled["reportedState"]["code"]) == ("DISABLED", "INACTIVE")
    assert taken(http.get(f"{created['selfUri']}/config/current"))["version"] == 1


def test_a_whole_integration_can_be_patched(http: httpx.Client) -> None:
    """Clients send back what they read; everything but the state is read-only and ignored."""
    created = make_integration(http, "whole")
    body = created | {"intendedState": "ENABLED", "name": "ignored"}
    assert taken(http.patch(created["selfUri"], json=body))["name"] == "whole"


@pytest.mark.parametrize("body", [{}, {"intendedState": "ON"}, {"intendedState": 1}, [], "ENABLED"])
def test_states_that_are_none(http: httpx.Client, body: object) -> None:
    """A state that cannot be intended is refused with those that can."""
    created = make_integration(http)
    refused = refusal(http.patch(created["selfUri"], json=body), 400)
    assert refused.faults
    assert taken(http.get(created["selfUri"]))["intendedState"] == "DISABLED"


def test_put_renames(http: httpx.Client) -> None:
    """The configuration's name is the integration's name; its notes are shown too."""
    created = make_integration(http, "before")
    configure(http, created["id"], name="after", notes="moved")
    read = taken(http.get(created["selfUri"]))
    assert (read["name"], read["notes"]) == ("after", "moved")


def test_versions_count_up(http: httpx.Client) -> None:
    """Each PUT takes the current version and gives the next; an old one is a conflict."""
    created = make_integration(http)
    for version in (1, 2, 3):
        assert configure(http, created["id"], version=version)["version"] == version + 1
    body = {"name": "n", "version": 2, "properties": {}, "advanced": {}, "notes": "", "credentials": {}}
    answer = http.put(f"{created['selfUri']}/config/current", json=body)
    refusal(answer, 409, "invalid.update.wrong.version")


def test_delete(http: httpx.Client) -> None:
    """DELETE answers the integration; afterwards it is nowhere."""
    created = make_integration(http)
    assert taken(http.delete(created["selfUri"]))["id"] == created["id"]
    for answer in (
        http.get(created["selfUri"]),
        http.delete(created["selfUri"]),
        http.patch(created["selfUri"], json={"intendedState": "ENABLED"}),
        http.get(f"{created['selfUri']}/config/current"),
    ):
        refusal(answer, 404, "not.found")
    assert taken(http.get(API, params={"ids": created["id"]}))["total"] == 0


def test_credentials_are_replaced(http: httpx.Client) -> None:
    """PUT replaces name, type and fields, and answers a CredentialInfo."""
    created = make_credential(http, "before")
    body = {"name": "after", "type": {"name": "userDefined"}, "credentialFields": {"key": "0815-secret"}}
    answer = http.put(created["selfUri"], json=body)
    replaced = taken(answer)
    assert (replaced["id"], replaced["name"]) == (created["id"], "after")
    assert replaced["type"] == {"name": "userDefined"}
    assert replaced["createdDate"] == created["createdDate"]
    read = http.get(created["selfUri"])
    assert taken(read).get("credentialFields", {}) == {}
    assert "0815-secret" not in answer.text + read.text


def test_a_name_may_be_left_out(http: httpx.Client) -> None:
    """Credentials need no name."""
    body = {"type": {"name": "basicAuth"}, "credentialFields": {"userName": "u"}}
    created = taken(http.post(f"{API}/credentials", json=body))
    assert created.get("name") is None
    assert taken(http.get(created["selfUri"]))["id"] == created["id"]


def test_deleting_credentials_in_use_is_a_warning(http: httpx.Client) -> None:
    """The installer deletes in either order: it works, and the header names the integration left without."""
    credential, integration = make_credential(http), make_integration(http, "left without")
    configure(
        http, integration["id"], name="left without", credentials={"basicAuth": {"id": credential["id"]}}
    )
    answer = http.delete(credential["selfUri"])
    assert (answer.status_code, answer.content) == (204, b"")
    assert integration["id"] in answer.headers["Jackfield-Findings"]
    refusal(http.get(credential["selfUri"]), 404, "not.found")
    current = taken(http.get(f"{integration['selfUri']}/config/current"))
    assert current["version"] == 2


def test_a_type_that_no_longer_fits_its_slot(http: httpx.Client) -> None:
    """A credential in use cannot become one that the slot does not take."""
    credential, integration = make_credential(http), make_integration(http)
    configure(http, integration["id"], credentials={"basicAuth": {"id": credential["id"]}})
    body = {"type": {"name": "amazonWebServicesARN"}, "credentialFields": {"ARN": "arn:aws:iam::1:role/r"}}
    refused = refusal(http.put(credential["selfUri"], json=body), 400)
    assert "userDefinedOAuth" in refused.faults[0].accepted + refused.faults[0].fix
    assert taken(http.get(credential["selfUri"]))["type"] == {"name": "basicAuth"}


@pytest.mark.parametrize("path", ["", "/credentials"])
def test_a_repeated_request_gets_the_first_answer(http: httpx.Client, path: str) -> None:
    """One Idempotency-Key creates one entity, however often it is sent; another body under it is refused."""
    body: dict[str, Any] = {"integrationType": {"id": "webhook"}, "name": "once"}
    if path:
        body = {"type": "basicAuth", "name": "once", "credentialFields": {"userName": "u"}}
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    first = http.post(API + path, json=body, headers=headers)
    again = http.post(API + path, json=body, headers=headers)
    assert taken(first)["id"] == taken(again)["id"]
    assert again.content == first.content
    other = http.post(API + path, json=body | {"name": "twice"}, headers=headers)
    assert other.status_code in (400, 409, 422)
    assert "Idempotency-Key" in other.text
    fresh = http.post(API + path, json=body, headers={"Idempotency-Key": str(uuid.uuid4())})
    assert taken(fresh)["id"] != taken(first)["id"]


def test_premium_properties(http: httpx.Client) -> None:
    """What development types take and vendor types refuse shows before the day of approval."""
    properties = {"url": "https://app.example", "sandbox": "allow-forms", "groupFilter": ["123456789"]}
    example = make_integration(http, type_id="premium-app-example")
    assert configure(http, example["id"], properties=properties)["properties"] == properties
    vendor = make_integration(http, type_id="premium-app-acme")
    body = {
        "name": "n",
        "version": 1,
        "properties": properties,
        "advanced": {},
        "notes": "",
        "credentials": {},
    }
    refused = refusal(http.put(f"{vendor['selfUri']}/config/current", json=body), 400)
    assert any("sandbox" in fault.message + fault.pointer for fault in refused.below("/properties"))


def test_communication_types(http: httpx.Client) -> None:
    """An unknown communication type makes PUT fail, with the known ones named."""
    widget = make_integration(http, type_id="embedded-client-app-interaction-widget")
    body = {
        "name": "n",
        "version": 1,
        "properties": {"communicationTypeFilter": "call, message"},
        "advanced": {},
        "notes": "",
        "credentials": {},
    }
    refused = refusal(http.put(f"{widget['selfUri']}/config/current", json=body), 400)
    fault = refused.at("/properties/communicationTypeFilter")
    assert "webmessaging" in fault.accepted + fault.fix + fault.message
    body["properties"] = {"communicationTypeFilter": "call, chat , email"}
    taken(http.put(f"{widget['selfUri']}/config/current", content=json.dumps(body)))
