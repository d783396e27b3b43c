"""Nodes: what they say about the value they stand for."""

from __future__ import annotations

import pytest

from jackfield.domain.json_nodes import (
    MAX_DIGITS,
    ArrayNode,
    LiteralNode,
    Member,
    NumberNode,
    ObjectNode,
    StringNode,
)


@pytest.mark.parametrize(
    ("text", "value", "integer"),
    [("3", 3, True), ("-0", 0, True), ("3.0", 3.0, False), ("1e2", 100.0, False), ("2E-1", 0.2, False)],
)
def test_a_number_knows_how_it_was_written(text: str, value: float, integer: bool) -> None:
    """A number keeps its text, and is an integer only without fraction and exponent."""
    node = NumberNode(text, 0, len(text))

    assert (node.text, node.value, node.is_integer) == (text, value, integer)
    assert type(node.plain()) is (int if integer else float)


def test_a_very_long_integer_is_a_float() -> None:
    """Digits that Python refuses to convert do not raise."""
    assert NumberNode("1" * (MAX_DIGITS + 5000), 0, 0).value == float("inf")


@pytest.mark.parametrize(("value", "kind"), [(True, "boolean"), (False, "boolean"), (None, "null")])
def test_a_literal_names_its_kind(value: bool | None, kind: str) -> None:
    """null is a kind of its own."""
    node = LiteralNode(value, 0, 4)

    assert (node.kind, node.plain()) == (kind, value)


def test_the_last_of_two_members_counts() -> None:
    """A key that stands twice is there twice, and the last one counts, as in most readers."""
    first, second = StringNode("a", 5, 8), StringNode("b", 14, 17)
    node = ObjectNode((Member("k", first, 1, 4), Member("k", second, 10, 13)), 0, 18)

    assert node.names == ("k",)
    assert node.get("k") is second
    assert node.get("other") is None
    assert node.member("other") is None
    assert node.plain() == {"k": "b"}
    assert len(node.members) == 2


def test_plain_goes_all_the_way_down() -> None:
    """Arrays and objects become lists and dicts of plain values."""
    node = ArrayNode((ObjectNode((), 1, 3), NumberNode("1", 5, 6)), 0, 7)

    assert node.plain() == [{}, 1]
    assert (node.kind, node.items[0].kind, node.items[1].kind) == ("array", "object", "number")
