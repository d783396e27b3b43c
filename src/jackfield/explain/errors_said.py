"""What an error body says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from jackfield.domain.json_nodes import ArrayNode, Node, ObjectNode, StringNode

_DEPTH: Final = 6


@dataclass(frozen=True, slots=True)
class ErrorWords:
    """An error in few words.

    Args:
        message: every message, the outermost first.
        codes: every code, the outermost first.
        fields: the JSON pointers and field names of the nested errors.
    """

    message: str
    codes: tuple[str, ...]
    fields: tuple[str, ...] = ()


def error_words(root: ObjectNode) -> ErrorWords:
    """Collect the messages and codes of an error body and of those nested in it."""
    messages: list[str] = []
    codes: list[str] = []
    fields: list[str] = []
    _collect(root, messages, codes, fields, _DEPTH)
    return ErrorWords(
        "\n".join(dict.fromkeys(messages)), tuple(dict.fromkeys(codes)), tuple(dict.fromkeys(fields))
    )


def _collect(node: Node, messages: list[str], codes: list[str], fields: list[str], depth: int) -> None:
    if depth <= 0:
        return
    if isinstance(node, ArrayNode):
        for item in node.items[:20]:
            _collect(item, messages, codes, fields, depth - 1)
        return
    if not isinstance(node, ObjectNode):
        return
    for name, taken in (("message", messages), ("error_description", messages), ("description", messages)):
        _take(node.get(name), taken)
    for name in ("code", "errorCode", "error"):
        _take(node.get(name), codes)
    _take(node.get("fieldName"), fields)
    for name in ("details", "errors", "error", "body", "responseBody", "operations"):
        inner = node.get(name)
        if inner is not None:
            _collect(inner, messages, codes, fields, depth - 1)


def _take(node: Node | None, into: list[str]) -> None:
    if isinstance(node, StringNode) and node.value:
        into.append(node.value[:2000])
