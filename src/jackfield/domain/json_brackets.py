"""Where a bracket is likely missing, judged by what the rest of the text closes and by its indentation."""

from __future__ import annotations

import re
from typing import Final

CLOSER: Final = {"{": "}", "[": "]"}

_TOKEN: Final = re.compile(r'"[^"\\\r\n]*+(?:\\.[^"\\\r\n]*+)*+"|[{}\[\]]')
_FIRST_ON_LINE: Final = re.compile(r"[ \t]*")


def behind_balanced(text: str, start: int) -> int:
    """Return the offset behind the bracket that closes the one at `start`; the text's end if none does."""
    level = 0
    for match in _TOKEN.finditer(text, start):
        letter = match[0]
        if letter in ("{", "["):
            level += 1
        elif letter in ("}", "]"):
            level -= 1
            if level == 0:
                return match.end()
    return len(text)


def closers_left(text: str, start: int) -> int:
    """Return how many brackets the text from `start` on closes without having opened them."""
    left = level = 0
    for match in _TOKEN.finditer(text, start):
        if match[0] in ("{", "["):
            level += 1
        elif match[0] in ("}", "]"):
            if level:
                level -= 1
            else:
                left += 1
    return left


def gap_by_indentation(text: str) -> tuple[int, int] | None:
    """Find a bracket that was left open in a text whose lines are indented.

    A line that starts further left than the entries of an open bracket belongs outside of it.

    Returns:
        Offset of the bracket that is not closed and offset of the first token behind the gap; None if the
        indentation says nothing.
    """
    open_brackets: list[tuple[int, int]] = []
    for match in _TOKEN.finditer(text):
        letter, at = match[0], match.start()
        line_start = text.rfind("\n", 0, at) + 1
        blanks = _FIRST_ON_LINE.match(text, line_start)
        indent = blanks.end() - line_start if blanks else 0
        leads = line_start > 0 and line_start + indent == at
        closing = letter in ("}", "]")
        if leads and open_brackets:
            start, opened = open_brackets[-1]
            if (indent < opened if closing else indent <= opened) and text.find("\n", start, at) >= 0:
                return start, at
        if closing:
            if open_brackets:
                open_brackets.pop()
        elif letter in ("{", "["):
            open_brackets.append((at, indent))
    return None
