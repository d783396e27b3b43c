"""Cutting the arguments of a path function into pieces.

The engine counts brackets and double quotes while it looks for commas, and takes an argument for a path
when it starts with ``$`` or ``@``, for JSON when it starts with ``{``, a digit, ``"`` or ``-``. Anything
else, such as a text in single quotes, is no argument at all. Those rules are kept, oddities included.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from jackfield.jsonpath.lexer import WHITESPACE, Cursor


@dataclass(slots=True)
class Piece:
    """One argument: its text, where it starts in the cursor's text, and whether it is a path."""

    text: str
    start: int
    is_path: bool


@dataclass(slots=True)
class _Splitter:
    cursor: Cursor
    parentheses: int = 1
    brackets: int = 0
    braces: int = 0
    quotes: int = 0
    kind: str = ""
    ignoring: bool = False
    start: int = 0
    buffer: list[str] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)

    def run(self) -> list[Piece]:
        prior = ""
        closed = False
        while self.cursor.more() and not closed:
            character = self.cursor.current()
            position = self.cursor.position
            self.cursor.position += 1
            if not self.kind:
                if character in WHITESPACE:
                    continue
                self._begin(character, position)
            closed = self._count(character, prior, position)
            if self.kind and not self._separates(character):
                self.buffer.append(character)
            prior = character
        return self.pieces

    def _begin(self, character: str, position: int) -> None:
        if character in '{"-' or character.isdecimal():
            self.kind, self.start = "json", position
        elif character in "$@":
            self.kind, self.start = "path", position
        elif character in ",()[]{}":
            self.ignoring = False
        elif not self.ignoring:
            self.ignoring = True
            self.cursor.warn(
                position, f"the argument starting with {character!r} is ignored: texts need double quotes"
            )

    def _separates(self, character: str) -> bool:
        return character == "," and not self.braces and not self.brackets and self.parentheses == 1

    def _count(self, character: str, prior: str, position: int) -> bool:
        """Keep the counts; True when the closing parenthesis of the call was read."""
        if character == '"':
            self.quotes += -1 if prior != "\\" and self.quotes > 0 else 1
        elif character == "(":
            self.parentheses += 1
        elif character == "{":
            self.braces += 1
        elif character == "[":
            self.brackets += 1
        elif character == "}":
            self.braces = self._closed(self.braces, "}", position)
        elif character == "]":
            self.brackets = self._closed(self.brackets, "]", position)
        elif character == ")":
            self.parentheses -= 1
            if self.parentheses < 0 or prior == "(":
                self.buffer.append(character)
            return self._end_piece(character)
        elif character == ",":
            return self._end_piece(character)
        return False

    def _closed(self, count: int, character: str, position: int) -> int:
        if count == 0:
            raise self.cursor.error(f"{character!r} closes nothing", position)
        return count - 1

    def _end_piece(self, character: str) -> bool:
        at_end = self.parentheses == 0 and character == ")"
        if self.quotes or self.braces or self.brackets or not (at_end or self.parentheses == 1):
            return False
        if self.kind:
            self.pieces.append(Piece("".join(self.buffer), self.start, self.kind == "path"))
            self.buffer.clear()
            self.kind = ""
        return self.parentheses == 0


def split(cursor: Cursor, name: str) -> list[Piece]:
    """The arguments of ``name(`` from the cursor's position on; moves the cursor behind the ``)``.

    Raises ``PathSyntaxError`` when brackets do not match.
    """
    opening = cursor.position - 1
    splitter = _Splitter(cursor)
    pieces = splitter.run()
    if splitter.braces or splitter.parentheses or splitter.brackets:
        raise cursor.error(
            f"The arguments of {name}() are not closed", opening, "a bracket inside the arguments is missing"
        )
    return pieces
