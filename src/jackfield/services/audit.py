"""Reading the audit trail; `services.mutations` writes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from jackfield.domain.audit import AuditEntry, AuditQuery
from jackfield.domain.catalogue import found
from jackfield.domain.errors import NotFound
from jackfield.domain.finding import Place
from jackfield.domain.identity import Caller
from jackfield.domain.ports import Clock, Store


class AuditService:
    """Shows who changed what.

    Args:
        store: read only.
        clock: for ages.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    async def search(
        self, caller: Caller, query: AuditQuery, since: datetime | timedelta | None
    ) -> Sequence[AuditEntry]:
        """Return the entries that fit, newest first.

        Args:
            since: a moment, or an age.
        """
        begin = self._clock.now() - since if isinstance(since, timedelta) else since
        wanted = replace(query, since=begin)
        return await self._store.read(
            lambda transaction: transaction.audit.search(caller.organization_id, wanted)
        )

    async def get(self, caller: Caller, entry_id: str) -> AuditEntry:
        """Return one entry.

        Raises:
            NotFound: there is none with this id.
        """
        entry = await self._store.read(
            lambda transaction: transaction.audit.get(caller.organization_id, entry_id)
        )
        if entry is None:
            raise NotFound(found("AUDIT_NOT_FOUND", Place("path/auditId"), seen=entry_id[:100]))
        return entry
