"""Integrations that log in: the auth action, its life, and the logins that runs share."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from support.byte_scan import files_below, scan
from support.installation import (
    API,
    configure,
    contract,
    enable,
    execute,
    make_action,
    make_integration,
    steps,
    taken,
    tried,
)
from support.oauth_service import CLIENT, REASON, SECRET, OAuthService, oauth_service
from support.refusals import refusal
from support.server import Server

AUTHENTICATION = "Perform authentication"


@pytest.fixture
def service() -> Iterator[OAuthService]:
    """The service behind the login, with nothing received yet."""
    with oauth_service() as running:
        yield running


@dataclass
class Installed:
    """An integration with its login and one action.

    Args:
        credential: its id.
    """

    http: httpx.Client
    service: OAuthService
    integration: str
    credential: str
    action: str

    @property
    def auth_action(self) -> str:
        """The path of the auth action."""
        return f"{API}/actions/customAuth_-_{self.integration}"

    def run(self) -> httpx.Response:
        """Execute the action."""
        return execute(self.http, self.action, {"id": "7"})

    def replace_credential(self, kind: str = "userDefinedOAuth", **fields: str) -> httpx.Response:
        """Replace the credential's fields, or its type."""
        return self.http.put(
            f"{API}/credentials/{self.credential}", json=credential(self.service, kind, **fields)
        )

    def config(self) -> dict[str, Any]:
        """Return the auth action's configuration."""
        answer = taken(self.http.get(self.auth_action, params={"includeConfig": "true"}))
        config: dict[str, Any] = answer["config"]
        return config


def credential(service: OAuthService, kind: str = "userDefinedOAuth", **fields: str) -> dict[str, Any]:
    """Return the body of a credential."""
    known = {"loginUrl": f"{service.url}/token", "clientId": CLIENT, "clientSecret": SECRET}
    return {"name": "login", "type": kind, "credentialFields": known | fields}


def calling(service: OAuthService, header: str = "Bearer ${authResponse.access_token}") -> dict[str, Any]:
    """Return the configuration of an action that calls the service with the login's token."""
    return {
        "request": {
            "requestUrlTemplate": service.url + "/things/${input.id}",
            "requestType": "GET",
            "headers": {"Authorization": header},
        },
        "response": {},
    }


@pytest.fixture
def installed(http: httpx.Client, service: OAuthService) -> Installed:
    """An integration whose credential is of the type `userDefinedOAuth`."""
    made = taken(http.post(f"{API}/credentials", json=credential(service)))
    integration = make_integration(http, "Things")["id"]
    configure(http, integration, name="Things", credentials={"basicAuth": {"id": made["id"]}})
    enable(http, integration)
    action = make_action(
        http, integration, config=calling(service), contract=contract({"id": {"type": "string"}})
    )
    return Installed(http, service, integration, made["id"], action["id"])


def listed(http: httpx.Client, **query: str) -> list[str]:
    """Return the ids of the auth actions in a list."""
    page = taken(http.get(f"{API}/actions", params={"pageSize": "900", **query}))
    return [one["id"] for one in page["entities"] if one["id"].startswith("customAuth")]


def test_the_auth_action_comes_with_the_credential(installed: Installed) -> None:
    """It is there at version 1 with the documented request, in lists only if asked for."""
    http = installed.http
    query = {"expand": "contract", "includeConfig": "true"}
    action = taken(http.get(installed.auth_action, params=query))
    assert (action["name"], action["version"], action["secure"]) == ("Things (Auth)", 1, False)
    assert action["integrationId"] == installed.integration
    request = action["config"]["request"]
    assert (request["requestUrlTemplate"], request["requestType"]) == ("${credentials.loginUrl}", "POST")
    assert "timeoutSeconds" not in action["config"]
    assert action["contract"]["input"]["inputSchema"]["title"] == "Auth Input"
    template = http.get(f"{installed.auth_action}/templates/requesttemplate.vm")
    assert template.text == "grant_type=client_credentials"
    schema = taken(http.get(f"{installed.auth_action}/schemas/success.json"))
    assert schema["additionalProperties"] is True
    assert action["id"] not in listed(http)
    assert action["id"] in listed(http, includeAuthActions="true")


def test_a_run_logs_in_and_uses_the_answer(installed: Installed) -> None:
    """The action's header carries the token; the second run uses the same one."""
    for _ in range(2):
        answer = installed.run()
        assert answer.status_code == 200, answer.text
        assert answer.json()["path"] == "/things/7"
    assert installed.service.logins == 1
    login = installed.service.received[0]
    assert login.body == "grant_type=client_credentials"
    assert login.headers["content-type"] == "application/x-www-form-urlencoded"


def test_many_runs_share_one_login(installed: Installed) -> None:
    """Twenty runs at once send one login and all wait for it."""
    installed.service.gate.clear()
    with ThreadPoolExecutor(20) as pool:
        answers = [pool.submit(installed.run) for _ in range(20)]
        installed.service.gate.set()
        assert {answer.result().status_code for answer in answers} == {200}
    assert installed.service.logins == 1
    assert len(installed.service.calls) == 20


def test_a_kept_token_that_is_refused_is_renewed_once(installed: Installed) -> None:
    """A 401 to a kept token leads to one login and one repetition; the caller notices nothing."""
    assert installed.run().status_code == 200
    installed.service.revoke()
    assert installed.run().status_code == 200
    assert (installed.service.logins, len(installed.service.calls)) == (2, 3)
    installed.service.revoke()
    result = tried(installed.http, installed.action, {"id": "7"})
    assert result["success"]
    assert steps(result)["Execute"]["result"]["loggedInAgain"] is True


def test_a_new_token_that_is_refused_ends_the_run(installed: Installed) -> None:
    """There is no second repetition, and none at all after a login of this very run."""
    installed.service.refused = 1
    refusal(installed.run(), 401, "invalid.credentials")
    assert (installed.service.logins, len(installed.service.calls)) == (1, 1)
    installed.service.refused = 2
    refusal(installed.run(), 401, "invalid.credentials")
    assert (installed.service.logins, len(installed.service.calls)) == (2, 3)


def test_a_storm_of_refusals_does_not_become_a_storm_of_logins(installed: Installed) -> None:
    """A service that refuses every token: each of sixty runs ends in 401 after two calls and one login at
    most."""
    assert installed.run().status_code == 200
    before = installed.service.logins, len(installed.service.calls)
    installed.service.refused = 1_000_000
    with ThreadPoolExecutor(20) as pool:
        answers = [pool.submit(installed.run) for _ in range(60)]
    for answer in answers:
        refusal(answer.result(), 401, "invalid.credentials")
    logins, calls = installed.service.logins - before[0], len(installed.service.calls) - before[1]
    assert 60 <= calls <= 120
    assert 1 <= logins <= 60


def test_changes_end_a_login(installed: Installed) -> None:
    """A new credential, a changed auth action and a new configuration each lead to another login."""
    assert installed.run().status_code == 200
    assert installed.replace_credential(note="new").status_code == 200
    assert installed.run().status_code == 200
    assert installed.service.logins == 2
    body = {"version": 1, "config": installed.config()}
    assert taken(installed.http.patch(installed.auth_action, json=body))["version"] == 2
    assert installed.run().status_code == 200
    assert installed.service.logins == 3
    attached = {"basicAuth": {"id": installed.credential}}
    configure(installed.http, installed.integration, version=2, credentials=attached)
    assert installed.run().status_code == 200
    assert installed.service.logins == 4
    assert installed.run().status_code == 200
    assert installed.service.logins == 4


def test_a_token_that_says_when_it_ends_is_not_used_longer(installed: Installed) -> None:
    """`expires_in` is believed; a token without it is kept."""
    installed.service.lifetime = None
    assert installed.run().status_code == installed.run().status_code == 200
    assert installed.service.logins == 1
    installed.service.revoke()
    installed.service.answer = (200, {"access_token": "short-lived", "expires_in": 0.000001})
    installed.service.tokens.append("short-lived")
    for _ in range(2):
        assert installed.replace_credential().status_code == 200
        assert installed.run().status_code == 200
    assert installed.run().status_code == 200
    assert installed.service.logins == 4


@pytest.mark.parametrize(
    ("answer", "code", "wire"),
    [
        ((403, {"error": "no"}), "ACTION_LOGIN_REFUSED", "invalid.credentials"),
        ((500, "broken"), "ACTION_LOGIN_REFUSED", "invalid.credentials"),
        ((200, "access_token=secret-in-a-form"), "ACTION_LOGIN_FAILED", "bad.request"),
        ((200, ["secret-in-a-list"]), "ACTION_LOGIN_FAILED", "bad.request"),
        ((200, {"token": "another-name-for-it"}), "AUTH_RESPONSE_FIELD_UNSET", "invalid.credentials"),
    ],
)
def test_logins_that_give_nothing(
    installed: Installed, answer: tuple[int, Any], code: str, wire: str
) -> None:
    """Each way to fail has its finding and the class ACTION.AUTHENTICATION; nothing goes to the service."""
    installed.service.answer = answer
    refused = installed.run()
    assert refused.json()["details"] == [{"errorCode": "ACTION.AUTHENTICATION"}]
    seen = refusal(refused, 400, wire)
    assert seen.faults[0].code == code
    assert "secret-in-a" not in refused.text
    result = tried(installed.http, installed.action, {"id": "7"})
    failed = result["operations"][-1]
    expected = "Resolve request header templates" if code == "AUTH_RESPONSE_FIELD_UNSET" else AUTHENTICATION
    assert (failed["name"], failed["success"]) == (expected, False)
    assert "secret-in-a" not in json.dumps(result)
    assert installed.service.calls == []


def test_a_refused_login_shows_its_reply_in_test_mode_only(installed: Installed) -> None:
    """Execute says nothing of the remote body; test shows it in the nested message, in the known words."""
    assert installed.replace_credential(clientSecret="a wrong one").status_code == 200
    answer = installed.run()
    assert REASON not in answer.text
    nested = answer.json()["errors"][0]["message"]
    assert nested.startswith("Request to backend service failed. To see error details, use test mode [")
    result = tried(installed.http, installed.action, {"id": "7"})
    nested = result["error"]["errors"][0]["message"]
    assert nested.startswith("Request to backend service failed.  Response from web service: {")
    assert REASON in nested
    assert "a wrong one" not in json.dumps(result)
    assert result["error"]["code"] == "invalid.credentials"


def test_a_login_that_takes_too_long(installed: Installed) -> None:
    """The run ends with its own time; the login goes on and serves the next run."""
    config = calling(installed.service) | {"timeoutSeconds": 1}
    action = make_action(installed.http, installed.integration, config=config, contract=contract({}))
    installed.service.gate.clear()
    seen = refusal(execute(installed.http, action["id"], {}), 408, "request.timeout")
    assert seen.faults[0].code == "ACTION_LOGIN_TIMEOUT"
    installed.service.gate.set()
    assert installed.run().status_code == 200
    assert installed.service.logins == 1


def test_a_field_that_the_credential_lacks(installed: Installed) -> None:
    """The step that would have sent the reference as written fails and names the fields there are."""
    action = make_action(
        installed.http,
        installed.integration,
        config=calling(installed.service, "Key ${credentials.apiKey}"),
        contract=contract({}),
    )
    result = tried(installed.http, action["id"], {})
    failed = result["operations"][-1]
    assert failed["name"] == "Resolve request header templates"
    assert failed["error"]["errors"][0]["code"] == "CREDENTIAL_FIELD_UNSET"
    assert "`clientId`, `clientSecret`, `loginUrl`" in failed["error"]["message"]


def test_the_auth_action_is_tested_and_not_executed(installed: Installed) -> None:
    """A test shows its steps without the token; execute refuses."""
    result = tried(installed.http, installed.auth_action.rpartition("/")[2], {})
    assert result["success"]
    assert result["finalResult"]["token_type"] == "Bearer"
    assert result["finalResult"]["access_token"] == "********"
    seen = refusal(installed.http.post(f"{installed.auth_action}/execute", json={}), 400)
    assert seen.faults[0].code == "AUTH_ACTION_NOT_EXECUTED"


def test_what_of_an_auth_action_can_change(installed: Installed) -> None:
    """Name and configuration; not timeout, category, contract, `secure`; and it cannot be deleted."""
    http, config = installed.http, installed.config()
    wrong: dict[str, tuple[dict[str, Any], str]] = {
        "/config/timeoutSeconds": ({"config": config | {"timeoutSeconds": 5}}, "AUTH_ACTION_FIXED"),
        "/category": ({"category": "Other"}, "AUTH_ACTION_FIXED"),
        "/secure": ({"secure": True}, "CONTRACT_FROZEN"),
        "/contract": ({"contract": contract({"id": {"type": "string"}})}, "CONTRACT_FROZEN"),
    }
    for pointer, (change, code) in wrong.items():
        seen = refusal(http.patch(installed.auth_action, json={"version": 1, **change}), 400)
        assert (seen.faults[0].pointer, seen.faults[0].code) == (pointer, code)
    seen = refusal(http.delete(installed.auth_action), 400)
    assert seen.faults[0].code == "AUTH_ACTION_KEPT"
    assert taken(http.patch(installed.auth_action, json={"version": 1, "name": "Renamed"}))["version"] == 2


def test_an_auth_action_by_way_of_its_draft(installed: Installed) -> None:
    """Copy, change with the whole action as the wizard does, test, validate, publish; then it is used."""
    http, path = installed.http, f"{installed.auth_action}/draft"
    draft = taken(http.post(path))
    query = {"expand": "contract", "includeConfig": "true"}
    whole = taken(http.get(path, params=query))
    whole["config"]["request"]["headers"]["X-Note"] = "from the draft"
    changed = taken(http.patch(path, json={**whole, "version": draft["version"]}))
    assert taken(http.post(f"{path}/test", json={}))["success"]
    assert taken(http.get(f"{path}/validation"))["valid"]
    assert installed.auth_action.rpartition("/")[2] in [
        one["id"]
        for one in taken(
            http.get(f"{API}/actions/drafts", params={"includeAuthActions": "true", "pageSize": "900"})
        )["entities"]
    ]
    taken(http.post(f"{path}/publish", json={**changed, "version": changed["version"]}))
    assert installed.run().status_code == 200
    assert installed.service.received[-2].headers["x-note"] == "from the draft"


def test_the_auth_action_goes_with_the_credential_s_type(installed: Installed) -> None:
    """Another type removes it and its draft; the old type brings a fresh one; detaching removes it."""
    http = installed.http
    taken(http.post(f"{installed.auth_action}/draft"))
    taken(http.patch(installed.auth_action, json={"version": 1, "name": "Mine"}))
    assert installed.replace_credential("userDefined").status_code == 200
    assert http.get(installed.auth_action).status_code == 404
    assert http.get(f"{installed.auth_action}/draft").status_code == 404
    assert installed.replace_credential().status_code == 200
    assert taken(http.get(installed.auth_action))["name"] == "Things (Auth)"
    configure(http, installed.integration, version=2, credentials={})
    assert http.get(installed.auth_action).status_code == 404


def test_a_credential_of_the_same_type_keeps_the_auth_action(installed: Installed) -> None:
    """What its author wrote stays when another login is attached."""
    http = installed.http
    taken(http.patch(installed.auth_action, json={"version": 1, "name": "Mine"}))
    other = taken(http.post(f"{API}/credentials", json=credential(installed.service)))
    configure(http, installed.integration, version=2, credentials={"basicAuth": {"id": other["id"]}})
    assert taken(http.get(installed.auth_action))["name"] == "Mine"


def test_the_auth_action_goes_with_the_integration(installed: Installed) -> None:
    """Deleting the integration removes its actions, the auth action and all drafts."""
    http = installed.http
    taken(http.post(f"{installed.auth_action}/draft"))
    taken(http.post(f"{API}/actions/{installed.action}/draft"))
    taken(http.delete(f"{API}/{installed.integration}"))
    for path in (installed.auth_action, f"{API}/actions/{installed.action}"):
        assert http.get(path).status_code == 404
        assert http.get(f"{path}/draft").status_code == 404


def test_tokens_are_never_visible(installed: Installed, server: Server) -> None:
    """No test answer, no log line and no file of the server holds a token or a client's secret."""
    answers: dict[str, bytes] = {}
    secrets = [SECRET]
    for number in range(3):
        result = tried(installed.http, installed.action, {"id": "7"})
        assert result["success"]
        assert steps(result)[AUTHENTICATION]["result"]["authResponse"] == [
            "access_token",
            "expires_in",
            "token_type",
        ]
        answers[f"test {number}"] = json.dumps(result).encode()
        secrets += installed.service.tokens
        installed.service.revoke()
    answers["auth test"] = json.dumps(
        tried(installed.http, installed.auth_action.rpartition("/")[2], {})
    ).encode()
    secrets += installed.service.tokens
    installed.service.answer = (401, {"echo": SECRET})
    answers["refused"] = json.dumps(tried(installed.http, installed.action, {"id": "7"})).encode()
    assert len(set(secrets)) > 4
    assert scan(answers, secrets) == []
    places = files_below(server.data_dir) | {"log": server.log_file.read_bytes()}
    assert scan(places, secrets) == []
