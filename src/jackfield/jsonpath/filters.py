"""Text to nodes: the expression of a filter ``[?(...)]``.

Grammar, from weak to strong binding::

    or         = and { '||' and }
    and        = operand { '&&' operand }
    operand    = '(' or ')' | '!' operand | comparison
    comparison = value [ operator value ]

A path alone is an exists check. A path operand runs up to a blank, an operator character or a closing
parenthesis, so ``@.a&&@.b`` without blanks is *one* path; the engine reads it so, and a warning says it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from jackfield.jsonpath.errors import PathSyntaxError
from jackfield.jsonpath.javaregex import JavaPatternError, compile_java
from jackfield.jsonpath.lexer import SPACE, Cursor, Source, unescape
from jackfield.jsonpath.nodes import (
    And,
    BooleanLiteral,
    Comparison,
    Exists,
    Expression,
    JsonLiteral,
    Not,
    NullLiteral,
    NumberLiteral,
    Operand,
    Or,
    PathNode,
    PathOperand,
    PatternLiteral,
    StringLiteral,
)

ParsePath = Callable[[str, Source, int, int], PathNode]

OPERATORS = frozenset(
    {"==", "===", "!=", "!==", "<", "<=", ">", ">=", "=~", "in", "nin", "contains", "all", "size"}
    | {"type", "matches", "empty", "subsetof", "anyof", "noneof"}
)
_OPERATOR_CHARACTERS = "<>=~!"
_CONTEXTS = "$@"
_FLAGS = "dixmsuU"
DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,9})?\Z")


def parse(cursor: Cursor, nesting: int, parse_path: ParsePath) -> Expression:
    """The expression of the filter text ``[?(...)]`` under ``cursor``. Raises ``PathSyntaxError``."""
    parser = _FilterParser(cursor, nesting, parse_path)
    try:
        parser.strip_brackets()
        expression = parser.disjunction()
        cursor.skip_blanks()
        if cursor.more():
            raise cursor.error("The filter should end here", hint="join conditions with && or ||")
    except PathSyntaxError as failure:
        raise parser.better(failure) from None
    return expression


class _FilterParser:
    def __init__(self, cursor: Cursor, nesting: int, parse_path: ParsePath) -> None:
        self.cursor = cursor
        self.nesting = nesting
        self.parse_path = parse_path
        self.abandoned: PathSyntaxError | None = None

    def better(self, failure: PathSyntaxError) -> PathSyntaxError:
        """The error of an abandoned comparison says more than the one that its fallback ran into."""
        if self.abandoned is not None and self.abandoned.column >= failure.column:
            self.abandoned.recoverable = failure.recoverable
            return self.abandoned
        return failure

    def strip_brackets(self) -> None:
        cursor = self.cursor
        cursor.trim()
        cursor.position += 1
        cursor.end -= 1
        cursor.trim()
        cursor.position += 1
        cursor.trim()
        if cursor.current() != "(" or cursor.at(cursor.end) != ")":
            raise cursor.error("A filter must stand in parentheses", hint="write [?(@.name == 'value')]")

    # Logic

    def disjunction(self) -> Expression:
        column = self.cursor.column(self.cursor.position)
        operands = self._chain("||", self.conjunction)
        return operands[0] if len(operands) == 1 else Or(tuple(operands), column)

    def conjunction(self) -> Expression:
        column = self.cursor.column(self.cursor.position)
        operands = self._chain("&&", self.operand)
        return operands[0] if len(operands) == 1 else And(tuple(operands), column)

    def _chain(self, operator: str, read: Callable[[], Expression]) -> list[Expression]:
        cursor = self.cursor
        operands = [read()]
        while True:
            saved = cursor.position
            cursor.skip_blanks()
            if not (cursor.inside(cursor.position + 1) and cursor.text.startswith(operator, cursor.position)):
                cursor.position = saved
                return operands
            cursor.position += 2
            operands.append(read())

    def operand(self) -> Expression:
        self._descend()
        try:
            return self._operand()
        finally:
            self.nesting -= 1

    def _descend(self) -> None:
        self.nesting += 1
        limit = self.cursor.source.limits.nesting
        if self.nesting > limit:
            raise self.cursor.fatal(f"Filters and parentheses are nested deeper than {limit}")

    def _operand(self) -> Expression:
        cursor = self.cursor
        cursor.skip_blanks()
        saved = cursor.position
        if cursor.current() == "!":
            cursor.position += 1
            cursor.skip_blanks()
            if cursor.current() not in _CONTEXTS:
                return Not(self.operand(), cursor.column(saved))
            cursor.position = saved
        if cursor.current() == "(":
            cursor.position += 1
            inner = self.disjunction()
            cursor.skip_blanks()
            if cursor.current() != ")":
                raise cursor.error("')' is expected", hint=self._hint_at(cursor.position))
            cursor.position += 1
            return inner
        return self.comparison()

    def _hint_at(self, position: int) -> str:
        rest = self.cursor.text[position : position + 4].lower()
        if rest.startswith("and"):
            return "write && for and"
        if rest.startswith("or"):
            return "write || for or"
        if rest.startswith("="):
            return "write == to compare"
        if rest[:1] in "&|":
            return "write && and || doubled"
        return "an operator, && or || may be missing before this"

    # Comparisons

    def comparison(self) -> Expression:
        cursor = self.cursor
        cursor.skip_blanks()
        column = cursor.column(cursor.position)
        left = self.value()
        saved = cursor.position
        try:
            operator = self.operator()
            return Comparison(left, operator, self.value(), column)
        except PathSyntaxError as failure:
            if not failure.recoverable:
                raise
            if self.abandoned is None or failure.column > self.abandoned.column:
                self.abandoned = failure
            cursor.position = saved
        if not isinstance(left, PathOperand):
            if cursor.next_significant_char(saved - 1) in ")&| ":
                self.abandoned = None
            raise cursor.error("A comparison is expected: a value alone is no condition", saved)
        return Exists(left, column)

    def operator(self) -> str:
        cursor = self.cursor
        cursor.skip_blanks()
        start = cursor.position
        if cursor.current() in _OPERATOR_CHARACTERS:
            while cursor.more() and cursor.current() in _OPERATOR_CHARACTERS:
                cursor.position += 1
        else:
            while cursor.more() and cursor.current() != SPACE:
                cursor.position += 1
        written = cursor.text[start : cursor.position]
        name = written.lower()
        if name not in OPERATORS:
            raise cursor.error(f"{written!r} is not an operator", start, self._operator_hint(name, start))
        return name

    def _operator_hint(self, name: str, start: int) -> str:
        if name in ("=", "<>", "eq", "ne", "like", "regex"):
            meant = {"=": "==", "eq": "==", "<>": "!=", "ne": "!=", "like": "=~", "regex": "=~"}[name]
            return f"write {meant}"
        if name.startswith(("and", "or", "&", "|")):
            return self._hint_at(start)
        if name.endswith("~"):
            return "a regular expression is matched with =~ /.../"
        return "operators: == != < <= > >= =~ in nin contains size empty subsetof anyof noneof"

    # Values

    def value(self) -> Operand:
        cursor = self.cursor
        cursor.skip_blanks()
        character = cursor.current()
        if character in _CONTEXTS:
            return self.path()
        if character == "!":
            cursor.position += 1
            cursor.skip_blanks()
            if cursor.current() in _CONTEXTS:
                return self.path()
            raise cursor.error("'!' is not expected here", cursor.position - 1)
        return self._literal(character)

    def _literal(self, character: str) -> Operand:
        if character in "'\"":
            return self._string(character)
        if character in "tf":
            return self._boolean(character)
        if character == "n":
            return self._null()
        if character in "[{":
            return self._json(character)
        if character == "/":
            return self._pattern()
        return self._number()

    def _string(self, quote: str) -> StringLiteral:
        cursor = self.cursor
        start = cursor.position
        closing = cursor.find_unescaped(quote, start)
        if closing < 0:
            raise cursor.error(f"The text in quotes is not closed: {quote} is missing", start)
        cursor.position = closing + 1
        try:
            return StringLiteral(unescape(cursor.text[start + 1 : closing]), cursor.column(start))
        except ValueError as failure:
            raise cursor.fatal(str(failure), start) from None

    def _boolean(self, character: str) -> BooleanLiteral:
        cursor = self.cursor
        start = cursor.position
        word = "true" if character == "t" else "false"
        if not (cursor.inside(start + len(word) - 1) and cursor.text.startswith(word, start)):
            raise cursor.error(f"{word} is expected here", start, "a text needs quotes")
        cursor.position += len(word)
        return BooleanLiteral(word == "true", cursor.column(start))

    def _null(self) -> NullLiteral:
        cursor = self.cursor
        start = cursor.position
        if not (cursor.inside(start + 3) and cursor.text.startswith("null", start)):
            raise cursor.error("null is expected here", start, "a text needs quotes")
        cursor.position += 4
        return NullLiteral(cursor.column(start))

    def _json(self, opening: str) -> JsonLiteral:
        cursor = self.cursor
        start = cursor.position
        closing = cursor.matching(start, opening, "]" if opening == "[" else "}", regexes=False)
        if closing < 0:
            raise cursor.error(f"{opening} is not closed", start)
        cursor.position = closing + 1
        return JsonLiteral(cursor.text[start : closing + 1], cursor.column(start))

    def _pattern(self) -> PatternLiteral:
        cursor = self.cursor
        start = cursor.position
        closing = cursor.find_unescaped("/", start)
        if closing < 0:
            raise cursor.error("The regular expression is not closed: / is missing", start)
        end = closing + 1
        while cursor.inside(end) and cursor.text[end] in _FLAGS:
            end += 1
        cursor.position = end
        pattern, flags = cursor.text[start + 1 : closing], cursor.text[closing + 1 : end]
        try:
            compile_java(pattern, flags)
        except JavaPatternError as failure:
            raise cursor.fatal(str(failure), start + 1 + failure.position) from None
        return PatternLiteral(pattern, flags, cursor.column(start))

    def _number(self) -> NumberLiteral:
        cursor = self.cursor
        start = cursor.position
        while cursor.more() and (cursor.current().isdecimal() or cursor.current() in "-.eE"):
            cursor.position += 1
        text = cursor.text[start : cursor.position]
        if not DECIMAL.match(text):
            word = re.split(r"[\s)\]&|]", cursor.text[start:], maxsplit=1)[0]
            if not word:
                raise cursor.fatal("A value is missing", start, "a filter compares: [?(@.name == 'text')]")
            raise cursor.fatal(f"{word!r} is not a value", start, "a text needs quotes: 'text'")
        return NumberLiteral(text, cursor.column(start))

    # Paths

    def path(self) -> PathOperand:
        cursor = self.cursor
        start = cursor.position
        before = cursor.previous_significant(start)
        self._skip_path(start)
        text = cursor.text[start : cursor.position]
        try:
            node = self.parse_path(text, cursor.source, cursor.column(start) - 1, self.nesting)
        except PathSyntaxError as failure:
            failure.recoverable = True
            raise
        return PathOperand(node, before >= 0 and cursor.text[before] == "!", cursor.column(start))

    def _skip_path(self, start: int) -> None:
        cursor = self.cursor
        cursor.position += 1
        while cursor.more():
            if cursor.current() == "[":
                closing = cursor.matching(cursor.position, "[", "]", regexes=False)
                if closing < 0:
                    raise cursor.error("The bracket is not closed", hint="] is missing")
                cursor.position = closing + 1
            character = cursor.current()
            ends_group = character == ")" and not self._closes_call(start)
            if not cursor.more() or character in _OPERATOR_CHARACTERS or character == SPACE or ends_group:
                return
            cursor.position += 1

    def _closes_call(self, start: int) -> bool:
        """Whether the ``)`` at the position ends a function without arguments, not a group."""
        cursor = self.cursor
        opening = cursor.previous_significant(cursor.position)
        if opening < 0 or cursor.text[opening] != "(":
            return False
        return cursor.text.rfind(".", start + 1, opening) >= 0
