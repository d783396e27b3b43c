"""Reading a path character by character.

Jayway JsonPath has no token stream: whether a character is a quote, a bracket or part of a name depends
on what is being read, and several of its rules (what counts as the end of the text, which brackets match)
are visible in results. This cursor states those rules once; the parsers are written on top of it.
"""

from __future__ import annotations

from jackfield.jsonpath.errors import PathSyntaxError
from jackfield.jsonpath.limits import Limits

SPACE = " "
WHITESPACE = " \t\n\r"


class Source:
    """The text a user wrote, for error messages about any part of it."""

    __slots__ = ("limits", "text", "warnings")

    def __init__(self, text: str, limits: Limits) -> None:
        self.text = text
        self.limits = limits
        self.warnings: list[tuple[int, str]] = []


class Cursor:
    """A position in a piece of a path.

    ``end`` is the index of the last character that belongs to the piece; the text may go on behind it.
    ``origin`` is where the piece starts in the user's text, so that columns are always the user's.
    """

    __slots__ = ("end", "origin", "position", "source", "text")

    def __init__(self, text: str, source: Source, origin: int = 0) -> None:
        self.text = text
        self.source = source
        self.origin = origin
        self.position = 0
        self.end = len(text) - 1

    def column(self, position: int) -> int:
        """The column in the user's text, counted from 1."""
        return max(1, self.origin + position + 1)

    def error(self, reason: str, position: int | None = None, hint: str = "") -> PathSyntaxError:
        """A syntax error at ``position`` (the current one when None)."""
        where = self.position if position is None else position
        return PathSyntaxError(reason, path=self.source.text, column=self.column(where), hint=hint)

    def fatal(self, reason: str, position: int | None = None, hint: str = "") -> PathSyntaxError:
        """As ``error``, but not one that turns a comparison into an exists check."""
        failure = self.error(reason, position, hint)
        failure.recoverable = False
        return failure

    def warn(self, position: int, message: str) -> None:
        """Note something that compiles but hardly means what was written."""
        self.source.warnings.append((self.column(position), message))

    def at(self, index: int) -> str:
        """The character at ``index``; reading past the text is a syntax error."""
        if 0 <= index < len(self.text):
            return self.text[index]
        raise self.fatal("The path ends too early", len(self.text), "something is missing at the end")

    def current(self) -> str:
        """The character at the position."""
        return self.at(self.position)

    def inside(self, index: int) -> bool:
        """Whether ``index`` belongs to the piece."""
        return 0 <= index <= self.end

    def more(self) -> bool:
        """Whether the position belongs to the piece."""
        return 0 <= self.position <= self.end

    def at_tail(self) -> bool:
        """Whether the path counts as read: at the last character or behind it.

        The engine stops one character early, so a single stray character after a bracket is ignored.
        """
        return self.position >= self.end

    def skip_blanks(self) -> None:
        """Move over spaces, never past the last character."""
        while self.position < self.end and self.text[self.position] == SPACE:
            self.position += 1

    def trim(self) -> None:
        """Drop spaces on both sides."""
        self.skip_blanks()
        while self.position < self.end and self.text[self.end] == SPACE:
            self.end -= 1

    def next_significant(self, index: int) -> int:
        """Index of the first non-space after ``index``, or -1 at the end of the piece."""
        index += 1
        while index <= self.end and self.text[index] == SPACE:
            index += 1
        return index if index <= self.end else -1

    def next_significant_char(self, index: int) -> str:
        """The first non-space after ``index``, a space at the end of the piece."""
        found = self.next_significant(index)
        return SPACE if found < 0 else self.text[found]

    def find(self, character: str, start: int) -> int:
        """Index of ``character`` at or after ``start`` inside the piece, or -1."""
        return self.text.find(character, start, self.end + 1)

    def find_unescaped(self, character: str, start: int) -> int:
        """Index of ``character`` after ``start`` that no backslash escapes, or -1."""
        index = start + 1
        while index <= self.end:
            found = self.text[index]
            if found == "\\":
                index += 1
            elif found == character:
                return index
            index += 1
        return -1

    def previous_significant(self, index: int) -> int:
        """Index of the last non-space before ``index``, or -1."""
        index -= 1
        while self.inside(index) and self.text[index] == SPACE:
            index -= 1
        return index if self.inside(index) else -1

    def matching(self, start: int, opening: str, closing: str, *, regexes: bool) -> int:
        """Index of the bracket closing the one at ``start``, strings (and regexes) skipped, or -1.

        After a string the next character is not looked at as the start of another one; this is the
        engine's rule, and decides where a filter ends.
        """
        opened = 1
        index = start + 1
        while index <= self.end:
            if self.at(index) in "'\"":
                index = self._skip_delimited(index, "quote")
            if regexes and self.text[index : index + 1] == "/":
                index = self._skip_delimited(index, "regex")
            if index >= len(self.text):
                return -1
            character = self.text[index]
            if character == opening:
                opened += 1
            if character == closing:
                opened -= 1
                if opened == 0:
                    return index
            index += 1
        return -1

    def _skip_delimited(self, index: int, what: str) -> int:
        delimiter = self.at(index)
        found = self.find_unescaped(delimiter, index)
        if found < 0:
            if what == "regex":
                hint = "a / outside of quotes starts a regular expression /.../; put names with / in quotes"
                raise self.error("The regular expression is not closed: / is missing", index, hint)
            raise self.error(
                f"The text in quotes is not closed: {delimiter} is missing",
                index,
                f"close it with {delimiter}, or write \\{delimiter} for the character itself",
            )
        return found + 1


_ESCAPES = {"r": "\r", "f": "\f", "t": "\t", "n": "\n", "b": "\b"}


def join_surrogates(text: str) -> str:
    """Surrogate halves that escapes produced one by one, joined as a Java string joins them."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def unescape(text: str) -> str:
    r"""Resolve backslash escapes of names and string literals.

    Besides the JSON escapes any escaped character stands for itself, a lone backslash at the end stays,
    and an incomplete ``\u`` at the end vanishes. Raises ``ValueError`` for ``\u`` without four hex digits.
    """
    if "\\" not in text:
        return text
    out: list[str] = []
    index = 0
    while index < len(text):
        character = text[index]
        index += 1
        if character != "\\":
            out.append(character)
            continue
        if index == len(text):
            out.append("\\")
            break
        character = text[index]
        index += 1
        if character != "u":
            out.append(_ESCAPES.get(character, character))
            continue
        digits = text[index : index + 4]
        index += 4
        if len(digits) == 4:
            out.append(chr(_hex(digits)))
    return join_surrogates("".join(out))


def _hex(digits: str) -> int:
    if not all(digit in "0123456789abcdefABCDEF" for digit in digits):
        raise ValueError(f"\\u is followed by {digits!r}, four hexadecimal digits are needed")
    return int(digits, 16)
