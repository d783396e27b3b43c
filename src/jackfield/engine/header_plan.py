"""What is known of an action's headers before it runs: which go out as written, which the engine owns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from jackfield.engine.platform import HOPS_HEADER

CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
# Made by the client itself from URL, body and connection.
OWNED = frozenset(
    {
        "host",
        "content-length",
        "keep-alive",
        "upgrade",
        "expect",
        "te",
        "trailer",
        "proxy-connection",
        HOPS_HEADER.lower(),
    }
)
DEFAULTS = (
    ("accept", ("Accept", "*/*")),
    ("accept-encoding", ("Accept-Encoding", "gzip, deflate")),
    ("user-agent", ("User-Agent", "Jackfield")),
)
# What the engine reads, replaces or leaves out, depending on the value.
_CLOSER_LOOK = OWNED | {"transfer-encoding", "connection", "authorization"}


class Part(Protocol):
    """A header's value: a template, or plain text."""

    @property
    def plain(self) -> bool:
        """True if it is text."""

    @property
    def text(self) -> str:
        """As written."""


@dataclass(frozen=True, slots=True)
class HeaderPlan:
    """The headers of an action of whose names none needs a closer look.

    Args:
        fixed: name and text as they go out, those that the action does not give among them; "" for the text
            of a template.
        rendered: places of the templates.
        content_type: true if the action gives one.
    """

    fixed: tuple[tuple[str, str], ...]
    rendered: tuple[int, ...]
    content_type: bool


def plan_headers(headers: Sequence[tuple[str, Part]]) -> HeaderPlan | None:
    """Return the plan of an action's headers; None if each run has to look at them one by one."""
    keys = {name.lower() for name, _ in headers}
    if keys & _CLOSER_LOOK or any(part.plain and CONTROL.search(part.text) for _, part in headers):
        return None
    given = ((name, part.text.strip() if part.plain else "") for name, part in headers)
    return HeaderPlan(
        (*given, *(default for key, default in DEFAULTS if key not in keys)),
        tuple(place for place, (_, part) in enumerate(headers) if not part.plain),
        "content-type" in keys,
    )
