"""The nodes of a JSON text that was read with its places.

Every node knows where it stands (`start`, `end`: offsets into the text, end exclusive) and whether something
in it was mended (`mended`): a node that was not mended is the caller's own text, character for character.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, TypeAlias

MAX_DIGITS = 1000
"""Integers with more digits are read as floats: Python refuses to convert very long ones."""


@dataclass(frozen=True, slots=True)
class StringNode:
    """A string; `value` is what it says, without quotes and escapes."""

    kind: ClassVar[str] = "string"
    value: str
    start: int
    end: int
    mended: bool = False

    def plain(self) -> str:
        """Return the text."""
        return self.value


@dataclass(frozen=True, slots=True)
class NumberNode:
    """A number; `text` is how it was written, so that nothing is rounded."""

    kind: ClassVar[str] = "number"
    text: str
    start: int
    end: int
    mended: bool = False

    @property
    def is_integer(self) -> bool:
        """True if it is written without fraction and exponent."""
        return not any(letter in self.text for letter in ".eE")

    @property
    def value(self) -> int | float:
        """Return the number."""
        if self.is_integer and len(self.text) <= MAX_DIGITS:
            return int(self.text)
        return float(self.text)

    def plain(self) -> int | float:
        """Return the number."""
        return self.value


@dataclass(frozen=True, slots=True)
class LiteralNode:
    """true, false or null, as True, False or None."""

    value: bool | None
    start: int
    end: int
    mended: bool = False

    @property
    def kind(self) -> str:
        """Return `null` or `boolean`."""
        return "null" if self.value is None else "boolean"

    def plain(self) -> bool | None:
        """Return True, False or None."""
        return self.value


@dataclass(frozen=True, slots=True)
class ArrayNode:
    """An array."""

    kind: ClassVar[str] = "array"
    items: tuple[Node, ...]
    start: int
    end: int
    mended: bool = False

    def plain(self) -> list[Any]:
        """Return a list of plain values."""
        return [item.plain() for item in self.items]


@dataclass(frozen=True, slots=True)
class Member:
    """One key and its value; `start` and `end` are those of the key with its quotes."""

    name: str
    value: Node
    start: int
    end: int
    mended: bool = False


@dataclass(frozen=True)
class ObjectNode:
    """An object; a key that stands twice is there twice, and the last one counts."""

    kind: ClassVar[str] = "object"
    members: tuple[Member, ...]
    start: int
    end: int
    mended: bool = False

    @cached_property
    def _by_name(self) -> dict[str, Member]:
        return {member.name: member for member in self.members}

    @property
    def names(self) -> tuple[str, ...]:
        """The distinct keys, in the order of their first appearance."""
        return tuple(self._by_name)

    def member(self, name: str) -> Member | None:
        """Return the member that counts for a key, None if there is none."""
        return self._by_name.get(name)

    def get(self, name: str) -> Node | None:
        """Return the value of a key, None if it is not there."""
        found = self._by_name.get(name)
        return None if found is None else found.value

    def plain(self) -> dict[str, Any]:
        """Return a dict of plain values."""
        return {member.name: member.value.plain() for member in self.members}


Node: TypeAlias = ObjectNode | ArrayNode | StringNode | NumberNode | LiteralNode
