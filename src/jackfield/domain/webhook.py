"""Webhooks: where an integration takes events in, and the events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Webhook:
    """The intake of one webhook integration.

    Args:
        id: random; whoever knows it may send events.
    """

    id: str
    organization_id: str
    integration_id: str


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """One event as it came in.

    Args:
        id: what the sender got as `invocationId`.
        body: the sender's JSON text, unchanged.
    """

    id: str
    organization_id: str
    integration_id: str
    at: datetime
    body: str
    correlation_id: str
