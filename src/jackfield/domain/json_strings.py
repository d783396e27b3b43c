"""Strings of JSON in every state in which they arrive: cut, doubled, curled, unescaped.

The plain case is read by one regular expression in the parser; this module is the slow road for all others.
Every search either moves the place of reading forward or is remembered as fruitless, so that reading stays
linear in the length of the text.
"""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import dataclass
from typing import Final

from jackfield.domain.json_faults import FaultLog
from jackfield.domain.json_nodes import StringNode

STRING: Final = re.compile(r'"[^"\\\x00-\x1f]*+(?:\\.[^"\\\x00-\x1f]*+)*+"')
SMART_DOUBLE: Final = "“”„‟«»″＂"
SMART_SINGLE: Final = "‘’‚‛′"
OPENING: Final = "\"'`" + SMART_DOUBLE + SMART_SINGLE

# What may follow a complete string: the end of the text, or something that separates.
_FOLLOWED: Final = re.compile(r"[ \t\r\n]*(?:[,:}\]]|$|//|/\*|=)")
_FOLLOWED_BY_COLON: Final = re.compile(r"[ \t\r\n]*:")
_STRAY: Final = re.compile(r"[ \t\r\n]*(?:[,}\]]|$)")
_ACROSS_LINES: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_DOUBLED: Final = re.compile(r'""([^"\r\n]*)""')
_EMBEDDED: Final = re.compile(r'"\s{0,200}[{\[][\s{\[]{0,200}"(?=[\w$-])')
_BRACKET: Final = re.compile(r"[{}\[\]]")
_QUOTE_BEHIND: Final = re.compile(r'\s{0,200}"')
_OPENING_BEFORE: Final = re.compile(r"(?:^|[,{\[:])[ \t]*$")
_LINE_END: Final = re.compile(r"[^\r\n]*")
_SMART_CLOSE: Final = re.compile(rf"[{SMART_DOUBLE}](?=[ \t]*(?:[,:}}\]]|[\r\n]|$))")
_ESCAPE: Final = re.compile(r'\\u[0-9a-fA-F]{4}|\\["\\/bfnrt]|\\x[0-9a-fA-F]{2}|\\.?|[\x00-\x1f]', re.DOTALL)
_TO_BE_DECODED: Final = re.compile(r"[\\\x00-\x1f]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_SIMPLE_ESCAPES: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_CONTROL_NAMES: Final = {
    "\n": ("a line break", "\\n"),
    "\r": ("a carriage return", "\\r"),
    "\t": ("a tab", "\\t"),
}
_SHOWN: Final = 40
_MAX_CLOSERS: Final = 20


def shown(text: str) -> str:
    """Return a text as a JSON string short enough for a message."""
    return json.dumps(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…", ensure_ascii=False)


@dataclass(slots=True)
class StringReader:
    """Reads one string after the other out of a text.

    Args:
        text: the whole text.
        log: takes the faults.
    """

    text: str
    log: FaultLog
    _no_triple_after: bool = False
    _no_close_after: bool = False
    _fruitless_until: int = -1
    _no_embedding_until: int = -1
    _line: tuple[int, int] = (0, -1)

    def read(self, start: int, label: str = "") -> StringNode:
        """Read the string that opens at `start`, which holds any kind of quote.

        Args:
            start: offset of the opening quote.
            label: the key with its colon, for corrections (`"notes": `).
        """
        mended = self.log.mended
        quote = self.text[start]
        if quote == '"':
            value, end = self._double(start, label)
        elif quote in SMART_DOUBLE or quote in SMART_SINGLE:
            value, end = self._smart(start)
        else:
            value, end = self._single(start)
        return StringNode(value, start, end, self.log.mended > mended)

    def decode(self, start: int, end: int) -> str:
        """Return what the text between two offsets (quotes excluded) says, escapes resolved."""
        content = self.text[start:end]
        if not _TO_BE_DECODED.search(content):
            return content
        try:
            value: str = json.loads(f'"{content}"')
        except ValueError:
            value = self._decode_loosely(content, start)
        if _SURROGATE.search(value):
            joined = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
            if joined.count("\ufffd") > value.count("\ufffd"):
                self.log.mend("JSON_LONE_SURROGATE", start, end)
            return joined
        return value

    def _double(self, start: int, label: str) -> tuple[str, int]:
        """Read a string that opens with the straight double quote."""
        special = self._several_quotes(start, label) if self.text.startswith('""', start) else None
        special = special or self._embedded(start)
        if special is not None:
            return special
        match = STRING.match(self.text, start)
        if match is None:
            return self._without_end(start)
        end = match.end()
        if _FOLLOWED.match(self.text, end):
            # Whatever quotes it speaks of: where valid JSON can be read, it is read as such.
            return self.decode(start + 1, end - 1), end
        return self._followed_by_something(start, end, label)

    def _several_quotes(self, start: int, label: str) -> tuple[str, int] | None:
        """Read what opens with two or three quotes; None if it is a plain empty string."""
        text = self.text
        if text.startswith('"""', start):
            if _STRAY.match(text, start + 3):
                return self._stray("", start + 3, label)
            close = -1 if self._no_triple_after else text.find('"""', start + 3)
            if close >= 0:
                self.log.mend("JSON_TRIPLE_QUOTES", start, start + 3)
                return text[start + 3 : close], close + 3
            self._no_triple_after = True
        doubled = _DOUBLED.match(text, start)
        if doubled is not None and doubled[1] and not _FOLLOWED.match(text, start + 2):
            self.log.mend("JSON_DOUBLED_QUOTES", start, doubled.end(), quoted={"string": shown(doubled[1])})
            return doubled[1], doubled.end()
        return None

    def _embedded(self, start: int) -> tuple[str, int] | None:
        """Read a string that holds JSON whose quotes are not escaped; None if it is none.

        Templates of data actions are such strings: `"requestTemplate": "{"id": "${input.id}"}"`.
        """
        opening = _EMBEDDED.match(self.text, start)
        if opening is None or start < self._no_embedding_until:
            return None
        depth, at = 0, start
        for bracket in _BRACKET.finditer(self.text, start):
            depth, at = depth + (1 if bracket[0] in "{[" else -1), bracket.end()
            if depth <= 0:
                break
        quote = _QUOTE_BEHIND.match(self.text, at)
        if depth != 0 or quote is None or not _STRAY.match(self.text, quote.end()):
            self._no_embedding_until = at
            return None
        self.log.mend("JSON_UNESCAPED_QUOTE", opening.end() - 1, opening.end())
        return self.decode(start + 1, quote.end() - 1), quote.end()

    def _stray(self, value: str, end: int, label: str) -> tuple[str, int]:
        """Note the quote right before `end` as one too many."""
        self.log.mend(
            "JSON_STRAY_QUOTE", end - 1, end, words={"label": label}, quoted={"string": shown(value)}
        )
        return value, end

    def _followed_by_something(self, start: int, end: int, label: str) -> tuple[str, int]:
        """Judge a string whose closing quote is followed by what cannot follow a string."""
        text = self.text
        curly = _SMART_CLOSE.search(text, start, end)
        if curly is not None:
            self.log.mend("JSON_SMART_QUOTES", curly.start(), curly.end(), quoted={"quote": curly[0]})
            return text[start + 1 : curly.start()], curly.end()
        if text.startswith('"', end) and _STRAY.match(text, end + 1):
            return self._stray(self.decode(start + 1, end - 1), end + 1, label)
        content = text[start + 1 : end - 1]
        other = STRING.match(text, end - 1)
        if (
            other is not None
            and content.rstrip().endswith(",")
            and _FOLLOWED_BY_COLON.match(text, other.end())
        ):
            return self._closed_at(start, start + 1 + len(content.rstrip()) - 1)
        if not text[end].isspace():
            close = self._later_close(end)
            if close >= 0:
                self.log.mend("JSON_UNESCAPED_QUOTE", end - 1, end)
                return self.decode(start + 1, close), close + 1
        return self.decode(start + 1, end - 1), end

    def _later_close(self, end: int) -> int:
        """Return the offset of the quote that ends a string with quotes inside, -1 if there is none."""
        if end <= self._fruitless_until:
            return -1
        stop = self._line_end(end)
        at = self.text.find('"', end, stop)
        while at >= 0:
            if _STRAY.match(self.text, at + 1):
                return at
            if _OPENING_BEFORE.search(self.text, max(end, at - 8), at) or _FOLLOWED.match(self.text, at + 1):
                break
            at = self.text.find('"', at + 1, stop)
        self._fruitless_until = stop if at < 0 else at
        return -1

    def _line_end(self, start: int) -> int:
        """Return the offset where the line ends, line break excluded."""
        if not self._line[0] <= start <= self._line[1]:
            line = _LINE_END.match(self.text, start)
            self._line = (start, line.end() if line else start)
        return self._line[1]

    def _without_end(self, start: int) -> tuple[str, int]:
        """Read a string with raw control characters, or without its closing quote."""
        match = None if self._no_close_after else _ACROSS_LINES.match(self.text, start)
        if match is None:
            self._no_close_after = True
        elif match.end() <= self._line_end(start) or _STRAY.match(self.text, match.end()):
            return self.decode(start + 1, match.end() - 1), match.end()
        return self._closed_at(start, self._cut(start + 1))

    def _cut(self, start: int) -> int:
        """Return where a string without closing quote ends: before the separators at the end of its line."""
        rest = self.text[start : self._line_end(start)].rstrip(" \t").removesuffix(",")
        return start + len(rest.rstrip(" \t}]"))

    def _closed_at(self, start: int, end: int) -> tuple[str, int]:
        """Note the string as unclosed and close it at `end`."""
        self.log.mend("JSON_UNCLOSED_STRING", start, end)
        return self.decode(start + 1, end), end

    def _smart(self, start: int) -> tuple[str, int]:
        """Read a string between typographic quotes."""
        opened = self.text[start]
        closers = SMART_DOUBLE + '"' if opened in SMART_DOUBLE else SMART_SINGLE + "'"
        self.log.mend("JSON_SMART_QUOTES", start, start + 1, quoted={"quote": opened})
        close = self._closing(start + 1, self._line_end(start + 1), closers)
        if close < 0:
            end = self._cut(start + 1)
            return self.decode(start + 1, end), end
        return self.decode(start + 1, close), close + 1

    def _closing(self, start: int, stop: int, closers: str) -> int:
        """Return the first closer that is followed by a separator, else the first closer, else -1."""
        first = -1
        matches = re.compile(f"[{re.escape(closers)}]").finditer(self.text, start, stop)
        for match in itertools.islice(matches, _MAX_CLOSERS):
            if _FOLLOWED.match(self.text, match.end()):
                return match.start()
            first = match.start() if first < 0 else first
        return first

    def _single(self, start: int) -> tuple[str, int]:
        """Read a string between single quotes or backticks."""
        text, quote = self.text, self.text[start]
        name = "single quotes" if quote == "'" else "backticks"
        inner = r"\\" if quote == "`" else r"\\\r\n"
        pattern = re.compile(rf"{quote}[^{quote}{inner}]*+(?:\\.[^{quote}{inner}]*+)*+{quote}", re.DOTALL)
        match = pattern.match(text, start)
        if match is None:
            end = self._cut(start + 1)
            self.log.mend("JSON_UNCLOSED_STRING", start, end)
            return text[start + 1 : end], end
        end = match.end()
        if not _FOLLOWED.match(text, end) and text[end : end + 1].isalnum():
            close = self._closing(end, self._line_end(end), quote)
            end = close + 1 if close >= 0 and _FOLLOWED.match(text, close + 1) else end
        self.log.mend("JSON_WRONG_QUOTES", start, end, words={"quotes": name})
        return self._decode_quietly(start + 1, end - 1), end

    def _decode_quietly(self, start: int, end: int) -> str:
        """Decode a literal of another language, whose own escapes are no further fault."""
        content = self.text[start:end]
        return _ESCAPE.sub(lambda match: _foreign(match[0]), content)

    def _decode_loosely(self, content: str, offset: int) -> str:
        """Decode a string with unknown escapes or control characters, noting the first of the latter."""
        noted = False

        def replace(match: re.Match[str]) -> str:
            nonlocal noted
            piece, at = match[0], offset + match.start()
            if piece[0] != "\\":
                if not noted:
                    noted = True
                    name, escape = _CONTROL_NAMES.get(piece, (f"U+{ord(piece):04X}", f"\\u{ord(piece):04x}"))
                    self.log.mend(
                        "JSON_CONTROL_CHARACTER", at, at + 1, words={"character": name, "escape": escape}
                    )
                return piece
            if len(piece) == 6 or piece[1:] in _SIMPLE_ESCAPES or piece[1:] in ('"', "\\", "/"):
                return _known(piece)
            corrected = "'" if piece == "\\'" else "\\" + piece
            self.log.mend(
                "JSON_BAD_ESCAPE", at, at + len(piece), quoted={"escape": piece, "corrected": corrected}
            )
            return "'" if piece == "\\'" else piece

        return _ESCAPE.sub(replace, content)


def _known(piece: str) -> str:
    """Resolve an escape of JSON."""
    if piece[1:2] == "u":
        return chr(int(piece[2:], 16))
    return _SIMPLE_ESCAPES.get(piece[1:], piece[1:])


def _foreign(piece: str) -> str:
    """Resolve an escape of JavaScript or Python; a raw control character stays."""
    if piece[0] != "\\" or len(piece) == 1:
        return piece
    if len(piece) > 2:
        return chr(int(piece[2:], 16))
    return _SIMPLE_ESCAPES.get(piece[1], "" if piece[1] == "\n" else piece[1])
