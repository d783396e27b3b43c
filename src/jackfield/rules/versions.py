"""Reading the version that a change is based on."""

from __future__ import annotations

from jackfield.domain.json_nodes import NumberNode, StringNode
from jackfield.rules import mending
from jackfield.rules.members import Members


def read_version(members: Members, current: int | None) -> int | None:
    """Return the `version` of a body, or None with a finding.

    A text of digits is read as the number, with a warning.

    Args:
        members: of the body.
        current: the stored version, for the example; None if it is not known.
    """
    example = f'"version": {1 if current is None else current}'
    node = members.get("version")
    if node is None:
        members.missing("version", example)
        return None
    if isinstance(node, NumberNode) and node.is_integer:
        return int(node.value)
    if isinstance(node, StringNode) and node.value.strip().isascii() and node.value.strip().isdigit():
        text = node.value.strip()[:18]
        seen = members.log.reading.seen(node)
        where, edits = members.at("version"), mending.replaced(members.at("version"), int(text))
        members.log.add("VERSION_AS_TEXT", node, where, seen=seen, number=int(text), edits=edits)
        return int(text)
    members.wrong_kind("version", node, "a whole number", example)
    return None
