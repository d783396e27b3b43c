"""The path functions by themselves."""

from __future__ import annotations

import math
from typing import Any

import pytest

from jackfield.jsonpath import PathEvaluationError
from jackfield.jsonpath.errors import IndexOutOfRange
from jackfield.jsonpath.functions import FUNCTIONS, Arguments, double, int_value, length


def _call(name: str, value: Any, *arguments: Any) -> Any:
    def getter(argument: Any) -> Any:
        return lambda: argument

    return FUNCTIONS[name](value, Arguments([getter(argument) for argument in arguments]))


@pytest.mark.parametrize(
    ("name", "value", "arguments", "result"),
    [
        ("sum", [1, 2, "3", True, None], (), 3.0),
        ("sum", "x", (1, [2, 3]), 6.0),
        ("avg", [1, 2], (), 1.5),
        ("min", [3, -1], (), -1.0),
        ("max", [3, -1], (), 3.0),
        ("max", [-1], (), 5e-324),
        ("stddev", [1, 1], (), 0.0),
        ("concat", ["a", 1, "b"], ("c", 2, None, [True, "d"]), "abc2trued"),
        ("concat", {"a": 1}, (), ""),
        ("keys", {"a": 1}, (), ["a"]),
        ("keys", [1], (), None),
        ("append", [1], (2, [3]), [1, 2, [3]]),
        ("append", "x", (2,), "x"),
        ("first", [1, 2], (), 1),
        ("last", [1, 2], (), 2),
        ("index", [1, 2, 3], (-1,), 3),
        ("index", [1, 2, 3], (1.9,), 2),
    ],
)
def test_results(name: str, value: Any, arguments: tuple[Any, ...], result: Any) -> None:
    """Each function gives the engine's result."""
    assert _call(name, value, *arguments) == result


def test_append_leaves_the_list_alone() -> None:
    """The document's list does not grow."""
    value = [1]
    _call("append", value, 2)
    assert value == [1]


@pytest.mark.parametrize(
    ("name", "value", "arguments"),
    [("sum", [], ()), ("avg", ["1"], ()), ("first", {}, ()), ("last", [1], ()), ("index", "x", (1,))],
)
def test_refusals(name: str, value: Any, arguments: tuple[Any, ...]) -> None:
    """No numbers, no list, one element: errors, as in the engine."""
    with pytest.raises(PathEvaluationError) as caught:
        _call(name, value, *arguments)
    assert caught.value.engine_error == "JsonPathException"


@pytest.mark.parametrize(("name", "arguments"), [("first", ()), ("index", (3,)), ("index", ("x",))])
def test_elements_out_of_range(name: str, arguments: tuple[Any, ...]) -> None:
    """Elements beyond the list are told apart, because index steps swallow them."""
    with pytest.raises(IndexOutOfRange):
        _call(name, [], *arguments)


def test_lengths() -> None:
    """Lists and objects have a length, texts have none."""
    assert [length(value) for value in ([1], {"a": 1}, "text", 5, None)] == [1, 1, None, None, None]


def test_conversions() -> None:
    """Numbers become doubles and ints as in Java."""
    assert double(10**400) == math.inf
    assert double(-(10**400)) == -math.inf
    assert [int_value(n) for n in (1.9, -1.9, 1e20, -1e20, 2**31, 2**40)] == [
        1,
        -1,
        2**31 - 1,
        -(2**31),
        -(2**31),
        0,
    ]
    assert int_value(math.nan) == 0
