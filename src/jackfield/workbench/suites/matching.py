"""Comparing what came out with what a test expects, part by part."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

_SHOWN: Final = 200
_TYPES: Final[Mapping[str, Callable[[Any], bool]]] = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}
MATCHERS: Final = ("$contains", "$matches", "$type", "$present", "$length")


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where both differ.

    Args:
        path: where, such as `.items[0].id`; "" is the whole.
        words: how.
    """

    path: str
    words: str


def differences(expected: Any, actual: Any, path: str = "") -> Iterator[Difference]:
    """Yield where a value is not as expected.

    Args:
        expected: a JSON value; an object with a single member out of MATCHERS is a rule instead.
        actual: the JSON value that came out.
        path: of both, for the words.
    """
    rule = _rule(expected)
    if rule is not None:
        yield from _by_rule(*rule, actual, path)
    elif isinstance(expected, Mapping) and isinstance(actual, Mapping):
        yield from _of_objects(expected, actual, path, partial=False)
    elif isinstance(expected, list) and isinstance(actual, list):
        if len(expected) != len(actual):
            yield Difference(path, f"has {len(actual)} items instead of {len(expected)}: {shown(actual)}")
            return
        for index, (one, other) in enumerate(zip(expected, actual, strict=True)):
            yield from differences(one, other, f"{path}[{index}]")
    elif not _same(expected, actual):
        yield Difference(path, f"is {shown(actual)} instead of {shown(expected)}")


def shown(value: Any) -> str:
    """Return a value for a sentence."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _rule(expected: Any) -> tuple[str, Any] | None:
    if isinstance(expected, Mapping) and len(expected) == 1:
        name, argument = next(iter(expected.items()))
        if name in MATCHERS:
            return str(name), argument
    return None


def _by_rule(name: str, argument: Any, actual: Any, path: str) -> Iterator[Difference]:
    if name == "$contains":
        yield from _contained(argument, actual, path)
    elif name == "$matches":
        if not isinstance(actual, str) or re.search(str(argument), actual) is None:
            yield Difference(path, f"is {shown(actual)}, which does not match {shown(argument)}")
    elif name == "$type":
        if not _TYPES.get(str(argument), _nothing)(actual):
            yield Difference(path, f"is {shown(actual)}, which is not of type {argument}")
    elif name == "$length":
        size = len(actual) if isinstance(actual, str | list | dict) else None
        if size != argument:
            yield Difference(path, f"has length {size} instead of {argument}")
    elif argument is not True:
        yield Difference(path, "is there")


def _contained(wanted: Any, actual: Any, path: str) -> Iterator[Difference]:
    """Yield what of a part is missing: members of an object, items of a list, or a piece of a text."""
    if isinstance(wanted, Mapping) and isinstance(actual, Mapping):
        yield from _of_objects(wanted, actual, path, partial=True)
    elif isinstance(actual, list):
        for item in wanted if isinstance(wanted, list) else [wanted]:
            if all(any(True for _ in differences(item, one)) for one in actual):
                yield Difference(path, f"does not contain {shown(item)}: {shown(actual)}")
    elif not isinstance(actual, str) or str(wanted) not in actual:
        yield Difference(path, f"is {shown(actual)}, which does not contain {shown(wanted)}")


def _of_objects(
    expected: Mapping[str, Any], actual: Mapping[str, Any], path: str, *, partial: bool
) -> Iterator[Difference]:
    for name, value in expected.items():
        inner = f"{path}.{name}"
        if name in actual:
            nested = (
                {"$contains": value} if partial and isinstance(value, Mapping) and not _rule(value) else value
            )
            yield from differences(nested, actual[name], inner)
        elif _rule(value) != ("$present", False):
            yield Difference(inner, "is missing")
    for name in actual if not partial else ():
        if name not in expected:
            words = f"is there, with {shown(actual[name])}, and the test does not name it"
            yield Difference(f"{path}.{name}", f"{words} ($contains compares only what is named)")


def _same(expected: Any, actual: Any) -> bool:
    """Tell if two scalars are the same JSON value: true is not 1, but 1.0 is 1."""
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    return bool(expected == actual)


def _nothing(_: Any) -> bool:
    return False
