"""What the literals of a template stand for."""

from __future__ import annotations

import re

_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")


def string_text(image: str) -> str:
    """The text of a quoted string: ``\\uXXXX`` in double quotes, a doubled quote is one quote."""
    quote, text = image[0], image[1:-1]
    if quote == '"' and "\\u" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace(quote * 2, quote)


def number(image: str) -> int | float:
    """The number a literal stands for."""
    if any(char in image for char in ".eE"):
        return float(image)
    return int(image)
