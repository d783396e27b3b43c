"""Filter conditions of the everyday kind as functions of the item alone.

``@.name == 'text'``, ``@.count > 3``, ``@.name``, joined by ``&&``, ``||`` and ``!``: such conditions need
nothing of the run and cannot fail, so they compile to one or two Python calls. They give exactly what the
general conditions give; a test compares the two.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from jackfield.jsonpath.nodes import (
    And,
    BooleanLiteral,
    Comparison,
    Exists,
    Expression,
    Index,
    Not,
    NullLiteral,
    NumberLiteral,
    Operand,
    Or,
    PathNode,
    PathOperand,
    Property,
    StringLiteral,
)
from jackfield.jsonpath.values import UNDEFINED, decimal_of, is_number, number_from_text, same_node

ItemTest = Callable[[Any], bool]
Steps = tuple[str | int, ...]

_EXACT = 2**53
_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def plain_steps(path: PathNode) -> Steps | None:
    """The names and indexes of a path made of single names and single indexes only, else None."""
    steps: list[str | int] = []
    for segment in path.segments:
        if isinstance(segment, Property) and len(segment.names) == 1:
            steps.append(segment.names[0])
        elif isinstance(segment, Index) and len(segment.indexes) == 1:
            steps.append(segment.indexes[0])
        else:
            return None
    return tuple(steps)


def finder(steps: Steps) -> Callable[[Any], Any]:
    """Follows names and indexes; gives ``UNDEFINED`` where they lead nowhere."""
    if len(steps) == 1 and isinstance(steps[0], str):
        name = steps[0]
        return lambda value: value.get(name, UNDEFINED) if isinstance(value, dict) else UNDEFINED

    def find(value: Any) -> Any:
        for step in steps:
            if isinstance(step, str):
                if not isinstance(value, dict) or step not in value:
                    return UNDEFINED
            elif not isinstance(value, list) or not -len(value) <= step < len(value):
                return UNDEFINED
            value = value[step]
        return value

    return find


def number_constant(text: str) -> int | Decimal:
    """A number as written in a filter."""
    if len(text) < 19 and text.lstrip("-").isdecimal():
        return int(text)
    return Decimal(text)


def item_test(expression: Expression) -> ItemTest | None:
    """The expression as a function of the item, or None when it is not of the everyday kind."""
    if isinstance(expression, Comparison):
        return _comparison(expression)
    if isinstance(expression, Exists):
        return _exists(expression)
    if isinstance(expression, Not):
        inner = item_test(expression.operand)
        return None if inner is None else (lambda item: not inner(item))
    return _joined(expression)


def _joined(expression: And | Or) -> ItemTest | None:
    parts: list[ItemTest] = []
    for operand in expression.operands:
        part = item_test(operand)
        if part is None:
            return None
        parts.append(part)
    wanted = isinstance(expression, Or)
    if len(parts) == 2:
        first, second = parts
        if wanted:
            return lambda item: first(item) or second(item)
        return lambda item: first(item) and second(item)

    def test(item: Any) -> bool:
        for part in parts:
            if part(item) is wanted:
                return wanted
        return not wanted

    return test


def _exists(expression: Exists) -> ItemTest | None:
    steps = plain_steps(expression.operand.path)
    if steps is None:
        return None
    find, wanted = finder(steps), not expression.operand.negated
    return lambda item: (find(item) is not UNDEFINED) is wanted


def _comparison(expression: Comparison) -> ItemTest | None:
    left = expression.left
    if not isinstance(left, PathOperand) or left.path.root != "@":
        return None
    steps = plain_steps(left.path)
    if steps is None:
        return None
    if expression.operator in _ORDERS:
        return _ordering(steps, expression.operator, expression.right)
    if expression.operator not in ("==", "!="):
        return None
    equal = _equality(steps, expression.right)
    if equal is None or expression.operator == "==":
        return equal
    return lambda item: not equal(item)


def equal_text(steps: Steps, literal: str) -> bool:
    """Whether ``item.get(name) == literal`` says all about ``@.name == 'literal'``.

    A literal that spells a number also equals numbers.
    """
    return len(steps) == 1 and isinstance(steps[0], str) and number_from_text(literal) is None


def _equality(steps: Steps, right: Operand) -> ItemTest | None:
    find = finder(steps)
    if isinstance(right, StringLiteral):
        text = right.value
        if equal_text(steps, text):
            name = steps[0]
            return lambda item: isinstance(item, dict) and item.get(name) == text
        if number_from_text(text) is None:
            return lambda item: bool(find(item) == text)
        return lambda item: same_node(find(item), text)
    if isinstance(right, NumberLiteral):
        number = number_constant(right.text)
        return lambda item: same_node(find(item), number)
    if isinstance(right, BooleanLiteral):
        wanted = right.value
        return lambda item: find(item) is wanted
    if isinstance(right, NullLiteral):
        return lambda item: find(item) is None
    return None


def _ordering(steps: Steps, name: str, right: Operand) -> ItemTest | None:
    if not isinstance(right, NumberLiteral):
        return None
    number, compare, find = number_constant(right.text), _ORDERS[name], finder(steps)
    if not isinstance(number, int) or abs(number) > _EXACT:
        return lambda item: _ordered(find(item), compare, number)

    def test(item: Any) -> bool:
        value = find(item)
        if value.__class__ is int:
            return compare(value, number)
        return _ordered(value, compare, number)

    return test


def _ordered(value: Any, compare: Callable[[Any, Any], bool], number: int | Decimal) -> bool:
    return is_number(value) and compare(decimal_of(value), number)
