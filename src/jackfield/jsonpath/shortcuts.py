"""Faster closures for the shapes that almost every path has.

Each gives exactly what the general steps give; a test compares the two on random paths and documents.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jackfield.jsonpath.values import number_from_text, same_node

Quick = Callable[[Any], bool]


def compare_with_literal(operator: str, literal: Any) -> Quick | None:
    """``==`` and ``!=`` with a text or a whole number, as a test of the other operand; None for others."""
    if operator not in ("==", "!="):
        return None
    equal = _equal_text(literal) if isinstance(literal, str) else _equal_integer(literal)
    if equal is None or operator == "==":
        return equal
    return lambda value: not equal(value)


def _equal_text(literal: str) -> Quick | None:
    if number_from_text(literal) is not None:
        return lambda value: same_node(value, literal)
    return lambda value: bool(value == literal)


def _equal_integer(literal: Any) -> Quick | None:
    if not isinstance(literal, int):
        return None
    shown = str(literal)

    def equal(value: Any) -> bool:
        if isinstance(value, bool):
            return False
        if isinstance(value, int):
            return value == literal
        if isinstance(value, str):
            return value == shown
        return same_node(value, literal)

    return equal
