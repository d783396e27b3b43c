"""Places in a JSON file for pointers of the API form."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jackfield.domain.finding import Place
from jackfield.domain.json_nodes import ArrayNode, Member, Node, ObjectNode, StringNode
from jackfield.domain.json_reader import Reading
from jackfield.workbench.documents import Scalar, in_file
from jackfield.workbench.forms.scalars import scalar_of


@dataclass(frozen=True, slots=True)
class JsonPlaces:
    """Finds places in a JSON text.

    Args:
        path: the file.
        reading: its text, read.
        root: the node at which pointers begin.
        base: pointer of that node in the file.
        cut: what the pointers begin with that the file does not have, such as `/contract/input/inputSchema`
            where the file holds that schema alone.
    """

    path: Path
    reading: Reading
    root: Node
    base: str = ""
    cut: str = ""

    def __call__(self, pointer: str, offset: int = 0, width: int = 1) -> Place:
        """Return the place of the node at a pointer, or of the nearest node around it."""
        inner = pointer.removeprefix(self.cut)
        node, member, depth = descend(self.root, pointer_parts(inner))
        reached = "/".join(["", *inner.split("/")[1 : depth + 1]]) if depth else ""
        where = f"{self.base}{self.cut}{reached}"
        if depth < len(pointer_parts(inner)):
            return in_file(self.reading.place(member or node, where), self.path)
        if isinstance(node, StringNode):
            return in_file(self.reading.place_in(node, offset, where, width), self.path)
        return in_file(self.reading.place(node, where), self.path)

    def scalar(self, pointer: str) -> Scalar | None:
        """Return the text at a pointer, to be changed; None where there is none."""
        parts = pointer_parts(pointer.removeprefix(self.cut))
        node, _, depth = descend(self.root, parts)
        if depth < len(parts) or not isinstance(node, StringNode):
            return None
        return scalar_of(self.path, self.reading, node)


def pointer_parts(pointer: str) -> list[str]:
    """Return the names and indices of a JSON pointer."""
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def descend(root: Node, parts: list[str]) -> tuple[Node, Member | None, int]:
    """Return the deepest node that there is, the member that holds it, and how many parts led there."""
    node, holder = root, None
    for depth, part in enumerate(parts):
        member = node.member(part) if isinstance(node, ObjectNode) else None
        if member is not None:
            node, holder = member.value, member
        elif isinstance(node, ArrayNode) and part.isdigit() and int(part) < len(node.items):
            node, holder = node.items[int(part)], None
        else:
            return node, holder, depth
    return node, holder, len(parts)
