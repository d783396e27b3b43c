"""Source text to tokens.

Velocity's grammar is a state machine: what a character means depends on where the last reference or
directive left off, and the oddities authors meet (``$5``, ``$foo.bar(baz)``, ``\\#if``, ``#end`` after a
dollar) follow from its states. So the states, their tokens and the actions on them are those of Apache
Velocity 2.4's grammar; each state is one regular expression whose alternatives are ordered so that the
first match is the longest. Tokens are made on demand, because the parser switches the state after the
name of a directive.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

END_MARK: Final = "\x1c"
"""Velocity ends its input with this character, so that a final ``$`` or ``#`` is still a token."""

DEFAULT, PRE_REFERENCE, PRE_DIRECTIVE, REFERENCE, REFMODIFIER, REFMOD2, REFMOD3 = range(7)
REFINDEX, DIRECTIVE, ALT_VAL, LINE_COMMENT, BLOCK_COMMENT, FORMAL_COMMENT, TEXTBLOCK_STATE = range(7, 14)

EOF: Final = "EOF"
_MORE = frozenset({"DOLLAR", "DOLLARBANG", "OPEN_TEXTBLOCK", "OPEN_FORMAL", "OPEN_BLOCK", "HASH", "MORE"})
_SPECIAL = frozenset({"REFERENCE_TERMINATOR", "DIRECTIVE_TERMINATOR"})

_WORD = r"[A-Za-z_@][A-Za-z0-9_]*"
_PLAIN = r"[^$#\\\r\n\x1c]"
_NL = r"(?:\r\n|\n|\r)"
_KEYWORD_END = r"(?![A-Za-z0-9_])"

_MORE_RULES = (
    ("DOLLARBANG", r"\\*\$\\*!"),
    ("DOLLAR", r"\\*\$"),
    ("OPEN_TEXTBLOCK", r"#\[\["),
    ("OPEN_FORMAL", r"#\*\*[^#\x1c]"),
    ("OPEN_BLOCK", r"#\*"),
)
_HASH = (("HASH", "#"),)
_SET = (("SET_DIRECTIVE", r"#(?:set|\{set\})[ \t]*\("),)
_LINE = (("SINGLE_LINE_COMMENT_START", "##"),)
_EMPTY = (("EMPTY_INDEX", r"\$(?:\[|!\[|\\!\[|\.)"),)
_ZERO = (("ZERO_WIDTH_WHITESPACE", r"\x1c"),)
_SPACE = (("WHITESPACE", r"[ \t]+"), ("NEWLINE", _NL))
_BRACKETS = (
    ("LBRACKET", r"\["),
    ("RBRACKET", r"\]"),
    ("COMMA", ","),
    ("DOUBLEDOT", r"\.\."),
    ("COLON", ":"),
    ("LEFT_CURLEY", r"\{"),
    ("RIGHT_CURLEY", r"\}"),
)
_STRING = (("STRING_LITERAL", r'"[^"\x1c]*+(?:""[^"\x1c]*+)*"' + r"|'[^'\x1c]*+(?:''[^'\x1c]*+)*'"),)
_NUMBERS = (
    ("INTEGER_LITERAL", r"-?[0-9]+(?=\.\.)"),
    (
        "FLOATING_POINT_LITERAL",
        r"-?(?:[0-9]+\.[0-9]*(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+)",
    ),
    ("INTEGER_LITERAL", r"-?[0-9]+"),
)
_BOOLEANS = (("TRUE", "true"), ("FALSE", "false"))
_OPERATORS = (
    ("LOGICAL_AND", r"&&"),
    ("LOGICAL_OR", r"\|\|"),
    ("LOGICAL_LE", r"<="),
    ("LOGICAL_GE", r">="),
    ("LOGICAL_EQUALS", r"=="),
    ("LOGICAL_NOT_EQUALS", r"!="),
    ("LOGICAL_LT", r"<"),
    ("LOGICAL_GT", r">"),
    ("LOGICAL_NOT", r"!"),
    ("EQUALS", r"="),
    ("MINUS", r"-"),
    ("PLUS", r"\+"),
    ("MULTIPLY", r"\*"),
    ("DIVIDE", r"/"),
    ("MODULUS", r"%"),
)
_WORD_OPERATORS = (
    ("LOGICAL_AND", "and"),
    ("LOGICAL_OR", "or"),
    ("LOGICAL_LE", "le"),
    ("LOGICAL_LT", "lt"),
    ("LOGICAL_GE", "ge"),
    ("LOGICAL_GT", "gt"),
    ("LOGICAL_EQUALS", "eq"),
    ("LOGICAL_NOT_EQUALS", "ne"),
    ("LOGICAL_NOT", "not"),
)
_IDENTIFIER = (("IDENTIFIER", r"[A-Za-z_][A-Za-z0-9_]*"),)
_WORDS = (("WORD", _WORD), ("BRACKETED_WORD", r"\{" + _WORD + r"\}"))
_DOT = (("DOT", r"\.(?=[A-Za-z_])"),)
_CURLIES = (("LCURLY", r"\{"), ("RCURLY", r"\}"))
_REF_SYMBOLS = (("INDEX_LBRACKET", r"\["), ("LOGICAL_OR_2", r"\|\|"), ("PIPE", r"\|"))
_TERMINATOR = (("REFERENCE_TERMINATOR", r"[\s\S]"),)
_SUFFIX = (("SUFFIX", r"[ \t]*" + _NL),)
_LONE = (("LONE_SYMBOL", r"\x1c"),)

_Rules = tuple[tuple[str, str], ...]


def _closed(rules: _Rules) -> _Rules:
    """The same words, matched only when no longer word would match."""
    return tuple((name, pattern + _KEYWORD_END) for name, pattern in rules)


_STATES: dict[int, _Rules] = {
    DEFAULT: (
        ("TEXT", rf"[ \t]*[^$#\\\r\n \t\x1c]{_PLAIN}*+{_NL}(?:{_PLAIN}*+{_NL})*+"),
        ("INLINE_TEXT", rf"[ \t]*[^$#\\\r\n \t\x1c]{_PLAIN}*+"),
        *_SPACE,
        *_EMPTY,
        *_MORE_RULES[:2],
        ("ESCAPE_DIRECTIVE", rf"(?:\\\\)*\\#(?:{_WORD}|\{{{_WORD}\}})"),
        ("DOUBLE_ESCAPE", r"\\\\"),
        ("ESCAPE", r"\\"),
        *_SET,
        *_LINE,
        *_MORE_RULES[2:],
        *_HASH,
        *_ZERO,
    ),
    PRE_REFERENCE: (
        *_IDENTIFIER,
        *_CURLIES,
        *_EMPTY,
        *_SUFFIX,
        *_SET,
        *_LINE,
        *_MORE_RULES,
        *_HASH,
        *_LONE,
        *_TERMINATOR,
    ),
    PRE_DIRECTIVE: (
        ("END", r"end" + _KEYWORD_END + r"|\{end\}"),
        ("IF_DIRECTIVE", r"if" + _KEYWORD_END + r"|\{if\}"),
        ("ELSEIF", r"elseif" + _KEYWORD_END + r"|\{elseif\}"),
        ("ELSE", r"else" + _KEYWORD_END + r"|\{else\}"),
        *_WORDS,
        *_NUMBERS,
        *_SUFFIX,
        *_LINE,
        *_MORE_RULES,
        *_HASH,
        *_LONE,
        ("DIRECTIVE_TERMINATOR", r"[\s\S]"),
    ),
    REFERENCE: (
        *_DOT,
        *_REF_SYMBOLS,
        *_CURLIES,
        *_BOOLEANS,
        *_SET,
        *_LINE,
        *_MORE_RULES,
        *_HASH,
        *_ZERO,
        *_TERMINATOR,
    ),
    REFMODIFIER: (
        *_closed(_BOOLEANS),
        *_IDENTIFIER,
        *_DOT,
        ("LPAREN", r"\("),
        *_REF_SYMBOLS,
        *_CURLIES,
        *_SET,
        *_LINE,
        *_MORE_RULES,
        *_HASH,
        *_ZERO,
        *_TERMINATOR,
    ),
    REFMOD3: (
        *_DOT,
        *_REF_SYMBOLS,
        *_CURLIES,
        *_SET,
        *_LINE,
        *_MORE_RULES,
        *_HASH,
        *_ZERO,
        *_TERMINATOR,
    ),
    REFMOD2: (
        *_SPACE,
        *_MORE_RULES[:2],
        *_STRING,
        *_NUMBERS,
        ("REFMOD2_RPAREN", r"\)"),
        *_BRACKETS,
        *_OPERATORS,
        *_closed(_BOOLEANS + _WORD_OPERATORS),
        *_IDENTIFIER,
        *_DOT,
        *_SET,
        *_LINE,
        *_MORE_RULES[2:],
        *_HASH,
        *_ZERO,
    ),
    REFINDEX: (
        *_SPACE,
        *_MORE_RULES[:2],
        *_STRING,
        *_NUMBERS,
        ("INDEX_RBRACKET", r"\]"),
        *_OPERATORS,
        *_BOOLEANS,
        *_WORD_OPERATORS,
        *_MORE_RULES[2:],
        *_HASH,
        *_ZERO,
    ),
    DIRECTIVE: (
        *_SPACE,
        *_MORE_RULES[:2],
        *_STRING,
        *_NUMBERS,
        ("LPAREN", r"\("),
        ("RPAREN", r"\)"),
        _WORDS[1],
        *_BRACKETS,
        *_OPERATORS,
        *_closed(_BOOLEANS + _WORD_OPERATORS),
        _WORDS[0],
        *_LINE,
        *_MORE_RULES[2:],
        *_HASH,
        *_ZERO,
    ),
    ALT_VAL: (
        *_SPACE,
        *_MORE_RULES[:2],
        *_STRING,
        *_NUMBERS,
        *_BRACKETS,
        *_OPERATORS,
        *_BOOLEANS,
        *_WORD_OPERATORS,
        *_MORE_RULES[2:],
        *_HASH,
    ),
    LINE_COMMENT: (
        ("SINGLE_LINE_COMMENT", _NL),
        *_ZERO,
        *_MORE_RULES,
        *_HASH,
        ("SKIP", r"[^$#\\\r\n\x1c]+|\\"),
    ),
    BLOCK_COMMENT: (("MULTI_LINE_COMMENT", r"\*#"), *_MORE_RULES, *_HASH, ("SKIP", r"[^$#\\*]+|\*|\\")),
    FORMAL_COMMENT: (
        ("FORMAL_COMMENT", r"\*#"),
        *_ZERO,
        *_MORE_RULES,
        *_HASH,
        ("SKIP", r"[^$#\\*\x1c]+|\*|\\"),
    ),
    TEXTBLOCK_STATE: (("TEXTBLOCK", r"\]\]#"), *_MORE_RULES, *_HASH, ("MORE", r"[^$#\\\]\x1c]+|[\]\\]")),
}


def _build(rules: _Rules) -> tuple[Callable[[str, int], re.Match[str] | None], tuple[str, ...]]:
    pattern = re.compile("|".join(f"({part})" for _, part in rules))
    return pattern.match, ("", *(name for name, _ in rules))


_SIMPLE = re.compile(
    r"\$(!?)\{([A-Za-z_][A-Za-z0-9_]*)((?:\.(?!(?:true|false)\b)[A-Za-z_][A-Za-z0-9_]*)*)\}"
).match
"""``${name.property}``, by far the most common reference; its tokens would lead back to the same state."""
_SIMPLE_STATES = frozenset({DEFAULT, DIRECTIVE, REFMOD2, REFINDEX, ALT_VAL})

_MACHINES = tuple(_build(_STATES[state]) for state in range(len(_STATES)))


class Token:
    """One token.

    kind: its name in the grammar; image: its text, with the dollars, hashes and backslashes before it;
    offset, end: where it stands in the source; special: images of what was skipped just before it.
    """

    __slots__ = ("end", "image", "kind", "offset", "special")

    def __init__(self, kind: str, image: str, offset: int, end: int, special: list[str] | None) -> None:
        self.kind = kind
        self.image = image
        self.offset = offset
        self.end = end
        self.special = special

    def __repr__(self) -> str:
        return f"Token({self.kind}, {self.image!r}, {self.offset})"


class LexicalError(Exception):
    """No token can start here. offset: the character that stopped the lexer."""

    def __init__(self, offset: int, state: int) -> None:
        super().__init__(offset)
        self.offset = offset
        self.state = state


class Lexer:
    """Makes the tokens of one text, one at a time."""

    def __init__(self, source: str) -> None:
        self.text = source + END_MARK
        self.position = 0
        self.state = DEFAULT
        self.in_set = False
        self._in_comment = False
        self._lparen = 0
        self._rparen = 0
        self._curly = 0
        self._stack: list[tuple[int, int, int, int]] = []

    def next(self) -> Token:
        """The next token; ``EOF`` at the end.

        Raises LexicalError where the state has no token for the text.
        """
        text, special = self.text, None
        start = self.position
        if text.startswith("$", start) and self.state in _SIMPLE_STATES:
            simple = _SIMPLE(text, start)
            if simple is not None:
                self.position = simple.end()
                return Token("SIMPLE_REFERENCE", simple.group(), start, self.position, None)
        while True:
            if self.position >= len(text):
                if self.position > start:
                    raise LexicalError(self.position - 1, self.state)
                return Token(EOF, "", len(text) - 1, len(text) - 1, special)
            match, kinds = _MACHINES[self.state]
            found = match(text, self.position)
            if found is None:
                raise LexicalError(self.position, self.state)
            kind = kinds[found.lastindex or 0]
            self.position = found.end()
            if kind in _MORE:
                self._more(kind)
            elif kind == "SKIP":
                start = self.position
            elif kind in _SPECIAL:
                special = [*(special or ()), text[start : self.position]]
                self.position -= 1
                self.pop()
                start = self.position
            else:
                token = Token(kind, text[start : self.position], start, self.position, special)
                action = _ACTIONS.get(kind)
                if action is not None:
                    action(self)
                return token

    def pop(self) -> bool:
        """Leave a state; false, and back to plain text, when there is none to return to."""
        if not self._stack:
            self._lparen = 0
            self.state = DEFAULT
            return False
        self._lparen, self._rparen, self._curly, self.state = self._stack.pop()
        return True

    def _push(self) -> None:
        self._stack.append((self._lparen, self._rparen, self._curly, self.state))
        self._lparen = 0
        self._curly = 0

    def _push_unless_pending(self) -> None:
        if self.state not in (PRE_REFERENCE, PRE_DIRECTIVE):
            self._push()

    def _more(self, kind: str) -> None:
        if self._in_comment:
            return
        if kind in ("DOLLAR", "DOLLARBANG"):
            if self.state in (REFERENCE, PRE_REFERENCE):
                self.pop()
            self._push_unless_pending()
            self.state = PRE_REFERENCE
        elif kind == "HASH":
            self._hash()
        elif kind != "MORE":
            if kind == "OPEN_FORMAL":
                self.position -= 1
            self._in_comment = True
            self._push_unless_pending()
            self.state = _OPENED[kind]

    def _hash(self) -> None:
        if self.state in (REFERENCE, PRE_REFERENCE, REFMODIFIER):
            self.pop()
        if self.state not in (PRE_REFERENCE, PRE_DIRECTIVE):
            if self.state == REFMOD3:
                self.state = DEFAULT
            self._push()
        self.state = PRE_DIRECTIVE

    def _open_index(self) -> None:
        self._push()
        self.state = REFINDEX

    def _pipe(self) -> None:
        if self._curly == 1:
            self.state = ALT_VAL
        else:
            self.pop()

    def _left_curley(self) -> None:
        self._curly += 1

    def _right_curley(self) -> None:
        self._curly -= 1
        if self.state == ALT_VAL and self._curly == 0:
            self.pop()

    def _left_paren(self) -> None:
        self._lparen += 1
        if self.state == REFMODIFIER:
            self.state = REFMOD2

    def _right_paren(self) -> None:
        while True:
            if self._lparen > 0:
                if self._lparen == self._rparen + 1:
                    self.pop()
                else:
                    self._rparen += 1
                return
            if not self.pop():
                return

    def _close_call(self) -> None:
        self.state = REFMOD3

    def _set_directive(self) -> None:
        self._push()
        self.in_set = True
        self.state = DIRECTIVE
        self._lparen += 1

    def _line_comment(self) -> None:
        if self.state in (REFERENCE, PRE_REFERENCE):
            self.pop()
        self._in_comment = True
        self._push()
        self.state = LINE_COMMENT

    def _end_comment(self) -> None:
        self._in_comment = False
        self.pop()
        if self.state in (REFERENCE, REFMOD3):
            self.pop()

    def _end_textblock(self) -> None:
        self._in_comment = False
        self.pop()

    def _newline(self) -> None:
        self.in_set = False

    def _leave(self) -> None:
        self.pop()

    def _enter_directive(self) -> None:
        self.state = DIRECTIVE

    def _literal_in_directive(self) -> None:
        if self.state == DIRECTIVE and not self.in_set and self._lparen == 0:
            self.pop()

    def _number(self) -> None:
        if self._lparen == 0 and not self.in_set and self.state not in (REFMOD2, REFINDEX, ALT_VAL):
            self.pop()

    def _float(self) -> None:
        if self._lparen == 0 and not self.in_set and self.state not in (REFMOD2, ALT_VAL):
            self.pop()

    def _identifier(self) -> None:
        if self.state == PRE_REFERENCE:
            self.state = REFERENCE

    def _dot(self) -> None:
        self.state = REFMODIFIER

    def _close_curly(self) -> None:
        while self._curly == 0 and self.state != DEFAULT:
            self.pop()
        if self.state not in (DEFAULT, DIRECTIVE, REFMOD2):
            self.pop()


_OPENED = {"OPEN_TEXTBLOCK": TEXTBLOCK_STATE, "OPEN_FORMAL": FORMAL_COMMENT, "OPEN_BLOCK": BLOCK_COMMENT}

_ACTIONS: dict[str, Callable[[Lexer], object]] = {
    "LONE_SYMBOL": Lexer._leave,
    "INDEX_LBRACKET": Lexer._open_index,
    "LOGICAL_OR_2": Lexer._leave,
    "PIPE": Lexer._pipe,
    "INDEX_RBRACKET": Lexer._leave,
    "LEFT_CURLEY": Lexer._left_curley,
    "RIGHT_CURLEY": Lexer._right_curley,
    "LPAREN": Lexer._left_paren,
    "RPAREN": Lexer._right_paren,
    "REFMOD2_RPAREN": Lexer._close_call,
    "SET_DIRECTIVE": Lexer._set_directive,
    "SINGLE_LINE_COMMENT_START": Lexer._line_comment,
    "SINGLE_LINE_COMMENT": Lexer._end_comment,
    "FORMAL_COMMENT": Lexer._end_comment,
    "MULTI_LINE_COMMENT": Lexer._end_comment,
    "TEXTBLOCK": Lexer._end_textblock,
    "NEWLINE": Lexer._newline,
    "SUFFIX": Lexer._leave,
    "STRING_LITERAL": Lexer._literal_in_directive,
    "END": Lexer._leave,
    "ELSE": Lexer._leave,
    "IF_DIRECTIVE": Lexer._enter_directive,
    "ELSEIF": Lexer._enter_directive,
    "INTEGER_LITERAL": Lexer._number,
    "FLOATING_POINT_LITERAL": Lexer._float,
    "IDENTIFIER": Lexer._identifier,
    "DOT": Lexer._dot,
    "LCURLY": Lexer._left_curley,
    "RCURLY": Lexer._close_curly,
}
