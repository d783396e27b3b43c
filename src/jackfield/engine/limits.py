"""The bounds of a run, and the gate that counts runs under way."""

from __future__ import annotations

import math
from dataclasses import dataclass

from jackfield.domain.catalogue import found
from jackfield.domain.errors import LimitReached
from jackfield.domain.limits import CONCURRENCY, NAMESPACE, VOLUME
from jackfield.domain.ports import Clock

DEFAULT_TIMEOUT_SECONDS = 60
LONGEST_TIMEOUT_SECONDS = 60
WINDOW_SECONDS = 60
DEPTH = 50


@dataclass(frozen=True, slots=True)
class EngineLimits:
    """What a run may use.

    Args:
        concurrency: runs at the same time; None for no bound.
        volume: runs that begin in one minute; None for no bound.
        response_bytes: size of a reply's body, on the wire and unpacked.
        header_bytes: size of a reply's status line and headers, all interim replies included.
        compiled_actions: how many actions are kept compiled.
    """

    concurrency: int | None = 50
    volume: int | None = None
    response_bytes: int = 2 * 1024 * 1024
    header_bytes: int = 64 * 1024
    compiled_actions: int = 1_000


class Admission:
    """Counts runs under way and runs of a minute; those above the bounds are refused, not queued.

    A minute begins with the first run after the one before it; what was refused does not count (both
    assumed).

    Args:
        limits: `concurrency` and `volume` of them.
        clock: for the minutes.
    """

    __slots__ = ("_clock", "_ends", "_limit", "_started", "_volume", "running")

    def __init__(self, limits: EngineLimits, clock: Clock) -> None:
        self._limit, self._volume, self._clock = limits.concurrency, limits.volume, clock
        self._started, self._ends = 0, 0.0
        self.running = 0

    def enter(self) -> None:
        """Begin a run.

        Raises:
            LimitReached: as many runs as allowed are under way, or began in this minute.
        """
        limit = self._limit
        if limit is not None and self.running >= limit:
            raise LimitReached(
                found("CONCURRENT_EXECUTIONS", limit=limit),
                key=CONCURRENCY,
                namespace=NAMESPACE,
                value=limit,
            )
        if self._volume is not None:
            self._count(self._volume)
        self.running += 1

    def leave(self) -> None:
        """End a run."""
        self.running -= 1

    def _count(self, limit: int) -> None:
        now = self._clock.monotonic()
        if now >= self._ends:
            self._started, self._ends = 0, now + WINDOW_SECONDS
        if self._started >= limit:
            left = max(1, math.ceil(self._ends - now))
            raise LimitReached(
                found("EXECUTIONS_PER_MINUTE", limit=limit, seconds=left),
                key=VOLUME,
                namespace=NAMESPACE,
                value=limit,
                retry_after=left,
            )
        self._started += 1


def effective_timeout(timeout_seconds: int | None) -> int:
    """Return the seconds a run may take: 1 to 60, and 60 if the action does not say."""
    if timeout_seconds is None:
        return DEFAULT_TIMEOUT_SECONDS
    return min(max(timeout_seconds, 1), LONGEST_TIMEOUT_SECONDS)


def is_deeper(document: object, limit: int = DEPTH) -> bool:
    """Tell if a JSON document has more than `limit` levels of objects and arrays."""
    level = [document] if isinstance(document, dict | list) else []
    for _ in range(limit):
        level = [
            item
            for container in level
            for item in (container.values() if isinstance(container, dict) else container)
            if isinstance(item, dict | list)
        ]
        if not level:
            return False
    return bool(level)
