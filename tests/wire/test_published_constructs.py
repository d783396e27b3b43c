"""The constructs of published actions, run on a real server against services that answer as the real ones.

Our own actions are always run; the published ones that they are modelled on where JACKFIELD_SAMPLES names
their folder.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from support.installation import API, configure, enable, execute, make_integration, taken, tried
from support.remote_services import (
    CLIENT_ID,
    CLIENT_SECRET,
    REGION,
    TOKEN,
    RemoteServices,
    remote_services,
)
from support.server import Server

PLATFORM, WEB = "purecloud-data-actions", "custom-rest-actions"
SAMPLES = Path(os.environ["JACKFIELD_SAMPLES"]) if "JACKFIELD_SAMPLES" in os.environ else None


@dataclass(frozen=True)
class Case:
    """One construct.

    Args:
        name: what is particular about it.
        sample: the published file it is modelled on.
        kind: type of the integration.
        request: method, URL template and, if there is one, body template.
        response: translation map, defaults and success template.
        inputs: those of our own action; `sample_inputs` those of the published one, if they are others.
        path: what has to arrive, and `body` likewise.
        result: what execute answers.
    """

    name: str
    sample: str
    kind: str
    request: tuple[str, ...]
    response: tuple[dict[str, str], dict[str, str], str]
    inputs: dict[str, Any]
    path: str
    result: Any
    body: Any = None
    sample_inputs: dict[str, Any] | None = None
    sample_result: Any = None


RAW: tuple[dict[str, str], dict[str, str], str] = ({}, {}, "${rawResult}")
CHAT = "$.entities[?(@.bodyType != 'member-join' && @.bodyType != 'member-leave' && @.bodyType != 'notice')]"
CONTACT = {"firstName": "Anna", "lastName": "", "workPhone": {"display": "+31"}}
CASES = (
    Case(
        "optional inputs in silent notation",
        "Create-External-Contact.json",
        PLATFORM,
        (
            "POST",
            "/api/v2/externalcontacts/contacts",
            '{"firstName": "$!{input.firstName}", "lastName": "$!{input.lastName}",'
            ' "workPhone": {"display": "$!{input.workPhone}"}}',
        ),
        ({"contactId": "$.id"}, {"contactId": '""'}, '{"contactId": ${contactId}}'),
        {"firstName": "Anna", "workPhone": "+31"},
        "/api/v2/externalcontacts/contacts",
        {"contactId": "contact-1"},
        body=CONTACT,
        sample_result={"externalContactId": "contact-1"},
    ),
    Case(
        "the reply as it is",
        "Create-Scheduled-Callback.custom.json",
        PLATFORM,
        (
            "POST",
            "/api/v2/conversations/callbacks",
            '{"queueId": "${input.queueId}", "callbackNumbers": ["${input.phone}"],'
            ' "scriptId": "$!{input.scriptId}", "callbackScheduledTime": "${input.dateTime}"}',
        ),
        RAW,
        {"queueId": "q", "phone": "+31", "dateTime": "2026-11-28T10:00:00Z"},
        "/api/v2/conversations/callbacks",
        {"conversation": {"id": "conversation-9"}, "callbackIdentifiers": ["+31"]},
        body={
            "queueId": "q",
            "callbackNumbers": ["+31"],
            "scriptId": "",
            "callbackScheduledTime": "2026-11-28T10:00:00Z",
        },
    ),
    Case(
        "a Java string method in the URL",
        "Get-Data-Table-Row.json",
        PLATFORM,
        ("GET", "/api/v2/flows/datatables/${input.T}/rows/${input.K.replace(' ', '%20')}?showbrief=false"),
        RAW,
        {"T": "t1", "K": "a key"},
        "/api/v2/flows/datatables/t1/rows/a%20key?showbrief=false",
        {"key": "a key", "colour": "blue"},
        # The published file has the method call outside of the braces, so it goes out as text.
        sample_inputs={"DATATABLE_ID": "t1", "KEY_VALUE": "k"},
        sample_result={"key": "k.replace(' ', ' ')", "colour": "blue"},
    ),
    Case(
        "the first of a filtered list",
        "Get-NSWVICACTTAS-Time-Offset.json",
        PLATFORM,
        ("GET", "/api/v2/timezones?pageSize=500"),
        (
            {"offset": "$.entities[?(@.id == 'Europe/Paris')].offset"},
            {},
            '{"offset": ${successTemplateUtils.firstFromArray(${offset})}}',
        ),
        {},
        "/api/v2/timezones?pageSize=500",
        {"offset": 60},
        sample_result={"TimezoneId": 600},
    ),
    Case(
        "a deep scan with defaults",
        "Get-User-Skills.json",
        PLATFORM,
        ("GET", "/api/v2/users/${input.userId}/routingskills?pageSize=100&pageNumber=${input.pageNumber}"),
        (
            {"count": "$.pageCount", "names": "$.entities..name", "grades": "$.entities..proficiency"},
            {"count": "0", "names": "[]", "grades": "[]"},
            '{"names": ${names}, "grades": ${grades}, "count": ${count}}',
        ),
        {"userId": "u", "pageNumber": 1},
        "/api/v2/users/u/routingskills?pageSize=100&pageNumber=1",
        {"names": ["Dutch", "Billing"], "grades": [4.5, 2.0], "count": 1},
        sample_result={"skillProficiencies": [4.5, 2.0], "skillNames": ["Dutch", "Billing"], "pageCount": 1},
    ),
    Case(
        "an indexed path with a default",
        "Get-interaction-state.custom.json",
        PLATFORM,
        ("GET", "/api/v2/conversations/${input.conversationId}"),
        ({"state": "$.participants[0].callbacks[0].state"}, {"state": '"gone"'}, '{"state": ${state}}'),
        {"conversationId": "without-callbacks"},
        "/api/v2/conversations/without-callbacks",
        {"state": "gone"},
        # Its default is no JSON text, so a conversation is taken that does not need it.
        sample_inputs={"conversationId": "c1"},
        sample_result={"state": "connected"},
    ),
    Case(
        "an object as JSON text inside a string",
        "Get_all_Customer_Participant_Data_by_ConversationId.custom.json",
        PLATFORM,
        ("GET", "/api/v2/conversations/${input.conversationId}"),
        (
            {"found": '$.participants[?(@.purpose == "customer")].attributes'},
            {},
            '{"text": "$esc.jsonEncode(${successTemplateUtils.firstFromArray("${found}")})"}',
        ),
        {"conversationId": "c1"},
        "/api/v2/conversations/c1",
        {"text": '{"note":"say \\"hi\\""}'},
        sample_result={"jsonAttributes": '{"note":"say \\"hi\\""}'},
    ),
    Case(
        "a text with quotes",
        "Limitless---Get-Last-Message-from-Genesys-v1-2021062184312.custom.json",
        PLATFORM,
        ("GET", "/api/v2/conversations/messages/${input.conversationId}/messages/${input.messageId}"),
        ({"text": "$.textBody"}, {}, '{"text":${text}}'),
        {"conversationId": "c1", "messageId": "m1"},
        "/api/v2/conversations/messages/c1/messages/m1",
        {"text": 'a "b"'},
        sample_result={"message": 'a "b"'},
    ),
    Case(
        "three lists by the same filter",
        "Limitless---Get-Message-Ids-From-Chat-Conv-By-Id-And-MsgId-from-Genesys-v1-20210721153212.custom.json",
        PLATFORM,
        (
            "GET",
            "/api/v2/conversations/chats/${input.conversationId}/messages?after=${input.messageId}"
            "&sortOrder=${input.sortOrder}",
        ),
        (
            {"ids": f"{CHAT}.id", "senders": f"{CHAT}.sender.id", "bodies": f"{CHAT}.body"},
            {},
            '{"ids": ${ids},"senders": ${senders},"bodies": ${bodies}}',
        ),
        {"conversationId": "c1", "messageId": "m0", "sortOrder": "asc"},
        "/api/v2/conversations/chats/c1/messages?after=m0&sortOrder=asc",
        {"ids": ["m1", "m3"], "senders": ["s1", "s3"], "bodies": ["text 1", "text 3"]},
        sample_result={
            "messageArray": ["m1", "m3"],
            "senderArray": ["s1", "s3"],
            "bodyArray": ["text 1", "text 3"],
        },
    ),
    Case(
        "escaped input in a JSON text",
        "Send-Agentless-SMS.json",
        PLATFORM,
        (
            "POST",
            "/api/v2/conversations/messages/agentless",
            '{"fromAddress": "${input.from}", "toAddress": "${input.to}",'
            ' "toAddressMessengerType": "sms", "textBody": "$esc.jsonString(${input.body})"}',
        ),
        RAW,
        {"from": "+31", "to": "+32", "body": 'line\n"two"'},
        "/api/v2/conversations/messages/agentless",
        {
            "id": "sms-1",
            "fromAddress": "+31",
            "toAddress": "+32",
            "toAddressMessengerType": "sms",
            "textBody": 'line\n"two"',
        },
    ),
    Case(
        "a number without quotes",
        "Update-Callback-Priority.custom.json",
        PLATFORM,
        ("PATCH", "/api/v2/routing/conversations/${input.conversationId}", '{"priority":${input.priority}}'),
        ({"priority": "$.priority"}, {"priority": "0"}, '{"priority": ${priority}}'),
        {"conversationId": "c1", "priority": 7},
        "/api/v2/routing/conversations/c1",
        {"priority": 7},
        body={"priority": 7},
    ),
    Case(
        "members that come and go",
        "Update-Data-Table-Row.json",
        PLATFORM,
        (
            "PUT",
            "/api/v2/flows/datatables/${input.DatatableId}/rows/${input.Key.replace(' ','%20')}",
            '{\n"key":"${input.Key}"\n#if("$!{input.StringFieldName1}" != "")\n'
            ',"$!{input.StringFieldName1}": "$!{input.StringFieldValue1}"\n#end\n'
            '#if("$!{input.IntFieldName1}" != "" && "$!{input.IntFieldValue1}" != "")\n'
            ',"$!{input.IntFieldName1}": $!{input.IntFieldValue1}\n#end\n}',
        ),
        RAW,
        {"DatatableId": "t1", "Key": "a key", "StringFieldName1": "name", "StringFieldValue1": "x"},
        "/api/v2/flows/datatables/t1/rows/a%20key",
        {"key": "a key", "name": "x"},
        body={"key": "a key", "name": "x"},
    ),
    Case(
        "a host from the input, a function in the path",
        "Get-Contact-by-Mobile-Phone-Number.json",
        WEB,
        (
            "GET",
            "https://${input.Domain}.service-now.com/api/now/table/sys_user?mobile_phone=$esc.url($input.PHONE)",
        ),
        ({"n": "$.result.length()", "first": "$.result[0].sys_id"}, {}, '{"first": ${first}, "n": ${n}}'),
        {"Domain": "dev1", "PHONE": "+31 6"},
        "/api/now/table/sys_user?mobile_phone=%2B31+6",
        {"first": "5137153cc611227c000bbd1bd8cd2005", "n": 2},
        sample_inputs={"Domain": "dev1", "PHONE_NUMBER": "+31 6"},
        sample_result={"SYSID": "5137153cc611227c000bbd1bd8cd2005", "length": 2},
    ),
)


@pytest.fixture(scope="module")
def remote() -> Iterator[RemoteServices]:
    """The services."""
    with remote_services() as running:
        yield running


@pytest.fixture(scope="module")
def http(remote: RemoteServices, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A server that calls the region by its name, through the proxy."""
    folder = tmp_path_factory.mktemp("published")
    remote.authority.cert_pem.write_to_path(folder / "authority.pem")
    options = [
        *("--platform", REGION, "--upstreams", "public"),
        *("--egress-proxy", f"http://127.0.0.1:{remote.proxy.port}", "--egress-proxy-resolves"),
        *("--egress-ca", str(folder / "authority.pem")),
    ]
    with Server(folder / "data", options=options) as server, server.http() as client:
        yield client


@pytest.fixture(scope="module")
def integrations(http: httpx.Client) -> dict[str, str]:
    """One integration of each type, by type."""
    body = {
        "name": "client",
        "type": "pureCloudOAuthClient",
        "credentialFields": {"clientId": CLIENT_ID, "clientSecret": CLIENT_SECRET},
    }
    credential = taken(http.post(f"{API}/credentials", json=body))
    platform, web = make_integration(http, type_id=PLATFORM)["id"], make_integration(http)["id"]
    configure(http, platform, credentials={"pureCloudOAuthClient": {"id": credential["id"]}})
    for integration in (platform, web):
        enable(http, integration)
    return {PLATFORM: platform, WEB: web}


def own(case: Case) -> dict[str, Any]:
    """Return our own action of a construct, as an exported file has it."""
    method, url, *body = case.request
    paths, defaults, success = case.response
    kinds = {str: "string", int: "integer"}
    properties = {name: {"type": kinds[type(value)]} for name, value in case.inputs.items()}
    return {
        "name": case.name,
        "config": {
            "request": {
                "requestUrlTemplate": url,
                "requestType": method,
                "headers": {"Content-Type": "application/json"},
                "requestTemplate": body[0] if body else "${input.rawRequest}",
            },
            "response": {
                "translationMap": paths,
                "translationMapDefaults": defaults,
                "successTemplate": success,
            },
        },
        "contract": {
            "input": {"inputSchema": {"type": "object", "properties": properties}},
            "output": {"successSchema": {"type": "object", "properties": {}, "additionalProperties": True}},
        },
        "secure": False,
    }


def install(http: httpx.Client, integration: str, exported: dict[str, Any]) -> str:
    """Create an exported action as a draft, publish it, return its id."""
    members = {name: exported[name] for name in ("name", "config", "contract", "secure") if name in exported}
    draft = taken(http.post(f"{API}/actions/drafts", json={**members, "integrationId": integration}))
    path = f"{API}/actions/{draft['id']}/draft"
    validation = taken(http.get(f"{path}/validation"))
    assert validation["valid"], validation
    taken(http.post(f"{path}/publish", json={"version": draft["version"]}))
    return str(draft["id"])


def published(name: str) -> dict[str, Any]:
    """Return a published file."""
    assert SAMPLES is not None
    document: dict[str, Any] = json.loads((SAMPLES / name).read_text(encoding="utf-8"))
    return document


RUNS = [
    *(pytest.param(case, False, id=case.name) for case in CASES),
    *(pytest.param(case, True, id=case.sample) for case in (CASES if SAMPLES is not None else ())),
]


@pytest.mark.parametrize(("case", "is_published"), RUNS)
def test_a_construct(
    http: httpx.Client,
    integrations: dict[str, str],
    remote: RemoteServices,
    case: Case,
    is_published: bool,
) -> None:
    """Published, executed, tested: the service gets what it expects, the caller the result."""
    inputs, expected = case.inputs, case.result
    exported = published(case.sample) if is_published else own(case)
    if is_published:
        inputs = case.sample_inputs if case.sample_inputs is not None else inputs
        expected = case.sample_result if case.sample_result is not None else expected
    action = install(http, integrations[case.kind], exported)
    assert taken(execute(http, action, inputs)) == expected
    call = remote.calls[-1]
    if not is_published:
        assert (call.method, call.path) == (case.request[0], case.path)
        assert case.body is None or json.loads(call.body) == case.body
    result = tried(http, action, inputs)
    assert result["success"], result["error"]
    assert result["finalResult"] == expected
    assert TOKEN not in json.dumps(result)


def test_one_login_for_all_of_them(
    http: httpx.Client, integrations: dict[str, str], remote: RemoteServices
) -> None:
    """The region's login is asked once, by its own name, for every call of the module."""
    action = install(http, integrations[PLATFORM], own(CASES[-2]))
    assert taken(execute(http, action, CASES[-2].inputs))
    platform = [one for one in remote.logins if one.headers["host"] == f"login.{REGION}"]
    assert len(platform) == 1
    assert {f"login.{REGION}:443", f"api.{REGION}:443"} <= set(remote.proxy.asked)


AUTH_ACTIONS = (
    "Office-365-Auth.customAuth.json",
    "ZoomServerToServerOAuthUserMeetingCreation.customAuth.json",
    "ZoomServerToServerOAuthUserPresenceUpdates.customAuth.json",
)


OWN_AUTH_ACTION = {
    "config": {
        "request": {
            "requestUrlTemplate": "${credentials.loginUrl}",
            "requestType": "POST",
            "headers": {
                "Authorization": (
                    'Basic $encoding.base64("${credentials.client_id}:${credentials.client_secret}")'
                ),
                "Transfer-Encoding": "buffered",
                "Content-Type": "application/x-www-form-urlencoded",
            },
            "requestTemplate": "scope=${credentials.scope}&grant_type=${credentials.grant_type}",
        },
        "response": {},
    },
    "contract": {"input": {}, "output": {}},
}


def logging_in(http: httpx.Client, exported: dict[str, Any] | None, url: str = "") -> dict[str, Any]:
    """Install an auth action over the one that came with the credential; execute an action behind it."""
    fields = {
        "loginUrl": "https://crm.example.com/token",
        "clientId": "id",
        "clientSecret": "s",
        "client_id": "id",
        "client_secret": "s",
        "tenant_id": "t",
        "scope": "all",
        "grant_type": "client_credentials",
    }
    body = {"name": "c", "type": "userDefinedOAuth", "credentialFields": fields}
    credential = taken(http.post(f"{API}/credentials", json=body))
    integration = make_integration(http)["id"]
    configure(http, integration, credentials={"basicAuth": {"id": credential["id"]}})
    enable(http, integration)
    if exported is not None:
        config = exported["config"]
        if url:
            config["request"]["requestUrlTemplate"] = url
        path = f"{API}/actions/customAuth_-_{integration}"
        changed = {"version": 1, "config": config, "contract": exported["contract"]}
        taken(http.patch(path, json=changed))
    action = {
        "name": "behind a login",
        "config": {
            "request": {
                "requestUrlTemplate": "https://crm.example.com/cases/${input.id}",
                "requestType": "GET",
                "headers": {"Authorization": "Bearer ${authResponse.access_token}"},
            },
            "response": {},
        },
        "contract": {
            "input": {"inputSchema": {"type": "object", "properties": {"id": {"type": "string"}}}},
            "output": {"successSchema": {"type": "object", "properties": {}}},
        },
    }
    return taken(execute(http, install(http, integration, action), {"id": "7"}))


def test_an_action_behind_a_login(http: httpx.Client, remote: RemoteServices) -> None:
    """The generated auth action logs in where the credential says."""
    assert logging_in(http, None) == {"status": "open"}
    assert remote.logins[-1].body == b"grant_type=client_credentials"


@pytest.mark.parametrize("name", [None, *(AUTH_ACTIONS if SAMPLES is not None else ())])
def test_an_auth_action_of_its_author(http: httpx.Client, remote: RemoteServices, name: str | None) -> None:
    """It replaces the generated one: ours, and the published ones with another host at most."""
    exported = published(name) if name else OWN_AUTH_ACTION
    url = "https://crm.example.com/token" if name and "Office" in name else ""
    assert logging_in(http, exported, url) == {"status": "open"}
    assert remote.logins[-1].headers["authorization"] == "Basic aWQ6cw=="
