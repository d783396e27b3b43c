"""The syntax of a Terraform file: blocks, attributes and expressions with their places.

The text is parsed by python-hcl2; its tree keeps the offset of every token.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import hcl2
from lark import Token, Tree
from lark.exceptions import LarkError, UnexpectedInput

from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Place
from jackfield.domain.json_excerpts import Excerpts
from jackfield.workbench.documents import in_file
from jackfield.workbench.forms.file_text import read_text_file

_PREFIX: Final = "x = "


@dataclass(frozen=True)
class SourceFile:
    """A text that is part of the configuration: a `.tf` file, or one that such a file reads.

    Args:
        path: the file.
        text: what it says.
    """

    path: Path
    text: str

    def place(self, start: int, end: int, pointer: str = "") -> Place:
        """Return the place of a span of the text."""
        return in_file(self._lines.place(start, max(end, start + 1), pointer), self.path)

    @cached_property
    def _lines(self) -> Excerpts:
        return Excerpts(self.text)


@dataclass(frozen=True)
class Expression:
    """An expression, not yet evaluated.

    Args:
        tree: as python-hcl2 parsed it.
        source: the file.
        shift: what to add to offsets of the tree to get offsets of the file.
    """

    tree: Tree[Token]
    source: SourceFile
    shift: int = 0

    @property
    def start(self) -> int:
        """Offset where it begins."""
        return next((token.start_pos or 0 for token in tokens(self.tree)), 0) + self.shift

    @property
    def end(self) -> int:
        """Offset behind its end."""
        ends = [token.end_pos or 0 for token in tokens(self.tree)]
        return (ends[-1] if ends else 0) + self.shift

    @property
    def text(self) -> str:
        """What stands there, on one line and not longer than a message bears."""
        shown = " ".join(self.source.text[self.start : self.end].split())
        return shown if len(shown) <= 80 else f"{shown[:79]}…"

    def inner(self, tree: Tree[Token]) -> Expression:
        """Return a part of the expression."""
        return Expression(tree, self.source, self.shift)


@dataclass(frozen=True)
class Block:
    """A block such as `resource "type" "name" { … }`; a file's whole body is a block without a kind."""

    kind: str
    labels: tuple[str, ...]
    attributes: Mapping[str, Expression]
    blocks: tuple[Block, ...]
    source: SourceFile
    start: int

    def of_kind(self, kind: str) -> tuple[Block, ...]:
        """Return the blocks of a kind directly in this one."""
        return tuple(block for block in self.blocks if block.kind == kind)

    def place(self, pointer: str = "") -> Place:
        """Return where the block begins."""
        return self.source.place(self.start, self.start + len(self.kind), pointer)


def read_configuration(path: Path) -> Block:
    """Return the body of a file.

    Raises:
        OperationRefused: it cannot be read, or is no HCL.
    """
    source = SourceFile(path, read_text_file(path))
    return _block((), _parsed(source, source.text, 0), source)


def read_expression(source: SourceFile, start: int, end: int) -> Expression:
    """Return the expression that stands in a template between two offsets.

    Raises:
        OperationRefused: it is none.
    """
    shift = start - len(_PREFIX)
    tree = _parsed(source, _PREFIX + source.text[start:end], shift)
    attribute = next(tree.find_data("attribute"))
    return Expression(_tree(attribute.children[-1]), source, shift)


def tokens(tree: Tree[Token]) -> Iterator[Token]:
    """Yield the tokens of a tree in their order, line breaks and comments left out."""
    for child in tree.children:
        if isinstance(child, Token):
            yield child
        elif child.data != "new_line_or_comment":
            yield from tokens(child)


def trees(tree: Tree[Token]) -> list[Tree[Token]]:
    """Return the trees directly in a tree, line breaks and comments left out."""
    return [
        child for child in tree.children if isinstance(child, Tree) and child.data != "new_line_or_comment"
    ]


def _parsed(source: SourceFile, text: str, shift: int) -> Tree[Token]:
    try:
        return _tree(hcl2.parses_to_tree(text))
    except UnexpectedInput as error:
        position = min(max(0, (error.pos_in_stream or 0) + shift), max(0, len(source.text) - 1))
        place = source.place(position, position + 1)
        seen = getattr(error, "token", None) or getattr(error, "char", "")
        reason = (
            f"`{str(seen).strip()[:40]}` is not expected here" if str(seen).strip() else "it ends too soon"
        )
        finding = found("TERRAFORM_UNREADABLE", place, path=source.path, reason=reason)
        raise OperationRefused(finding) from error
    except LarkError as error:
        place = source.place(0, 1)
        finding = found("TERRAFORM_UNREADABLE", place, path=source.path, reason="it cannot be parsed")
        raise OperationRefused(finding) from error


def _tree(value: object) -> Tree[Token]:
    assert isinstance(value, Tree)
    return value


def _block(words: tuple[str, ...], tree: Tree[Token], source: SourceFile) -> Block:
    """Return a block with all that is in it.

    Args:
        words: its kind and labels; empty for a whole file.
        tree: ends with its body.
    """
    attributes: dict[str, Expression] = {}
    blocks: list[Block] = []
    for child in trees(trees(tree)[-1]):
        if child.data == "attribute":
            name = next(tokens(child))
            attributes[str(name)] = Expression(_tree(child.children[-1]), source)
        elif child.data == "block":
            names = tuple(_word(part) for part in trees(child) if part.data != "body")
            blocks.append(_block(names, child, source))
    start = next((token.start_pos or 0 for token in tokens(tree)), 0)
    return Block(words[0] if words else "", words[1:], attributes, tuple(blocks), source, start)


def _word(tree: Tree[Token]) -> str:
    """Return a block's kind or label, with or without quotes."""
    return "".join(str(token) for token in tokens(tree) if token.type != "DBLQUOTE")
