"""What logging in to a service gave, before a data action calls it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from jackfield.domain.secret import Secret

# Shorter parts of a login's answer are words such as `bearer`, and no secrets.
_SHORTEST_SECRET: Final = 9
# RFC 6749, 5.1: these say something about the token and are none themselves.
_PUBLIC_MEMBERS: Final = frozenset({"token_type", "expires_in", "scope"})


@dataclass(frozen=True, slots=True, eq=False)
class Login:
    """What a login gave.

    Args:
        response: what templates see as `authResponse`; None if there is none.
        authorization: value of the Authorization header; None for none.
        secrets: what no trace may show.
        expires: in the clock's monotonic seconds, from when on it is not used any more; None if nobody knows.
        made_up: `login` or `token` if nothing was logged in, "" if something was.
    """

    response: Mapping[str, Any] | None = None
    authorization: Secret | None = None
    secrets: tuple[Secret, ...] = ()
    expires: float | None = None
    made_up: str = ""


def secrets_in(value: Any) -> Iterator[Secret]:
    """Yield every text of a login's answer that may be a secret.

    Args:
        value: any JSON value. What RFC 6749 calls public, short words and bare addresses of servers are none.
    """
    if isinstance(value, Mapping):
        for name, item in value.items():
            if name not in _PUBLIC_MEMBERS:
                yield from secrets_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from secrets_in(item)
    elif isinstance(value, str) and len(value) >= _SHORTEST_SECRET and not _is_origin(value):
        yield Secret(value)


def _is_origin(text: str) -> bool:
    """Tell if a text is the address of a server and nothing else, such as Salesforce's `instance_url`."""
    if not text.startswith(("https://", "http://")):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.path in ("", "/") and not (parts.query or parts.fragment or "@" in parts.netloc)
