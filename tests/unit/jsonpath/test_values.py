"""Java's view of JSON values."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from jackfield.jsonpath import PathEvaluationError
from jackfield.jsonpath.values import (
    UNDEFINED,
    UNEQUAL,
    KeySet,
    Text,
    decimal_of,
    is_array,
    is_number,
    java_double,
    java_text,
    number_from_text,
    number_text,
    same_json,
    same_node,
    text_order,
    utf16_length,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (1.0, "1.0"),
        (-1.5, "-1.5"),
        (0.001, "0.001"),
        (0.0001, "1.0E-4"),
        (9999999.0, "9999999.0"),
        (1e7, "1.0E7"),
        (1.5e10, "1.5E10"),
        (123456.789, "123456.789"),
        (2e-3, "0.002"),
        (1e23, "1.0E23"),
        (5e-324, "4.9E-324"),
        (1.7976931348623157e308, "1.7976931348623157E308"),
        (float("nan"), "NaN"),
        (float("-inf"), "-Infinity"),
    ],
)
def test_doubles_print_as_in_java(value: float, text: str) -> None:
    """Double.toString of JDK 19."""
    assert java_double(value) == text


def test_values_print_as_in_java() -> None:
    """toString of lists, maps and scalars."""
    assert java_text({"a": 1, "b": [None, True, 1.0, "x"]}) == "{a=1, b=[null, true, 1.0, x]}"


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        (1, 1, True),
        (1, 1.0, True),
        (1, "1.0", True),
        ("1.0", 1, False),
        ("1", 1, True),
        (1.0, "1", True),
        ("1.0", 1.0, True),
        (1e21, "1E+21", True),
        (0.1, Decimal("0.1"), True),
        (0.1, Decimal("0.10000000000000001"), False),
        (True, True, True),
        (True, 1, False),
        (1, True, False),
        (None, None, True),
        (None, False, False),
        ("x", "x", True),
        ("x", None, False),
        (1, "x", False),
        (UNDEFINED, UNDEFINED, False),
        (None, UNDEFINED, False),
        (UNEQUAL, "$", False),
        (Text("[1]"), Text("[1]"), True),
        (Text("[1]"), "[1]", False),
        ("[1]", Text("[1]"), False),
        ([1], [1], True),
        ([1], [1.0], False),
        ([1], "x", False),
    ],
)
def test_same_node(left: Any, right: Any, same: bool) -> None:
    """The equality of operands, which is not symmetric."""
    assert same_node(left, right) is same


def test_same_json() -> None:
    """Deep equality tells kinds of numbers apart, and booleans from numbers."""
    assert same_json({"a": [1, {"b": None}]}, {"a": [1, {"b": None}]})
    assert not same_json({"a": 1}, {"a": True})
    assert not same_json([1, 2], [1])
    assert not same_json({"a": 1}, {"b": 1})
    assert same_json(float("nan"), float("nan"))
    assert not same_json(0.0, -0.0)


def test_numbers() -> None:
    """What is a number, what a text spells, what cannot be compared."""
    assert is_number(1)
    assert not is_number(True)
    assert number_from_text("1e3") == 1000
    assert number_from_text(".5") == Decimal("0.5")
    assert [number_from_text(text) for text in ("", "1_0", " 1", "NaN", "0x1", "1e")] == [None] * 6
    assert number_text(1e10) == "1.0E+10"
    with pytest.raises(PathEvaluationError) as caught:
        decimal_of(float("inf"))
    assert caught.value.engine_error == "NumberFormatException"


def test_texts_are_utf16() -> None:
    """Length and order are those of UTF-16 units."""
    assert utf16_length("a\U0001f600") == 3
    assert text_order("\U0001f600") < text_order("\uffff")


def test_key_sets_are_no_lists() -> None:
    """What keys() gives is not indexed."""
    assert not is_array(KeySet(["a"]))
    assert is_array(["a"])
