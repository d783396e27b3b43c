"""Takes out of everything that is printed what must not be read by others."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from jackfield.catalog import Catalog
from jackfield.client.regions import REGIONS
from jackfield.domain.finding import Edit, Finding, Place
from jackfield.domain.json_nodes import ArrayNode, Node, ObjectNode, StringNode
from jackfield.domain.masking import Masker
from jackfield.domain.secret import MASK
from jackfield.domain.sensitive import holds_only_secrets, holds_secret
from jackfield.explain.explanation import CorrectedRequest, RankedFinding
from jackfield.explain.pieces import Piece

_UUID: Final = re.compile(r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b")
_MAIL: Final = re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}\b")
_HOST: Final = re.compile(r"\b(?:https?|wss?)://(?:[^/@\s\"'<>]{1,80}@)?(?P<host>[A-Za-z0-9.-]{3,200})")
_ADDRESS: Final = re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b")
_NAMED: Final = frozenset(("name", "notes", "category", "description", "vendor", "username", "organization"))
_OURS: Final = ("127.0.0.1", "localhost")


@dataclass(frozen=True, slots=True)
class Cover:
    """Replaces secrets by the mask, and for sharing also what tells who somebody is.

    Args:
        masker: of the secrets.
        stand_ins: text to its stand-in, the longest text first; empty if nothing is to be shared.
    """

    masker: Masker = field(default_factory=lambda: Masker(()))
    stand_ins: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, text: str) -> str:
        """Return a text with everything replaced."""
        covered = self.masker(text)
        for name, stand_in in self.stand_ins.items():
            covered = covered.replace(name, stand_in)
        return covered

    def finding(self, one: RankedFinding) -> RankedFinding:
        """Return a finding with everything replaced."""
        finding: Finding = replace(
            one.finding,
            message=self(one.finding.message),
            place=self.place(one.finding.place),
            seen=self(one.finding.seen),
            accepted=self(one.finding.accepted),
            fix=self(one.finding.fix),
            edits=tuple(self.edit(edit) for edit in one.finding.edits),
        )
        return replace(one, finding=finding)

    def edit(self, edit: Edit) -> Edit:
        """Return an edit without what may be secret in its value."""
        parts = edit.pointer.split("/")
        hidden = any(holds_only_secrets(part) or holds_secret(part) for part in parts)
        # The value for the document as a whole may hold anything.
        text = MASK if edit.text and (hidden or not edit.pointer) else self(edit.text)
        return replace(edit, text=text)

    def place(self, place: Place) -> Place:
        """Return a place whose excerpt is covered, with its caret below the same words."""
        excerpt = self(place.excerpt)
        pointer = self(place.pointer)
        if excerpt == place.excerpt or place.column is None:
            return replace(place, pointer=pointer)
        column = place.column if place.caret_column is None else place.caret_column
        moved = len(self(place.excerpt[: column - 1])) + 1
        width = min(place.width, max(1, len(excerpt) - moved + 1))
        return replace(place, pointer=pointer, excerpt=excerpt, caret_column=moved, width=width)

    def request(self, request: CorrectedRequest) -> CorrectedRequest:
        """Return a corrected request with everything replaced."""
        return replace(
            request, path=self(request.path), body_text=self(request.body_text), host=self(request.host)
        )


def stand_ins(text: str, pieces: Sequence[Piece], catalog: Catalog) -> dict[str, str]:
    """Return stand-ins for the ids, hosts, addresses and names of a text, the longest first."""
    taken: dict[str, str] = {}
    for kind, values in (
        ("id", _UUID.findall(text)),
        ("somebody", _MAIL.findall(text)),
        ("host", [host for host in _HOST.findall(text) if not _is_public(host)]),
        ("address", [address for address in _ADDRESS.findall(text) if address not in _OURS]),
        ("name", _names(pieces, catalog)),
    ):
        for number, value in enumerate(dict.fromkeys(values), 1):
            taken.setdefault(value, _stand_in(kind, number))
    return dict(sorted(taken.items(), key=lambda item: -len(item[0])))


def _stand_in(kind: str, number: int) -> str:
    if kind == "id":
        return f"<id-{number}>"
    return f"{kind}-{number}.example" if kind == "host" else f"{kind}-{number}"


def _is_public(host: str) -> bool:
    domains = REGIONS.values()
    return host in _OURS or any(host == domain or host.endswith(f".{domain}") for domain in domains)


def _names(pieces: Sequence[Piece], catalog: Catalog) -> list[str]:
    known = {*catalog.credential_types, *catalog.integration_types}
    known.update(kind.name for kind in catalog.integration_types.values())
    found: list[str] = []
    for piece in pieces:
        stack: list[tuple[str, Node]] = [("", piece.body.root)] if piece.body and piece.body.root else []
        while stack:
            name, node = stack.pop()
            if isinstance(node, StringNode):
                if name.lower() in _NAMED and len(node.value) > 3 and node.value not in known:
                    found.append(node.value)
            elif isinstance(node, ObjectNode):
                stack.extend((member.name, member.value) for member in node.members)
            elif isinstance(node, ArrayNode):
                stack.extend((name, item) for item in node.items)
    return found
