"""``$math``: MathTool of Velocity Tools 3.1: calculates in doubles, answers null for what is no number."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import ClassVar

from jackfield.velocity.arithmetic import Numeric
from jackfield.velocity.members import Allowance
from jackfield.velocity.numbers import double, wrap
from jackfield.velocity.tools.tool import Tool
from jackfield.velocity.values import text

_NUMBER = re.compile(r"(-?)([0-9,]*)(?:\.([0-9]*))?(?:E(-?[0-9]{1,4}))?")
_INT_MAX, _INT_MIN = 2**31 - 1, -(2**31)
_SMALLEST, _LARGEST = 5e-324, 1.7976931348623157e308


class MathTool(Tool):
    """Arithmetic on numbers and numeric texts. random: a source of numbers from 0 up to 1."""

    __slots__ = ("random",)
    java_name: ClassVar[str] = "org.apache.velocity.tools.generic.MathTool"

    def __init__(self, random: Callable[[], float] | None = None) -> None:
        self.random = Random().random if random is None else random


def to_number(value: object) -> Numeric | None:
    """A number from a number or from the start of a text, read as Java's English number format does."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float | Decimal):
        return value
    found = _NUMBER.match(text(value))
    if found is None or not any(char.isdigit() for char in (found[2] or "") + (found[3] or "")):
        return None
    whole = found[2].replace(",", "") or "0"
    exact = Decimal(f"{found[1]}{whole[:400]}.{found[3] or '0'}E{found[4] or 0}")
    if exact == exact.to_integral_value() and abs(exact) < 2**63 and not (exact == 0 and found[1]):
        return int(exact)
    return float(exact)


def _integer(value: Numeric, bits: int = 32) -> int:
    return wrap(value, bits)


def match_type(value: float, *inputs: Numeric | None) -> Numeric:
    """Integer or Long when the value is whole and no input had a decimal point, else Double."""
    whole = math.isfinite(value) and value == math.floor(value)
    if math.isinf(value):
        whole = True
    for number in inputs if whole else ():
        if number is None:
            break
        if "." in text(number):
            whole = False
            break
    if not whole:
        return float(value)
    return wrap(float(value), 64 if not _INT_MIN <= value <= _INT_MAX else 32)


def _folded(
    step: Callable[[float, float], float | None], start: float | None
) -> Callable[..., Numeric | None]:
    """A function over any number of numbers; without a start the first one begins."""

    def fold(_run: Allowance, _tool: MathTool, *values: object) -> Numeric | None:
        total, numbers = start, []
        for value in values:
            number = to_number(value)
            if number is None:
                return None
            numbers.append(number)
            total = double(number) if total is None else step(total, double(number))
            if total is None:
                return None
        return match_type(0.0 if total is None else total, *numbers)

    return fold


def _divide(left: float, right: float) -> float | None:
    return None if right == 0 else left / right


def _bits(step: Callable[[int, int], int], start: int) -> Callable[..., Numeric | None]:
    def fold(_run: Allowance, _tool: MathTool, *values: object) -> Numeric | None:
        total = start
        for value in values:
            number = to_number(value)
            if number is None:
                return None
            total = step(total, _integer(number, 64))
        return match_type(float(total))

    return fold


def _pow(_run: Allowance, _tool: MathTool, base: object, exponent: object) -> Numeric | None:
    first, second = to_number(base), to_number(exponent)
    if first is None or second is None:
        return None
    return match_type(_power(double(first), double(second)), first, second)


def _power(base: float, exponent: float) -> float:
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return math.inf if base > 0 or exponent % 2 == 0 else -math.inf
    except ValueError:
        return math.inf if base == 0 else math.nan


def _whole(operation: Callable[[int, int], int]) -> Callable[..., int | None]:
    def run(_run: Allowance, _tool: MathTool, left: object, right: object) -> int | None:
        first, second = to_number(left), to_number(right)
        if first is None or second is None or _integer(second) == 0:
            return None
        return operation(_integer(first), _integer(second))

    return run


def _idiv(left: int, right: int) -> int:
    quotient = abs(left) // abs(right)
    return wrap(Decimal(quotient if (left < 0) == (right < 0) else -quotient), 32)


def _mod(left: int, right: int) -> int:
    remainder = abs(left) % abs(right)
    return -remainder if left < 0 else remainder


def _single(function: Callable[[float], float]) -> Callable[..., int | None]:
    def run(_run: Allowance, _tool: MathTool, value: object) -> int | None:
        number = to_number(value)
        if number is None:
            return None
        given = double(number)
        return wrap(float(function(given)) if math.isfinite(given) else given, 32)

    return run


def _rint(value: float) -> float:
    return float(round(value))


def _abs(_run: Allowance, _tool: MathTool, value: object) -> Numeric | None:
    number = to_number(value)
    return None if number is None else match_type(abs(double(number)), number)


def _round_to(_run: Allowance, _tool: MathTool, places: object, value: object) -> float | None:
    count, number = to_number(places), to_number(value)
    if count is None or number is None:
        return None
    delta = 10
    for _ in range(1, min(_integer(count), 64)):
        delta = wrap(Decimal(delta * 10), 32)
    scaled = double(number) * delta
    rounded = wrap(float(math.floor(scaled + 0.5)) if math.isfinite(scaled) else scaled, 64)
    return rounded / delta if delta else math.nan


def _random(_run: Allowance, tool: MathTool) -> float:
    return tool.random()


def _random_between(_run: Allowance, tool: MathTool, low: object, high: object) -> Numeric | None:
    first, second = to_number(low), to_number(high)
    if first is None or second is None:
        return None
    value = (double(second) - double(first)) * tool.random() + double(first)
    if "." in text(first) + text(second):
        return value
    return match_type(float(math.floor(value)), first, second)


def _to_integer(_run: Allowance, _tool: MathTool, value: object) -> int | None:
    number = to_number(value)
    return None if number is None else _integer(number)


def _to_long(_run: Allowance, _tool: MathTool, value: object) -> int | None:
    number = to_number(value)
    return None if number is None else _integer(number, 64)


def _to_double(_run: Allowance, _tool: MathTool, value: object) -> float | None:
    number = to_number(value)
    return None if number is None else double(number)


def _to_number(_run: Allowance, _tool: MathTool, value: object) -> Numeric | None:
    return to_number(value)


def _total(_run: Allowance, _tool: MathTool, items: list[object], name: str | None = None) -> Numeric | None:
    total, first = 0.0, None
    for item in items:
        number = to_number(item if name is None else item.get(name) if isinstance(item, dict) else None)
        if number is None:
            if name is None:
                return None
            continue
        first = number if first is None else first
        total += double(number)
    return match_type(total, first)


def _average(run: Allowance, tool: MathTool, items: list[object], name: str | None = None) -> Numeric | None:
    total = _total(run, tool, items, name)
    if total is None or not items:
        return None if total is None else match_type(math.nan, total)
    return match_type(float(total) / len(items), total)


def _total_of(run: Allowance, tool: MathTool, *items: object) -> Numeric | None:
    return _total(run, tool, list(items))


def _average_of(run: Allowance, tool: MathTool, *items: object) -> Numeric | None:
    return _average(run, tool, list(items))


MathTool.offer(
    {
        "add": [("*", _folded(lambda left, right: left + right, 0.0))],
        "sub": [("*", _folded(lambda left, right: left - right, None))],
        "mul": [("*", _folded(lambda left, right: left * right, 1.0))],
        "div": [("*", _folded(_divide, None))],
        "max": [("*", _folded(max, _SMALLEST))],
        "min": [("*", _folded(min, _LARGEST))],
        "bitwiseOr": [("*", _bits(lambda left, right: left | right, 0))],
        "bitwiseAnd": [("*", _bits(lambda left, right: left & right, -1))],
        "bitwiseXOr": [("*", _bits(lambda left, right: left ^ right, 0))],
        "pow": [("oo", _pow)],
        "idiv": [("oo", _whole(_idiv))],
        "mod": [("oo", _whole(_mod))],
        "abs": [("o", _abs)],
        "ceil": [("o", _single(math.ceil))],
        "floor": [("o", _single(math.floor))],
        "round": [("o", _single(_rint))],
        "roundTo": [("oo", _round_to)],
        "getRandom": [("", _random)],
        "random": [("oo", _random_between)],
        "toInteger": [("o", _to_integer)],
        "toLong": [("o", _to_long)],
        "toDouble": [("o", _to_double)],
        "toNumber": [("o", _to_number)],
        "getTotal": [("k", _total), ("ks", _total), ("*", _total_of)],
        "getAverage": [("k", _average), ("ks", _average), ("*", _average_of)],
    }
)
