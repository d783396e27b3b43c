"""Java's arithmetic and Velocity's comparisons.

Source of the rules: Apache Velocity 2.4, ``MathUtils`` and the operator nodes. Integers never overflow
into wrong values there (they widen), so Python's own integers give the same results; division and modulo
cut towards zero. Numeric strings become BigDecimal.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from decimal import ROUND_HALF_DOWN, Context, Decimal, DecimalException, InvalidOperation

from jackfield.velocity.values import UNDEFINED, ValueDepthError, double_text, text

Numeric = int | float | Decimal
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,9})?")
_EXACT = Context(prec=5000, Emin=-999999999, Emax=999999999)
_MAX_EXPONENT = 2000
_MAX_PARTS = 200_000
_MAX_BITS = 14_000


class ArithmeticFault(Exception):
    """An operation that Java answers with an exception."""


def as_number(value: object) -> Numeric | None:
    """The number a value counts as in arithmetic and comparison, or None."""
    kind = type(value)
    if kind is int or kind is float:
        return value  # type: ignore[return-value]
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str) and len(value) < 1000 and _DECIMAL.fullmatch(value):
        try:
            found = Decimal(value)
        except InvalidOperation:
            return None
        return found if abs(found.adjusted()) < _MAX_EXPONENT else None
    return None


def _decimal(value: Numeric) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return Decimal(value)
    number = float(value)
    if not math.isfinite(number):
        raise ArithmeticFault("java.lang.NumberFormatException")
    return Decimal(double_text(number))


def _bases(left: Numeric, right: Numeric) -> tuple[Numeric, Numeric]:
    """Both operands in the type Velocity calculates in."""
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        return _decimal(left), _decimal(right)
    if isinstance(left, float) != isinstance(right, float):
        whole = right if isinstance(left, float) else left
        if isinstance(whole, int) and not -(2**63) <= whole < 2**63:
            return _decimal(left), _decimal(right)
        return float(left), float(right)
    return left, right


def _add(left: Numeric, right: Numeric) -> Numeric:
    if isinstance(left, Decimal):
        return _EXACT.add(left, right)  # type: ignore[arg-type]
    return left + right  # type: ignore[operator]


def _subtract(left: Numeric, right: Numeric) -> Numeric:
    if isinstance(left, Decimal):
        return _EXACT.subtract(left, right)  # type: ignore[arg-type]
    return left - right  # type: ignore[operator]


def _multiply(left: Numeric, right: Numeric) -> Numeric:
    if isinstance(left, Decimal):
        return _EXACT.multiply(left, right)  # type: ignore[arg-type]
    if isinstance(left, int) and isinstance(right, int):
        if left.bit_length() + right.bit_length() > _MAX_BITS:
            raise ArithmeticFault("java.lang.ArithmeticException: number too large")
        return left * right
    return left * right  # type: ignore[operator]


def _divide(left: Numeric, right: Numeric) -> Numeric | None:
    if right == 0:
        return None
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        exponent = left.as_tuple().exponent
        quotient = _EXACT.divide(left, right)
        return quotient.quantize(Decimal((0, (1,), int(exponent))), rounding=ROUND_HALF_DOWN, context=_EXACT)
    if isinstance(left, int) and isinstance(right, int):
        quotient_ = abs(left) // abs(right)
        return quotient_ if (left < 0) == (right < 0) else -quotient_
    return left / right  # type: ignore[operator]


def _modulo(left: Numeric, right: Numeric) -> Numeric | None:
    if right == 0:
        return None
    if isinstance(left, Decimal):
        raise ArithmeticFault("java.lang.ArithmeticException: Cannot calculate the modulo of BigDecimals.")
    if isinstance(left, int) and isinstance(right, int):
        remainder = abs(left) % abs(right)
        return -remainder if left < 0 else remainder
    return math.fmod(left, right) if math.isfinite(left) else math.nan


_OPERATIONS: dict[str, Callable[[Numeric, Numeric], Numeric | None]] = {
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": _divide,
    "%": _modulo,
}


def calculate(operator: str, left: object, right: object) -> Numeric | None:
    """``left operator right``, or None when an operand is not a number or the divisor is zero.

    Raises ArithmeticFault where Java throws.
    """
    first, second = as_number(left), as_number(right)
    if first is None or second is None:
        return None
    try:
        first, second = _bases(first, second)
        return _OPERATIONS[operator](first, second)
    except (OverflowError, DecimalException) as fault:
        if isinstance(first, float):
            return math.inf
        raise ArithmeticFault("java.lang.ArithmeticException") from fault


def negate(value: object) -> Numeric | None:
    """``-value``, or None when it is not a number."""
    number = as_number(value)
    return None if number is None else -number


def compare(left: Numeric, right: Numeric) -> int:
    """-1, 0 or 1; 0 too when a NaN is compared, as Velocity has it."""
    first, second = _bases(left, right)
    return (first > second) - (first < second)


def equal(left: object, right: object) -> bool:
    """``==``: numbers by value, values of one class by content, everything else by its text."""
    kind, other = type(left), type(right)
    if kind is other and (kind is str or kind is int):
        return left == right
    if left is None or left is UNDEFINED or right is None or right is UNDEFINED:
        return (left is None or left is UNDEFINED) and (right is None or right is UNDEFINED)
    first, second = as_number(left), as_number(right)
    if first is not None and second is not None:
        return compare(first, second) == 0
    if kind is other or (isinstance(left, list | range) and isinstance(right, list | range)):
        return same(left, right)
    return text(left) == text(right)


def same(left: object, right: object) -> bool:
    """Java's ``equals``: values of different classes are never equal, not even 1 and 1.0.

    Raises ValueDepthError when the values have more parts than 200,000 (they can share parts).
    """
    return _same(left, right, [_MAX_PARTS])


def _same(left: object, right: object, budget: list[int]) -> bool:
    budget[0] -= 1
    if budget[0] < 0:
        raise ValueDepthError
    if isinstance(left, list | tuple | range) and isinstance(right, list | tuple | range):
        pairs = zip(left, right, strict=False)
        return len(left) == len(right) and all(_same(one, two, budget) for one, two in pairs)
    if isinstance(left, dict) and isinstance(right, dict):
        if left.keys() != right.keys():
            return False
        return all(_same(item, right[key], budget) for key, item in left.items())
    if type(left) is not type(right):
        return False
    if isinstance(left, float):
        return text(left) == text(right)
    return bool(left == right)
