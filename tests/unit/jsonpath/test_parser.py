"""From text to nodes."""

from __future__ import annotations

import pytest

from jackfield.jsonpath import DEFAULT_LIMITS
from jackfield.jsonpath.nodes import (
    And,
    Comparison,
    Exists,
    Expression,
    Filter,
    Function,
    Index,
    JsonArgument,
    Not,
    NumberLiteral,
    Or,
    PathNode,
    PathOperand,
    Property,
    Scan,
    Segment,
    Slice,
    StringLiteral,
    Wildcard,
)
from jackfield.jsonpath.parser import parse


def _segments(text: str) -> tuple[Segment, ...]:
    return parse(text, DEFAULT_LIMITS)[0].segments


def _condition(text: str) -> Expression:
    (segment,) = _segments(f"$[?({text})]")
    assert isinstance(segment, Filter)
    return segment.expression


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("$", ()),
        ("$.a.b", (Property(("a",), 3), Property(("b",), 5))),
        ("a", (Property(("a",), 1),)),
        (".a", (Scan(1), Property(("a",), 2))),
        ("$..a", (Scan(2), Property(("a",), 4))),
        ("$['a', 'b']", (Property(("a", "b"), 2),)),
        ("$.['a']", (Property(("a",), 3),)),
        ("$[0]", (Index((0,), 2),)),
        ("$[ 1, -2 ]", (Index((1, -2), 2),)),
        ("$[1:]", (Slice(1, None, 2),)),
        ("$[:-2]", (Slice(None, -2, 2),)),
        ("$[1:2:3]", (Slice(1, 2, 2),)),
        ("$.*[*]", (Wildcard(3), Wildcard(4))),
        ("$.a.*b", (Property(("a",), 3), Wildcard(5))),
        ("$.length()", (Function("length", (), 3),)),
        ("$.a().b", (Function("a", (), 3), Property((")",), 5), Property(("b",), 7))),
        ('$.f(1, "x")', (Function("f", (JsonArgument("1", 5), JsonArgument('"x"', 8)), 3),)),
        ("$.f($.a)", (Function("f", (PathNode("$", (Property(("a",), 7),), 5),), 3),)),
    ],
)
def test_segments_and_their_columns(text: str, segments: tuple[Segment, ...]) -> None:
    """Each form of segment, with the column where it stands."""
    assert _segments(text) == segments


def test_root_is_kept() -> None:
    """A path may start at the current element."""
    assert parse("@.a", DEFAULT_LIMITS)[0].root == "@"


def test_comparison() -> None:
    """Operator, operands and their columns."""
    path = PathNode("@", (Property(("a",), 7),), 5)
    assert _condition("@.a == 'x'") == Comparison(
        PathOperand(path, False, 5), "==", StringLiteral("x", 12), 5
    )


def test_binding() -> None:
    """&& binds stronger than ||, parentheses strongest, ! takes a group."""
    expression = _condition("@.a || @.b && !(@.c == 1)")
    assert isinstance(expression, Or)
    first, second = expression.operands
    assert isinstance(first, Exists)
    assert isinstance(second, And)
    assert isinstance(second.operands[1], Not)


def test_negated_paths() -> None:
    """! before a path makes an exists check negative."""
    expression = _condition("!@.a")
    assert isinstance(expression, Exists)
    assert expression.operand.negated


def test_operators_in_any_case() -> None:
    """Word operators may be written in capitals."""
    expression = _condition("@.a IN [1]")
    assert isinstance(expression, Comparison)
    assert expression.operator == "in"


def test_calls_in_filters() -> None:
    """The parenthesis of a call does not end the group."""
    expression = _condition("@.a.length() > 1")
    assert isinstance(expression, Comparison)
    assert isinstance(expression.right, NumberLiteral)


def test_missing_blanks_join_paths() -> None:
    """Without blanks && belongs to the name."""
    expression = _condition("@.a&&@.b")
    assert isinstance(expression, Exists)
    assert expression.operand.path.segments[0] == Property(("a&&@",), 7)
