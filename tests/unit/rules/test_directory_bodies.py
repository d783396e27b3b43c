"""Checks of roles, users, groups, OAuth clients and data tables."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.domain.directory import GroupKind, NameCriterion, NameMatch, Visibility
from jackfield.domain.finding import Checked
from jackfield.domain.identity import OAuthClient, Policy
from jackfield.domain.json_reader import Reading, read_json
from jackfield.explain.json_edits import Document
from jackfield.rules.data_tables import check_data_table
from jackfield.rules.groups import check_group, check_group_search, check_new_members
from jackfield.rules.oauth_clients import check_oauth_client
from jackfield.rules.roles import check_role, check_user_ids
from jackfield.rules.users import check_user
from support.checks import CATALOG, codes, everything, reading, the

POLICY = {"domain": "integrations", "entityName": "integration", "actionSet": ["view", "add"]}
SCHEMA = {"type": "object", "properties": {"key": {"type": "string"}}}
CLIENT: dict[str, Any] = {
    "name": "c",
    "authorizedGrantType": "CODE",
    "registeredRedirectUri": ["https://app.example.com/back"],
    "scope": ["users"],
}


def role(body: Reading) -> Checked[Any]:
    """Check a role against the catalog's permissions."""
    return check_role(body, CATALOG.permissions)


def client(body: Reading) -> Checked[Any]:
    """Check a new OAuth client."""
    return check_oauth_client(body, None)


CHECKS: dict[str, Callable[[Reading], Checked[Any]]] = {
    "role": role,
    "ids": check_user_ids,
    "user": check_user,
    "group": check_group,
    "members": check_new_members,
    "search": check_group_search,
    "client": client,
    "table": check_data_table,
}
RIGHT: list[tuple[str, Any]] = [
    ("role", {"name": "r", "description": "", "permissionPolicies": [{**POLICY, "allowConditions": False}]}),
    ("role", {"name": "r", "permissions": ["group_creation"]}),
    ("role", {"id": "x", "name": "r", "selfUri": "/x", "userCount": 3, "permissionPolicies": []}),
    ("ids", []),
    ("ids", ["a", "b", "a"]),
    ("user", {"name": "Ada", "email": "ada@example.com"}),
    ("user", {"name": "Ada", "email": "ada@example.com", "password": "correct horse", "state": "inactive"}),
    ("group", {"name": "g"}),
    (
        "group",
        {"name": "g", "description": "d", "type": "official", "rulesVisible": True, "visibility": "public"},
    ),
    ("members", {"memberIds": ["a"], "version": 1}),
    ("search", {"pageSize": 25, "query": [{"fields": ["name"], "value": "P", "type": "STARTS_WITH"}]}),
    ("client", CLIENT),
    ("client", {"name": "c", "authorizedGrantType": "CLIENT-CREDENTIALS", "roleIds": ["r"]}),
    ("table", {"name": "t", "schema": SCHEMA}),
    (
        "table",
        {"name": "t", "$schema": "x", "type": "object", "additionalProperties": False, "schema": SCHEMA},
    ),
]


@pytest.mark.parametrize(("name", "body"), RIGHT)
def test_right_bodies(name: str, body: Any) -> None:
    """What clients send is taken without a word."""
    checked = CHECKS[name](reading(body))
    assert codes(checked) == []
    assert checked.value is not None


WRONG: list[tuple[str, Any, str, str]] = [
    ("role", [], "BODY_NOT_OBJECT", ""),
    ("role", {"name": ""}, "MEMBER_MISSING", "/name"),
    ("role", {"name": "x" * 257}, "TEXT_TOO_LONG", "/name"),
    ("role", {"name": "r", "permissionPolicies": POLICY}, "MEMBER_WRONG_KIND", "/permissionPolicies"),
    (
        "role",
        {"name": "r", "permissionPolicies": [{**POLICY, "actionSet": "view"}]},
        "MEMBER_WRONG_KIND",
        "/permissionPolicies/0/actionSet",
    ),
    (
        "role",
        {"name": "r", "permissionPolicies": [{**POLICY, "actionSet": [1]}]},
        "LIST_ENTRY_INVALID",
        "/permissionPolicies/0/actionSet/0",
    ),
    ("ids", ["a", ""], "LIST_ENTRY_INVALID", "/1"),
    ("ids", {"id": "a"}, "BODY_NOT_ID_LIST", ""),
    ("user", {"email": "ada@example.com"}, "MEMBER_MISSING", "/name"),
    ("user", {"name": "a", "email": "a b@c"}, "EMAIL_INVALID", "/email"),
    ("user", {"name": "a", "email": "a@b", "password": "x" * 257}, "PASSWORD_WEAK", "/password"),
    ("user", {"name": "a", "email": "a@b", "state": "deleted"}, "MEMBER_NOT_ONE_OF", "/state"),
    ("group", {"name": "g", "type": "officail"}, "MEMBER_NOT_ONE_OF", "/type"),
    ("group", {"name": "g", "rulesVisible": "yes"}, "MEMBER_WRONG_KIND", "/rulesVisible"),
    ("members", {"version": 1}, "MEMBER_MISSING", "/memberIds"),
    ("members", {"memberIds": []}, "MEMBER_MISSING", "/version"),
    ("search", {"query": ["x"]}, "LIST_ENTRY_INVALID", "/query/0"),
    ("search", {"query": [{"fields": ["name"], "type": "EXACT"}]}, "MEMBER_MISSING", "/query/0/value"),
    ("search", {"pageSize": "ten"}, "MEMBER_WRONG_KIND", "/pageSize"),
    (
        "search",
        {"query": [{"fields": ["name"], "type": "REGEX", "value": "."}]},
        "SEARCH_UNSUPPORTED",
        "/query/0",
    ),
    (
        "search",
        {"query": [{"fields": ["name"], "type": "EXACT", "value": ".", "operator": "OR"}]},
        "SEARCH_UNSUPPORTED",
        "/query/0",
    ),
    ("client", {**CLIENT, "authorizedGrantType": "PKCE"}, "MEMBER_NOT_ONE_OF", "/authorizedGrantType"),
    (
        "client",
        {**CLIENT, "accessTokenValiditySeconds": 172801},
        "TOKEN_SECONDS_OUTSIDE",
        "/accessTokenValiditySeconds",
    ),
    (
        "client",
        {**CLIENT, "accessTokenValiditySeconds": 3e3},
        "TOKEN_SECONDS_OUTSIDE",
        "/accessTokenValiditySeconds",
    ),
    ("client", {**CLIENT, "roleDivisions": ["r"]}, "LIST_ENTRY_INVALID", "/roleDivisions/0"),
    ("client", {**CLIENT, "roleDivisions": [{}]}, "MEMBER_MISSING", "/roleDivisions/0/roleId"),
    ("table", {"name": "t"}, "MEMBER_MISSING", "/schema"),
    (
        "table",
        {"name": "t", "schema": {"properties": {"key": {"type": "integer"}}}},
        "DATA_TABLE_KEY_MISSING",
        "/schema/properties",
    ),
]


@pytest.mark.parametrize(("name", "body", "code", "pointer"), WRONG)
def test_wrong_bodies(name: str, body: Any, code: str, pointer: str) -> None:
    """One fault, one finding, in its place; no value."""
    checked = CHECKS[name](reading(body))
    finding = the(checked, code)
    assert finding.place.pointer == pointer
    assert finding.is_error
    assert checked.value is None


@pytest.mark.parametrize(
    "uri",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "/callback",
        "https://",
        "https://a.example/#x",
        "https://user:pass@a.example/",
        "https://a.example/ x",
        "https://a.example/;x",
        "https://a.example/'x",
        "https://a.example/\u00e4",
        "http://[::1",
    ],
)
def test_redirect_uris_that_cannot_be_used(uri: str) -> None:
    """Nothing that runs code, breaks the page's policy, or cannot be compared."""
    checked = client(reading({**CLIENT, "registeredRedirectUri": [uri]}))
    assert codes(checked) == ["REDIRECT_URI_INVALID"]


@pytest.mark.parametrize(
    ("uri", "found"),
    [
        ("http://localhost:3000/", []),
        ("http://127.0.0.1/", []),
        ("com.example.app:/back", []),
        ("http://app.example.com/", ["REDIRECT_URI_PLAIN"]),
    ],
)
def test_redirect_uris_that_can(uri: str, found: list[str]) -> None:
    """Plain HTTP to another machine is only warned about."""
    checked = client(reading({**CLIENT, "registeredRedirectUri": [uri]}))
    assert codes(checked) == found
    assert checked.value is not None


def test_what_becomes_of_bodies() -> None:
    """Policies become permissions, defaults are filled in, a change keeps what it does not give."""
    written = role(reading({"name": "r", "permissions": ["p"], "permissionPolicies": [POLICY]})).value
    assert written is not None
    assert written.permissions == ("p", "integrations:integration:view", "integrations:integration:add")
    assert written.policies == (Policy("integrations", "integration", ("view", "add")),)
    group = check_group(reading({"name": "g", "visibility": "MEMBERS"})).value
    assert group is not None
    assert (group.kind, group.visibility, group.rules_visible) == (
        GroupKind.OFFICIAL,
        Visibility.MEMBERS,
        True,
    )
    search = check_group_search(
        reading({"query": [{"fields": ["name"], "type": "exact", "value": "a", "values": ["b"]}]})
    ).value
    assert search is not None
    assert search.criteria == (NameCriterion(NameMatch.EXACT, ("a", "b")),)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    old = OAuthClient(
        "id", "org", "old", "digest", "CODE", ("r",), 600, now, False, "kept", ("https://a/",), ("s",)
    )
    changed = check_oauth_client(reading({"name": "new", "authorizedGrantType": "CODE"}), old).value
    assert changed is not None
    assert (changed.description, changed.redirect_uris, changed.scopes) == ("kept", ("https://a/",), ("s",))
    assert (changed.role_ids, changed.token_seconds, changed.active) == (("r",), 600, False)


def test_a_password_is_never_shown() -> None:
    """Not even where it is what is wrong."""
    body = {"name": "a", "email": "a@b.c", "password": "hunter2", "newPassword": "hunter2"}
    assert "hunter2" not in everything(check_user(reading(body)))
    assert "hunter2" not in repr(check_user(reading(body | {"password": "hunter2-hunter2"})))


@pytest.mark.parametrize(("name", "body", "code", "pointer"), WRONG)
def test_corrections_are_accepted(name: str, body: Any, code: str, pointer: str) -> None:
    """Where a finding comes with edits, the edited body has that fault no longer."""
    text = json.dumps(body)
    finding = the(CHECKS[name](read_json(text)), code)
    if not finding.edits:
        return
    document = Document(read_json(text))
    document.apply(finding.edits)
    again = CHECKS[name](read_json(document.text()))
    assert (code, pointer) not in [(one.code, one.place.pointer) for one in again.findings]


NAMES = (
    *("name", "permissionPolicies", "domain", "actionSet", "query", "fields", "type", "value", "schema"),
    *("authorizedGrantType", "registeredRedirectUri", "roleDivisions", "accessTokenValiditySeconds"),
    *("properties", "memberIds", "version", "email", "password", "state"),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)


@given(st.sampled_from(sorted(CHECKS)), JSON)
def test_any_body_is_judged(name: str, body: Any) -> None:
    """No body makes a check fail: it is taken, or refused with an error."""
    checked = CHECKS[name](read_json(json.dumps(body)))
    assert (checked.value is None) is bool(checked.errors)
