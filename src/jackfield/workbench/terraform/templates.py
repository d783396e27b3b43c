"""Heredocs and template files: text with `${…}` in it, kept apart from the expressions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from jackfield.workbench.terraform.syntax import SourceFile

_OPENING: Final = re.compile(r"(?P<escaped>\$\$\{|%%\{)|(?P<expression>\$\{)|(?P<directive>%\{)")
_IN_EXPRESSION: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}]', re.DOTALL)
_LINE: Final = re.compile(r"[^\n]*\n|[^\n]+\Z")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a template.

    Args:
        kind: `literal`, `expression` (without its braces) or `directive`.
        start: offset in the file.
        end: offset behind it.
    """

    kind: str
    start: int
    end: int


def template_parts(source: SourceFile, start: int, end: int) -> Iterator[Part]:
    """Yield the parts of a template that stands between two offsets of a file."""
    text, position, literal = source.text, start, start
    while match := _OPENING.search(text, position, end):
        position = match.end()
        if match["escaped"]:
            continue
        if literal < match.start():
            yield Part("literal", literal, match.start())
        closing = _closing(text, match.end(), end)
        yield Part("directive" if match["directive"] else "expression", match.end(), closing)
        position = literal = min(closing + 1, end)
    if literal < end:
        yield Part("literal", literal, end)


def heredoc_body(source: SourceFile, start: int, end: int) -> list[tuple[int, int]]:
    """Return the spans of a heredoc's lines, without its marks and without the indentation of `<<-`.

    Blank lines have no say in how deep the indentation is.
    """
    text = source.text[start:end]
    lines = [(start + match.start(), start + match.end()) for match in _LINE.finditer(text)]
    body = lines[1:-1]
    if not text.startswith("<<-"):
        return [(body[0][0], body[-1][1])] if body else []
    depths = [
        len(line) - len(line.lstrip(" \t"))
        for line in (source.text[first:last] for first, last in body)
        if line.strip()
    ]
    depth = min(depths, default=0)
    return [(min(first + depth, last - 1), last) for first, last in body]


def _closing(text: str, position: int, end: int) -> int:
    """Return the offset of the brace that closes an expression, or the end if there is none."""
    depth = 0
    for match in _IN_EXPRESSION.finditer(text, position, end):
        if match[0] == "{":
            depth += 1
        elif match[0] == "}":
            if depth == 0:
                return match.start()
            depth -= 1
    return end
