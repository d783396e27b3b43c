"""Comparing values."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.workbench.suites.matching import differences

VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text("ab", max_size=2), inner)),
    max_leaves=8,
)


@given(VALUES)
def test_a_value_is_like_itself(value: Any) -> None:
    """There is no difference, neither whole nor as a part."""
    assert list(differences(value, value)) == []


@given(VALUES, VALUES)
def test_what_differs_is_told(one: Any, other: Any) -> None:
    """Two values are told apart exactly if they are not the same JSON."""
    same = one == other and repr(one) == repr(other)
    sorted_same = str(_sorted(one)) == str(_sorted(other))
    assert (list(differences(one, other)) == []) is (same or sorted_same)


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else (type(value).__name__, value)


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ({"$contains": {"a": 1}}, {"a": 1, "b": 2}),
        ({"$contains": {"a": {"b": 1}}}, {"a": {"b": 1, "c": 2}}),
        ({"$contains": "ell"}, "Hello"),
        ({"$contains": 2}, [1, 2]),
        ({"$contains": [2, 1]}, [1, 2, 3]),
        ({"$matches": "^a.c$"}, "abc"),
        ({"$type": "integer"}, 1),
        ({"$type": "array"}, []),
        ({"$length": 2}, "ab"),
        ({"a": {"$present": True}}, {"a": None}),
        ({"a": {"$present": False}}, {}),
        (1, 1.0),
    ],
)
def test_rules_that_hold(expected: Any, actual: Any) -> None:
    """An object with one member beginning with a dollar sign is a rule."""
    assert list(differences(expected, actual)) == []


@pytest.mark.parametrize(
    ("expected", "actual", "path", "words"),
    [
        ({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}, ".a[1].b", "is 3 instead of 2"),
        ({"a": 1}, {"a": 1, "b": 2}, ".b", "is there, with 2"),
        ({"a": 1, "b": 2}, {"a": 1}, ".b", "is missing"),
        ([1], [1, 2], "", "has 2 items instead of 1"),
        (True, 1, "", "is 1 instead of true"),
        ({"$contains": "x"}, "y", "", "does not contain"),
        ({"$contains": "x"}, 5, "", "does not contain"),
        ({"$contains": 5}, [1], "", "does not contain 5"),
        ({"$contains": {"a": 1}}, {"b": 1}, ".a", "is missing"),
        ({"$matches": "^b"}, "abc", "", "does not match"),
        ({"$type": "string"}, 1, "", "not of type string"),
        ({"$type": "nonsense"}, 1, "", "not of type nonsense"),
        ({"$length": 2}, [1], "", "has length 1 instead of 2"),
        ({"$length": 2}, None, "", "has length None"),
        ({"a": {"$present": False}}, {"a": 1}, ".a", "is there"),
        ({"a": {"$present": True}}, {}, ".a", "is missing"),
        ("x" * 300, "y", "", "…"),
    ],
)
def test_rules_that_do_not_hold(expected: Any, actual: Any, path: str, words: str) -> None:
    """The difference has its path and its words."""
    found = list(differences(expected, actual))
    assert [one.path for one in found] == [path]
    assert words in found[0].words
