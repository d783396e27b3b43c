"""Events that come in through webhooks, and the list of what came in."""

from __future__ import annotations

from typing import Any

from jackfield.api.call import Call
from jackfield.api.exchange import Answer
from jackfield.api.json_bytes import Raw, dump
from jackfield.api.paging import listing, page_request
from jackfield.api.shapes.times import fine_stamp
from jackfield.domain.webhook import WebhookEvent

EVENTS = "/jackfield/v1/webhook-events"


async def take_event(call: Call) -> Answer:
    """Keep one event; the webhook's id in the path is all that is asked for."""
    event = await call.services.webhooks.invoke(
        call.presenting(invocation), call.parameters["tokenId"], call.body
    )
    return Answer(dump(invocation(event)))


async def list_events(call: Call) -> Answer:
    """Answer one page of events, newest first."""
    window = page_request(call.query)
    integration_id = call.query.text("integrationId")
    warnings = call.settled()
    page = await call.services.webhooks.events(call.caller, integration_id, window)
    repeated = {"integrationId": integration_id} if integration_id else {}
    return Answer(dump(listing(page, _event, EVENTS, repeated)), warnings=warnings)


def invocation(event: WebhookEvent) -> dict[str, Any]:
    """Return a WebhookInvocationResponse."""
    return {"invocationId": event.id}


def _event(event: WebhookEvent) -> dict[str, Any]:
    return {
        "id": event.id,
        "integrationId": event.integration_id,
        "receivedDate": fine_stamp(event.at),
        "correlationId": event.correlation_id,
        "body": Raw(event.body),
    }
