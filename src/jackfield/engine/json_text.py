"""Reading and writing JSON text without losing numbers."""

from __future__ import annotations

import json
import re
from json.encoder import encode_basestring
from typing import Any, NoReturn

import orjson

_DIGITS_AS_ZERO = bytes.maketrans(b"123456789", b"000000000")
# The longest run of digits that always fits 64 bits has 18; longer integers would become floats.
_LONG_INTEGER = b"0" * 19
_LONG_IN_STRIDES = b"000"
_BRACKETS = re.compile(rb'"(?:[^"\\]|\\.)*(?:"|\Z)|[\[\]{}]', re.DOTALL)
_READABLE_LEVELS = 500


class NotJson(ValueError):
    """The text is not JSON.

    Args:
        reason: what is wrong, with line and column.
        deep: true if it is nested too deeply to be read at all.
    """

    def __init__(self, reason: str, *, deep: bool = False, position: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.deep, self.position = reason, deep, position


def read_json_text(text: bytes) -> Any:
    """Return the value of UTF-8 JSON text; integers keep all their digits.

    Raises:
        NotJson: it is not JSON.
    """
    try:
        # Every sixth byte of a text that has so long a run shows three digits side by side: a look at these
        # is enough for nearly all texts. `find`, because `in` tries to take the bytes for a number first.
        if (
            text[5::6].translate(_DIGITS_AS_ZERO).find(_LONG_IN_STRIDES) >= 0
            and text.translate(_DIGITS_AS_ZERO).find(_LONG_INTEGER) >= 0
        ):
            return json.loads(text, parse_constant=_refuse_constant)
        return orjson.loads(text)
    except json.JSONDecodeError as error:
        reason = f"{error.msg} at line {error.lineno}, column {error.colno}"
        raise NotJson(reason, deep=_nests_deeply(text), position=error.pos) from None
    except UnicodeDecodeError as error:
        raise NotJson(f"byte {error.start + 1} is not UTF-8", position=error.start) from None
    except RecursionError:
        raise NotJson("nested too deeply", deep=True) from None
    except ValueError as error:
        raise NotJson(str(error)) from None


def json_text(value: Any) -> str:
    """Return the JSON text of a value, without blanks."""
    if type(value) is str and value.isascii():
        # What orjson writes, without a detour over bytes.
        return encode_basestring(value)
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        # Integers above 64 bits and lone surrogates, which orjson does not write.
        return json.dumps(value, separators=(",", ":"))


def first_value(text: str) -> tuple[Any, int]:
    """Return the first JSON value of a text and where it ends; the rest may be anything.

    Raises:
        NotJson: it does not begin with a JSON value.
    """
    start = len(text) - len(text.lstrip(" \t\r\n"))
    try:
        return json.JSONDecoder(parse_constant=_refuse_constant).raw_decode(text, start)
    except json.JSONDecodeError as error:
        raise NotJson(
            f"{error.msg} at line {error.lineno}, column {error.colno}", position=error.pos
        ) from None
    except RecursionError:
        raise NotJson("nested too deeply", deep=True) from None
    except ValueError as error:
        raise NotJson(str(error)) from None


def _nests_deeply(text: bytes) -> bool:
    """Tell if text that could not be read opens more levels than any reader here allows."""
    depth = 0
    for match in _BRACKETS.finditer(text):
        token = match.group()
        if token in b"[{":
            depth += 1
            if depth > _READABLE_LEVELS:
                return True
        elif token in b"]}":
            depth -= 1
    return False


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
