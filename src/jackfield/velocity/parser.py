"""Tokens to a tree, by the grammar of Apache Velocity 2.4."""

from __future__ import annotations

from jackfield.velocity.errors import VelocitySyntaxError
from jackfield.velocity.expressions import ExpressionParser, Source
from jackfield.velocity.lexer import DIRECTIVE, EOF, Token
from jackfield.velocity.limits import Limits
from jackfield.velocity.nodes import (
    Block,
    Branch,
    Default,
    Directive,
    If,
    Node,
    Place,
    Reference,
    Set,
    StringLiteral,
    Text,
    Word,
)

BLOCK_DIRECTIVES = frozenset({"foreach", "define", "macro"})
LINE_DIRECTIVES = frozenset({"include", "parse", "evaluate", "break", "stop"})
PLUGGABLE = BLOCK_DIRECTIVES | LINE_DIRECTIVES
_BUILT_IN = frozenset({"if", "end", "set", "else", "elseif"})
_TEXT_KINDS = frozenset(
    {
        "TEXT",
        "DOT",
        "RPAREN",
        "LPAREN",
        "INTEGER_LITERAL",
        "FLOATING_POINT_LITERAL",
        "STRING_LITERAL",
        "ESCAPE",
        "LCURLY",
        "RCURLY",
        "EMPTY_INDEX",
        "PIPE",
        "LONE_SYMBOL",
        "NEWLINE",
        "WHITESPACE",
        "SUFFIX",
        "LOGICAL_OR_2",
        "ZERO_WIDTH_WHITESPACE",
    }
)
_AFTER_BLANKS = frozenset({"IF_DIRECTIVE", "SET_DIRECTIVE", "WORD", "BRACKETED_WORD"})
_COMMENTS = frozenset({"SINGLE_LINE_COMMENT_START", "MULTI_LINE_COMMENT", "FORMAL_COMMENT"})
_WHOLE = frozenset({"TEXTBLOCK", "ESCAPE_DIRECTIVE", "DOUBLE_ESCAPE"})
_BRANCH_ENDS = frozenset({"ELSEIF", "ELSE", "END"})


class Parser(ExpressionParser):
    """Parses one text. ``bc`` asks for the white space rules of Velocity 1.x."""

    def __init__(
        self,
        source: Source,
        limits: Limits,
        *,
        bc: bool = False,
        depth: int = 0,
        macro_names: set[str] | None = None,
    ) -> None:
        super().__init__(source, limits, depth)
        self.bc = bc
        self.macro_names: set[str] = set() if macro_names is None else macro_names
        self.directives: list[Node] = []
        self.after_newline = True

    def template(self) -> list[Node]:
        """The whole text."""
        nodes: list[Node] = []
        while self.kind() != EOF:
            self._statement(nodes)
        return nodes

    def interpolated(self, inner: Source) -> list[Node]:
        """The statements inside a string literal."""
        parser = Parser(inner, self.limits, bc=self.bc, depth=self.depth, macro_names=self.macro_names)
        parser.directives = self.directives
        return parser.template()

    # -- statements

    def _starts(self, *kinds: str) -> bool:
        """Whether a directive of these kinds starts here, perhaps after the blanks that open a line."""
        kind = self.kind()
        return kind in kinds or (self.after_newline and kind == "WHITESPACE" and self.kind(2) in kinds)

    def _statement(self, nodes: list[Node]) -> None:
        kind = self.kind()
        if kind == "WHITESPACE" and self.after_newline and self.kind(2) in _AFTER_BLANKS:
            kind = self.kind(2)
        if kind in ("INLINE_TEXT", "TEXT"):
            self._text(nodes)
        elif kind in ("SIMPLE_REFERENCE", "IDENTIFIER") or (
            kind == "LCURLY" and self.kind(2) == "IDENTIFIER"
        ):
            nodes.append(self.reference())
            self.after_newline = False
        elif kind == "IF_DIRECTIVE":
            nodes.append(self._if())
        elif kind == "SET_DIRECTIVE":
            nodes.append(self._set())
        elif kind in ("WORD", "BRACKETED_WORD"):
            nodes.append(self._directive())
        elif kind in _COMMENTS:
            self._comment(nodes)
        elif kind in _WHOLE:
            self._whole(nodes)
        else:
            self._text(nodes)

    def _whole(self, nodes: list[Node]) -> None:
        """A token that is a statement by itself: unparsed text, or an escaped directive."""
        kind = self.kind()
        if kind == "DOUBLE_ESCAPE":
            nodes.append(self._escape())
            return
        token = self.take()
        if kind == "ESCAPE_DIRECTIVE":
            token.image = self._escaped_directive(token.image)
        text = token.image[3:-3] if kind == "TEXTBLOCK" else token.image
        nodes.append(Text(self.place(token.offset), text))
        self.after_newline = False

    def _text(self, nodes: list[Node]) -> None:
        token = self.peek()
        kind = token.kind
        if kind == "INLINE_TEXT":
            self.take()
            text = literal(token)
            self.after_newline = False
            if self.kind() == "TEXT":
                text += literal(self.take())
                self.after_newline = True
        elif kind in _TEXT_KINDS:
            if kind == "ZERO_WIDTH_WHITESPACE" and self.kind(2) == EOF:
                self.take()
                return
            self.take()
            text = literal(token)
            if kind == "LONE_SYMBOL":
                text = text[:-1]
            if kind != "LOGICAL_OR_2":
                self.after_newline = kind in ("TEXT", "NEWLINE", "SUFFIX")
        else:
            raise self.unexpected(())
        nodes.append(Text(self.place(token.offset), text))

    def _comment(self, nodes: list[Node]) -> None:
        token = self.take()
        if token.kind == "SINGLE_LINE_COMMENT_START":
            self.accept("SINGLE_LINE_COMMENT")
            self.after_newline = True
        else:
            self.after_newline = False
        found = [at for at in (token.image.find("##"), token.image.find("#*")) if at >= 0]
        if found:
            at = token.image.find("##")
            nodes.append(Text(self.place(token.offset), token.image[: at if at >= 0 else found[0]]))

    def _escaped_directive(self, image: str) -> str:
        last = image.rindex("\\")
        name = image[last + 2 :].strip("{}")
        if name in PLUGGABLE or name in _BUILT_IN or name in self.macro_names:
            return image[: last // 2] + image[last + 1 :]
        return image

    def _escape(self) -> Text:
        first, count = self.peek(), 0
        while self.kind() == "DOUBLE_ESCAPE":
            self.take()
            count += 1
        following = self.peek()
        name = following.image[1:]
        control = following.kind in ("IF_DIRECTIVE", "ELSE", "ELSEIF", "END")
        control = control or name in PLUGGABLE or name in self.macro_names
        self.after_newline = False
        return Text(self.place(first.offset), ("\\" if control else "\\\\") * count)

    # -- directives with a grammar of their own

    def _prefix(self) -> str:
        token = self.accept("WHITESPACE")
        return token.image if token is not None else ""

    def _line_end(self, allowed: bool = True) -> str:
        """The blanks and the line end that follow a directive, if that is all there is on the line."""
        if not allowed:
            return ""
        kind = self.kind()
        if kind == "NEWLINE" or (kind == "WHITESPACE" and self.kind(2) == "NEWLINE"):
            blanks = self._prefix()
            self.after_newline = True
            return blanks + self.take().image
        return ""

    def _if(self) -> If:
        at_start = self.after_newline
        prefix = self._prefix()
        opening = self.take()
        place = self.place(opening.offset)
        self.descend(opening)
        self.if_depth += 1
        self.open.append(("#if", place))
        condition = self._condition()
        statement = If(place, [], prefix=prefix, more=_before_hash(opening))
        self.directives.append(statement)
        ended = self._line_end()
        block = self._block(place, _BRANCH_ENDS)
        block.prefix = ended
        statement.branches.append(Branch(place, condition, block))
        block = self._other_branches(statement, block)
        block.postfix += self._prefix() if self.after_newline else ""
        ending = self.expect("END")
        self.open.pop()
        self.after_newline = False
        statement.postfix = self._line_end(at_start or self.bc)
        block.more_postfix = _before_hash(ending)
        self.if_depth -= 1
        self.depth -= 1
        return statement

    def _condition(self) -> Node:
        self.skip_space()
        self.expect("LPAREN")
        condition = self.expression()
        self.expect("RPAREN")
        return condition

    def _other_branches(self, statement: If, block: Block) -> Block:
        while self._starts("ELSEIF"):
            block.postfix = self._prefix()
            token = self.take()
            block.more_postfix = _before_hash(token)
            block = self._branch(statement, token, self._condition(), _BRANCH_ENDS)
        if self._starts("ELSE"):
            block.postfix = self._prefix()
            token = self.take()
            block.more_postfix = _before_hash(token)
            block = self._branch(statement, token, None, frozenset({"END"}))
        return block

    def _branch(self, statement: If, token: Token, condition: Node | None, ends: frozenset[str]) -> Block:
        ended = self._line_end()
        place = self.place(token.offset)
        block = self._block(place, ends)
        block.prefix = ended
        statement.branches.append(Branch(place, condition, block))
        return block

    def _block(self, place: Place, ends: frozenset[str]) -> Block:
        nodes: list[Node] = []
        while not (self.kind() in ends or self._starts(*ends)):
            if self.kind() == EOF or (self.kind() == "ZERO_WIDTH_WHITESPACE" and self.kind(2) == EOF):
                raise self.unexpected(("END",))
            self._statement(nodes)
        return Block(place, nodes)

    def _set(self) -> Set:
        prefix = self._prefix()
        opening = self.take()
        place = self.place(opening.offset)
        self.open.append(("#set", place))
        self.skip_space()
        if not self.at_reference():
            raise self.unexpected(("IDENTIFIER",))
        target = self.reference()
        self.skip_space()
        self.expect("EQUALS")
        value = self.expression()
        self.expect("RPAREN")
        self.open.pop()
        self.lexer.in_set = False
        ended = self._line_end(self.after_newline or self.bc)
        self.after_newline = bool(ended)
        node = Set(place, target, value, prefix=prefix, more=_before_hash(opening), postfix=ended)
        self.directives.append(node)
        return node

    # -- pluggable directives and macro calls

    def _directive(self) -> Directive:
        at_start = self.after_newline
        prefix = self._prefix()
        word = self.expect("WORD", "BRACKETED_WORD")
        started = self.position()
        name = word.image[word.image.rindex("#") + 1 :] if "#" in word.image else word.image
        name = name.strip("{}")
        if "#" not in word.image:
            raise self.unexpected_at(word)
        place = self.place(word.offset)
        node = Directive(place, name, [], prefix=prefix, more=_before_hash(word))
        self.directives.append(node)
        self.lexer.state = DIRECTIVE
        is_block = name in BLOCK_DIRECTIVES or name.startswith("@")
        called = self._left_parenthesis_follows()
        if called:
            self.open.append((f"#{name}", place))
            self._arguments(node)
            self.open.pop()
        else:
            self.lexer.pop()
        self.after_newline = False
        finished = self.position()
        gobbles = is_block or (at_start and not self.bc) or (self.bc and called)
        ended = self._line_end(gobbles or name in ("include", "parse"))
        self._check_arguments(node, word)
        node.called = (called or word.image.startswith("#end")) and not ended
        if not is_block:
            node.postfix = ended
            node.literal = word.image[len(node.more) :] + self.images(started, finished)
            return node
        finished = self._directive_body(node, ended, at_start)
        node.literal = word.image[len(node.more) :] + self.images(started, finished)
        return node

    def unexpected_at(self, token: Token) -> VelocitySyntaxError:
        """The error for a token that has already been consumed."""
        place = self.place(token.offset)
        return self.error(f'Encountered "{token.image}"', place, "")

    def _left_parenthesis_follows(self) -> bool:
        text, at = self.lexer.text, self.lexer.position
        while text[at] in " \t\r\n":
            at += 1
        return text[at] == "("

    def _arguments(self, node: Directive) -> None:
        self.skip_space()
        self.expect("LPAREN")
        while not self._right_parenthesis_follows():
            self.skip_space()
            if self.accept("COMMA"):
                self.skip_space()
            node.arguments.append(self._argument(node))
        self.skip_space()
        self.expect("RPAREN")

    def _right_parenthesis_follows(self) -> bool:
        if self.kind() not in ("WHITESPACE", "NEWLINE"):
            return self.kind() == "RPAREN"
        ahead = 2
        while self.kind(ahead) in ("WHITESPACE", "NEWLINE"):
            ahead += 1
        return self.kind(ahead) == "RPAREN"

    def _argument(self, node: Directive) -> Node:
        token = self.peek()
        if token.kind == "WORD":
            self.take()
            return Word(self.place(token.offset), token.image, source=token.image)
        operand = self.operand()
        if operand is None:
            raise self.unexpected(("RPAREN",))
        if node.name == "macro" and self._assigns():
            self.skip_space()
            self.expect("EQUALS")
            self.skip_space()
            value = self.operand()
            if value is None:
                raise self.unexpected(("RPAREN",))
            if not isinstance(operand, Reference):
                raise self.unexpected_at(token)
            return Default(operand.place, operand, value)
        return operand

    def _assigns(self) -> bool:
        ahead = 1
        while self.kind(ahead) in ("WHITESPACE", "NEWLINE"):
            ahead += 1
        return self.kind(ahead) == "EQUALS"

    def _directive_body(self, node: Directive, ended: str, at_start: bool) -> int:
        """Parse up to ``#end``; the number of the token after it."""
        self.descend(self.previous())
        self.open.append((f"#{node.name}", node.place))
        ends = frozenset({"END", "ELSE"})
        block = self._block(node.place, ends)
        block.prefix = ended
        node.block = block
        block.postfix = self._prefix() if self.after_newline else ""
        if node.name == "foreach" and self.kind() == "ELSE":
            token = self.take()
            block.more_postfix = _before_hash(token)
            ended = self._line_end()
            block = self._block(self.place(token.offset), frozenset({"END"}))
            block.prefix = ended
            node.alternative = block
        if self.after_newline:
            block.postfix += self._prefix()
            self.after_newline = False
        ending = self.expect("END")
        finished = self.position()
        self.open.pop()
        self.after_newline = False
        node.postfix = self._line_end(at_start or self.bc)
        block.more_postfix = _before_hash(ending)
        node.called = not node.postfix
        if node.name == "macro":
            self.macro_names.add(node.arguments[0].source)
        self.depth -= 1
        return finished

    def _check_arguments(self, node: Directive, word: Token) -> None:
        problem = _ARGUMENT_RULES.get(node.name, _anything)(node)
        if problem:
            place = self.place(word.offset)
            raise self.error(problem, place, _ARGUMENT_HINTS.get(node.name, ""))


def literal(token: Token) -> str:
    """The text a token prints: what was skipped before it keeps its dollars and hashes."""
    if not token.special:
        return token.image
    return "".join(_special_text(image) for image in token.special) + token.image


def _special_text(image: str) -> str:
    if image.startswith("##"):
        return ""
    kept, at = "", 0
    while at < len(image):
        char = image[at]
        if char in "$#":
            kept += char
        elif char == "\\":
            run = at
            while run < len(image) and image[run] == "\\":
                run += 1
            if run < len(image) and image[run] == "$":
                kept += image[at : run + 1]
                at = run + 1
        at += 1
    return kept


def _before_hash(token: Token) -> str:
    at = token.image.rfind("#")
    return token.image[:at] if at > 0 else ""


def _anything(_node: Directive) -> str:
    return ""


def _foreach_rule(node: Directive) -> str:
    arguments = node.arguments
    if len(arguments) < 3:
        return "Too few arguments to the #foreach directive"
    if not isinstance(arguments[0], Reference):
        return "Expected argument 1 of #foreach to be a reference"
    if not isinstance(arguments[1], Word):
        return "Expected word 'in' at argument position 2 in #foreach"
    return "Argument 3 of #foreach is of the wrong type" if isinstance(arguments[2], Word) else ""


def _define_rule(node: Directive) -> str:
    if len(node.arguments) != 1:
        return "The #define directive requires one argument"
    return "The argument to #define is of the wrong type" if isinstance(node.arguments[0], Word) else ""


def _macro_rule(node: Directive) -> str:
    if not node.arguments:
        return "A macro definition requires at least a macro name"
    if not isinstance(node.arguments[0], Word):
        return "Macro argument 1 must be a token without surrounding ' or \""
    defaulted = False
    for position, argument in enumerate(node.arguments[1:], 2):
        if isinstance(argument, Default):
            defaulted = True
        elif not isinstance(argument, Reference):
            return f"Macro argument {position} must be a reference"
        elif defaulted:
            return "Macro non-default argument follows a default argument"
    return ""


def _evaluate_rule(node: Directive) -> str:
    if len(node.arguments) != 1:
        return "#evaluate() requires exactly one argument"
    if not isinstance(node.arguments[0], StringLiteral | Reference):
        return "#evaluate()  argument must be a string literal or reference"
    return ""


def _break_rule(node: Directive) -> str:
    return (
        "The #break directive takes only a single, optional Scope argument" if len(node.arguments) > 1 else ""
    )


def _stop_rule(node: Directive) -> str:
    return "The #stop directive only accepts a single message parameter" if len(node.arguments) > 1 else ""


_ARGUMENT_RULES = {
    "foreach": _foreach_rule,
    "define": _define_rule,
    "macro": _macro_rule,
    "evaluate": _evaluate_rule,
    "break": _break_rule,
    "stop": _stop_rule,
}
_ARGUMENT_HINTS = {
    "foreach": "Write #foreach($item in $list) … #end.",
    "define": "Write #define($name) … #end.",
    "macro": "Write #macro(name $first $second) … #end.",
    "evaluate": "Write #evaluate($text).",
}
