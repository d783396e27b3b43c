"""Requests in the text of programs: the options of an HTTP client's call, JSON in a string literal."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final

from jackfield.domain.json_nodes import ObjectNode, StringNode
from jackfield.domain.json_reader import Reading

METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
_STRING: Final = re.compile(r'"(?:[^"\\\r\n]|\\.)*+"')
_BODIES: Final = ("body", "data", "json", "payload")
_ADDRESSES: Final = ("url", "uri", "endpoint")


@dataclass(frozen=True, slots=True)
class CallOptions:
    """What `fetch`, axios or request are told in one object.

    Args:
        method: "" if it is not said.
        url: "" if it is not said.
        body: the value that is sent; None if it is not a literal.
    """

    method: str
    url: str
    body: StringNode | ObjectNode | None


def call_options(reading: Reading) -> CallOptions | None:
    """Return the options that an object holds; None if it is no such object.

    Where the text had to be mended, an object that seems to be the body may be a part of it: the argument of
    `JSON.stringify`, which is found by itself.
    """
    root = reading.root
    if not isinstance(root, ObjectNode):
        return None
    method = _text(root, ("method", "type")).upper()
    known = method in METHODS
    if not (known or isinstance(root.get("headers"), ObjectNode)) or "properties" in root.names:
        return None
    given = next((value for name in _BODIES if (value := root.get(name)) is not None), None)
    is_literal = isinstance(given, ObjectNode) and not reading.repaired
    is_json = isinstance(given, StringNode) and given.value.lstrip()[:1] in ("{", "[")
    body = given if is_literal or is_json else None
    assert body is None or isinstance(body, StringNode | ObjectNode)
    return CallOptions(method if known else "", _text(root, _ADDRESSES), body)


def string_literal(text: str, start: int) -> tuple[str, int] | None:
    """Return what a string of a program says, and the offset behind it; None if it is not closed."""
    match = _STRING.match(text, start)
    if match is None:
        return None
    try:
        value: str = json.loads(match[0])
    except ValueError:
        return None
    return value, match.end()


def _text(root: ObjectNode, names: tuple[str, ...]) -> str:
    values = (root.get(name) for name in names)
    return next((value.value for value in values if isinstance(value, StringNode)), "")
