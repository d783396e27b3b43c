"""The audit trail: one row per change, in the change's own transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Which changes are asked for, newest first; "" and None leave a filter out.

    Args:
        action: such as `integration.create`; a noun alone (`integration`) stands for all of its verbs.
        entity_id: what was changed.
        actor: id of a user or of an OAuth client.
        since: changes before it are left out.
        after: id of the entry behind which the list goes on.
        size: how many at most.
    """

    action: str = ""
    entity_id: str = ""
    actor: str = ""
    correlation_id: str = ""
    since: datetime | None = None
    after: str = ""
    size: int = 25


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
