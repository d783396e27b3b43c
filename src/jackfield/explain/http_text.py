"""The head of an HTTP message in a text: its header lines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_HEADER: Final = re.compile(
    r"(?:\r\n|\r|\n)[<>]?[ \t]*(?P<name>[A-Za-z][A-Za-z0-9-]{0,60})[ \t]*:[ \t]*(?P<value>[^\r\n]*)"
)
_BLANK: Final = re.compile(r"(?:\r\n|\r|\n)[<>]?[ \t]*(?=\r|\n|\Z)")
_MAX_HEADERS: Final = 100


@dataclass(frozen=True, slots=True)
class HttpHead:
    """Headers of a message.

    Args:
        headers: lower-case name to value; of a name that stands twice the first.
        end: offset behind the head.
        ended: an empty line follows, so that anything behind it is the body.
    """

    headers: Mapping[str, str]
    end: int
    ended: bool


def read_head(text: str, position: int) -> HttpHead:
    """Read the header lines behind a request or status line.

    Args:
        text: the whole text.
        position: offset of the end of that line.
    """
    headers: dict[str, str] = {}
    while len(headers) < _MAX_HEADERS:
        match = _HEADER.match(text, position)
        if match is None:
            break
        headers.setdefault(match["name"].lower(), match["value"].strip())
        position = match.end()
    blank = _BLANK.match(text, position)
    return HttpHead(headers, blank.end() if blank else position, blank is not None)
