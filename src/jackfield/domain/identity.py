"""Who calls: organization, users, OAuth clients, roles, tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""When roles and users were made that were stored before their time was."""


@dataclass(frozen=True, slots=True)
class Organization:
    """The one organization of a data directory."""

    id: str
    name: str
    default_country_code: str
    created: datetime


@dataclass(frozen=True, slots=True)
class Policy:
    """Permissions of one entity, as roles are written on the wire.

    Args:
        actions: such as `view`; `*` stands for all, here and in the other two parts.
        allow_conditions: kept for the caller; conditions themselves are refused.
    """

    domain: str
    entity: str
    actions: tuple[str, ...]
    allow_conditions: bool = False

    @property
    def permissions(self) -> tuple[str, ...]:
        """The permissions that it grants, `domain:entity:action`."""
        return tuple(f"{self.domain}:{self.entity}:{action}" for action in self.actions)


@dataclass(frozen=True, slots=True)
class Role:
    """A named set of permissions; `*` stands for any part (`integrations:*:*`).

    Args:
        permissions: all that it grants, those of its policies included.
        policies: as they were sent; none for a role that was written as plain permissions.
    """

    id: str
    organization_id: str
    name: str
    permissions: tuple[str, ...]
    description: str = ""
    policies: tuple[Policy, ...] = ()
    created: datetime = BEGINNING


@dataclass(frozen=True, slots=True)
class User:
    """A person.

    Args:
        password_hash: argon2id; "" for somebody who cannot log in here.
        role_ids: roles granted to the person; those of groups come on top.
    """

    id: str
    organization_id: str
    name: str
    email: str
    password_hash: str
    role_ids: tuple[str, ...]
    title: str = ""
    department: str = ""
    active: bool = True
    created: datetime = BEGINNING


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """An OAuth client.

    Args:
        secret_digest: one-way.
        grant: `CLIENT-CREDENTIALS`, `CODE`, `TOKEN` (implicit), or one that is stored but not answered here.
        role_ids: what a client-credentials client may do; the others act for a user.
        token_seconds: how long its access tokens live, 300-172800.
        redirect_uris: where a login may lead back to, compared character by character.
        scopes: what tokens of a login may be used for.
        created_by: user or client.
    """

    id: str
    organization_id: str
    name: str
    secret_digest: str
    grant: str
    role_ids: tuple[str, ...]
    token_seconds: int
    created: datetime
    active: bool = True
    description: str = ""
    redirect_uris: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    modified: datetime | None = None
    created_by: str = ""


@dataclass(frozen=True, slots=True)
class AccessToken:
    """An issued token, by digest only.

    Args:
        user_id: None for client credentials.
        scopes: what it may be used for; None where roles alone decide, as for client credentials.
        family: the login it comes from, so that all of a login can be ended at once; "" for none.
    """

    digest: str
    organization_id: str
    client_id: str
    user_id: str | None
    expires: datetime
    scopes: tuple[str, ...] | None = None
    family: str = ""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who a request's token speaks for, with permissions resolved from roles.

    Args:
        scopes: of the token; None where roles alone decide.
        token: the token's digest.
    """

    organization_id: str
    client_id: str
    user_id: str | None
    permissions: frozenset[str]
    scopes: frozenset[str] | None = None
    token: str = ""

    def allows(self, permission: str) -> bool:
        """Tell if any granted permission covers `domain:entity:action`."""
        return covered(permission, self.permissions)


def covered(permission: str, granted: Iterable[str]) -> bool:
    """Tell if granted permissions cover one; a `*` that is asked for is covered by a `*` only."""
    wanted = permission.split(":")
    return any(_covers(one.split(":"), wanted) for one in granted)


def _covers(granted: list[str], wanted: list[str]) -> bool:
    return len(granted) == len(wanted) and all(
        have in ("*", need) for have, need in zip(granted, wanted, strict=True)
    )


@dataclass(frozen=True, slots=True)
class Idempotency:
    """The caller's `Idempotency-Key` and what is needed to answer a repeat with the same bytes.

    Args:
        key: at most 255 characters.
        digest: digest of method, path and body; a repeat with another one is refused.
        present: makes the answer's body out of the operation's result.
        present_error: makes it out of the error of an operation that failed after it had begun.
    """

    key: str
    digest: str
    present: Callable[[Any], bytes]
    present_error: Callable[[Any], bytes]


# Not frozen, and its `__init__` is written out: it is made on the hot path, where each frozen member costs a
# call, and where a generated `__init__` stays interpreted in a compiled server.
@dataclass(slots=True, init=False)
class Caller:
    """The principal of one request and what the request says about itself.

    Args:
        correlation_id: goes into answers, logs and audit rows.
        strict: warnings refuse.
        hops: how many calls of the server to itself led to this request.
    """

    principal: Principal
    correlation_id: str
    strict: bool
    idempotency: Idempotency | None
    hops: int

    def __init__(
        self,
        principal: Principal,
        correlation_id: str,
        strict: bool = False,
        idempotency: Idempotency | None = None,
        hops: int = 0,
    ) -> None:
        self.principal, self.correlation_id, self.strict = principal, correlation_id, strict
        self.idempotency, self.hops = idempotency, hops

    @property
    def organization_id(self) -> str:
        """The organization that everything this caller does belongs to."""
        return self.principal.organization_id
