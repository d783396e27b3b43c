"""The audit trail on a real server: each route that changes something writes one row, without secrets."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from jackfield.api.own_routes import OWN_HANDLERS, OWN_ROUTES
from jackfield.api.routes import HANDLERS
from jackfield.catalog import load_catalog
from support.command_line import Commands
from support.installation import CONTRACT, configuration, simple_config, taken
from support.refusals import refusal
from support.sdk.identity_calls import CLIENT, GROUP, ROLE, TABLE
from support.server import Server

AUDIT = "/jackfield/v1/audit"
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
BOTS: dict[str, Any] = {
    "id": "acme-bots",
    "name": "Acme Bots",
    "category": "Bots",
    "provider": "acme",
    "grade": "assumed",
    "botConnector": True,
    "slots": {},
    "properties": {"type": "object"},
    "advanced": {"type": "object"},
}
SECRETS = ("first-secret-1f", "second-secret-2e", "third-secret-3d")
# Routes with another method than GET that change no entity: what they do stands elsewhere or nowhere.
NO_CHANGE = {
    "post_integrations_action_execute": "runs stand in the log of executions",
    "post_integrations_action_test": "likewise",
    "post_integrations_action_draft_test": "likewise",
    "post_jackfield_execution_replay": "likewise",
    "post_integrations_webhook_events": "events are listed by themselves",
    "post_groups_search": "a search",
    "post_jackfield_reset": "takes the trail back, too; its row is looked at in test_test_state",
    "post_jackfield_restore": "likewise",
    "post_jackfield_snapshot": "copies, and changes nothing",
    "post_jackfield_credential_verify": "a check; its result is shown with the credential",
}


@dataclass
class Step:
    """One request of the walk through all changes. `{name}` stands for an id that an earlier step kept."""

    operation: str
    path: str
    body: Any = None
    keeps: str = ""
    query: dict[str, str] = field(default_factory=dict)


DRAFT = "/integrations/actions/{action}/draft"
OWN = "/jackfield/v1/credentials/{credential}"
WEB_SERVICES = {"integrationType": {"id": "custom-rest-actions"}}
BASIC = {"name": "c", "type": {"name": "basicAuth"}}
CREDENTIAL = BASIC | {"credentialFields": {"userName": "u", "password": SECRETS[0]}}
CHANGED = BASIC | {"credentialFields": {"userName": "u", "password": SECRETS[1]}}
ROTATED = {"credentialFields": {"password": SECRETS[2]}, "untested": True}
ACTION = {
    "name": "A",
    "category": "c",
    "integrationId": "{integration}",
    "config": simple_config("https://example.com"),
    "contract": CONTRACT,
}
OAUTH = CLIENT | {"roleIds": ["{role}"]}
WALK = (
    Step("post_integrations_credentials", "/integrations/credentials", CREDENTIAL, "credential"),
    Step("put_integrations_credential", "/integrations/credentials/{credential}", CHANGED),
    Step("post_jackfield_credential_rotate", OWN + "/rotate", ROTATED),
    Step("post_jackfield_credential_rotation_undo", OWN + "/rotation/undo"),
    Step("post_jackfield_credential_rotate", OWN + "/rotate", ROTATED),
    Step(
        "post_jackfield_credential_rotation_confirm",
        OWN + "/rotation/confirm",
    ),
    Step(
        "post_integrations",
        "/integrations",
        {"integrationType": {"id": "custom-rest-actions"}},
        "integration",
    ),
    Step("patch_integration", "/integrations/{integration}", {"intendedState": "ENABLED"}),
    Step(
        "put_integration_config_current",
        "/integrations/{integration}/config/current",
        configuration(credentials={"basicAuth": {"id": "{credential}"}}),
    ),
    Step("post_integrations_actions", "/integrations/actions", ACTION, "action"),
    Step("patch_integrations_action", "/integrations/actions/{action}", {"version": 1, "name": "B"}),
    Step("post_integrations_action_draft", "/integrations/actions/{action}/draft"),
    Step(
        "patch_integrations_action_draft", "/integrations/actions/{action}/draft", {"version": 2, "name": "C"}
    ),
    Step(
        "post_integrations_action_draft_publish",
        "/integrations/actions/{action}/draft/publish",
        {"version": 3},
    ),
    Step(
        "post_integrations_actions_drafts",
        "/integrations/actions/drafts",
        {"name": "D", "integrationId": "{integration}"},
        "draft",
    ),
    Step("delete_integrations_action_draft", "/integrations/actions/{draft}/draft"),
    Step("delete_integrations_action", "/integrations/actions/{action}"),
    Step("delete_integration", "/integrations/{integration}"),
    Step("delete_integrations_credential", "/integrations/credentials/{credential}"),
    Step("post_integrations", "/integrations", {"integrationType": {"id": "acme-phone"}}, "telephony"),
    Step("patch_integration", "/integrations/{telephony}", {"intendedState": "ENABLED"}),
    Step(
        "put_integrations_unifiedcommunication_thirdpartypresences",
        "/integrations/unifiedcommunications/{telephony}/thirdpartypresences",
        [{"email": "ada@example.com", "presence": "AWAY"}],
    ),
    Step("post_integrations", "/integrations", {"integrationType": {"id": "acme-bots"}}, "connector"),
    Step(
        "put_integrations_botconnector_integration_id_bots",
        "/integrations/botconnector/{connector}/bots",
        {"chatBots": [{"id": "b", "name": "B", "versions": []}]},
    ),
    Step("post_users", "/users", {"name": "Ada", "email": "ada@example.com", "password": SECRETS[0]}, "user"),
    Step("post_authorization_roles", "/authorization/roles", ROLE, "role"),
    Step("put_authorization_role", "/authorization/roles/{role}", ROLE | {"description": "changed"}),
    Step("put_authorization_role_users_add", "/authorization/roles/{role}/users/add", ["{user}"]),
    Step("put_authorization_role_users_remove", "/authorization/roles/{role}/users/remove", ["{user}"]),
    Step("post_groups", "/groups", GROUP, "group"),
    Step("post_group_members", "/groups/{group}/members", {"memberIds": ["{user}"], "version": 1}),
    Step("delete_group_members", "/groups/{group}/members", query={"ids": "{user}"}),
    Step("delete_group", "/groups/{group}"),
    Step("post_oauth_clients", "/oauth/clients", OAUTH, "client"),
    Step("post_oauth_client_secret", "/oauth/clients/{client}/secret"),
    Step("put_oauth_client", "/oauth/clients/{client}", OAUTH | {"state": "inactive"}),
    Step("delete_oauth_client", "/oauth/clients/{client}"),
    Step("delete_authorization_role", "/authorization/roles/{role}"),
    Step("post_flows_datatables", "/flows/datatables", TABLE, "table"),
    Step("delete_flows_datatable", "/flows/datatables/{table}"),
    Step("delete_token", "/tokens/{user}"),
    Step("delete_tokens_me", "/tokens/me"),
)


@dataclass(frozen=True)
class Walked:
    """What the walk left.

    Args:
        rows: of the audit trail by correlation id.
        answers: each step with its answer.
        told: secrets that the server made up and showed.
    """

    rows: dict[str, list[dict[str, Any]]]
    answers: list[tuple[Step, httpx.Response]]
    told: list[str]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a telephony type of its own."""
    folder = tmp_path_factory.mktemp("audit")
    (folder / "integration_types").mkdir()
    for kind in (TELEPHONY, BOTS):
        (folder / "integration_types" / f"{kind['id']}.json").write_text(json.dumps(kind))
    with Server(folder / "data", ["--catalog", str(folder)]) as server:
        yield server


@pytest.fixture(scope="module")
def walked(running: Server) -> Walked:
    """Every change once."""
    kept: dict[str, str] = {}
    answers, told = [], []
    with running.http() as http:
        for step in WALK:
            answer = sent(http, step, kept)
            answers.append((step, answer))
            document = answer.json() if answer.content else {}
            if step.keeps:
                kept[step.keeps] = str(document["id"])
            if isinstance(document, dict) and "secret" in document:
                told.append(str(document["secret"]))
        told.append(http.headers["authorization"].removeprefix("Bearer "))
    return Walked(_rows(running), answers, [secret for secret in told if secret])


def sent(http: httpx.Client, step: Step, kept: dict[str, str]) -> httpx.Response:
    """Send one step."""

    def filled(text: str) -> str:
        return re.sub(r"\{(\w+)\}", lambda found: kept.get(found[1], found[0]), text)

    method = step.operation.partition("_")[0].upper()
    prefix = "" if step.path.startswith("/jackfield") else "/api/v2"
    content = None if step.body is None else filled(json.dumps(step.body))
    headers = {"Content-Type": "application/json"} if content is not None else {}
    query = {name: filled(value) for name, value in step.query.items()}
    answer = http.request(method, prefix + filled(step.path), content=content, headers=headers, params=query)
    assert answer.status_code < 300, (step.operation, answer.status_code, answer.text)
    return answer


def _rows(server: Server) -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = {}
    with server.http() as http:
        page = taken(http.get(AUDIT, params={"pageSize": 7}))
        while True:
            for entry in page["entities"]:
                rows.setdefault(entry["correlationId"], []).append(entry)
            if "nextUri" not in page:
                return rows
            page = taken(http.get(page["nextUri"]))


def test_every_route_that_changes_something_is_walked() -> None:
    """A new route that is no GET stands in the walk, or among those that change nothing."""
    routes = {route.operation_id: route for route in (*load_catalog().routes, *OWN_ROUTES)}
    changing = {
        name for name in (*HANDLERS, *OWN_HANDLERS) if routes[name].method not in ("GET", "HEAD", "OPTIONS")
    }
    walked = {step.operation for step in WALK}
    assert changing - walked == set(NO_CHANGE)
    assert walked <= changing


def test_each_change_writes_exactly_one_row(walked: Walked, running: Server) -> None:
    """One row with who, when, what, and the correlation id of the answer."""
    for step, answer in walked.answers:
        rows = walked.rows.get(answer.headers["inin-correlation-id"], [])
        assert len(rows) == 1, (step.operation, rows)
        assert rows[0]["actor"] == running.client_id
        assert rows[0]["entityId"]
        assert "." in rows[0]["action"]
        assert "before" in rows[0] or "after" in rows[0], step.operation


def test_creations_have_no_before_and_deletions_no_after(walked: Walked) -> None:
    """Which sides a row has follows from what was done; changes have both and they differ."""
    for rows in walked.rows.values():
        for row in rows:
            verb = row["action"].partition(".")[2]
            if verb == "create":
                assert ("before" in row, "after" in row) == (False, True), row
            elif verb == "delete":
                assert ("before" in row, "after" in row) == (True, False), row
            elif "before" in row and "after" in row:
                assert row["before"] != row["after"], row


def test_no_row_holds_a_secret(walked: Walked, running: Server) -> None:
    """Neither what was sent nor what the server made up: secrets stand there as fingerprints alone."""
    secrets = [*SECRETS, *walked.told, running.client_secret]
    assert len(secrets) > 5
    text = json.dumps(walked.rows)
    assert [secret for secret in secrets if secret in text] == []
    with sqlite3.connect(running.data_dir / "jackfield.db") as connection:
        stored = "".join(map(repr, connection.execute("SELECT * FROM audit_entries")))
    connection.close()
    assert "credential.create" in stored
    assert [secret for secret in secrets if secret in stored] == []


def test_equal_secrets_have_equal_fingerprints(walked: Walked) -> None:
    """A rotation to the same value as before can be seen as such; another value as another."""
    ours = [row for rows in walked.rows.values() for row in rows if row["action"] == "credential.rotate"]
    assert len({row["after"]["fingerprints"]["password"] for row in ours}) == 1
    made = next(row for rows in walked.rows.values() for row in rows if row["action"] == "credential.create")
    assert made["after"]["fingerprints"]["password"] != ours[0]["after"]["fingerprints"]["password"]


def test_a_refused_change_writes_no_row(walked: Walked, running: Server) -> None:
    """What is refused has changed nothing, and leaves nothing."""
    with running.http() as http:
        refused = http.post("/api/v2/integrations", json={"integrationType": {"id": "nothing"}})
        assert refused.status_code == 400
        listed = taken(http.get(AUDIT, params={"correlationId": refused.headers["inin-correlation-id"]}))
        assert listed["entities"] == []


@pytest.mark.parametrize(
    ("query", "actions"),
    [
        ({"action": "group"}, {"group.create", "group.members", "group.delete"}),
        ({"action": "credential.delete"}, {"credential.delete"}),
        ({"actor": "nobody"}, set()),
        ({"since": "2999-01-01"}, set()),
        ({"action": "role", "since": "1h"}, {"role.create", "role.replace", "role.delete"}),
        ({"after": "unknown"}, set()),
    ],
)
def test_filters(walked: Walked, running: Server, query: dict[str, str], actions: set[str]) -> None:
    """Each filter keeps what fits."""
    with running.http() as http:
        found = taken(http.get(AUDIT, params=query | {"pageSize": 100}))["entities"]
    assert {entry["action"] for entry in found} == actions


def test_audit_on_the_command_line(
    walked: Walked, running: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A list with filters, one change with the members that differ, and the wrong id."""
    commands = Commands(monkeypatch, capsys)
    commands.set(
        {
            "GENESYSCLOUD_REGION": running.url,
            "GENESYSCLOUD_OAUTHCLIENT_ID": running.client_id,
            "GENESYSCLOUD_OAUTHCLIENT_SECRET": running.client_secret,
        }
    )
    listed = commands("audit", "--action", "action.update", "--json")
    assert (listed.code, listed.document["total"]) == (0, 1)
    entry = listed.document["entities"][0]
    shown = commands("audit", entry["id"]).out
    assert '/name\t"A"\t"B"' in shown
    assert "/category" not in shown
    assert commands("audit", "--limit", "5").out.count("\n") == 6
    assert "No changes that fit" in commands("audit", "--actor", "nobody").err
    assert commands("audit", "nothing", "--json").finding["code"] == "AUDIT_NOT_FOUND"


def test_reading_asks_for_its_permission(walked: Walked, running: Server) -> None:
    """Who may do everything else with integrations may not read the trail."""
    with running.http() as http:
        policy = {"domain": "integrations", "entityName": "*", "actionSet": ["*"], "allowConditions": False}
        role = taken(
            http.post("/api/v2/authorization/roles", json={"name": "r", "permissionPolicies": [policy]})
        )
        wanted = {
            "name": "c",
            "authorizedGrantType": "CLIENT-CREDENTIALS",
            "roleIds": [role["id"]],
        }
        made = taken(http.post("/api/v2/oauth/clients", json=wanted))
    with running.http(running.token(made["id"], made["secret"])) as other:
        for path in (AUDIT, f"{AUDIT}/1"):
            assert refusal(other.get(path), 403, "missing.permissions").faults[0].code == "PERMISSION_MISSING"
