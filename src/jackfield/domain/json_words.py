"""What stands between and instead of the values of JSON: blanks, comments, bare words, placeholders."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from jackfield.domain.json_faults import FaultLog
from jackfield.domain.json_nodes import MAX_DIGITS, LiteralNode, NumberNode, StringNode

NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?")
LITERALS: Final = {"true": True, "false": False, "null": None}

_BLANKS: Final = re.compile(r"[ \t\r\n]*+")
_LINE_COMMENT: Final = re.compile(r"(?://|#)[^\r\n]*+")
_BLOCK_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_ODD: Final = re.compile(
    r"[\x00\x0b\x0c\x85\xa0\xad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]++"
)
_ODD_NAMES: Final = {
    "\xa0": "A no-break space",
    "\u200b": "A zero-width space",
    "\ufeff": "A byte-order mark",
    "\u2028": "A line separator",
    "\x00": "A NUL character",
    "\x0c": "A form feed",
}
_PLACEHOLDER: Final = re.compile(
    r"\{\{[^{}\"'\r\n:,]{0,80}\}\}|\$\{[^{}\r\n]{0,80}\}|<[A-Za-z][^<>\r\n\"]{0,80}>|<%[^%\r\n]{0,80}%>"
    r"|%[A-Za-z_]\w{0,60}%|\$\([^()\r\n]{0,80}\)|\.\.\.+[\w$.]{0,80}|…"
)
_TYPE_NAME: Final = re.compile(
    r"\[object [A-Za-z]\w{0,80}\]|<[\w.]{1,80} object at 0x[0-9A-Fa-f]{1,20}>"
    r"|map\[\w{1,80}:[^\r\n,}]{0,200}\]|@\{[^{}\r\n]{0,200}\}"
)
_WORD: Final = re.compile(r"[^\s,\[\]{}\"'`;]++")
_KEY_WORD: Final = re.compile(r"[^\s,\[\]{}\"'`;:=]++")
_SENTENCE: Final = re.compile(r"[^,\[\]{}\"'`;\r\n]++")
_WRONG_LITERALS: Final = {
    "none": None,
    "nil": None,
    "undefined": None,
    "null": None,
    "true": True,
    "false": False,
}
_NOT_FINITE: Final = frozenset({"nan", "infinity", "+infinity", "-infinity", "inf", "-inf"})
_LEADING_ZEROS: Final = re.compile(r"[+-]?(?=.)[0-9]*+(?:\.[0-9]*+)?(?:[eE][+-]?[0-9]++)?")
_HEXADECIMAL: Final = re.compile(r"[+-]?0[xX][0-9a-fA-F]{1,15}")
_GROUPED: Final = re.compile(r"[+-]?[0-9]{1,3}(?:_[0-9]{3})++")


@dataclass(slots=True)
class WordReader:
    """Reads blanks and bare words out of a text.

    Args:
        text: the whole text.
        log: takes the faults.
    """

    text: str
    log: FaultLog

    def skip(self, start: int) -> int:
        """Return the offset behind blanks, comments and invisible characters."""
        text = self.text
        while True:
            blanks = _BLANKS.match(text, start)
            start = blanks.end() if blanks else start
            letter = text[start : start + 1]
            if letter in ("/", "#"):
                behind = self._comment(start)
                if behind == start:
                    return start
                start = behind
                continue
            odd = _ODD.match(text, start) if letter and (letter < " " or letter > "~") else None
            if odd is None:
                return start
            name = _ODD_NAMES.get(letter, f"The invisible character U+{ord(letter):04X}")
            self.log.mend("JSON_ODD_SPACE", start, odd.end(), words={"character": name})
            start = odd.end()

    def _comment(self, start: int) -> int:
        """Return the offset behind the comment that starts here, or `start` if none does."""
        block = self.text.startswith("/*", start)
        match = (_BLOCK_COMMENT if block else _LINE_COMMENT).match(self.text, start)
        if match is None and not block:
            return start
        end = match.end() if match else len(self.text)
        self.log.mend("JSON_COMMENT", start, min(end, start + 2))
        return end

    def placeholder(self, start: int) -> StringNode | None:
        """Read a placeholder or a type's name that stands where a value belongs."""
        named = _TYPE_NAME.match(self.text, start)
        if named is not None:
            self.log.mend("JSON_TYPE_NAME", start, named.end(), quoted={"name": named[0]})
            return StringNode(named[0], start, named.end(), mended=True)
        match = _PLACEHOLDER.match(self.text, start)
        if match is None:
            return None
        self.log.mend("JSON_PLACEHOLDER", start, match.end(), quoted={"placeholder": match[0]})
        return StringNode(match[0], start, match.end(), mended=True)

    def key(self, start: int) -> StringNode | None:
        """Read a key without quotes; None if nothing here can be one."""
        match = _KEY_WORD.match(self.text, start)
        if match is None:
            return None
        self.log.mend("JSON_UNQUOTED_KEY", start, match.end(), quoted={"key": match[0][:40]})
        return StringNode(match[0], start, match.end(), mended=True)

    def word(self, start: int) -> StringNode | NumberNode | LiteralNode | None:
        """Read a bare word where a value belongs; None if nothing here can be one."""
        match = _WORD.match(self.text, start)
        if match is None:
            return None
        word, end = match[0], match.end()
        strict = self._strict(word, start, end)
        if strict is not None:
            return strict
        folded = word.lower()
        if folded in _WRONG_LITERALS:
            value = _WRONG_LITERALS[folded]
            corrected = "null" if value is None else str(value).lower()
            self.log.mend(
                "JSON_WRONG_LITERAL", start, end, words={"corrected": corrected}, quoted={"word": word}
            )
            return LiteralNode(value, start, end, mended=True)
        if folded in _NOT_FINITE:
            self.log.mend("JSON_NOT_A_NUMBER", start, end, quoted={"word": word})
            return LiteralNode(None, start, end, mended=True)
        return self._odd_number(word, start, end) or self._text(start)

    def _strict(self, word: str, start: int, end: int) -> NumberNode | LiteralNode | None:
        """Read a word that is JSON as it stands."""
        if word in LITERALS:
            return LiteralNode(LITERALS[word], start, end)
        return self.number(word, start, end) if NUMBER.fullmatch(word) else None

    def number(self, text: str, start: int, end: int) -> NumberNode:
        """Make the node of a number and note it if no program can keep it."""
        node = NumberNode(text, start, end)
        if len(text) > MAX_DIGITS or abs(node.value) == float("inf"):
            self.log.mend("JSON_NUMBER_TOO_LARGE", start, end)
            return NumberNode("0", start, end, mended=True)
        return node

    def _odd_number(self, word: str, start: int, end: int) -> NumberNode | None:
        """Read a number in a form that JSON does not have."""
        corrected = _corrected_number(word)
        if corrected is None or not NUMBER.fullmatch(corrected) or len(corrected) > MAX_DIGITS:
            return None
        self.log.mend("JSON_BAD_NUMBER", start, end, quoted={"word": word, "corrected": corrected})
        return NumberNode(corrected, start, end, mended=True)

    def _text(self, start: int) -> StringNode:
        """Take bare words up to the next separator as a text."""
        match = _SENTENCE.match(self.text, start)
        words = match[0].split(" //")[0].rstrip() if match else ""
        end = start + len(words)
        short = words if len(words) <= 40 else words[:39] + "…"
        self.log.mend("JSON_UNQUOTED_VALUE", start, end, quoted={"word": short})
        return StringNode(words, start, end, mended=True)


def _corrected_number(word: str) -> str | None:
    """Return the JSON form of a number of other languages, None if the word is none."""
    if _HEXADECIMAL.fullmatch(word):
        return str(int(word, 16))
    if _GROUPED.fullmatch(word):
        return word.replace("_", "").lstrip("+")
    if not _LEADING_ZEROS.fullmatch(word) or not any(letter.isdigit() for letter in word):
        return None
    sign = "-" if word.startswith("-") else ""
    digits = word.lstrip("+-")
    whole, point, rest = digits.partition(".")
    if not point:
        return sign + (digits.lstrip("0") or "0")
    return f"{sign}{whole.lstrip('0') or '0'}.{rest if rest[:1].isdigit() else '0' + rest}"
