"""Lists and changes of roles, users and OAuth clients; groups with their members; data tables."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)

from jackfield.domain.directory import (
    DataTable,
    Group,
    GroupKind,
    NameCriterion,
    NameMatch,
    Visibility,
)
from jackfield.domain.identity import OAuthClient, Role, User
from jackfield.domain.page import Page, PageRequest
from jackfield.store.column_types import folded
from jackfield.store.identities import (
    client_columns,
    client_of,
    role_columns,
    role_of,
    user_columns,
    user_of,
)
from jackfield.store.paging import directed, numbered_page, plain_page
from jackfield.store.tables import (
    data_tables,
    group_members,
    groups,
    oauth_clients,
    roles,
    users,
)

_MEMBERS_OF: Final = (
    select(group_members.c.group_sequence, group_members.c.user_id)
    .where(group_members.c.group_sequence.in_(bindparam("sequences", expanding=True)))
    .order_by(group_members.c.group_sequence, group_members.c.position)
)


class SqlDirectory:
    """Implements `domain.ports.DirectoryRepository`."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # Roles

    def role(self, organization_id: str, role_id: str) -> Role | None:
        """Return one role."""
        wanted = (roles.c.organization_id == organization_id, roles.c.id == role_id)
        row = self._connection.execute(select(roles).where(*wanted)).one_or_none()
        return role_of(row) if row else None

    def roles_page(
        self, organization_id: str, name: str, ids: Sequence[str], window: PageRequest
    ) -> Page[Role]:
        """Return one page of roles in creation order, or by name; `name` may have `*` at either end."""
        conditions = [roles.c.organization_id == organization_id, *_named(roles.c.name_key, name)]
        if ids:
            conditions.append(roles.c.id.in_(ids))
        by_name = (roles.c.name_key, roles.c.id)
        order = by_name if window.sort_by == "name" else (roles.c.created, roles.c.id)
        rows, total = plain_page(
            self._connection, roles, conditions, directed(order, descending=window.descending), window
        )
        return Page([role_of(row) for row in rows], window.number, window.size, total)

    def replace_role(self, role: Role) -> None:
        """Store a role over the one of its id."""
        self._connection.execute(update(roles).where(roles.c.id == role.id).values(role_columns(role)))

    def remove_role(self, organization_id: str, role_id: str) -> None:
        """Remove a role; who holds it is for the caller to change before."""
        self._connection.execute(
            delete(roles).where(roles.c.organization_id == organization_id, roles.c.id == role_id)
        )

    # Users

    def users(self, organization_id: str, user_ids: Sequence[str]) -> Sequence[User]:
        """Return those of the named users that exist, in the order of the names."""
        wanted = (users.c.organization_id == organization_id, users.c.id.in_(list(user_ids)))
        known = {row.id: user_of(row) for row in self._connection.execute(select(users).where(*wanted))}
        return [known[name] for name in dict.fromkeys(user_ids) if name in known]

    def users_page(
        self, organization_id: str, ids: Sequence[str], active: bool | None, window: PageRequest
    ) -> Page[User]:
        """Return one page of users in creation order."""
        conditions: list[ColumnElement[bool]] = [users.c.organization_id == organization_id]
        if ids:
            conditions.append(users.c.id.in_(ids))
        if active is not None:
            conditions.append(users.c.active.is_(active))
        order = directed((users.c.created, users.c.id), descending=window.descending)
        rows, total = plain_page(self._connection, users, conditions, order, window)
        return Page([user_of(row) for row in rows], window.number, window.size, total)

    def users_with_role(self, organization_id: str, role_id: str) -> Sequence[User]:
        """Return the users that a role is granted to."""
        wanted = (users.c.organization_id == organization_id, _holds(users.c.role_ids, role_id))
        return [user_of(row) for row in self._connection.execute(select(users).where(*wanted))]

    def replace_user(self, user: User) -> None:
        """Store a user over the one of the same id."""
        self._connection.execute(update(users).where(users.c.id == user.id).values(user_columns(user)))

    # OAuth clients

    def clients_with_role(self, organization_id: str, role_id: str) -> Sequence[OAuthClient]:
        """Return the OAuth clients that a role is granted to."""
        wanted = (
            oauth_clients.c.organization_id == organization_id,
            _holds(oauth_clients.c.role_ids, role_id),
        )
        return [client_of(row) for row in self._connection.execute(select(oauth_clients).where(*wanted))]

    def replace_client(self, client: OAuthClient) -> None:
        """Store an OAuth client over the one of its id."""
        self._connection.execute(
            update(oauth_clients).where(oauth_clients.c.id == client.id).values(client_columns(client))
        )

    def remove_client(self, organization_id: str, client_id: str) -> None:
        """Remove an OAuth client."""
        mine = (oauth_clients.c.organization_id == organization_id, oauth_clients.c.id == client_id)
        self._connection.execute(delete(oauth_clients).where(*mine))

    # Groups

    def add_group(self, group: Group) -> None:
        """Store a new group."""
        row = {"id": group.id, "organization_id": group.organization_id, "created": group.created}
        self._connection.execute(insert(groups).inline(), {**row, **_group_columns(group)})
        self._write_members(group)

    def group(self, organization_id: str, group_id: str) -> Group | None:
        """Return one group with its members."""
        wanted = (groups.c.organization_id == organization_id, groups.c.id == group_id)
        rows = self._connection.execute(select(groups).where(*wanted)).all()
        return next(iter(self._groups(rows)), None)

    def groups_page(self, organization_id: str, ids: Sequence[str], window: PageRequest) -> Page[Group]:
        """Return one page of groups in creation order."""
        conditions = [groups.c.organization_id == organization_id]
        if ids:
            conditions.append(groups.c.id.in_(ids))
        return self._groups_page(conditions, window)

    def search_groups(
        self, organization_id: str, criteria: Sequence[NameCriterion], window: PageRequest
    ) -> Page[Group]:
        """Return one page of the groups whose name meets all criteria; by name or in creation order."""
        conditions = [groups.c.organization_id == organization_id]
        conditions += [_criterion(groups.c.name_key, criterion) for criterion in criteria]
        return self._groups_page(conditions, window)

    def groups_of(self, organization_id: str, user_id: str) -> Sequence[Group]:
        """Return the groups that a user is a member of."""
        member = select(group_members.c.group_sequence).where(group_members.c.user_id == user_id)
        wanted = (groups.c.organization_id == organization_id, groups.c.sequence.in_(member))
        query = select(groups).where(*wanted).order_by(groups.c.sequence)
        return self._groups(self._connection.execute(query).all())

    def replace_group(self, group: Group, *, expected_version: int) -> bool:
        """Store a group if its stored version is `expected_version`; tell if it was."""
        changed = self._connection.execute(
            update(groups)
            .where(
                groups.c.organization_id == group.organization_id,
                groups.c.id == group.id,
                groups.c.version == expected_version,
            )
            .values(_group_columns(group))
        )
        if not changed.rowcount:
            return False
        self._connection.execute(
            delete(group_members).where(group_members.c.group_sequence == self._sequence_of(group))
        )
        self._write_members(group)
        return True

    def remove_group(self, organization_id: str, group_id: str) -> None:
        """Remove a group; its members stay users."""
        mine = (groups.c.organization_id == organization_id, groups.c.id == group_id)
        self._connection.execute(delete(groups).where(*mine))

    # Data tables

    def add_data_table(self, table: DataTable) -> None:
        """Store a new data table."""
        row = {
            "id": table.id,
            "organization_id": table.organization_id,
            "name": table.name,
            "name_key": folded(table.name),
            "description": table.description,
            "schema": table.schema,
            "created": table.created,
        }
        self._connection.execute(insert(data_tables).inline(), row)

    def data_table(self, organization_id: str, table_id: str) -> DataTable | None:
        """Return one data table."""
        wanted = (data_tables.c.organization_id == organization_id, data_tables.c.id == table_id)
        row = self._connection.execute(select(data_tables).where(*wanted)).one_or_none()
        return _data_table(row) if row else None

    def data_tables_page(self, organization_id: str, name: str, window: PageRequest) -> Page[DataTable]:
        """Return one page of data tables in creation order, or by name; `name` may have `*` at either end."""
        conditions = [data_tables.c.organization_id == organization_id]
        conditions += _named(data_tables.c.name_key, name)
        by_name = (data_tables.c.name_key, data_tables.c.sequence)
        order = directed(
            by_name if window.sort_by == "name" else (data_tables.c.sequence,), descending=window.descending
        )
        rows, total = numbered_page(self._connection, data_tables, conditions, order, window)
        return Page([_data_table(row) for row in rows], window.number, window.size, total)

    def remove_data_table(self, organization_id: str, table_id: str) -> None:
        """Remove a data table."""
        mine = (data_tables.c.organization_id == organization_id, data_tables.c.id == table_id)
        self._connection.execute(delete(data_tables).where(*mine))

    def _groups_page(self, conditions: Sequence[ColumnElement[bool]], window: PageRequest) -> Page[Group]:
        by_name = (groups.c.name_key, groups.c.sequence)
        order = directed(
            by_name if window.sort_by == "name" else (groups.c.sequence,), descending=window.descending
        )
        rows, total = numbered_page(self._connection, groups, conditions, order, window)
        return Page(self._groups(rows), window.number, window.size, total)

    def _groups(self, rows: Sequence[Row[Any]]) -> list[Group]:
        members: dict[int, list[str]] = {row.sequence: [] for row in rows}
        if rows:
            for sequence, user_id in self._connection.execute(_MEMBERS_OF, {"sequences": list(members)}):
                members[sequence].append(user_id)
        return [_group(row, members[row.sequence]) for row in rows]

    def _sequence_of(self, group: Group) -> int:
        query = select(groups.c.sequence).where(groups.c.id == group.id)
        return int(self._connection.execute(query).scalar_one())

    def _write_members(self, group: Group) -> None:
        if not group.member_ids:
            return
        sequence = self._sequence_of(group)
        rows = [
            {"group_sequence": sequence, "user_id": user_id, "position": position}
            for position, user_id in enumerate(group.member_ids)
        ]
        self._connection.execute(insert(group_members), rows)


def _holds(column: ColumnElement[str], identifier: str) -> ColumnElement[bool]:
    """The list in a column, written as JSON, has an id in it."""
    return column.contains(json.dumps(identifier), autoescape=True)


def _named(column: ColumnElement[str], name: str) -> list[ColumnElement[bool]]:
    """A name is matched as a whole unless it begins or ends with `*`; "" matches everything."""
    wanted = folded(name.strip("*"))
    if not name.strip("*"):
        return []
    if name.startswith("*") and name.endswith("*"):
        return [column.contains(wanted, autoescape=True)]
    if name.endswith("*"):
        return [column.startswith(wanted, autoescape=True)]
    if name.startswith("*"):
        return [column.endswith(wanted, autoescape=True)]
    return [column == wanted]


def _criterion(column: ColumnElement[str], criterion: NameCriterion) -> ColumnElement[bool]:
    values = [folded(value) for value in criterion.values]
    if criterion.match is NameMatch.EXACT:
        return column.in_(values)
    if criterion.match is NameMatch.STARTS_WITH:
        # `LIKE` compares ASCII letters in any case; the key is folded, so that is no difference here.
        return or_(*(column.startswith(value, autoescape=True) for value in values))
    return or_(*(column.contains(value, autoescape=True) for value in values))


def _group_columns(group: Group) -> dict[str, object]:
    return {
        "name": group.name,
        "name_key": folded(group.name),
        "description": group.description,
        "kind": group.kind.value,
        "visibility": group.visibility.value,
        "rules_visible": group.rules_visible,
        "version": group.version,
        "owner_ids": json.dumps(list(group.owner_ids)),
        "modified": group.modified,
    }


def _group(row: Row[Any], member_ids: Sequence[str]) -> Group:
    return Group(
        id=row.id,
        organization_id=row.organization_id,
        name=row.name,
        description=row.description,
        kind=GroupKind(row.kind),
        visibility=Visibility(row.visibility),
        rules_visible=row.rules_visible,
        version=row.version,
        created=row.created,
        modified=row.modified,
        owner_ids=tuple(json.loads(row.owner_ids)),
        member_ids=tuple(member_ids),
    )


def _data_table(row: Row[Any]) -> DataTable:
    return DataTable(row.id, row.organization_id, row.name, row.description, row.schema, row.created)
