"""Text to nodes: the path itself.

The rules are those of Jayway's path compiler, including its tolerance: a path may start without ``$``
(``$.`` is put before it, so that ``.total`` becomes ``$..total``), ``.['name']`` is ``['name']``, and one
stray character at the end is not looked at. Tolerated oddities are noted as warnings.
"""

from __future__ import annotations

import difflib
import re

from jackfield.jsonpath import arguments, filters
from jackfield.jsonpath.errors import PathSyntaxError
from jackfield.jsonpath.functions import NAMES
from jackfield.jsonpath.lexer import SPACE, WHITESPACE, Cursor, Source, unescape
from jackfield.jsonpath.limits import Limits
from jackfield.jsonpath.nodes import (
    Filter,
    Function,
    Index,
    JsonArgument,
    PathNode,
    Property,
    Scan,
    Segment,
    Slice,
    Wildcard,
)

_CONTEXTS = "$@"
_JAVA_BLANKS = "".join(map(chr, range(33)))
_COMMA = re.compile(r"[ \t\n\x0b\f\r]*,[ \t\n\x0b\f\r]*")
_INTEGER = re.compile(r"[+-]?\d+\Z")
_INT_MIN, _INT_MAX = -(2**31), 2**31 - 1


def parse(text: str, limits: Limits) -> tuple[PathNode, list[tuple[int, str]]]:
    """Parse what a user wrote.

    Returns the path and the warnings as (column, message). Raises ``PathSyntaxError``.
    """
    source = Source(text, limits)
    if not text.strip():
        raise PathSyntaxError("The path is empty", path=text, hint="$ alone means the whole document")
    if len(text) > limits.path_length:
        raise PathSyntaxError(f"The path is longer than {limits.path_length} characters", path=text)
    node = _parse_text(text, source, 0, 0)
    return node, source.warnings


def _parse_text(text: str, source: Source, origin: int, nesting: int) -> PathNode:
    """A path that stands for itself: the whole text, or a path operand of a filter."""
    cursor = Cursor(text, source, origin)
    cursor.trim()
    if text[0] not in _CONTEXTS:
        cursor = Cursor(f"$.{text}", source, origin - 2)
        cursor.trim()
    if cursor.at(cursor.end) == ".":
        raise cursor.error(
            "A path must not end with '.' or '..'",
            cursor.end,
            "name the property after the dot, or remove the dot",
        )
    return PathParser(cursor, nesting).parse()


class PathParser:
    """Reads one path from a cursor. ``nesting`` counts the filters and arguments around it."""

    def __init__(self, cursor: Cursor, nesting: int) -> None:
        self.cursor = cursor
        self.nesting = nesting
        self.segments: list[Segment] = []
        limit = cursor.source.limits.nesting
        if nesting > limit:
            raise cursor.error(f"Filters and functions are nested deeper than {limit}")

    def parse(self) -> PathNode:
        """The path: its root character, then segments up to the end of the piece."""
        cursor = self.cursor
        while cursor.more() and cursor.current() in WHITESPACE:
            cursor.position += 1
        root = cursor.current()
        column = cursor.column(cursor.position)
        if root not in _CONTEXTS:
            raise cursor.error("A path must start with $ or @")
        if cursor.at_tail():
            return PathNode(root, (), column)
        cursor.position += 1
        if cursor.current() not in ".[":
            raise cursor.error(
                f"'.' or '[' is expected after {root}, not {cursor.current()!r}",
                hint=f"write {root}.{cursor.current()}… for a property of the document",
            )
        self._read_segment()
        while not cursor.at_tail():
            self._read_segment()
        self._warn_about_rest()
        return PathNode(root, tuple(self.segments), column)

    def _warn_about_rest(self) -> None:
        cursor = self.cursor
        if cursor.position == cursor.end and cursor.current() != ")":
            cursor.warn(cursor.end, f"the last character {cursor.current()!r} is ignored by the engine")

    def _append(self, segment: Segment) -> None:
        self.segments.append(segment)
        limit = self.cursor.source.limits.segments
        if len(self.segments) > limit:
            raise self.cursor.error(f"The path has more than {limit} segments")

    def _read_segment(self) -> None:
        character = self.cursor.current()
        if character == "[":
            self._read_bracket()
        elif character == ".":
            self._read_dot()
        elif character == "*":
            self._append(Wildcard(self.cursor.column(self.cursor.position)))
            self.cursor.position += 1
        elif character == SPACE:
            raise self.cursor.error(
                "A blank cannot start a name", hint="write ['my name'] for a name with blanks, else remove it"
            )
        else:
            self._read_name()

    def _read_dot(self) -> None:
        cursor = self.cursor
        start = cursor.position
        if cursor.inside(start + 1) and cursor.text[start + 1] == ".":
            self._append(Scan(cursor.column(start)))
            cursor.position += 2
        elif not cursor.inside(start + 1):
            raise cursor.error("A path must not end with '.'", hint="name the property after the dot")
        else:
            cursor.position += 1
        if cursor.current() == ".":
            raise cursor.error("Too many dots", hint="use .. for a deep scan and . for a property")
        self._read_segment()

    # Names and functions

    def _read_name(self) -> None:
        cursor = self.cursor
        start = index = cursor.position
        while cursor.inside(index) and cursor.text[index] not in ".[(":
            if cursor.text[index] == SPACE:
                raise cursor.error(
                    "A name without brackets cannot contain a blank",
                    index,
                    f"remove it, or write ['{self._name_with_blanks(start)}'] if it belongs to the name",
                )
            index += 1
        name = cursor.text[start:index]
        if cursor.inside(index) and cursor.text[index] == "(":
            self._read_call(name, start, index)
            return
        cursor.position = index
        self._warn_about_name(name, start)
        self._append(Property((name,), cursor.column(start)))

    def _name_with_blanks(self, start: int) -> str:
        text = self.cursor.text[start : self.cursor.end + 1]
        return re.split(r"[.\[(=<>!&|]", text, maxsplit=1)[0].strip()

    def _warn_about_name(self, name: str, start: int) -> None:
        if name == ")" and start and self.cursor.text[start - 1] == "(":
            self.cursor.warn(start, "after a call without arguments the engine takes ')' for a property name")
        joined = re.search(r"&&|\|\|", name)
        if joined:
            self.cursor.warn(
                start + joined.start(), f"{joined[0]} is read as part of a name: put blanks around it"
            )

    def _read_call(self, name: str, start: int, opening: int) -> None:
        cursor = self.cursor
        depth = 1
        for index in range(opening + 1, cursor.end + 1):
            depth += {"(": 1, ")": -1}.get(cursor.text[index], 0)
            if depth == 0:
                break
        if depth:
            raise cursor.error(
                f"The arguments of {name}() are not closed", opening, "a closing ')' is missing"
            )
        given: tuple[JsonArgument | PathNode, ...] = ()
        if cursor.text[opening + 1] == ")":
            cursor.position = opening + 1
        else:
            cursor.position = opening + 1
            given = tuple(self._argument(piece) for piece in arguments.split(cursor, name))
        self._warn_about_function(name, start)
        self._append(Function(name, given, cursor.column(start)))

    def _warn_about_function(self, name: str, start: int) -> None:
        if name not in NAMES:
            close = difflib.get_close_matches(name, NAMES, 1, 0.7)
            meant = f"is {close[0]}() meant?" if close else f"there are: {', '.join(NAMES)}"
            self.cursor.warn(start, f"there is no function {name}(); {meant}")

    def _argument(self, piece: arguments.Piece) -> JsonArgument | PathNode:
        origin = self.cursor.column(piece.start) - 1
        if not piece.is_path:
            return JsonArgument(piece.text, origin + 1)
        return PathParser(Cursor(piece.text, self.cursor.source, origin), self.nesting + 1).parse()

    # Brackets

    def _read_bracket(self) -> None:
        cursor = self.cursor
        first = cursor.next_significant_char(cursor.position)
        if first in "'\"":
            self._read_names()
        elif (first.isdecimal() or first in "-:") and self._read_indexes():
            return
        elif first == "*":
            self._read_bracket_wildcard()
        elif first == "?":
            self._read_filter()
        else:
            raise self._bracket_error(first)

    def _bracket_error(self, first: str) -> PathSyntaxError:
        cursor = self.cursor
        if first == "(":
            hint = "script expressions are not supported; the last element is [-1]"
        elif first in "‘’“”`´":
            hint = f"{first} is not a quote: use ' or \""
        elif first.isalpha() or first == "_":
            hint = "put the name in quotes: ['name']"
        elif first == SPACE or cursor.find("]", cursor.position) < 0:
            hint = "the bracket is not closed: ] is missing"
        else:
            hint = "inside brackets: a name in quotes, an index, a slice, * or ?(filter)"
        found = cursor.next_significant(cursor.position)
        return cursor.error(
            "The bracket holds nothing that is understood", found if found >= 0 else None, hint
        )

    def _read_names(self) -> None:
        cursor = self.cursor
        opening = cursor.position
        quote = cursor.next_significant_char(opening)
        names, closing = self._scan_names(opening + 1, quote)
        bracket = cursor.next_significant(closing)
        if bracket < 0 or cursor.text[bracket] != "]":
            raise cursor.error(
                "The bracket is not closed after the name",
                closing + 1,
                f"close it with ]; several names need the same quote {quote} and commas between them",
            )
        cursor.position = bracket + 1
        self._append(Property(tuple(names), cursor.column(opening)))

    def _scan_names(self, index: int, quote: str) -> tuple[list[str], int]:
        """The names up to ``]``, and the index of the last closing quote."""
        cursor = self.cursor
        names: list[str] = []
        start = closing = 0
        inside = after_comma = False
        while index <= cursor.end:
            character = cursor.text[index]
            if character == "\\":
                index += 1
            elif inside:
                if character == quote:
                    self._check_after_name(index, quote)
                    names.append(self._unescaped(start, index))
                    closing, inside = index, False
            elif character == quote:
                start, inside, after_comma = index + 1, True, False
            elif character in ",]":
                if after_comma:
                    raise self._missing_name(index, quote)
                after_comma = character == ","
                if character == "]":
                    break
            index += 1
        if inside:
            raise cursor.error(
                f"The name is not closed: {quote} is missing",
                start - 1,
                f"close the name with {quote}, or write \\{quote} for a quote inside it",
            )
        return names, closing

    def _missing_name(self, index: int, quote: str) -> PathSyntaxError:
        cursor = self.cursor
        comma = cursor.text.rfind(",", 0, index)
        found = cursor.next_significant(comma)
        if found == index:
            return cursor.error("A name is missing after the comma", index, "remove the comma")
        return cursor.error(
            "A name is missing after the comma", found, f"put every name in the same quotes {quote}"
        )

    def _check_after_name(self, index: int, quote: str) -> None:
        following = self.cursor.next_significant_char(index)
        if following not in ",]":
            raise self.cursor.error(
                "After a name in quotes ']' or ',' is expected",
                index + 1,
                f"close the bracket; a quote inside the name is written \\{quote}",
            )

    def _unescaped(self, start: int, stop: int) -> str:
        try:
            return unescape(self.cursor.text[start:stop])
        except ValueError as failure:
            raise self.cursor.error(str(failure), start) from None

    def _read_indexes(self) -> bool:
        """An index, a union or a slice; False if other characters stand in the bracket."""
        cursor = self.cursor
        opening = cursor.position
        closing = cursor.find("]", opening + 1)
        if closing < 0:
            raise cursor.error("The bracket is not closed", opening, "] is missing")
        inner = cursor.text[opening + 1 : closing].strip(_JAVA_BLANKS)
        for offset, character in enumerate(cursor.text[opening + 1 : closing]):
            if not (character.isdecimal() or character in ",-:" or character in _JAVA_BLANKS):
                raise cursor.error(
                    f"{character!r} cannot stand in an index", opening + 1 + offset, "a name needs quotes"
                )
        if not all(character.isdecimal() or character in ",-: " for character in inner):
            raise cursor.error("Only blanks may stand between indexes", opening + 1)
        if ":" in inner:
            self._append(self._slice(inner, opening))
        else:
            indexes = tuple(self._integer(token, opening) for token in _COMMA.split(inner))
            self._append(Index(indexes, cursor.column(opening)))
        cursor.position = closing + 1
        return True

    def _slice(self, inner: str, opening: int) -> Slice:
        cursor = self.cursor
        if " " in inner or "," in inner:
            raise cursor.error("A slice holds two numbers and ':' only", opening + 1, "write [1:3]")
        tokens = inner.split(":")
        bounds = [self._integer(token, opening) if token else None for token in tokens[:2]]
        if any(tokens[2:]):
            cursor.warn(opening, "the step of a slice is ignored by the engine")
        if bounds == [None, None]:
            raise cursor.error("A slice needs a bound", opening + 1, "write [*] for all elements")
        return Slice(bounds[0], bounds[1], cursor.column(opening))

    def _integer(self, token: str, opening: int) -> int:
        value = int(token) if _INTEGER.match(token) and len(token) < 64 else None
        if value is None or not _INT_MIN <= value <= _INT_MAX:
            raise self.cursor.error(f"{token!r} is not an index", opening + 1, "indexes are whole numbers")
        return value

    def _read_bracket_wildcard(self) -> None:
        cursor = self.cursor
        opening = cursor.position
        star = cursor.next_significant(opening)
        closing = cursor.next_significant(star)
        if closing < 0 or cursor.text[closing] != "]":
            raise cursor.error("']' is expected after [*", star + 1)
        cursor.position = closing + 1
        self._append(Wildcard(cursor.column(opening)))

    def _read_filter(self) -> None:
        cursor = self.cursor
        opening = cursor.position
        question = cursor.next_significant(opening)
        bracket = cursor.next_significant(question)
        if bracket < 0 or cursor.text[bracket] != "(":
            raise cursor.error(
                "A filter must stand in parentheses", question + 1, "write [?(@.name == 'value')]"
            )
        closing = cursor.matching(bracket, "(", ")", regexes=True)
        if closing < 0:
            raise cursor.error(
                "The filter is not closed", cursor.end + 1, "')' is missing; a filter ends with )]"
            )
        end = cursor.next_significant(closing)
        if end < 0 or cursor.text[end] != "]":
            raise cursor.error("']' is expected after the filter", closing + 1, "a filter ends with )]")
        piece = Cursor(cursor.text[opening : end + 1], cursor.source, cursor.column(opening) - 1)
        expression = filters.parse(piece, self.nesting + 1, _parse_text)
        cursor.position = end + 1
        self._append(Filter(expression, cursor.column(opening)))
