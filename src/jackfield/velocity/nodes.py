"""The tree of a template. Every node knows its line and column, and where it stands in the source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Literal

ReferenceKind = Literal["normal", "formal", "quiet", "runt", "broken"]


@dataclass(slots=True)
class Place:
    """Where a node begins: line and column as Velocity counts them, offset into the source."""

    line: int
    column: int
    offset: int


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
class Set(Spaced):
    """``#set($target = value)``"""

    target: Reference
    value: Node


@dataclass(slots=True)
class Directive(Spaced):
    """Every other directive and every macro call.

    name: without ``#``, and without ``@`` for a call with a body; literal: what an unknown macro prints;
    called: it was written with parentheses or a body, which strict mode takes for a call.
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


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below ``node``, in source order."""
    for item in fields(node):
        value = getattr(node, item.name)
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
