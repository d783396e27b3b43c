"""Applies edits to a JSON document that was read, and writes the result."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from jackfield.domain.finding import Edit, Operation
from jackfield.domain.json_nodes import ArrayNode, Node, ObjectNode
from jackfield.domain.json_reader import Reading, escaped, read_json

INLINE = 72
"""Objects and arrays that are no longer than this are written on one line."""


@dataclass(slots=True)
class Leaf:
    """A scalar as its JSON text."""

    text: str


@dataclass(slots=True)
class Branch:
    """An object or array; the entries of an array have no name."""

    is_object: bool
    entries: list[Entry] = field(default_factory=list)


@dataclass(slots=True)
class Entry:
    """A member or item."""

    name: str
    value: Tree


Tree: TypeAlias = Leaf | Branch
Conceal: TypeAlias = Callable[[str, str, str], str]
"""Takes a pointer, a member's name and a scalar's JSON text, and returns the JSON text to write."""


class Document:
    """A document that can be edited by the pointers that it had when it was read.

    Args:
        reading: the text; what was mended in it is written as valid JSON.
    """

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._owners: dict[str, tuple[Branch, Entry]] = {}
        self._root = Entry("", Leaf("null"))
        self._holder = Branch(is_object=True, entries=[self._root])
        if reading.root is not None:
            self._root.value = self._grown(reading.root, "")
        self._owners[""] = (self._holder, self._root)

    def apply(self, edits: Iterable[Edit]) -> None:
        """Apply edits; one whose place is gone has no effect."""
        unwrapped = ""
        for edit in edits:
            if edit.operation is Operation.UNWRAP:
                unwrapped = edit.pointer if len(edit.pointer) > len(unwrapped) else unwrapped
            else:
                self._edit(edit)
        if unwrapped in self._owners:
            self._root.value = self._owners[unwrapped][1].value

    def text(self, conceal: Conceal | None = None) -> str:
        """Return the document as indented JSON text."""
        return _written(self._root.value, "", "", "", conceal)

    def _edit(self, edit: Edit) -> None:
        if edit.operation is Operation.ADD:
            self._add(edit)
            return
        owner = self._owners.get(edit.pointer)
        if owner is None:
            return
        branch, entry = owner
        if edit.operation is Operation.REPLACE:
            entry.value = _parsed(edit.text)
        elif edit.operation is Operation.REMOVE:
            branch.entries = [one for one in branch.entries if one is not entry]
        else:
            self._rename(branch, entry, str(json.loads(edit.text)))

    def _rename(self, branch: Branch, entry: Entry, name: str) -> None:
        branch.entries = [one for one in branch.entries if one is entry or one.name != name]
        entry.name = name

    def _add(self, edit: Edit) -> None:
        parent, _, last = edit.pointer.rpartition("/")
        owner = self._owners.get(parent)
        branch = owner[1].value if owner is not None else None
        if not isinstance(branch, Branch):
            return
        name = last.replace("~1", "/").replace("~0", "~")
        value = _parsed(edit.text)
        present = next((one for one in branch.entries if branch.is_object and one.name == name), None)
        if present is not None:
            return
        entry = Entry(name if branch.is_object else "", value)
        branch.entries.append(entry)
        self._owners.setdefault(edit.pointer, (branch, entry))
        for pointer, inner in _entries(value, edit.pointer):
            self._owners.setdefault(pointer, inner)

    def _grown(self, node: Node, pointer: str) -> Tree:
        if isinstance(node, ObjectNode):
            branch = Branch(is_object=True)
            for name in node.names:
                value = node.get(name)
                assert value is not None
                self._grow(branch, name, value, f"{pointer}/{escaped(name)}")
            return branch
        if isinstance(node, ArrayNode):
            branch = Branch(is_object=False)
            for index, item in enumerate(node.items):
                self._grow(branch, "", item, f"{pointer}/{index}")
            return branch
        return Leaf(self._reading.raw(node))

    def _grow(self, branch: Branch, name: str, node: Node, pointer: str) -> None:
        entry = Entry(name, self._grown(node, pointer))
        branch.entries.append(entry)
        self._owners[pointer] = (branch, entry)


def compact(text: str) -> str:
    """Return a JSON text on one line."""
    document = Document(read_json(text))
    return _inline(document._root.value, "", "", None)


def _parsed(text: str) -> Tree:
    return Document(read_json(text))._root.value


def _entries(tree: Tree, pointer: str) -> Iterable[tuple[str, tuple[Branch, Entry]]]:
    if not isinstance(tree, Branch):
        return
    for index, entry in enumerate(tree.entries):
        where = f"{pointer}/{escaped(entry.name) if tree.is_object else index}"
        yield where, (tree, entry)
        yield from _entries(entry.value, where)


def _inline(tree: Tree, pointer: str, name: str, conceal: Conceal | None) -> str:
    if isinstance(tree, Leaf):
        return conceal(pointer, name, tree.text) if conceal is not None else tree.text
    parts = []
    for entry in tree.entries:
        where = f"{pointer}/{escaped(entry.name)}"
        value = _inline(entry.value, where, entry.name or name, conceal)
        parts.append(f"{_quoted(entry.name)}: {value}" if tree.is_object else value)
    return f"{{{', '.join(parts)}}}" if tree.is_object else f"[{', '.join(parts)}]"


def _written(tree: Tree, pointer: str, name: str, indent: str, conceal: Conceal | None) -> str:
    if isinstance(tree, Leaf) or not tree.entries or (indent and _room(tree, INLINE) >= 0):
        return _inline(tree, pointer, name, conceal)
    inner = indent + "  "
    lines = []
    for entry in tree.entries:
        where = f"{pointer}/{escaped(entry.name)}"
        value = _written(entry.value, where, entry.name or name, inner, conceal)
        lines.append(f"{inner}{_quoted(entry.name)}: {value}" if tree.is_object else f"{inner}{value}")
    opening, closing = ("{", "}") if tree.is_object else ("[", "]")
    return "\n".join((opening, ",\n".join(lines), f"{indent}{closing}"))


def _room(tree: Tree, room: int) -> int:
    """Return what is left of a line when a tree is written on it, negative if it does not fit."""
    if isinstance(tree, Leaf):
        return room - len(tree.text)
    for entry in tree.entries:
        room = _room(entry.value, room - len(entry.name) - 6)
        if room < 0:
            break
    return room


def _quoted(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)
