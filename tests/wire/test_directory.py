"""Users, roles, groups, OAuth clients and data tables, with the official Python SDK and by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import PureCloudPlatformClientV2 as sdk
import pytest
from PureCloudPlatformClientV2.rest import ApiException

from support.logins import BACK, came_back_with, make_client, submit
from support.refusals import refusal
from support.server import Server

ROLES = "/api/v2/authorization/roles"
POLICY = {"domain": "integrations", "entityName": "integration", "actionSet": ["view"]}


@pytest.fixture(scope="module")
def client(server: Server) -> sdk.ApiClient:
    """The SDK, logged in with client credentials."""
    made = sdk.ApiClient(host=server.url)
    made.get_client_credentials_token(server.client_id, server.client_secret)
    return made


@pytest.fixture(scope="module")
def person(server: Server, http: httpx.Client) -> Iterator[httpx.Client]:
    """The administrator, logged in."""
    page = make_client(http)
    query = f"client_id={page['id']}&redirect_uri={BACK}&response_type=code"
    code = came_back_with(submit(server, f"{server.url}/oauth/authorize?{query}"))["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
    answer = httpx.post(f"{server.url}/oauth/token", data=form, auth=(page["id"], page["secret"]))
    with server.http(answer.json()["access_token"]) as logged_in:
        yield logged_in


def make_user(http: httpx.Client, email: str, **more: Any) -> dict[str, Any]:
    """Create a user."""
    made = http.post("/api/v2/users", json={"name": "Ada", "email": email} | more).raise_for_status()
    user: dict[str, Any] = made.json()
    return user


def make_role(http: httpx.Client, name: str, *policies: dict[str, Any]) -> dict[str, Any]:
    """Create a role."""
    body = {"name": name, "description": "", "permissionPolicies": list(policies or (POLICY,))}
    role: dict[str, Any] = http.post(ROLES, json=body).raise_for_status().json()
    return role


def test_what_clients_ask_first(client: sdk.ApiClient, server: Server) -> None:
    """Token, organization, products, permissions and subject, read by the SDK's own models."""
    token = sdk.TokensApi(client).get_tokens_me()
    assert token.o_auth_client.id == server.client_id
    assert token.organization.id
    organization = sdk.OrganizationApi(client).get_organizations_me()
    assert organization.default_country_code == "US"
    assert organization.id == token.organization.id
    authorization = sdk.AuthorizationApi(client)
    products = authorization.get_authorization_products()
    assert (products.total, products.entities, products.page_count) == (0, [], 0)
    permissions = authorization.get_authorization_permissions(page_size=100)
    integrations = next(one for one in permissions.entities if one.domain == "integrations")
    actions = {one.action for one in integrations.permission_map["integration"]}
    assert actions == {"view", "add", "edit", "delete"}
    subject = authorization.get_authorization_subjects_me()
    assert (subject.id, [grant.role.name for grant in subject.grants]) == (server.client_id, ["admin"])


def test_a_client_is_no_user(http: httpx.Client) -> None:
    """users/me with client credentials is refused as the cloud refuses it."""
    refused = refusal(http.get("/api/v2/users/me"), 400, "bad.request")
    assert "client credentials" in refused.message
    assert refused.faults[0].code == "USER_CONTEXT_MISSING"


@pytest.mark.parametrize(
    "expand", ["expand=organization,authorization", "expand=organization&expand=authorization"]
)
def test_who_is_logged_in(person: httpx.Client, expand: str) -> None:
    """Expansions come joined or repeated; a wildcard is spelt out in the permissions."""
    me = person.get(f"/api/v2/users/me?{expand}").json()
    assert me["organization"]["defaultCountryCode"] == "US"
    assert "integrations:integration:add" in me["authorization"]["permissions"]
    assert [role["name"] for role in me["authorization"]["roles"]] == ["admin"]
    assert me["authorization"]["permissionPolicies"][0]["actionSet"] == ["*"]
    assert "groups" not in me
    plain = person.get("/api/v2/users/me").json()
    assert "authorization" not in plain
    assert {plain["email"], plain["username"]} == {"admin@jackfield.invalid"}


def test_roles_with_the_sdk(client: sdk.ApiClient) -> None:
    """Create, get, list, replace, delete."""
    api = sdk.AuthorizationApi(client)
    body = sdk.DomainOrganizationRoleCreate()
    body.name, body.description = "SDK role", "for a test"
    body.permission_policies = [sdk.DomainPermissionPolicy()]
    policy = body.permission_policies[0]
    policy.domain, policy.entity_name, policy.action_set = "integrations", "action", ["view", "execute"]
    made = api.post_authorization_roles(body)
    assert made.permission_policies[0].action_set == ["view", "execute"]
    assert made.user_count == 0
    body.description = "changed"
    assert api.put_authorization_role(made.id, body).description == "changed"
    assert api.get_authorization_role(made.id).description == "changed"
    assert [one.name for one in api.get_authorization_roles(name="sdk*").entities] == ["SDK role"]
    api.delete_authorization_role(made.id)
    with pytest.raises(ApiException) as gone:
        api.get_authorization_role(made.id)
    assert gone.value.status == 404


def test_grants_are_seen_at_once(server: Server, http: httpx.Client) -> None:
    """A role that is given to a user shows, and counts, in the very next request; so does its end."""
    user = make_user(http, "grants@example.com", password="correct horse")
    role = make_role(http, "Grants", POLICY)
    page = make_client(http)
    address = f"{server.url}/oauth/authorize?client_id={page['id']}&redirect_uri={BACK}&response_type=code"
    code = came_back_with(submit(server, address, "grants@example.com", "correct horse"))["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
    token = httpx.post(f"{server.url}/oauth/token", data=form, auth=(page["id"], page["secret"])).json()
    with server.http(token["access_token"]) as mine:

        def roles() -> list[str]:
            me = mine.get("/api/v2/users/me?expand=authorization").json()
            return [one["name"] for one in me["authorization"]["roles"]]

        assert roles() == ["employee"]
        assert mine.get("/api/v2/integrations").status_code == 403
        assert http.put(f"{ROLES}/{role['id']}/users/add", json=[user["id"]]).json() == [user["id"]]
        assert roles() == ["employee", "Grants"]
        assert mine.get("/api/v2/integrations").status_code == 200
        assert http.get(f"{ROLES}/{role['id']}").json()["userCount"] == 1
        wider = {"name": "Grants", "permissionPolicies": [POLICY | {"actionSet": ["add"]}]}
        http.put(f"{ROLES}/{role['id']}", json=wider).raise_for_status()
        assert mine.get("/api/v2/integrations").status_code == 403
        assert http.put(f"{ROLES}/{role['id']}/users/remove", json=[user["id"]]).status_code == 200
        assert roles() == ["employee"]


def test_nobody_hands_out_more_than_they_have(server: Server, http: httpx.Client) -> None:
    """A client that may grant roles cannot make anybody, itself included, an administrator."""
    policies = [
        {"domain": "authorization", "entityName": "*", "actionSet": ["*"]},
        {"domain": "oauth", "entityName": "client", "actionSet": ["*"]},
    ]
    role = make_role(http, "Role keeper", *policies)
    keeper = make_client(http, authorizedGrantType="CLIENT-CREDENTIALS", roleIds=[role["id"]])
    user = make_user(http, "keeper@example.com")
    admin = http.get(f"{ROLES}?name=admin").json()["entities"][0]
    with server.http(server.token(keeper["id"], keeper["secret"])) as mine:
        attempts = [
            mine.put(f"{ROLES}/{admin['id']}/users/add", json=[user["id"]]),
            mine.post("/api/v2/oauth/clients", json=_client(roleIds=[admin["id"]])),
            mine.put(f"/api/v2/oauth/clients/{keeper['id']}", json=_client(roleIds=[admin["id"]])),
            mine.put(f"{ROLES}/{role['id']}", json={"name": "Role keeper", "permissions": ["*:*:*"]}),
            mine.post(f"/api/v2/oauth/clients/{server.client_id}/secret"),
        ]
        for answer in attempts:
            refused = refusal(answer, 403, "not.authorized")
            assert [fault.code for fault in refused.faults] == ["GRANT_TOO_WIDE"]
        assert mine.put(f"{ROLES}/{role['id']}/users/add", json=[user["id"]]).status_code == 200


def _client(**changes: Any) -> dict[str, Any]:
    return {"name": "c", "authorizedGrantType": "CLIENT-CREDENTIALS"} | changes


def test_oauth_clients_with_the_sdk(client: sdk.ApiClient, server: Server, http: httpx.Client) -> None:
    """The secret is shown once; inactive before deleted; tokens end with the client."""
    api = sdk.OAuthApi(client)
    role = make_role(http, "For a client", POLICY)
    body = sdk.OAuthClientRequest()
    body.name, body.authorized_grant_type, body.role_ids = "SDK client", "CLIENT-CREDENTIALS", [role["id"]]
    body.access_token_validity_seconds = 600
    made = api.post_oauth_clients(body)
    assert made.secret
    assert made.role_divisions[0].role_id == role["id"]
    assert api.get_oauth_client(made.id).secret is None
    listed = api.get_oauth_clients()
    assert next(one for one in listed.entities if one.id == made.id).secret is None
    with server.http(server.token(made.id, made.secret)) as mine:
        assert mine.get("/api/v2/integrations").status_code == 200
        assert mine.post("/api/v2/integrations", json={}).status_code == 403
        with pytest.raises(ApiException) as active:
            api.delete_oauth_client(made.id)
        assert active.value.status == 409
        assert "OAUTH_CLIENT_ACTIVE" in active.value.body
        body.state = "inactive"
        assert api.put_oauth_client(made.id, body).state == "inactive"
        assert mine.get("/api/v2/integrations").status_code == 401
    refused = httpx.post(
        f"{server.url}/oauth/token", data={"grant_type": "client_credentials"}, auth=(made.id, made.secret)
    )
    assert refused.json()["error"] == "invalid_client"
    api.delete_oauth_client(made.id)
    assert http.get(f"/api/v2/oauth/clients/{made.id}").status_code == 404


def test_a_new_secret(http: httpx.Client, server: Server) -> None:
    """The old one is of no use any more."""
    made = make_client(http, authorizedGrantType="CLIENT-CREDENTIALS")
    changed = http.post(f"/api/v2/oauth/clients/{made['id']}/secret").json()
    assert changed["secret"] != made["secret"]
    assert server.token(made["id"], changed["secret"])
    with pytest.raises(httpx.HTTPStatusError):
        server.token(made["id"], made["secret"])


def test_a_repeat_makes_no_second_client(http: httpx.Client) -> None:
    """It gets the first one, without the secret, which is kept nowhere."""
    key = {"Idempotency-Key": "one-client"}
    first = http.post("/api/v2/oauth/clients", json=_client(name="Once"), headers=key)
    again = http.post("/api/v2/oauth/clients", json=_client(name="Once"), headers=key)
    assert again.headers["idempotency-replayed"] == "true"
    assert first.json() == {**again.json(), "secret": first.json()["secret"]}
    path = f"/api/v2/oauth/clients/{first.json()['id']}/secret"
    changed = [http.post(path, headers={"Idempotency-Key": "one-secret"}).json() for _ in range(2)]
    assert "secret" in changed[0]
    assert "secret" not in changed[1]


def test_what_a_change_does_not_give_stays(http: httpx.Client) -> None:
    """The wizard sends name, grant and roles alone."""
    made = make_client(http, description="kept", accessTokenValiditySeconds=900)
    body = {"name": "Page", "authorizedGrantType": "CODE", "roleIds": []}
    changed = http.put(f"/api/v2/oauth/clients/{made['id']}", json=body).json()
    for member in ("description", "accessTokenValiditySeconds", "registeredRedirectUri", "scope", "state"):
        assert changed[member] == made[member]


def test_groups_with_the_sdk(client: sdk.ApiClient, http: httpx.Client) -> None:
    """Create, search, add members at their version, list, remove, delete."""
    api = sdk.GroupsApi(client)
    user = make_user(http, "groups@example.com")
    body = sdk.GroupCreate()
    body.name, body.type, body.visibility, body.rules_visible = "GRP_one", "official", "public", True
    made = api.post_groups(body)
    assert (made.version, made.member_count) == (1, 0)
    search = sdk.GroupSearchRequest()
    search.page_size, search.page_number = 25, 1
    search.query = [sdk.GroupSearchCriteria()]
    search.query[0].fields, search.query[0].value, search.query[0].type = ["name"], "grp_", "STARTS_WITH"
    found = api.post_groups_search(search)
    assert (found.total, found.page_count, found.results[0].id) == (1, 1, made.id)
    members = sdk.GroupMembersUpdate()
    members.member_ids, members.version = [user["id"]], 1
    api.post_group_members(made.id, members)
    with pytest.raises(ApiException) as stale:
        api.post_group_members(made.id, members)
    assert stale.value.status == 409
    assert [one.id for one in api.get_group_members(made.id).entities] == [user["id"]]
    assert api.get_group(made.id).version == 2
    assert [one.id for one in api.get_groups(id=[made.id]).entities] == [made.id]
    mine = http.get(f"/api/v2/users/{user['id']}?expand=groups").json()
    assert [one["id"] for one in mine["groups"]] == [made.id]
    api.delete_group_members(made.id, user["id"])
    assert api.get_group(made.id).member_count == 0
    api.delete_group(made.id)
    assert http.get(f"/api/v2/groups/{made.id}").status_code == 404


def test_users_with_the_sdk(client: sdk.ApiClient) -> None:
    """Create, get, list; an address belongs to one user, in any case."""
    api = sdk.UsersApi(client)
    body = sdk.CreateUser()
    body.name, body.email, body.title = "Grace", "grace@example.com", "Admiral"
    made = api.post_users(body)
    assert api.get_user(made.id).title == "Admiral"
    assert made.id in [one.id for one in api.get_users(page_size=100).entities]
    body.email = "GRACE@example.com"
    with pytest.raises(ApiException) as taken:
        api.post_users(body)
    assert taken.value.status == 409


def test_data_tables_with_the_sdk(client: sdk.ApiClient, http: httpx.Client) -> None:
    """Create, get, list, delete; the schema only where it is asked for."""
    api = sdk.ArchitectApi(client)
    schema = {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "type": "object",
        "required": ["key"],
        "properties": {"key": {"type": "string", "title": "Key"}},
        "additionalProperties": False,
    }
    made = http.post("/api/v2/flows/datatables", json={"name": "DT_one", "schema": schema}).json()
    assert made["schema"] == schema
    assert api.get_flows_datatable(made["id"]).name == "DT_one"
    assert "schema" not in http.get(f"/api/v2/flows/datatables/{made['id']}").json()
    shown = http.get(f"/api/v2/flows/datatables/{made['id']}?expand=schema").json()
    assert shown["schema"] == schema
    assert [one.id for one in api.get_flows_datatables(name="dt_*").entities] == [made["id"]]
    api.delete_flows_datatable(made["id"])
    assert http.get(f"/api/v2/flows/datatables/{made['id']}").status_code == 404


BAD_BODIES: list[tuple[str, str, Any, str, str]] = [
    ("POST", ROLES, {}, "MEMBER_MISSING", "/name"),
    ("POST", ROLES, {"name": "admin"}, "NAME_TAKEN", "/name"),
    (
        "POST",
        ROLES,
        {"name": "x", "permissionPolicies": [POLICY | {"domain": "in:tegrations"}]},
        "PERMISSION_PART_INVALID",
        "/permissionPolicies/0/domain",
    ),
    (
        "POST",
        ROLES,
        {"name": "x", "permissionPolicies": [POLICY | {"resourceConditionNode": {}}]},
        "CONDITION_NOT_ENFORCED",
        "/permissionPolicies/0/resourceConditionNode",
    ),
    ("POST", ROLES, {"name": "x", "permissionPolicies": ["a"]}, "LIST_ENTRY_INVALID", ""),
    ("PUT", f"{ROLES}/ROLE/users/add", {"ids": []}, "BODY_NOT_ID_LIST", ""),
    ("PUT", f"{ROLES}/ROLE/users/add", [1], "LIST_ENTRY_INVALID", "/0"),
    ("PUT", f"{ROLES}/ROLE/users/add", ["nobody"], "ID_UNKNOWN", ""),
    ("POST", "/api/v2/users", {"name": "x", "email": "x"}, "EMAIL_INVALID", "/email"),
    (
        "POST",
        "/api/v2/users",
        {"name": "x", "email": "a@b.c", "password": "short"},
        "PASSWORD_WEAK",
        "/password",
    ),
    ("POST", "/api/v2/groups", {"name": "x", "visibility": "all"}, "MEMBER_NOT_ONE_OF", "/visibility"),
    ("POST", "/api/v2/groups", {"name": "x", "ownerIds": ["nobody"]}, "ID_UNKNOWN", ""),
    (
        "POST",
        "/api/v2/oauth/clients",
        _client(accessTokenValiditySeconds=10),
        "TOKEN_SECONDS_OUTSIDE",
        "/accessTokenValiditySeconds",
    ),
    ("POST", "/api/v2/oauth/clients", _client(roleIds=["x"]), "ID_UNKNOWN", "/roleIds"),
    (
        "POST",
        "/api/v2/oauth/clients",
        _client(registeredRedirectUri=["javascript:alert(1)"]),
        "REDIRECT_URI_INVALID",
        "/registeredRedirectUri",
    ),
    (
        "POST",
        "/api/v2/flows/datatables",
        {"name": "x", "schema": {"properties": {}}},
        "DATA_TABLE_KEY_MISSING",
        "/schema/properties",
    ),
]


@pytest.mark.parametrize(("method", "path", "body", "code", "pointer"), BAD_BODIES)
def test_bad_bodies(http: httpx.Client, method: str, path: str, body: Any, code: str, pointer: str) -> None:
    """Each fault is named with its place."""
    role = http.get(f"{ROLES}?name=employee").json()["entities"][0]["id"]
    answer = http.request(method, path.replace("ROLE", role), json=body)
    assert answer.status_code in (400, 409)
    faults = {one["code"]: one["details"][0]["fieldName"] for one in answer.json()["errors"]}
    assert code in faults
    assert pointer in ("", faults[code])


def test_a_search_that_is_not_done_here(http: httpx.Client) -> None:
    """It says so instead of answering too much."""
    query = [{"fields": ["description"], "type": "EXACT", "value": "x"}]
    refused = refusal(http.post("/api/v2/groups/search", json={"query": query}), 501, "not.implemented")
    assert refused.faults[0].code == "SEARCH_UNSUPPORTED"


WARNED: list[tuple[str, Any, str]] = [
    (
        ROLES,
        {"name": "Stranger", "permissionPolicies": [POLICY | {"domain": "telephony"}]},
        "PERMISSION_UNKNOWN",
    ),
    ("/api/v2/oauth/clients", _client(), "CLIENT_CANNOT_DO_ANYTHING"),
    ("/api/v2/oauth/clients", _client(authorizedGrantType="SAML2-BEARER"), "GRANT_NOT_ANSWERED"),
    (
        "/api/v2/oauth/clients",
        _client(registeredRedirectUri=["http://app.example.com/"]),
        "REDIRECT_URI_PLAIN",
    ),
]


@pytest.mark.parametrize(("path", "body", "code"), WARNED)
def test_what_is_only_warned_about(http: httpx.Client, path: str, body: Any, code: str) -> None:
    """It is kept, and the header says what is odd."""
    answer = http.post(path, json=body)
    assert answer.status_code == 200
    assert code in answer.headers["jackfield-findings"]


def test_a_role_that_is_held_goes_with_a_warning(http: httpx.Client) -> None:
    """Whoever held it has it no longer."""
    role = make_role(http, "Held")
    user = make_user(http, "held@example.com")
    http.put(f"{ROLES}/{role['id']}/users/add", json=[user["id"]])
    gone = http.delete(f"{ROLES}/{role['id']}")
    assert gone.status_code == 204
    assert "ROLE_IN_USE" in gone.headers["jackfield-findings"]
    roles = http.get(f"/api/v2/users/{user['id']}?expand=authorization").json()["authorization"]["roles"]
    assert [one["name"] for one in roles] == ["employee"]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/api/v2/users/x", "USER_NOT_FOUND"),
        (f"{ROLES}/x", "ROLE_NOT_FOUND"),
        ("/api/v2/groups/x", "GROUP_NOT_FOUND"),
        ("/api/v2/groups/x/members", "GROUP_NOT_FOUND"),
        ("/api/v2/oauth/clients/x", "OAUTH_CLIENT_NOT_FOUND"),
        ("/api/v2/flows/datatables/x", "DATA_TABLE_NOT_FOUND"),
    ],
)
def test_what_is_not_there(http: httpx.Client, path: str, code: str) -> None:
    """404 that says where to look."""
    refused = refusal(http.get(path), 404, "not.found")
    assert refused.faults[0].code == code
    assert "GET /api/v2/" in refused.faults[0].fix
