"""The path functions: ``$.numbers.max()``, ``$.concat("a", $.name)`` …

Each takes the value before it and the values of its arguments. Oddities of the engine are kept:
``length()`` of a text is null, ``max()`` never goes below the smallest positive double, ``last()`` of a list
with one element is an error.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from jackfield.jsonpath.errors import IndexOutOfRange, PathEvaluationError
from jackfield.jsonpath.values import KeySet, is_array, is_number, java_text


class Arguments:
    """The arguments of one call. JSON is read only when a function asks, so bad JSON may go unnoticed."""

    __slots__ = ("_getters",)

    def __init__(self, getters: Sequence[Callable[[], Any]]) -> None:
        self._getters = getters

    def __len__(self) -> int:
        return len(self._getters)

    def __iter__(self) -> Iterator[Any]:
        return (get() for get in self._getters)


PathFunction = Callable[[Any, Arguments], Any]

_SMALLEST = 5e-324
_LARGEST = 1.7976931348623157e308


def double(value: Any) -> float:
    """A number as a Java double."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _spread(arguments: Arguments) -> Iterable[Any]:
    for argument in arguments:
        if is_array(argument):
            yield from argument
        else:
            yield argument


def _numbers(value: Any, arguments: Arguments) -> list[float]:
    found = [double(item) for item in value if is_number(item)] if is_array(value) else []
    found.extend(double(item) for item in _spread(arguments) if is_number(item))
    if not found:
        raise PathEvaluationError("There are no numbers to calculate with")
    return found


def _sum(numbers: Iterable[float]) -> float:
    total = 0.0
    for number in numbers:
        total += number
    return total


def minimum(value: Any, arguments: Arguments) -> float:
    """The least number of a list and the arguments, as a double."""
    least = _LARGEST
    for number in _numbers(value, arguments):
        if least > number:
            least = number
    return least


def maximum(value: Any, arguments: Arguments) -> float:
    """The greatest number of a list and the arguments; at least the smallest positive double."""
    greatest = _SMALLEST
    for number in _numbers(value, arguments):
        if greatest < number:
            greatest = number
    return greatest


def average(value: Any, arguments: Arguments) -> float:
    """The mean of the numbers of a list and the arguments."""
    numbers = _numbers(value, arguments)
    return _sum(numbers) / len(numbers)


def total(value: Any, arguments: Arguments) -> float:
    """The sum of the numbers of a list and the arguments."""
    return _sum(_numbers(value, arguments))


def deviation(value: Any, arguments: Arguments) -> float:
    """The population standard deviation; NaN where rounding makes the variance negative."""
    numbers = _numbers(value, arguments)
    count = float(len(numbers))
    mean_sum = _sum(numbers)
    variance = _sum(number * number for number in numbers) / count - mean_sum * mean_sum / count / count
    return math.sqrt(variance) if variance >= 0 else math.nan


def concatenation(value: Any, arguments: Arguments) -> str:
    """The texts of a list, then the arguments as Java prints them, in one text."""
    parts = [item for item in value if isinstance(item, str)] if is_array(value) else []
    parts.extend(java_text(item) for item in _spread(arguments) if item is not None)
    return "".join(parts)


def keys(value: Any, _arguments: Arguments) -> KeySet | None:
    """The names of an object's properties; null for anything else."""
    return KeySet(value) if isinstance(value, dict) else None


def appended(value: Any, arguments: Arguments) -> Any:
    """A list with the arguments behind it; anything else unchanged. The document is not touched."""
    return [*value, *arguments] if is_array(value) and arguments else value


def length(value: Any) -> int | None:
    """The number of elements or properties; null for anything else, texts included."""
    return len(value) if is_array(value) or isinstance(value, dict) else None


def _element(value: Any, index: int) -> Any:
    if not is_array(value):
        raise PathEvaluationError("The function needs a list")
    if index >= 0:
        if index >= len(value):
            raise IndexOutOfRange(f"The list has no element {index}")
        return value[index]
    if len(value) + index <= 0:
        raise PathEvaluationError(f"The list has {len(value)} elements, too few for index {index}")
    return value[index]


def first(value: Any, _arguments: Arguments) -> Any:
    """The first element of a list."""
    return _element(value, 0)


def last(value: Any, _arguments: Arguments) -> Any:
    """The last element of a list of two or more."""
    return _element(value, -1)


def indexed(value: Any, arguments: Arguments) -> Any:
    """The element at the first number among the arguments; negative counts from the end."""
    if not is_array(value):
        raise PathEvaluationError("The function needs a list")
    for item in _spread(arguments):
        if is_number(item):
            return _element(value, int_value(item))
    raise IndexOutOfRange("index() needs a number")


def int_value(number: Any) -> int:
    """A number as ``Number.intValue`` gives it: doubles cut and clamped, whole numbers wrapped."""
    if isinstance(number, float):
        if math.isnan(number):
            return 0
        return int(max(-(2.0**31), min(2.0**31 - 1, number)))
    wrapped = int(number) & 0xFFFFFFFF
    return wrapped - 2**32 if wrapped >= 2**31 else wrapped


FUNCTIONS: dict[str, PathFunction] = {
    "avg": average,
    "stddev": deviation,
    "sum": total,
    "min": minimum,
    "max": maximum,
    "concat": concatenation,
    "append": appended,
    "keys": keys,
    "first": first,
    "last": last,
    "index": indexed,
}

LENGTHS = frozenset({"length", "size"})
"""Functions that the compiler handles itself, because they evaluate their first argument differently."""

NAMES = tuple(sorted({*FUNCTIONS, *LENGTHS}))
