"""Webhooks, their events and small documents, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from jackfield.domain.page import PageRequest
from jackfield.domain.ports import Transaction
from jackfield.domain.webhook import Webhook, WebhookEvent
from jackfield.store import SqlStore
from jackfield.store.webhooks import KEPT_EVENTS
from support.stores import NOON, ORGANIZATION, credential, integration, read, write

HOOK = Webhook("token-1", ORGANIZATION, "integration-1")
EVENT = WebhookEvent("event-1", ORGANIZATION, "integration-1", NOON, '{"n": 1.0}', "c-1")


@pytest.fixture
def hooked(store: SqlStore) -> SqlStore:
    """A store with two webhook integrations."""

    def work(transaction: Transaction) -> None:
        for number in (1, 2):
            transaction.integrations.add(integration(number))
            transaction.webhooks.add(Webhook(f"token-{number}", ORGANIZATION, f"integration-{number}"))

    write(store, work)
    return store


def test_webhooks_are_found_both_ways(hooked: SqlStore) -> None:
    """By their id, and by the integrations they belong to."""
    assert read(hooked, lambda transaction: transaction.webhooks.get("token-1")) == HOOK
    assert read(hooked, lambda transaction: transaction.webhooks.get("token-3")) is None
    wanted = ["integration-2", "integration-1", "integration-9"]
    found = read(hooked, lambda transaction: transaction.webhooks.of_integrations(wanted))
    assert found == {"integration-1": "token-1", "integration-2": "token-2"}


def test_the_newest_events_stay(hooked: SqlStore) -> None:
    """Of each integration the newest are kept; the other one's are not touched."""

    def work(transaction: Transaction) -> None:
        transaction.webhooks.add_event(replace(EVENT, id="other", integration_id="integration-2"))
        for number in range(KEPT_EVENTS + 3):
            at = NOON + timedelta(seconds=number)
            transaction.webhooks.add_event(replace(EVENT, id=f"event-{number}", at=at))

    write(hooked, work)
    first = PageRequest(1, 2)
    page = read(hooked, lambda transaction: transaction.webhooks.events(ORGANIZATION, "integration-1", first))
    newest = [f"event-{KEPT_EVENTS + 2}", f"event-{KEPT_EVENTS + 1}"]
    assert [event.id for event in page.entities] == newest
    assert page.total == KEPT_EVENTS
    every = read(hooked, lambda transaction: transaction.webhooks.events(ORGANIZATION, "", first))
    assert every.total == KEPT_EVENTS + 1
    none = read(hooked, lambda transaction: transaction.webhooks.events("another", "", first))
    assert none.total == 0


def test_an_integration_takes_its_own_along(hooked: SqlStore) -> None:
    """Webhook, events and documents of a removed integration are gone."""

    def fill(transaction: Transaction) -> None:
        transaction.webhooks.add_event(EVENT)
        transaction.documents.put(ORGANIZATION, "integration-1", "presences", "{}", NOON)

    write(hooked, fill)
    write(hooked, lambda transaction: transaction.integrations.remove(ORGANIZATION, "integration-1"))
    assert read(hooked, lambda transaction: transaction.webhooks.get("token-1")) is None
    page = read(hooked, lambda transaction: transaction.webhooks.events(ORGANIZATION, "", PageRequest()))
    assert page.total == 0
    left = read(
        hooked, lambda transaction: transaction.documents.get(ORGANIZATION, "integration-1", "presences")
    )
    assert left is None


def test_documents_are_replaced(store: SqlStore) -> None:
    """One text for each owner and kind; a removed credential takes its own along."""

    def fill(transaction: Transaction) -> None:
        transaction.credentials.add(credential(1))
        for text in ("first", "second"):
            transaction.documents.put(ORGANIZATION, "credential-1", "check", text, NOON)
        transaction.documents.put(ORGANIZATION, "credential-1", "previous", "other", NOON)
        transaction.documents.put(ORGANIZATION, "credential-2", "check", "stays", NOON)

    write(store, fill)
    owners = ["credential-1", "credential-2", "credential-3"]
    found = read(store, lambda transaction: transaction.documents.get_many(ORGANIZATION, owners, "check"))
    assert found == {"credential-1": "second", "credential-2": "stays"}
    write(store, lambda transaction: transaction.documents.remove(ORGANIZATION, "credential-1", "check"))
    left = read(
        store, lambda transaction: transaction.documents.get(ORGANIZATION, "credential-1", "previous")
    )
    assert left == "other"
    write(store, lambda transaction: transaction.credentials.remove(ORGANIZATION, "credential-1"))
    found = read(store, lambda transaction: transaction.documents.get_many(ORGANIZATION, owners, "previous"))
    assert found == {}
