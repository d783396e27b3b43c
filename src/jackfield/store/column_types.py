"""Column types that mean the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from jackfield.domain.catalogue import found
from jackfield.domain.errors import Refused

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

SEQUENCE = BigInteger().with_variant(Integer, "sqlite")
"""A growing number per table; SQLite numbers rows only where the type is spelt INTEGER."""


def is_storable(text: str) -> bool:
    """Tell if both databases can hold a text: PostgreSQL takes no NUL, UTF-8 no lone surrogates."""
    return "\0" not in text and (text.isascii() or _is_utf8(text))


def scrubbed(text: str) -> str:
    """Return `text` as both databases can compare it; what it cannot hold becomes U+FFFD."""
    if is_storable(text):
        return text
    return text.replace("\0", REPLACEMENT).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def folded(text: str) -> str:
    """Return the form in which names are sorted and searched: any case, no unstorable characters."""
    return scrubbed(text).casefold()


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class StoredText(TypeDecorator[str]):
    """Text kept exactly as it came; text that cannot be kept is refused instead of changed."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return `value`; raise Refused with TEXT_NOT_STORABLE if it cannot be stored."""
        if value is None or is_storable(value):
            return value
        what = "a NUL character" if "\0" in value else "half of a surrogate pair"
        raise Refused(found("TEXT_NOT_STORABLE", what=what))


class Compared(TypeDecorator[str]):
    """Ids and search forms: compared byte by byte on both databases, never refused.

    An id or a search text of a request may hold anything; one that cannot be stored matches nothing.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return text, on PostgreSQL with the collation that sorts by code point as SQLite does."""
        return Text(collation="C") if dialect.name == "postgresql" else Text()

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return `value` with what cannot be stored replaced."""
        return value if value is None else scrubbed(value)


class Instant(TypeDecorator[datetime]):
    """A point in time, stored in UTC with microseconds."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return a timestamp with zone where there is one."""
        # Unlike text, which the dialect's own descriptor would turn into VARCHAR, times need it.
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the time in UTC.

        Raises:
            ValueError: the time has no zone, so nobody can tell when it is.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        there = value.astimezone(UTC)
        return there if dialect.name == "postgresql" else there.replace(tzinfo=None)

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> datetime | None:
        """Return the time with its UTC zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
