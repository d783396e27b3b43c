"""Java's regular expressions, run by the ``regex`` package under a time limit.

Most of the two syntaxes is the same. What differs is translated: Java's ``\\Q…\\E``, ``\\z``/``\\Z``,
``\\h``, ``\\R``, POSIX and Unicode classes, ``&&`` in classes, possessive quantifiers (known to ``regex``),
ASCII-only case folding, named groups, and the replacement syntax (``$1``, ``${name}``, ``\\``).
"""

from __future__ import annotations

import time
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

import regex

if TYPE_CHECKING:
    from collections.abc import Callable

_CLASSES = {
    "Lower": "a-z",
    "Upper": "A-Z",
    "ASCII": r"\x00-\x7f",
    "Alpha": "a-zA-Z",
    "Digit": "0-9",
    "Alnum": "a-zA-Z0-9",
    "Punct": r"!-/:-@\[-`{-~",
    "Graph": "!-~",
    "Print": " -~",
    "Blank": r" \t",
    "Cntrl": r"\x00-\x1f\x7f",
    "XDigit": "0-9a-fA-F",
    "Space": r" \t\n\x0b\f\r",
    "javaLowerCase": r"\p{Lower}",
    "javaUpperCase": r"\p{Upper}",
    "javaWhitespace": r"\s",
}
_ASCII_ESCAPES = {
    "d": "0-9",
    "w": "a-zA-Z0-9_",
    "s": r" \t\n\x0b\f\r",
    "h": r" \t\xa0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000",
    "v": r"\n\x0b\f\r\x85\u2028\u2029",
}
_LINE_BREAK = r"(?:\r\n|[\n\r\x85\u2028\u2029])"
_FIXED_ESCAPES = {
    "a": r"\x07",
    "e": r"\x1b",
    "z": r"\Z",
    "G": r"\G",
    "Z": rf"(?={_LINE_BREAK}?\Z)",
    "R": r"(?:\r\n|[\n\x0b\f\r\x85\u2028\u2029])",
}
_LINE_END = r"(?=\r\n|(?<!\r)\n|\r(?!\n)|[\x85\u2028\u2029]|\Z)"
_LINE_START = r"(?:\A|(?<=\n|\r(?!\n)|[\x85\u2028\u2029])(?!\Z))"
_FLAGS = regex.compile(r"\?([a-zA-Z]+)[-:)a-zA-Z]*")
_CAPTURING = regex.compile(r"(?<!\\)\((?!\?(?!<[a-zA-Z]))")
_QUANTIFIER = regex.compile(r"[0-9]+(?:,[0-9]*)?\}")
_COUNTED = regex.compile(r"\{([0-9]{1,9})(?:,([0-9]{0,9}))?\}")
_MAX_PATTERN = 2000
_MAX_STEPS = 20_000
_T = TypeVar("_T")


class PatternFault(Exception):
    """The pattern is not a Java regular expression (or one that cannot be translated)."""


class ReplacementFault(Exception):
    """The replacement text names a group that is not there, or ends in a lone ``$`` or backslash."""


@lru_cache(maxsize=256)
def compiled(pattern: str) -> regex.Pattern[str]:
    """The compiled translation of a Java pattern.

    Raises PatternFault.
    """
    if len(pattern) > _MAX_PATTERN:
        raise PatternFault(f"pattern longer than {_MAX_PATTERN} characters")
    if _steps(pattern) > _MAX_STEPS:
        raise PatternFault(f"repeats add up to more than {_MAX_STEPS} steps")
    translator = _Translator(pattern)
    try:
        return regex.compile(translator.translate(), translator.options)
    except (regex.error, OverflowError, RecursionError, ValueError) as fault:
        raise PatternFault(str(fault)) from None


def _steps(pattern: str) -> int:
    """How many steps a matcher's program has at least.

    The ``regex`` package writes counted repeats out when it compiles, so nested ones multiply: a pattern of
    thirty characters can take all memory, and no timeout stops a compilation.
    """
    sums, last, at = [0], 0, 0
    while at < len(pattern):
        char, counted = pattern[at], _COUNTED.match(pattern, at)
        if counted is not None:
            times = max(1, int(counted[1]), int(counted[2] or 0))
            sums[-1] += last * (times - 1)
            last *= times
            at = counted.end()
        elif char == "(":
            sums.append(0)
            at += 1
        elif char == ")" and len(sums) > 1:
            last = sums.pop()
            sums[-1] += last
            at += 1
        else:
            # Characters of a class count one by one: too many rather than too few.
            last = 1
            sums[-1] += 1
            at += 2 if char == "\\" else 1
        if max(sums) > _MAX_STEPS:
            break
    return max(sums)


class _Translator:
    """Rewrites one pattern. options: flags for the ``regex`` package."""

    def __init__(self, pattern: str) -> None:
        self.options = regex.VERSION0
        self._pattern = pattern
        self._at = 0
        self._depth = 0
        self._flags = ""

    def translate(self) -> str:
        out: list[str] = []
        while self._at < len(self._pattern):
            out.append(self._piece())
        return "".join(out)

    def _piece(self) -> str:
        char = self._pattern[self._at]
        if char == "\\":
            piece, self._at = _escape(self._pattern, self._at, self._depth > 0)
            return piece
        if self._depth:
            return self._in_class(char)
        self._at += 1
        if char == "[":
            return self._open_class()
        if char == "{" and _QUANTIFIER.match(self._pattern, self._at) is None:
            raise PatternFault("Illegal repetition")
        if char == "(":
            self._note_flags()
        elif char in "$^" and "m" in self._flags:
            return _LINE_END if char == "$" else _LINE_START
        elif char == "$":
            return rf"(?={_LINE_BREAK}?\Z)"
        elif char == ".":
            return "(?s:.)" if "s" in self._flags else r"[^\n\r\x85\u2028\u2029]"
        return char

    def _in_class(self, char: str) -> str:
        self._at += 1
        if char == "[":
            self.options = regex.VERSION1
            return self._open_class()
        if char == "]":
            self._depth -= 1
        elif char == "&" and self._pattern.startswith("&", self._at):
            self.options = regex.VERSION1
        elif char in "|~-" and self._pattern.startswith(char, self._at):
            return "\\" + char
        return char

    def _open_class(self) -> str:
        self._depth += 1
        opened = "["
        if self._pattern.startswith("^", self._at):
            opened += "^"
            self._at += 1
        if self._pattern.startswith("]", self._at):
            opened += r"\]"
            self._at += 1
        return opened

    def _note_flags(self) -> None:
        found = _FLAGS.match(self._pattern, self._at)
        if found is not None:
            self._flags += found[1]
            if "i" in self._flags and "u" not in self._flags.lower():
                self.options |= regex.ASCII


def _escape(pattern: str, at: int, in_class: bool) -> tuple[str, int]:
    if at + 1 >= len(pattern):
        raise PatternFault("Unexpected internal error near index")
    char = pattern[at + 1]
    if char == "Q":
        end = pattern.find("\\E", at + 2)
        quoted = pattern[at + 2 : end if end >= 0 else len(pattern)]
        return regex.escape(quoted, special_only=False), end + 2 if end >= 0 else len(pattern)
    if char in "pP":
        return _property(pattern, at, in_class)
    if char.lower() in _ASCII_ESCAPES and char not in "HV":
        inside = _ASCII_ESCAPES[char.lower()]
        if char.isupper():
            if in_class:
                return "\\" + char, at + 2
            return f"[^{inside}]", at + 2
        return (inside if in_class else f"[{inside}]"), at + 2
    if char in _FIXED_ESCAPES:
        return _FIXED_ESCAPES[char], at + 2
    return _rare_escape(pattern, at, char)


def _rare_escape(pattern: str, at: int, char: str) -> tuple[str, int]:
    if char == "k":
        return _named_reference(pattern, at)
    if char in "123456789" and int(char) > len(_CAPTURING.findall(pattern)):
        return "(?!)", at + 2
    if char == "c" and at + 2 < len(pattern):
        return regex.escape(chr(ord(pattern[at + 2]) ^ 64)), at + 3
    if char == "x" and pattern.startswith("{", at + 2):
        end = pattern.find("}", at)
        return regex.escape(chr(int(pattern[at + 3 : end], 16))), end + 1
    if char == "0":
        digits = regex.match(r"[0-3]?[0-7]{1,2}", pattern[at + 2 : at + 5])
        if digits is None:
            raise PatternFault("Illegal octal escape sequence")
        return regex.escape(chr(int(digits.group(), 8))), at + 2 + len(digits.group())
    if char.isascii() and char.isalpha() and char not in "tnrfbBAxucdDsSwW":
        raise PatternFault("Illegal/unsupported escape sequence")
    return "\\" + char, at + 2


def _named_reference(pattern: str, at: int) -> tuple[str, int]:
    end = pattern.find(">", at)
    if not pattern.startswith("<", at + 2) or end < 0:
        raise PatternFault("\\k is not followed by '<' for named capturing group")
    return f"(?P={pattern[at + 3 : end]})", end + 1


def _property(pattern: str, at: int, in_class: bool) -> tuple[str, int]:
    negated = pattern[at + 1] == "P"
    if not pattern.startswith("{", at + 2):
        return pattern[at : at + 3], at + 3
    end = pattern.find("}", at)
    if end < 0:
        raise PatternFault("Unclosed character family")
    name = pattern[at + 3 : end]
    known = _CLASSES.get(name)
    if known is None:
        return f"\\{pattern[at + 1]}{{{name.removeprefix('Is').removeprefix('In')}}}", end + 1
    if in_class:
        if negated:
            raise PatternFault("negated class inside a class is not supported")
        return known, end + 1
    return f"[{'^' if negated else ''}{known}]", end + 1


def _replacement(template: str) -> Callable[[regex.Match[str]], str]:
    """A Java replacement text as a function of the match."""
    if "$" not in template and "\\" not in template:
        return lambda _found: template
    if len(template) > _MAX_PATTERN:
        raise ReplacementFault(f"replacement longer than {_MAX_PATTERN} characters")
    parts: list[str | int | tuple[str]] = []
    at = 0
    while at < len(template):
        char = template[at]
        if char == "\\":
            if at + 1 >= len(template):
                raise ReplacementFault("character to be escaped is missing")
            parts.append(template[at + 1])
            at += 2
        elif char == "$":
            part, at = _group(template, at + 1)
            parts.append(part)
        else:
            parts.append(char)
            at += 1
    return lambda found: "".join(_filled(found, part) for part in parts)


def _group(template: str, at: int) -> tuple[int | tuple[str], int]:
    if template.startswith("{", at):
        end = template.find("}", at)
        if end < 0:
            raise ReplacementFault("named capturing group is missing trailing '}'")
        return (template[at + 1 : end],), end + 1
    if at >= len(template) or not ("0" <= template[at] <= "9"):
        raise ReplacementFault("Illegal group reference")
    return int(template[at]), at + 1


def _filled(found: regex.Match[str], part: str | int | tuple[str]) -> str:
    if isinstance(part, str):
        return part
    try:
        value = found.group(part if isinstance(part, int) else part[0])
    except IndexError:
        shown = part if isinstance(part, int) else f"{{{part[0]}}}"
        raise ReplacementFault(f"No group {shown}") from None
    return value if isinstance(value, str) else ""


class Clock:
    """The time one render may still spend in regular expressions, in seconds."""

    __slots__ = ("left",)

    def __init__(self, seconds: float) -> None:
        self.left = seconds

    def run(self, work: Callable[[float], _T]) -> _T:
        """Run ``work(timeout)`` and charge its time. Raises TimeoutError when the time is used up."""
        if self.left <= 0:
            raise TimeoutError
        started = time.perf_counter()
        try:
            return work(max(self.left, 0.001))
        finally:
            self.left -= time.perf_counter() - started


def matches(clock: Clock, subject: str, pattern: str) -> bool:
    """Java's ``String.matches``: the whole text."""
    found = compiled(pattern)
    return clock.run(lambda seconds: found.fullmatch(subject, timeout=seconds)) is not None


def replace(clock: Clock, subject: str, pattern: str, replacement: str, count: int, room: int) -> str:
    """Java's ``replaceAll`` (count 0) and ``replaceFirst`` (count 1).

    The replacement is only looked at when there is a match, as in Java. Raises OverflowError when the
    result would be longer than ``room``.
    """
    found = compiled(pattern)
    fill: Callable[[regex.Match[str]], str] | None = None
    size = len(subject)

    def counted(match: regex.Match[str]) -> str:
        nonlocal size, fill
        if fill is None:
            fill = _replacement(replacement)
        piece = fill(match)
        size += len(piece) - len(match.group())
        if size > room:
            raise OverflowError
        return piece

    return clock.run(lambda seconds: found.sub(counted, subject, count, timeout=seconds))


def split(clock: Clock, subject: str, pattern: str, limit: int, room: int) -> list[str]:
    """Java's ``String.split``: trailing empty strings go when the limit is 0.

    Raises OverflowError when there would be more parts than ``room``.
    """
    found = compiled(pattern)
    return clock.run(lambda seconds: _split(found, subject, limit, room, seconds))


def _split(found: regex.Pattern[str], subject: str, limit: int, room: int, seconds: float) -> list[str]:
    parts: list[str] = []
    start = 0
    for match in found.finditer(subject, timeout=seconds):
        if limit > 0 and len(parts) == limit - 1:
            break
        if match.end() == 0:
            continue
        if len(parts) > room:
            raise OverflowError
        parts.append(subject[start : match.start()])
        start = match.end()
    if start == 0 and not parts:
        return [subject]
    parts.append(subject[start:])
    if limit == 0:
        while parts and not parts[-1]:
            parts.pop()
    return parts
