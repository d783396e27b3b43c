"""Bounds."""

from __future__ import annotations

from typing import Any

import pytest

from jackfield.engine.limits import effective_timeout, is_deeper


@pytest.mark.parametrize(
    ("given", "seconds"), [(None, 60), (1, 1), (30, 30), (60, 60), (61, 60), (0, 1), (-5, 1)]
)
def test_timeouts_are_one_to_sixty(given: int | None, seconds: int) -> None:
    """Without one it is 60."""
    assert effective_timeout(given) == seconds


@pytest.mark.parametrize(
    ("document", "limit", "deeper"),
    [
        (1, 0, False),
        ([], 0, True),
        ({}, 1, False),
        ([[]], 1, True),
        ([[]], 2, False),
        ({"a": [{"b": 1}]}, 3, False),
        ({"a": [{"b": []}]}, 3, True),
        ([1, "[[[["], 1, False),
    ],
)
def test_depth_counts_objects_and_arrays(document: Any, limit: int, deeper: bool) -> None:
    """Scalars have depth 0."""
    assert is_deeper(document, limit) is deeper
