"""Reading the members of a request body while collecting every finding, in the order of the text."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from jackfield.domain.catalogue import found
from jackfield.domain.finding import Checked, Finding, Place, Severity
from jackfield.domain.json_nodes import (
    ArrayNode,
    LiteralNode,
    Member,
    Node,
    NumberNode,
    ObjectNode,
    StringNode,
)
from jackfield.domain.json_reader import Reading, escaped

T = TypeVar("T")

KINDS = {"string": "a string", "number": "a number", "object": "an object", "array": "an array"}


class FindingLog:
    """What a check has found so far.

    Args:
        reading: the body; the faults of reading it are the first findings.
        strict: warnings become errors.
    """

    def __init__(self, reading: Reading, *, strict: bool) -> None:
        self.reading, self.strict = reading, strict
        self._findings: list[Finding] = [self._judged(fault) for fault in reading.faults]

    def add(self, code: str, target: Node | Member | None, pointer: str, **words: Any) -> None:
        """Note a finding about a node or a member's key.

        Args:
            target: None for the body as a whole.
            pointer: its JSON pointer.
            words: the entry's words, and `seen`, `accepted`, `fix`, `severity`.
        """
        self.add_at(code, self.reading.place(target, pointer), **words)

    def add_at(self, code: str, place: Place, **words: Any) -> None:
        """Note a finding about a place."""
        self._findings.append(self._judged(found(code, place, after_repair=self.reading.repaired, **words)))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Errors first, each in the order of the text."""
        ordered = sorted(
            self._findings, key=lambda finding: (finding.place.line or 0, finding.place.column or 0)
        )
        return tuple(sorted(ordered, key=lambda finding: finding.severity is not Severity.ERROR))

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that refuse."""
        return tuple(finding for finding in self.findings if finding.is_error)

    def checked(self, value: T | None) -> Checked[T]:
        """Return the outcome: no value where an error stands in the way."""
        return Checked(None if self.errors else value, self.findings)

    def _judged(self, finding: Finding) -> Finding:
        return finding.strict() if self.strict else finding


class Members:
    """An object of the body, read member by member.

    Args:
        log: where findings go.
        node: the object.
        pointer: its JSON pointer ("" is the body).
        owner: what the object is called in sentences, such as `credential`.
    """

    def __init__(self, log: FindingLog, node: ObjectNode, pointer: str, owner: str) -> None:
        self.log, self.node, self.pointer, self.owner = log, node, pointer, owner

    def at(self, name: str) -> str:
        """Return the pointer of a member."""
        return f"{self.pointer}/{escaped(name)}"

    def get(self, name: str) -> Node | None:
        """Return a member's value; None if it is missing or null."""
        node = self.node.get(name)
        return None if isinstance(node, LiteralNode) and node.value is None else node

    def missing(self, name: str, example: str) -> None:
        """Note that a member has to be given."""
        present = self.node.member(name)
        self.log.add(
            "MEMBER_MISSING",
            present or self.node,
            self.at(name) if present else self.pointer,
            name=name,
            owner=self.owner,
            example=example,
            seen="null" if present else "",
        )

    def wrong_kind(self, name: str, node: Node, wanted: str, example: str = "") -> None:
        """Note that a member's value is of another kind than wanted."""
        self.log.add(
            "MEMBER_WRONG_KIND",
            node,
            self.at(name),
            seen=self.log.reading.seen(node),
            name=name,
            wanted=wanted,
            kind=KINDS.get(node.kind, node.kind),
            fix=f"Send {example}." if example else "",
        )

    def text(self, name: str, *, example: str = "", required: bool = False, longest: int = 0) -> str | None:
        """Return a string member.

        Args:
            example: the member as it should be written, for the fix.
            required: a missing one is a finding.
            longest: most characters; 0 for any length.
        """
        node = self.get(name)
        if node is None:
            if required:
                self.missing(name, example)
            return None
        if not isinstance(node, StringNode):
            self.wrong_kind(name, node, "a string", example)
            return None
        if longest and len(node.value) > longest:
            size = len(node.value)
            self.log.add(
                "TEXT_TOO_LONG", node, self.at(name), seen=f"{size} characters", name=name, limit=longest
            )
        return node.value

    def object(self, name: str, *, owner: str, example: str = "", required: bool = False) -> Members | None:
        """Return an object member, to be read in turn."""
        node = self.get(name)
        if node is None:
            if required:
                self.missing(name, example)
            return None
        if not isinstance(node, ObjectNode):
            self.wrong_kind(name, node, "an object", example)
            return None
        return Members(self.log, node, self.at(name), owner)

    def texts(self, name: str) -> dict[str, str]:
        """Return a member that maps names to strings; what is no string is a finding."""
        inner = self.object(name, owner=f"`{name}`")
        if inner is None:
            return {}
        read: dict[str, str] = {}
        for member in inner.node.members:
            if isinstance(member.value, StringNode):
                read[member.name] = member.value.value
            else:
                inner.wrong_kind(member.name, member.value, "a string", _as_text(member, self.log.reading))
        return read

    def flag(self, name: str) -> bool:
        """Return a boolean member, False if it is not given."""
        node = self.get(name)
        if node is None:
            return False
        if not isinstance(node, LiteralNode) or node.value is None:
            self.wrong_kind(name, node, "true or false", f'"{name}": false')
            return False
        return node.value

    def unknown(self, known: Iterable[str]) -> None:
        """Warn about members that mean nothing here."""
        names = tuple(known)
        for member in self.node.members:
            if member.name not in names:
                near = nearest(member.name, names)
                self.log.add(
                    "MEMBER_UNKNOWN",
                    member,
                    self.at(member.name),
                    name=member.name[:80],
                    owner=self.owner,
                    accepted=", ".join(names),
                    hint=f" Did you mean `{near}`?" if near else "",
                )


def open_body(log: FindingLog, owner: str, example: str, known: Iterable[str]) -> Members | None:
    """Return the body's object; None, with a finding, if the body is none.

    The JavaScript SDK's calling form `{"body": {…}}` sent as JSON is noted, and read inside.
    """
    root = log.reading.root
    if root is None:
        return None
    if not isinstance(root, ObjectNode):
        log.add("BODY_NOT_OBJECT", root, "", seen=log.reading.seen(root), owner=owner, example=example)
        return None
    inner = root.get("body")
    if isinstance(inner, ObjectNode) and not any(name in known for name in root.names):
        log.add("BODY_WRAPPED", root.member("body"), "/body", owner=owner, seen='{"body": {…}}')
        return Members(log, inner, "/body", owner)
    return Members(log, root, "", owner)


def nearest(name: str, names: Iterable[str]) -> str:
    """Return the name that is most like a mistyped one; "" if none is near."""
    by_fold = {other.lower(): other for other in names}
    if name.lower() in by_fold:
        return by_fold[name.lower()]
    close = difflib.get_close_matches(name.lower(), by_fold, n=1, cutoff=0.7)
    return by_fold[close[0]] if close else ""


def walk(node: Node, pointer: str) -> Iterator[tuple[Node, str]]:
    """Yield a node and everything in it, with pointers, in the order of the text."""
    stack = [(node, pointer)]
    while stack:
        current, where = stack.pop()
        yield current, where
        if isinstance(current, ObjectNode):
            inner = [(member.value, f"{where}/{escaped(member.name)}") for member in current.members]
        elif isinstance(current, ArrayNode):
            inner = [(item, f"{where}/{index}") for index, item in enumerate(current.items)]
        else:
            continue
        stack.extend(reversed(inner))


def _as_text(member: Member, reading: Reading) -> str:
    """Return how a scalar member would be written as a string; "" if it may be secret or is no scalar."""
    value = member.value
    if isinstance(value, NumberNode | LiteralNode) and not reading.hides(value):
        return f'"{member.name}": "{reading.raw(value)}"'
    return ""
