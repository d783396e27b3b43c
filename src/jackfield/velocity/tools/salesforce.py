"""``$salesforce``: escaping for Salesforce searches."""

from __future__ import annotations

import re
from typing import ClassVar

from jackfield.velocity.members import Allowance
from jackfield.velocity.tools.tool import Tool
from jackfield.velocity.values import text

_RESERVED = re.compile(r"""[?&|!{}\[\]()^~*:\\"'+-]""")


class SalesforceTool(Tool):
    """Helpers for Salesforce data actions."""

    __slots__ = ()
    java_name: ClassVar[str] = "SalesforceTool"


def esc_reserved(run: Allowance, _tool: SalesforceTool, value: object) -> str | None:
    """A backslash before every reserved character of a SOSL search (Salesforce SOSL reference)."""
    if value is None:
        return None
    subject = text(value)
    if len(subject) * 2 > run.room:
        raise OverflowError
    return _RESERVED.sub(r"\\\g<0>", subject)


SalesforceTool.offer({"escReserved": [("o", esc_reserved)]})
