"""What a template prints, piece by piece: its text, the references in it, and the forks between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from jackfield.velocity import Template
from jackfield.velocity.nodes import (
    Block,
    Call,
    Directive,
    If,
    Index,
    Node,
    Property,
    Reference,
    Set,
    StringLiteral,
    Text,
    children,
    walk,
)

_SIGNS: Final = {
    "quote": '"',
    "q": '"',
    "singleQuote": "'",
    "s": "'",
    "dollar": "$",
    "d": "$",
    "hash": "#",
    "h": "#",
    "backslash": "\\",
    "b": "\\",
    "newline": "\n",
    "n": "\n",
    "exclamation": "!",
    "e": "!",
}


@dataclass(frozen=True, slots=True)
class Printed:
    """Text that is copied out; `fixed` is False where it does not stand like this in the template."""

    text: str
    offset: int
    fixed: bool = True


@dataclass(frozen=True, slots=True)
class Hole:
    """A reference that prints its value.

    Args:
        node: the reference.
        offset: where it begins in the template.
        text: as it is written there.
        guards: what the conditions around it look at, as `input.x`.
    """

    node: Reference
    offset: int
    text: str
    guards: frozenset[str]


@dataclass(frozen=True, slots=True)
class Fork:
    """Branches of `#if`; without an `#else` the last one is empty."""

    branches: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something that prints what cannot be foreseen, such as a loop."""

    offset: int


Piece: TypeAlias = Printed | Hole | Fork | Unknown


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value that goes into a hole, by itself or through macros.

    Args:
        node: its reference.
        path: its root and the first name read from it, such as `input.x`.
        applied: the macros it goes through, the outermost first, such as `esc.jsonEncode`.
        calls: names of the methods called on it.
        literal: the text in double quotes in which it stands inside a macro's brackets; None if it does not.
    """

    node: Reference
    path: str
    applied: tuple[str, ...]
    calls: tuple[str, ...]
    literal: StringLiteral | None

    @property
    def root(self) -> str:
        """The variable."""
        return self.node.root

    @property
    def name(self) -> str:
        """The first name read from the variable; "" if there is none."""
        return self.path.partition(".")[2]

    @property
    def is_quiet(self) -> bool:
        """True if null prints nothing."""
        return "!" in self.node.source[:2]

    @property
    def offset(self) -> int:
        """Where it begins in the template."""
        return self.node.place.offset


def pieces_of(template: Template) -> tuple[Piece, ...]:
    """Return what a template prints."""
    return tuple(_pieces(template.nodes, frozenset()))


def holes(pieces: Sequence[Piece]) -> Iterator[Hole]:
    """Yield all holes, those in branches included."""
    for piece in pieces:
        if isinstance(piece, Hole):
            yield piece
        elif isinstance(piece, Fork):
            for branch in piece.branches:
                yield from holes(branch)


def forks(pieces: Sequence[Piece]) -> Iterator[Fork]:
    """Yield all forks, those in branches included."""
    for piece in pieces:
        if isinstance(piece, Fork):
            yield piece
            for branch in piece.branches:
                yield from forks(branch)


def leaves(hole: Hole) -> tuple[Leaf, ...]:
    """Return the values that go into a hole."""
    return tuple(_leaves(hole.node, (), None))


def path_of(node: Reference) -> str:
    """Return the root of a reference with the first name read from it, such as `input.x`."""
    first = node.parts[0] if node.parts else None
    if isinstance(first, Property):
        return f"{node.root}.{first.name}"
    if isinstance(first, Index) and isinstance(first.key, StringLiteral):
        return f"{node.root}.{first.key.text}"
    if isinstance(first, Call) and first.name == "get" and len(first.arguments) == 1:
        argument = first.arguments[0]
        return f"{node.root}.{argument.text}" if isinstance(argument, StringLiteral) else node.root
    return node.root


def is_printing(node: Reference) -> bool:
    """Tell if a reference prints a value at all."""
    return not node.escaped and node.kind not in ("runt", "broken")


def _pieces(nodes: Sequence[Node], guards: frozenset[str]) -> Iterator[Piece]:
    for node in nodes:
        if isinstance(node, Text):
            yield Printed(node.text, node.place.offset)
        elif isinstance(node, Reference):
            yield from _reference(node, guards)
        elif isinstance(node, If):
            yield _fork(node, guards)
        elif isinstance(node, Block):
            yield from _pieces(node.children, guards)
        elif isinstance(node, Directive) and not node.called and node.literal:
            yield Printed(node.literal, node.place.offset)
        elif not isinstance(node, Set):
            yield Unknown(node.place.offset)


def _reference(node: Reference, guards: frozenset[str]) -> Iterator[Piece]:
    if not is_printing(node):
        yield Printed(node.source, node.place.offset)
        return
    sign = _sign(node)
    lead = node.escape_lead + node.more_lead
    offset = node.place.offset
    if lead:
        yield Printed(lead, offset, fixed=False)
    yield (Hole(node, offset, node.source, guards) if sign is None else Printed(sign, offset, fixed=False))


def _sign(node: Reference) -> str | None:
    """Return the character that stands for a reference such as `$esc.quote`; None if it is none."""
    if node.root != "esc" or len(node.parts) != 1 or not isinstance(node.parts[0], Property):
        return None
    return _SIGNS.get(node.parts[0].name)


def _fork(node: If, guards: frozenset[str]) -> Fork:
    branches: list[tuple[Piece, ...]] = []
    known = guards
    for branch in node.branches:
        if branch.condition is not None:
            known |= _looked_at(branch.condition)
        branches.append(tuple(_pieces(branch.block.children, known)))
    if node.branches and node.branches[-1].condition is not None:
        branches.append(())
    return Fork(tuple(branches))


def _looked_at(condition: Node) -> frozenset[str]:
    return frozenset(path_of(one).lower() for one in walk([condition]) if isinstance(one, Reference))


def _leaves(node: Node, applied: tuple[str, ...], literal: StringLiteral | None) -> Iterator[Leaf]:
    if isinstance(node, StringLiteral):
        for inner in node.content or ():
            yield from _leaves(inner, applied, node)
        return
    if not isinstance(node, Reference):
        for inner in children(node):
            yield from _leaves(inner, applied, literal)
        return
    calls = tuple(part.name for part in node.parts if isinstance(part, Call))
    if is_printing(node):
        yield Leaf(node, path_of(node), applied, calls, literal)
    for part in node.parts:
        if isinstance(part, Call):
            for argument in part.arguments:
                yield from _leaves(argument, (*applied, f"{node.root}.{part.name}"), None)
