"""Edits that mend what a check found: made where the right value is known."""

from __future__ import annotations

import json
from typing import Any

from jackfield.domain.finding import Edit, Operation
from jackfield.domain.json_nodes import ArrayNode, LiteralNode, Node, NumberNode, ObjectNode, StringNode
from jackfield.domain.json_reader import Reading, escaped, read_json

Edits = tuple[Edit, ...]
NOTHING: Edits = ()
EMPTY_SCHEMA = '{"type": "object", "properties": {}}'


def replaced(pointer: str, value: Any) -> Edits:
    """Put another value in a place."""
    return (Edit(Operation.REPLACE, pointer, _text(value)),)


def added(pointer: str, value: Any) -> Edits:
    """Add a member, unless it is there."""
    return (Edit(Operation.ADD, pointer, _text(value)),)


def removed(pointer: str) -> Edits:
    """Take a member away."""
    return (Edit(Operation.REMOVE, pointer),)


def renamed(pointer: str, name: str) -> Edits:
    """Give a member another name."""
    return (Edit(Operation.RENAME, pointer, _text(name)),)


def unwrapped(pointer: str) -> Edits:
    """Make the value in a place the whole document."""
    return (Edit(Operation.UNWRAP, pointer),)


def decoded(pointer: str, text: str) -> Edits:
    """Put the JSON that a string holds in the string's place."""
    reading = read_json(text)
    if reading.root is None:
        return NOTHING
    return (Edit(Operation.REPLACE, pointer, reading.raw(reading.root)),)


def moved(node: ObjectNode, pointer: str, names: tuple[str, ...], into: str, reading: Reading) -> Edits:
    """Put members of an object into a new object beside them."""
    inner = ((name, node.get(name)) for name in names)
    parts = [f"{_text(name)}: {reading.raw(value)}" for name, value in inner if value is not None]
    taken = (edit for name in names for edit in removed(f"{pointer}/{escaped(name)}"))
    return (Edit(Operation.ADD, f"{pointer}/{into}", f"{{{', '.join(parts)}}}"), *taken)


def held(pointer: str, node: ObjectNode, name: str, reading: Reading) -> Edits:
    """Put a whole object into a member of a new one in its place."""
    return (Edit(Operation.REPLACE, pointer, f"{{{_text(name)}: {reading.raw(node)}}}"),)


def as_text(pointer: str, node: Node, reading: Reading) -> Edits:
    """Put a value between quotes; an object or array becomes a string with its JSON text."""
    return replaced(pointer, reading.raw(node))


def as_flag(pointer: str, node: Node) -> Edits:
    """Make true or false of what says so in another way."""
    if isinstance(node, StringNode):
        return replaced(pointer, node.value.strip().lower() in ("true", "yes", "1", "on"))
    return replaced(pointer, isinstance(node, NumberNode) and node.value != 0)


def as_map(pointer: str, node: Node, reading: Reading, example: str) -> Edits:
    """Make a map of a list of pairs, or take the only object out of its list."""
    if isinstance(node, ArrayNode):
        pairs = [_pair(item, reading) for item in node.items]
        if pairs and all(pairs):
            return (Edit(Operation.REPLACE, pointer, f"{{{', '.join(filter(None, pairs))}}}"),)
        if len(node.items) == 1 and isinstance(node.items[0], ObjectNode):
            return (Edit(Operation.REPLACE, pointer, reading.raw(node.items[0])),)
    return from_example(Operation.REPLACE, pointer, example)


def from_example(operation: Operation, pointer: str, example: str) -> Edits:
    """Give a member the value that an example such as `"notes": ""` shows, if it shows one."""
    text = example.replace("{…}", EMPTY_SCHEMA)
    try:
        shown = json.loads(f"{{{text}}}")
    except ValueError:
        return NOTHING
    value = next(iter(shown.values()), None)
    return NOTHING if value is None else (Edit(operation, pointer, _text(value)),)


def _pair(node: Node, reading: Reading) -> str:
    """Return a member of a map out of `{"name": …, "value": …}`, "" if it is no such pair."""
    if not isinstance(node, ObjectNode):
        return ""
    for key in ("name", "key", "header"):
        name, value = node.get(key), node.get("value")
        if isinstance(name, StringNode) and value is not None:
            return f"{_text(name.value)}: {reading.raw(value)}"
    if len(node.members) == 1 and not isinstance(node.members[0].value, LiteralNode | ObjectNode | ArrayNode):
        return f"{_text(node.members[0].name)}: {reading.raw(node.members[0].value)}"
    return ""


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
