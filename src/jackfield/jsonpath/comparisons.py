"""The operators of filters, on operands whose paths are already evaluated.

An operand is a JSON value, ``UNDEFINED`` for a path that leads nowhere, a ``JsonText`` for a list or object
written in the filter, or a compiled pattern. Where an operator cannot take an operand the engine raises, and
the filter as a whole is false; ``FilterRejection`` stands for that.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from jackfield.jsonpath.errors import FilterRejection, PathEvaluationError, PathLimitExceeded
from jackfield.jsonpath.functions import int_value
from jackfield.jsonpath.javaregex import JavaPattern
from jackfield.jsonpath.lenient import JsonTextError, parse_lenient
from jackfield.jsonpath.lexer import unescape
from jackfield.jsonpath.limits import Limits
from jackfield.jsonpath.values import (
    UNDEFINED,
    UNEQUAL,
    Text,
    decimal_of,
    is_number,
    number_text,
    same_json,
    same_node,
    text_order,
    utf16_length,
)

_BLANKS = "".join(map(chr, range(33)))
LooksLikePath = Callable[[str], bool]
Test = Callable[[Any, Any], bool]


class JsonText:
    """A list or object written in a filter; read when first needed, as text that is no JSON is accepted."""

    __slots__ = ("_value", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._value: Any = UNDEFINED

    @property
    def value(self) -> Any:
        """The JSON value. Raises ``PathEvaluationError`` when the text is none."""
        if self._value is UNDEFINED:
            try:
                self._value = parse_lenient(self.text)
            except JsonTextError as failure:
                raise PathEvaluationError(
                    f"{self.text} is not JSON: {failure}", engine_error="IllegalArgumentException"
                ) from None
        return self._value


class Comparisons:
    """The operators, by name. ``looks_like_path`` tells whether a text compiles as a path."""

    def __init__(self, limits: Limits, looks_like_path: LooksLikePath) -> None:
        self.limits = limits
        self.looks_like_path = looks_like_path
        self.tests: dict[str, Test] = {
            "==": same,
            "!=": lambda left, right: not same(left, right),
            "===": same_typed,
            "!==": lambda left, right: not same_typed(left, right),
            "<": _ordering(operator.lt),
            "<=": _ordering(operator.le),
            ">": _ordering(operator.gt),
            ">=": _ordering(operator.ge),
            "=~": self.matches,
            "in": self.contained,
            "nin": lambda left, right: not self.contained(left, right),
            "contains": self.contains,
            "all": _all,
            "size": _size,
            "empty": _empty,
            "subsetof": self.subset,
            "anyof": self.any_of,
            "noneof": self.none_of,
            "type": _type,
            "matches": _predicate,
        }

    def nodes(self, values: list[Any]) -> list[Any]:
        """The elements of a list as operands."""
        return [self._node(value) for value in values]

    def _node(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._text_node(value)
        if isinstance(value, list | dict):
            raise PathEvaluationError("A list with lists or objects in it cannot be searched")
        if is_number(value):
            decimal_of(value)
        return value

    def _text_node(self, text: str) -> Any:
        trimmed = text.strip(_BLANKS)
        if trimmed[:1] in ("$", "@") and self.looks_like_path(trimmed):
            return UNEQUAL
        if len(trimmed) > 1 and trimmed[0] + trimmed[-1] in ("[]", "{}"):
            try:
                parse_lenient(trimmed)
            except JsonTextError:
                return _plain_text(text)
            return Text(text)
        return _plain_text(text)

    def _list(self, operand: Any) -> list[Any] | None:
        """The elements of a list operand; None for an object. Other operands reject."""
        value = json_value(operand)
        if isinstance(value, list):
            return self.nodes(value)
        return None

    def contained(self, left: Any, right: Any) -> bool:
        """``in``."""
        elements = self._list(right)
        return elements is not None and any(same_node(bare(left), element) for element in elements)

    def contains(self, left: Any, right: Any) -> bool:
        """``contains``: a text in a text, or an element in a list."""
        if isinstance(left, str) and isinstance(right, str):
            return right in left
        if isinstance(left, JsonText | list):
            elements = self._list(left)
            return elements is not None and any(same_node(bare(right), element) for element in elements)
        return False

    def subset(self, left: Any, right: Any) -> bool:
        """``subsetof``."""
        allowed = self._list(right)
        if allowed is None:
            return False
        elements = self._list(left)
        if elements is None:
            return False
        return all(any(same_node(element, other) for other in allowed) for element in elements)

    def any_of(self, left: Any, right: Any) -> bool:
        """``anyof``; an object on either side is like no list."""
        return self._overlap(left, right) is True

    def none_of(self, left: Any, right: Any) -> bool:
        """``noneof``; false too when either side is an object."""
        return self._overlap(left, right) is False

    def _overlap(self, left: Any, right: Any) -> bool | None:
        """Whether two lists share an element; None when either side is an object."""
        others = self._list(right)
        if others is None:
            return None
        elements = self._list(left)
        if elements is None:
            return None
        return any(same_node(element, other) for element in elements for other in others)

    def matches(self, left: Any, right: Any) -> bool:
        """``=~``: the pattern on one side must match the whole text of the other."""
        if isinstance(left, JavaPattern) == isinstance(right, JavaPattern):
            return False
        pattern, subject = (left, right) if isinstance(left, JavaPattern) else (right, left)
        value = subject.value if isinstance(subject, JsonText) else subject
        if isinstance(value, list):
            return any(self._match(pattern, _subject(element)) for element in self.nodes(value))
        return self._match(pattern, _subject(value))

    def _match(self, pattern: JavaPattern, text: str) -> bool:
        seconds = self.limits.regex_seconds
        try:
            return pattern.matches(text, seconds)
        except TimeoutError:
            raise PathLimitExceeded(
                "regex_seconds", seconds, f"The regular expression {pattern.text!r} ran long"
            ) from None


def _plain_text(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1]
    try:
        return unescape(text)
    except ValueError as failure:
        raise PathEvaluationError(str(failure)) from None


def bare(operand: Any) -> Any:
    """An operand as an element of a list would be compared: JSON text by its text."""
    return Text(operand.text) if isinstance(operand, JsonText) else operand


def json_value(operand: Any) -> Any:
    """The list or object of an operand; anything else rejects the filter."""
    if isinstance(operand, JsonText):
        return operand.value
    if isinstance(operand, list | dict):
        return operand
    raise FilterRejection("A list is expected")


def _is_json(operand: Any) -> bool:
    return isinstance(operand, JsonText | list | dict)


def same(left: Any, right: Any) -> bool:
    """``==``. Not symmetric: the text ``'1.0'`` differs from the number 1, but 1 equals the text."""
    if _is_json(left) and _is_json(right):
        if left is right:
            return True
        return not isinstance(left, JsonText) and same_json(left, json_value(right))
    return same_node(bare(left), bare(right))


def _kind(operand: Any) -> str:
    if _is_json(operand):
        return "json"
    if is_number(operand):
        return "number"
    return type(operand).__name__


def same_typed(left: Any, right: Any) -> bool:
    """``===``: equal, and of the same kind."""
    return _kind(left) == _kind(right) and same(left, right)


def _ordering(compare: Callable[[Any, Any], bool]) -> Test:
    def test(left: Any, right: Any) -> bool:
        if is_number(left) and is_number(right):
            if isinstance(left, int) and isinstance(right, int):
                return compare(left, right)
            return compare(decimal_of(left), decimal_of(right))
        if isinstance(left, str) and isinstance(right, str):
            return compare(text_order(left), text_order(right))
        return False

    return test


def _all(_left: Any, _right: Any) -> bool:
    raise FilterRejection("The engine cannot apply 'all' to a list written in a path")


def _type(_left: Any, _right: Any) -> bool:
    raise FilterRejection("The engine cannot name a type in a path")


def _predicate(_left: Any, _right: Any) -> bool:
    raise FilterRejection("The engine cannot take a predicate from a path")


def _size(left: Any, right: Any) -> bool:
    if not is_number(right):
        return False
    expected = int_value(int(right))
    if isinstance(left, str):
        return utf16_length(left) == expected
    if _is_json(left):
        value = json_value(left)
        return (len(value) if isinstance(value, list) else -1) == expected
    return False


def _empty(left: Any, right: Any) -> bool:
    if isinstance(left, str):
        return (not left) == _flag(right)
    if _is_json(left):
        value = json_value(left)
        if isinstance(value, dict):
            raise PathEvaluationError(
                "'empty' cannot be applied to an object", engine_error="ClassCastException"
            )
        return (not value) == _flag(right)
    return False


def _flag(operand: Any) -> bool:
    if isinstance(operand, bool):
        return operand
    raise FilterRejection("true or false is expected")


def _subject(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and not isinstance(value, Text):
        return value
    return number_text(value) if is_number(value) else ""
