"""The tree of a template. Every node knows its line and column, and where it stands in the source."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Literal

_LINE_END = re.compile(r"\r\n|\n|\r")

ReferenceKind = Literal["normal", "formal", "quiet", "runt", "broken"]


class SourceMap:
    """Counts the lines and columns of one text.

    A string literal is parsed as a text of its own; line, column and offset shift its places to those of
    the template around it, as Velocity does.
    """

    __slots__ = ("_line_starts", "column", "line", "offset", "text")

    def __init__(self, text: str, line: int = 1, column: int = 0, offset: int = 0) -> None:
        self.text = text
        self.line = line
        self.column = column
        self.offset = offset
        self._line_starts: list[int] | None = None

    def locate(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset."""
        if self._line_starts is None:
            self._line_starts = _line_starts(self.text)
        number = bisect_right(self._line_starts, offset)
        start = self._line_starts[number - 1]
        column = _column(self.text[start : offset + 1])
        return number + self.line - 1, column + (self.column if number == 1 else 0)


class Place:
    """Where a node begins; line and column, as Velocity counts them, are worked out when asked for."""

    __slots__ = ("_map", "_offset")

    def __init__(self, source: SourceMap, offset: int) -> None:
        self._map = source
        self._offset = offset

    @property
    def line(self) -> int:
        """The line, from 1."""
        return self._map.locate(self._offset)[0]

    @property
    def column(self) -> int:
        """The column, from 1."""
        return self._map.locate(self._offset)[1]

    @property
    def offset(self) -> int:
        """Characters before it in the whole source."""
        return self._map.offset + self._offset


def _line_starts(text: str) -> list[int]:
    return [0, *(found.end() for found in _LINE_END.finditer(text))]


def _column(prefix: str) -> int:
    """The column of the last character of ``prefix``: UTF-16 units, tabs to multiples of 8."""
    if prefix.isascii() and "\t" not in prefix:
        return max(len(prefix), 1)
    column = 0
    for char in prefix:
        column += 1 + (char > "\uffff")
        if char == "\t":
            column = column - 1 + (8 - ((column - 1) & 7))
    return max(column, 1)


@dataclass(slots=True)
class Node:
    """A part of a template. source: its own text, used where Velocity quotes it in a message."""

    place: Place
    source: str = field(kw_only=True, default="")


@dataclass(slots=True)
class Text(Node):
    """Text that is copied out."""

    text: str


@dataclass(slots=True)
class Property(Node):
    """``.name``"""

    name: str


@dataclass(slots=True)
class Call(Node):
    """``.name(arguments)``"""

    name: str
    arguments: list[Node]


@dataclass(slots=True)
class Index(Node):
    """``[expression]``"""

    key: Node


Part = Property | Call | Index


@dataclass(slots=True)
class Reference(Node):
    """``$root.part…``; ``source`` is the literal that is printed when there is no value.

    lead: text printed before a value; null_text: printed instead of null; escaped: a backslash makes it
    print itself; tested: it stands alone in a condition, so that strict mode lets it be undefined.
    """

    root: str
    parts: list[Part]
    alternate: Node | None
    kind: ReferenceKind
    escaped: bool
    escape_lead: str
    more_lead: str
    null_text: str
    tested: bool = False
    in_if: bool = False


@dataclass(slots=True)
class Block(Node):
    """Statements between a directive and its end, with the white space that gobbling may remove."""

    children: list[Node]
    prefix: str = ""
    postfix: str = ""
    more_postfix: str = ""
    ends_with_newline: bool = False


@dataclass(slots=True)
class Spaced(Node):
    """A directive with white space before (prefix), text glued to its hash (more), and after (postfix)."""

    prefix: str = field(kw_only=True, default="")
    more: str = field(kw_only=True, default="")
    postfix: str = field(kw_only=True, default="")


@dataclass(slots=True)
class Branch(Node):
    """``#if(condition)``, ``#elseif(condition)`` or, without a condition, ``#else``."""

    condition: Node | None
    block: Block


@dataclass(slots=True)
class If(Spaced):
    """``#if … #elseif … #else … #end``"""

    branches: list[Branch]


@dataclass(slots=True)
class Choice(Node):
    """A condition whose branches only print; made by the compiler out of an ``If``."""

    branches: list[tuple[Node | None, list[Node]]]


@dataclass(slots=True)
class Set(Spaced):
    """``#set($target = value)``"""

    target: Reference
    value: Node


@dataclass(slots=True)
class Directive(Spaced):
    """Every other directive and every macro call.

    name: without ``#``, and without ``@`` for a call with a body; literal: what an unknown macro prints;
    called: it ends in a bracket or ``#end`` and not in a gobbled line end; only then strict mode takes it
    for a call (an oddity of the engine).
    """

    name: str
    arguments: list[Node]
    block: Block | None = None
    alternative: Block | None = None
    with_body: bool = False
    literal: str = ""
    called: bool = False


@dataclass(slots=True)
class Word(Node):
    """A bare word among a directive's arguments: ``in``, a macro's name."""

    text: str


@dataclass(slots=True)
class Default(Node):
    """``$name = value`` among the parameters of ``#macro``."""

    target: Reference
    value: Node


@dataclass(slots=True)
class StringLiteral(Node):
    """A quoted string; ``content`` holds its statements when it is interpolated."""

    text: str
    content: list[Node] | None = None


@dataclass(slots=True)
class Number(Node):
    """A literal number."""

    value: int | float


@dataclass(slots=True)
class Boolean(Node):
    """``true`` or ``false``"""

    value: bool


@dataclass(slots=True)
class Range(Node):
    """``[first..last]``"""

    first: Node
    last: Node


@dataclass(slots=True)
class MapLiteral(Node):
    """``{key : value, …}``"""

    entries: list[tuple[Node, Node]]


@dataclass(slots=True)
class ListLiteral(Node):
    """``[item, …]``"""

    items: list[Node]


@dataclass(slots=True)
class Binary(Node):
    """``left operator right``; the operator is one of ``|| && == != < > <= >= + - * / %``."""

    operator: str
    left: Node
    right: Node


@dataclass(slots=True)
class Not(Node):
    """``!operand``"""

    operand: Node


@dataclass(slots=True)
class Negate(Node):
    """``-operand``"""

    operand: Node


_CHILD_FIELDS: dict[type, tuple[str, ...]] = {}


def _child_fields(kind: type[Node]) -> tuple[str, ...]:
    """The fields of a class that hold nodes (their annotations name them)."""
    found = _CHILD_FIELDS.get(kind)
    if found is None:
        plain = {"str", "bool", "int | float", "ReferenceKind", "Place"}
        found = tuple(item.name for item in fields(kind) if item.type not in plain)
        _CHILD_FIELDS[kind] = found
    return found


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below ``node``, in source order."""
    for name in _child_fields(type(node)):
        value = getattr(node, name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, list):
            for element in value:
                if isinstance(element, Node):
                    yield element
                elif isinstance(element, tuple):
                    yield from element


def walk(nodes: list[Node]) -> Iterator[Node]:
    """Every node of a tree, parents before children, in source order."""
    stack = list(reversed(nodes))
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(list(children(node))))


def literal(node: Node) -> str:
    """How Velocity quotes an expression in a message, or joins it when it is null in a string sum."""
    if isinstance(node, Binary):
        return f"{literal(node.left)} {node.operator} "
    if isinstance(node, Not):
        return "!" + literal(node.operand)
    if isinstance(node, Negate):
        return "-" + literal(node.operand)
    return node.source
