"""What a tool is: an object whose listed functions templates may call."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import ClassVar

from jackfield.velocity.members import Function, register
from jackfield.velocity.values import text


class Tool:
    """Base of all tools. Templates reach only what ``offer`` registers for exactly this class."""

    __slots__ = ()
    java_name: ClassVar[str] = "java.lang.Object"

    def java_text(self) -> str:
        """What a template prints for the tool itself."""
        return self.java_name

    @classmethod
    def offer(cls, members: Mapping[str, Sequence[tuple[str, Function]]]) -> None:
        """Allow functions, each called with (allowance, tool, *arguments).

        members: Java name to overloads of (parameter letters, function); the letters are those of
        ``jackfield.velocity.members``. A function without parameters is also a property.
        """
        register(cls, members)


def json_text(value: object) -> str:
    """A value as compact JSON text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=text)
