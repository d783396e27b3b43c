"""Credentials, their sealed fields, and cursors over them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jackfield.domain.credential import Credential
from jackfield.domain.page import CursorPage, CursorRequest, PageRequest
from jackfield.domain.ports import Transaction
from jackfield.store import SqlStore
from support.stores import NOON, ORGANIZATION, add_all, credential, integration, read, write


def _add(store: SqlStore, *entities: Credential) -> None:
    add_all(store, lambda transaction: transaction.credentials.add, *entities)


def _get(store: SqlStore, credential_id: str) -> Credential | None:
    return read(store, lambda transaction: transaction.credentials.get(ORGANIZATION, credential_id))


def _remove(store: SqlStore, credential_id: str) -> bool:
    return write(store, lambda transaction: transaction.credentials.remove(ORGANIZATION, credential_id))


def _cursor(store: SqlStore, size: int = 2, after: str = "", before: str = "") -> CursorPage[Credential]:
    window = CursorRequest(size, after, before)
    return read(store, lambda transaction: transaction.credentials.cursor(ORGANIZATION, window))


def _ids(page: CursorPage[Credential]) -> list[str]:
    return [entity.id for entity in page.entities]


@pytest.mark.parametrize("name", ["Ünïcode 🗝", "", None])
def test_what_was_added_comes_back_equal(store: SqlStore, name: str | None) -> None:
    """Every field survives, ciphertexts byte for byte and in their order; no name is not an empty name."""
    entity = credential(name=name, version=4)
    _add(store, entity)
    stored = _get(store, entity.id)
    assert stored == entity
    assert stored is not None
    assert list(stored.sealed) == ["userName", "password"]
    assert all(type(value) is bytes for value in stored.sealed.values())


def test_a_credential_may_have_no_fields(store: SqlStore) -> None:
    """An open type with no fields at all can be stored."""
    _add(store, credential(sealed={}))
    assert _get(store, "credential-1") == credential(sealed={})


def test_other_organizations_see_nothing(store: SqlStore) -> None:
    """An id alone is not enough, neither to read nor to remove."""
    _add(store, credential())
    assert (
        read(store, lambda transaction: transaction.credentials.get("organization-2", "credential-1")) is None
    )
    assert not write(
        store, lambda transaction: transaction.credentials.remove("organization-2", "credential-1")
    )
    assert _get(store, "credential-1") is not None


def test_get_many_keeps_the_order_asked_for(store: SqlStore) -> None:
    """Unknown ids are left out, repeated ones come once."""
    _add(store, credential(1), credential(2), credential(3))
    wanted = ("credential-3", "none", "credential-1", "credential-3", "a\0b")
    found = read(store, lambda transaction: transaction.credentials.get_many(ORGANIZATION, wanted))
    assert list(found) == [credential(3), credential(1)]
    assert list(read(store, lambda transaction: transaction.credentials.get_many(ORGANIZATION, ()))) == []


def test_replace_takes_the_expected_version(store: SqlStore) -> None:
    """All fields are replaced, those that are no longer named are gone, the time of creation stays."""
    _add(store, credential())
    new = credential(name="New", version=2, type_name="userDefined", sealed={"key": b"other"})
    new = replace(new, created=NOON.replace(year=2031), modified=NOON.replace(year=2032))
    assert write(store, lambda transaction: transaction.credentials.replace(new, expected_version=1))
    assert _get(store, new.id) == replace(new, created=NOON)


def test_replace_leaves_another_version_alone(store: SqlStore) -> None:
    """A stale writer changes nothing, not even the sealed fields."""
    _add(store, credential(version=3))
    late = credential(version=4, sealed={"key": b"late"})
    assert not write(store, lambda transaction: transaction.credentials.replace(late, expected_version=2))
    assert _get(store, late.id) == credential(version=3)


def test_remove_takes_the_sealed_fields_along(store: SqlStore) -> None:
    """A removed credential is gone with its ciphertexts, and its id may be used again."""
    _add(store, credential())
    assert _remove(store, "credential-1")
    assert not _remove(store, "credential-1")
    _add(store, credential(sealed={}))
    assert _get(store, "credential-1") == credential(sealed={})


def test_a_credential_can_go_twice(store: SqlStore) -> None:
    """An id that was used again can be removed again."""
    _add(store, credential())
    assert _remove(store, "credential-1")
    _add(store, credential())
    assert _remove(store, "credential-1")
    assert _get(store, "credential-1") is None


def test_pages_hold_no_ciphertexts(store: SqlStore) -> None:
    """Lists are in creation order, know the total, and carry no sealed fields."""
    _add(store, credential(2), credential(1), credential(3))
    page = read(store, lambda transaction: transaction.credentials.page(ORGANIZATION, PageRequest(1, 2)))
    assert list(page.entities) == [credential(2, sealed={}), credential(1, sealed={})]
    assert (page.total, page.count) == (3, 2)


def test_cursors_walk_to_the_end(store: SqlStore) -> None:
    """Following `next_after` gives every credential once, without ciphertexts, and ends with None."""
    _add(store, *(credential(number) for number in range(5)))
    page, walked = _cursor(store), []
    assert page.previous_before is None
    while True:
        walked += _ids(page)
        assert all(entity.sealed == {} for entity in page.entities)
        if page.next_after is None:
            break
        page = _cursor(store, after=page.next_after)
    assert walked == [f"credential-{number}" for number in range(5)]


def test_cursors_walk_back(store: SqlStore) -> None:
    """Following `previous_before` gives the same pages in reverse, each in the same order as forwards."""
    _add(store, *(credential(number) for number in range(5)))
    page = _cursor(store, before="credential-4")
    assert (_ids(page), page.next_after) == (["credential-2", "credential-3"], "credential-3")
    assert page.previous_before == "credential-2"
    first = _cursor(store, before="credential-2")
    assert (_ids(first), first.previous_before) == (["credential-0", "credential-1"], None)


def test_a_full_last_page_has_no_next(store: SqlStore) -> None:
    """A page that ends exactly at the end does not promise another one."""
    _add(store, credential(1), credential(2))
    page = _cursor(store, size=2)
    assert (_ids(page), page.next_after) == (["credential-1", "credential-2"], None)


def test_the_entity_after_the_last_is_none(store: SqlStore) -> None:
    """A client that goes on with the last id it saw gets an empty page, which is how some find the end."""
    _add(store, credential(1))
    page = _cursor(store, after="credential-1")
    assert (_ids(page), page.next_after) == ([], None)


def test_a_removed_credential_still_marks_its_place(store: SqlStore) -> None:
    """A client that removes what it has seen, and goes on after it, misses nothing."""
    _add(store, *(credential(number) for number in range(4)))
    assert _remove(store, "credential-1")
    assert _ids(_cursor(store, after="credential-1")) == ["credential-2", "credential-3"]
    assert _remove(store, "credential-3")
    _add(store, credential(9))
    assert _ids(_cursor(store, after="credential-3")) == ["credential-9"]


@pytest.mark.parametrize("cursor", ["never-there", "a\0b", "\ud800"])
def test_an_unknown_cursor_ends_the_walk(store: SqlStore, cursor: str) -> None:
    """A cursor that never was an id gives an empty page and no error."""
    _add(store, credential())
    assert _ids(_cursor(store, after=cursor)) == []
    assert _ids(_cursor(store, before=cursor)) == []


def test_what_nothing_uses(store: SqlStore) -> None:
    """Credentials that no integration names, page by page, in the order of creation."""

    def work(transaction: Transaction) -> None:
        for number in range(1, 6):
            transaction.credentials.add(credential(number))
        transaction.integrations.add(integration(1, credentials={"a": "credential-2", "b": "credential-4"}))

    write(store, work)
    page = read(store, lambda transaction: transaction.credentials.unused(ORGANIZATION, PageRequest(1, 2)))
    assert [one.id for one in page.entities] == ["credential-1", "credential-3"]
    assert page.total == 3
    other = read(store, lambda transaction: transaction.credentials.unused("another", PageRequest()))
    assert other.total == 0
