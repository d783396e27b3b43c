"""Users, roles and permissions on the wire."""

from __future__ import annotations

from datetime import UTC, datetime

from jackfield.api.shapes.directory import authorization, permission_collections, role, user
from jackfield.catalog import load_catalog
from jackfield.domain.identity import Organization, Policy, Role, User
from jackfield.services.roles import RoleView
from jackfield.services.users import UserView

KNOWN = ("integrations:integration:view", "integrations:integration:add", "oauth:client:view")
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def made(*permissions: str, policies: tuple[Policy, ...] = ()) -> Role:
    """A role."""
    return Role("r", "org", "R", permissions, "", policies, NOW)


def test_wildcards_are_spelt_out() -> None:
    """In the permissions; the policies keep them. Permissions of other parts of the cloud stay."""
    shape = authorization([made("integrations:*:*", "telephony:plugin:all")], KNOWN)
    assert shape["permissions"] == [*KNOWN[:2], "telephony:plugin:all"]
    assert [one["actionSet"] for one in shape["permissionPolicies"]] == [["*"], ["all"]]
    assert shape["roles"] == [{"id": "r", "name": "R"}]


def test_two_roles_that_grant_the_same() -> None:
    """Each permission and each policy once."""
    shape = authorization([made(KNOWN[0]), made(KNOWN[0])], KNOWN)
    assert shape["permissions"] == [KNOWN[0]]
    assert len(shape["permissionPolicies"]) == 1


def test_a_role_as_it_was_written() -> None:
    """Its policies come back, with the plain permissions beside them."""
    policy = Policy("integrations", "integration", ("view",), allow_conditions=True)
    shape = role(RoleView(made("group_creation", *policy.permissions, policies=(policy,)), 3))
    assert shape["permissions"] == ["group_creation"]
    assert shape["permissionPolicies"] == [
        {
            "domain": "integrations",
            "entityName": "integration",
            "actionSet": ["view"],
            "allowConditions": True,
        }
    ]
    assert shape["userCount"] == 3
    assert "userCount" not in role(RoleView(made(), None))


def test_a_user_shows_what_is_asked_for() -> None:
    """And never the hash of the password."""
    person = User("u", "org", "Ada", "ada@example.com", "$argon2id$secret", ("r",), "", "", True, NOW)
    view = UserView(person, (made(),), (), Organization("org", "Org", "US", NOW))
    plain = user(view)
    assert not {"authorization", "groups", "organization", "title"} & set(plain)
    assert "argon2" not in repr(user(view, ("authorization", "groups", "organization")))
    assert set(user(view, ("groups", "unheard of"))) - set(plain) == {"groups"}


def test_every_permission_is_in_a_collection() -> None:
    """One collection for each domain."""
    table = load_catalog().permission_table
    collections = permission_collections(table)
    spelt = {
        f"{one['domain']}:{entity}:{entry['action']}"
        for one in collections
        for entity, entries in one["permissionMap"].items()
        for entry in entries
    }
    assert spelt == {permission.name for permission in table}
    assert len({one["domain"] for one in collections}) == len(collections)
