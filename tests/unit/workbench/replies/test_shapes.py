"""Documents made for paths."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.jsonpath import compile_path
from jackfield.workbench.replies.shapes import document_for, merged

LEAF = "the leaf"
PATHS = (
    "$",
    "$.a",
    "a.b",
    "['a']['b']",
    "$.a[2].b",
    "$.a[-1]",
    "$.a[*].b",
    "$.a[0,2]",
    "$.a[-3:].b",
    "$..total",
    "$.a..name",
    ".total",
    "$.a[?(@.k == 'x')].b",
    '$.a[?(@.k != "x" && @.n > 3)].b',
    "$.a[?(@.n <= 3 || @.z)].b",
    "$.a[?(!(@.k == 'x'))].b",
    "$.a[?(!(@.k != 'x'))].b",
    "$.a[?(@.k in ['x','y'])].b",
    "$.a[?(@.k nin ['x','y'])].b",
    "$.a[?(@.l contains 'x')].b",
    "$.a[?(@.l size 2)].b",
    "$.a[?(@.l empty true)].b",
    "$.a[?(@.t == true)].b",
    "$.a[?(@.t == null)].b",
    "$.a[?(3 < @.n)].b",
    "$.a[?(@.deep.er == 'x')].b.c[0]",
    "$.a[?(@.k)].b",
    "$.a[?(@.k && !@.gone)].b",
)


@pytest.mark.parametrize("path", PATHS)
def test_the_path_finds_its_leaf(path: str) -> None:
    """What is built for a path is found by it."""
    compiled = compile_path(path)
    found = compiled.read(document_for(path, LEAF))
    assert found == LEAF if compiled.is_definite else found[0] == LEAF, found


@pytest.mark.parametrize(
    ("path", "leaf", "expected"),
    [
        ("$.a.length()", 2, 2),
        ("$.a.size()", 1, 1),
        ("$.a.sum()", 4, 4),
        ("$.a.first()", LEAF, LEAF),
        ("$.a.keys()", LEAF, ["sample"]),
    ],
)
def test_functions_give_the_leaf(path: str, leaf: Any, expected: Any) -> None:
    """A list is made so that the function gives what is wanted."""
    assert compile_path(path).read(document_for(path, leaf)) == expected


NAMES = st.sampled_from(["a", "b", "items"])
CONTAINERS = st.one_of(
    st.just(""),
    st.integers(0, 3).map(lambda index: f"[{index}]"),
    st.just("[*]"),
    NAMES.map(lambda name: f"[?(@.{name}x == 'v')]"),
)
STEPS = st.tuples(NAMES, CONTAINERS).map(lambda pair: f".{pair[0]}{pair[1]}")


@given(st.lists(STEPS, min_size=1, max_size=6))
def test_made_up_paths_find_their_leaf(steps: list[str]) -> None:
    """It holds for paths put together at random."""
    path = f"$.root{''.join(steps)}.leaf"
    compiled = compile_path(path)
    found = compiled.read(document_for(path, LEAF))
    assert found == LEAF if compiled.is_definite else LEAF in found


def test_two_paths_share_one_document() -> None:
    """Objects and lists are put together, and what is deeper wins over what only marks a place."""
    both = merged(document_for("$.a[0].x", 1), document_for("$.a[1].y", 2))
    assert both == {"a": [{"x": 1, "y": 2}, {"y": 2}]}
    assert merged("mark", {"a": 1}) == {"a": 1}
    assert merged({"a": 1}, "mark") == {"a": 1}
    assert merged("first", "second") == "first"
