"""A document in which given JSONPaths find what they look for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any, Final

from jackfield.jsonpath.limits import DEFAULT_LIMITS
from jackfield.jsonpath.nodes import (
    And,
    BooleanLiteral,
    Comparison,
    Exists,
    Expression,
    Filter,
    Function,
    Index,
    JsonLiteral,
    Not,
    NullLiteral,
    NumberLiteral,
    Operand,
    Or,
    PathNode,
    PathOperand,
    Property,
    Scan,
    Segment,
    StringLiteral,
)
from jackfield.jsonpath.parser import parse

_LONGEST_LIST: Final = 50
_OF_NUMBERS: Final = frozenset({"min", "max", "avg", "sum", "stddev"})
_NO_VALUE: Final = object()
_SWAPPED: Final = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


def document_for(path: str, leaf: Any) -> Any:
    """Return a document in which a path finds a value.

    Args:
        path: JSONPath.
        leaf: what one match is to be.

    Raises:
        PathSyntaxError: it is no path.
    """
    node, _ = parse(path, DEFAULT_LIMITS)
    return _built(node.segments, leaf)


def merged(one: Any, other: Any) -> Any:
    """Return a document with what both have; where they differ in a value, the first one's."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        both = dict(one)
        for name, value in other.items():
            both[name] = merged(both[name], value) if name in both else value
        return both
    if isinstance(one, list) and isinstance(other, list):
        longest = max(len(one), len(other))
        return [
            merged(one[index], other[index])
            if index < len(one) and index < len(other)
            else (one if index < len(one) else other)[index]
            for index in range(longest)
        ]
    # What is deeper knows more: a list or object beats a text that only marks the place.
    return other if isinstance(other, Mapping | list) and not isinstance(one, Mapping | list) else one


def _built(segments: Sequence[Segment], leaf: Any, *, inside: bool = False) -> Any:
    """Return what the segments lead through, down to the leaf.

    Args:
        inside: true below the root, where a deep scan is read as going through a list.
    """
    if not segments:
        return leaf
    first, rest = segments[0], segments[1:]
    if isinstance(first, Function):
        return _for_function(first, leaf)
    if isinstance(first, Scan):
        value = _built(rest, leaf, inside=True)
        return [value] if inside and not isinstance(value, list) else value
    value = _built(rest, leaf, inside=True)
    if isinstance(first, Property):
        return dict.fromkeys(first.names, value)
    if isinstance(first, Index):
        furthest = max(index + 1 if index >= 0 else -index for index in first.indexes)
        return [value for _ in range(min(furthest, _LONGEST_LIST))]
    if isinstance(first, Filter):
        return [merged(_satisfying(first.expression), value)]
    return [value]


def _for_function(function: Function, leaf: Any) -> Any:
    if function.name in _OF_NUMBERS:
        return [leaf if isinstance(leaf, int | float) else 1]
    if function.name == "keys":
        return {"sample": leaf}
    count = leaf if isinstance(leaf, int) and 0 < leaf <= _LONGEST_LIST else 1
    return [leaf for _ in range(count)] if function.name in ("first", "last", "index") else [{}] * count


def _satisfying(expression: Expression) -> Any:
    """Return a value of a list's element that passes a filter, as far as simple filters go."""
    if isinstance(expression, And):
        return reduce(merged, (_satisfying(operand) for operand in expression.operands))
    if isinstance(expression, Or):
        return _satisfying(expression.operands[0])
    if isinstance(expression, Comparison):
        return _compared(expression)
    if isinstance(expression, Exists):
        return {} if expression.operand.negated else _at(expression.operand.path, "sample")
    return _refused(expression)


def _refused(expression: Not) -> Any:
    """Return a value that passes `!(…)`: without the member, unless it must be there with another value."""
    inner = expression.operand
    if isinstance(inner, Comparison) and inner.operator == "!=":
        return _at_operand(inner.left, _plain(inner.right))
    return {}


def _compared(comparison: Comparison) -> Any:
    left, operator, right = comparison.left, comparison.operator, comparison.right
    if not isinstance(left, PathOperand):
        left, right = right, left
        operator = _SWAPPED.get(operator, operator)
    wanted = _plain(right)
    if wanted is _NO_VALUE:
        return _at_operand(left, "sample")
    return _at_operand(left, _passing(operator, wanted))


def _passing(operator: str, wanted: Any) -> Any:
    """Return a value for which `value operator wanted` holds."""
    if operator in ("!=", "!=="):
        return (
            wanted + 1 if isinstance(wanted, int | float) and not isinstance(wanted, bool) else _other(wanted)
        )
    if operator in (">", "<") and isinstance(wanted, int | float):
        return wanted + (1 if operator == ">" else -1)
    if operator in ("in", "anyof", "subsetof") and isinstance(wanted, list):
        return (wanted[0] if wanted else "") if operator == "in" else wanted[:1]
    if operator == "nin":
        return "another"
    if operator == "contains":
        return [wanted]
    if operator == "size":
        return [1] * wanted if isinstance(wanted, int) and 0 <= wanted <= _LONGEST_LIST else [1]
    if operator == "empty":
        return [] if wanted is True else [1]
    return wanted


def _other(wanted: Any) -> Any:
    if isinstance(wanted, bool):
        return not wanted
    return f"not-{wanted}" if isinstance(wanted, str) else "another"


def _at_operand(operand: Operand, value: Any) -> Any:
    return _at(operand.path, value) if isinstance(operand, PathOperand) else {}


def _at(path: PathNode, value: Any) -> Any:
    """Return an element in which a filter's path finds a value; paths from the root say nothing of it."""
    return _built(path.segments, value, inside=True) if path.root == "@" else {}


def _plain(operand: Operand) -> Any:
    if isinstance(operand, StringLiteral | BooleanLiteral):
        return operand.value
    if isinstance(operand, NullLiteral):
        return None
    if isinstance(operand, NumberLiteral | JsonLiteral):
        try:
            return json.loads(operand.text.replace("'", '"'))
        except ValueError:
            return _NO_VALUE
    return _NO_VALUE
