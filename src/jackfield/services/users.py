"""Users, and what a token says about the user and the client behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from jackfield.domain.catalogue import found
from jackfield.domain.directory import Group
from jackfield.domain.errors import Conflict, NotFound, Refused
from jackfield.domain.finding import Place
from jackfield.domain.identity import Caller, OAuthClient, Organization, Role, User
from jackfield.domain.json_reader import Reading
from jackfield.domain.page import Page, PageRequest
from jackfield.domain.ports import Clock, Ids, Store, Transaction, Vault
from jackfield.rules.users import NewUser, check_user
from jackfield.services.identity import EMPLOYEE
from jackfield.services.mutations import Change, Mutations
from jackfield.services.outcome import Outcome, accepted


@dataclass(frozen=True, slots=True)
class UserView:
    """A user with roles, groups and organization."""

    user: User
    roles: tuple[Role, ...]
    groups: tuple[Group, ...]
    organization: Organization


@dataclass(frozen=True, slots=True)
class TokenView:
    """What a token stands for.

    Args:
        client: whom it was issued to.
        scopes: what it may be used for; empty where roles alone decide.
    """

    organization: Organization
    client: OAuthClient
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SubjectView:
    """A user or a client with the roles granted to it."""

    subject_id: str
    name: str
    roles: tuple[Role, ...]
    organization: Organization


class UserService:
    """What can be done with users.

    Args:
        store: for reads.
        mutations: the way to add users.
        vault: hashes passwords.
    """

    def __init__(self, store: Store, mutations: Mutations, vault: Vault, clock: Clock, ids: Ids) -> None:
        self._store, self._mutations, self._vault = store, mutations, vault
        self._clock, self._ids = clock, ids

    async def me(self, caller: Caller) -> UserView:
        """Return the user behind the caller's token.

        Raises:
            Refused: the token stands for no user.
        """
        user_id = caller.principal.user_id
        if user_id is None:
            raise Refused(found("USER_CONTEXT_MISSING", Place("header/Authorization")))
        return await self.get(caller, user_id)

    async def get(self, caller: Caller, user_id: str) -> UserView:
        """Return one user.

        Raises:
            NotFound: there is no such user.
        """
        return await self._store.read(lambda transaction: _view(transaction, caller, user_id))

    async def list(
        self, caller: Caller, ids: Sequence[str], active: bool | None, window: PageRequest
    ) -> Page[UserView]:
        """Return one page of users.

        Args:
            ids: those wanted; none for all.
            active: only those who are, or are not; None for both.
        """

        def work(transaction: Transaction) -> Page[UserView]:
            page = transaction.directory.users_page(caller.organization_id, ids, active, window)
            views = [_view_of(transaction, user) for user in page.entities]
            return Page(views, page.number, page.size, page.total)

        return await self._store.read(work)

    async def create(self, caller: Caller, body: Reading) -> Outcome[UserView]:
        """Store a new user, with the role that everybody has.

        Raises:
            Refused: the body is no user.
            Conflict: the address belongs to another user.
        """
        wanted = accepted(check_user(body, strict=caller.strict))
        password = wanted.value.password
        hashed = await asyncio.to_thread(self._vault.hash_password, password) if password else ""

        def work(change: Change) -> Outcome[UserView]:
            identities = change.transaction.identities
            other = identities.user_by_email(wanted.value.email)
            if other is not None:
                value = wanted.value.email[:80]
                place = Place("/email")
                raise Conflict(
                    found("NAME_TAKEN", place, seen=value, noun="user", value=value, entity_id=other.id)
                )
            user = self._new(caller, wanted.value, hashed, _everybody(change.transaction, caller))
            identities.add_user(user)
            change.record("user.create", user.id, None, _state(user))
            return Outcome(_view_of(change.transaction, user), wanted.warnings)

        return await self._mutations.run(caller, work)

    async def organization(self) -> Organization:
        """Return the organization."""
        return await self._store.read(_organization)

    async def token(self, caller: Caller) -> TokenView:
        """Return what the caller's token stands for."""
        principal = caller.principal
        scopes = tuple(sorted(principal.scopes or ()))

        def work(transaction: Transaction) -> TokenView:
            client = transaction.identities.client(principal.client_id)
            if client is None:
                entity_id = principal.client_id
                raise NotFound(found("OAUTH_CLIENT_NOT_FOUND", entity_id=entity_id))
            return TokenView(_organization(transaction), client, scopes)

        return await self._store.read(work)

    async def subject(self, caller: Caller) -> SubjectView:
        """Return the roles granted to whoever calls, user or client."""
        principal = caller.principal

        def work(transaction: Transaction) -> SubjectView:
            identities = transaction.identities
            holder: User | OAuthClient | None = (
                identities.user(principal.user_id)
                if principal.user_id
                else identities.client(principal.client_id)
            )
            if holder is None:
                raise NotFound(found("USER_NOT_FOUND", entity_id=principal.user_id or principal.client_id))
            roles = tuple(identities.roles(caller.organization_id, holder.role_ids))
            return SubjectView(holder.id, holder.name, roles, _organization(transaction))

        return await self._store.read(work)

    def _new(self, caller: Caller, wanted: NewUser, hashed: str, role_ids: tuple[str, ...]) -> User:
        return User(
            id=self._ids.uuid(),
            organization_id=caller.organization_id,
            name=wanted.name,
            email=wanted.email,
            password_hash=hashed,
            role_ids=role_ids,
            title=wanted.title,
            department=wanted.department,
            active=wanted.active,
            created=self._clock.now(),
        )


def _organization(transaction: Transaction) -> Organization:
    organization = transaction.identities.organization()
    if organization is None:
        raise LookupError("no organization: every start makes one before requests are accepted")
    return organization


def _view(transaction: Transaction, caller: Caller, user_id: str) -> UserView:
    users = transaction.directory.users(caller.organization_id, (user_id,))
    if not users:
        raise NotFound(found("USER_NOT_FOUND", Place("path/userId"), seen=user_id, entity_id=user_id))
    return _view_of(transaction, users[0])


def _view_of(transaction: Transaction, user: User) -> UserView:
    roles = transaction.identities.roles(user.organization_id, user.role_ids)
    groups = transaction.directory.groups_of(user.organization_id, user.id)
    return UserView(user, tuple(roles), tuple(groups), _organization(transaction))


def _everybody(transaction: Transaction, caller: Caller) -> tuple[str, ...]:
    page = transaction.directory.roles_page(caller.organization_id, EMPLOYEE, (), PageRequest(size=1))
    return tuple(role.id for role in page.entities)


def _state(user: User) -> dict[str, object]:
    return {"name": user.name, "email": user.email, "active": user.active, "roles": list(user.role_ids)}
