"""The vault's wrapped keys; opaque here."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select

from jackfield.domain.ports import WrappedKey
from jackfield.store.tables import vault_keys


class SqlKeyring:
    """Implements `domain.ports.KeyringRepository`."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, key: WrappedKey) -> None:
        """Store a new wrapped key."""
        row = {"id": key.id, "purpose": key.purpose, "wrapped": key.wrapped, "created": key.created}
        self._connection.execute(insert(vault_keys).inline(), row)

    def all(self) -> Sequence[WrappedKey]:
        """Return every wrapped key, oldest first; none before the first start."""
        rows = self._connection.execute(select(vault_keys).order_by(vault_keys.c.sequence))
        return [WrappedKey(row.id, row.purpose, bytes(row.wrapped), row.created) for row in rows]
