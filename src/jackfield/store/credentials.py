"""Stored credentials with their sealed fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, exists, insert, select, update

from jackfield.domain.credential import Credential
from jackfield.domain.page import CursorPage, CursorRequest, Page, PageRequest
from jackfield.store.documents import SqlDocuments
from jackfield.store.paging import directed, numbered_page
from jackfield.store.tables import credentials, integration_credentials, removed_credentials, sealed_fields
from jackfield.store.totals import Totals

_COLUMNS = credentials.c
_FIELDS = sealed_fields.c

_LIST: Final = "credentials"

_MANY = select(credentials).where(
    _COLUMNS.organization_id == bindparam("organization_id"),
    _COLUMNS.id.in_(bindparam("credential_ids", expanding=True)),
)
_FIELDS_OF = (
    select(_FIELDS.credential_sequence, _FIELDS.field, _FIELDS.sealed)
    .where(_FIELDS.credential_sequence.in_(bindparam("sequences", expanding=True)))
    .order_by(_FIELDS.credential_sequence, _FIELDS.position)
)


class SqlCredentials:
    """Implements `domain.ports.CredentialRepository`."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, credential: Credential) -> None:
        """Store a new credential."""
        row = {"id": credential.id, "organization_id": credential.organization_id, **_changeable(credential)}
        self._connection.execute(insert(credentials).inline(), {**row, "created": credential.created})
        self._add_fields(credential)
        Totals(self._connection).change(credential.organization_id, _LIST, 1)

    def get(self, organization_id: str, credential_id: str) -> Credential | None:
        """Return one credential with its sealed fields."""
        return next(iter(self.get_many(organization_id, (credential_id,))), None)

    def get_many(self, organization_id: str, credential_ids: Sequence[str]) -> Sequence[Credential]:
        """Return those of the named credentials that exist, in the order of the names."""
        words = {"organization_id": organization_id, "credential_ids": list(dict.fromkeys(credential_ids))}
        rows = self._connection.execute(_MANY, words).all() if credential_ids else ()
        sealed: dict[int, dict[str, bytes]] = {row.sequence: {} for row in rows}
        if rows:
            for sequence, field, value in self._connection.execute(_FIELDS_OF, {"sequences": list(sealed)}):
                sealed[sequence][field] = bytes(value)
        known = {row.id: _entity(row, sealed[row.sequence]) for row in rows}
        return [known[name] for name in dict.fromkeys(credential_ids) if name in known]

    def replace(self, credential: Credential, *, expected_version: int) -> bool:
        """Store the credential if its stored version is `expected_version`; tell if it was."""
        changed = self._connection.execute(
            update(credentials)
            .where(
                _COLUMNS.organization_id == credential.organization_id,
                _COLUMNS.id == credential.id,
                _COLUMNS.version == expected_version,
            )
            .values(_changeable(credential))
        )
        if not changed.rowcount:
            return False
        sequence = select(_COLUMNS.sequence).where(_COLUMNS.id == credential.id).scalar_subquery()
        self._connection.execute(delete(sealed_fields).where(_FIELDS.credential_sequence == sequence))
        self._add_fields(credential)
        return True

    def remove(self, organization_id: str, credential_id: str) -> bool:
        """Remove a credential; tell if it was there. Its place in the order of cursors stays known."""
        mine = (_COLUMNS.organization_id == organization_id, _COLUMNS.id == credential_id)
        sequence = self._connection.execute(select(_COLUMNS.sequence).where(*mine)).scalar_one_or_none()
        if sequence is None:
            return False
        self._connection.execute(delete(credentials).where(_COLUMNS.sequence == sequence))
        SqlDocuments(self._connection).remove(organization_id, credential_id)
        # The id may have been used and removed before.
        self._connection.execute(delete(removed_credentials).where(removed_credentials.c.id == credential_id))
        place = {"id": credential_id, "organization_id": organization_id, "sequence": sequence}
        self._connection.execute(insert(removed_credentials), place)
        Totals(self._connection).change(organization_id, _LIST, -1)
        return True

    def page(self, organization_id: str, window: PageRequest) -> Page[Credential]:
        """Return one page in creation order, without sealed fields."""
        order = directed((_COLUMNS.sequence,), descending=window.descending)
        conditions = [_COLUMNS.organization_id == organization_id]
        known = partial(Totals(self._connection).read, organization_id, _LIST)
        rows, total = numbered_page(self._connection, credentials, conditions, order, window, known)
        return Page([_entity(row, {}) for row in rows], window.number, window.size, total)

    def unused(self, organization_id: str, window: PageRequest) -> Page[Credential]:
        """Return one page of those that no integration uses, in creation order, without sealed fields."""
        used = exists().where(integration_credentials.c.credential_id == _COLUMNS.id)
        conditions = [_COLUMNS.organization_id == organization_id, ~used]
        order = [_COLUMNS.sequence.asc()]
        rows, total = numbered_page(self._connection, credentials, conditions, order, window)
        return Page([_entity(row, {}) for row in rows], window.number, window.size, total)

    def cursor(self, organization_id: str, window: CursorRequest) -> CursorPage[Credential]:
        """Return a run of credentials in creation order, without sealed fields.

        A cursor is the id of a credential, also of one removed since. An id that never was one gives no
        entities, so that a client that loops until it gets none comes to an end.
        """
        backwards = bool(window.before) and not window.after
        start = self._place(organization_id, window.after or window.before)
        if start is None:
            return CursorPage((), window.size, None, None, known=False)
        beyond = [_COLUMNS.sequence < start if backwards else _COLUMNS.sequence > start]
        if window.until is not None:
            beyond.append(_COLUMNS.created <= window.until)
        rows = self._connection.execute(
            select(credentials)
            .where(_COLUMNS.organization_id == organization_id, *beyond)
            .order_by(*directed((_COLUMNS.sequence,), descending=backwards))
            .limit(window.size + 1)
        ).all()
        more = len(rows) > window.size
        rows = rows[: window.size][::-1] if backwards else rows[: window.size]
        has_next, has_previous = (True, more) if backwards else (more, start > 0)
        return CursorPage(
            [_entity(row, {}) for row in rows],
            window.size,
            rows[-1].id if rows and has_next else None,
            rows[0].id if rows and has_previous else None,
        )

    def _place(self, organization_id: str, credential_id: str) -> int | None:
        """Return the sequence of a credential that is or was there; 0, before all, for ""."""
        if not credential_id:
            return 0
        for table in (credentials, removed_credentials):
            sequence = self._connection.execute(
                select(table.c.sequence).where(
                    table.c.organization_id == organization_id, table.c.id == credential_id
                )
            ).scalar_one_or_none()
            if sequence is not None:
                return int(sequence)
        return None

    def _add_fields(self, credential: Credential) -> None:
        if not credential.sealed:
            return
        query = select(_COLUMNS.sequence).where(_COLUMNS.id == credential.id)
        sequence = self._connection.execute(query).scalar_one()
        rows = [
            {"credential_sequence": sequence, "field": field, "position": position, "sealed": value}
            for position, (field, value) in enumerate(credential.sealed.items())
        ]
        self._connection.execute(insert(sealed_fields), rows)


def _changeable(credential: Credential) -> dict[str, object]:
    return {
        "name": credential.name,
        "type_name": credential.type_name,
        "version": credential.version,
        "modified": credential.modified,
    }


def _entity(row: Row[Any], sealed: Mapping[str, bytes]) -> Credential:
    return Credential(
        id=row.id,
        organization_id=row.organization_id,
        name=row.name,
        type_name=row.type_name,
        version=row.version,
        created=row.created,
        modified=row.modified,
        sealed=sealed,
    )
