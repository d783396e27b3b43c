"""JSON text as bytes, for every value that can stand in an answer."""

from __future__ import annotations

import json
import math
from typing import Any

import orjson


class Raw:
    """JSON text that goes into an answer unchanged, number for number and member for member."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


def dump(value: Any) -> bytes:
    """Return the JSON text of a value.

    Falls back to a slower writer where orjson gives up: integers over 64 bits and lone surrogates, both of
    which callers can send.
    """
    try:
        return orjson.dumps(value, default=_fragment)
    except orjson.JSONEncodeError:
        return _written(value).encode()


def _fragment(value: Any) -> orjson.Fragment:
    if isinstance(value, Raw):
        return orjson.Fragment(value.text)
    raise TypeError(f"{type(value).__name__} cannot stand in an answer")


def _written(value: Any) -> str:
    if isinstance(value, Raw):
        return value.text
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(name)}:{_written(part)}" for name, part in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(_written(part) for part in value) + "]"
    if isinstance(value, float) and not math.isfinite(value):
        return "null"
    return json.dumps(value)
