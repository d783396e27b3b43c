"""A clock that stands until a test moves it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass
class StandingClock:
    """The time is what the test says."""

    at: datetime = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    seconds: float = 0.0

    def now(self) -> datetime:
        """Return the standing time."""
        return self.at

    def monotonic(self) -> float:
        """Return the standing seconds."""
        return self.seconds
