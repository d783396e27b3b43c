"""Pages of lists: the end, the count, and that an index finds them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, text

from jackfield.domain.action import ActionQuery, ActionState
from jackfield.domain.integration import IntegrationQuery, ReportedState
from jackfield.domain.page import CursorRequest, PageRequest
from jackfield.domain.ports import Transaction
from jackfield.store import SqlStore
from support.stores import ORGANIZATION, action, add_all, audit_entry, credential, integration, read, write

TABLES = ("integrations", "credentials", "actions", "audit_entries")
SECOND = PageRequest(2, 3)
LISTS: dict[str, Callable[[Transaction], object]] = {
    "integrations": lambda t: t.integrations.page(ORGANIZATION, IntegrationQuery(), SECOND),
    "integrations by name": lambda t: t.integrations.page(
        ORGANIZATION, IntegrationQuery(), PageRequest(1, 3, "name")
    ),
    "integrations by type": lambda t: t.integrations.page(
        ORGANIZATION, IntegrationQuery(), PageRequest(1, 3, "integrationType")
    ),
    "integrations of a type": lambda t: t.integrations.page(
        ORGANIZATION, IntegrationQuery(type_id="custom-rest-actions"), SECOND
    ),
    "integrations in a state": lambda t: t.integrations.page(
        ORGANIZATION, IntegrationQuery(reported_state=ReportedState.INACTIVE), SECOND
    ),
    "integrations with a credential": lambda t: t.integrations.page(
        ORGANIZATION, IntegrationQuery(credential_id="credential-1"), SECOND
    ),
    "users of a credential": lambda t: t.integrations.using_credential(ORGANIZATION, "credential-1"),
    "credentials": lambda t: t.credentials.page(ORGANIZATION, SECOND),
    "credentials by cursor": lambda t: t.credentials.cursor(
        ORGANIZATION, CursorRequest(3, after="credential-2")
    ),
    "actions": lambda t: t.actions.page(ORGANIZATION, ActionQuery(), SECOND),
    "actions by name": lambda t: t.actions.page(ORGANIZATION, ActionQuery(sort_by="name"), SECOND),
    "actions by category": lambda t: t.actions.page(ORGANIZATION, ActionQuery(sort_by="category"), SECOND),
    "actions by id": lambda t: t.actions.page(ORGANIZATION, ActionQuery(sort_by="id"), SECOND),
    "actions of an integration": lambda t: t.actions.count(ORGANIZATION, "integration-1"),
    "categories": lambda t: t.actions.categories(ORGANIZATION, None, SECOND),
    "audit": lambda t: t.audit.page(ORGANIZATION, SECOND),
}


@pytest.fixture(autouse=True)
def _rows(store: SqlStore) -> None:
    numbers = range(6)
    add_all(store, lambda transaction: transaction.integrations.add, *map(integration, numbers))
    add_all(store, lambda transaction: transaction.credentials.add, *map(credential, numbers))
    add_all(store, lambda transaction: transaction.actions.add, *map(action, numbers))
    add_all(store, lambda transaction: transaction.audit.add, *map(audit_entry, numbers))


def _statements(store: SqlStore, work: Callable[[Transaction], object]) -> list[tuple[str, object]]:
    """Return what a read asks of the database."""
    seen: list[tuple[str, object]] = []

    def note(
        _connection: object, _cursor: object, statement: str, parameters: object, *_rest: object
    ) -> None:
        if statement.startswith("SELECT"):
            seen.append((statement, parameters))

    event.listen(store._reading, "before_cursor_execute", note)
    read(store, work)
    event.remove(store._reading, "before_cursor_execute", note)
    return seen


def _scanned(store: SqlStore, statement: str, parameters: Any) -> list[str]:
    """Return the lines of the plan that read a whole table although indexes may be used."""
    with store._reading.connect() as connection:
        cursor = connection.connection.cursor()
        if connection.dialect.name == "postgresql":
            cursor.execute("SET enable_seqscan = off")
            cursor.execute(f"EXPLAIN {statement}", parameters)
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
        lines = [str(row[-1]) for row in cursor.fetchall()]
        cursor.close()
    marks = [mark for table in TABLES for mark in (f"SCAN {table}", f"Seq Scan on {table}")]
    return [line for line in lines if any(mark in line for mark in marks)]


@pytest.mark.parametrize("name", LISTS)
def test_an_index_finds_every_list(store: SqlStore, name: str) -> None:
    """No list, count or cursor has to read a whole table."""
    statements = _statements(store, LISTS[name])
    assert statements
    assert [line for one in statements for line in _scanned(store, *one)] == []


def test_control_a_scan_is_seen(store: SqlStore) -> None:
    """A question that no index answers is noticed by the test above."""
    assert _scanned(store, "SELECT id FROM integrations WHERE notes = 'x'", ())


def test_a_list_whose_end_is_seen_is_not_counted(store: SqlStore) -> None:
    """A page that is not full tells the total by itself; a full one, and one past the end, are counted."""

    def counts(window: PageRequest) -> tuple[int, int]:
        statements = _statements(store, lambda t: t.audit.page(ORGANIZATION, window))
        page = read(store, lambda t: t.audit.page(ORGANIZATION, window))
        return page.total, sum("count(" in statement for statement, _ in statements)

    assert counts(PageRequest(1, 25)) == (6, 0)
    assert counts(PageRequest(2, 4)) == (6, 0)
    assert counts(PageRequest(1, 6)) == (6, 1)
    assert counts(PageRequest(1, 2)) == (6, 1)
    assert counts(PageRequest(9, 2)) == (6, 1)


def test_long_lists_are_not_counted(store: SqlStore) -> None:
    """The total of a full page of an unfiltered list is read, not counted, however many rows there are."""
    for name in ("integrations", "integrations by name", "credentials", "actions", "actions by name"):
        statements = _statements(store, LISTS[name])
        assert [one for one, _ in statements if "list_totals" in one]
        assert not [one for one, _ in statements if "count(" in one]


def test_totals_follow_every_change(store: SqlStore) -> None:
    """After any additions and removals, also of an integration with its actions, totals are what is there."""
    add_all(
        store,
        lambda transaction: transaction.actions.add,
        action(7, integration_id="integration-2", state=ActionState.DRAFT),
        action(8, integration_id="integration-2", id="customAuth_-_integration-2"),
        action(9, integration_id="integration-2"),
    )

    def remove(transaction: Transaction) -> None:
        transaction.integrations.remove(ORGANIZATION, "integration-2")
        transaction.integrations.remove(ORGANIZATION, "integration-2")
        transaction.credentials.remove(ORGANIZATION, "credential-3")
        transaction.credentials.remove(ORGANIZATION, "none")
        transaction.actions.remove(ORGANIZATION, action(4).id)
        transaction.actions.remove(ORGANIZATION, "none")

    assert _totals(store) == {"integrations": 6, "credentials": 6, "published": 7, "draft": 1}
    write(store, remove)
    assert _totals(store) == {"integrations": 5, "credentials": 5, "published": 5, "draft": 0}


def _totals(store: SqlStore) -> dict[str, int]:
    """Return what lists of one entity each, which never see their end, say about their totals."""
    one = PageRequest(1, 1)

    def work(t: Transaction) -> dict[str, int]:
        draft = ActionQuery(state=ActionState.DRAFT)
        return {
            "integrations": t.integrations.page(ORGANIZATION, IntegrationQuery(), one).total,
            "credentials": t.credentials.page(ORGANIZATION, one).total,
            "published": t.actions.page(ORGANIZATION, ActionQuery(), one).total,
            "draft": t.actions.page(ORGANIZATION, draft, one).total,
        }

    return read(store, work)


def test_an_empty_list_is_not_counted(store: SqlStore) -> None:
    """The first page of nothing is the end of it."""
    with store._writing.begin() as connection:
        connection.execute(text("DELETE FROM audit_entries"))
    statements = _statements(store, lambda t: t.audit.page(ORGANIZATION, PageRequest()))
    assert read(store, lambda t: t.audit.page(ORGANIZATION, PageRequest())).total == 0
    assert len(statements) == 1
