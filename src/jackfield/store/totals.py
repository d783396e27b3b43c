"""How many entities the unfiltered lists hold, kept in the transaction of each addition and removal."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, insert, select, update

from jackfield.store.tables import list_totals

_COLUMNS = list_totals.c
_NAMED = (_COLUMNS.organization_id == bindparam("of"), _COLUMNS.list == bindparam("named"))
_READ = select(_COLUMNS.total).where(*_NAMED)
_CHANGE = update(list_totals).where(*_NAMED).values(total=_COLUMNS.total + bindparam("by"))


class Totals:
    """The totals of all lists, each known by a name such as `integrations`."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def change(self, organization_id: str, name: str, by: int) -> None:
        """Let a list be longer (or, below 0, shorter) than before."""
        if not self._connection.execute(_CHANGE, {"of": organization_id, "named": name, "by": by}).rowcount:
            row = {"organization_id": organization_id, "list": name, "total": by}
            self._connection.execute(insert(list_totals), row)

    def read(self, organization_id: str, name: str) -> int:
        """Return how long a list is."""
        words = {"of": organization_id, "named": name}
        return self._connection.execute(_READ, words).scalar_one_or_none() or 0
