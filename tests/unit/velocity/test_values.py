"""How values print, compare and calculate: Java's rules."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from jackfield.velocity.arithmetic import ArithmeticFault, calculate, compare, equal, negate, same
from jackfield.velocity.values import Entry, ValueDepthError, double_text, java_class, text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1.0, "1.0"),
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (0.001, "0.001"),
        (0.00012, "1.2E-4"),
        (9999999.0, "9999999.0"),
        (1e7, "1.0E7"),
        (123456789.125, "1.23456789125E8"),
        (1e21, "1.0E21"),
        (2e23, "2.0E23"),
        (5e-324, "4.9E-324"),
        (1.7976931348623157e308, "1.7976931348623157E308"),
        (float("inf"), "Infinity"),
        (float("-inf"), "-Infinity"),
        (float("nan"), "NaN"),
        (-1.5e-7, "-1.5E-7"),
    ],
)
def test_doubles_print_by_the_shortest_digits_rule(value: float, shown: str) -> None:
    """Double.toString of JDK 19: plain between 0.001 and 10 million, else with an exponent."""
    assert double_text(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"a": 1, "b": [None, True, "x", 1.5]}, "{a=1, b=[null, true, x, 1.5]}"),
        ([], "[]"),
        ({}, "{}"),
        ([[1], {"k": {}}], "[[1], {k={}}]"),
        (range(3, 0, -1), "[3, 2, 1]"),
        (Entry("k", [1]), "k=[1]"),
        (Decimal("1.50"), "1.50"),
        (12345678901234567890, "12345678901234567890"),
        (None, "null"),
        (object(), "object"),
    ],
)
def test_values_print_like_their_java_counterparts(value: Any, shown: str) -> None:
    """Maps, lists, ranges and entries print as LinkedHashMap, ArrayList and so on do."""
    assert text(value) == shown


def test_printing_is_bounded() -> None:
    """A value inside itself is named; deep values and values that share parts are refused."""
    own: list[Any] = [1]
    own.append(own)
    assert text(own) == "[1, (this Collection)]"
    deep: list[Any] = []
    for _ in range(500):
        deep = [deep]
    with pytest.raises(ValueDepthError):
        text(deep)
    wide: list[Any] = ["x" * 100]
    for _ in range(40):
        wide = [wide, wide]
    with pytest.raises(OverflowError):
        text(wide)
    with pytest.raises(ValueDepthError):
        same(wide, [*wide])


@pytest.mark.parametrize(
    ("operator", "left", "right", "result"),
    [
        ("/", 7, 2, 3),
        ("/", -7, 2, -3),
        ("%", -7, 3, -1),
        ("%", 7.5, 2, 1.5),
        ("+", 2**31 - 1, 1, 2**31),
        ("*", 2**63 - 1, 2, 2**64 - 2),
        ("/", 1, 4.0, 0.25),
        ("/", 1, 0, None),
        ("%", 1.5, 0.0, None),
        ("*", "5", 2, Decimal("10.0")),
        ("-", "7", 1.5, Decimal("5.5")),
        ("/", "10.00", 3, Decimal("3.33")),
        ("+", True, 1, None),
        ("*", "x", 1, None),
        ("-", None, 1, None),
    ],
)
def test_arithmetic_has_javas_types(operator: str, left: object, right: object, result: object) -> None:
    """Integers divide as integers, numeric texts become BigDecimal, what is no number gives null."""
    found = calculate(operator, left, right)
    assert found == result
    assert str(found) == str(result)


def test_modulo_of_big_decimals_is_an_error() -> None:
    """Velocity refuses BigDecimal modulo; negation works on every number."""
    with pytest.raises(ArithmeticFault, match="modulo of BigDecimals"):
        calculate("%", "5", 2)
    assert (negate("2"), negate(1.5), negate("x")) == (Decimal(-2), -1.5, None)


@pytest.mark.parametrize(
    ("left", "right", "result"),
    [
        (5, "5", True),
        (5, 5.0, True),
        ("5", "5.0", False),
        (True, "true", True),
        (None, None, True),
        (None, "", False),
        ([1, 2], "[1, 2]", True),
        ([1], [1.0], False),
        ({"a": 1}, {"a": 1}, True),
        (True, 1, False),
    ],
)
def test_equality(left: object, right: object, result: bool) -> None:
    """Numbers by value, one class by content, all else by text."""
    assert equal(left, right) is result
    assert equal(right, left) is result


def test_order_and_java_classes() -> None:
    """Numbers order across types; class names are those messages quote."""
    assert [compare(1, 2.5), compare(Decimal("2.50"), 2), compare(3, 3.0)] == [-1, 1, 0]
    values: list[Any] = [1, 2**40, 2**70, 1.5, "", True, [], {}, None]
    names = [java_class(value) for value in values]
    assert [name.rsplit(".", 1)[-1] for name in names] == [
        "Integer",
        "Long",
        "BigInteger",
        "Double",
        "String",
        "Boolean",
        "ArrayList",
        "LinkedHashMap",
        "null",
    ]
