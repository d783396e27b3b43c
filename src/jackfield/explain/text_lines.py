"""Which line an offset of a text is on."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final

_BREAK: Final = re.compile(r"\r\n|\r|\n")


class Lines:
    """The lines of one text."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in _BREAK.finditer(text))]

    @property
    def last(self) -> int:
        """The number of the last line."""
        return len(self._starts)

    def line(self, offset: int) -> int:
        """Return the 1-based line of an offset."""
        return bisect_right(self._starts, offset)

    def column(self, offset: int) -> int:
        """Return the 1-based column of an offset."""
        return offset - self._starts[self.line(offset) - 1] + 1

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the lines of the first and the last character of a span."""
        return self.line(start), self.line(max(start, end - 1))
