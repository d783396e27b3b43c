"""The audit trail in the store."""

from __future__ import annotations

import pytest

from jackfield.domain.audit import AuditEntry, AuditQuery
from jackfield.domain.errors import Conflict
from jackfield.domain.page import PageRequest
from jackfield.store import SqlStore
from support.stores import ORGANIZATION, add_all, audit_entry, read, write


def test_pages_are_newest_first(store: SqlStore) -> None:
    """Rows come back equal, the last one first, with the number of all."""
    add_all(store, lambda transaction: transaction.audit.add, *map(audit_entry, range(3)))
    page = read(store, lambda transaction: transaction.audit.page(ORGANIZATION, PageRequest(1, 2)))
    assert list(page.entities) == [audit_entry(2), audit_entry(1)]
    assert page.total == 3


def test_other_organizations_see_nothing(store: SqlStore) -> None:
    """The trail of one organization is not shown to another."""
    write(store, lambda transaction: transaction.audit.add(audit_entry()))
    page = read(store, lambda transaction: transaction.audit.page("other", PageRequest()))
    assert (list(page.entities), page.total) == ([], 0)


def test_a_row_is_written_once(store: SqlStore) -> None:
    """A second row under the same id is refused, so no row can be passed off as another."""
    write(store, lambda transaction: transaction.audit.add(audit_entry()))
    with pytest.raises(Conflict):
        write(store, lambda transaction: transaction.audit.add(audit_entry()))


def test_a_search_goes_on_behind_an_entry(store: SqlStore) -> None:
    """Newest first; behind an entry come those before it, behind an unknown one nothing."""
    add_all(store, lambda transaction: transaction.audit.add, *map(audit_entry, range(4)))

    def found(query: AuditQuery, organization: str = ORGANIZATION) -> list[AuditEntry]:
        return list(read(store, lambda transaction: transaction.audit.search(organization, query)))

    assert found(AuditQuery(size=2)) == [audit_entry(3), audit_entry(2)]
    assert found(AuditQuery(after=audit_entry(2).id)) == [audit_entry(1), audit_entry(0)]
    assert found(AuditQuery(after="unknown")) == []
    assert found(AuditQuery(), "other") == []
    one = audit_entry(1)
    assert one in found(AuditQuery(one.action, one.entity_id, one.actor, one.correlation_id, one.at))
    assert found(AuditQuery(actor="' OR 1=1 --")) == []
    get = read(store, lambda transaction: transaction.audit.get(ORGANIZATION, one.id))
    assert get == one
    assert read(store, lambda transaction: transaction.audit.get("other", one.id)) is None
