"""Does the caller of an action choose the host that a credential is sent to?"""

from __future__ import annotations

import re
from typing import Final

from jackfield.domain.action import ActionConfig
from jackfield.domain.catalogue import found
from jackfield.domain.finding import Finding, Place

_POINTER: Final = "/config/request/requestUrlTemplate"
_INPUT: Final = re.compile(r"\$!?\{?input\b(?:\.[A-Za-z][\w-]*)?\}?", re.IGNORECASE)


def check_host(config: ActionConfig, *, attached: bool) -> tuple[Finding, ...]:
    """Return a warning if the host of an action's URL comes from its input.

    Args:
        config: the action's.
        attached: the integration has a credential, which would go to that host.
    """
    if not attached:
        return ()
    template = config.request.url_template
    match = _INPUT.search(template, 0, _end_of_host(template))
    if match is None:
        return ()
    line = template.count("\n", 0, match.start()) + 1
    start = template.rfind("\n", 0, match.start()) + 1
    excerpt = template[start:].partition("\n")[0]
    place = Place(_POINTER, line, match.start() - start + 1, excerpt, len(match.group()))
    return (found("HOST_FROM_INPUT", place, seen=match.group(), reference=match.group()),)


def _end_of_host(template: str) -> int:
    """Return where the part of a URL template ends that decides about scheme, host and port."""
    end = _first_of("/?", template, 0)
    if template.startswith("://", end - 1):
        return _first_of("/?", template, end + 2)
    return end


def _first_of(marks: str, text: str, begin: int) -> int:
    return min(
        (place for place in (text.find(mark, begin) for mark in marks) if place >= 0), default=len(text)
    )
