"""YAML read as the same nodes as JSON, so that places, excerpts and checks are the same."""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import Enum, auto
from typing import Final

import yaml

from jackfield.domain.json_faults import FaultLog
from jackfield.domain.json_nodes import (
    ArrayNode,
    LiteralNode,
    Member,
    Node,
    NumberNode,
    ObjectNode,
    StringNode,
)
from jackfield.domain.json_reader import Reading

_NULL: Final = "tag:yaml.org,2002:null"
_INTEGER: Final = "tag:yaml.org,2002:int"
_BOOLEAN: Final = "tag:yaml.org,2002:bool"
_FLOAT: Final = "tag:yaml.org,2002:float"
_JSON_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_TRUE: Final = ("true", "yes", "on")
_ESCAPE_WIDTHS: Final = {"x": 4, "u": 6, "U": 10}
MAX_DEPTH: Final = 50
MAX_NODES: Final = 100_000


class Scalars(Enum):
    """How scalars are read: as texts, as texts of JSON, or by YAML's rules."""

    TEXT = auto()
    JSON_TEXT = auto()
    TYPED = auto()


class YamlFault(Exception):
    """The text is no YAML that can be read.

    Args:
        reason: what is wrong, in a few words.
        offset: 0-based index into the text.
    """

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.reason, self.offset = reason, offset


class YamlReading(Reading):
    """A YAML text, with places inside of its scalars."""

    def __init__(self, text: str, root: Node | None) -> None:
        super().__init__(text, root, FaultLog())

    def _offset_in(self, node: StringNode, index: int) -> int:
        """Return the offset in the text of a character of a scalar's value."""
        style = self.text[node.start : node.start + 1]
        if style in ("|", ">"):
            return self._in_block(node, index)
        position = node.start + 1 if style in ("'", '"') else node.start
        for _ in range(index):
            if style == '"' and self.text[position] == "\\":
                position += _ESCAPE_WIDTHS.get(self.text[position + 1], 2)
            elif style == "'" and self.text.startswith("''", position):
                position += 2
            else:
                position += 1
            if position >= node.end:
                break
        return max(node.start, min(position, node.end - 1))

    def _in_block(self, node: StringNode, index: int) -> int:
        """Return the offset in a block: its lines stand below the mark, indented alike."""
        before = node.value[:index]
        position = node.start
        for _ in range(before.count("\n") + 1):
            position = self.text.find("\n", position) + 1
        line = self.text[position : node.end]
        indent = len(line) - len(line.lstrip(" "))
        return min(position + indent + len(before.rpartition("\n")[2]), node.end - 1)


def read_yaml(text: str, *, typed: Collection[str] = (), json_texts: Collection[str] = ()) -> YamlReading:
    """Read a YAML text.

    Scalars are texts, as they are written: `yes`, `0` and `1.10` lose nothing where a text is wanted. Only an
    empty value, `~` and `null` are null.

    Args:
        typed: names of members in which everything is read by YAML's rules, as numbers and truth values.
        json_texts: names of members in which scalars are JSON texts, so that `null` is a text, too.

    Raises:
        YamlFault: it is no YAML, has a key twice, refers to itself, or is nested too deeply.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlFault(error.problem or "it is not YAML", mark.index if mark else 0) from error
    except yaml.reader.ReaderError as error:
        raise YamlFault(f"the character U+{ord(str(error.character)):04X} is not allowed", 0) from error
    except yaml.YAMLError as error:
        raise YamlFault("it is not YAML", 0) from error
    if root is None:
        return YamlReading(text, None)
    return YamlReading(text, _Reader(frozenset(typed), frozenset(json_texts)).node(root, Scalars.TEXT))


class _Reader:
    """Turns the nodes of PyYAML into ours."""

    def __init__(self, typed: frozenset[str], json_texts: frozenset[str]) -> None:
        self._typed, self._json_texts = typed, json_texts
        self._nodes = 0

    def node(self, source: yaml.Node, scalars: Scalars, depth: int = 0) -> Node:
        start, end = source.start_mark.index, source.end_mark.index
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise YamlFault(f"it has more than {MAX_NODES} values, or references that multiply", start)
        if depth > MAX_DEPTH:
            raise YamlFault(f"it is nested more than {MAX_DEPTH} deep, or refers to itself", start)
        if isinstance(source, yaml.MappingNode):
            return ObjectNode(tuple(self._members(source, scalars, depth)), start, end)
        if isinstance(source, yaml.SequenceNode):
            items = tuple(self.node(item, scalars, depth + 1) for item in source.value)
            return ArrayNode(items, start, end)
        return _scalar(str(source.tag), str(source.value), (start, end), scalars)

    def _members(self, source: yaml.MappingNode, scalars: Scalars, depth: int) -> list[Member]:
        members: dict[str, Member] = {}
        for key, value in source.value:
            start, end = key.start_mark.index, key.end_mark.index
            if not isinstance(key, yaml.ScalarNode):
                raise YamlFault("a key has to be a text", start)
            if key.value in members:
                raise YamlFault(f"the key `{key.value[:80]}` stands twice", start)
            inner = self._scalars_in(key.value, scalars)
            members[key.value] = Member(key.value, self.node(value, inner, depth + 1), start, end)
        return list(members.values())

    def _scalars_in(self, name: str, outer: Scalars) -> Scalars:
        if outer is not Scalars.TEXT:
            return outer
        if name in self._json_texts:
            return Scalars.JSON_TEXT
        return Scalars.TYPED if name in self._typed else Scalars.TEXT


def _scalar(tag: str, value: str, span: tuple[int, int], scalars: Scalars) -> Node:
    if tag == _NULL and not (value == "null" and scalars is Scalars.JSON_TEXT):
        return LiteralNode(None, *span)
    if scalars is Scalars.TYPED and tag == _BOOLEAN:
        return LiteralNode(value.lower() in _TRUE, *span)
    if scalars is Scalars.TYPED and tag in (_INTEGER, _FLOAT) and _JSON_NUMBER.fullmatch(value):
        return NumberNode(value, *span)
    return StringNode(value, *span)
