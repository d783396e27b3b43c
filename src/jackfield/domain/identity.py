"""Who calls: organization, users, OAuth clients, roles, tokens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Organization:
    """The one organization of a data directory."""

    id: str
    name: str
    default_country_code: str
    created: datetime


@dataclass(frozen=True, slots=True)
class Role:
    """A named set of permissions; `*` stands for any part (`integrations:*:*`)."""

    id: str
    organization_id: str
    name: str
    permissions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class User:
    """A person. `password_hash` is argon2id."""

    id: str
    organization_id: str
    name: str
    email: str
    password_hash: str
    role_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """An OAuth client. `secret_digest` is one-way; `token_seconds` is 300-172800."""

    id: str
    organization_id: str
    name: str
    secret_digest: str
    grant: str
    role_ids: tuple[str, ...]
    token_seconds: int
    created: datetime
    active: bool = True


@dataclass(frozen=True, slots=True)
class AccessToken:
    """An issued token, by digest only. `user_id` is None for client credentials."""

    digest: str
    organization_id: str
    client_id: str
    user_id: str | None
    expires: datetime


@dataclass(frozen=True, slots=True)
class Principal:
    """Who a request's token speaks for, with permissions resolved from roles."""

    organization_id: str
    client_id: str
    user_id: str | None
    permissions: frozenset[str]

    def allows(self, permission: str) -> bool:
        """Tell if any granted permission covers `domain:entity:action`."""
        wanted = permission.split(":")
        return any(_covers(granted.split(":"), wanted) for granted in self.permissions)


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


@dataclass(frozen=True, slots=True)
class Caller:
    """The principal of one request and what the request says about itself.

    Args:
        correlation_id: goes into answers, logs and audit rows.
        strict: warnings refuse.
    """

    principal: Principal
    correlation_id: str
    strict: bool = False
    idempotency: Idempotency | None = None

    @property
    def organization_id(self) -> str:
        """The organization that everything this caller does belongs to."""
        return self.principal.organization_id
