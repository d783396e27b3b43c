"""Answers kept for repeats of a request."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, insert, select

from jackfield.domain.errors import StoredAnswer
from jackfield.store.tables import stored_answers

_COLUMNS = stored_answers.c
_ONE = select(stored_answers).where(
    _COLUMNS.organization_id == bindparam("organization_id"),
    _COLUMNS.client_id == bindparam("client_id"),
    _COLUMNS.key == bindparam("key"),
)


class SqlIdempotency:
    """Implements `domain.ports.IdempotencyRepository`."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, organization_id: str, client_id: str, key: str) -> StoredAnswer | None:
        """Return the kept answer. Its status is 0 while the first request is under way."""
        words = {"organization_id": organization_id, "client_id": client_id, "key": key}
        row = self._connection.execute(_ONE, words).one_or_none()
        return StoredAnswer(row.digest, row.status, bytes(row.body)) if row else None

    def put(self, organization_id: str, client_id: str, key: str, answer: StoredAnswer, at: datetime) -> None:
        """Keep an answer, replacing a reservation.

        Two transactions that reserve the same key at the same time cannot both commit: the primary key stops
        the second, which ends in a Conflict.
        """
        self.remove(organization_id, client_id, key)
        self._connection.execute(
            insert(stored_answers),
            {
                "organization_id": organization_id,
                "client_id": client_id,
                "key": key,
                "digest": answer.digest,
                "status": answer.status,
                "body": answer.body,
                "at": at,
            },
        )

    def remove(self, organization_id: str, client_id: str, key: str) -> None:
        """Forget a reservation."""
        self._connection.execute(delete(stored_answers).where(_named(organization_id, client_id, key)))

    def remove_older(self, before: datetime) -> int:
        """Forget answers kept before a time; return how many."""
        return self._connection.execute(delete(stored_answers).where(_COLUMNS.at < before)).rowcount


def _named(organization_id: str, client_id: str, key: str) -> ColumnElement[bool]:
    return and_(
        _COLUMNS.organization_id == organization_id, _COLUMNS.client_id == client_id, _COLUMNS.key == key
    )
