"""What expressions of a Terraform configuration come to, with the places where their texts were written."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from jackfield.domain.finding import Place
from jackfield.workbench.terraform.syntax import Expression, SourceFile

_ESCAPE: Final = re.compile(
    r"\\(?:u(?P<short>[0-9a-fA-F]{4})|U(?P<long>[0-9a-fA-F]{8})|(?P<one>.))|(?P<mark>\$\$(?=\{)|%%(?=\{))",
    re.DOTALL,
)
_ESCAPED: Final = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_HTML: Final = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}


class Unresolved(Exception):
    """An expression whose value only Terraform knows.

    Args:
        expression: it.
        reason: why, as the end of a sentence.
        advice: what helps.
    """

    def __init__(self, expression: Expression, reason: str, advice: str) -> None:
        super().__init__(reason)
        self.expression, self.reason, self.advice = expression, reason, advice


@dataclass(frozen=True, slots=True)
class Span:
    """From an offset in a text on: where its characters were written.

    Args:
        at: 0-based offset in the text.
        source: the file.
        start: offset there.
        is_exact: each further character of the text is a further one of the file.
    """

    at: int
    source: SourceFile
    start: int
    is_exact: bool = True


@dataclass(frozen=True)
class Value:
    """The value of an expression.

    Args:
        plain: a text, number, truth value or None, a list of values, or a dict of names to values.
        source: the file.
        start: offset of the expression.
        end: offset behind it.
        spans: of a text, in order, the first at 0.
        encoded: of the text of `jsonencode`: what was encoded.
    """

    plain: Plain
    source: SourceFile
    start: int
    end: int
    spans: tuple[Span, ...] = ()
    encoded: Value | None = None

    def place(self, pointer: str = "", offset: int = 0, width: int = 1) -> Place:
        """Return the place of a character of a text, or of the whole value."""
        if not self.spans:
            return self.source.place(self.start, self.end, pointer)
        span = self.spans[max(0, bisect_right(self.spans, offset, key=lambda one: one.at) - 1)]
        start = span.start + (offset - span.at if span.is_exact else 0)
        return span.source.place(start, start + (width if span.is_exact else 1), pointer)


Plain: TypeAlias = str | int | float | bool | Sequence[Value] | Mapping[str, Value] | None


def written(literal: str, source: SourceFile, start: int, *, quoted: bool) -> tuple[str, tuple[Span, ...]]:
    """Return what a literal part of a template says, and where.

    Args:
        literal: as it stands in the file.
        start: where it stands.
        quoted: backslashes escape, as they do between quotes; `$${` and `%%{` escape everywhere.
    """
    said: list[str] = []
    spans: list[Span] = []
    length, position = 0, 0
    for match in _ESCAPE.finditer(literal):
        if not (quoted or match["mark"]):
            continue
        before = literal[position : match.start()]
        if before:
            spans.append(Span(length, source, start + position))
            said.append(before)
            length += len(before)
        character = _unescaped(match)
        spans.append(Span(length, source, start + match.start()))
        said.append(character)
        length += len(character)
        position = match.end()
    if position < len(literal) or not said:
        spans.append(Span(length, source, start + position))
        said.append(literal[position:])
    return "".join(said), tuple(spans)


def _unescaped(match: re.Match[str]) -> str:
    if match["mark"]:
        return match["mark"][0]
    code = match["short"] or match["long"]
    if code:
        number = int(code, 16)
        return chr(number) if number <= 0x10FFFF else "\ufffd"
    return _ESCAPED.get(match["one"], match[0])


def joined(parts: Sequence[Value], expression: Expression) -> Value:
    """Return the text that parts of a template make together; a lone part stays what it is."""
    if len(parts) == 1:
        return replace(parts[0], start=expression.start, end=expression.end)
    texts: list[str] = []
    spans: list[Span] = []
    length = 0
    for part in parts:
        text = as_text(part)
        if text is None:
            raise Unresolved(expression, "a list or an object cannot stand in a text", "Use `jsonencode`.")
        inner = part.spans or (Span(0, part.source, part.start, is_exact=False),)
        spans += (replace(span, at=span.at + length) for span in inner)
        texts.append(text)
        length += len(text)
    return Value("".join(texts), expression.source, expression.start, expression.end, tuple(spans))


def as_text(value: Value) -> str | None:
    """Return a scalar as Terraform writes it into a text; None for what is no scalar."""
    plain = value.plain
    if isinstance(plain, str):
        return plain
    if isinstance(plain, bool):
        return "true" if plain else "false"
    if isinstance(plain, int | float):
        return _number(plain)
    return None


def plain_of(value: Value) -> Any:
    """Return a value without its places."""
    if isinstance(value.plain, Mapping):
        return {name: plain_of(item) for name, item in value.plain.items()}
    if isinstance(value.plain, Sequence) and not isinstance(value.plain, str):
        return [plain_of(item) for item in value.plain]
    return value.plain


def encoded_text(value: Value) -> str:
    """Return the text of Terraform's `jsonencode`: keys sorted, no blanks, `<`, `>` and `&` escaped."""
    plain = _whole_numbers(plain_of(value))
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.translate(_HTML)


def _whole_numbers(plain: Any) -> Any:
    if isinstance(plain, dict):
        return {name: _whole_numbers(item) for name, item in plain.items()}
    if isinstance(plain, list):
        return [_whole_numbers(item) for item in plain]
    return int(plain) if isinstance(plain, float) and plain.is_integer() else plain


def _number(plain: float) -> str:
    return str(int(plain)) if float(plain).is_integer() else repr(plain)
