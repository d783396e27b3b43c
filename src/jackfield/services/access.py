"""Permission checks, once for all routes."""

from __future__ import annotations

from collections.abc import Sequence

from jackfield.domain.catalogue import found
from jackfield.domain.errors import NotPermitted
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
