"""``$urlTool``: query parameters that appear only when they have a value."""

from __future__ import annotations

from typing import ClassVar

from jackfield.velocity.members import Allowance
from jackfield.velocity.tools.escape import uri
from jackfield.velocity.tools.tool import Tool
from jackfield.velocity.values import text


class UrlTool(Tool):
    """Helpers for URL templates."""

    __slots__ = ()
    java_name: ClassVar[str] = "UrlTool"


def optional_query_param(run: Allowance, _tool: UrlTool, name: object, value: object) -> str:
    """``&name=value`` with both escaped, or nothing when the value is null or empty.

    The separator is assumed: the parameter continues a query that the URL has begun.
    """
    subject = "" if value is None else text(value)
    if not subject:
        return ""
    if len(subject) * 12 > run.room:
        raise OverflowError
    return f"&{uri(text(name))}={uri(subject)}"


UrlTool.offer({"optionalQueryParam": [("oo", optional_query_param)]})
