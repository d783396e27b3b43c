"""Integrations with their configuration."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, bindparam, delete, insert, select, update

from jackfield.domain.integration import (
    Configuration,
    Integration,
    IntegrationQuery,
    IntendedState,
    ReportedState,
)
from jackfield.domain.page import Page, PageRequest
from jackfield.store.actions import SqlActions
from jackfield.store.column_types import folded
from jackfield.store.documents import SqlDocuments
from jackfield.store.paging import directed, numbered_page
from jackfield.store.tables import integration_credentials, integrations
from jackfield.store.totals import Totals

_COLUMNS = integrations.c
_SLOTS = integration_credentials.c

_LIST: Final = "integrations"
_EVERY: Final = IntegrationQuery()

_CHANGEABLE: Final = (
    "type_id",
    "intended_state",
    "reported_state",
    "name",
    "name_key",
    "version",
    "properties",
    "advanced",
    "notes",
    "modified",
)
_ONE = select(integrations).where(
    _COLUMNS.organization_id == bindparam("organization_id"), _COLUMNS.id == bindparam("integration_id")
)
_SLOTS_OF = (
    select(_SLOTS.integration_sequence, _SLOTS.slot, _SLOTS.credential_id)
    .where(_SLOTS.integration_sequence.in_(bindparam("sequences", expanding=True)))
    .order_by(_SLOTS.integration_sequence, _SLOTS.position)
)
# Built once: putting a statement together costs more than executing it.
_REPLACE = (
    update(integrations)
    .where(
        _COLUMNS.organization_id == bindparam("of"),
        _COLUMNS.id == bindparam("named"),
        _COLUMNS.version == bindparam("expected"),
    )
    .values({name: bindparam(name) for name in _CHANGEABLE})
    .returning(_COLUMNS.sequence)
)
_CLEAR_SLOTS = delete(integration_credentials).where(_SLOTS.integration_sequence == bindparam("sequence"))
_SORTS: Mapping[str, Sequence[ColumnElement[Any]]] = {
    "": (_COLUMNS.sequence,),
    "id": (_COLUMNS.id,),
    "name": (_COLUMNS.name_key, _COLUMNS.sequence),
    "integrationType": (_COLUMNS.type_id, _COLUMNS.sequence),
}


class SqlIntegrations:
    """Implements `domain.ports.IntegrationRepository`."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, integration: Integration) -> None:
        """Store a new integration."""
        row = {
            "id": integration.id,
            "organization_id": integration.organization_id,
            **_changeable(integration),
        }
        self._connection.execute(insert(integrations).inline(), {**row, "created": integration.created})
        self._count(integration.organization_id, integration.type_id, 1)
        if integration.configuration.credentials:
            self._add_slots(self._sequence_of(integration), integration.configuration.credentials)

    def get(self, organization_id: str, integration_id: str) -> Integration | None:
        """Return one integration."""
        words = {"organization_id": organization_id, "integration_id": integration_id}
        row = self._connection.execute(_ONE, words).one_or_none()
        return self._entities([row])[0] if row else None

    def replace(self, integration: Integration, *, expected_version: int) -> bool:
        """Store the integration if its stored configuration has `expected_version`; tell if it had."""
        words = {
            "of": integration.organization_id,
            "named": integration.id,
            "expected": expected_version,
            **_changeable(integration),
        }
        sequence = self._connection.execute(_REPLACE, words).scalar_one_or_none()
        if sequence is None:
            return False
        self._connection.execute(_CLEAR_SLOTS, {"sequence": sequence})
        self._add_slots(sequence, integration.configuration.credentials)
        return True

    def remove(self, organization_id: str, integration_id: str) -> bool:
        """Remove an integration, its slots and its actions; tell if it was there."""
        mine = (_COLUMNS.organization_id == organization_id, _COLUMNS.id == integration_id)
        type_id = self._connection.execute(select(_COLUMNS.type_id).where(*mine)).scalar_one_or_none()
        if type_id is None:
            return False
        SqlActions(self._connection).remove_of(organization_id, integration_id)
        SqlDocuments(self._connection).remove(organization_id, integration_id)
        self._connection.execute(delete(integrations).where(*mine))
        self._count(organization_id, type_id, -1)
        return True

    def page(self, organization_id: str, query: IntegrationQuery, window: PageRequest) -> Page[Integration]:
        """Return one page in creation order, or by `window.sort_by` (`name`, `integrationType`, `id`)."""
        columns: Sequence[ColumnElement[Any]] = _SORTS.get(window.sort_by, _SORTS[""])
        if query.ids:
            # A few ids are looked up one by one: SQLite would rather walk the whole list in its order.
            columns = [one + 0 if one is _COLUMNS.sequence else one for one in columns]
        order = directed(columns, descending=window.descending)
        conditions = _conditions(organization_id, query)
        rows, total = numbered_page(
            self._connection, integrations, conditions, order, window, self._known(organization_id, query)
        )
        return Page(self._entities(rows), window.number, window.size, total)

    def using_credential(self, organization_id: str, credential_id: str) -> Sequence[Integration]:
        """Return the integrations whose configuration names the credential, in creation order."""
        query = IntegrationQuery(credential_id=credential_id)
        rows = self._connection.execute(
            select(integrations).where(*_conditions(organization_id, query)).order_by(_COLUMNS.sequence)
        )
        return self._entities(rows.all())

    def count_of_type(self, organization_id: str, type_id: str) -> int:
        """Return how many integrations of a type there are."""
        return Totals(self._connection).read(organization_id, _list_of(type_id))

    def _known(self, organization_id: str, query: IntegrationQuery) -> Callable[[], int] | None:
        """Return what tells a list's length without counting; None if it has to be counted."""
        if query == _EVERY:
            lists: Sequence[str] = (_LIST,)
        elif query == replace(_EVERY, type_id=query.type_id):
            lists = (_list_of(query.type_id),)
        elif query == replace(_EVERY, type_ids=query.type_ids):
            lists = [_list_of(type_id) for type_id in query.type_ids or ()]
        else:
            return None
        totals = Totals(self._connection)
        return lambda: sum(totals.read(organization_id, name) for name in lists)

    def _count(self, organization_id: str, type_id: str, by: int) -> None:
        totals = Totals(self._connection)
        totals.change(organization_id, _LIST, by)
        totals.change(organization_id, _list_of(type_id), by)

    def _sequence_of(self, integration: Integration) -> int:
        words = {"organization_id": integration.organization_id, "integration_id": integration.id}
        return int(self._connection.execute(_ONE.with_only_columns(_COLUMNS.sequence), words).scalar_one())

    def _add_slots(self, sequence: int, credentials: Mapping[str, str]) -> None:
        rows = [
            {"integration_sequence": sequence, "slot": slot, "credential_id": used, "position": position}
            for position, (slot, used) in enumerate(credentials.items())
        ]
        if rows:
            self._connection.execute(insert(integration_credentials), rows)

    def _entities(self, rows: Sequence[Row[Any]]) -> list[Integration]:
        slots: dict[int, dict[str, str]] = {row.sequence: {} for row in rows}
        if rows:
            for sequence, slot, used in self._connection.execute(_SLOTS_OF, {"sequences": list(slots)}):
                slots[sequence][slot] = used
        return [_entity(row, slots[row.sequence]) for row in rows]


def _list_of(type_id: str) -> str:
    """Return the name under which the length of a type's list is kept."""
    return f"{_LIST}/{type_id}"


def _conditions(organization_id: str, query: IntegrationQuery) -> list[ColumnElement[bool]]:
    conditions = [_COLUMNS.organization_id == organization_id]
    if query.ids:
        conditions.append(_COLUMNS.id.in_(query.ids))
    if query.type_id:
        conditions.append(_COLUMNS.type_id == query.type_id)
    if query.type_ids is not None:
        conditions.append(_COLUMNS.type_id.in_(query.type_ids))
    if query.intended_state is not None:
        conditions.append(_COLUMNS.intended_state == query.intended_state.value)
    if query.reported_state is not None:
        conditions.append(_COLUMNS.reported_state == query.reported_state.value)
    if query.credential_id:
        users = select(_SLOTS.integration_sequence).where(_SLOTS.credential_id == query.credential_id)
        conditions.append(_COLUMNS.sequence.in_(users))
    return conditions


def _changeable(integration: Integration) -> dict[str, object]:
    configuration = integration.configuration
    return {
        "type_id": integration.type_id,
        "intended_state": integration.intended_state.value,
        "reported_state": integration.reported_state.value,
        "name": configuration.name,
        "name_key": folded(configuration.name),
        "version": configuration.version,
        "properties": configuration.properties,
        "advanced": configuration.advanced,
        "notes": configuration.notes,
        "modified": integration.modified,
    }


def _entity(row: Row[Any], slots: Mapping[str, str]) -> Integration:
    return Integration(
        id=row.id,
        organization_id=row.organization_id,
        type_id=row.type_id,
        intended_state=IntendedState(row.intended_state),
        reported_state=ReportedState(row.reported_state),
        configuration=Configuration(
            name=row.name,
            version=row.version,
            properties=row.properties,
            advanced=row.advanced,
            notes=row.notes,
            credentials=slots,
        ),
        created=row.created,
        modified=row.modified,
    )
