"""Which members of a body may hold secrets, judged by their names."""

from __future__ import annotations

import re
from typing import Final

_WORDS: Final = (
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "authorization",
    "apikey",
    "privatekey",
    "accesskey",
    "cookie",
)
_HARMLESS_ENDS: Final = ("url", "uri", "type", "name", "id", "ttl", "seconds", "expires", "hint", "title")
_CONTAINERS: Final = frozenset(
    {"credentialfields", "credentialfield", "fields", "secrets", "credentialvalues"}
)
_REFERENCE_NAMES: Final = frozenset({"id", "name", "type", "selfuri", "createddate", "modifieddate"})
_NOT_A_LETTER: Final = re.compile(r"[^a-z0-9]")
_REFERENCE: Final = re.compile(r"\$!?\{?[A-Za-z_][\w.]*\}?")
_LONG_WORD: Final = re.compile(r"[A-Za-z0-9+/_-]{8,}")


def holds_secret(name: str) -> bool:
    """Tell if the value of a member with this name may be a secret, such as `clientSecret`."""
    letters = _NOT_A_LETTER.sub("", name.lower())
    return any(word in letters for word in _WORDS) and not letters.endswith(_HARMLESS_ENDS)


def holds_only_secrets(name: str, *, is_list: bool = False) -> bool:
    """Tell if everything inside a member with this name is to be hidden, such as `credentialFields`.

    Args:
        is_list: it is a list; one called `fields` is that of a search, and only names fields.
    """
    letters = _NOT_A_LETTER.sub("", name.lower())
    return letters in _CONTAINERS and not (is_list and letters == "fields")


def is_of_reference(name: str) -> bool:
    """Tell if a member is one by which a stored credential is referred to, and harmless."""
    return _NOT_A_LETTER.sub("", name.lower()) in _REFERENCE_NAMES


def is_template(value: str) -> bool:
    """Tell if a value only refers to secrets (`Bearer ${authResponse.token}`) and may be shown."""
    rest = _REFERENCE.sub("", value)
    return rest != value and not _LONG_WORD.search(rest)
