"""Organization, users, clients, roles and tokens."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select

from jackfield.domain.identity import AccessToken, OAuthClient, Organization, Policy, Role, User
from jackfield.store.column_types import folded
from jackfield.store.tables import access_tokens, oauth_clients, organizations, roles, users

_CLIENT = select(oauth_clients).where(oauth_clients.c.id == bindparam("wanted"))
_TOKEN = select(access_tokens).where(access_tokens.c.digest == bindparam("wanted"))
_ROLES = select(roles).where(
    roles.c.organization_id == bindparam("organization_id"),
    roles.c.id.in_(bindparam("role_ids", expanding=True)),
)


class SqlIdentities:
    """Implements `domain.ports.IdentityRepository`."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def organization(self) -> Organization | None:
        """Return the one organization; None before the first start."""
        row = self._connection.execute(
            select(organizations).order_by(organizations.c.created).limit(1)
        ).first()
        return Organization(row.id, row.name, row.default_country_code, row.created) if row else None

    def add_organization(self, organization: Organization) -> None:
        """Store the organization."""
        self._connection.execute(
            insert(organizations),
            {
                "id": organization.id,
                "name": organization.name,
                "default_country_code": organization.default_country_code,
                "created": organization.created,
            },
        )

    def add_role(self, role: Role) -> None:
        """Store a new role."""
        self._connection.execute(
            insert(roles),
            {"id": role.id, "organization_id": role.organization_id, **role_columns(role)},
        )

    def add_user(self, user: User) -> None:
        """Store a new user."""
        self._connection.execute(
            insert(users),
            {"id": user.id, "organization_id": user.organization_id, **user_columns(user)},
        )

    def add_client(self, client: OAuthClient) -> None:
        """Store a new OAuth client."""
        self._connection.execute(
            insert(oauth_clients),
            {"id": client.id, "organization_id": client.organization_id, **client_columns(client)},
        )

    def client(self, client_id: str) -> OAuthClient | None:
        """Return one OAuth client."""
        row = self._connection.execute(_CLIENT, {"wanted": client_id}).one_or_none()
        return client_of(row) if row else None

    def clients(self, organization_id: str) -> Sequence[OAuthClient]:
        """Return the organization's OAuth clients, oldest first."""
        wanted = oauth_clients.c.organization_id == organization_id
        order = (oauth_clients.c.created, oauth_clients.c.id)
        rows = self._connection.execute(select(oauth_clients).where(wanted).order_by(*order))
        return [client_of(row) for row in rows]

    def user(self, user_id: str) -> User | None:
        """Return one user."""
        return self._user("id", user_id)

    def user_by_email(self, email: str) -> User | None:
        """Return the user with this address, any case."""
        return self._user("email_key", folded(email))

    def _user(self, column: str, wanted: str) -> User | None:
        row = self._connection.execute(select(users).where(users.c[column] == wanted)).one_or_none()
        return user_of(row) if row else None

    def roles(self, organization_id: str, role_ids: Sequence[str]) -> Sequence[Role]:
        """Return those of the named roles that exist, in the order of the names."""
        if not role_ids:
            return ()
        words = {"organization_id": organization_id, "role_ids": list(role_ids)}
        known = {row.id: role_of(row) for row in self._connection.execute(_ROLES, words)}
        return [known[name] for name in dict.fromkeys(role_ids) if name in known]

    def add_token(self, token: AccessToken) -> None:
        """Store an issued token."""
        self._connection.execute(
            insert(access_tokens),
            {
                "digest": token.digest,
                "organization_id": token.organization_id,
                "client_id": token.client_id,
                "user_id": token.user_id,
                "expires": token.expires,
                "scopes": None if token.scopes is None else _listed(token.scopes),
                "family": token.family,
            },
        )

    def token(self, digest: str) -> AccessToken | None:
        """Return an issued token, expired or not."""
        row = self._connection.execute(_TOKEN, {"wanted": digest}).one_or_none()
        if row is None:
            return None
        scopes = None if row.scopes is None else tuple(json.loads(row.scopes))
        return AccessToken(
            row.digest, row.organization_id, row.client_id, row.user_id, row.expires, scopes, row.family
        )

    def remove_expired_tokens(self, before: datetime) -> int:
        """Remove tokens that expired before a time; return how many."""
        return self._connection.execute(
            delete(access_tokens).where(access_tokens.c.expires < before)
        ).rowcount


def _listed(texts: Iterable[str]) -> str:
    return json.dumps(list(texts))


def role_columns(role: Role) -> dict[str, object]:
    """Return what is stored of a role besides its ids."""
    policies = [
        [policy.domain, policy.entity, list(policy.actions), policy.allow_conditions]
        for policy in role.policies
    ]
    return {
        "name": role.name,
        "name_key": folded(role.name),
        "permissions": _listed(role.permissions),
        "description": role.description,
        "policies": json.dumps(policies),
        "created": role.created,
    }


def role_of(row: Row[Any]) -> Role:
    """Return the role of a row."""
    policies = tuple(
        Policy(domain, entity, tuple(actions), conditions)
        for domain, entity, actions, conditions in json.loads(row.policies)
    )
    return Role(
        id=row.id,
        organization_id=row.organization_id,
        name=row.name,
        permissions=tuple(json.loads(row.permissions)),
        description=row.description,
        policies=policies,
        created=row.created,
    )


def user_columns(user: User) -> dict[str, object]:
    """Return what is stored of a user besides the ids."""
    return {
        "name": user.name,
        "email": user.email,
        "email_key": folded(user.email),
        "password_hash": user.password_hash,
        "role_ids": _listed(user.role_ids),
        "title": user.title,
        "department": user.department,
        "active": user.active,
        "created": user.created,
    }


def user_of(row: Row[Any]) -> User:
    """Return the user of a row."""
    return User(
        id=row.id,
        organization_id=row.organization_id,
        name=row.name,
        email=row.email,
        password_hash=row.password_hash,
        role_ids=tuple(json.loads(row.role_ids)),
        title=row.title,
        department=row.department,
        active=row.active,
        created=row.created,
    )


def client_columns(client: OAuthClient) -> dict[str, object]:
    """Return what is stored of an OAuth client besides its ids."""
    return {
        "name": client.name,
        "secret_digest": client.secret_digest,
        "grant_type": client.grant,
        "role_ids": _listed(client.role_ids),
        "token_seconds": client.token_seconds,
        "active": client.active,
        "created": client.created,
        "description": client.description,
        "redirect_uris": _listed(client.redirect_uris),
        "scopes": _listed(client.scopes),
        "modified": client.modified,
        "created_by": client.created_by,
    }


def client_of(row: Row[Any]) -> OAuthClient:
    """Return the OAuth client of a row."""
    return OAuthClient(
        id=row.id,
        organization_id=row.organization_id,
        name=row.name,
        secret_digest=row.secret_digest,
        grant=row.grant_type,
        role_ids=tuple(json.loads(row.role_ids)),
        token_seconds=row.token_seconds,
        active=row.active,
        created=row.created,
        description=row.description,
        redirect_uris=tuple(json.loads(row.redirect_uris)),
        scopes=tuple(json.loads(row.scopes)),
        modified=row.modified,
        created_by=row.created_by,
    )
