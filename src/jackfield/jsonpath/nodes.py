"""What a path consists of once parsed.

Every node knows ``column``, its place in the user's text counted from 1. The nodes are plain data, for the
compiler and for anyone who wants to look into a path (a linter, an editor).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Property:
    """``.name``, ``['name']`` or ``['a','b']``; ``names`` in the order written."""

    names: tuple[str, ...]
    column: int


@dataclass(frozen=True, slots=True)
class Index:
    """``[0]``, ``[-1]`` or ``[0,2]``."""

    indexes: tuple[int, ...]
    column: int


@dataclass(frozen=True, slots=True)
class Slice:
    """``[1:]``, ``[:2]``, ``[1:2]``; a missing bound is None. There are no steps."""

    start: int | None
    stop: int | None
    column: int


@dataclass(frozen=True, slots=True)
class Wildcard:
    """``*`` or ``[*]``."""

    column: int


@dataclass(frozen=True, slots=True)
class Scan:
    """``..``: the segment behind it is tried on every object and list below."""

    column: int


@dataclass(frozen=True, slots=True)
class Filter:
    """``[?(...)]``."""

    expression: Expression
    column: int


@dataclass(frozen=True, slots=True)
class JsonArgument:
    """A JSON text as argument of a function."""

    text: str
    column: int


@dataclass(frozen=True, slots=True)
class Function:
    """``.name(...)``; an unknown name is an error when the path is read, as in the engine."""

    name: str
    arguments: tuple[JsonArgument | PathNode, ...]
    column: int


Segment = Property | Index | Slice | Wildcard | Scan | Filter | Function


@dataclass(frozen=True, slots=True)
class PathNode:
    """A whole path: its ``root`` character (``$`` or ``@``) and its segments."""

    root: str
    segments: tuple[Segment, ...]
    column: int


@dataclass(frozen=True, slots=True)
class StringLiteral:
    """A quoted text in a filter, quotes removed and escapes resolved."""

    value: str
    column: int


@dataclass(frozen=True, slots=True)
class NumberLiteral:
    """A number in a filter, as written."""

    text: str
    column: int


@dataclass(frozen=True, slots=True)
class BooleanLiteral:
    """``true`` or ``false`` in a filter."""

    value: bool
    column: int


@dataclass(frozen=True, slots=True)
class NullLiteral:
    """``null`` in a filter."""

    column: int


@dataclass(frozen=True, slots=True)
class JsonLiteral:
    """A list or object in a filter, as written; read leniently when first needed."""

    text: str
    column: int


@dataclass(frozen=True, slots=True)
class PatternLiteral:
    """A regular expression ``/.../flags`` in a filter."""

    pattern: str
    flags: str
    column: int


@dataclass(frozen=True, slots=True)
class PathOperand:
    """A path in a filter. ``negated`` is True when a ``!`` stands before it (only exists checks use it)."""

    path: PathNode
    negated: bool
    column: int


Operand = (
    StringLiteral | NumberLiteral | BooleanLiteral | NullLiteral | JsonLiteral | PatternLiteral | PathOperand
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """``left operator right``; ``operator`` in lower case."""

    left: Operand
    operator: str
    right: Operand
    column: int


@dataclass(frozen=True, slots=True)
class Exists:
    """A path alone: true if it leads somewhere (``negated``: if it does not)."""

    operand: PathOperand
    column: int


@dataclass(frozen=True, slots=True)
class Not:
    """``!( ... )``."""

    operand: Expression
    column: int


@dataclass(frozen=True, slots=True)
class And:
    """``a && b && …``, left to right, stopping at the first false."""

    operands: tuple[Expression, ...]
    column: int


@dataclass(frozen=True, slots=True)
class Or:
    """``a || b || …``, left to right, stopping at the first true."""

    operands: tuple[Expression, ...]
    column: int


Expression = Comparison | Exists | Not | And | Or
