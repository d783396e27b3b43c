"""Deep scan."""

from __future__ import annotations

from typing import Any

import pytest

from jackfield.jsonpath import compile_path

TREE: dict[str, Any] = {
    "a": {"n": 1, "list": [{"n": 2, "x": {"n": 3}}, {"n": 4}]},
    "rows": [[1, 2], [3]],
}


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("$..n", [1, 2, 3, 4]),
        ("$..list[0].n", [2]),
        ("$..[0]", [{"n": 2, "x": {"n": 3}}, [1, 2], 1, 3]),
        ("$..[0].n", [2]),
        ("$..[1].n", [4]),
        ("$..[-1].n", []),
        ("$..[0,1].n", []),
        ("$..[0].x.n", [3]),
        ("$..[1].x.n", [3]),
        ("$..x..n", [3]),
        ("$..['n','x']", [{"n": 2, "x": {"n": 3}}]),
        ("$..[?(@.n > 2)].n", [3, 4]),
        ("$..rows[*][0]", [1, 3]),
        ("$..n.sum()", 10.0),
        ("$..list.length()", 2),
        ("$..nope", []),
    ],
)
def test_order_and_oddities(path: str, values: Any) -> None:
    """Outermost first; behind an index only a last property is sorted out."""
    assert compile_path(path).read(TREE) == values


def test_wildcard_before_a_name_stops_at_lists() -> None:
    """``$..[*].n`` and ``$..*.n`` find names until the first list is met."""
    assert compile_path("$..*.n").read(TREE) == [1]
    assert compile_path("$..*.n").read({"a": {"n": 1}, "b": {"n": 2}}) == [1, 2]


def test_reads_do_not_remember() -> None:
    """A second read of the same path gives the same."""
    path = compile_path("$..*.n")
    assert path.read(TREE) == path.read(TREE)
