"""Events that come in through webhooks."""

from __future__ import annotations

from jackfield.domain.catalogue import found
from jackfield.domain.errors import Conflict, NotFound, Refused
from jackfield.domain.finding import Place
from jackfield.domain.identity import Caller
from jackfield.domain.integration import IntendedState
from jackfield.domain.json_reader import read_json
from jackfield.domain.page import Page, PageRequest
from jackfield.domain.ports import Clock, Ids, Store, Transaction
from jackfield.domain.webhook import WebhookEvent
from jackfield.engine.json_text import NotJson, read_json_text
from jackfield.services.repeats import Repeats


class WebhookService:
    """Takes events in and shows them.

    Args:
        store: where they are kept.
    """

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._store, self._clock, self._ids = store, clock, ids
        self._repeats = Repeats(store, clock)

    async def invoke(self, caller: Caller, webhook_id: str, body: bytes) -> WebhookEvent:
        """Keep an event; whoever knows the webhook's id may send one.

        Args:
            caller: nobody in particular, with the request's correlation id.
            body: any JSON value.

        Raises:
            Refused: the body is not JSON.
            NotFound: there is no such webhook.
            Conflict: its integration is not enabled.
        """
        text = _json_text(body)

        def work(transaction: Transaction) -> WebhookEvent:
            event = self._event(transaction, webhook_id, text, caller.correlation_id)
            transaction.webhooks.add_event(event)
            return event

        return await self._repeats.once(caller, lambda: self._store.write(work))

    async def events(self, caller: Caller, integration_id: str, window: PageRequest) -> Page[WebhookEvent]:
        """Return one page of what came in, newest first; of all webhooks with ""."""
        return await self._store.read(
            lambda transaction: transaction.webhooks.events(caller.organization_id, integration_id, window)
        )

    def _event(
        self, transaction: Transaction, webhook_id: str, text: str, correlation_id: str
    ) -> WebhookEvent:
        webhook = transaction.webhooks.get(webhook_id)
        unknown = NotFound(found("WEBHOOK_NOT_FOUND", Place("path/tokenId"), seen=webhook_id[:100]))
        if webhook is None:
            raise unknown
        integration = transaction.integrations.get(webhook.organization_id, webhook.integration_id)
        if integration is None:
            raise unknown
        if integration.intended_state is not IntendedState.ENABLED:
            raise Conflict(found("WEBHOOK_DISABLED", integration_id=integration.id))
        return WebhookEvent(
            id=self._ids.uuid(),
            organization_id=webhook.organization_id,
            integration_id=integration.id,
            at=self._clock.now(),
            body=text,
            correlation_id=correlation_id,
        )


def _json_text(body: bytes) -> str:
    """Return the body as text.

    Raises:
        Refused: it is not JSON; the findings say where and what to write.
    """
    try:
        read_json_text(body)
    except NotJson:
        faults = tuple(fault for fault in read_json(body).faults if fault.is_error)
        kind, advice = "a text with values that JSON does not have", "Send a JSON object"
        raise Refused(*(faults or (found("JSON_NOT_JSON", kind=kind, advice=advice),))) from None
    return body.decode()
