"""Authorization codes, refresh tokens, and the end of tokens before their time."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, delete, insert, select, update

from jackfield.domain.grants import AuthorizationCode, RefreshToken
from jackfield.store.tables import access_tokens, authorization_codes, refresh_tokens


class SqlGrants:
    """Implements `domain.ports.GrantRepository`."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_code(self, code: AuthorizationCode) -> None:
        """Store a new code."""
        row = {
            "digest": code.digest,
            "organization_id": code.organization_id,
            "client_id": code.client_id,
            "user_id": code.user_id,
            "redirect_uri": code.redirect_uri,
            "challenge": code.challenge,
            "scopes": json.dumps(list(code.scopes)),
            "family": code.family,
            "expires": code.expires,
            "used": code.used,
        }
        self._connection.execute(insert(authorization_codes), row)

    def code(self, digest: str) -> AuthorizationCode | None:
        """Return a code, used or not, expired or not."""
        query = select(authorization_codes).where(authorization_codes.c.digest == digest)
        row = self._connection.execute(query).one_or_none()
        return _code(row) if row else None

    def use_code(self, digest: str) -> bool:
        """Mark a code as used; tell if it was not used before."""
        unused = (authorization_codes.c.digest == digest, authorization_codes.c.used.is_(False))
        changed = self._connection.execute(update(authorization_codes).where(*unused).values(used=True))
        return bool(changed.rowcount)

    def add_refresh_token(self, token: RefreshToken) -> None:
        """Store a new refresh token."""
        row = {
            "digest": token.digest,
            "organization_id": token.organization_id,
            "client_id": token.client_id,
            "user_id": token.user_id,
            "scopes": json.dumps(list(token.scopes)),
            "family": token.family,
            "public": token.public,
            "expires": token.expires,
            "used": token.used,
        }
        self._connection.execute(insert(refresh_tokens), row)

    def refresh_token(self, digest: str) -> RefreshToken | None:
        """Return a refresh token, used or not, expired or not."""
        query = select(refresh_tokens).where(refresh_tokens.c.digest == digest)
        row = self._connection.execute(query).one_or_none()
        return _refresh_token(row) if row else None

    def use_refresh_token(self, digest: str) -> bool:
        """Mark a refresh token as used; tell if it was not used before."""
        unused = (refresh_tokens.c.digest == digest, refresh_tokens.c.used.is_(False))
        changed = self._connection.execute(update(refresh_tokens).where(*unused).values(used=True))
        return bool(changed.rowcount)

    def end_token(self, digest: str, family: str) -> None:
        """Remove an access token, and with it all of its login if it comes from one."""
        self._connection.execute(delete(access_tokens).where(access_tokens.c.digest == digest))
        if family:
            self.end_family(family)

    def end_family(self, family: str) -> None:
        """Remove every token of one login; its code stays as used, so that a repeat is still recognised."""
        for table in (access_tokens, refresh_tokens):
            self._connection.execute(delete(table).where(table.c.family == family))

    def end_user(self, user_id: str) -> int:
        """Remove all tokens and codes of a user; return how many access tokens there were."""
        return self._end(lambda table: table.c.user_id == user_id)

    def end_client(self, client_id: str) -> int:
        """Remove all tokens and codes of an OAuth client; return how many access tokens there were."""
        return self._end(lambda table: table.c.client_id == client_id)

    def remove_expired(self, before: datetime) -> None:
        """Remove codes and refresh tokens that expired before a time."""
        for table in (authorization_codes, refresh_tokens):
            self._connection.execute(delete(table).where(table.c.expires < before))

    def _end(self, of: Callable[[Table], ColumnElement[bool]]) -> int:
        for table in (authorization_codes, refresh_tokens):
            self._connection.execute(delete(table).where(of(table)))
        return self._connection.execute(delete(access_tokens).where(of(access_tokens))).rowcount


def _code(row: Row[Any]) -> AuthorizationCode:
    return AuthorizationCode(
        digest=row.digest,
        organization_id=row.organization_id,
        client_id=row.client_id,
        user_id=row.user_id,
        redirect_uri=row.redirect_uri,
        challenge=row.challenge,
        scopes=tuple(json.loads(row.scopes)),
        family=row.family,
        expires=row.expires,
        used=row.used,
    )


def _refresh_token(row: Row[Any]) -> RefreshToken:
    return RefreshToken(
        digest=row.digest,
        organization_id=row.organization_id,
        client_id=row.client_id,
        user_id=row.user_id,
        scopes=tuple(json.loads(row.scopes)),
        family=row.family,
        public=row.public,
        expires=row.expires,
        used=row.used,
    )
