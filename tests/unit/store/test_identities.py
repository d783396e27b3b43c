"""Organization, users, clients, roles and tokens in the store."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from jackfield.domain.errors import Conflict
from jackfield.domain.identity import AccessToken, OAuthClient, Organization, Role, User
from jackfield.store import SqlStore
from support.stores import NOON, ORGANIZATION, add_all, read, write

USER = User("user-1", ORGANIZATION, "Ada", "Ada@Example.com", "$argon2id$x", ("role-2", "role-1"))
CLIENT = OAuthClient(
    "client-1", ORGANIZATION, "first", "digest", "CLIENT-CREDENTIALS", ("role-1",), 86400, NOON
)
TOKEN = AccessToken("digest-1", ORGANIZATION, "client-1", None, NOON)


def test_there_is_no_organization_at_first(store: SqlStore) -> None:
    """An empty database says so; that is how the first start is known."""
    assert read(store, lambda transaction: transaction.identities.organization()) is None


def test_the_organization_comes_back_equal(store: SqlStore) -> None:
    """Times come back in UTC whatever zone they were given in."""
    there = datetime(2026, 3, 1, 14, 0, 0, 1, tzinfo=timezone(timedelta(hours=2)))
    made = Organization(ORGANIZATION, "Örg", "DE", there)
    write(store, lambda transaction: transaction.identities.add_organization(made))
    stored = read(store, lambda transaction: transaction.identities.organization())
    assert stored == made
    assert stored is not None
    assert stored.created.tzinfo is UTC


def test_a_time_without_a_zone_is_an_error(store: SqlStore) -> None:
    """A naive time is never stored, because nobody could tell what it means."""
    naive = Organization(ORGANIZATION, "x", "DE", NOON.replace(tzinfo=None))
    with pytest.raises(Exception, match="without a zone"):
        write(store, lambda transaction: transaction.identities.add_organization(naive))
    assert read(store, lambda transaction: transaction.identities.organization()) is None


def test_users_are_found_by_id_and_by_any_case_of_their_address(store: SqlStore) -> None:
    """An address belongs to one user, however it is written."""
    write(store, lambda transaction: transaction.identities.add_user(USER))
    assert read(store, lambda transaction: transaction.identities.user("user-1")) == USER
    assert read(store, lambda transaction: transaction.identities.user_by_email("aDA@eXAMPLE.COM")) == USER
    assert read(store, lambda transaction: transaction.identities.user_by_email("other@example.com")) is None
    assert read(store, lambda transaction: transaction.identities.user("none")) is None
    twin = replace(USER, id="user-2", email="ADA@example.com")
    with pytest.raises(Conflict):
        write(store, lambda transaction: transaction.identities.add_user(twin))


@pytest.mark.parametrize("active", [True, False])
def test_clients_come_back_equal(store: SqlStore, active: bool) -> None:
    """Active and deactivated clients are told apart."""
    client = replace(CLIENT, active=active)
    write(store, lambda transaction: transaction.identities.add_client(client))
    stored = read(store, lambda transaction: transaction.identities.client("client-1"))
    assert stored == client
    assert stored is not None
    assert stored.active is active
    assert read(store, lambda transaction: transaction.identities.client("a\0b")) is None


def test_clients_are_listed_oldest_first(store: SqlStore) -> None:
    """The order is that of creation; clients of other organizations are left out."""
    older = replace(CLIENT, id="client-2", created=NOON - timedelta(days=1))
    foreign = replace(CLIENT, id="client-3", organization_id="other")
    add_all(store, lambda transaction: transaction.identities.add_client, CLIENT, older, foreign)
    listed = read(store, lambda transaction: transaction.identities.clients(ORGANIZATION))
    assert list(listed) == [older, CLIENT]


def test_roles_come_in_the_order_asked_for(store: SqlStore) -> None:
    """Unknown roles and those of other organizations are left out; permissions keep their order."""
    made = [
        Role("role-1", ORGANIZATION, "first", ("b:*:*", "a:*:view")),
        Role("role-2", ORGANIZATION, "second", ()),
        Role("role-3", "other", "third", ("x",)),
    ]
    add_all(store, lambda transaction: transaction.identities.add_role, *made)
    wanted = ("role-2", "role-3", "none", "role-1", "role-2")
    roles = read(store, lambda transaction: transaction.identities.roles(ORGANIZATION, wanted))
    assert list(roles) == [made[1], made[0]]
    assert list(read(store, lambda transaction: transaction.identities.roles(ORGANIZATION, ()))) == []


def test_tokens_are_found_by_digest_until_they_are_removed(store: SqlStore) -> None:
    """Only tokens that expired before the given time go."""
    later = replace(TOKEN, digest="digest-2", user_id="user-1", expires=NOON + timedelta(microseconds=1))
    add_all(store, lambda transaction: transaction.identities.add_token, TOKEN, later)
    assert read(store, lambda transaction: transaction.identities.token("digest-1")) == TOKEN
    assert read(store, lambda transaction: transaction.identities.token("digest-2")) == later
    cut = NOON + timedelta(microseconds=1)
    assert write(store, lambda transaction: transaction.identities.remove_expired_tokens(cut)) == 1
    assert read(store, lambda transaction: transaction.identities.token("digest-1")) is None
    assert read(store, lambda transaction: transaction.identities.token("digest-2")) == later
