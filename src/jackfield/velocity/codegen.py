"""Expressions to Python expressions.

The code that is made has only names and constants of this package in it; what comes from the template is
always a quoted constant (``repr``), or an identifier of letters, digits and underscores with a prefix.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from jackfield.velocity.containers import MAP_MEMBERS
from jackfield.velocity.nodes import (
    Binary,
    Boolean,
    Call,
    Choice,
    Directive,
    If,
    Index,
    ListLiteral,
    MapLiteral,
    Negate,
    Node,
    Not,
    Number,
    Property,
    Range,
    Reference,
    Set,
    StringLiteral,
    Text,
    walk,
)
from jackfield.velocity.runtime import Environment, functions

_ORDERS = {"<": "== -1", ">": "== 1", "<=": "in LE", ">=": "in GE"}
_DEEP = 12
_LONG = 16
_LOOP_FACTS = {"index": "{i}", "count": "{i} + 1"}


@dataclass(slots=True)
class Loop:
    """A loop that is being compiled: the Python names of its counter and its length."""

    counter: str
    length: str


@dataclass(slots=True)
class Plan:
    """How a template is compiled.

    dynamic: variables live in a dictionary, because macros, blocks or evaluated text share them; else
    they are Python locals. scoped: ``$foreach`` is needed as an object. metered: it has loops or regular
    expressions. assigned: variables the template sets. changes: it may write into values. hot: longer code
    that renders faster, for a template that is rendered often; present, maps and tools (with their classes):
    variables it expects to be there, and to be such; it leaves the work to the shorter code when they are
    not, and when a tool refuses its arguments. repeated: members of variables that it reads more than once.
    """

    dynamic: bool
    scoped: bool
    metered: bool
    assigned: frozenset[str] = frozenset()
    changes: bool = False
    hot: bool = False
    present: frozenset[str] = frozenset()
    maps: frozenset[str] = frozenset()
    tools: Mapping[str, type] = field(default_factory=dict)
    repeated: frozenset[tuple[str, str]] = frozenset()
    loops: list[Loop] = field(default_factory=list)


class ExpressionCompiler:
    """Makes Python expressions. Statements that an expression needs are functions of their own."""

    def __init__(self, environment: Environment, plan: Plan) -> None:
        self.environment = environment
        self.plan = plan
        self.roots: dict[str, None] = {}
        self.checks: dict[str, None] = {}
        self.reads: dict[str, str] = {}
        self.constants: dict[str, object] = {}
        self.functions: list[str] = []
        self._temporaries = 0
        self._depth = 0

    # -- names

    def number(self, node: Node) -> int:
        """Register a node that can fail; for a reference, its parts get the numbers after it."""
        nodes = self.environment.nodes
        nodes.append(node)
        made = len(nodes) - 1
        if isinstance(node, Reference):
            nodes.extend(node.parts)
        return made

    def name(self, prefix: str) -> str:
        """A Python name that is not in use."""
        self._temporaries += 1
        return f"{prefix}{self._temporaries}"

    def variable(self, root: str) -> str:
        """The expression that reads a variable; ``U`` (or None in lenient mode) when it was never set."""
        check_identifier(root)
        if self.plan.dynamic:
            return f'c.get("{root}", U)' if self.environment.strict else f'c.get("{root}")'
        self.roots[root] = None
        return f"v_{root}"

    # -- references

    def reference(self, node: Reference) -> str:
        """The value of a reference."""
        if node.kind == "runt":
            return "None"
        if node.kind == "broken":
            return f"undefined(m, {self.number(node)})" if self.environment.strict else "None"
        if node.alternate is None:
            return self._plain(node)
        held = self.name("t")
        found = self._chain(node, self.number(node))
        return f"({held} if ({held} := {found}) else {self.value(node.alternate)})"

    def _plain(self, node: Reference) -> str:
        if node.parts:
            return self._fact(node) or self._chain(node, self.number(node))
        variable = self.variable(node.root)
        if not self.environment.strict:
            return variable
        if node.tested:
            held = self.name("t")
            return f"(None if ({held} := {variable}) is U else {held})"
        return self._checked(variable, self.number(node))

    def _checked(self, variable: str, number: int) -> str:
        if self.plan.dynamic:
            return f"defined(m, {variable}, {number})"
        return f"({variable} if {variable} is not U else defined(m, U, {number}))"

    def _fact(self, node: Reference) -> str | None:
        """``$foreach.index`` and ``$foreach.count`` of the loop at hand, without an object."""
        if node.root != "foreach" or not self.plan.loops or self.plan.scoped or len(node.parts) != 1:
            return None
        part, loop = node.parts[0], self.plan.loops[-1]
        if not isinstance(part, Property):
            return None
        if part.name in _LOOP_FACTS:
            return "(" + _LOOP_FACTS[part.name].format(i=loop.counter) + ")"
        if part.name == "hasNext":
            return f"({loop.counter} + 1 < {loop.length})"
        return None

    def _chain(self, node: Reference, number: int) -> str:
        found = self.variable(node.root)
        for at, part in enumerate(node.parts, number + 1):
            if isinstance(part, Property):
                found = self._property(part, found, at)
            elif isinstance(part, Call):
                found = self._call(part, found, at)
            else:
                found = self._index(part, found, at)
            if (at - number) % _LONG == 0:
                found = self._outlined(found)
        return found

    def _property(self, part: Property, base: str, number: int) -> str:
        reader = "prop" if part.name in MAP_MEMBERS else "attr"
        if self.plan.hot and reader == "attr" and base.startswith("v_"):
            get = f"{base}.get({part.name!r})"
            if base[2:] in self.plan.maps:
                self.checks[f"type({base}) is dict"] = None
                return self._held(get) if (base[2:], part.name) in self.plan.repeated else get
            return f"({get} if type({base}) is dict else prop(m, {base}, {part.name!r}, {number}))"
        return f"{reader}(m, {base}, {part.name!r}, {number})"

    def _call(self, part: Call, base: str, number: int) -> str:
        arguments = [self.value(argument) for argument in part.arguments]
        found, guard = self._guarded(base, number, part.arguments)
        kind = self.plan.tools.get(base.removeprefix("v_"))
        if kind is not None and not self.plan.metered:
            function = functions(kind).get(f"{part.name}/{len(arguments)}")
            if function is not None:
                self.checks[f"type({base}) is {self._constant('K', kind)}"] = None
                return f"{self._constant('F', function)}({', '.join(['m', base, *arguments])})"
        if len(arguments) == 1:
            made = f"call1(m, {found}, {part.name + '/1'!r}, {number}, {arguments[0]})"
        else:
            made = f"call(m, {found}, {part.name!r}, {number}, {self.tuple(arguments)})"
        return f"({guard}{made})" if guard else made

    def _held(self, expression: str) -> str:
        """The Python name of a value that is read once for each render, before all else."""
        found = self.reads.get(expression)
        if found is None:
            found = self.reads[expression] = self.name("p")
        return found

    def _constant(self, prefix: str, value: Callable[..., object]) -> str:
        """The Python name of a class or function that is known when the code is made."""
        for name, known in self.constants.items():
            if known is value:
                return name
        name = self.name(prefix)
        self.constants[name] = value
        return name

    def _index(self, part: Index, base: str, number: int) -> str:
        key = self.value(part.key)
        found, guard = self._guarded(base, number, [part.key])
        made = f"index(m, {found}, {key}, {number})"
        return f"({guard}{made})" if guard else made

    def _guarded(self, base: str, number: int, arguments: list[Node]) -> tuple[str, str]:
        """The base of a call whose arguments must not be evaluated when the base is null."""
        if all(isinstance(argument, Number | Boolean) or _fixed(argument) for argument in arguments):
            return base, ""
        if self.environment.strict:
            if base.isidentifier():
                return f"({base} or present(m, {base}, {number}))", ""
            return f"present(m, {base}, {number})", ""
        if not any(isinstance(node, Call) for node in walk(arguments)):
            return base, ""
        held = self.name("t")
        return held, f"None if ({held} := {base}) is None else "

    def tuple(self, items: Sequence[str]) -> str:
        """A Python tuple of expressions."""
        return f"({', '.join(items)}{',' if len(items) == 1 else ''})"

    # -- printing

    def piece(self, node: Node) -> str:
        """The text a reference or a text prints, as an expression of type str."""
        if isinstance(node, Text):
            return repr(node.text)
        if isinstance(node, Choice):
            return self._choice(node)
        if not isinstance(node, Reference):
            return "''"
        if node.kind == "runt":
            return repr(node.source)
        led = node.escaped or node.escape_lead or node.more_lead
        fact = None if led else self._fact(node)
        if fact is not None and "<" not in fact:
            return f"str{fact}"
        if node.kind == "broken" and not self.environment.strict and not led:
            return repr(node.null_text)
        number = self.number(node)
        if not led and node.alternate is None and node.kind != "broken" and len(node.parts) == 1:
            part = node.parts[0]
            if isinstance(part, Property) and part.name not in MAP_MEMBERS and not self.plan.hot:
                return f"text1(m, {self.variable(node.root)}, {part.name!r}, {number})"
        found = self._printed_value(node, number)
        if self.plan.hot and not led:
            if found.isidentifier():
                return f"({found} if type({found}) is str else show(m, {found}, {number}))"
            held = self.name("t")
            return f"({held} if type({held} := {found}) is str else show(m, {held}, {number}))"
        return f"{'show_led' if led else 'text0'}(m, {found}, {number})"

    def _printed_value(self, node: Reference, number: int) -> str:
        if node.kind == "broken":
            return f"undefined(m, {number})" if self.environment.strict else "None"
        if node.alternate is not None:
            return self.reference(node)
        fact = self._fact(node)
        return fact or self._chain(node, number)

    def _choice(self, node: Choice) -> str:
        made = ""
        for condition, block in node.branches:
            text = self.joined(block)
            made += text if condition is None else f"{text} if {self.test(condition)} else "
        return f"({made if node.branches[-1][0] is None else made + repr('')})"

    def pieces(self, nodes: list[Node]) -> list[str]:
        """The pieces of texts and references, neighbouring texts joined."""
        out: list[str] = []
        held = ""
        for node in nodes:
            if isinstance(node, Text):
                held += node.text
                continue
            if held:
                out.append(repr(held))
                held = ""
            out.append(self.piece(node))
        if held:
            out.append(repr(held))
        return out

    def joined(self, nodes: list[Node]) -> str:
        """One expression for the text that texts and references print."""
        form, values = "", []
        for node in nodes:
            if isinstance(node, Text):
                form += node.text.replace("%", "%%")
            else:
                form += "%s"
                values.append(self.piece(node))
        if not values:
            return repr(form.replace("%%", "%"))
        # Python makes an f-string of this: no tuple, no call.
        return values[0] if form == "%s" else f"({form!r} % {self.tuple(values)})"

    # -- values

    def value(self, node: Node) -> str:
        """The value of an expression."""
        self._depth += 1
        made = self._value(node)
        self._depth -= 1
        if self._depth and self._depth % _DEEP == 0 and not isinstance(node, Number | Boolean):
            return self._outlined(made)
        return made

    def _outlined(self, expression: str) -> str:
        """Deep expressions become functions, because Python's own parser has a depth limit."""
        name = self.name("e")
        self.functions.append(f"    def {name}():\n        return {expression}")
        return f"{name}()"

    def _value(self, node: Node) -> str:
        if isinstance(node, Reference):
            return self.reference(node)
        if isinstance(node, StringLiteral):
            return self.string(node)
        if isinstance(node, Number):
            return _constant(node.value)
        if isinstance(node, Boolean):
            return repr(node.value)
        if isinstance(node, Binary):
            return self._binary(node)
        if isinstance(node, Not):
            return f"(not {self.test(node.operand)})"
        if isinstance(node, Negate):
            return f"negate({self.value(node.operand)})"
        if isinstance(node, Range):
            first, last = self.value(node.first), self.value(node.last)
            return f"number_range(m, {first}, {last}, {self.number(node)})"
        if isinstance(node, ListLiteral):
            return "[" + ", ".join(self.value(item) for item in node.items) + "]"
        if isinstance(node, MapLiteral):
            pairs = [f"({self.value(key)}, {self.value(item)})" for key, item in node.entries]
            return f"map_literal({self.tuple(pairs)})"
        return "None"

    def string(self, node: StringLiteral) -> str:
        """A string literal."""
        if node.content is None:
            return repr(node.text)
        if any(isinstance(child, If | Set | Directive) for child in node.content):
            return self.statements(node.content)
        pieces = self.pieces(node.content)
        if len(pieces) == 1:
            return pieces[0]
        return f"join(m, {self.tuple(pieces)})" if pieces else "''"

    def statements(self, nodes: list[Node]) -> str:
        """An expression that renders statements."""
        raise TypeError(nodes)

    def _binary(self, node: Binary) -> str:
        operator = node.operator
        if operator in ("||", "&&"):
            return f"bool({self.test(node)})"
        left, right = self.value(node.left), self.value(node.right)
        if self.plan.hot and isinstance(node.right, Number) and isinstance(node.right.value, int):
            return self._against_integer(node, left, right)
        if operator in ("==", "!="):
            return self._equality(node, left, right)
        if operator in _ORDERS:
            return f"(order(m, {left}, {right}, {self.number(node)}) {_ORDERS[operator]})"
        if operator == "+":
            return f"plus(m, {left}, {right}, {self.number(node)})"
        return f"calculate(m, {operator!r}, {left}, {right}, {self.number(node)})"

    def _against_integer(self, node: Binary, left: str, right: str) -> str:
        """A comparison with a whole number, done in place when the other side is one too."""
        operator, number, held = node.operator, self.number(node), self.name("t")
        if operator in ("==", "!="):
            slow = f"{'not ' if operator == '!=' else ''}equal({held}, {right})"
        elif operator in _ORDERS:
            slow = f"order(m, {held}, {right}, {number}) {_ORDERS[operator]}"
        elif operator == "+":
            return f"plus(m, {left}, {right}, {number})"
        else:
            return f"calculate(m, {operator!r}, {left}, {right}, {number})"
        return f"({held} {operator} {right} if type({held} := {left}) is int else {slow})"

    def _equality(self, node: Binary, left: str, right: str) -> str:
        if _fixed(node.right) and isinstance(node.left, StringLiteral):
            return f"({left} {node.operator} {right})"
        return f"({'not ' if node.operator == '!=' else ''}equal({left}, {right}))"

    # -- conditions

    def test(self, node: Node) -> str:
        """An expression whose truth is that of a condition."""
        self._depth += 1
        made = self._test(node)
        self._depth -= 1
        if self._depth and self._depth % _DEEP == 0:
            return self._outlined(made)
        return made

    def _test(self, node: Node) -> str:
        if isinstance(node, Binary):
            if node.operator in ("||", "&&"):
                word = "or" if node.operator == "||" else "and"
                return f"({self.test(node.left)} {word} {self.test(node.right)})"
            if node.operator in "+-*/%":
                return "False"
            return self._value(node)
        if isinstance(node, Not):
            return f"(not {self.test(node.operand)})"
        if isinstance(node, Negate):
            return self.test(node.operand)
        if isinstance(node, Range):
            return "False"
        if isinstance(node, MapLiteral | ListLiteral):
            return repr(bool(node.entries if isinstance(node, MapLiteral) else node.items))
        if isinstance(node, Reference) and node.tested and node.alternate is None and node.kind in _PLAIN:
            return self.variable(node.root)
        return self._value(node)


_PLAIN = ("normal", "formal", "quiet")


def check_identifier(root: str) -> None:
    """Only identifiers become code; the lexer makes no others."""
    if not (root.isascii() and root.isidentifier()):
        raise ValueError(f"not an identifier: {root!r}")


def _fixed(node: Node) -> bool:
    return isinstance(node, StringLiteral) and node.content is None


def _constant(value: float) -> str:
    if isinstance(value, float) and (value in (float("inf"), float("-inf"))):
        return "INF" if value > 0 else "-INF"
    return f"({value!r})" if value < 0 else repr(value)
