"""Data actions in the store: two forms under one id, filters, categories."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jackfield.domain.action import (
    Action,
    ActionConfig,
    ActionQuery,
    ActionState,
    Contract,
    RequestConfig,
    ResponseConfig,
)
from jackfield.domain.errors import Conflict
from jackfield.domain.page import Page, PageRequest
from jackfield.store import SqlStore
from support.stores import NOON, ORGANIZATION, action, add_all, integration, read, write

PUBLISHED, DRAFT = ActionState.PUBLISHED, ActionState.DRAFT
EVERY = ActionQuery()


@pytest.fixture(autouse=True)
def _integrations(store: SqlStore) -> None:
    add_all(store, lambda transaction: transaction.integrations.add, integration(1), integration(2))


def _add(store: SqlStore, *entities: Action) -> None:
    add_all(store, lambda transaction: transaction.actions.add, *entities)


def _get(store: SqlStore, action_id: str, state: ActionState = PUBLISHED) -> Action | None:
    return read(store, lambda transaction: transaction.actions.get(ORGANIZATION, action_id, state))


def _page(store: SqlStore, query: ActionQuery = EVERY, window: PageRequest | None = None) -> Page[Action]:
    wanted = window or PageRequest()
    page = read(store, lambda transaction: transaction.actions.page(ORGANIZATION, query, wanted))
    assert page.total >= len(page.entities)
    return page


def _ids(store: SqlStore, query: ActionQuery) -> list[str]:
    return [entity.id for entity in _page(store, query).entities]


def test_what_was_added_comes_back_equal(store: SqlStore) -> None:
    """Every field survives: templates with any character, maps in their order, contracts as typed."""
    entity = action(
        name="Ünïcode",
        secure=True,
        version=3,
        config=ActionConfig(
            RequestConfig(
                "https://x/${input.id}\0\ud800", "PATCH", {"Z": "1", "A": "$esc"}, '{"a":\r\n "${input.b}"}'
            ),
            ResponseConfig(
                {"z": "$.a[*].b", "a": "$..x"}, {"z": '"none"', "a": "1.0"}, "{${successTemplate}}"
            ),
            timeout_seconds=17,
        ),
        contract=Contract('{ "type":"object", "x":1.0 }', '{"type" : "array"}'),
    )
    _add(store, entity)
    stored = _get(store, entity.id)
    assert stored == entity
    assert stored is not None
    assert list(stored.config.request.headers) == ["Z", "A"]
    assert list(stored.config.response.translation_map) == ["z", "a"]


def test_a_draft_and_its_published_form_share_an_id(store: SqlStore) -> None:
    """Both forms are kept apart; a second one in the same state is a conflict."""
    published, draft = action(version=2), action(state=DRAFT, name="Draft")
    _add(store, published, draft)
    assert (_get(store, draft.id), _get(store, draft.id, DRAFT)) == (published, draft)
    with pytest.raises(Conflict):
        _add(store, replace(draft, name="Again"))
    assert _get(store, draft.id, DRAFT) == draft


def test_replace_takes_the_expected_version_of_its_state(store: SqlStore) -> None:
    """Only the named form with the named version changes; the time of creation stays."""
    _add(store, action(), action(state=DRAFT))
    new = action(version=2, name="New", category="Other", created=NOON.replace(year=2030))
    assert not write(store, lambda transaction: transaction.actions.replace(new, expected_version=9))
    assert _get(store, new.id) == action()
    assert write(store, lambda transaction: transaction.actions.replace(new, expected_version=1))
    assert _get(store, new.id) == replace(new, created=NOON)
    assert _get(store, new.id, DRAFT) == action(state=DRAFT)


def test_remove_takes_one_form_or_both(store: SqlStore) -> None:
    """With a state only that form goes; without one nothing remains."""
    _add(store, action(), action(state=DRAFT))
    assert write(store, lambda transaction: transaction.actions.remove(ORGANIZATION, action().id, DRAFT))
    assert _get(store, action().id) == action()
    assert not write(store, lambda transaction: transaction.actions.remove(ORGANIZATION, action().id, DRAFT))
    _add(store, action(state=DRAFT))
    assert write(store, lambda transaction: transaction.actions.remove(ORGANIZATION, action().id))
    assert (_get(store, action().id), _get(store, action().id, DRAFT)) == (None, None)


def test_other_organizations_see_nothing(store: SqlStore) -> None:
    """An id alone is not enough, neither to read nor to remove."""
    _add(store, action())
    assert read(store, lambda transaction: transaction.actions.get("other", action().id, PUBLISHED)) is None
    assert not write(store, lambda transaction: transaction.actions.remove("other", action().id))
    assert read(store, lambda transaction: transaction.actions.count("other")) == 0


def test_filters_narrow_the_list(store: SqlStore) -> None:
    """Each filter gives exactly what matches: names by any part in any case, categories exactly."""
    one = action(1, name="Get ORDER 100%")
    two = action(2, category="orders", secure=True)
    three = action(3, integration_id="integration-2", state=DRAFT)
    auth = action(4, id="customAuth_-_integration-1")
    static = action(5, id="static_-_getUser_-_integration-1", category="")
    _add(store, one, two, three, auth, static)
    assert _ids(store, EVERY) == [one.id, two.id, static.id]
    assert _ids(store, ActionQuery(include_auth=True)) == [one.id, two.id, auth.id, static.id]
    assert _ids(store, ActionQuery(state=DRAFT)) == [three.id]
    assert _ids(store, ActionQuery(state=DRAFT, integration_id="integration-2")) == [three.id]
    assert _ids(store, ActionQuery(name="order 1")) == [one.id]
    assert _ids(store, ActionQuery(name="100%")) == [one.id]
    assert _ids(store, ActionQuery(name="_")) == []
    assert _ids(store, ActionQuery(category="Orders")) == [one.id]
    assert _ids(store, ActionQuery(secure=True)) == [two.id]
    assert _ids(store, ActionQuery(secure=False)) == [one.id, static.id]
    assert _ids(store, ActionQuery(ids=(two.id, "none"))) == [two.id]


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "x" * 100_000])
def test_strange_filters_match_nothing(store: SqlStore, text: str) -> None:
    """Whatever a query holds, the list ends without an error."""
    _add(store, action())
    for query in (ActionQuery(name=text), ActionQuery(category=text), ActionQuery(ids=(text,))):
        assert _ids(store, query) == []


@pytest.mark.parametrize(
    ("sort_by", "descending", "expected"),
    [
        ("", False, [1, 2, 3]),
        ("", True, [3, 2, 1]),
        ("name", False, [2, 1, 3]),
        ("name", True, [3, 1, 2]),
        ("category", False, [3, 1, 2]),
        ("id", True, [3, 2, 1]),
    ],
)
def test_sorting(store: SqlStore, sort_by: str, descending: bool, expected: list[int]) -> None:
    """Names and categories sort in any case, ties in creation order; descending is the exact reverse."""
    _add(
        store,
        action(1, name="beta", category="x"),
        action(2, name="Alpha", category="X"),
        action(3, name="beta", category="a"),
    )
    query = ActionQuery(sort_by=sort_by, descending=descending)
    assert _ids(store, query) == [f"custom_-_{number}" for number in expected]
    window = PageRequest(1, 25, sort_by, descending)
    assert [entity.id for entity in _page(store, EVERY, window).entities] == _ids(store, query)


def test_pages_know_the_total(store: SqlStore) -> None:
    """A page in the middle holds its part and the number of all."""
    _add(store, *(action(number) for number in range(5)))
    page = _page(store, window=PageRequest(2, 2))
    assert [entity.name for entity in page.entities] == ["Action 2", "Action 3"]
    assert (page.total, page.count) == (5, 3)


def test_categories_are_those_of_published_actions(store: SqlStore) -> None:
    """Each category once, by name in any case, without drafts and without the empty one."""
    _add(
        store,
        action(1, category="beta"),
        action(2, category="Alpha", secure=True),
        action(3, category="beta"),
        action(4, category="draft", state=DRAFT),
        action(5, category=""),
    )

    def categories(secure: bool | None, window: PageRequest) -> Page[str]:
        return read(store, lambda transaction: transaction.actions.categories(ORGANIZATION, secure, window))

    assert list(categories(None, PageRequest()).entities) == ["Alpha", "beta"]
    assert list(categories(True, PageRequest()).entities) == ["Alpha"]
    assert list(categories(None, PageRequest(descending=True)).entities) == ["beta", "Alpha"]
    second = categories(None, PageRequest(2, 1))
    assert (list(second.entities), second.total) == (["beta"], 2)


def test_count_is_of_distinct_custom_actions(store: SqlStore) -> None:
    """Both forms of an action count once; static and auth actions do not count."""
    _add(
        store,
        action(1),
        action(1, state=DRAFT),
        action(2, integration_id="integration-2", state=DRAFT),
        action(3, id="customAuth_-_integration-1"),
        action(4, id="static_-_x_-_integration-1"),
    )
    assert read(store, lambda transaction: transaction.actions.count(ORGANIZATION)) == 2
    assert read(store, lambda transaction: transaction.actions.count(ORGANIZATION, "integration-2")) == 1


def test_an_action_needs_its_integration(store: SqlStore) -> None:
    """An action of an integration that is not there is a conflict, not an orphan."""
    with pytest.raises(Conflict):
        _add(store, action(integration_id="none"))
    assert _ids(store, EVERY) == []
