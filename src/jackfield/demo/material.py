"""The story's requests: JSON texts with `{{name}}` places, kept as files that can be read and copied."""

from __future__ import annotations

import re
from importlib.resources import files

_PLACE = re.compile(r"\{\{(\w+)\}\}")


def text(name: str, **values: object) -> str:
    """Return a request's text with its places filled.

    Args:
        name: file name below `requests/`.
        values: one for each place.

    Raises:
        KeyError: a place has no value.
    """
    source = (files("jackfield.demo") / "requests" / name).read_text(encoding="utf-8")
    return _PLACE.sub(lambda match: str(values[match.group(1)]), source)
