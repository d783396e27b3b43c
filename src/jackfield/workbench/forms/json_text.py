"""JSON text in one layout, with every value as its author wrote it."""

from __future__ import annotations

import json
from typing import Final

from jackfield.domain.json_nodes import ArrayNode, Node, NumberNode, ObjectNode, StringNode

_STEP: Final = "  "
_WORDS: Final = {None: "null", True: "true", False: "false"}


def laid_out(node: Node, indent: str = "") -> str:
    """Return a node as JSON text with two blanks per level; numbers keep their digits, keys their order.

    Args:
        indent: what the lines after the first begin with.
    """
    if isinstance(node, StringNode):
        return quoted(node.value)
    if isinstance(node, NumberNode):
        return node.text
    if isinstance(node, ObjectNode):
        return laid_out_members(
            [(member.name, laid_out(member.value, indent + _STEP)) for member in node.members], indent
        )
    if isinstance(node, ArrayNode):
        inner = [laid_out(item, indent + _STEP) for item in node.items]
        if not inner:
            return "[]"
        lines = f",\n{indent}{_STEP}".join(inner)
        return f"[\n{indent}{_STEP}{lines}\n{indent}]"
    return _WORDS[node.value]


def laid_out_members(members: list[tuple[str, str]], indent: str = "") -> str:
    """Return an object of names and JSON texts; texts of several lines are indented already."""
    if not members:
        return "{}"
    lines = f",\n{indent}{_STEP}".join(f"{quoted(name)}: {text}" for name, text in members)
    return f"{{\n{indent}{_STEP}{lines}\n{indent}}}"


def indented(text: str, indent: str) -> str:
    """Return a laid-out JSON text for use further in: no string of it spans lines."""
    return text.replace("\n", f"\n{indent}")


def quoted(value: str) -> str:
    """Return a string as JSON."""
    return json.dumps(value, ensure_ascii=False)
