"""The bench's clock: waiting costs no time, and the date never changes."""

from __future__ import annotations

from datetime import UTC, datetime
from time import perf_counter

_A_DAY = datetime(2026, 1, 1, 12, tzinfo=UTC)


class BenchClock:
    """A clock that can be put forward, so that a test of a timeout is over at once."""

    __slots__ = ("_passed",)

    def __init__(self) -> None:
        self._passed = 0.0

    def now(self) -> datetime:
        """Return the same time always: a test must not depend on the day."""
        return _A_DAY

    def monotonic(self) -> float:
        """Return seconds that never go back, those that were skipped included."""
        return perf_counter() + self._passed

    def skip(self, seconds: float) -> None:
        """Let time pass without waiting."""
        self._passed += seconds
