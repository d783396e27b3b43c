"""Lines, columns and excerpts of a text, with everything masked that may be secret."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from jackfield.domain.finding import Place
from jackfield.domain.json_nodes import ArrayNode, Member, Node, ObjectNode, StringNode
from jackfield.domain.secret import MASK
from jackfield.domain.sensitive import holds_only_secrets, holds_secret, is_of_reference, is_template

MAX_EXCERPT: Final = 160
_BEFORE: Final = 60
_AROUND: Final = 400
_LINE_BREAK: Final = re.compile(r"\r\n|\r|\n")
_UNPRINTABLE: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
_NOT_STRUCTURE: Final = re.compile(r"[^\s,:{}\[\]]++")
_NAMED_SECRET: Final = re.compile(
    r"""["'“]?(?P<name>(?:password|passwd|passphrase|secret|token|authorization|api[-_]?key|private[-_]?key|pwd)[\w-]{0,20})
    ["'”]?(?:\s*[:=]\s*|\s+(?=["'“]))(["'“]?)(?P<secret>[^\s"',;&{}\[\]][^"'\r\n&]*)""",
    re.IGNORECASE | re.VERBOSE,
)
_CONTAINER: Final = re.compile(
    r"(?:credential[-_]?fields?|credential[-_]?values|secrets|[\"']fields)\W{0,20}?[{\[]", re.IGNORECASE
)
_PIECE: Final = re.compile(r"(?P<key>\"[\w.-]{1,80}\"\s*(?=:))|(?P<bracket>[{}])|[^\s,:{}\[\]]++")
_SCHEME_SECRET: Final = re.compile(r"\b(?:Bearer|Basic)\s+(?P<secret>[A-Za-z0-9+/=._~-]{8,})", re.IGNORECASE)

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Window:
    """The part of a line that an excerpt shows, and its masked pieces."""

    start: int
    end: int
    masked: Sequence[Span]


class Excerpts:
    """Makes places in one text.

    Args:
        text: the whole text.
        hidden: spans that may hold secrets, in order and without overlap.
    """

    def __init__(self, text: str, hidden: Sequence[Span] = ()) -> None:
        self._text = text
        self._hidden = hidden
        self._starts = [0, *(match.end() for match in _LINE_BREAK.finditer(text))]

    def line(self, offset: int) -> int:
        """Return the 1-based line of an offset."""
        return bisect_right(self._starts, offset)

    def is_hidden(self, start: int, end: int) -> bool:
        """Tell if a span touches something that may be secret."""
        line_start = self._starts[self.line(start) - 1]
        return bool(self._masked(start, max(end, start + 1), line_start))

    def shown(self, start: int, end: int) -> str:
        """Return a short span of the text, masked where it may be secret."""
        line_start = self._starts[self.line(start) - 1]
        window = _Window(start, end, tuple(self._masked(start, end, line_start)))
        return self._drawn(window, start, end)[0]

    def place(self, start: int, end: int, pointer: str) -> Place:
        """Make the place of a span of the text."""
        line = self.line(start)
        line_start = self._starts[line - 1]
        line_end = self._line_end(line_start)
        first = line_start if line_end - line_start <= MAX_EXCERPT else max(line_start, start - _BEFORE)
        last = min(line_end, first + MAX_EXCERPT)
        window = _Window(first, last, tuple(self._masked(first, last, line_start)))
        excerpt, caret, behind = self._drawn(window, start, min(max(end, start + 1), max(last, start + 1)))
        if first > line_start:
            excerpt, caret, behind = "…" + excerpt, caret + 1, behind + 1
        column = start - line_start + 1
        return Place(
            pointer=pointer,
            line=line,
            column=column,
            excerpt=excerpt + ("…" if last < line_end else ""),
            width=max(1, behind - caret),
            caret_column=None if caret == column else caret,
        )

    def _line_end(self, line_start: int) -> int:
        match = _LINE_BREAK.search(self._text, line_start)
        return match.start() if match else len(self._text)

    def _touching(self, start: int, end: int) -> Iterable[Span]:
        """Yield the hidden spans that touch a span."""
        index = max(0, bisect_right(self._hidden, (start, start)) - 1)
        for span in self._hidden[index:]:
            if span[0] >= end:
                return
            if span[1] > start:
                yield span

    def _masked(self, first: int, last: int, line_start: int) -> list[Span]:
        """Return what is to be masked in a window: hidden spans, and what looks like a secret."""
        spans = [(max(start, first), min(end, last)) for start, end in self._touching(first, last)]
        before, last = max(line_start, first - _AROUND), min(last, first + _AROUND)
        for pattern in (_NAMED_SECRET, _SCHEME_SECRET):
            for match in pattern.finditer(self._text, before, last):
                begin, end = max(match.start("secret"), first), min(match.end("secret"), last)
                harmless = pattern is _NAMED_SECRET and not holds_secret(match["name"])
                if begin < end and not harmless and not is_template(match["secret"]):
                    spans.append((begin, end))
        return merged(spans)

    def _drawn(self, window: _Window, start: int, end: int) -> tuple[str, int, int]:
        """Draw a window; return it with the 1-based columns where a span begins and where it has ended."""
        pieces: list[str] = []
        drawn, position = 0, window.start
        columns = {start: start - window.start, end: end - window.start}
        for begin, stop in (*window.masked, (window.end, window.end)):
            pieces.append(_UNPRINTABLE.sub(" ", self._text[position:begin]))
            for offset in columns:
                if position <= offset <= begin:
                    columns[offset] = drawn + offset - position
            drawn += begin - position
            if stop > begin:
                pieces.append(MASK)
                for offset in columns:
                    if begin < offset < stop:
                        columns[offset] = drawn + (len(MASK) if offset == end else 0)
                drawn += len(MASK)
            position = stop
        return "".join(pieces), columns[start] + 1, columns[end] + 1


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, with overlapping and touching ones joined."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif end > start:
            joined.append((start, end))
    return joined


def hidden_spans(text: str, root: Node | None, *, damaged: bool) -> list[Span]:
    """Return the spans of a read text that may hold secrets: judged by the names of members.

    Args:
        damaged: the text had to be repaired, so that its nodes may not be what was meant.
    """
    spans: list[Span] = []
    if root is not None:
        _collect(text, root, spans)
    if damaged or root is None or root.mended:
        spans.extend(_by_sight(text))
    return merged(spans)


def _by_sight(text: str) -> Iterable[Span]:
    """Yield what may be secret in a damaged text, where the nodes cannot be relied on to hold all of it."""
    behind = 0
    for container in _CONTAINER.finditer(text):
        level = 1
        for match in _PIECE.finditer(text, max(behind, container.end())):
            if match["bracket"]:
                level += 1 if match["bracket"] == "{" else -1
            elif not match["key"]:
                yield match.span()
            behind = match.end()
            if level == 0:
                break


def _collect(text: str, node: Node, spans: list[Span]) -> None:
    if isinstance(node, ArrayNode):
        for item in node.items:
            _collect(text, item, spans)
    elif isinstance(node, ObjectNode):
        for member in node.members:
            _collect_member(text, member, spans)
    elif isinstance(node, StringNode) and _holds_secret_json(node.value):
        spans.append((node.start, node.end))


def _holds_secret_json(value: str) -> bool:
    """Tell if a string holds JSON with a secret in it, such as a credential that was serialized twice."""
    if value.lstrip()[:1] not in ("{", "["):
        return False
    named = (match for match in _NAMED_SECRET.finditer(value) if holds_secret(match["name"]))
    return _CONTAINER.search(value) is not None or any(not is_template(match["secret"]) for match in named)


def _collect_member(text: str, member: Member, spans: list[Span]) -> None:
    value = member.value
    if holds_only_secrets(member.name, is_list=isinstance(value, ArrayNode)):
        spans.extend(_everything(text, value))
    elif member.name == "credentials" and isinstance(value, ObjectNode):
        _collect_slots(text, value, spans)
    elif not holds_secret(member.name) or isinstance(value, ObjectNode):
        _collect(text, value, spans)
    elif not (isinstance(value, StringNode) and is_template(value.value)):
        spans.append((value.start, _to_line_end(text, value) if value.mended else value.end))


def _collect_slots(text: str, slots: ObjectNode, spans: list[Span]) -> None:
    """Collect the texts of a slot map that are no part of a reference: likely secrets, out of place."""
    for member in slots.members:
        if isinstance(member.value, ObjectNode):
            _collect_slots(text, member.value, spans)
        elif (
            isinstance(member.value, StringNode)
            and len(slots.members) > 1
            and not is_of_reference(member.name)
        ):
            spans.append((member.value.start, member.value.end))
        else:
            _collect_member(text, member, spans)


def _everything(text: str, node: Node) -> Iterable[Span]:
    """Yield everything in a node but the keys and brackets; where it was mended, all but clean keys."""
    if not isinstance(node, ObjectNode):
        yield node.start, _to_line_end(text, node) if node.mended else node.end
        return
    if not node.mended:
        for member in node.members:
            yield from _everything(text, member.value)
        return
    position = node.start + 1
    clean = [member for member in node.members if not member.mended]
    for start, end in (*((member.start, member.end) for member in clean), (_to_line_end(text, node),) * 2):
        for match in _NOT_STRUCTURE.finditer(text, position, max(position, start)):
            yield match.span()
        position = max(position, end)


def _to_line_end(text: str, node: Node) -> int:
    """Return the end of the line on which a mended node ends: its rest may belong to the secret."""
    match = _LINE_BREAK.search(text, node.end)
    return match.start() if match else len(text)
