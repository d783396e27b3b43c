"""Everything that a database holds, taken out and put back: for the test state."""

from __future__ import annotations

from sqlalchemy import Connection, Table, delete, insert, or_, select

from jackfield.domain.contents import Contents
from jackfield.store.tables import (
    access_tokens,
    authorization_codes,
    metadata,
    oauth_clients,
    refresh_tokens,
    users,
    vault_keys,
)

_LOGINS = (access_tokens, authorization_codes, refresh_tokens)
# Keys are never taken back: what was sealed with a newer one must stay readable. Logins are not, either:
# whoever asks for the old state goes on with its token.
_STAYING = (vault_keys, *_LOGINS)
_RESTORED = tuple(table for table in metadata.sorted_tables if table not in _STAYING)


class SqlContents:
    """Implements `domain.ports.ContentsRepository`."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self) -> Contents:
        """Return all rows of all tables but keys and logins."""
        return Contents({table.name: self._rows(table) for table in _RESTORED})

    def put(self, contents: Contents) -> None:
        """Replace everything; logins of users and clients that are not there any more end."""
        for table in reversed(_RESTORED):
            self._connection.execute(delete(table))
        for table in _RESTORED:
            rows = contents.rows.get(table.name)
            if rows:
                self._connection.execute(insert(table), list(rows))
        for logins in _LOGINS:
            gone = logins.c.client_id.not_in(select(oauth_clients.c.id))
            lost = logins.c.user_id.is_not(None) & logins.c.user_id.not_in(select(users.c.id))
            self._connection.execute(delete(logins).where(or_(gone, lost)))

    def _rows(self, table: Table) -> list[dict[str, object]]:
        return [dict(row._mapping) for row in self._connection.execute(select(table))]
