"""Data actions, published and drafts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, bindparam, delete, func, insert, select, update

from jackfield.domain.action import Action, ActionQuery, ActionState, Contract
from jackfield.domain.page import Page, PageRequest
from jackfield.store.action_text import read_config, write_config
from jackfield.store.column_types import folded, scrubbed
from jackfield.store.paging import directed, numbered_page
from jackfield.store.tables import actions
from jackfield.store.totals import Totals

_COLUMNS = actions.c
_KIND_END: Final = "_-_"
_CUSTOM: Final = "custom"
_AUTH: Final = "customAuth"
# What is left of the kinds once auth actions are hidden; a list keeps the condition inside the indexes.
_LISTED: Final = (_CUSTOM, "static", "")

_ONE = select(actions).where(
    _COLUMNS.organization_id == bindparam("organization_id"),
    _COLUMNS.id == bindparam("action_id"),
    _COLUMNS.state == bindparam("state"),
)
_SORTS: Mapping[str, Sequence[ColumnElement[Any]]] = {
    "": (_COLUMNS.sequence,),
    "id": (_COLUMNS.id,),
    "name": (_COLUMNS.name_key, _COLUMNS.sequence),
    "category": (_COLUMNS.category_key, _COLUMNS.sequence),
}


class SqlActions:
    """Implements `domain.ports.ActionRepository`."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, action: Action) -> None:
        """Store a new action in its state."""
        row = {
            "id": action.id,
            "state": action.state.value,
            "kind": _kind(action.id),
            "organization_id": action.organization_id,
            "created": action.created,
            **_changeable(action),
        }
        self._connection.execute(insert(actions).inline(), row)
        if row["kind"] in _LISTED:
            Totals(self._connection).change(action.organization_id, _list(action.state), 1)

    def get(self, organization_id: str, action_id: str, state: ActionState) -> Action | None:
        """Return one action in one state."""
        words = {"organization_id": organization_id, "action_id": action_id, "state": state.value}
        row = self._connection.execute(_ONE, words).one_or_none()
        return _entity(row) if row else None

    def replace(self, action: Action, *, expected_version: int) -> bool:
        """Store the action if the stored one of its state has `expected_version`; tell if it had."""
        changed = self._connection.execute(
            update(actions)
            .where(
                _COLUMNS.organization_id == action.organization_id,
                _COLUMNS.id == action.id,
                _COLUMNS.state == action.state.value,
                _COLUMNS.version == expected_version,
            )
            .values(_changeable(action))
        )
        return bool(changed.rowcount)

    def remove(self, organization_id: str, action_id: str, state: ActionState | None = None) -> bool:
        """Remove one form of an action, or (None) both; tell if it was there."""
        conditions = [_COLUMNS.id == action_id]
        if state is not None:
            conditions.append(_COLUMNS.state == state.value)
        return self._remove(organization_id, conditions)

    def remove_of(self, organization_id: str, integration_id: str) -> bool:
        """Remove all actions of an integration; tell if it had any."""
        return self._remove(organization_id, [_COLUMNS.integration_id == integration_id])

    def _remove(self, organization_id: str, conditions: Sequence[ColumnElement[bool]]) -> bool:
        wanted = (_COLUMNS.organization_id == organization_id, *conditions)
        listed = self._connection.execute(
            select(_COLUMNS.state, func.count())
            .where(*wanted, _COLUMNS.kind.in_(_LISTED))
            .group_by(_COLUMNS.state)
        )
        for state, count in listed.all():
            Totals(self._connection).change(organization_id, _list(ActionState(state)), -count)
        return bool(self._connection.execute(delete(actions).where(*wanted)).rowcount)

    def page(self, organization_id: str, query: ActionQuery, window: PageRequest) -> Page[Action]:
        """Return one page, sorted as the query says, else in creation order."""
        sort_by, descending = (query.sort_by, query.descending)
        if not sort_by:
            sort_by, descending = window.sort_by, window.descending or descending
        order = directed(_SORTS.get(sort_by, _SORTS[""]), descending=descending)
        conditions = self._conditions(organization_id, query)
        known = partial(Totals(self._connection).read, organization_id, _list(query.state))
        rows, total = numbered_page(
            self._connection, actions, conditions, order, window, known if _is_unfiltered(query) else None
        )
        return Page([_entity(row) for row in rows], window.number, window.size, total)

    def categories(self, organization_id: str, secure: bool | None, window: PageRequest) -> Page[str]:
        """Return one page of the distinct categories of published actions, by name."""
        wanted = select(_COLUMNS.category).where(
            _COLUMNS.organization_id == organization_id,
            _COLUMNS.state == ActionState.PUBLISHED.value,
            _COLUMNS.category != "",
        )
        if secure is not None:
            wanted = wanted.where(_COLUMNS.secure == secure)
        # Few next to the actions they come from: sorted here, in any case, as lists by name are.
        names = sorted(
            self._connection.execute(wanted.distinct()).scalars(), key=lambda name: (folded(name), name)
        )
        if window.descending:
            names.reverse()
        page = names[window.offset : window.offset + window.size]
        return Page(page, window.number, window.size, len(names))

    def count(self, organization_id: str, integration_id: str = "") -> int:
        """Return how many distinct custom actions there are."""
        conditions = [_COLUMNS.organization_id == organization_id, _COLUMNS.kind == _CUSTOM]
        if integration_id:
            conditions.append(_COLUMNS.integration_id == integration_id)
        distinct = select(func.count(_COLUMNS.id.distinct())).where(*conditions)
        return self._connection.execute(distinct).scalar_one()

    def _conditions(self, organization_id: str, query: ActionQuery) -> list[ColumnElement[bool]]:
        conditions = [_COLUMNS.organization_id == organization_id, _COLUMNS.state == query.state.value]
        if not query.include_auth:
            conditions.append(_COLUMNS.kind.in_(_LISTED))
        if query.ids:
            conditions.append(_COLUMNS.id.in_(query.ids))
        if query.integration_id:
            conditions.append(_COLUMNS.integration_id == query.integration_id)
        if query.category:
            conditions.append(_COLUMNS.category == scrubbed(query.category))
        if query.secure is not None:
            conditions.append(_COLUMNS.secure == query.secure)
        if query.name:
            # A function instead of LIKE: SQLite limits the length of patterns.
            find = func.instr if self._connection.dialect.name == "sqlite" else func.strpos
            conditions.append(find(_COLUMNS.name_key, folded(query.name)) > 0)
        return conditions


def _list(state: ActionState) -> str:
    return f"actions {state.value}"


def _is_unfiltered(query: ActionQuery) -> bool:
    return ActionQuery(state=query.state) == replace(query, sort_by="", descending=False)


def _kind(action_id: str) -> str:
    """Return the part of an id before `_-_` if it is a kind that lists tell apart, else ""."""
    kind = action_id.partition(_KIND_END)[0]
    return kind if kind in (*_LISTED, _AUTH) else ""


def _changeable(action: Action) -> dict[str, object]:
    return {
        "integration_id": action.integration_id,
        "name": action.name,
        "name_key": folded(action.name),
        "category": action.category,
        "category_key": folded(action.category),
        "version": action.version,
        "secure": action.secure,
        "config": write_config(action.config),
        "input_schema": action.contract.input_schema,
        "success_schema": action.contract.success_schema,
        "modified": action.modified,
    }


def _entity(row: Row[Any]) -> Action:
    return Action(
        id=row.id,
        organization_id=row.organization_id,
        integration_id=row.integration_id,
        name=row.name,
        category=row.category,
        version=row.version,
        secure=row.secure,
        config=read_config(row.config),
        contract=Contract(row.input_schema, row.success_schema),
        state=ActionState(row.state),
        created=row.created,
        modified=row.modified,
    )
