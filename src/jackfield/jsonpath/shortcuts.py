"""Whole paths of the everyday kind as one function.

Names and indexes; a list of them after ``[*]``, after an everyday filter, or after ``..name``: these make up
nearly all published paths. Each function here handles the documents that fit, and hands everything else
(missing names, other types, odd classes) to the general evaluation, which knows the errors. A test compares
the two on random paths.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jackfield.jsonpath.errors import PathLimitExceeded
from jackfield.jsonpath.limits import Limits
from jackfield.jsonpath.nodes import (
    Comparison,
    Filter,
    Index,
    PathNode,
    PathOperand,
    Property,
    Scan,
    Segment,
    StringLiteral,
    Wildcard,
)
from jackfield.jsonpath.quicktests import ItemTest, Steps, equal_text, item_test, plain_steps

Read = Callable[[Any], Any]
Select = Callable[[list[Any]], list[Any]]

# Where one of these is caught, the general evaluation is called behind the handler: its errors are about the
# document and should not seem to come from a KeyError.
_MISSES = (KeyError, TypeError, IndexError)


def shortcut(path: PathNode, general: Read, limits: Limits) -> Read:
    """The fastest function for a path; ``general`` itself when the path is not of the everyday kind."""
    steps = plain_steps(path)
    if steps is not None:
        return _definite(steps, general) if steps else general
    position = next(i for i, segment in enumerate(path.segments) if not _is_plain(segment))
    before, tail = _steps_of(path, 0, position), _steps_of(path, position + 1, None)
    segment = path.segments[position]
    if before is None:
        return general
    if isinstance(segment, Scan) and position == len(path.segments) - 2 and not before:
        return _scan(path.segments[-1], general, limits)
    if tail is None or len(tail) > 1 or (tail and isinstance(tail[0], int)):
        return general
    select = _select(segment, str(tail[0]) if tail else None)
    return general if select is None else _listed(before, select, general, limits)


def _is_plain(segment: Segment) -> bool:
    if isinstance(segment, Property):
        return len(segment.names) == 1
    return isinstance(segment, Index) and len(segment.indexes) == 1


def _steps_of(path: PathNode, start: int, stop: int | None) -> Steps | None:
    return plain_steps(PathNode(path.root, path.segments[start:stop], path.column))


def _definite(steps: Steps, general: Read) -> Read:
    if all(isinstance(step, str) for step in steps):
        return _names(tuple(map(str, steps)), general)
    # A text can be indexed like a list, hence the look at the class before every index.
    typed = _typed(steps)

    def read(document: Any) -> Any:
        value = document
        try:
            for kind, step in typed:
                if value.__class__ is not kind:
                    return general(document)
                value = value[step]
            return value
        except _MISSES:
            careful = general
        return careful(document)

    return read


def _typed(steps: Steps) -> tuple[tuple[Any, Any], ...]:
    return tuple((dict if isinstance(step, str) else list, step) for step in steps)


def _names(names: tuple[str, ...], general: Read) -> Read:
    first, *others = names

    def read_one(document: Any) -> Any:
        try:
            return document[first]
        except _MISSES:
            careful = general
        return careful(document)

    def read_many(document: Any) -> Any:
        try:
            value = document[first]
            for name in others:
                value = value[name]
            return value
        except _MISSES:
            careful = general
        return careful(document)

    return read_many if others else read_one


def _listed(before: Steps, select: Select, general: Read, limits: Limits) -> Read:
    typed = _typed(before)
    allowed = limits.results

    def read(document: Any) -> Any:
        value = document
        try:
            for kind, step in typed:
                if value.__class__ is not kind:
                    return general(document)
                value = value[step]
            careful = value.__class__ is not list or len(value) > allowed
        except _MISSES:
            careful = True
        return general(document) if careful else select(value)

    if len(before) != 1 or not isinstance(before[0], str):
        return read
    first = before[0]

    def read_below_name(document: Any) -> Any:
        try:
            value = document[first]
            careful = value.__class__ is not list or len(value) > allowed
        except _MISSES:
            careful = True
        return general(document) if careful else select(value)

    return read_below_name


def _select(segment: Segment, name: str | None) -> Select | None:
    """What ``[*]`` or an everyday filter, maybe with a name behind it, selects of a list."""
    if isinstance(segment, Wildcard):
        return list if name is None else _names_of_all(name)
    if not isinstance(segment, Filter):
        return None
    expression = segment.expression
    if isinstance(expression, Comparison) and expression.operator == "==":
        equal = _equal_select(expression, name)
        if equal is not None:
            return equal
    test = item_test(expression)
    return None if test is None else _test_select(test, name)


def _names_of_all(name: str) -> Select:
    def select(items: list[Any]) -> list[Any]:
        try:
            return [item[name] for item in items]
        except _MISSES:
            return [item[name] for item in items if isinstance(item, dict) and name in item]

    return select


def _test_select(test: ItemTest, name: str | None) -> Select:
    if name is None:
        return lambda items: [item for item in items if test(item)]
    return lambda items: [
        item[name] for item in items if test(item) and isinstance(item, dict) and name in item
    ]


def _equal_select(expression: Comparison, name: str | None) -> Select | None:
    left, right = expression.left, expression.right
    if not isinstance(left, PathOperand) or left.path.root != "@" or not isinstance(right, StringLiteral):
        return None
    steps, text = plain_steps(left.path), right.value
    if steps is None or not equal_text(steps, text):
        return None
    return _equal_items(steps[0], text) if name is None else _equal_names(steps[0], text, name)


def _equal_items(key: str | int, text: str) -> Select:
    def select(items: list[Any]) -> list[Any]:
        try:
            return [item for item in items if item.get(key) == text]
        except AttributeError:
            return [item for item in items if isinstance(item, dict) and item.get(key) == text]

    return select


def _equal_names(key: str | int, text: str, name: str) -> Select:
    def select(items: list[Any]) -> list[Any]:
        try:
            return [item[name] for item in items if item.get(key) == text]
        except (AttributeError, KeyError):
            return [
                item[name]
                for item in items
                if isinstance(item, dict) and item.get(key) == text and name in item
            ]

    return select


def _scan(segment: Segment, general: Read, limits: Limits) -> Read:
    if not isinstance(segment, Property) or len(segment.names) != 1:
        return general
    name, depth, allowed = segment.names[0], limits.depth, limits.results

    def collect(value: Any, out: list[Any], left: int) -> None:
        if left == 0:
            raise PathLimitExceeded("depth", depth, "The document is too deep for a deep scan")
        if isinstance(value, dict):
            if name in value:
                out.append(value[name])
            children: Any = value.values()
        else:
            children = value
        for child in children:
            if child.__class__ is dict or child.__class__ is list or isinstance(child, dict | list):
                collect(child, out, left - 1)

    def read(document: Any) -> Any:
        out: list[Any] = []
        if not isinstance(document, dict | list):
            return general(document)
        try:
            collect(document, out, depth)
        except RecursionError:
            raise PathLimitExceeded("depth", depth, "The document is too deep") from None
        if len(out) > allowed:
            raise PathLimitExceeded("results", allowed, "The path selects too many values")
        return out

    return read
