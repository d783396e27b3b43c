"""Webhooks and the events that came in through them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from jackfield.domain.page import Page, PageRequest
from jackfield.domain.webhook import Webhook, WebhookEvent
from jackfield.store.paging import numbered_page
from jackfield.store.tables import webhook_events, webhooks

KEPT_EVENTS: Final = 500
"""Of each webhook; older ones are removed as new ones come in."""

_EVENTS = webhook_events.c


class SqlWebhooks:
    """Implements `domain.ports.WebhookRepository`."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, webhook: Webhook) -> None:
        """Store the intake of an integration."""
        row = {
            "id": webhook.id,
            "organization_id": webhook.organization_id,
            "integration_id": webhook.integration_id,
        }
        self._connection.execute(insert(webhooks), row)

    def get(self, webhook_id: str) -> Webhook | None:
        """Return one webhook."""
        row = self._connection.execute(select(webhooks).where(webhooks.c.id == webhook_id)).one_or_none()
        return Webhook(row.id, row.organization_id, row.integration_id) if row else None

    def of_integrations(self, integration_ids: Sequence[str]) -> dict[str, str]:
        """Return integration id to webhook id, of those that have one."""
        columns = webhooks.c
        rows = self._connection.execute(
            select(columns.integration_id, columns.id).where(columns.integration_id.in_(integration_ids))
        )
        return {row.integration_id: row.id for row in rows}

    def add_event(self, event: WebhookEvent) -> None:
        """Append an event; of each integration the newest KEPT_EVENTS stay."""
        row = {
            "id": event.id,
            "organization_id": event.organization_id,
            "integration_id": event.integration_id,
            "at": event.at,
            "body": event.body,
            "correlation_id": event.correlation_id,
        }
        self._connection.execute(insert(webhook_events).inline(), row)
        mine = _EVENTS.integration_id == event.integration_id
        newest_too_old = (
            select(_EVENTS.sequence)
            .where(mine)
            .order_by(_EVENTS.sequence.desc())
            .limit(1)
            .offset(KEPT_EVENTS)
        ).scalar_subquery()
        self._connection.execute(delete(webhook_events).where(mine, _EVENTS.sequence <= newest_too_old))

    def events(self, organization_id: str, integration_id: str, window: PageRequest) -> Page[WebhookEvent]:
        """Return one page, newest first; of all integrations with ""."""
        conditions = [_EVENTS.organization_id == organization_id]
        if integration_id:
            conditions.append(_EVENTS.integration_id == integration_id)
        order = [_EVENTS.sequence.desc()]
        rows, total = numbered_page(self._connection, webhook_events, conditions, order, window)
        events = [
            WebhookEvent(
                id=row.id,
                organization_id=row.organization_id,
                integration_id=row.integration_id,
                at=row.at,
                body=row.body,
                correlation_id=row.correlation_id,
            )
            for row in rows
        ]
        return Page(events, window.number, window.size, total)
