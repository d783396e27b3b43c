"""The audit trail."""

from __future__ import annotations

from sqlalchemy import Connection, insert

from jackfield.domain.audit import AuditEntry
from jackfield.domain.page import Page, PageRequest
from jackfield.store.paging import numbered_page
from jackfield.store.tables import audit_entries


class SqlAudit:
    """Implements `domain.ports.AuditRepository`. Rows are appended; nothing here changes or removes one."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, entry: AuditEntry) -> None:
        """Append one row."""
        self._connection.execute(
            insert(audit_entries).inline(),
            {
                "id": entry.id,
                "organization_id": entry.organization_id,
                "at": entry.at,
                "actor": entry.actor,
                "action": entry.action,
                "entity_kind": entry.entity_kind,
                "entity_id": entry.entity_id,
                "before": entry.before,
                "after": entry.after,
                "correlation_id": entry.correlation_id,
            },
        )

    def page(self, organization_id: str, window: PageRequest) -> Page[AuditEntry]:
        """Return one page, newest first."""
        columns = audit_entries.c
        conditions = [columns.organization_id == organization_id]
        order = [columns.sequence.desc()]
        rows, total = numbered_page(self._connection, audit_entries, conditions, order, window)
        entries = [
            AuditEntry(
                id=row.id,
                organization_id=row.organization_id,
                at=row.at,
                actor=row.actor,
                action=row.action,
                entity_kind=row.entity_kind,
                entity_id=row.entity_id,
                before=row.before,
                after=row.after,
                correlation_id=row.correlation_id,
            )
            for row in rows
        ]
        return Page(entries, window.number, window.size, total)
