"""The half of the parser that reads references and expressions."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jackfield.velocity.errors import NestingLimitError, VelocitySyntaxError
from jackfield.velocity.lexer import DIRECTIVE, EOF, REFERENCE, Lexer, LexicalError, Token
from jackfield.velocity.limits import Limits
from jackfield.velocity.literals import number, string_text
from jackfield.velocity.nodes import (
    Binary,
    Boolean,
    Call,
    Index,
    ListLiteral,
    MapLiteral,
    Negate,
    Node,
    Not,
    Number,
    Part,
    Place,
    Property,
    Range,
    Reference,
    ReferenceKind,
    SourceMap,
    StringLiteral,
)
from jackfield.velocity.syntax import hint_for

_SPACE = ("WHITESPACE", "NEWLINE")
_BAD_UNICODE = re.compile(r"\\u(?![0-9a-fA-F]{4})")
_LOGICAL = 1
_MAX_DIGITS = 1000
_OPERATORS = {
    "LOGICAL_OR": (0, "||"),
    "LOGICAL_OR_2": (0, "||"),
    "LOGICAL_AND": (1, "&&"),
    "LOGICAL_EQUALS": (2, "=="),
    "LOGICAL_NOT_EQUALS": (2, "!="),
    "LOGICAL_LT": (3, "<"),
    "LOGICAL_GT": (3, ">"),
    "LOGICAL_LE": (3, "<="),
    "LOGICAL_GE": (3, ">="),
    "PLUS": (4, "+"),
    "MINUS": (4, "-"),
    "MULTIPLY": (5, "*"),
    "DIVIDE": (5, "/"),
    "MODULUS": (5, "%"),
}
_REFERENCE_START = ("SIMPLE_REFERENCE", "IDENTIFIER", "LCURLY")
_BOUND_START = (*_REFERENCE_START, "INTEGER_LITERAL")
_PRIMARY_START = frozenset(
    {
        *_SPACE,
        "STRING_LITERAL",
        "SIMPLE_REFERENCE",
        "IDENTIFIER",
        "LCURLY",
        "INTEGER_LITERAL",
        "FLOATING_POINT_LITERAL",
        "LBRACKET",
        "LEFT_CURLEY",
        "TRUE",
        "FALSE",
        "LPAREN",
        "LOGICAL_NOT",
        "MINUS",
    }
)


@dataclass(frozen=True, slots=True)
class Source:
    """The text being parsed and how its places are counted.

    A string literal is parsed as a text of its own; ``line`` and ``column`` shift its places to those of
    the template around it, as Velocity does. root and root_offset: the outermost text, and where this text
    begins in it, for excerpts.
    """

    text: str
    name: str
    line: int = 1
    column: int = 0
    root: str = ""
    root_offset: int = 0


class ExpressionParser:
    """Tokens to expressions, by the grammar of Apache Velocity 2.4."""

    def __init__(self, source: Source, limits: Limits, depth: int = 0) -> None:
        self.source = source
        self.limits = limits
        self.depth = depth
        self.if_depth = 0
        self.open: list[tuple[str, Place]] = []
        self.lexer = Lexer(source.text)
        self._buffer: list[Token] = []
        self._at = 0
        self._places = SourceMap(self.lexer.text, source.line, source.column, source.root_offset)

    # -- tokens

    def kind(self, ahead: int = 1) -> str:
        """The kind of the token ``ahead`` places on; tokens are only made when they are asked for."""
        at = self._at + ahead - 1
        if at < len(self._buffer):
            return self._buffer[at].kind
        return self.peek(ahead).kind

    def peek(self, ahead: int = 1) -> Token:
        """The token ``ahead`` places on."""
        buffer, at = self._buffer, self._at + ahead - 1
        while len(buffer) <= at:
            try:
                buffer.append(self.lexer.next())
            except LexicalError as error:
                raise self.lexical_error(error) from None
        return buffer[at]

    def take(self) -> Token:
        """Consume one token."""
        token = self.peek()
        self._at += 1
        return token

    def expect(self, *kinds: str) -> Token:
        """Consume one token of one of these kinds, or raise a syntax error."""
        if self.peek().kind not in kinds:
            raise self.unexpected(kinds)
        return self.take()

    def accept(self, *kinds: str) -> Token | None:
        """Consume one token if it is of one of these kinds."""
        return self.take() if self.peek().kind in kinds else None

    def skip_space(self) -> None:
        """Consume blanks and line ends."""
        while self.peek().kind in _SPACE:
            self._at += 1

    def position(self) -> int:
        """The number of the next token."""
        return self._at

    def images(self, start: int, end: int) -> str:
        """The images of the tokens with these numbers: their text without what was skipped."""
        return "".join(token.image for token in self._buffer[start:end])

    def previous(self) -> Token:
        """The last consumed token."""
        return self._buffer[self._at - 1]

    # -- places and errors

    def place(self, offset: int) -> Place:
        """The place of an offset into this text."""
        return Place(self._places, offset)

    def slice(self, first: Token, last: Token) -> str:
        """The source text from one token to another."""
        return self.source.text[first.offset : last.end]

    def error(self, message: str, place: Place, hint: str) -> VelocitySyntaxError:
        """A syntax error at a place of this text."""
        return VelocitySyntaxError(
            f"{message} at {self.source.name}[line {place.line}, column {place.column}]",
            line=place.line,
            column=place.column,
            template_name=self.source.name,
            source=self.source.root or self.source.text,
            offset=place.offset,
            hint=hint,
        )

    def unexpected(self, expected: tuple[str, ...]) -> VelocitySyntaxError:
        """The error for the token that comes next."""
        token = self.peek()
        ended = token.kind == EOF or (token.kind == "ZERO_WIDTH_WHITESPACE" and self.kind(2) == EOF)
        seen = "<EOF>" if ended else token.image.rstrip("\x1c")
        place = self.place(min(token.offset, len(self.source.text)))
        hint = hint_for(seen, token.kind, expected, self.open, self.source.text, token.offset)
        return self.error(f'Encountered "{seen}"', place, hint)

    def lexical_error(self, error: LexicalError) -> VelocitySyntaxError:
        """The error for a character that no token can start with."""
        text = self.source.text
        ended = error.offset >= len(text)
        seen = "<EOF>" if ended else text[error.offset]
        place = self.place(min(error.offset, len(text)))
        kind = "LEXICAL_DIRECTIVE" if error.state == DIRECTIVE else "LEXICAL"
        hint = hint_for(seen, kind, (), self.open, text, error.offset)
        return self.error(f'Lexical error, encountered "{seen}"', place, hint)

    def descend(self, token: Token) -> None:
        """One level deeper; raises NestingLimitError below the bound."""
        self.depth += 1
        if self.depth > self.limits.nesting:
            place = self.place(token.offset)
            raise NestingLimitError(
                f"Nested deeper than {self.limits.nesting} levels at "
                f"{self.source.name}[line {place.line}, column {place.column}]",
                line=place.line,
                column=place.column,
                template_name=self.source.name,
                source=self.source.root or self.source.text,
                offset=place.offset,
            )

    # -- expressions

    def expression(self) -> Node:
        """A whole expression. A reference that is all of it counts as tested in a condition."""
        self.descend(self.peek())
        node = self._binary(0)
        self.depth -= 1
        _mark_tested(node)
        return node

    def _binary(self, level: int) -> Node:
        """Operators of this level and above, by precedence climbing."""
        node = self._unary()
        chained = 0
        while (found := _OPERATORS.get(self.kind())) is not None and found[0] >= level:
            token = self.take()
            if chained := chained + 1:
                self.descend(token)
            place = self.place(self.peek().offset)
            right = self._binary(found[0] + 1)
            if found[0] <= _LOGICAL:
                _mark_tested(node)
                _mark_tested(right)
            node = Binary(place, found[1], node, right, source=node.source)
        self.depth -= chained
        return node

    def _unary(self) -> Node:
        self.skip_space()
        token = self.peek()
        if token.kind == "LOGICAL_NOT":
            self.take()
            self.descend(token)
            operand = self._unary()
            self.depth -= 1
            _mark_tested(operand)
            return Not(self.place(token.offset), operand)
        if token.kind == "MINUS":
            self.take()
            return Negate(self.place(token.offset), self._primary())
        return self._primary()

    def _primary(self) -> Node:
        self.skip_space()
        if self.peek().kind == "LPAREN":
            self.take()
            node = self.expression()
            self.expect("RPAREN")
        else:
            node = self._operand(_PRIMARY_START)
        self.skip_space()
        return node

    def parameter(self) -> Node:
        """An element of a list or map literal: no operators there."""
        self.skip_space()
        node = self._operand(_PRIMARY_START)
        self.skip_space()
        return node

    def _operand(self, expected: frozenset[str]) -> Node:
        node = self.operand()
        if node is None:
            raise self.unexpected(tuple(sorted(expected)))
        return node

    def operand(self) -> Node | None:
        """A literal or a reference, or None when the next token starts neither."""
        token = self.peek()
        kind = token.kind
        if kind in _REFERENCE_START:
            return self.reference()
        if kind == "STRING_LITERAL":
            return self.string(self.take())
        if kind in ("INTEGER_LITERAL", "FLOATING_POINT_LITERAL"):
            self.take()
            if token.image[0] in "#$\\":
                raise self.error(f'Encountered "{token.image}"', self.place(token.offset), "")
            if len(token.image) > _MAX_DIGITS:
                raise self.error("Encountered a number that is too long", self.place(token.offset), "")
            return Number(self.place(token.offset), number(token.image), source=token.image)
        if kind in ("TRUE", "FALSE"):
            self.take()
            return Boolean(self.place(token.offset), kind == "TRUE", source=token.image)
        if kind == "LBRACKET":
            return self._range_or_list()
        if kind == "LEFT_CURLEY":
            return self._map()
        return None

    def string(self, token: Token) -> StringLiteral:
        """A string literal; its content is parsed when it is interpolated."""
        place = self.place(token.offset)
        if token.image[0] == '"' and _BAD_UNICODE.search(token.image):
            raise self.error('Encountered "\\u"', place, "\\u needs four hexadecimal digits after it.")
        text = string_text(token.image)
        content = None
        if token.image[0] == '"' and ("$" in token.image or "#" in token.image):
            self.descend(token)
            inner = Source(
                text,
                self.source.name,
                place.line,
                place.column,
                self.source.root or self.source.text,
                place.offset + 1,
            )
            content = self.interpolated(inner)
            self.depth -= 1
        return StringLiteral(place, text, content, source=token.image)

    def interpolated(self, inner: Source) -> list[Node]:
        """The statements inside a string literal."""
        raise TypeError(inner)

    def _range_or_list(self) -> Node:
        found = self._range()
        return found if found is not None else self._list()

    def _range(self) -> Range | None:
        start, opening = self._at, self.take()
        self.skip_space()
        first = self._bound()
        if first is None or not self._double_dot():
            self._at = start
            return None
        self.skip_space()
        last = self._bound()
        if last is None:
            raise self.unexpected(("IDENTIFIER", "LCURLY", "INTEGER_LITERAL"))
        self.skip_space()
        closing = self.expect("RBRACKET")
        return Range(self.place(opening.offset), first, last, source=self.slice(opening, closing))

    def _double_dot(self) -> bool:
        self.skip_space()
        return self.accept("DOUBLEDOT") is not None

    def _bound(self) -> Node | None:
        if self.peek().kind in _BOUND_START:
            return self.operand()
        return None

    def _list(self) -> ListLiteral:
        opening = self.expect("LBRACKET")
        self.descend(opening)
        items: list[Node] = []
        if self.peek().kind != "RBRACKET":
            items.append(self.parameter())
            while self.accept("COMMA"):
                items.append(self.parameter())
        closing = self.expect("RBRACKET")
        self.depth -= 1
        return ListLiteral(self.place(opening.offset), items, source=self.slice(opening, closing))

    def _map(self) -> MapLiteral:
        opening = self.take()
        self.descend(opening)
        entries: list[tuple[Node, Node]] = []
        self.skip_space()
        if self.peek().kind not in ("RIGHT_CURLEY", "RCURLY"):
            entries.append(self._entry())
            while self.accept("COMMA"):
                entries.append(self._entry())
        closing = self.expect("RIGHT_CURLEY", "RCURLY")
        self.depth -= 1
        return MapLiteral(self.place(opening.offset), entries, source=self.slice(opening, closing))

    def _entry(self) -> tuple[Node, Node]:
        key = self.parameter()
        self.expect("COLON")
        return key, self.parameter()

    # -- references

    def at_reference(self) -> bool:
        """Whether a reference starts here (a brace counts only before a name)."""
        kind = self.peek().kind
        return kind in ("SIMPLE_REFERENCE", "IDENTIFIER") or (
            kind == "LCURLY" and self.kind(2) == "IDENTIFIER"
        )

    def reference(self) -> Reference:
        """``$name``, ``${name}``, ``$!name`` … with its properties, calls, indexes and alternate value."""
        first = self.take()
        if first.kind == "SIMPLE_REFERENCE":
            return self._simple_reference(first)
        formal = first.kind == "LCURLY"
        name = self.expect("IDENTIFIER") if formal else first
        self.descend(first)
        parts = self._parts()
        alternate = None
        if formal:
            if self.accept("PIPE"):
                alternate = self.expression()
            self.expect("RCURLY", "RIGHT_CURLEY")
        self.depth -= 1
        return self._make_reference(first, name, parts, alternate)

    def _simple_reference(self, token: Token) -> Reference:
        """``${name.property}`` from its one token."""
        image, place = token.image, self.place(token.offset)
        quiet = image[1] == "!"
        root, *names = image[3 if quiet else 2 : -1].split(".")
        at = token.offset + (3 if quiet else 2) + len(root)
        parts: list[Part] = []
        for name in names:
            parts.append(Property(self.place(at + 1), name, source=name))
            at += 1 + len(name)
        return Reference(
            place,
            root,
            parts,
            None,
            "quiet" if quiet else "formal",
            False,
            "",
            "",
            "" if quiet else image,
            in_if=self.if_depth > 0,
            source=image,
        )

    def _parts(self) -> list[Part]:
        parts: list[Part] = []
        self._indexes(parts)
        while self.peek().kind == "DOT" and self.kind(2) == "IDENTIFIER":
            self.take()
            parts.append(self._member())
            self._indexes(parts)
        return parts

    def _indexes(self, parts: list[Part]) -> None:
        while self.peek().kind == "INDEX_LBRACKET":
            opening = self.take()
            self.skip_space()
            key = self.expression()
            self.skip_space()
            closing = self.expect("INDEX_RBRACKET")
            parts.append(Index(self.place(opening.offset), key, source=self.slice(opening, closing)))

    def _member(self) -> Property | Call:
        name = self.take()
        place = self.place(name.offset)
        if self.peek().kind != "LPAREN" or not self._call_follows():
            return Property(place, name.image, source=name.image)
        self.take()
        arguments: list[Node] = []
        if self.peek().kind != "REFMOD2_RPAREN":
            arguments.append(self.expression())
            while self.accept("COMMA"):
                arguments.append(self.expression())
        self.expect("REFMOD2_RPAREN")
        return Call(place, name.image, arguments, source=name.image)

    def _call_follows(self) -> bool:
        return self.kind(2) == "REFMOD2_RPAREN" or self.kind(2) in _PRIMARY_START

    def _make_reference(
        self, first: Token, name: Token, parts: list[Part], alternate: Node | None
    ) -> Reference:
        image = first.image
        tail = self.source.text[first.end : self.previous().end]
        place = self.place(first.offset)
        if "\\!" in image:
            shown = _slash_bang(image)
            kind: ReferenceKind = "broken"
            escaped, escape_lead, more_lead, null_text, root = False, "", "", shown, shown
        else:
            slashes = len(image) - len(image.lstrip("\\"))
            escaped, escape_lead = bool(slashes % 2), "\\" * (slashes // 2)
            image = image[slashes:]
            at = image.rfind("$")
            more_lead = image[:at] if at > 0 else ""
            image = image[at:] if at > 0 else image
            kind = _kind(image)
            null_text = "" if kind == "quiet" and not escaped else image + tail
            root = name.image if first is not name else image.lstrip("$").lstrip("!")
            if not root.isidentifier():
                kind = "broken"
        return Reference(
            place,
            root,
            parts,
            alternate,
            kind,
            escaped,
            escape_lead,
            more_lead,
            null_text,
            in_if=self.if_depth > 0,
            source=image + tail,
        )

    def at_assignment(self) -> bool:
        """Whether an equals sign follows the reference that has just been seen (macro parameters)."""
        if self.lexer.state != REFERENCE:
            return False
        rest = self.lexer.text[self.lexer.position :].lstrip(" \t\r\n\f\x0b")
        return rest.startswith("=")


def _kind(image: str) -> ReferenceKind:
    if image.startswith("$!"):
        return "quiet"
    if image == "${":
        return "formal"
    return "normal" if image.startswith("$") else "runt"


def _slash_bang(image: str) -> str:
    """What ``$\\!name`` prints: itself with one backslash less."""
    start = image.find("\\", image.index("$"))
    count = len(image[start:]) - len(image[start:].lstrip("\\"))
    return image[:start] + image[start : start + count - 1] + image[start + count :]


def _mark_tested(node: Node) -> None:
    if isinstance(node, Reference) and not node.parts and node.in_if:
        node.tested = True
