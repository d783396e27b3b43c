"""Roles: what they grant, and whom they are granted to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from jackfield.catalog import Catalog
from jackfield.domain.catalogue import found
from jackfield.domain.errors import Conflict, NotAuthorized, NotFound, Refused
from jackfield.domain.finding import Place
from jackfield.domain.identity import Caller, Role, covered
from jackfield.domain.json_reader import Reading
from jackfield.domain.page import Page, PageRequest
from jackfield.domain.ports import Clock, Ids, Store, Transaction
from jackfield.rules.roles import NewRole, check_role, check_user_ids
from jackfield.services.mutations import Change, Mutations
from jackfield.services.outcome import Outcome, accepted, admit


@dataclass(frozen=True, slots=True)
class RoleView:
    """A role and how many users hold it, None if nobody asked."""

    role: Role
    user_count: int | None


class RoleService:
    """What can be done with roles.

    Args:
        store: for reads.
        mutations: the way to change roles and who holds them.
        catalog: the permissions that there are.
    """

    def __init__(self, store: Store, mutations: Mutations, catalog: Catalog, clock: Clock, ids: Ids) -> None:
        self._store, self._mutations, self._catalog = store, mutations, catalog
        self._clock, self._ids = clock, ids

    async def list(
        self, caller: Caller, name: str, ids: Sequence[str], window: PageRequest, *, count: bool
    ) -> Page[RoleView]:
        """Return one page of roles.

        Args:
            name: a whole name in any case, or with `*` at either end; "" for all.
            ids: those wanted; none for all.
            count: also count who holds each.
        """

        def work(transaction: Transaction) -> Page[RoleView]:
            page = transaction.directory.roles_page(caller.organization_id, name, ids, window)
            views = [_view(transaction, role, count=count) for role in page.entities]
            return Page(views, page.number, page.size, page.total)

        return await self._store.read(work)

    async def get(self, caller: Caller, role_id: str, *, count: bool) -> RoleView:
        """Return one role.

        Raises:
            NotFound: there is no such role.
        """
        return await self._store.read(
            lambda transaction: _view(transaction, existing_role(transaction, caller, role_id), count=count)
        )

    async def create(self, caller: Caller, body: Reading) -> Outcome[RoleView]:
        """Store a new role.

        Raises:
            Refused: the body is no role.
            Conflict: there is one of that name.
        """
        wanted = accepted(check_role(body, self._catalog.permissions, strict=caller.strict))

        def work(change: Change) -> Outcome[RoleView]:
            self._require_free(change.transaction, caller, wanted.value.name, "")
            role = self._new(caller, wanted.value)
            change.transaction.identities.add_role(role)
            change.record("role.create", role.id, None, _state(role))
            return Outcome(RoleView(role, 0), wanted.warnings)

        return await self._mutations.run(caller, work)

    async def replace(self, caller: Caller, role_id: str, body: Reading) -> Outcome[RoleView]:
        """Replace what a role grants; who holds it has it at once.

        Raises:
            NotFound: there is no such role.
            Refused: the body is no role.
            NotAuthorized: it would grant more than the caller has.
            Conflict: another role has that name.
        """
        wanted = accepted(check_role(body, self._catalog.permissions, strict=caller.strict))

        def work(change: Change) -> Outcome[RoleView]:
            old = existing_role(change.transaction, caller, role_id)
            self._require_free(change.transaction, caller, wanted.value.name, role_id)
            new = replace(self._new(caller, wanted.value), id=old.id, created=old.created)
            require_coverage(caller, new)
            change.transaction.directory.replace_role(new)
            change.record("role.replace", role_id, _state(old), _state(new))
            return Outcome(_view(change.transaction, new, count=True), wanted.warnings)

        return await self._mutations.run(caller, work)

    async def delete(self, caller: Caller, role_id: str) -> Outcome[None]:
        """Delete a role, and take it from everybody who holds it.

        Raises:
            NotFound: there is no such role.
        """

        def work(change: Change) -> Outcome[None]:
            directory = change.transaction.directory
            old = existing_role(change.transaction, caller, role_id)
            users = directory.users_with_role(caller.organization_id, role_id)
            clients = directory.clients_with_role(caller.organization_id, role_id)
            count = len(users) + len(clients)
            in_use = found("ROLE_IN_USE", role=old.name, count=count, role_id=role_id)
            warnings = admit((in_use,) if count else (), strict=caller.strict)
            for user in users:
                directory.replace_user(replace(user, role_ids=_without(user.role_ids, role_id)))
            for client in clients:
                directory.replace_client(replace(client, role_ids=_without(client.role_ids, role_id)))
            directory.remove_role(caller.organization_id, role_id)
            change.record("role.delete", role_id, _state(old), None)
            return Outcome(None, warnings)

        return await self._mutations.run(caller, work)

    async def grant(self, caller: Caller, role_id: str, body: Reading) -> Outcome[tuple[str, ...]]:
        """Grant a role to users; return the ids that were sent.

        Raises:
            NotFound: there is no such role.
            Refused: the body is no list of users of this organization.
            NotAuthorized: the role grants more than the caller has.
        """
        return await self._change_holders(caller, role_id, body, give=True)

    async def revoke(self, caller: Caller, role_id: str, body: Reading) -> Outcome[tuple[str, ...]]:
        """Take a role from users; return the ids that were sent.

        Raises:
            NotFound: there is no such role.
            Refused: the body is no list of users of this organization.
        """
        return await self._change_holders(caller, role_id, body, give=False)

    async def _change_holders(
        self, caller: Caller, role_id: str, body: Reading, *, give: bool
    ) -> Outcome[tuple[str, ...]]:
        wanted = accepted(check_user_ids(body, strict=caller.strict))

        def work(change: Change) -> Outcome[tuple[str, ...]]:
            directory = change.transaction.directory
            role = existing_role(change.transaction, caller, role_id)
            if give:
                require_coverage(caller, role)
            users = directory.users(caller.organization_id, wanted.value)
            require_known(wanted.value, [user.id for user in users])
            for user in users:
                kept = _without(user.role_ids, role_id)
                role_ids = (*kept, role_id) if give else kept
                if set(role_ids) != set(user.role_ids):
                    directory.replace_user(replace(user, role_ids=role_ids))
                    before, after = {"roles": list(user.role_ids)}, {"roles": list(role_ids)}
                    change.record("user.grant" if give else "user.revoke", user.id, before, after)
            return Outcome(wanted.value, wanted.warnings)

        return await self._mutations.run(caller, work)

    def _require_free(self, transaction: Transaction, caller: Caller, name: str, own_id: str) -> None:
        # A star in a name would be read as a pattern.
        if "*" in name:
            return
        page = transaction.directory.roles_page(caller.organization_id, name, (), PageRequest(size=2))
        for other in page.entities:
            if other.id != own_id:
                place = Place("/name")
                raise Conflict(
                    found("NAME_TAKEN", place, seen=name, noun="role", value=name, entity_id=other.id)
                )

    def _new(self, caller: Caller, wanted: NewRole) -> Role:
        return Role(
            id=self._ids.uuid(),
            organization_id=caller.organization_id,
            name=wanted.name,
            permissions=wanted.permissions,
            description=wanted.description,
            policies=wanted.policies,
            created=self._clock.now(),
        )


def existing_role(transaction: Transaction, caller: Caller, role_id: str) -> Role:
    """Return a role.

    Raises:
        NotFound: there is no such role.
    """
    role = transaction.directory.role(caller.organization_id, role_id)
    if role is None:
        raise NotFound(found("ROLE_NOT_FOUND", Place("path/roleId"), seen=role_id, entity_id=role_id))
    return role


def require_coverage(caller: Caller, role: Role) -> None:
    """Check that the caller holds everything that a role grants.

    Raises:
        NotAuthorized: it does not; else whoever may grant roles could become anything.
    """
    for permission in role.permissions:
        known_form = permission.count(":") == 2
        if known_form and not covered(permission, caller.principal.permissions):
            raise NotAuthorized(
                found("GRANT_TOO_WIDE", seen=permission, role=role.name, permission=permission)
            )


def require_known(wanted: Sequence[str], known: Sequence[str]) -> None:
    """Check that the users of a list exist.

    Raises:
        Refused: one of them does not.
    """
    missing = [one for one in wanted if one not in known]
    if missing:
        raise Refused(
            *(
                found(
                    "ID_UNKNOWN",
                    Place(""),
                    seen=one[:64],
                    value=one[:64],
                    noun="user",
                    where="GET /api/v2/users",
                )
                for one in missing
            )
        )


def _without(ids: Sequence[str], one: str) -> tuple[str, ...]:
    return tuple(other for other in ids if other != one)


def _view(transaction: Transaction, role: Role, *, count: bool) -> RoleView:
    if not count:
        return RoleView(role, None)
    return RoleView(role, len(transaction.directory.users_with_role(role.organization_id, role.id)))


def _state(role: Role) -> dict[str, object]:
    return {
        "name": role.name,
        "description": role.description,
        "permissions": list(role.permissions),
    }
