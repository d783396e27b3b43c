"""Places in a Terraform configuration for pointers of the API form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jackfield.domain.finding import Place
from jackfield.domain.json_nodes import StringNode
from jackfield.domain.json_reader import Reading
from jackfield.workbench.documents import PlaceOf
from jackfield.workbench.forms.json_places import descend, pointer_parts
from jackfield.workbench.terraform.values import Value


@dataclass(frozen=True, slots=True)
class ValuePlaces:
    """Finds places in the attributes of a resource.

    Args:
        whole: where the resource begins.
        values: places of what stands at a pointer and below it.
    """

    whole: Place
    values: Mapping[str, PlaceOf]

    def __call__(self, pointer: str, offset: int = 0, width: int = 1) -> Place:
        """Return the place of an attribute's text, or of the nearest thing around it."""
        around = pointer
        while around:
            places = self.values.get(around)
            if places is not None:
                return places(pointer, offset, width)
            around, offset, width = around.rpartition("/")[0], 0, 1
        return self.whole


@dataclass(frozen=True, slots=True)
class ContractPlaces:
    """Finds places in a contract.

    Args:
        value: the attribute's value: the text of a schema, or what `jsonencode` made of an object.
        reading: that text, read.
        base: pointer of the schema.
    """

    value: Value
    reading: Reading
    base: str

    def __call__(self, pointer: str, offset: int = 0, width: int = 1) -> Place:
        """Return the place of a node of the schema, or of the nearest one around it."""
        parts = pointer_parts(pointer.removeprefix(self.base))
        if self.value.encoded is not None:
            return _inner(self.value.encoded, parts).place(pointer, offset, width)
        if self.reading.root is None:
            return self.value.place(pointer)
        node, member, depth = descend(self.reading.root, parts)
        target = member if depth < len(parts) and member is not None else node
        if isinstance(target, StringNode) and depth == len(parts):
            return self.value.place(pointer, target.start + 1 + offset, width)
        return self.value.place(pointer, target.start, 1)


def _inner(value: Value, parts: Sequence[str]) -> Value:
    """Return the value that a pointer leads to, or the nearest one around it."""
    for part in parts:
        plain = value.plain
        if isinstance(plain, Mapping) and part in plain:
            value = plain[part]
        elif isinstance(plain, Sequence) and not isinstance(plain, str) and part.isdigit():
            if int(part) >= len(plain):
                return value
            value = plain[int(part)]
        else:
            return value
    return value
