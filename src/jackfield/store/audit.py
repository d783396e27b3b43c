"""The audit trail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, select

from jackfield.domain.audit import AuditEntry, AuditQuery
from jackfield.domain.page import Page, PageRequest
from jackfield.store.paging import numbered_page
from jackfield.store.tables import audit_entries

_COLUMNS = audit_entries.c


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
        conditions = [_COLUMNS.organization_id == organization_id]
        order = [_COLUMNS.sequence.desc()]
        rows, total = numbered_page(self._connection, audit_entries, conditions, order, window)
        entries = [_entity(row) for row in rows]
        return Page(entries, window.number, window.size, total)

    def search(self, organization_id: str, query: AuditQuery) -> Sequence[AuditEntry]:
        """Return the entries that fit, newest first."""
        conditions = [_COLUMNS.organization_id == organization_id, *_conditions(query)]
        if query.after:
            known = select(_COLUMNS.sequence).where(
                _COLUMNS.organization_id == organization_id, _COLUMNS.id == query.after
            )
            conditions.append(_COLUMNS.sequence < known.scalar_subquery())
        wanted = select(audit_entries).where(*conditions).order_by(_COLUMNS.sequence.desc()).limit(query.size)
        return [_entity(row) for row in self._connection.execute(wanted)]

    def get(self, organization_id: str, entry_id: str) -> AuditEntry | None:
        """Return one entry."""
        conditions = (_COLUMNS.organization_id == organization_id, _COLUMNS.id == entry_id)
        row = self._connection.execute(select(audit_entries).where(*conditions)).one_or_none()
        return _entity(row) if row is not None else None


def _conditions(query: AuditQuery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.action:
        column = _COLUMNS.action if "." in query.action else _COLUMNS.entity_kind
        conditions.append(column == query.action)
    if query.entity_id:
        conditions.append(_COLUMNS.entity_id == query.entity_id)
    if query.actor:
        conditions.append(_COLUMNS.actor == query.actor)
    if query.correlation_id:
        conditions.append(_COLUMNS.correlation_id == query.correlation_id)
    if query.since is not None:
        conditions.append(_COLUMNS.at >= query.since)
    return conditions


def _entity(row: Row[Any]) -> AuditEntry:
    return AuditEntry(
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
