"""The bounds of a run, and the gate that counts runs under way."""

from __future__ import annotations

from dataclasses import dataclass

from jackfield.domain.catalogue import found
from jackfield.domain.errors import LimitReached

DEFAULT_TIMEOUT_SECONDS = 60
LONGEST_TIMEOUT_SECONDS = 60
CONCURRENCY_KEY = "actions.concurrent.executions.max"
NAMESPACE = "dataactions"
DEPTH = 50


@dataclass(frozen=True, slots=True)
class EngineLimits:
    """What a run may use.

    Args:
        concurrency: runs at the same time; None for no bound.
        response_bytes: size of a reply's body, on the wire and unpacked.
        header_bytes: size of a reply's status line and headers, all interim replies included.
        compiled_actions: how many actions are kept compiled.
    """

    concurrency: int | None = 50
    response_bytes: int = 2 * 1024 * 1024
    header_bytes: int = 64 * 1024
    compiled_actions: int = 1_000


class Admission:
    """Counts runs under way; those above the bound are refused, not queued."""

    __slots__ = ("_limit", "running")

    def __init__(self, limit: int | None) -> None:
        self._limit = limit
        self.running = 0

    def enter(self) -> None:
        """Begin a run.

        Raises:
            LimitReached: as many runs as allowed are under way.
        """
        limit = self._limit
        if limit is not None and self.running >= limit:
            raise LimitReached(
                found("CONCURRENT_EXECUTIONS", limit=limit),
                key=CONCURRENCY_KEY,
                namespace=NAMESPACE,
                value=limit,
            )
        self.running += 1

    def leave(self) -> None:
        """End a run."""
        self.running -= 1


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
