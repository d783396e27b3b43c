"""Operators, loops and assignments of compiled templates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jackfield.velocity import arithmetic
from jackfield.velocity.errors import InvocationError, MemberError, NullReferenceError
from jackfield.velocity.members import MemberFault, method
from jackfield.velocity.nodes import Reference, literal
from jackfield.velocity.numbers import wrap
from jackfield.velocity.runtime import Meter, from_end, invoke, join, refuse, shown, too_long
from jackfield.velocity.scopes import Scope
from jackfield.velocity.values import UNDEFINED, java_class


def plus(meter: Meter, left: object, right: object, number: int) -> object:
    """``left + right``: a text when one of them is a text."""
    if type(left) is int and type(right) is int:
        return left + right
    if isinstance(left, str) or isinstance(right, str):
        node = meter.node(number)
        first = shown(meter, left, number) if left is not None else literal(node.left)  # type: ignore[attr-defined]
        second = shown(meter, right, number) if right is not None else literal(node.right)  # type: ignore[attr-defined]
        return join(meter, (first, second))
    return calculate(meter, "+", left, right, number)


def calculate(meter: Meter, operator: str, left: object, right: object, number: int) -> object:
    """``left operator right`` on numbers."""
    try:
        return arithmetic.calculate(operator, left, right)
    except arithmetic.ArithmeticFault as fault:
        meter.fail(InvocationError, str(fault), meter.node(number))


def order(meter: Meter, left: object, right: object, number: int) -> int | None:
    """-1, 0 or 1; None when the two cannot be ordered (an error in strict mode)."""
    first, second = arithmetic.as_number(left), arithmetic.as_number(right)
    both_text = isinstance(left, str) and isinstance(right, str)
    if first is not None and second is not None and not both_text:
        return arithmetic.compare(first, second)
    if meter.strict:
        node = meter.node(number)
        if left is None or right is None:
            side, operand = ("Left", node.left) if left is None else ("Right", node.right)  # type: ignore[attr-defined]
            message = f"{side} side ({literal(operand)}) of comparison operation has null value"
            meter.fail(NullReferenceError, message, node)
        side = "Left" if isinstance(right, int | float) and not isinstance(right, bool) else "Right"
        meter.fail(InvocationError, f"{side} side of comparison operation is not a number", node)
    return None


def number_range(meter: Meter, first: object, last: object, number: int) -> range | None:
    """``[first..last]``; None when an end is not a number."""
    low, high = arithmetic.as_number(first), arithmetic.as_number(last)
    if low is None or high is None:
        return None
    start, stop = wrap(low, 32), wrap(high, 32)
    made = range(start, stop - 1, -1) if start >= stop else range(start, stop + 1)
    if len(made) > meter.environment.limits.range_size:
        too_long(meter, made, number)
    return made


def each(meter: Meter, value: object, number: int) -> Sequence[object] | None:
    """The elements #foreach walks; None when there is nothing to walk."""
    if isinstance(value, list | tuple):
        return value
    if isinstance(value, dict):
        return list(value.values())
    if isinstance(value, range):
        return value
    if value is None or value is UNDEFINED:
        return None
    if meter.strict:
        node = meter.node(number)
        rest = (
            f" is of type {java_class(value)} and cannot be iterated by "
            "org.apache.velocity.util.introspection.UberspectImpl"
        )
        meter.fail(InvocationError, f"#foreach parameter {literal(node)}", node, rest=rest)
    return None


def affords(meter: Meter, steps: int) -> bool:
    """Whether a whole loop fits into the current batch; it is charged then."""
    if meter.left < steps:
        return False
    meter.left -= steps
    return True


def walked(
    meter: Meter, written: list[str], items: Sequence[object], steps: int
) -> Iterator[tuple[int, object]]:
    """A loop's elements with their numbers, each charged as so many steps."""
    for pair in enumerate(items):
        meter.left -= steps
        if meter.left < 0:
            meter.refill(written)
        yield pair


def put_property(meter: Meter, base: object, name: str, value: object, number: int) -> None:
    """``#set($base.name = value)``"""
    if isinstance(base, dict):
        base[name] = value
    elif isinstance(base, Scope):
        base.storage[name] = value
    elif base is not None and base is not UNDEFINED and meter.strict:
        message = f"Object '{java_class(base)}' does not contain property '{name}'"
        node = meter.node(number)
        while not isinstance(node, Reference):
            number -= 1
            node = meter.node(number)
        meter.fail(MemberError, message, node)


def put_index(meter: Meter, base: object, key: object, value: object, number: int) -> None:
    """``#set($base[key] = value)``"""
    if base is None or base is UNDEFINED:
        return
    key = from_end(meter, base, key, number)
    for name in ("set", "put"):
        try:
            found = method(base, name, (key, value))
        except MemberFault as fault:
            refuse(meter, base, name, number, fault)
        if found is not None:
            invoke(meter, found[0], base, found[1], name, number)
            return
    if meter.strict:
        message = (
            "Found neither a 'set' or 'put' method with param types "
            f"'({java_class(key)},{java_class(value)})' on class '{java_class(base)}'"
        )
        meter.fail(MemberError, message, meter.node(number))
