"""Integrations and their configuration in the store."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jackfield.domain.action import ActionState
from jackfield.domain.errors import Conflict, Refused
from jackfield.domain.integration import Integration, IntegrationQuery, IntendedState, ReportedState
from jackfield.domain.page import Page, PageRequest
from jackfield.store import SqlStore
from support.stores import NOON, ORGANIZATION, action, add_all, integration, read, write

EVERY = IntegrationQuery()


def _add(store: SqlStore, *entities: Integration) -> None:
    add_all(store, lambda transaction: transaction.integrations.add, *entities)


def _get(store: SqlStore, integration_id: str) -> Integration | None:
    return read(store, lambda transaction: transaction.integrations.get(ORGANIZATION, integration_id))


def _page(
    store: SqlStore, query: IntegrationQuery = EVERY, window: PageRequest | None = None
) -> Page[Integration]:
    wanted = window or PageRequest()
    return read(store, lambda transaction: transaction.integrations.page(ORGANIZATION, query, wanted))


def _names(page: Page[Integration]) -> list[str]:
    return [entity.name for entity in page.entities]


def test_what_was_added_comes_back_equal(store: SqlStore) -> None:
    """Every field survives, texts byte for byte and slots in their order."""
    entity = integration(
        properties='{ "a" : 1.0, "a":2e400, "ü": "\\u00fc" }',
        advanced="{}\n",
        notes="naïve\n\tnotes 🗝",
        credentials={"zeta": "credential-2", "alpha": "credential-1"},
        version=7,
    )
    _add(store, entity)
    stored = _get(store, entity.id)
    assert stored == entity
    assert stored is not None
    assert list(stored.configuration.credentials) == ["zeta", "alpha"]


def test_other_organizations_see_nothing(store: SqlStore) -> None:
    """An id alone is not enough."""
    _add(store, integration())
    other = read(store, lambda transaction: transaction.integrations.get("organization-2", "integration-1"))
    assert other is None
    assert not write(
        store, lambda transaction: transaction.integrations.remove("organization-2", "integration-1")
    )
    assert _get(store, "integration-1") is not None


def test_replace_takes_the_expected_version(store: SqlStore) -> None:
    """The new state replaces all of the old one, slots included; the time of creation stays."""
    old = integration(credentials={"basicAuth": "credential-1"})
    _add(store, old)
    new = replace(
        integration(name="Renamed", version=2, credentials={"other": "credential-2"}),
        intended_state=IntendedState.ENABLED,
        reported_state=ReportedState.ACTIVE,
        created=NOON.replace(year=2030),
    )
    assert write(store, lambda transaction: transaction.integrations.replace(new, expected_version=1))
    assert _get(store, old.id) == replace(new, created=NOON)


def test_replace_leaves_another_version_alone(store: SqlStore) -> None:
    """A stale writer changes nothing, not even the slots."""
    old = integration(version=3, credentials={"basicAuth": "credential-1"})
    _add(store, old)
    new = integration(version=4, name="Late", credentials={})
    assert not write(store, lambda transaction: transaction.integrations.replace(new, expected_version=2))
    assert _get(store, old.id) == old


def test_replace_of_a_missing_integration_says_so(store: SqlStore) -> None:
    """Nothing is made by a replacement."""
    assert not write(
        store, lambda transaction: transaction.integrations.replace(integration(), expected_version=1)
    )
    assert _get(store, "integration-1") is None


def test_remove_takes_slots_and_actions_along(store: SqlStore) -> None:
    """After a removal nothing that belonged to the integration is found, and others keep theirs."""
    used = {"basicAuth": "credential-1"}
    _add(store, integration(1, credentials=used), integration(2, credentials=used))
    other = action(2, integration_id="integration-2")
    add_all(store, lambda transaction: transaction.actions.add, action(1), other)
    assert write(store, lambda transaction: transaction.integrations.remove(ORGANIZATION, "integration-1"))
    state = ActionState.PUBLISHED
    assert read(store, lambda transaction: transaction.actions.get(ORGANIZATION, action(1).id, state)) is None
    assert read(store, lambda transaction: transaction.actions.get(ORGANIZATION, other.id, state)) == other
    users = read(
        store, lambda transaction: transaction.integrations.using_credential(ORGANIZATION, "credential-1")
    )
    assert [user.id for user in users] == ["integration-2"]
    assert not write(
        store, lambda transaction: transaction.integrations.remove(ORGANIZATION, "integration-1")
    )


def test_pages_follow_creation(store: SqlStore) -> None:
    """Pages come in creation order, know the total, and end in an empty page."""
    _add(store, *(integration(number) for number in (3, 1, 2)))
    first = _page(store, window=PageRequest(1, 2))
    second = _page(store, window=PageRequest(2, 2))
    beyond = _page(store, window=PageRequest(3, 2))
    assert _names(first) == ["Integration 3", "Integration 1"]
    assert _names(second) == ["Integration 2"]
    assert (first.total, second.total, beyond.total, first.count) == (3, 3, 3, 2)
    assert list(beyond.entities) == []


def test_absurd_page_numbers_are_empty_pages(store: SqlStore) -> None:
    """A page number beyond the databases' integers is answered like any page beyond the end."""
    _add(store, integration())
    assert _names(_page(store, window=PageRequest(10**30, 25))) == []
    assert _names(_page(store, window=PageRequest(1, 10**30))) == ["Integration 1"]


@pytest.mark.parametrize(
    ("sort_by", "descending", "expected"),
    [
        ("", False, ["beta", "Alpha", "ÄRA", "alpha"]),
        ("", True, ["alpha", "ÄRA", "Alpha", "beta"]),
        ("name", False, ["Alpha", "alpha", "beta", "ÄRA"]),
        ("name", True, ["ÄRA", "beta", "alpha", "Alpha"]),
        ("id", False, ["beta", "Alpha", "ÄRA", "alpha"]),
        ("integrationType", False, ["ÄRA", "alpha", "beta", "Alpha"]),
        ("nonsense", False, ["beta", "Alpha", "ÄRA", "alpha"]),
    ],
)
def test_sorting_is_the_same_everywhere(
    store: SqlStore, sort_by: str, descending: bool, expected: list[str]
) -> None:
    """Names sort in any case by code point; ties and unknown fields keep creation order."""
    made = [integration(number, name=name) for number, name in enumerate(("beta", "Alpha", "ÄRA", "alpha"))]
    typed = [replace(one, type_id="a" if number > 1 else "b") for number, one in enumerate(made)]
    _add(store, *typed)
    assert _names(_page(store, window=PageRequest(1, 25, sort_by, descending))) == expected


def test_filters_narrow_the_list_and_its_total(store: SqlStore) -> None:
    """Each filter alone, and two together, give exactly what matches."""
    one = integration(1, credentials={"a": "credential-1", "b": "credential-1"})
    two = replace(integration(2), type_id="purecloud-data-actions")
    three = replace(integration(3), reported_state=ReportedState.ACTIVE)
    _add(store, one, two, three)

    def ids(query: IntegrationQuery) -> list[str]:
        page = _page(store, query)
        assert page.total == len(page.entities)
        return [entity.id for entity in page.entities]

    assert ids(IntegrationQuery(ids=("integration-3", "integration-1", "none"))) == [one.id, three.id]
    assert ids(IntegrationQuery(type_id="purecloud-data-actions")) == [two.id]
    assert ids(IntegrationQuery(reported_state=ReportedState.ACTIVE)) == [three.id]
    assert ids(IntegrationQuery(credential_id="credential-1")) == [one.id]
    assert ids(IntegrationQuery(credential_id="credential-1", type_id="purecloud-data-actions")) == []


def test_count_of_type(store: SqlStore) -> None:
    """Only integrations of the type count."""
    _add(store, integration(1), integration(2), replace(integration(3), type_id="other"))
    assert read(store, lambda transaction: transaction.integrations.count_of_type(ORGANIZATION, "other")) == 1


def test_an_id_is_taken_once(store: SqlStore) -> None:
    """A second integration with the same id is a conflict, and the first stays."""
    _add(store, integration(name="first"))
    with pytest.raises(Conflict) as caught:
        _add(store, integration(name="second"))
    assert caught.value.findings[0].code == "STORE_CONFLICT"
    assert _names(_page(store)) == ["first"]


@pytest.mark.parametrize("text", ["a\0b", "half \ud83d", "\udc00"])
def test_text_that_databases_cannot_hold_is_refused(store: SqlStore, text: str) -> None:
    """NUL and lone surrogates are refused on both databases alike, instead of failing on one of them."""
    with pytest.raises(Refused) as caught:
        _add(store, integration(notes=text))
    assert caught.value.findings[0].code == "TEXT_NOT_STORABLE"
    assert (caught.value.status, _get(store, "integration-1")) == (400, None)


@pytest.mark.parametrize("text", ["a\0b", "half \ud83d", "x" * 100_000])
def test_strange_ids_match_nothing(store: SqlStore, text: str) -> None:
    """Whatever a path or a filter holds, a lookup ends without an error."""
    _add(store, integration())
    assert _get(store, text) is None
    assert _names(_page(store, IntegrationQuery(ids=(text,), credential_id=text, type_id=text))) == []
