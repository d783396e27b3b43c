"""The request of the forum post, and every other way to get it wrong, over raw HTTP."""

from __future__ import annotations

import json
import uuid
from typing import Any

import httpx
import pytest

from support.installation import API, configuration, configure, make_credential, make_integration, taken
from support.refusals import Refusal, refusal

CREDENTIAL_AS_POSTED: dict[str, Any] = {
    "name": "Integration-2cefbe68-cdd8-4f21-89ab-6f3036bafd3d",
    "type": {
        "name": "basicAuth",
        "properties": {
            "password": {
                "type": "string",
                "title": "Password",
                "description": "The password used for authentication.",
                "sensitive": True,
                "confirm": True,
            },
            "userName": {
                "type": "string",
                "title": "Username",
                "description": "The username used for authentication.",
            },
        },
        "displayOrder": ["userName", "password"],
        "required": ["userName"],
    },
    "credentialFields": {"password": "p@ssword", "userName": "loginname"},
}

# The body of the post's PUT, byte for byte but for the ids.
CONFIGURATION_AS_POSTED = """{
"name": "TEST Integration with Credentials",
"version": "3",
"properties": {
"url": "https://www.test-credentials.com",
"sandbox": "allow-forms,allow-modals,allow-popups,allow-presentation,allow-same-origin,allow-scripts",
"displayType": "standalone",
"featureCategory": "",
"groupFilter": [
"1301c6da-779b-4487-843d-04572bba22d8",
"b70424e5-c699-4ccf-bb7a-48cab94fc738"
]
},
"advanced": {},
"notes": \"\"\",
"credentials": {
"id": "CREDENTIAL",
"name": "Integration-00000000-0000-0000-0000-000000000000",
"createdDate": "2019-12-17T16:16:21Z",
"modifiedDate": "2019-12-17T16:16:21Z",
"type": {
"name": "basicAuth"
},
"selfUri": "/api/v2/integrations/credentials/CREDENTIAL"
}
}"""


@pytest.fixture
def credential_id(http: httpx.Client) -> str:
    """A stored basicAuth credential."""
    return str(make_credential(http)["id"])


@pytest.fixture
def integration_id(http: httpx.Client) -> str:
    """A new web services integration; its configuration has version 1."""
    return str(make_integration(http)["id"])


def put(http: httpx.Client, integration_id: str, body: str | bytes | dict[str, Any]) -> httpx.Response:
    """PUT a configuration, as text exactly as given."""
    content = json.dumps(body) if isinstance(body, dict) else body
    headers = {"Content-Type": "application/json"}
    return http.put(f"{API}/{integration_id}/config/current", content=content, headers=headers)


def put_refused(
    http: httpx.Client, integration_id: str, body: str | bytes | dict[str, Any], status: int = 400
) -> Refusal:
    """PUT a configuration that must be refused."""
    code = "invalid.update.wrong.version" if status == 409 else "bad.request"
    refused = refusal(put(http, integration_id, body), status, code)
    if status == 400:
        # CX as Code takes a 400 with these words for a stale version and repeats it ten times.
        assert "does not match the current version" not in refused.message
    unchanged = taken(http.get(f"{API}/{integration_id}/config/current"))
    assert unchanged["version"] == 1
    return refused


@pytest.mark.parametrize(
    "body",
    [
        CREDENTIAL_AS_POSTED,
        CREDENTIAL_AS_POSTED | {"type": {"name": "basicAuth"}},
        CREDENTIAL_AS_POSTED | {"type": "basicAuth"},
    ],
    ids=["whole type", "name of the type", "bare string"],
)
def test_credentials_in_each_form(http: httpx.Client, body: dict[str, Any]) -> None:
    """A type may come with its whole schema, by name, or as a string; the secret never comes back."""
    answer = http.post(f"{API}/credentials", json=body)
    created = taken(answer)
    assert created["name"] == body["name"]
    assert created["type"] == {"name": "basicAuth"}
    assert created["selfUri"] == f"{API}/credentials/{created['id']}"
    assert "credentialFields" not in created
    read = http.get(created["selfUri"])
    assert taken(read)["credentialFields"] == {"userName": "loginname"}
    assert "p@ssword" not in answer.text + read.text


def test_every_fault_of_the_post_in_one_answer(
    http: httpx.Client, integration_id: str, credential_id: str
) -> None:
    """One answer names the cause and all the rest: credentials, notes, version, properties."""
    body = CONFIGURATION_AS_POSTED.replace("CREDENTIAL", credential_id)
    assert '"notes": """,' in body
    refused = put_refused(http, integration_id, body)
    assert refused.at("/credentials").code == "CREDENTIALS_BARE_INFO"
    assert not refused.message.startswith("The version")
    assert {fault.code for fault in refused.below("/version")} == {"VERSION_STALE", "VERSION_AS_TEXT"}
    properties = {fault.pointer for fault in refused.below("/properties")}
    for name in ("url", "sandbox", "displayType", "featureCategory", "groupFilter"):
        named = any(name in fault.message + fault.seen for fault in refused.below("/properties"))
        assert f"/properties/{name}" in properties or named
    syntax = [fault for fault in refused.faults if fault.line is not None and fault.pointer == "/notes"]
    assert syntax
    assert syntax[0].line == 1 + body[: body.index('"""')].count("\n")
    assert syntax[0].column is not None
    assert '""' in syntax[0].fix


def test_the_cause_says_what_to_send(http: httpx.Client, integration_id: str, credential_id: str) -> None:
    """A bare CredentialInfo is answered with the very map that is right for this type and credential."""
    info = taken(http.get(f"{API}/credentials/{credential_id}")) | {"createdDate": "2019-12-17T16:16:21Z"}
    del info["credentialFields"]
    refused = put_refused(http, integration_id, configuration(credentials=info))
    cause = refused.below("/credentials")[0]
    right = json.dumps({"basicAuth": {"id": credential_id}}, separators=(",", ":"))
    assert right in cause.fix.replace(" ", "")


def test_what_the_fix_says_is_right(http: httpx.Client, integration_id: str, credential_id: str) -> None:
    """The corrected request gets 200; GET shows version + 1 and the slot with its CredentialInfo."""
    body = configuration(
        name="TEST Integration with Credentials", credentials={"basicAuth": {"id": credential_id}}
    )
    put_answer = taken(put(http, integration_id, body))
    read = taken(http.get(f"{API}/{integration_id}/config/current"))
    assert read == put_answer
    assert read["version"] == 2
    assert read["id"] == "current"
    assert read["name"] == "TEST Integration with Credentials"
    assert (read["properties"], read["advanced"], read["notes"]) == ({}, {}, "")
    assert read["credentials"]["basicAuth"]["id"] == credential_id
    assert read["credentials"]["basicAuth"]["type"] == {"name": "basicAuth"}


def test_a_version_as_a_string_is_a_warning(http: httpx.Client, integration_id: str) -> None:
    """The cloud takes "1" for 1, so it is taken, with a warning in the header."""
    answer = put(http, integration_id, configuration(version="1"))
    assert taken(answer)["version"] == 2
    warnings = json.loads(answer.headers["Jackfield-Findings"])
    assert [warning["pointer"] for warning in warnings] == ["/version"]


MEMBERS = ("name", "version", "properties", "advanced", "notes", "credentials")


@pytest.mark.parametrize("member", MEMBERS)
def test_a_missing_member(http: httpx.Client, integration_id: str, member: str) -> None:
    """PUT replaces everything, so each member has to be there."""
    body = configuration()
    del body[member]
    refused = put_refused(http, integration_id, body)
    assert member in refused.message
    assert any(fault.pointer in ("", f"/{member}") for fault in refused.faults)


def test_all_members_missing(http: httpx.Client, integration_id: str) -> None:
    """An empty object is told every member at once."""
    refused = put_refused(http, integration_id, {})
    text = " ".join(fault.pointer + fault.message for fault in refused.faults)
    assert all(member in text for member in MEMBERS)


def test_a_stale_version_alone_is_a_conflict(http: httpx.Client, integration_id: str) -> None:
    """A stale version and nothing else is 409 in the words that CX as Code repeats upon."""
    refused = put_refused(http, integration_id, configuration(version=7), status=409)
    assert "does not match the current version" in refused.message
    fault = refused.at("/version")
    assert fault.seen == "7"
    assert "1" in fault.accepted + fault.fix


def test_a_stale_version_among_other_faults(http: httpx.Client, integration_id: str) -> None:
    """With another fault beside it, repeating would not help: 400, both named."""
    refused = put_refused(http, integration_id, configuration(version=7, properties={"url": "https://x"}))
    assert refused.below("/version")
    assert refused.below("/properties")


def test_an_unknown_slot(http: httpx.Client, integration_id: str, credential_id: str) -> None:
    """A slot that the type lacks is told with the slots that it has."""
    body = configuration(credentials={"basicauth": {"id": credential_id}})
    fault = put_refused(http, integration_id, body).below("/credentials")[0]
    assert "basicAuth" in fault.accepted + fault.fix


def test_an_unknown_credential(http: httpx.Client, integration_id: str) -> None:
    """A credential that does not exist is named by its id."""
    missing = str(uuid.uuid4())
    refused = put_refused(http, integration_id, configuration(credentials={"basicAuth": {"id": missing}}))
    fault = refused.below("/credentials/basicAuth")[0]
    assert missing in fault.message + fault.seen


def test_a_credential_of_a_type_the_slot_does_not_take(http: httpx.Client, integration_id: str) -> None:
    """The types that the slot takes are named."""
    body = {
        "name": "client",
        "type": {"name": "pureCloudOAuthClient"},
        "credentialFields": {"clientId": "a", "clientSecret": "b"},
    }
    client = taken(http.post(f"{API}/credentials", json=body))
    refused = put_refused(
        http, integration_id, configuration(credentials={"basicAuth": {"id": client["id"]}})
    )
    fault = refused.below("/credentials/basicAuth")[0]
    assert "userDefinedOAuth" in fault.accepted
    assert "pureCloudOAuthClient" in fault.message + fault.seen


def test_the_wrapper_of_the_sdk_sent_as_json(
    http: httpx.Client, integration_id: str, credential_id: str
) -> None:
    """`{"body": …}` is what the JavaScript SDK takes, not what goes over the wire."""
    body = configuration(credentials={"basicAuth": {"id": credential_id}})
    refused = put_refused(http, integration_id, {"body": body})
    fault = refused.below("/body")[0] if refused.below("/body") else refused.at("")
    assert "body" in fault.message
    posted = refusal(http.post(f"{API}/credentials", json={"body": CREDENTIAL_AS_POSTED}), 400)
    assert any("body" in fault.message for fault in posted.faults)
    assert "p@ssword" not in str(posted)


def test_a_member_twice(http: httpx.Client, integration_id: str) -> None:
    """Of two members with one name one would be lost in silence."""
    text = json.dumps(configuration()).replace('"notes": ""', '"notes": "", "notes": "again"')
    refused = put_refused(http, integration_id, text)
    assert any("notes" in fault.message and fault.line == 1 for fault in refused.faults)


def test_the_wrong_kind_of_value(http: httpx.Client, integration_id: str) -> None:
    """Each member of a wrong kind is named."""
    body = configuration(name=3, properties=[], advanced="", notes=None, credentials=[], version={})
    refused = put_refused(http, integration_id, body)
    for member in ("name", "properties", "advanced", "credentials", "version"):
        assert refused.below(f"/{member}"), member


@pytest.mark.parametrize(
    "body",
    ["", "null", "[]", '"text"', "{", '{"name": }', "{'name': 'x'}", "{name: 1}", "\ufeff{}", "no JSON"],
)
def test_bodies_that_are_no_configuration(http: httpx.Client, integration_id: str, body: str) -> None:
    """Whatever is sent, the answer is a refusal in the right form that says what to do."""
    assert put_refused(http, integration_id, body).faults


def test_bytes_that_are_no_text(http: httpx.Client, integration_id: str) -> None:
    """A body that is not UTF-8 is refused as such."""
    assert put_refused(http, integration_id, b'{"name": "\xff\xfe"}').faults


def test_the_get_result_can_be_put_back(http: httpx.Client, integration_id: str, credential_id: str) -> None:
    """The wizard sends a whole GET result back; read-only members do not disturb."""
    configure(http, integration_id, credentials={"basicAuth": {"id": credential_id}})
    read = taken(http.get(f"{API}/{integration_id}/config/current"))
    again = taken(put(http, integration_id, read | {"notes": "installed"}))
    assert again["version"] == 3
    assert again["credentials"] == read["credentials"]


def test_values_are_kept_as_sent(http: httpx.Client) -> None:
    """Properties come back unchanged, without defaulted members or rounded numbers."""
    app = make_integration(http, type_id="amazon-eventbridge-source")
    text = json.dumps(configuration()).replace(
        '"properties": {}',
        '"properties": {"eventFilter": ["b", "a"], "n": 1.10, "big": 12345678901234567890}',
    )
    answer = put(http, app["id"], text)
    assert answer.status_code == 200, answer.text
    read = http.get(f"{API}/{app['id']}/config/current").text
    assert '{"eventFilter": ["b", "a"], "n": 1.10, "big": 12345678901234567890}' in read


CREDENTIAL_FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"type": {"name": "basicauth"}, "credentialFields": {"userName": "u"}}, "/type", "basicAuth"),
    ({"credentialFields": {"userName": "u"}}, "/type", "basicAuth"),
    ({"type": "basicAuth", "credentialFields": {"password": "hunter22"}}, "/credentialFields", "userName"),
    (
        {"type": "basicAuth", "credentialFields": {"username": "u", "password": "hunter22"}},
        "/credentialFields",
        "userName",
    ),
    ({"type": "basicAuth"}, "/credentialFields", "userName"),
    ({"type": "basicAuth", "credentialFields": {"userName": 3}}, "/credentialFields/userName", "string"),
]


@pytest.mark.parametrize(("body", "pointer", "named"), CREDENTIAL_FAULTS)
def test_faults_of_credentials(http: httpx.Client, body: dict[str, Any], pointer: str, named: str) -> None:
    """The place and what belongs there are named; a secret is not repeated."""
    answer = http.post(f"{API}/credentials", json=body)
    refused = refusal(answer, 400)
    faults = refused.below(pointer) or refused.below("")
    assert any(named in fault.message + fault.accepted + fault.fix for fault in faults)
    assert "hunter22" not in answer.text
