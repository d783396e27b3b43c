"""Pages of lists: by number and by cursor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page is asked for.

    Args:
        number: 1-based.
        size: at least 1.
        sort_by: a field name or "".
        until: entities that were created later are not listed yet; None lists all.
    """

    number: int = 1
    size: int = 25
    sort_by: str = ""
    descending: bool = False
    until: datetime | None = None

    @property
    def offset(self) -> int:
        """How many entities come before this page."""
        return (self.number - 1) * self.size


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list and how many entities there are in all."""

    entities: Sequence[T]
    number: int
    size: int
    total: int

    @property
    def count(self) -> int:
        """How many pages there are; never None, 0 for an empty list."""
        return -(-self.total // self.size)


@dataclass(frozen=True, slots=True)
class CursorRequest:
    """Entities before or after an entity's id (exclusive), at most `size`, none created after `until`."""

    size: int = 25
    after: str = ""
    before: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class CursorPage(Generic[T]):
    """A run of entities in stable order; the cursors are None at the ends.

    Args:
        known: False if the cursor names nothing that is or was in the list.
    """

    entities: Sequence[T]
    size: int
    next_after: str | None
    previous_before: str | None
    known: bool = True
