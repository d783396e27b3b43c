"""A value that must not be shown."""

from __future__ import annotations

from typing import Final, NoReturn

MASK: Final = "********"


class Secret:
    """Text that never shows itself: `repr`, `str`, formatting, comparison and pickling do not give it away.

    Args:
        text: the value in clear.

    Only `reveal()` returns the value, so every place that uses a secret can be found by that name.
    Equality is deliberately not defined on the text: compare keyed fingerprints (`Vault.fingerprint`).
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the value in clear."""
        return self._text

    def __repr__(self) -> str:
        return f"Secret({MASK!r})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __bool__(self) -> bool:
        return bool(self._text)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret cannot be pickled or copied")
