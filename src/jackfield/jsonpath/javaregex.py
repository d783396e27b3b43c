"""Java regular expressions, run by the ``regex`` package.

A pattern is read in Java's grammar (``java.util.regex.Pattern``, JDK 17) and written anew: shorthand classes
are ASCII, ``.`` stops at every Java line terminator, ``(?i)`` without ``(?u)`` folds ASCII letters only,
classes nest and intersect. Counted repeats are bounded, because the matcher expands them in memory.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import regex

_FLAGS = "dimsuxU"
_LINE_ENDS = r"\n\r\x85\u2028\u2029"
_BLANK = r"\ \t\xA0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000"
_ASCII = {
    "d": "0-9",
    "w": "a-zA-Z_0-9",
    "s": r"\ \t\n\x0B\f\r",
    "h": _BLANK,
    "v": r"\n\x0B\f\r\x85\u2028\u2029",
}
_UNICODE = {"d": r"\p{Nd}", "w": r"\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\u200c\u200d", "s": r"\p{White_Space}"}
_POSIX = {
    "Lower": "a-z",
    "Upper": "A-Z",
    "ASCII": r"\x00-\x7F",
    "Alpha": "a-zA-Z",
    "Digit": "0-9",
    "Alnum": "a-zA-Z0-9",
    "Punct": r"!-/:-@\[-`\{-\~",
    "Graph": r"!-\~",
    "Print": r"\ -\~",
    "Blank": r"\ \t",
    "Cntrl": r"\x00-\x1F\x7F",
    "XDigit": "0-9A-Fa-f",
    "Space": r"\ \t\n\x0B\f\r",
    "javaLowerCase": r"\p{Lowercase}",
    "javaUpperCase": r"\p{Uppercase}",
    "javaWhitespace": r"\t-\r\x1c-\x20\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000",
    "javaDigit": r"\p{Nd}",
    "javaLetter": r"\p{L}",
    "javaLetterOrDigit": r"\p{L}\p{Nd}",
    "javaAlphabetic": r"\p{Alphabetic}",
}
_POSIX_UNICODE = {
    "Lower": r"\p{Lowercase}",
    "Upper": r"\p{Uppercase}",
    "Alpha": r"\p{Alphabetic}",
    "Digit": r"\p{Nd}",
    "Alnum": r"\p{Alphabetic}\p{Nd}",
    "Punct": r"\p{P}",
    "Graph": r"[^\p{White_Space}\p{Cc}\p{Cs}\p{Cn}]",
    "Print": r"[^\p{White_Space}\p{Cc}\p{Cs}\p{Cn}]\p{Zs}",
    "Blank": r"\p{Zs}\t",
    "Cntrl": r"\p{Cc}",
    "XDigit": r"\p{Nd}\p{Hex_Digit}",
    "Space": r"\p{White_Space}",
}
_BINARY = {
    "IsLetter": r"\p{L}",
    "IsDigit": r"\p{Nd}",
    "IsControl": r"\p{Cc}",
    "IsPunctuation": r"\p{P}",
    "IsTitlecase": r"\p{Lt}",
}
_CASED = frozenset(
    {"Lu", "Ll", "Lt", "IsLowercase", "IsUppercase", "IsTitlecase", "javaLowerCase", "javaUpperCase"}
)
_ANY_CASE = r"\p{Lu}\p{Ll}\p{Lt}"
_SINGLE = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "a": "\a", "e": "\x1b"}
_ANCHORS = {"A": r"\A", "G": r"\G", "z": r"\Z", "Z": rf"(?=(?:\r\n|[{_LINE_ENDS}])?\Z)"}
_WORD = r"[\p{L}\p{Nd}_]"
_BOUNDARY = rf"(?:(?<={_WORD})(?!{_WORD})|(?<!{_WORD})(?={_WORD}))"
_REPEAT = re.compile(r"\{(\d{1,9})(,(\d{0,9}))?\}")
_PROPERTY = re.compile(r"\{([A-Za-z0-9_=]+|In[A-Za-z0-9_ -]+)\}|([A-Z])")
_GROUP_NAME = re.compile(r"\(\?<([a-zA-Z][a-zA-Z0-9]*)>")
_INLINE = re.compile(rf"\(\?([{_FLAGS}]*)(?:-([{_FLAGS}]*))?([:)])")
_EXPANSION = 20_000
_NESTING = 60
_MANY = 10
_CODE_POINT = 0x10FFFF


class JavaPatternError(ValueError):
    """The text is no Java pattern. ``position`` is an index into it."""

    def __init__(self, reason: str, position: int) -> None:
        self.position = position
        super().__init__(reason)


class JavaPattern:
    """A compiled pattern. ``text`` is the pattern as written."""

    __slots__ = ("_harmless", "_match", "text")

    def __init__(self, text: str, compiled: regex.Pattern[str], harmless: int) -> None:
        self.text = text
        self._match = compiled.fullmatch
        self._harmless = harmless

    def matches(self, text: str, seconds: float) -> bool:
        """Whether the pattern matches the whole text. Raises ``TimeoutError`` after ``seconds``."""
        # Watching the clock costs more than most matches; where little can be tried, nobody needs to.
        if len(text) <= self._harmless:
            return self._match(text) is not None
        return self._match(text, timeout=seconds) is not None


@lru_cache(maxsize=512)
def compile_java(pattern: str, flags: str = "") -> JavaPattern:
    """Compile a Java pattern with flags of ``dixmsuU``. Raises ``JavaPatternError``."""
    translator = _Translator(pattern, frozenset(flags))
    translated = translator.run()
    try:
        return JavaPattern(pattern, regex.compile(translated, regex.V1), translator.harmless())
    except (regex.error, OverflowError, RecursionError) as failure:
        raise JavaPatternError(f"the regular expression is not valid: {failure}", 0) from None


@dataclass(slots=True)
class _Atom:
    """Translated text and how large the matcher's program for it may get."""

    text: str
    size: int = 1
    single: bool = True


def _literal(character: str) -> str:
    if character.isalnum() or character == "_":
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 256 else f"\\U{code:08x}"


class _Translator:
    def __init__(self, pattern: str, flags: frozenset[str]) -> None:
        self.pattern = pattern
        self.position = 0
        self.flags = flags
        self.groups = len(re.findall(r"(?<!\\)\((?!\?)|\(\?<(?![=!])", pattern))
        self.names: set[str] = set()
        self.repeats = 0
        self.depth = 0

    def run(self) -> str:
        atom = self.alternatives()
        if self.position < len(self.pattern):
            raise self.fail("unmatched ')'")
        return atom.text

    def harmless(self) -> int:
        """The length of texts up to which no match can take long, whatever the text."""
        return {0: 100_000, 1: 10_000, 2: 300}.get(self.repeats, 0)

    def fail(self, reason: str) -> JavaPatternError:
        return JavaPatternError(f"the regular expression is not valid: {reason}", self.position)

    def peek(self) -> str:
        return self.pattern[self.position : self.position + 1]

    def take(self) -> str:
        character = self.peek()
        if not character:
            raise self.fail("it ends too early")
        self.position += 1
        return character

    # Structure

    def alternatives(self) -> _Atom:
        self.depth += 1
        if self.depth > _NESTING:
            raise self.fail("groups are nested too deep")
        parts: list[str] = []
        size = 0
        while self.peek() not in ("", ")"):
            if self.peek() == "|":
                self.position += 1
                self.repeats += self.depth > 1
                parts.append("|")
                continue
            atom = self.quantified()
            parts.append(atom.text)
            size += atom.size
        self.depth -= 1
        return _Atom("".join(parts), size)

    def quantified(self) -> _Atom:
        if "x" in self.flags and self._skip_comment():
            return _Atom("", 0)
        if self.pattern.startswith("\\Q", self.position):
            return self._quoted()
        atom = self.atom()
        while "x" in self.flags and self._skip_comment():
            pass
        quantifier, times = self._quantifier()
        if not quantifier:
            return atom
        self.repeats += 1 if atom.single else _MANY
        size = max(1, atom.size) * times
        if size > _EXPANSION:
            raise self.fail(f"repeats add up to more than {_EXPANSION} steps")
        return _Atom(f"{atom.text}{quantifier}" if atom.text else "", size)

    def _skip_comment(self) -> bool:
        character = self.peek()
        if character and character in " \t\n\x0b\f\r":
            self.position += 1
            return True
        if character == "#":
            end = self.pattern.find("\n", self.position)
            self.position = len(self.pattern) if end < 0 else end + 1
            return True
        return False

    def _quantifier(self) -> tuple[str, int]:
        character = self.peek()
        times = 1
        if character and character in "*+?":
            self.position += 1
            text = character
        elif character == "{":
            found = _REPEAT.match(self.pattern, self.position)
            if not found:
                raise self.fail("'{' starts a repeat such as {2} or {1,3}; write \\{ for the character")
            self.position = found.end()
            low, high = int(found[1]), int(found[3] or found[1])
            if high < low:
                raise self.fail("a repeat counts backwards")
            times, text = max(1, high), found[0]
        else:
            return "", 1
        if self.peek() and self.peek() in "?+":
            text += self.take()
        return text, times

    def _quoted(self) -> _Atom:
        start = self.position + 2
        end = self.pattern.find("\\E", start)
        stop = len(self.pattern) if end < 0 else end
        self.position = stop if end < 0 else end + 2
        text = self.pattern[start:stop]
        quantifier, _ = self._quantifier()
        self.repeats += bool(quantifier)
        return _Atom("".join(map(self.character, text)) + (quantifier if text else ""), len(text))

    def atom(self) -> _Atom:
        character = self.take()
        if character == "(":
            return self.group()
        if character == "[":
            return _Atom(self._folded(self.character_class()))
        if character == "\\":
            return _Atom(self.escape())
        if character in "*+?":
            self.position -= 1
            raise self.fail(f"nothing stands before {character!r}; write \\{character} for the character")
        if character == "{":
            self.position -= 1
            raise self.fail("nothing stands before '{'; write \\{ for the character")
        if character in ".^$":
            return _Atom({".": self.dot, "^": self.line_start, "$": self.line_end}[character]())
        return _Atom(self.character(character))

    def dot(self) -> str:
        if "s" in self.flags:
            return r"(?s:.)"
        return r"[^\n]" if "d" in self.flags else f"[^{_LINE_ENDS}]"

    def line_start(self) -> str:
        if "m" not in self.flags:
            return r"\A"
        if "d" in self.flags:
            return r"(?:(?!\Z)(?:\A|(?<=\n)))"
        return rf"(?:(?!\Z)(?:\A|(?<=[{_LINE_ENDS}])(?<!\r(?=\n))))"

    def line_end(self) -> str:
        ends = r"\n" if "d" in self.flags else _LINE_ENDS
        if "m" in self.flags:
            return rf"(?:(?=[{ends}])(?<!\r(?=\n))|\Z)" if "d" not in self.flags else r"(?=\n|\Z)"
        return r"(?=\n?\Z)" if "d" in self.flags else rf"(?<!\r(?=\n\Z))(?=(?:\r\n|[{ends}])?\Z)"

    def character(self, character: str) -> str:
        """A literal, folded as the flags ask."""
        if "i" in self.flags:
            if "u" in self.flags or "U" in self.flags:
                return self._folded(_literal(character))
            if character.isascii() and character.isalpha():
                return f"[{character.lower()}{character.upper()}]"
        return _literal(character)

    def _folded(self, text: str) -> str:
        wide = "i" in self.flags and ("u" in self.flags or "U" in self.flags)
        return f"(?i-f:{text})" if wide else text

    # Groups

    def group(self) -> _Atom:
        start = self.position - 1
        saved = self.flags
        opening = "("
        if self.peek() == "?":
            opening = self._special(start)
            if not opening:
                return _Atom("", 0)
        inner = self.alternatives()
        if self.peek() != ")":
            raise self.fail("a group is not closed")
        self.position += 1
        self.flags = saved
        if opening.startswith(("(?=", "(?!", "(?<=", "(?<!")):
            self.repeats += _MANY
        return _Atom(f"{opening}{inner.text})", inner.size, single=False)

    def _special(self, start: int) -> str:
        """The opening of a group ``(?…``; empty for flags that hold to the end of the group around."""
        for plain in ("(?:", "(?=", "(?!", "(?>", "(?<=", "(?<!"):
            if self.pattern.startswith(plain, start):
                self.position = start + len(plain)
                return plain
        named = _GROUP_NAME.match(self.pattern, start)
        if named:
            if named[1] in self.names:
                raise self.fail(f"the group name {named[1]!r} is given twice")
            self.names.add(named[1])
            self.position = named.end()
            return f"(?P<{named[1]}>"
        inline = _INLINE.match(self.pattern, start)
        if not inline:
            raise self.fail("'(?' starts nothing that is known")
        self.position = inline.end()
        self.flags = (self.flags | set(inline[1])) - set(inline[2] or "")
        return "(?:" if inline[3] == ":" else ""

    # Escapes

    def escape(self) -> str:
        character = self.take()
        if character in _ANCHORS:
            return _ANCHORS[character]
        if character == "b":
            return _BOUNDARY
        if character == "B":
            return rf"(?:(?<={_WORD})(?={_WORD})|(?<!{_WORD})(?!{_WORD}))"
        if character == "R":
            return r"(?>\r\n|[\n\x0B\f\r\x85\u2028\u2029])"
        if character == "X":
            return r"\X"
        if character == "k":
            return self._named_reference()
        if character in "123456789":
            return self._reference(character)
        members = self._shorthand(character)
        if members is not None:
            return f"[{members}]"
        return self.character(self.escaped_character(character))

    def _named_reference(self) -> str:
        found = re.compile(r"<([a-zA-Z][a-zA-Z0-9]*)>").match(self.pattern, self.position)
        if not found:
            raise self.fail("\\k needs a group name")
        self.position = found.end()
        return self._folded_reference(f"(?P={found[1]})")

    def _reference(self, digits: str) -> str:
        while self.peek().isdigit() and self.peek().isascii() and int(digits + self.peek()) <= self.groups:
            digits += self.take()
        if int(digits) > self.groups:
            return "(?!)"
        return self._folded_reference(f"(?:\\{digits})")

    def _folded_reference(self, text: str) -> str:
        return f"(?i-f:{text})" if "i" in self.flags else text

    def _shorthand(self, character: str) -> str | None:
        """The members of ``\\d``, ``\\p{…}`` and their like, for use inside a class; None for others."""
        if character in "pP":
            members = self._property()
            return f"[^{members}]" if character == "P" else members
        lower = character.lower()
        if character not in "dwshvDWSHV":
            return None
        table = {**_ASCII, **_UNICODE} if "U" in self.flags else _ASCII
        return table[lower] if character == lower else f"[^{table[lower]}]"

    def _property(self) -> str:
        found = _PROPERTY.match(self.pattern, self.position)
        if not found:
            raise self.fail("\\p needs a property in braces")
        self.position = found.end()
        name = found[1] or found[2]
        if "i" in self.flags and re.sub(r"^(?:general_category=|gc=|Is(?=L[ult]$))", "", name) in _CASED:
            return _ANY_CASE if len(name) < 10 else rf"{_ANY_CASE}\p{{Lowercase}}\p{{Uppercase}}"
        if name in _POSIX:
            return self._posix(name)
        if name in _BINARY:
            return _BINARY[name]
        long = re.sub(r"^(?:general_category|gc)=", "", name)
        long = re.sub(r"^(?:sc|script)=", "Script=", long)
        long = re.sub(r"^(?:blk|block)=", "Block=", long)
        return f"\\p{{{long}}}"

    def _posix(self, name: str) -> str:
        table = {**_POSIX, **_POSIX_UNICODE} if "U" in self.flags else _POSIX
        if "i" in self.flags and name in ("Lower", "Upper"):
            return table["Lower"] + table["Upper"]
        return table[name]

    def escaped_character(self, character: str) -> str:
        """The one character that an escape stands for. Raises for letters that mean nothing."""
        if character in _SINGLE:
            return _SINGLE[character]
        if character == "0":
            found = re.compile(r"[0-3][0-7]{0,2}|[0-7]{1,2}").match(self.pattern, self.position)
            return self._code(found[0] if found else "", 8)
        if character == "x":
            found = re.compile(r"\{([0-9a-fA-F]{1,6})\}|([0-9a-fA-F]{2})").match(self.pattern, self.position)
            return self._code((found[1] or found[2]) if found else "", 16, found[0] if found else "")
        if character == "u":
            found = re.compile(r"[0-9a-fA-F]{4}").match(self.pattern, self.position)
            return self._code(found[0] if found else "", 16)
        if character == "c":
            return chr(ord(self.take()) ^ 64)
        if character.isascii() and character.isalpha():
            raise self.fail(f"\\{character} means nothing")
        return character

    def _code(self, digits: str, radix: int, whole: str = "") -> str:
        if not digits or int(digits, radix) > _CODE_POINT:
            raise self.fail("a character code is not complete")
        self.position += len(whole or digits)
        return chr(int(digits, radix))

    # Classes

    def character_class(self) -> str:
        """The class whose ``[`` was read, in the syntax of ``regex`` with set operations."""
        self.depth += 1
        if self.depth > _NESTING:
            raise self.fail("classes are nested too deep")
        out = ["["]
        if self.peek() == "^":
            self.position += 1
            out.append("^")
        count = 0
        while True:
            if "x" in self.flags and self._skip_comment():
                continue
            character = self.take()
            if character == "]" and count:
                self.depth -= 1
                return "".join(out) + "]"
            count += 1
            if character == "[":
                out.append(self.character_class())
            elif character == "&" and self.peek() == "&":
                self.position += 1
                if self.peek() not in ("]", "") and count > 1:
                    out.append("&&")
            else:
                out.append(self._class_member(character))

    def _class_member(self, character: str) -> str:
        if character == "\\":
            escaped = self.take()
            if escaped == "Q":
                return self._quoted_members()
            members = self._shorthand(escaped)
            if members is not None:
                return members
            character = self.escaped_character(escaped)
        if self.peek() != "-" or self.pattern[self.position + 1 : self.position + 2] in ("]", "[", ""):
            return self._range(character, character)
        self.position += 1
        upper = self.take()
        if upper == "\\":
            upper = self.escaped_character(self.take())
        if upper < character:
            raise self.fail("a range of characters runs backwards")
        return self._range(character, upper)

    def _quoted_members(self) -> str:
        end = self.pattern.find("\\E", self.position)
        stop = len(self.pattern) if end < 0 else end
        text = self.pattern[self.position : stop]
        self.position = stop if end < 0 else end + 2
        return "".join(self._range(character, character) for character in text)

    def _range(self, lower: str, upper: str) -> str:
        text = _literal(lower) if lower == upper else f"{_literal(lower)}-{_literal(upper)}"
        if "i" not in self.flags or "u" in self.flags or "U" in self.flags:
            return text
        for first, last in (("a", "z"), ("A", "Z")):
            start, stop = max(lower, first), min(upper, last)
            if start <= stop:
                text += f"{start.swapcase()}-{stop.swapcase()}"
        return text
