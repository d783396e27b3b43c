"""The contents of a store, as the test state keeps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Contents:
    """Rows by table; what they mean is the store's own matter. Secrets in them are sealed."""

    rows: Mapping[str, Sequence[Mapping[str, object]]]

    @property
    def size(self) -> int:
        """How many rows there are."""
        return sum(map(len, self.rows.values()))
