"""The operators of filters on values."""

from __future__ import annotations

from typing import Any

import pytest

from jackfield.jsonpath import DEFAULT_LIMITS, PathEvaluationError, compile_path
from jackfield.jsonpath.comparisons import Comparisons, JsonText
from jackfield.jsonpath.errors import FilterRejection
from jackfield.jsonpath.javaregex import compile_java
from jackfield.jsonpath.values import UNDEFINED

TESTS = Comparisons(DEFAULT_LIMITS, lambda text: text.startswith("$.")).tests


@pytest.mark.parametrize(
    ("left", "operator", "right", "holds"),
    [
        (1, "==", "1.0", True),
        ("1.0", "==", 1, False),
        (UNDEFINED, "==", None, False),
        (UNDEFINED, "!=", None, True),
        (1, "===", "1", False),
        (1, "===", 1.0, True),
        (1, "!==", "1", True),
        (2, "<", 10, True),
        ("2", "<", "10", False),
        (2, "<", "10", False),
        (1.5, ">=", 1.5, True),
        ("a", "<=", "b", True),
        (True, ">", False, False),
        ("a", "in", ["a", "b"], True),
        ("a", "in", JsonText("[a]"), True),
        (1, "in", ["1.0"], True),
        ("c", "nin", ["a"], True),
        ("a", "in", {"a": 1}, False),
        ("$.x", "in", ["$.x"], False),
        ("q", "in", ["'q'"], True),
        ("abc", "contains", "b", True),
        (["a"], "contains", "a", True),
        ({"a": 1}, "contains", "a", False),
        (5, "contains", 5, False),
        ([1, 2], "size", 2, True),
        ("ab", "size", 2, True),
        ({"a": 1}, "size", -1, True),
        (5, "size", 1, False),
        ([1], "size", "1", False),
        ("", "empty", True, True),
        ([], "empty", False, False),
        (5, "empty", True, False),
        (["a"], "subsetof", ["a", "b"], True),
        (["a", "c"], "subsetof", ["a", "b"], False),
        (["a"], "anyof", ["b", "a"], True),
        (["a"], "noneof", ["b"], True),
        (["a"], "noneof", {"b": 1}, False),
        ({"a": 1}, "anyof", ["a"], False),
        ([1], "==", JsonText("[1]"), True),
        (JsonText("[1]"), "==", [1], False),
        ([1, 2], "==", JsonText("[1,2.0]"), False),
    ],
)
def test_operators(left: Any, operator: str, right: Any, holds: bool) -> None:
    """Each operator gives the engine's answer."""
    assert TESTS[operator](left, right) is holds


@pytest.mark.parametrize(
    ("left", "right", "holds"),
    [
        ("abc", "a.*", True),
        ("abc", "a", False),
        (12, r"\d+", True),
        (True, "true", True),
        (None, "", True),
        (UNDEFINED, ".*", True),
        (["x", "abc"], "abc", True),
        ({"a": 1}, "a", False),
    ],
)
def test_patterns(left: Any, right: str, holds: bool) -> None:
    """=~ matches the whole text, on either side, and any element of a list."""
    pattern = compile_java(right)
    assert TESTS["=~"](left, pattern) is holds
    assert TESTS["=~"](pattern, left) is holds
    assert TESTS["=~"](pattern, pattern) is False


@pytest.mark.parametrize(
    ("left", "operator", "right"),
    [
        ("a", "in", "abc"),
        ("a", "nin", "abc"),
        ("a", "subsetof", ["a"]),
        (["a"], "anyof", 5),
        ("a", "empty", "true"),
        (["a"], "all", ["a"]),
        ("a", "type", "x"),
        ("a", "matches", "x"),
    ],
)
def test_rejections(left: Any, operator: str, right: Any) -> None:
    """An operand that an operator cannot take rejects the filter."""
    with pytest.raises(FilterRejection):
        TESTS[operator](left, right)


def test_rejection_makes_the_whole_filter_false() -> None:
    """Even negated, a rejected comparison selects nothing."""
    assert compile_path("$[?(!(@.a in 'x'))]").read([{"a": "x"}]) == []


@pytest.mark.parametrize(
    ("left", "operator", "right", "engine_error"),
    [
        ("a", "in", [[1]], "JsonPathException"),
        ("a", "in", JsonText("[:]"), "IllegalArgumentException"),
        ({"a": 1}, "empty", True, "ClassCastException"),
        ("a", "in", ["\\uzzzz"], "JsonPathException"),
        (1, "in", [float("inf")], "NumberFormatException"),
    ],
)
def test_failures(left: Any, operator: str, right: Any, engine_error: str) -> None:
    """What breaks off the engine's read breaks off ours."""
    with pytest.raises(PathEvaluationError) as caught:
        TESTS[operator](left, right)
    assert caught.value.engine_error == engine_error
