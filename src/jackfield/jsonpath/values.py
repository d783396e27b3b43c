"""How the engine's values behave in filters: Java numbers, texts and equality.

JSON values are Python's (``dict``, ``list``, ``str``, ``int``, ``float``, ``bool``, ``None``); this module
states where Java's view of them differs from Python's: ``1`` is not ``1.0`` inside lists, numbers compare
as decimals and print as Java prints them, and texts have the length and the order of their UTF-16 units.
"""

from __future__ import annotations

import math
from decimal import Decimal
from enum import Enum
from typing import Any, TypeGuard

from jackfield.jsonpath.errors import PathEvaluationError
from jackfield.jsonpath.filters import DECIMAL


class Marker(Enum):
    """Operands that are no JSON value."""

    UNDEFINED = "undefined"
    """a path in a filter that leads nowhere"""
    UNEQUAL = "unequal"
    """an element of a list that the engine takes for a path; it equals nothing"""


UNDEFINED = Marker.UNDEFINED
UNEQUAL = Marker.UNEQUAL

Number = int | float | Decimal

# isinstance with a union builds it anew each time, which costs four times the check.
_NUMBERS = (int, float, Decimal)
CONTAINERS = (dict, list)


class KeySet(list[Any]):
    """The keys of an object as ``keys()`` gives them: shown as a list, but no list to further steps."""


class Text(str):
    """An element of a list that the engine takes for JSON text; equals only the same text."""

    __slots__ = ()


def is_number(value: object) -> TypeGuard[Number]:
    """Whether the engine sees a number (booleans are none)."""
    return isinstance(value, _NUMBERS) and not isinstance(value, bool)


def is_array(value: object) -> TypeGuard[list[Any]]:
    """Whether the engine sees a list."""
    return isinstance(value, list) and not isinstance(value, KeySet)


def java_double(value: float) -> str:
    """A double as ``Double.toString`` prints it (shortest digits, JDK 19 and newer)."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "-0.0" if math.copysign(1, value) < 0 else "0.0"
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    if len(digits) == 1:
        # Java shows two digits at least, the nearest two: 4.9E-324 where Python has 5e-324.
        sign, digits, exponent = Decimal(f"{value:.1e}").normalize().as_tuple()
    figures = "".join(map(str, digits))
    point = len(figures) + int(exponent)
    minus = "-" if sign else ""
    if 1e-3 <= abs(value) < 1e7:
        if point <= 0:
            return f"{minus}0.{'0' * -point}{figures}"
        whole = figures[:point].ljust(point, "0")
        return f"{minus}{whole}.{figures[point:] or '0'}"
    return f"{minus}{figures[0]}.{figures[1:] or '0'}E{point - 1}"


def decimal_of(value: Number) -> Decimal:
    """A number as the decimal that the engine compares. Raises ``PathEvaluationError`` for NaN, infinity."""
    if isinstance(value, float):
        if not math.isfinite(value):
            raise PathEvaluationError(
                f"{java_double(value)} cannot be compared", engine_error="NumberFormatException"
            )
        return Decimal(java_double(value))
    return Decimal(value)


def number_text(value: Number) -> str:
    """A number as the engine compares it with a text (``1``, ``1.0``, ``1.0E+10``)."""
    return str(decimal_of(value))


def number_from_text(text: str) -> Decimal | None:
    """The number that a text spells in Java's grammar, or None."""
    return Decimal(text) if DECIMAL.match(text) else None


def java_text(value: Any) -> str:
    """A value as Java's ``toString`` prints it: ``{a=1, b=[x, null]}``."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return java_double(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(java_text, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}={java_text(entry)}" for key, entry in value.items()) + "}"
    return number_text(value)


def utf16_length(text: str) -> int:
    """The length that Java's ``String.length`` gives."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def text_order(text: str) -> bytes:
    """A key that sorts texts as Java's ``String.compareTo`` does."""
    return text.encode("utf-16-be", "surrogatepass")


def same_json(left: Any, right: Any) -> bool:
    """Java's deep equality of two JSON values: ``1`` and ``1.0`` and ``true`` all differ."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same_json(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same_json, left, right))
    if type(left) is not type(right):
        return False
    if isinstance(left, float):
        return java_double(left) == java_double(right)
    return bool(left == right)


def same_node(left: Any, right: Any) -> bool:
    """Whether the engine's operand ``left`` equals ``right``; not symmetric for numbers and texts."""
    if left is UNDEFINED or left is UNEQUAL or isinstance(left, Text) or isinstance(right, Text):
        return isinstance(left, Text) and isinstance(right, Text) and str.__eq__(left, right)
    if left is None or isinstance(left, bool):
        return left is right
    if isinstance(left, str):
        if isinstance(right, str):
            return left == right
        return is_number(right) and left == number_text(right)
    if is_number(left):
        return _same_number(left, right)
    if isinstance(left, list | dict) and isinstance(right, list | dict):
        return same_json(left, right)
    # Compiled patterns: the engine compares their identity, and no two places share one.
    return False


def _same_number(left: Number, right: Any) -> bool:
    if isinstance(left, int) and isinstance(right, int) and not isinstance(right, bool):
        return left == right
    if is_number(right):
        return decimal_of(left) == decimal_of(right)
    if isinstance(right, str):
        number = number_from_text(right)
        return number is not None and decimal_of(left) == number
    return False
