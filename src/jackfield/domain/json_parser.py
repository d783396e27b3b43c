"""The tolerant parser of JSON: reads on after every fault, so that all of them are found at once.

What is well formed is read with one regular expression for each key and value; everything else takes the slow
road through `json_strings` and `json_words`. The parser never raises and never looks at a piece of text more
than a bounded number of times.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from jackfield.domain.json_brackets import CLOSER, behind_balanced, closers_left
from jackfield.domain.json_faults import FaultLog
from jackfield.domain.json_nodes import (
    ArrayNode,
    LiteralNode,
    Member,
    Node,
    NumberNode,
    ObjectNode,
    StringNode,
)
from jackfield.domain.json_strings import OPENING, StringReader, shown
from jackfield.domain.json_words import LITERALS, NUMBER, WordReader

MAX_DEPTH: Final = 50
"""Levels of nesting that the cloud takes."""

_STRING = r'"([^"\\\x00-\x1f]*+(?:\\.[^"\\\x00-\x1f]*+)*+)"'
_BLANKS = r"[ \t\r\n]*+"
_FAST_KEY: Final = re.compile(rf"{_BLANKS}{_STRING}{_BLANKS}:{_BLANKS}")
_FAST_VALUE: Final = re.compile(
    rf"{_BLANKS}(?:(?:{_STRING}|({NUMBER.pattern})|(true|false|null))(?={_BLANKS}[,}}\]])|([{{\[]))"
)
_AFTER: Final = re.compile(rf"{_BLANKS}([,}}\]])")
_MORE_MEMBERS: Final = re.compile(rf"{_BLANKS},?{_BLANKS}(?={_STRING}{_BLANKS}:)")
_NEXT_WORD: Final = re.compile(r"\"[^\"\r\n]{0,40}\"?|[^\s,{}\[\]]{1,40}|[{\[]")
_KEY_AHEAD: Final = re.compile(r"[\w$-]{1,80}\s{0,20}[:=]")
_STARTS_VALUE: Final = re.compile(r"[\w\"'`“”„‘’{\[<$-]")
_RUN: Final = re.compile(r"[^,{}\[\]\"'`\r\n]++")
_ARROW: Final = re.compile(r"=>?")
_PREFIX: Final = re.compile(r"[bBuUrRfF]{1,2}(?=[\"'])")
_MAX_LOOKAHEADS: Final = 5


@dataclass(slots=True)
class _Frame:
    """One open object or array.

    Args:
        start: offset of its bracket.
        bracket: `{` or `[`.
        depth: its level, 1 for the outermost.
        comma: offset of a comma that no entry has followed yet, -1 if there is none.
        end: offset behind its closing bracket, -1 while it is open.
    """

    start: int
    bracket: str
    depth: int
    comma: int = -1
    end: int = -1
    members: list[Member] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)
    first: dict[str, int] = field(default_factory=dict)


class Parser:
    """Reads one value out of a text.

    Args:
        text: the whole text.
        log: takes the faults.
        gap: offset of a bracket that is known to be left open, and of the token before which to close it.
        whole: the text is one JSON document; members behind its end belong to it.
    """

    def __init__(
        self, text: str, log: FaultLog, *, gap: tuple[int, int] | None = None, whole: bool = True
    ) -> None:
        self.text = text
        self.log = log
        self.strings = StringReader(text, log)
        self.words = WordReader(text, log)
        self.open_at_end = False
        self._gap = gap
        self._whole = whole
        self._open: list[_Frame] = []
        self._lookaheads = 0

    def value(self, start: int, label: str = "") -> Node:
        """Read the value that stands at or after `start`; its `end` tells where to go on."""
        fast = _FAST_VALUE.match(self.text, start)
        if fast is None:
            return self._slow_value(start, label)
        group = fast.lastindex
        begin, end = fast.span(group or 0)
        if group == 1:
            content = fast[1]
            if "\\" not in content:
                return StringNode(content, begin - 1, end + 1)
            return self.strings.read(begin - 1, label)
        if group == 2:
            return self.words.number(fast[2], begin, end)
        if group == 3:
            return LiteralNode(LITERALS[fast[3]], begin, end)
        return self._bracket(begin)

    def _bracket(self, start: int) -> Node:
        """Read what opens with a bracket: an object, an array, or a placeholder in double braces."""
        if self.text.startswith(("{{", "[object "), start):
            placeholder = self.words.placeholder(start)
            if placeholder is not None:
                return placeholder
        bracket = self.text[start]
        if len(self._open) >= MAX_DEPTH:
            self.log.mend("JSON_TOO_DEEP", start, start + 1, words={"maximum": str(MAX_DEPTH)})
            end = behind_balanced(self.text, start)
            return ObjectNode((), start, end, True) if bracket == "{" else ArrayNode((), start, end, True)
        mended = self.log.mended
        frame = _Frame(start, bracket, len(self._open) + 1)
        self._open.append(frame)
        if bracket == "{":
            self._fill_object(frame)
        else:
            self._fill_array(frame)
        self._open.pop()
        changed = self.log.mended > mended
        if bracket == "{":
            return ObjectNode(tuple(frame.members), start, frame.end, changed)
        return ArrayNode(tuple(frame.items), start, frame.end, changed)

    def _fill_object(self, frame: _Frame) -> None:
        """Read the members of an object up to its end."""
        text, position = self.text, frame.start + 1
        while True:
            fast = _FAST_KEY.match(text, position)
            if fast is not None and self._gap is None:
                name, begin, end = fast[1], fast.start(1) - 1, fast.end(1) + 1
                if "\\" in name:
                    name = self.strings.decode(begin + 1, end - 1)
                position = fast.end()
                has_value, mended = True, False
            else:
                key = self._next_key(position, frame)
                if key is None:
                    return
                name, begin, end, mended = key.value, key.start, key.end, key.mended
                position, has_value = self._colon(key)
            value = self.value(position, f'"{name}": ') if has_value else _nothing(position)
            self._add(frame, Member(name, value, begin, end, mended))
            position = self._after(value.end, frame)

    def _add(self, frame: _Frame, member: Member) -> None:
        """Add a member and note it if its key was there before."""
        frame.comma = -1
        frame.members.append(member)
        first = frame.first.setdefault(member.name, member.start)
        if first != member.start and not self.log.given_up:
            line = self.text.count("\n", 0, first) + 1 if self.log.counts["JSON_DUPLICATE_KEY"] < 20 else 0
            self.log.note(
                "JSON_DUPLICATE_KEY",
                member.start,
                member.end,
                words={"line": str(line)},
                quoted={"key": shown(member.name)},
            )

    def _next_key(self, start: int, frame: _Frame) -> StringNode | None:
        """Read the next key of an object in whatever form; None when the object ends."""
        position = start
        while True:
            position = self.words.skip(position)
            letter = self.text[position : position + 1]
            if self._ends(letter, position, frame):
                more = self._members_outside(frame)
                if more < 0:
                    return None
                position = more
            elif letter == ",":
                position = self._extra_comma(position, frame)
            elif letter in OPENING:
                return self.strings.read(position)
            elif letter in ("{", "["):
                position = self._value_without_key(position, frame)
            else:
                key = self._bare_key(position)
                if isinstance(key, StringNode):
                    return key
                frame.comma = -1
                position = self._after(key, frame)

    def _bare_key(self, start: int) -> StringNode | int:
        """Read a key without quotes, or return the offset behind what cannot be a key."""
        placeholder = self.words.placeholder(start)
        if placeholder is not None:
            behind = self.words.skip(placeholder.end)
            return placeholder if self.text.startswith(":", behind) else placeholder.end
        key = None if self.text[start] in ":=;" else self.words.key(start)
        return key or self._unexpected(start, start + 1, "a key or }")

    def _value_without_key(self, start: int, frame: _Frame) -> int:
        """Read a value that stands where a key belongs; the members of an object are taken over."""
        self.log.mend("JSON_KEY_EXPECTED", start, start + 1)
        value = self.value(start)
        if isinstance(value, ObjectNode):
            for member in value.members:
                self._add(frame, member)
        return self._after(value.end, frame)

    def _colon(self, key: StringNode) -> tuple[int, bool]:
        """Return where the value of a key begins, and whether there is one."""
        position = self.words.skip(key.end)
        letter = self.text[position : position + 1]
        if letter == ":":
            return position + 1, True
        arrow = _ARROW.match(self.text, position)
        begin, end = arrow.span() if arrow else (key.end, key.end + 1)
        span = (key.start, key.end)
        self.log.mend("JSON_COLON_EXPECTED", begin, end, quoted={"key": shown(key.value)}, source=span)
        if arrow is not None:
            return end, True
        if letter in ("", ",", "}", "]"):
            return key.end, False
        return position, True

    def _fill_array(self, frame: _Frame) -> None:
        """Read the items of an array up to its end."""
        position = frame.start + 1
        while True:
            position = self.words.skip(position)
            letter = self.text[position : position + 1]
            if self._ends(letter, position, frame):
                return
            if letter == ",":
                position = self._extra_comma(position, frame)
                continue
            if self.text.startswith(("...", "…"), position):
                frame.comma = -1
                ellipsis = self.words.placeholder(position)
                position = self._after(ellipsis.end if ellipsis else position + 1, frame)
                continue
            frame.comma = -1
            item = self.value(position)
            frame.items.append(item)
            position = self._after(item.end, frame)

    def _ends(self, letter: str, position: int, frame: _Frame) -> bool:
        """Tell if the open bracket ends here, and set its end."""
        if self._gap == (frame.start, position):
            self._unclosed(frame, position, f"before line {self.text.count(chr(10), 0, position) + 1}")
            return True
        if self.log.given_up:
            self.log.mended += 1
            frame.end = len(self.text)
            return True
        if letter == "":
            self.open_at_end = True
            self._unclosed(frame, position, "at the end")
            return True
        if letter not in ("}", "]"):
            return False
        if frame.comma >= 0:
            self.log.mend("JSON_TRAILING_COMMA", frame.comma, frame.comma + 1, words={"bracket": letter})
            frame.comma = -1
        wanted = CLOSER[frame.bracket]
        if letter != wanted and self._belongs_outside(position):
            self._unclosed(frame, position, f"before this `{letter}`")
            return True
        if letter != wanted:
            self.log.mend(
                "JSON_WRONG_BRACKET", position, position + 1, words={"closer": letter, "wanted": wanted}
            )
        frame.end = position + 1
        return True

    def _belongs_outside(self, position: int) -> bool:
        """Tell if a bracket of the wrong kind closes what is further out, leaving the inner one open."""
        kinds = [CLOSER[frame.bracket] for frame in self._open[:-1]]
        if self.text[position] not in kinds or self._lookaheads >= _MAX_LOOKAHEADS:
            return False
        self._lookaheads += 1
        return closers_left(self.text, position + 1) < len(kinds)

    def _unclosed(self, frame: _Frame, position: int, where: str) -> None:
        """Note a bracket as left open and close it here; at the end of the text one note is enough."""
        frame.end = position
        if where == "at the end" and "JSON_UNCLOSED_BRACKET" in self.log.counts:
            self.log.mended += 1
            return
        inner = reversed(self._open) if where == "at the end" else [frame]
        self.log.mend(
            "JSON_UNCLOSED_BRACKET",
            frame.start,
            frame.start + 1,
            words={
                "bracket": frame.bracket,
                "wanted": "".join(CLOSER[item.bracket] for item in inner),
                "where": where,
            },
        )

    def _members_outside(self, frame: _Frame) -> int:
        """Return where members go on behind the end of the outermost object, -1 if none do."""
        more = _MORE_MEMBERS.match(self.text, frame.end) if self._whole and frame.depth == 1 else None
        if more is None or frame.end <= frame.start + 1 or self.text[frame.end - 1] != "}":
            return -1
        self.log.mend("JSON_CLOSED_TOO_EARLY", frame.end - 1, frame.end)
        frame.end = -1
        return more.end()

    def _extra_comma(self, position: int, frame: _Frame) -> int:
        """Note a comma that no entry precedes, and return the offset behind it."""
        self.log.mend("JSON_EXTRA_COMMA", position, position + 1)
        frame.comma = -1
        return position + 1

    def _after(self, start: int, frame: _Frame) -> int:
        """Read what stands between two entries; return where the next entry or the closing bracket is."""
        position = start
        while True:
            fast = _AFTER.match(self.text, position)
            if fast is not None and fast[1] == ",":
                frame.comma = fast.end() - 1
                return fast.end()
            position = self.words.skip(position)
            letter = self.text[position : position + 1]
            if letter in ("", "}", "]") or self.log.given_up:
                return position
            if letter == ",":
                frame.comma = position
                return position + 1
            if letter == ";":
                return self._unexpected(position, position + 1, "a comma")
            if self._gap is not None and position == self._gap[1]:
                # The bracket and the comma behind it were lost together: one fault, noted as the bracket's.
                self.log.mended += 1
                return position
            if _STARTS_VALUE.match(self.text, position) and self._starts_entry(position, frame):
                word = _NEXT_WORD.match(self.text, position)
                self.log.mend(
                    "JSON_COMMA_MISSING",
                    start,
                    start + 1,
                    quoted={"next": word[0] if word else letter},
                    source=(position, word.end() if word else position + 1),
                )
                return position
            run = _RUN.match(self.text, position)
            position = self._unexpected(position, run.end() if run else position + 1, "a comma")

    def _starts_entry(self, position: int, frame: _Frame) -> bool:
        """Tell if what follows an entry without a comma is another entry and not mere rubbish."""
        if frame.bracket == "[" or self.text[position] in OPENING:
            return True
        return _KEY_AHEAD.match(self.text, position) is not None

    def _unexpected(self, start: int, end: int, wanted: str) -> int:
        """Note characters that belong nowhere, and return the offset behind them."""
        stripped = self.text[start:end].rstrip()
        end = start + max(1, len(stripped))
        self.log.mend(
            "JSON_UNEXPECTED_CHARACTER",
            start,
            end,
            words={"wanted": wanted.capitalize()},
            quoted={"characters": f"`{stripped[:20]}`"},
        )
        return end

    def _slow_value(self, start: int, label: str) -> Node:
        """Read a value in whatever form it has."""
        position = start
        while True:
            position = self.words.skip(position)
            letter = self.text[position : position + 1]
            if self.log.given_up:
                return _nothing(len(self.text))
            if letter in ("", ",", "}", "]"):
                where = f"after the key {label.rstrip(': ')}" if label else "here"
                self.log.mend("JSON_VALUE_MISSING", position, position + 1, quoted={"where": where})
                return _nothing(position)
            if letter in OPENING:
                return self.strings.read(position, label)
            if letter in ("{", "["):
                return self._bracket(position)
            word = self._word(position)
            if word is not None:
                return word
            prefix = _PREFIX.match(self.text, position)
            position = self._unexpected(position, prefix.end() if prefix else position + 1, "a value")

    def _word(self, start: int) -> StringNode | NumberNode | LiteralNode | None:
        """Read a placeholder or bare word; None if there is none."""
        if self.text[start] in ":=;" or _PREFIX.match(self.text, start):
            return None
        return self.words.placeholder(start) or self.words.word(start)


def _nothing(position: int) -> LiteralNode:
    """Return the null that stands for a missing value."""
    return LiteralNode(None, position, position, mended=True)
