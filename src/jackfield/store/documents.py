"""Small texts that belong to an entity and are read and replaced as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from jackfield.store.tables import documents

_COLUMNS = documents.c


class SqlDocuments:
    """Implements `domain.ports.DocumentRepository`."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, organization_id: str, owner: str, kind: str) -> str | None:
        """Return a text, None if there is none."""
        mine = (
            _COLUMNS.organization_id == organization_id,
            _COLUMNS.owner == owner,
            _COLUMNS.kind == kind,
        )
        return self._connection.execute(select(_COLUMNS.content).where(*mine)).scalar_one_or_none()

    def get_many(self, organization_id: str, owners: Sequence[str], kind: str) -> dict[str, str]:
        """Return owner to text, of those owners that have one."""
        rows = self._connection.execute(
            select(_COLUMNS.owner, _COLUMNS.content).where(
                _COLUMNS.organization_id == organization_id,
                _COLUMNS.kind == kind,
                _COLUMNS.owner.in_(owners),
            )
        )
        return {row.owner: row.content for row in rows}

    def put(self, organization_id: str, owner: str, kind: str, content: str, at: datetime) -> None:
        """Store a text in the place of what was there; `at` is its time, or when it may be removed."""
        changed = self._connection.execute(
            update(documents)
            .where(
                _COLUMNS.organization_id == organization_id,
                _COLUMNS.owner == owner,
                _COLUMNS.kind == kind,
            )
            .values(content=content, modified=at)
        )
        if not changed.rowcount:
            row = {"organization_id": organization_id, "owner": owner, "kind": kind}
            self._connection.execute(insert(documents), {**row, "content": content, "modified": at})

    def remove(self, organization_id: str, owner: str, kind: str = "") -> None:
        """Remove a text, or (kind "") all of an owner."""
        mine = [_COLUMNS.organization_id == organization_id, _COLUMNS.owner == owner]
        if kind:
            mine.append(_COLUMNS.kind == kind)
        self._connection.execute(delete(documents).where(*mine))

    def remove_before(self, kind: str, moment: datetime) -> None:
        """Remove the texts of a kind whose time is before a moment, whatever they belong to."""
        self._connection.execute(delete(documents).where(_COLUMNS.kind == kind, _COLUMNS.modified < moment))
