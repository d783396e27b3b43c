"""``$encoding``: Base64, for credentials in an Authorization header."""

from __future__ import annotations

from base64 import b64encode
from typing import ClassVar

from jackfield.velocity.members import Allowance
from jackfield.velocity.tools.tool import Tool
from jackfield.velocity.values import text


class EncodingTool(Tool):
    """Encodings of whole texts."""

    __slots__ = ()
    java_name: ClassVar[str] = "EncodingTool"


def base64(run: Allowance, _tool: EncodingTool, value: object) -> str | None:
    """The Base64 form of a text's UTF-8 bytes, with padding; null stays null."""
    if value is None:
        return None
    subject = text(value)
    if len(subject) * 6 > run.room:
        raise OverflowError
    return b64encode(subject.encode("utf-8", "replace")).decode("ascii")


EncodingTool.offer({"base64": [("o", base64)]})
