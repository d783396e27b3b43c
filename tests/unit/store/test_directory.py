"""Roles, users and clients as lists, groups and data tables, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from jackfield.domain.directory import (
    DataTable,
    Group,
    GroupKind,
    NameCriterion,
    NameMatch,
    Visibility,
)
from jackfield.domain.identity import OAuthClient, Policy, Role, User
from jackfield.domain.page import PageRequest
from jackfield.store import SqlStore
from support.stores import NOON, ORGANIZATION, add_all, read, write

ALL = PageRequest(size=100)
POLICY = Policy("integrations", "integration", ("view", "add"), allow_conditions=True)


def role(number: int, name: str, **changes: Any) -> Role:
    """Return a role, made that many minutes after noon."""
    made = Role(
        f"role-{number}",
        ORGANIZATION,
        name,
        POLICY.permissions,
        "what it is for",
        (POLICY,),
        NOON + timedelta(minutes=number),
    )
    return replace(made, **changes)


def user(number: int, *role_ids: str) -> User:
    """Return a user."""
    made = NOON + timedelta(minutes=number)
    return User(
        f"user-{number}",
        ORGANIZATION,
        f"User {number}",
        f"user{number}@example.com",
        "",
        role_ids,
        "Lead",
        "Sales",
        number % 2 == 0,
        made,
    )


def group(number: int, name: str, *members: str) -> Group:
    """Return a group."""
    return Group(
        id=f"group-{number}",
        organization_id=ORGANIZATION,
        name=name,
        description="",
        kind=GroupKind.OFFICIAL,
        visibility=Visibility.PUBLIC,
        rules_visible=True,
        version=1,
        created=NOON,
        modified=NOON,
        owner_ids=("user-1",),
        member_ids=members,
    )


def test_roles_come_back_equal_and_in_order(store: SqlStore) -> None:
    """All of a role is kept; the list is in order of creation, or by name where that is asked for."""
    made = [role(1, "Beta"), role(2, "alpha"), role(3, "Gamma", organization_id="other")]
    add_all(store, lambda transaction: transaction.identities.add_role, *reversed(made))
    listed = read(store, lambda tx: tx.directory.roles_page(ORGANIZATION, "", (), ALL))
    assert list(listed.entities) == made[:2]
    assert listed.total == 2
    by_name = PageRequest(size=1, sort_by="name")
    page = read(store, lambda tx: tx.directory.roles_page(ORGANIZATION, "", (), by_name))
    assert ([one.name for one in page.entities], page.total) == (["alpha"], 2)
    beyond = PageRequest(number=2**31 - 1, size=999)
    assert read(store, lambda tx: tx.directory.roles_page(ORGANIZATION, "", (), beyond)).total == 2


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("PREFIX_*", ["PREFIX_one", "prefix_TWO"]),
        ("*two", ["prefix_TWO"]),
        ("*fix_o*", ["PREFIX_one"]),
        ("prefix_one", ["PREFIX_one"]),
        ("prefix", []),
        ("*", ["PREFIX_one", "prefix_TWO", "100%", "a_b"]),
        ("100%*", ["100%"]),
        ("%*", []),
        ("_*", []),
    ],
)
def test_names_with_a_star(store: SqlStore, name: str, found: list[str]) -> None:
    """A star stands for the rest of a name, in any case; what databases take for wildcards does not."""
    names = ("PREFIX_one", "prefix_TWO", "100%", "a_b")
    roles = [role(number, one) for number, one in enumerate(names)]
    add_all(store, lambda transaction: transaction.identities.add_role, *roles)
    page = read(store, lambda tx: tx.directory.roles_page(ORGANIZATION, name, (), ALL))
    assert [one.name for one in page.entities] == found


def test_a_role_is_replaced_and_removed(store: SqlStore) -> None:
    """Only the one of the id, only in its own organization."""
    add_all(store, lambda transaction: transaction.identities.add_role, role(1, "a"), role(2, "b"))
    write(store, lambda tx: tx.directory.replace_role(role(1, "c", permissions=("x:y:z",), policies=())))
    kept = read(store, lambda tx: tx.directory.role(ORGANIZATION, "role-1"))
    assert kept == role(1, "c", permissions=("x:y:z",), policies=())
    write(store, lambda tx: tx.directory.remove_role("other", "role-1"))
    write(store, lambda tx: tx.directory.remove_role(ORGANIZATION, "role-2"))
    page = read(store, lambda tx: tx.directory.roles_page(ORGANIZATION, "", (), ALL))
    assert [one.id for one in page.entities] == ["role-1"]
    assert read(store, lambda tx: tx.directory.role("other", "role-1")) is None


def test_who_holds_a_role(store: SqlStore) -> None:
    """An id that begins like another one is another one."""
    people = [user(1, "role-1"), user(2, "role-10"), user(3, "role-2", "role-1"), user(4)]
    add_all(store, lambda transaction: transaction.identities.add_user, *people)
    holders = read(store, lambda tx: tx.directory.users_with_role(ORGANIZATION, "role-1"))
    assert sorted(one.id for one in holders) == ["user-1", "user-3"]
    client = OAuthClient(
        "client-1",
        ORGANIZATION,
        "c",
        "digest",
        "CODE",
        ("role-1",),
        300,
        NOON,
        True,
        "d",
        ("https://a/",),
        ("users",),
        NOON,
        "user-1",
    )
    write(store, lambda tx: tx.identities.add_client(client))
    assert read(store, lambda tx: tx.directory.clients_with_role(ORGANIZATION, "role-1")) == [client]
    write(store, lambda tx: tx.directory.replace_client(replace(client, role_ids=(), active=False)))
    assert read(store, lambda tx: tx.directory.clients_with_role(ORGANIZATION, "role-1")) == []
    assert read(store, lambda tx: tx.identities.client("client-1")) == replace(
        client, role_ids=(), active=False
    )
    write(store, lambda tx: tx.directory.remove_client("other", "client-1"))
    write(store, lambda tx: tx.directory.remove_client(ORGANIZATION, "client-1"))
    assert read(store, lambda tx: tx.identities.client("client-1")) is None


def test_users_are_listed_by_state_and_id(store: SqlStore) -> None:
    """Filters add up; an unknown id is left out."""
    people = [user(number) for number in (1, 2, 3, 4)]
    add_all(store, lambda transaction: transaction.identities.add_user, *people)

    def ids(wanted: tuple[str, ...], active: bool | None) -> list[str]:
        page = read(store, lambda tx: tx.directory.users_page(ORGANIZATION, wanted, active, ALL))
        return [one.id for one in page.entities]

    assert ids((), None) == ["user-1", "user-2", "user-3", "user-4"]
    assert ids((), True) == ["user-2", "user-4"]
    assert ids(("user-4", "user-1", "none"), None) == ["user-1", "user-4"]
    named = read(store, lambda tx: tx.directory.users(ORGANIZATION, ("user-3", "none", "user-1", "user-3")))
    assert named == [people[2], people[0]]
    write(store, lambda tx: tx.directory.replace_user(replace(people[0], role_ids=("role-9",))))
    assert read(store, lambda tx: tx.identities.user("user-1")) == replace(people[0], role_ids=("role-9",))


def test_groups_keep_the_order_of_their_members(store: SqlStore) -> None:
    """A replacement counts only at the version it was made from."""
    first = group(1, "Team", "user-2", "user-1", "user-3")
    write(store, lambda tx: tx.directory.add_group(first))
    write(store, lambda tx: tx.directory.add_group(group(2, "Other", "user-1")))
    assert read(store, lambda tx: tx.directory.group(ORGANIZATION, "group-1")) == first
    changed = replace(first, member_ids=("user-3",), version=2)
    assert not write(store, lambda tx: tx.directory.replace_group(changed, expected_version=7))
    assert read(store, lambda tx: tx.directory.group(ORGANIZATION, "group-1")) == first
    assert write(store, lambda tx: tx.directory.replace_group(changed, expected_version=1))
    assert read(store, lambda tx: tx.directory.group(ORGANIZATION, "group-1")) == changed
    mine = read(store, lambda tx: tx.directory.groups_of(ORGANIZATION, "user-1"))
    assert [one.id for one in mine] == ["group-2"]
    write(store, lambda tx: tx.directory.remove_group(ORGANIZATION, "group-2"))
    assert read(store, lambda tx: tx.directory.groups_of(ORGANIZATION, "user-1")) == []
    assert read(store, lambda tx: tx.directory.groups_page(ORGANIZATION, (), ALL)).total == 1


@pytest.mark.parametrize(
    ("match", "values", "found"),
    [
        (NameMatch.STARTS_WITH, ("pre",), ["Pre A", "pre B"]),
        (NameMatch.EXACT, ("PRE A", "x"), ["Pre A"]),
        (NameMatch.CONTAINS, ("E B", "ther"), ["pre B", "Other"]),
        (NameMatch.STARTS_WITH, ("%",), []),
    ],
)
def test_groups_are_searched_by_name(
    store: SqlStore, match: NameMatch, values: tuple[str, ...], found: list[str]
) -> None:
    """Any case; any one value of a criterion, all criteria."""
    groups = [group(1, "Pre A"), group(2, "pre B"), group(3, "Other")]
    add_all(store, lambda transaction: transaction.directory.add_group, *groups)
    criteria = [NameCriterion(match, values)]
    page = read(store, lambda tx: tx.directory.search_groups(ORGANIZATION, criteria, ALL))
    assert [one.name for one in page.entities] == found
    nothing = [*criteria, NameCriterion(NameMatch.EXACT, ("none",))]
    assert read(store, lambda tx: tx.directory.search_groups(ORGANIZATION, nothing, ALL)).total == 0


def test_data_tables_keep_the_text_of_their_schema(store: SqlStore) -> None:
    """The schema comes back byte for byte."""
    schema = '{"properties": {"key": {"type": "string"}},  "x": 1.0}'
    tables = [
        DataTable(f"table-{n}", ORGANIZATION, name, "d", schema, NOON)
        for n, name in enumerate(["Zeta", "Alpha"])
    ]
    add_all(store, lambda transaction: transaction.directory.add_data_table, *tables)
    assert read(store, lambda tx: tx.directory.data_table(ORGANIZATION, "table-0")) == tables[0]
    listed = read(store, lambda tx: tx.directory.data_tables_page(ORGANIZATION, "", ALL))
    assert list(listed.entities) == tables
    named = read(store, lambda tx: tx.directory.data_tables_page(ORGANIZATION, "alp*", ALL))
    assert list(named.entities) == tables[1:]
    by_name = PageRequest(sort_by="name")
    assert (
        list(read(store, lambda tx: tx.directory.data_tables_page(ORGANIZATION, "", by_name)).entities)
        == tables[::-1]
    )
    write(store, lambda tx: tx.directory.remove_data_table(ORGANIZATION, "table-0"))
    assert read(store, lambda tx: tx.directory.data_table(ORGANIZATION, "table-0")) is None
