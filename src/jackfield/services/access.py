"""Permission checks, once for all routes."""

from __future__ import annotations

from collections.abc import Sequence

from jackfield.domain.catalogue import found
from jackfield.domain.errors import NotAuthorized, NotPermitted
from jackfield.domain.identity import Principal


def require(principal: Principal, permissions: Sequence[str]) -> None:
    """Let the principal pass if it holds any of the permissions, or if none is asked for.

    Raises:
        NotPermitted: it holds none; the finding names them.
    """
    if not permissions or any(principal.allows(permission) for permission in permissions):
        return
    raise NotPermitted(
        found("PERMISSION_MISSING", permissions=" or ".join(f"`{name}`" for name in permissions))
    )


def require_scope(principal: Principal, scopes: Sequence[str]) -> None:
    """Let the principal pass if its token has any of the scopes, or if roles alone decide about it.

    Raises:
        NotAuthorized: it has none; the finding names them.
    """
    if principal.scopes is None or not scopes or any(scope in principal.scopes for scope in scopes):
        return
    raise NotAuthorized(found("SCOPE_MISSING", scopes=" or ".join(f"`{name}`" for name in scopes)))
