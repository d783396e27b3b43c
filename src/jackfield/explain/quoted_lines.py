"""Marks that mail programs, forums and Terraform put in front of every line of what they quote."""

from __future__ import annotations

import re
from typing import Final

_QUOTED: Final = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
_NUMBERED: Final = re.compile(r"^[ \t]*[│|]?[ \t]*\d{1,5}:(?=[ \t])", re.MULTILINE)
_SEVERAL_QUOTED: Final = re.compile(r"(?:^[ \t]*>[^\n]*\n){2}[ \t]*>", re.MULTILINE)
_SEVERAL_NUMBERED: Final = re.compile(r"(?:^[ \t]*[│|]?[ \t]*\d{1,5}:[ \t][^\n]*\n){2}", re.MULTILINE)


def unmarked(text: str) -> str:
    """Return a text with blanks in place of such marks, so that every character keeps its offset.

    Only where several lines in a row have the mark: one line may begin with it for other reasons, such as the
    prompt of a shell.
    """
    if _SEVERAL_QUOTED.search(text):
        text = _QUOTED.sub(_blank, text)
    if _SEVERAL_NUMBERED.search(text):
        text = _NUMBERED.sub(_blank, text)
    return text


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])
