"""The tolerant, position-keeping reader of JSON.

It reads what a person meant: every fault of the text becomes a finding with its place and with what to write
instead, and reading goes on behind it, so that the checks of the content can go on too. Nothing that comes in
makes it raise, and its time is linear in the length of the text.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import replace
from enum import Enum
from typing import Any, Final

from jackfield.domain.catalogue import found
from jackfield.domain.finding import Finding, Place
from jackfield.domain.json_brackets import gap_by_indentation
from jackfield.domain.json_excerpts import Excerpts, hidden_spans
from jackfield.domain.json_faults import MAX_FAULTS, Fault, FaultLog
from jackfield.domain.json_nodes import (
    ArrayNode,
    Member,
    Node,
    NumberNode,
    ObjectNode,
    StringNode,
)
from jackfield.domain.json_parser import Parser
from jackfield.domain.secret import MASK

_UTF8_MARK: Final = b"\xef\xbb\xbf"
_WIDE_MARKS: Final = (
    (b"\xff\xfe\x00\x00", "utf-32-le", "it is UTF-32"),
    (b"\x00\x00\xfe\xff", "utf-32-be", "it is UTF-32"),
    (b"\xff\xfe", "utf-16-le", "it is UTF-16"),
    (b"\xfe\xff", "utf-16-be", "it is UTF-16"),
)
_SURROGATES: Final = re.compile("[\ud800-\udfff]+")
_START: Final = re.compile(r"\{\s{0,200}(?:[\"'“”}]|[\w$-]{1,80}\s{0,20}:)|\[\s{0,200}[\"'{\[\]\d]")
_SCALAR: Final = re.compile(r"[\"'`“”„‘’‚]|(?:-?[0-9][0-9.eE+-]*|true|false|null)\s*$")
_FILE_NAME: Final = re.compile(r"[\w.:\\/-]{1,200}\.(?:json|txt|js)\s*$")
_FORM: Final = re.compile(r"[\w.%+\[\]-]+=[^\s{}]*(?:&[\w.%+\[\]-]+=[^\s{}]*)*\s*$")
_HEADER: Final = re.compile(r"(?:GET|POST|PUT|PATCH|DELETE|HTTP/1\.[01]) \S+", re.IGNORECASE)
_YAML: Final = re.compile(r"(?:---\s|[\w\"' -]+:(?:\s|$))")
_SEEN: Final = 60


class Dialect(Enum):
    """What is read without fault: JSON alone, or also the literals of JavaScript or of Python."""

    JSON = frozenset[str]()
    JAVASCRIPT = frozenset(
        {
            "JSON_WRONG_QUOTES",
            "JSON_UNQUOTED_KEY",
            "JSON_TRAILING_COMMA",
            "JSON_COMMENT",
            "JSON_TEXT_BEFORE_START",
            "JSON_TEXT_AFTER_END",
        }
    )
    PYTHON = JAVASCRIPT | {"JSON_WRONG_LITERAL"}


class Reading:
    """A text and what was read in it.

    Args:
        text: the text as it was sent, without byte-order mark.
        root: its value; None if there is nothing like JSON in it.
        log: the faults of reading.
    """

    def __init__(self, text: str, root: Node | None, log: FaultLog) -> None:
        self.text = text
        self.root = root
        self.repaired = log.repaired
        self._excerpts: Excerpts | None = None
        self.faults: tuple[Finding, ...] = self._findings(log)

    def place(self, target: Node | Member | None, pointer: str) -> Place:
        """Return where a node or a member's key stands.

        Args:
            target: None for the text as a whole.
            pointer: JSON pointer of the node.
        """
        if target is None:
            return self._lines.place(0, 1, pointer) if self.text else Place(pointer)
        start, end = target.start, target.end
        if isinstance(target, ObjectNode | ArrayNode):
            end = start + 1
        return self._lines.place(start, end, pointer)

    def place_in(self, node: StringNode, index: int, pointer: str, width: int = 1) -> Place:
        """Return the place of a character of a string's value, such as a fault in a template.

        Args:
            index: 0-based index into `node.value`.
            width: how many characters of the value to underline.
        """
        offset = self._offset_in(node, index)
        behind = self._offset_in(node, index + width)
        return self._lines.place(offset, max(behind, offset + 1), pointer)

    def seen(self, node: Node | None) -> str:
        """Return a node in few words for a finding, masked if it may be secret."""
        if node is None:
            return ""
        if isinstance(node, ObjectNode):
            members = [member for name in node.names[:8] if (member := node.member(name)) is not None]
            names = ", ".join(MASK if self.hides(member) else _short(member.name) for member in members)
            return f"an object with {names}" if names else "an empty object"
        if isinstance(node, ArrayNode):
            return _array_in_words(len(node.items))
        if self.hides(node):
            return MASK
        return _short(node.value) if isinstance(node, StringNode) else self.raw(node)[:_SEEN]

    def hides(self, target: Node | Member) -> bool:
        """Tell if a value, or a member's key in a damaged text, may be a secret and must not be shown."""
        return self._lines.is_hidden(target.start, target.end)

    def raw(self, node: Node) -> str:
        """Return the JSON text of a node: the caller's own, or valid JSON in its stead if it was mended."""
        if not node.mended:
            return self.text[node.start : node.end]
        if isinstance(node, ObjectNode):
            members = (f"{_quoted(member.name)}: {self.raw(member.value)}" for member in node.members)
            return f"{{{', '.join(members)}}}"
        if isinstance(node, ArrayNode):
            return f"[{', '.join(self.raw(item) for item in node.items)}]"
        return node.text if isinstance(node, NumberNode) else _quoted(node.value)

    def line(self, target: Node | Member) -> int:
        """Return the 1-based line on which a node or key begins."""
        return self._lines.line(target.start)

    @property
    def _lines(self) -> Excerpts:
        if self._excerpts is None:
            self._excerpts = Excerpts(self.text, hidden_spans(self.text, self.root, damaged=self.repaired))
        return self._excerpts

    def _offset_in(self, node: StringNode, index: int) -> int:
        """Return the offset in the text of a character of a string's value."""
        position, left = node.start + 1, index
        while left > 0 and position < node.end:
            if self.text[position] != "\\":
                position += 1
            elif self.text[position + 1 : position + 2] == "u":
                pair = self.text[position + 2 : position + 4].lower() in ("d8", "d9", "da", "db")
                position += 12 if pair and self.text.startswith("\\u", position + 6) else 6
            else:
                position += 2
            left -= 1
        return max(node.start, min(position, node.end - 1))

    def _findings(self, log: FaultLog) -> tuple[Finding, ...]:
        """Make findings of the noted faults, in the order of the text."""
        findings: dict[str, Finding] = {}
        ordered: list[Finding] = []
        for fault in sorted(log.faults, key=lambda item: item.start):
            finding = self._finding(fault)
            ordered.append(finding)
            findings[fault.code] = finding
        for code, last in findings.items():
            if log.unlisted(code):
                more = f"{last.message} (and {log.unlisted(code)} more of this kind)"
                ordered[ordered.index(last)] = replace(last, message=more)
        return tuple(ordered)

    def _finding(self, fault: Fault) -> Finding:
        hidden = self._lines.is_hidden(*(fault.source or (fault.start, fault.end)))
        quoted = dict.fromkeys(fault.quoted, MASK) if hidden else dict(fault.quoted)
        place = self._lines.place(fault.start, fault.end, self._pointer_at(fault.start))
        seen = self._lines.shown(fault.start, min(fault.end, fault.start + _SEEN, len(self.text))).strip()
        words: dict[str, Any] = {**fault.words, **quoted}
        return found(fault.code, place, seen=seen, **words)

    def _pointer_at(self, offset: int) -> str:
        """Return the JSON pointer of the innermost node at an offset."""
        pointer, node = "", self.root
        while isinstance(node, ObjectNode | ArrayNode):
            if isinstance(node, ObjectNode):
                index = bisect_right(node.members, offset, key=lambda member: member.start) - 1
                if index < 0 or _behind(node.members[index], offset):
                    break
                member = node.members[index]
                if self.hides(member):
                    break
                pointer += f"/{escaped(member.name)}"
                node = member.value
            else:
                index = bisect_right(node.items, offset, key=lambda item: item.start) - 1
                if index < 0 or node.items[index].end <= offset:
                    break
                pointer += f"/{index}"
                node = node.items[index]
        return pointer


def read_json(source: bytes | str, *, dialect: Dialect = Dialect.JSON) -> Reading:
    """Read a whole text as one JSON value.

    Args:
        source: bytes are read as UTF-8, whatever they are; a str is taken as it is.
        dialect: with Dialect.JAVASCRIPT the forms of JavaScript literals are no faults.
    """
    log = FaultLog(dialect.value)
    text = _decoded(source, log) if isinstance(source, bytes) else _without_halves(source, log)
    start = _begin(text, log)
    if start is None:
        return Reading(text, None, log)
    parser = Parser(text, log)
    root = parser.value(start)
    if parser.open_at_end and "\n" in text:
        gap = gap_by_indentation(text)
        if gap is not None:
            log = _restarted(log, dialect)
            root = Parser(text, log, gap=gap).value(start)
    _end(text, root, log)
    return Reading(text, root, log)


def read_json_at(text: str, start: int, *, dialect: Dialect = Dialect.JSON) -> Reading:
    """Read the one JSON value that begins at an offset of a larger text; `root.end` tells where it ends."""
    log = FaultLog(dialect.value)
    return Reading(text, Parser(text, log, whole=False).value(start), log)


def escaped(name: str) -> str:
    """Return a member's name as a part of a JSON pointer."""
    return name.replace("~", "~0").replace("/", "~1")


def _behind(member: Member, offset: int) -> bool:
    """Tell if an offset stands behind a member; the place of a missing value still belongs to it."""
    missing = member.value.start == member.value.end
    return offset > member.value.end if missing else offset >= member.value.end


def _quoted(value: str | bool | None) -> str:
    return json.dumps(value, ensure_ascii=False)


def _array_in_words(count: int) -> str:
    if not count:
        return "an empty array"
    return "an array of 1 item" if count == 1 else f"an array of {count} items"


def _short(value: str) -> str:
    return _quoted(value if len(value) <= _SEEN else value[: _SEEN - 1] + "…")


def _decoded(source: bytes, log: FaultLog) -> str:
    """Decode UTF-8; note a byte-order mark and what is not UTF-8."""
    if source.startswith(_UTF8_MARK):
        log.note("JSON_BYTE_ORDER_MARK", 0, 1)
        source = source[len(_UTF8_MARK) :]
    for mark, encoding, reason in _WIDE_MARKS:
        if source.startswith(mark):
            log.mend("JSON_NOT_UTF8", 0, 1, words={"reason": reason})
            return source[len(mark) :].decode(encoding, "replace")
    try:
        return source.decode()
    except UnicodeDecodeError as error:
        before = len(source[: error.start].decode("utf-8", "replace"))
        reason = f"the byte 0x{source[error.start]:02X} at offset {error.start} begins no character"
        log.mend("JSON_NOT_UTF8", before, before + 1, words={"reason": reason})
        return source.decode("utf-8", "replace")


def _without_halves(text: str, log: FaultLog) -> str:
    """Return a text without byte-order mark and lone surrogates, which cannot be written anywhere."""
    if text.startswith("\ufeff"):
        log.note("JSON_BYTE_ORDER_MARK", 0, 1)
        text = text[1:]
    half = _SURROGATES.search(text)
    if half is None:
        return text
    log.mend("JSON_NOT_UTF8", half.start(), half.end(), words={"reason": "it contains half of a character"})
    return _SURROGATES.sub(lambda match: "\ufffd" * len(match[0]), text)


def _begin(text: str, log: FaultLog) -> int | None:
    """Return the offset where the JSON begins; None (and a fault) if there is none."""
    start = Parser(text, FaultLog()).words.skip(0)
    if start >= len(text):
        log.note("JSON_EMPTY_BODY", 0, 0)
        return None
    if text[start] in "{[" or _SCALAR.match(text, start):
        return 0
    opening = _START.search(text, start)
    if opening is None or _FORM.match(text, start) or text[start] == "<":
        kind, advice = _guess(text, start)
        words = {"kind": kind, "advice": advice}
        log.note("JSON_NOT_JSON", start, start + len(text[start : start + 40].split("\n")[0]), words=words)
        return None
    log.mend("JSON_TEXT_BEFORE_START", start, opening.start())
    return opening.start()


def _guess(text: str, start: int) -> tuple[str, str]:
    """Tell what a text that is not JSON looks like, and what to do."""
    if text[start] == "<":
        return "XML or HTML", "Send JSON; if this is an answer you got, something else than the API answered"
    if text[start] == "@" or _FILE_NAME.match(text, start):
        return "a file's name", "Let curl read the file: --data-binary @file, without quotes around the @"
    if _HEADER.match(text, start):
        return "a whole HTTP message", "Send only what stands below the headers as the body"
    if _FORM.match(text, start):
        return "form data", "Send a JSON object with the same members, and Content-Type: application/json"
    if _YAML.match(text, start):
        return "YAML or a text without braces", "Put the members between { and }, with quotes around keys"
    return "plain text", "Send a JSON object"


def _restarted(log: FaultLog, dialect: Dialect) -> FaultLog:
    """Return a new log with the faults that were noted before parsing began."""
    fresh = FaultLog(dialect.value)
    for fault in log.faults:
        if fault.code in ("JSON_BYTE_ORDER_MARK", "JSON_NOT_UTF8", "JSON_TEXT_BEFORE_START"):
            add = fresh.note if fault.code == "JSON_BYTE_ORDER_MARK" else fresh.mend
            add(fault.code, fault.start, fault.end, fault.words, fault.quoted, fault.source)
    return fresh


def _end(text: str, root: Node, log: FaultLog) -> None:
    """Note what follows the end of the JSON, or that the end was not reached."""
    if log.given_up:
        log.note("JSON_TOO_MANY_FAULTS", 0, 1, words={"maximum": str(MAX_FAULTS)})
        return
    behind = Parser(text, log).words.skip(root.end)
    if behind < len(text):
        line = text.find("\n", behind)
        log.mend("JSON_TEXT_AFTER_END", behind, line if line > behind else len(text))
