"""Whole paths of the everyday kind as one function.

Names and indexes, then ``[*]``, a slice, an everyday filter or ``..name``, and more of these behind it: that
is nearly every published path. What one segment selects from all values together comes in the same order as
if each value were followed to its end, so segments are applied one after the other. Each function handles
the documents that fit, and hands everything else (missing names, other types, odd classes) to the general
evaluation, which knows the errors. A test compares the two on random paths.
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
    Slice,
    StringLiteral,
    Wildcard,
)
from jackfield.jsonpath.quicktests import ItemTest, Steps, equal_text, item_test, plain_steps
from jackfield.jsonpath.values import CONTAINERS

Read = Callable[[Any], Any]
Select = Callable[[Any], list[Any]]

# Where one of these is caught, the general evaluation is called behind the handler: its errors are about the
# document and should not seem to come from a KeyError.
_MISSES = (KeyError, TypeError, IndexError)


def shortcut(path: PathNode, general: Read, limits: Limits) -> Read:
    """The fastest function for a path; ``general`` itself when the path is not of the everyday kind."""
    steps = plain_steps(path)
    if steps is not None:
        return _definite(steps, general) if steps else general
    position = next(i for i, segment in enumerate(path.segments) if not _is_plain(segment))
    before = _steps_of(path, 0, position)
    segment, rest = path.segments[position], path.segments[position + 1 :]
    if before is None:
        return general
    if isinstance(segment, Scan):
        start = _scan(rest[0], limits) if rest else None
        rest = rest[1:]
    else:
        name = _single_name(rest[0]) if rest else None
        start = _select(segment, name)
        rest = rest[1:] if name is not None else rest
    selects = _stages(rest, limits)
    if start is None or selects is None:
        return general
    chosen = start if not selects else _pipeline(start, selects)
    return _listed(before, chosen, general, limits, CONTAINERS if isinstance(segment, Scan) else (list,))


def plain_names(path: PathNode) -> tuple[str, ...]:
    """The names of a path that is nothing but names; empty for any other."""
    names = [name for name in (plain_steps(path) or ()) if isinstance(name, str)]
    return tuple(names) if len(names) == len(path.segments) else ()


def _pipeline(start: Select, selects: list[Select]) -> Select:
    def select(items: Any) -> list[Any]:
        found = start(items)
        for stage in selects:
            found = stage(found)
        return found

    return select


def _single_name(segment: Segment) -> str | None:
    if isinstance(segment, Property) and len(segment.names) == 1:
        return segment.names[0]
    return None


def _stages(segments: tuple[Segment, ...], limits: Limits) -> list[Select] | None:
    """Segments behind the first indefinite one, each as a function from all values to all values."""
    selects: list[Select] = []
    for segment in segments:
        name = _single_name(segment)
        if name is not None:
            selects.append(_names_of_all(name))
        elif isinstance(segment, Wildcard):
            selects.append(_all_below(limits.results))
        elif isinstance(segment, Index) and len(segment.indexes) == 1:
            selects.append(_indexed(segment.indexes[0]))
        else:
            stage = _list_stage(segment)
            if stage is None:
                return None
            selects.append(stage)
    return selects


def _list_stage(segment: Segment) -> Select | None:
    """A slice or an everyday filter behind the first indefinite segment."""
    if isinstance(segment, Filter):
        test = item_test(segment.expression)
        return None if test is None else _filtered(test)
    cut = _cut(segment) if isinstance(segment, Slice) else None
    if cut is None:
        return None
    return lambda items: [below for item in items if isinstance(item, list) for below in item[cut]]


def _cut(segment: Slice) -> slice | None:
    """The slice in Python's terms; None where the engine counts differently."""
    start, stop = segment.start, segment.stop
    if start is None or stop is None:
        return slice(start, stop)
    if start < 0:
        return None
    return slice(start, max(stop, start))


def _all_below(allowed: int) -> Select:
    def select(items: list[Any]) -> list[Any]:
        found: list[Any] = []
        for item in items:
            if isinstance(item, list):
                found.extend(item)
            elif isinstance(item, dict):
                found.extend(item.values())
            if len(found) > allowed:
                raise too_many(allowed)
        return found

    return select


def too_many(allowed: int) -> PathLimitExceeded:
    """The error of a list that grows beyond the limit."""
    return PathLimitExceeded("results", allowed, "The path selects too many values")


def _indexed(index: int) -> Select:
    return lambda items: [
        item[index] for item in items if isinstance(item, list) and -len(item) <= index < len(item)
    ]


def _filtered(test: ItemTest) -> Select:
    def select(items: list[Any]) -> list[Any]:
        found: list[Any] = []
        for item in items:
            if isinstance(item, dict):
                if test(item):
                    found.append(item)
            elif isinstance(item, list):
                found.extend(below for below in item if test(below))
        return found

    return select


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


def _listed(before: Steps, select: Select, general: Read, limits: Limits, classes: tuple[Any, ...]) -> Read:
    """A reader that goes ``before`` and selects from what it meets, if that is of one of ``classes``."""
    typed = _typed(before)
    allowed = limits.results

    def read(document: Any) -> Any:
        value = document
        try:
            for kind, step in typed:
                if value.__class__ is not kind:
                    return general(document)
                value = value[step]
            careful = value.__class__ not in classes or len(value) > allowed
        except _MISSES:
            careful = True
        return general(document) if careful else select(value)

    if not before or not all(isinstance(step, str) for step in before):
        return read
    first, others = before[0], before[1:]

    # Only objects can be indexed by a name: what else comes here raises.
    def read_below_names(document: Any) -> Any:
        try:
            value = document[first]
            for name in others:
                value = value[name]
            careful = value.__class__ not in classes or len(value) > allowed
        except _MISSES:
            careful = True
        return general(document) if careful else select(value)

    return read_below_names


def _select(segment: Segment, name: str | None) -> Select | None:
    """What ``[*]`` or an everyday filter, maybe with a name behind it, selects of a list."""
    if isinstance(segment, Wildcard):
        return list if name is None else _names_of_all(name)
    if isinstance(segment, Slice):
        return _slice_of(segment, name)
    if not isinstance(segment, Filter):
        return None
    expression = segment.expression
    if isinstance(expression, Comparison) and expression.operator == "==":
        equal = _equal_select(expression, name)
        if equal is not None:
            return equal
    test = item_test(expression)
    return None if test is None else _test_select(test, name)


def _slice_of(segment: Slice, name: str | None) -> Select | None:
    cut = _cut(segment)
    if cut is None:
        return None
    if name is None:
        return lambda items: list(items[cut])
    names = _names_of_all(name)
    return lambda items: names(items[cut])


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


def _scan(segment: Segment, limits: Limits) -> Select | None:
    name = _single_name(segment)
    if name is None:
        return None
    depth, allowed = limits.depth, limits.results

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
            if isinstance(child, CONTAINERS):
                collect(child, out, left - 1)

    def select(value: Any) -> list[Any]:
        out: list[Any] = []
        try:
            collect(value, out, depth)
        except RecursionError:
            raise PathLimitExceeded("depth", depth, "The document is too deep") from None
        if len(out) > allowed:
            raise too_many(allowed)
        return out

    return select
