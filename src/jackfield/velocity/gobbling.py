"""White space around directives: which of it is printed.

The four modes are Velocity's ``parser.space_gobbling``: ``none`` keeps everything, ``bc`` behaves like
Velocity 1.x, ``lines`` (the default) removes a line that holds only a directive, ``structured`` also takes
back the indentation of a block's content.
"""

from __future__ import annotations

import re
from typing import Literal

from jackfield.velocity.nodes import Block, Directive, If, Node, Set, Spaced, Text

Gobbling = Literal["none", "bc", "lines", "structured"]
GOBBLING: tuple[Gobbling, ...] = ("none", "bc", "lines", "structured")


def before(node: Spaced, mode: Gobbling) -> str:
    """What is printed before a directive's own output."""
    if node.more or mode in ("none", "bc"):
        return node.prefix + node.more
    return ""


def after(node: Spaced, mode: Gobbling) -> str:
    """What is printed after it."""
    return node.postfix if node.more or mode == "none" else ""


def block_start(block: Block, mode: Gobbling) -> str:
    """What is printed at the start of a block."""
    return block.prefix if mode == "none" else ""


def block_end(block: Block, mode: Gobbling) -> str:
    """What is printed at the end of a block."""
    kept = block.postfix if block.more_postfix or mode in ("none", "bc") else ""
    return kept + block.more_postfix


def unknown_text(node: Directive, mode: Gobbling) -> str:
    """What a call prints when there is no such macro: itself, with the white space not printed around it."""
    start = node.prefix if not node.more and mode in ("lines", "structured") else ""
    return start + node.literal + ("" if after(node, mode) else node.postfix)


def prepare(nodes: list[Node], mode: Gobbling) -> None:
    """Change the tree where a mode changes text: blanks before ``#set``, and indentation."""
    if mode in ("none", "lines"):
        return
    if mode == "bc":
        _blank_before_set(nodes)
    for node in nodes:
        for block in _blocks(node):
            prepare(block.children, mode)
        if mode == "structured" and isinstance(node, If | Directive) and _indents(node):
            _Unindent(node.prefix).visit(node)


def _indents(node: If | Directive) -> bool:
    if isinstance(node, If):
        return bool(node.postfix)
    return node.block is not None and not node.more


def _blocks(node: Node) -> list[Block]:
    if isinstance(node, If):
        return [branch.block for branch in node.branches]
    if isinstance(node, Directive):
        return [block for block in (node.block, node.alternative) if block is not None]
    return []


def _blank_before_set(nodes: list[Node]) -> None:
    previous: Node | None = None
    for node in nodes:
        if isinstance(node, Set):
            if previous is None or not isinstance(previous, Text):
                node.prefix = ""
            elif not previous.text.strip(" \t"):
                previous.text = ""
        previous = node


class _Unindent:
    """Removes from a block's content the indentation it has beyond its directive's."""

    def __init__(self, indentation: str) -> None:
        self._indentation = indentation
        self._extra: str | None = None

    def visit(self, node: If | Directive) -> None:
        for block in _blocks(node):
            if block.prefix:
                self._children(block)

    def _children(self, block: Block) -> None:
        for child in block.children:
            if isinstance(child, Text):
                child.text = self._fixed(child.text)
            elif isinstance(child, Spaced) and child.prefix:
                child.prefix = self._fixed(child.prefix)
                if self._extra and isinstance(child, If | Directive):
                    self.visit(child)

    def _fixed(self, text: str) -> str:
        if self._extra is None:
            found = re.match(re.escape(self._indentation) + r"(\s+)", text)
            self._extra = found[1] if found else ""
        if not self._extra:
            return text
        pattern = "^" + re.escape(self._indentation + self._extra)
        return re.sub(pattern, lambda _found: self._indentation, text, flags=re.MULTILINE)
