"""JSON as filters and function arguments read it.

A list or object in a filter is read by json-smart in its permissive mode: quotes may be single or missing,
commas superfluous, numbers may start with zeros. An argument of a function is read by Jackson: strictly,
and whatever follows the first value is ignored.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any, NoReturn

from jackfield.jsonpath.lexer import join_surrogates

_BLANKS = " \r\n\t"
_END = "\x1a"
_ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "b": "\b", "\\": "\\", "/": "/", "'": "'", '"': '"'}
_WORDS: dict[str, Any] = {"null": None, "true": True, "false": False, "NaN": float("nan")}
_INTEGER = re.compile(r"-?[0-9]+\Z")
_FLOAT = re.compile(r"-?[0-9]*(?:\.[0-9]*)?(?:[eE][+-]?[0-9]*)?\Z")
_DEPTH = 400


class JsonTextError(ValueError):
    """The text is not even lenient JSON."""


def parse_lenient(text: str) -> Any:
    """A JSON value as json-smart reads it permissively; what follows the value is ignored.

    Raises ``JsonTextError``.
    """
    return _LenientReader(text).first()


class _LenientReader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.depth = 0

    def current(self) -> str:
        return self.text[self.position] if self.position < len(self.text) else _END

    def fail(self) -> NoReturn:
        raise JsonTextError(f"unexpected {self.current()!r} at {self.position}")

    def skip(self) -> None:
        while self.current() <= " " and self.current() != _END:
            self.position += 1

    def first(self) -> Any:
        return self.value("")

    def value(self, stops: str) -> Any:
        while self.current() in _BLANKS:
            self.position += 1
        character = self.current()
        if character in ":}]" or (character == _END and stops):
            self.fail()
        if character == "{":
            return self.object()
        if character == "[":
            return self.array()
        if character in "'\"":
            return self.string()
        if character in "-0123456789":
            return self.number(stops)
        word = self.bare(self.position, stops)
        return _WORDS.get(word, word)

    def bare(self, start: int, stops: str) -> str:
        """Text without quotes up to one of the stop characters, blanks trimmed."""
        while self.current() != _END and self.current() not in stops:
            self.position += 1
        piece = self.text[start : self.position]
        return piece.strip() or piece[-1:]

    def number(self, stops: str) -> Any:
        start = self.position
        self.position += 1
        self._digits()
        is_float = False
        if self.current() == ".":
            is_float = True
            self.position += 1
            self._digits()
        if self.current() in "eE":
            self.position += 1
            if not (self.current() in "+-" or "0" <= self.current() <= "9"):
                return self.bare(start, stops)
            is_float = True
            self.position += 1
            self._digits()
        self.skip()
        character = self.current()
        if character < "~" and character not in stops and character != _END:
            return self.bare(start, stops)
        return self._number_value(self.text[start : self.position].strip(), is_float)

    def _digits(self) -> None:
        while "0" <= self.current() <= "9":
            self.position += 1

    def _number_value(self, text: str, is_float: bool) -> Any:
        if not is_float:
            if text == "-":
                return 0
            if not _INTEGER.match(text) or len(text) > 4000:
                self.fail()
            return int(text)
        try:
            return Decimal(text) if len(text) > 18 else float(text)
        except (ValueError, ArithmeticError):
            self.fail()

    def string(self) -> str:
        quote = self.current()
        closing = self.text.find(quote, self.position + 1)
        if closing < 0:
            self.fail()
        plain = self.text[self.position + 1 : closing]
        if "\\" not in plain:
            self.position = closing + 1
            return plain
        return self._escaped(quote)

    def _escaped(self, quote: str) -> str:
        out: list[str] = []
        while True:
            self.position += 1
            character = self.current()
            if character == _END:
                self.fail()
            if character == quote:
                self.position += 1
                return join_surrogates("".join(out))
            if character == "\\":
                self.position += 1
                out.append(self._escape())
            elif character >= " " and character != "\x7f":
                out.append(character)

    def _escape(self) -> str:
        character = self.current()
        if character not in "ux":
            return _ESCAPES.get(character, "")
        size = 4 if character == "u" else 2
        digits = self.text[self.position + 1 : self.position + 1 + size]
        if not re.fullmatch(rf"[0-9a-fA-F]{{{size}}}", digits):
            self.fail()
        self.position += size
        return chr(int(digits, 16))

    def _enter(self) -> None:
        self.depth += 1
        if self.depth > _DEPTH:
            self.fail()

    def array(self) -> list[Any]:
        self._enter()
        self.position += 1
        items: list[Any] = []
        while True:
            character = self.current()
            if character in _BLANKS or character == ",":
                self.position += 1
            elif character == "]":
                self.depth -= 1
                self.position += 1
                return items
            elif character in ":}" or character == _END:
                self.fail()
            else:
                items.append(self.value(",]"))

    def object(self) -> dict[str, Any]:
        self._enter()
        members: dict[str, Any] = {}
        self.position += 1
        while True:
            character = self.current()
            if character in _BLANKS or character == ",":
                self.position += 1
                continue
            if character == "}":
                self.depth -= 1
                self.position += 1
                return members
            if character in ":][{" or character == _END:
                self.fail()
            key = self.string() if character in "'\"" else self.bare(self.position, ":")
            self._member(members, key)

    def _member(self, members: dict[str, Any], key: str) -> None:
        self.skip()
        if self.current() != ":":
            self.fail()
        self.position += 1
        members[key] = self.value(",}")
        self.skip()
        if self.current() not in ",}":
            self.fail()


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_no_constant)


def parse_strict(text: str) -> Any:
    """The first JSON value of a text, as Jackson reads it. Raises ``JsonTextError``."""
    stripped = text.lstrip(_BLANKS)
    try:
        value, end = _DECODER.raw_decode(stripped)
    except (ValueError, RecursionError) as failure:
        raise JsonTextError(str(failure)) from None
    following = stripped[end : end + 1]
    if following and following not in _BLANKS and not isinstance(value, str | list | dict):
        raise JsonTextError(f"unexpected {following!r} after {stripped[:end]}")
    return value
