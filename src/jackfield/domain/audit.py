"""The audit trail: one row per change, in the change's own transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change.

    Args:
        action: such as `integration.create`.
        entity_id: what was changed.
        before: JSON text of the state before, "" if there was none; secrets only as keyed fingerprints.
        after: JSON text of the state after, "" if there is none.
    """

    id: str
    organization_id: str
    at: datetime
    actor: str
    action: str
    entity_kind: str
    entity_id: str
    before: str
    after: str
    correlation_id: str
