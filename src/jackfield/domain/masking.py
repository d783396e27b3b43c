"""Takes secret values out of text, also where the text carries them encoded.

A web service may echo a credential as it is, percent-encoded, JSON-escaped (once or twice), as HTML entities,
in hex, or inside base64 at any offset. Instead of listing spellings, the text is read through the decoders
that could have been at work, with every decoded character knowing where it came from; what is found there is
masked in the text itself. Nothing of the secrets is kept: no pattern cache ever sees them.
"""

from __future__ import annotations

import base64
import html
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from jackfield.domain.secret import MASK
from jackfield.domain.sensitive import holds_secret

_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_FORM = re.compile(r"\+|(?:%[0-9A-Fa-f]{2})+")
_BACKSLASH = re.compile(r"(?:\\u[0-9A-Fa-f]{4})+|\\x[0-9A-Fa-f]{2}|\\.", re.DOTALL)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
# Shorter secrets are masked only where they stand alone: as parts of words they would blot out everything.
_SHORTEST_PART = 4


def without_secrets(value: Any) -> Any:
    """Return a JSON value with the mask in place of every member whose name says that it holds a secret."""
    if isinstance(value, Mapping):
        return {
            name: MASK if holds_secret(name) and item not in (None, "") else without_secrets(item)
            for name, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [without_secrets(item) for item in value]
    return value


class _View:
    """A text as one decoder reads it; `origin` leads from there back to the source text."""

    __slots__ = ("_decoded_at", "_kept", "_source_at", "source_length", "text")

    def __init__(self, source: str, pattern: re.Pattern[str], decode: Callable[[str], str]) -> None:
        parts: list[str] = []
        self._decoded_at: list[int] = []
        self._source_at: list[int] = []
        self._kept: list[bool] = []
        self.source_length = len(source)
        length = position = 0
        for match in pattern.finditer(source):
            length = self._add(parts, source[position : match.start()], length, position, kept=True)
            length = self._add(parts, decode(match.group()), length, match.start(), kept=False)
            position = match.end()
        self._add(parts, source[position:], length, position, kept=True)
        self.text = "".join(parts)

    def _add(self, parts: list[str], piece: str, length: int, position: int, *, kept: bool) -> int:
        parts.append(piece)
        self._decoded_at.append(length)
        self._source_at.append(position)
        self._kept.append(kept)
        return length + len(piece)

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the source that holds the decoded characters `start` to `end`."""
        first = bisect_right(self._decoded_at, start) - 1
        last = bisect_right(self._decoded_at, end - 1) - 1
        begin = self._source_at[first] + (start - self._decoded_at[first] if self._kept[first] else 0)
        if self._kept[last]:
            return begin, self._source_at[last] + end - self._decoded_at[last]
        return begin, self._source_at[last + 1] if last + 1 < len(self._source_at) else self.source_length


def _percent_decoded(piece: str) -> str:
    if piece == "+":
        return " "
    data = bytes.fromhex(piece.replace("%", ""))
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _unescaped(piece: str) -> str:
    if piece.startswith("\\u"):
        units = bytes.fromhex(piece.replace("\\u", ""))
        return units.decode("utf-16-be", "replace")
    if piece.startswith("\\x") and len(piece) == 4:
        return chr(int(piece[2:], 16))
    return _ESCAPED.get(piece[1], piece[1])


_DECODERS: tuple[tuple[str, re.Pattern[str], Callable[[str], str]], ...] = (
    ("%", _PERCENT, _percent_decoded),
    ("+", _FORM, _percent_decoded),
    ("\\", _BACKSLASH, _unescaped),
    ("&", _ENTITY, html.unescape),
)
_LAYERS = 3
# The most characters that one character of a secret can become: a percent-encoded JSON escape of two units.
_WIDEST = 40


class Masker:
    """Replaces secret values in text with the mask.

    Args:
        secrets: values in clear; empty ones are ignored.
    """

    __slots__ = ("_alone", "_parts", "_reach")

    def __init__(self, secrets: Iterable[str]) -> None:
        values = [secret for secret in dict.fromkeys(secrets) if secret]
        self._reach = _WIDEST * max((len(value) for value in values), default=0)
        self._alone = [value for value in values if len(value) < _SHORTEST_PART]
        parts: list[str] = []
        for value in values:
            parts.extend(_spellings(value))
        self._parts = sorted({part for part in parts if len(part) >= _SHORTEST_PART}, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """Return the text with every secret masked."""
        if not (self._parts or self._alone) or not text:
            return text
        spans = self._spans(text)
        return _masked(text, spans) if spans else text

    def cut(self, text: str, size: int) -> str:
        """Return the first `size` characters with every secret masked, also one that goes on behind them."""
        if len(text) <= size:
            return self(text)
        spans = self._spans(text[: size + self._reach]) if self._parts or self._alone else []
        kept = [(start, min(end, size)) for start, end in spans if start < size]
        return _masked(text[:size], kept) if kept else text[:size]

    def _spans(self, text: str) -> list[tuple[int, int]]:
        spans: list[tuple[int, int]] = []
        self._search(text, lambda start, end: spans.append((start, end)), _LAYERS)
        return spans

    def value(self, value: Any) -> Any:
        """Return a JSON value with every secret masked in its strings and member names."""
        if isinstance(value, str):
            return self(value)
        if isinstance(value, Mapping):
            return {self(str(name)): self.value(item) for name, item in value.items()}
        if isinstance(value, Sequence):
            return [self.value(item) for item in value]
        if isinstance(value, int | float) and not isinstance(value, bool):
            shown = self(str(value))
            return value if shown == str(value) else shown
        return value

    def _search(self, text: str, report: Callable[[int, int], None], layers: int) -> None:
        for part in self._parts:
            start = text.find(part)
            while start >= 0:
                report(start, start + len(part))
                start = text.find(part, start + 1)
        for value in self._alone:
            _search_alone(text, value, report)
        if layers > 1:
            for mark, pattern, decode in _DECODERS:
                if mark in text:
                    self._search_decoded(text, pattern, decode, report, layers - 1)

    def _search_decoded(
        self,
        text: str,
        pattern: re.Pattern[str],
        decode: Callable[[str], str],
        report: Callable[[int, int], None],
        layers: int,
    ) -> None:
        view = _View(text, pattern, decode)
        if view.text != text:
            self._search(view.text, lambda start, end: report(*view.origin(start, end)), layers)


def _search_alone(text: str, value: str, report: Callable[[int, int], None]) -> None:
    start = text.find(value)
    while start >= 0:
        end = start + len(value)
        before, after = text[start - 1 : start], text[end : end + 1]
        if not before.isalnum() and not after.isalnum():
            report(start, end)
        start = text.find(value, start + 1)


def _spellings(value: str) -> list[str]:
    data = value.encode("utf-8", "surrogatepass")
    found = [value, data.hex(), data.hex().upper()]
    for offset in range(3):
        core = _base64_core(data, offset)
        found.extend((core, core.replace("+", "-").replace("/", "_")))
    # What a service echoes that reads UTF-8 as ISO 8859-1.
    found.append(data.decode("latin-1"))
    return found


def _base64_core(data: bytes, offset: int) -> str:
    """Return the base64 characters that depend on `data` alone, which begins `offset` bytes into a group."""
    text = base64.b64encode(b"\0" * offset + data).decode()
    begin = -(-offset * 8 // 6)
    whole = (offset + len(data)) * 8 // 6
    return text[begin:whole]


def _masked(text: str, spans: list[tuple[int, int]]) -> str:
    spans.sort()
    parts: list[str] = []
    position = 0
    begin, end = spans[0]
    for start, stop in spans[1:]:
        if start <= end:
            end = max(end, stop)
            continue
        parts.extend((text[position:begin], MASK))
        position, begin, end = end, start, stop
    parts.extend((text[position:begin], MASK, text[end:]))
    return "".join(parts)
