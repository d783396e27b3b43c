"""What one read carries along: the document, the counters, and what was found once already."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jackfield.jsonpath.errors import PathLimitExceeded
from jackfield.jsonpath.limits import Limits


class Run:
    """One read of one document.

    ``cache`` holds what ``$`` paths in filters gave. ``passed`` holds the deep scans that went through a
    list: from then on the engine drops the properties found behind them (see ``scanning``).
    """

    __slots__ = ("_left", "cache", "limits", "passed", "root")

    def __init__(self, root: Any, limits: Limits, left: list[int] | None = None) -> None:
        self.root = root
        self.limits = limits
        self.cache: dict[int, Any] = {}
        self.passed: set[int] = set()
        self._left = [limits.steps] if left is None else left

    def rooted(self, root: Any) -> Run:
        """A run within this one that takes ``root`` for the document; the counters stay common."""
        inner = Run(root, self.limits, self._left)
        inner.passed = self.passed
        return inner

    def spend(self, steps: int) -> None:
        """Count visited values. Raises ``PathLimitExceeded``."""
        self._left[0] -= steps
        if self._left[0] < 0:
            raise PathLimitExceeded("steps", self.limits.steps, "The path visits too many values")

    def check(self, out: list[Any]) -> None:
        """Bound the results. Raises ``PathLimitExceeded``."""
        if len(out) > self.limits.results:
            raise PathLimitExceeded("results", self.limits.results, "The path selects too many values")


Step = Callable[[Any, list[Any], Run], None]
Evaluate = Callable[[Any, Run], Any]
Condition = Callable[[Any, Run], bool]
