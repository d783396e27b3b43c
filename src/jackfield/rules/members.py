"""Reading the members of a request body while collecting every finding, in the order of the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeVar

from jackfield.domain.catalogue import found
from jackfield.domain.finding import Checked, Finding, Operation, Place, Severity
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
from jackfield.rules import mending
from jackfield.rules.nearest import nearest

T = TypeVar("T")

KINDS = {"string": "a string", "number": "a number", "object": "an object", "array": "an array"}
WRAPPERS: Final = ("body", "data", "payload", "json", "requestBody")
_SEVERITIES: Final = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
_PLACEHOLDER: Final = re.compile(
    r"\s*(?:\{\{[^{}]*\}\}|<[A-Za-z][^<>]*>|\$\{[^{}]*\}|\$\([^()]*\)|%[A-Za-z_]\w*%|\[[A-Z][A-Z _-]+\]"
    r"|your[_ -].*|\.\.\.|…|x{4,}|(?:0{8}|x{8})-(?:[0x]{4}-){3}[0x]{12}|undefined|null|none)\s*",
    re.IGNORECASE,
)
_ID: Final = re.compile(r"[\w.-]{1,128}")
_TYPE_NAME: Final = re.compile(
    r"\[object \w+\]|System\.[\w.+`\[\], ]+|@\{.*|java\.util\.\w+.*|[\w.$]+@[0-9a-f]{5,8}|<.* object at 0x.*>"
    r"|map\[.*\]|\{\w+=.*\}|Microsoft\.PowerShell\.\w.*|#<\w.*>",
    re.DOTALL,
)


class FindingLog:
    """What a check has found so far.

    Args:
        reading: the body; the faults of reading it are the first findings.
        strict: warnings become errors.
    """

    def __init__(self, reading: Reading, *, strict: bool) -> None:
        self.reading, self.strict = reading, strict
        self._after_repair = reading.repaired
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
        self._findings.append(self._judged(found(code, place, after_repair=self._after_repair, **words)))

    def unwrapped(self) -> None:
        """Mark what is found from here on as found only after the body was taken out of its wrapper."""
        self._after_repair = True

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Errors first, what was found before any repair first among them, each in the order of the text."""
        return tuple(sorted(self._findings, key=_rank))

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

    def missing(self, name: str, example: str, edits: mending.Edits | None = None) -> None:
        """Note that a member has to be given.

        Args:
            example: the member as it should be written.
            edits: what mends it; None to give it the value of the example.
        """
        operation = Operation.REPLACE if self.node.member(name) else Operation.ADD
        edits = mending.from_example(operation, self.at(name), example) if edits is None else edits
        present = self.node.member(name)
        self.log.add(
            "MEMBER_MISSING",
            present or self.node,
            self.at(name),
            name=name,
            owner=self.owner,
            example=example,
            seen="null" if present else "",
            fix=f"Send {example} instead of null." if present else "",
            edits=edits,
        )

    def wrong_kind(
        self, name: str, node: Node, wanted: str, example: str = "", edits: mending.Edits | None = None
    ) -> None:
        """Note that a member's value is of another kind than wanted, or what happened to it on the way.

        Args:
            wanted: the kind, in words.
            example: the member as it should be written.
            edits: what mends it; None to make of the value what is wanted, as far as it can be told.
        """
        text = node.value if isinstance(node, StringNode) and "object" in wanted else ""
        if is_type_name(text):
            self.log.add("MEMBER_TYPE_NAME", node, self.at(name), seen=self.log.reading.seen(node), name=name)
            return
        if text.lstrip()[:1] in ("{", "[") and text:
            seen, edits = self.log.reading.seen(node), mending.decoded(self.at(name), text)
            self.log.add("MEMBER_ENCODED_TWICE", node, self.at(name), seen=seen, name=name, edits=edits)
            return
        self.log.add(
            "MEMBER_WRONG_KIND",
            node,
            self.at(name),
            seen=self.log.reading.seen(node),
            name=name,
            wanted=wanted,
            kind=_kind_in_words(node, wanted),
            fix=f"Send {example}." if example else "",
            edits=self._of_kind(name, node, wanted, example) if edits is None else edits,
        )

    def _of_kind(self, name: str, node: Node, wanted: str, example: str) -> mending.Edits:
        """Return edits that make of a value what is wanted, as far as it can be told."""
        if wanted == "a string":
            return mending.as_text(self.at(name), node, self.log.reading)
        if wanted == "true or false":
            return mending.as_flag(self.at(name), node)
        if wanted == "an object":
            return mending.as_map(self.at(name), node, self.log.reading, example or '"": {}')
        return mending.from_example(Operation.REPLACE, self.at(name), example)

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
        if "\x00" in node.value:
            self.log.add("TEXT_NOT_STORABLE", node, self.at(name), seen="", what="a NUL character")
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
                read[member.name] = inner.text(member.name) or ""
            else:
                inner.wrong_kind(member.name, member.value, "a string", _as_text(member, self.log.reading))
        return read

    def list(self, name: str, *, example: str = "") -> tuple[tuple[Node, str], ...] | None:
        """Return the entries of an array member with their pointers; None if it is not given."""
        node = self.get(name)
        if node is None:
            return None
        if not isinstance(node, ArrayNode):
            alone = isinstance(node, StringNode) and not self.log.reading.hides(node)
            edits = mending.replaced(self.at(name), [node.plain()]) if alone else None
            self.wrong_kind(name, node, "an array", example, edits)
            return ()
        return tuple((item, f"{self.at(name)}/{index}") for index, item in enumerate(node.items))

    def strings(self, name: str, *, example: str = "", required: bool = False) -> tuple[str, ...] | None:
        """Return an array of strings, each once; None if it is not given.

        Args:
            example: the member as it should be written.
            required: a missing one is a finding.
        """
        entries = self.list(name, example=example)
        if entries is None:
            if required:
                self.missing(name, example)
            return None
        read: list[str] = []
        for node, pointer in entries:
            if isinstance(node, StringNode):
                if "\x00" in node.value:
                    self.log.add("TEXT_NOT_STORABLE", node, pointer, seen="", what="a NUL character")
                read.append(node.value)
            else:
                self.log.add(
                    "LIST_ENTRY_INVALID",
                    node,
                    pointer,
                    seen=self.log.reading.seen(node),
                    name=name,
                    kind=KINDS.get(node.kind, node.kind),
                    wanted="a string",
                    edits=mending.as_text(pointer, node, self.log.reading),
                )
        return tuple(dict.fromkeys(read))

    def choice(self, name: str, values: Iterable[str], *, required: bool = False) -> str | None:
        """Return a string member that takes one of a few values, in the case they are listed in.

        Args:
            required: a missing one is a finding.
        """
        known = tuple(values)
        text = self.text(name, example=f'"{name}": "{known[0]}"', required=required)
        if text is None:
            return None
        for value in known:
            if text.lower() == value.lower():
                return value
        near = nearest(text, known) or known[0]
        self.log.add(
            "MEMBER_NOT_ONE_OF",
            self.node.get(name),
            self.at(name),
            seen=self.log.reading.seen(self.node.get(name)),
            name=name,
            value=text[:60],
            values=", ".join(known),
            edits=mending.replaced(self.at(name), near),
        )
        return None

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
            # A key of a damaged text that stands where secrets stand may be a secret's debris.
            if member.name not in names and not (member.mended and self.log.reading.hides(member)):
                near = nearest(member.name, names)
                self.log.add(
                    "MEMBER_UNKNOWN",
                    member,
                    self.at(member.name),
                    name=member.name[:80],
                    owner=self.owner,
                    accepted=", ".join(names),
                    hint=f" Did you mean `{near}`?" if near else "",
                    edits=self.renaming(member.name, near),
                )

    def renaming(self, name: str, near: str) -> mending.Edits:
        """Return the edit that gives a member the name that was meant, if that one is free."""
        return (
            mending.renamed(self.at(name), near) if near and near not in self.node.names else mending.NOTHING
        )


def open_body(log: FindingLog, owner: str, example: str, known: Iterable[str]) -> Members | None:
    """Return the body's object; None, with a finding, if the body is none.

    An object that was sent inside a list or a wrapper (the JavaScript SDK's calling form `{"body": {…}}`) is
    noted, and read inside.

    Args:
        owner: what the object is called in sentences, such as `credential`.
        example: what a body looks like.
        known: the members of the model.
    """
    node, pointer = log.reading.root, ""
    if isinstance(node, ArrayNode) and len(node.items) == 1 and isinstance(node.items[0], ObjectNode):
        edits = mending.unwrapped("/0")
        log.add("BODY_IN_A_LIST", node, "", seen=log.reading.seen(node), owner=owner, edits=edits)
        log.unwrapped()
        node, pointer = node.items[0], "/0"
    if isinstance(node, StringNode) and is_type_name(node.value):
        if not node.mended:
            log.add("MEMBER_TYPE_NAME", node, "", seen=log.reading.seen(node), name="body")
        return None
    if isinstance(node, StringNode) and node.value.lstrip()[:1] in ("{", "["):
        seen, edits = "a string that contains JSON", mending.decoded("", node.value)
        log.add("BODY_ENCODED_TWICE", node, "", seen=seen, owner=owner, edits=edits)
        return None
    if not isinstance(node, ObjectNode):
        if node is not None:
            log.add("BODY_NOT_OBJECT", node, "", seen=log.reading.seen(node), owner=owner, example=example)
        return None
    wrapper = wrapper_of(node, known)
    if wrapper is None:
        return Members(log, node, pointer, owner)
    pointer = f"{pointer}/{wrapper.name}"
    seen, edits = f'{{"{wrapper.name}": {{…}}}}', mending.unwrapped(pointer)
    log.add("BODY_WRAPPED", wrapper, pointer, owner=owner, name=wrapper.name, seen=seen, edits=edits)
    log.unwrapped()
    return Members(log, wrapper.value, pointer, owner) if isinstance(wrapper.value, ObjectNode) else None


def body_object(reading: Reading, known: Iterable[str]) -> ObjectNode | None:
    """Return what `open_body` would read, without noting anything."""
    members = open_body(FindingLog(reading, strict=False), "", "", known)
    return members.node if members else None


def wrapper_of(node: ObjectNode, known: Iterable[str]) -> Member | None:
    """Return the member that wraps the real body; None if the object is the body itself."""
    names = frozenset(known)
    if any(name in names for name in node.names):
        return None
    members = (node.member(name) for name in WRAPPERS)
    return next((one for one in members if one is not None and isinstance(one.value, ObjectNode)), None)


def is_placeholder(text: str) -> bool:
    """Tell if a text is a placeholder that somebody should have replaced (`<id>`, `{{id}}`, `${id}`)."""
    return len(text) <= 200 and _PLACEHOLDER.fullmatch(text) is not None


def is_plausible_id(text: str) -> bool:
    """Tell if a text may be an id, so that it is worth being looked up."""
    return _ID.fullmatch(text) is not None


def is_type_name(text: str) -> bool:
    """Tell if a text is what programs print for an object that was not serialized."""
    return len(text) <= 2000 and _TYPE_NAME.fullmatch(text.strip()) is not None


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


def _kind_in_words(node: Node, wanted: str) -> str:
    """Return what a value is, so that it differs in words from what is wanted."""
    if isinstance(node, NumberNode) and "number" in wanted:
        return "one with an exponent" if "e" in node.text.lower() else "one with a fraction"
    return KINDS.get(node.kind, node.kind)


def _rank(finding: Finding) -> tuple[int, bool, int, int]:
    place = finding.place
    severity = _SEVERITIES.index(finding.severity)
    return severity, finding.after_repair, place.line or 0, place.column or 0


def _as_text(member: Member, reading: Reading) -> str:
    """Return how a scalar member would be written as a string; "" if it may be secret or is no scalar."""
    value = member.value
    if isinstance(value, NumberNode | LiteralNode) and not reading.hides(value):
        return f'"{member.name}": "{reading.raw(value)}"'
    return ""
