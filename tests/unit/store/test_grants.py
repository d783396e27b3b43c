"""Codes, refresh tokens and ended tokens, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from jackfield.domain.grants import AuthorizationCode, RefreshToken
from jackfield.domain.identity import AccessToken
from jackfield.domain.ports import Transaction
from jackfield.store import SqlStore
from support.stores import NOON, ORGANIZATION, read, write

CODE = AuthorizationCode(
    "code-1", ORGANIZATION, "client-1", "user-1", "https://a/", "challenge", ("users",), "family-1", NOON
)
REFRESH = RefreshToken("refresh-1", ORGANIZATION, "client-1", "user-1", ("users",), "family-1", True, NOON)
ACCESS = AccessToken("access-1", ORGANIZATION, "client-1", "user-1", NOON, ("users",), "family-1")


def _all(store: SqlStore) -> list[bool]:
    def work(transaction: Transaction) -> list[bool]:
        grants, identities = transaction.grants, transaction.identities
        found = (grants.code("code-1"), grants.refresh_token("refresh-1"), identities.token("access-1"))
        return [one is not None for one in found]

    return read(store, work)


def _store(store: SqlStore) -> None:
    write(store, lambda tx: tx.grants.add_code(CODE))
    write(store, lambda tx: tx.grants.add_refresh_token(REFRESH))
    write(store, lambda tx: tx.identities.add_token(ACCESS))


def test_they_come_back_equal(store: SqlStore) -> None:
    """Code, refresh token, and an access token with scopes."""
    _store(store)
    assert read(store, lambda tx: tx.grants.code("code-1")) == CODE
    assert read(store, lambda tx: tx.grants.refresh_token("refresh-1")) == REFRESH
    assert read(store, lambda tx: tx.identities.token("access-1")) == ACCESS
    assert read(store, lambda tx: tx.grants.code("none")) is None
    assert read(store, lambda tx: tx.grants.refresh_token("none")) is None


def test_each_is_used_once(store: SqlStore) -> None:
    """Only the first use is told to be the first."""
    _store(store)
    assert [write(store, lambda tx: tx.grants.use_code("code-1")) for _ in range(2)] == [True, False]
    used = [write(store, lambda tx: tx.grants.use_refresh_token("refresh-1")) for _ in range(2)]
    assert used == [True, False]
    assert read(store, lambda tx: tx.grants.code("code-1")) == replace(CODE, used=True)
    assert read(store, lambda tx: tx.grants.refresh_token("refresh-1")) == replace(REFRESH, used=True)


def test_a_login_ends_as_a_whole(store: SqlStore) -> None:
    """Its code stays as a memory, so that a second exchange is still seen to be one."""
    _store(store)
    write(store, lambda tx: tx.grants.end_family("other"))
    assert _all(store) == [True, True, True]
    write(store, lambda tx: tx.grants.end_token("access-1", "family-1"))
    assert _all(store) == [True, False, False]


def test_a_token_without_a_login_ends_alone(store: SqlStore) -> None:
    """Client credentials have no family, and \"\" is none."""
    lone = replace(ACCESS, digest="access-2", family="", user_id=None, scopes=None)
    third = replace(lone, digest="access-3")
    write(store, lambda tx: tx.identities.add_token(lone))
    write(store, lambda tx: tx.identities.add_token(third))
    write(store, lambda tx: tx.grants.end_token("access-2", ""))
    assert read(store, lambda tx: tx.identities.token("access-2")) is None
    assert read(store, lambda tx: tx.identities.token("access-3")) == third


def test_users_and_clients_lose_all_their_tokens(store: SqlStore) -> None:
    """Codes included; how many access tokens ended is told."""
    _store(store)
    assert write(store, lambda tx: tx.grants.end_user("user-2")) == 0
    assert write(store, lambda tx: tx.grants.end_user("user-1")) == 1
    assert _all(store) == [False, False, False]
    _store(store)
    assert write(store, lambda tx: tx.grants.end_client("client-1")) == 1
    assert _all(store) == [False, False, False]


def test_what_has_expired_is_removed(store: SqlStore) -> None:
    """Not before its time."""
    _store(store)
    write(store, lambda tx: tx.grants.remove_expired(NOON))
    assert _all(store) == [True, True, True]
    write(store, lambda tx: tx.grants.remove_expired(NOON + timedelta(seconds=1)))
    assert _all(store) == [False, False, True]
