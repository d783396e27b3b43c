"""A tree to Python code.

A template becomes one Python function. Where variables are shared between several scopes (macros, blocks,
evaluated text) or blocks nest deeply, it becomes several functions over one dictionary of variables.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from types import CodeType

from jackfield.velocity import arithmetic, operators, runtime, sharing
from jackfield.velocity.codegen import ExpressionCompiler, Loop, Plan, check_identifier
from jackfield.velocity.containers import map_key
from jackfield.velocity.errors import MemberError
from jackfield.velocity.gobbling import Gobbling, after, before, block_end, block_start, unknown_text
from jackfield.velocity.nodes import (
    Block,
    Branch,
    Call,
    Choice,
    Default,
    Directive,
    If,
    Index,
    Node,
    Place,
    Property,
    Reference,
    Set,
    SourceMap,
    StringLiteral,
    Text,
    walk,
)
from jackfield.velocity.runtime import Environment, Meter, StopSignal
from jackfield.velocity.scopes import Scope
from jackfield.velocity.values import UNDEFINED

_SHARING = frozenset({"macro", "define", "evaluate", "parse", "include"})
_REGEX = frozenset({"matches", "replaceAll", "replaceFirst", "split"})
_MUTATORS = frozenset({"add", "addAll", "clear", "put", "putAll", "putIfAbsent", "remove", "set"})
_MAX_BLOCKS = 8
_SMALL = 16

Render = Callable[[Callable[..., object]], str]


def plan_for(nodes: list[Node], every: list[Node], macros: frozenset[str] = frozenset()) -> Plan:
    """How this tree must be compiled. every: all its nodes; macros: names known from outside."""
    dynamic = scoped = metered = changes = False
    assigned: set[str] = set()
    for node in every:
        if isinstance(node, Directive):
            name = node.name
            dynamic |= name in _SHARING or name.lstrip("@") in macros or name.startswith("@")
            scoped |= name == "break" and bool(node.arguments)
            metered = True
            changes |= name in ("evaluate", "parse")
            if name == "foreach" and isinstance(node.arguments[0], Reference):
                assigned.update(("foreach", node.arguments[0].root))
        elif isinstance(node, Set):
            assigned.add(node.target.root)
            changes |= bool(node.target.parts)
        elif isinstance(node, Reference):
            scoped |= node.root == "foreach" and not _simple_fact(node)
        elif isinstance(node, Call):
            metered |= node.name in _REGEX
            changes |= node.name in _MUTATORS
        elif isinstance(node, Property):
            changes |= node.name == "clear"
        elif isinstance(node, StringLiteral) and node.content:
            dynamic |= any(isinstance(child, If | Set | Directive) for child in node.content)
    dynamic |= _depth(nodes) > _MAX_BLOCKS
    return Plan(dynamic, scoped or dynamic, metered or dynamic, frozenset(assigned), changes)


def _simple_fact(node: Reference) -> bool:
    if len(node.parts) != 1 or node.alternate is not None:
        return False
    part = node.parts[0]
    return isinstance(part, Property) and part.name in ("index", "count", "hasNext")


def _depth(nodes: list[Node]) -> int:
    deepest = 0
    for node in nodes:
        blocks: list[Block | None] = []
        if isinstance(node, If):
            blocks.extend(branch.block for branch in node.branches)
        elif isinstance(node, Directive):
            blocks.extend((node.block, node.alternative))
        for block in blocks:
            if block is not None:
                deepest = max(deepest, 1 + _depth(block.children))
    return deepest


class TemplateCompiler(ExpressionCompiler):
    """Compiles one tree."""

    def __init__(self, environment: Environment, plan: Plan, mode: Gobbling) -> None:
        super().__init__(environment, plan)
        self.mode = mode
        self.lines: list[str] = []
        self.made: list[str] = []
        self.macros: dict[str, str] = {}
        self._indent = 1
        self._blocks = 0
        self._pending: list[Node] = []
        self.stops = False

    # -- whole templates

    def compile(self, nodes: list[Node]) -> CodeType:
        """The code of a module that defines ``render`` (and ``macros``)."""
        self.stops = any(
            isinstance(node, Directive) and node.name in ("break", "stop", "evaluate", "parse")
            for node in walk(nodes)
        )
        self._body(nodes)
        source = self._dynamic_source() if self.plan.dynamic else self._local_source()
        return compile(source, "<velocity>", "exec")

    def _local_source(self) -> str:
        if self.plan.hot:
            return self._hot_source()
        head = ["def render(g):"]
        if self.plan.metered:
            head.append("    m = Meter(E)")
        default = ", U" if self.environment.strict else ""
        head.extend(f'    v_{root} = g("{root}"{default})' for root in self.roots)
        return "\n".join([*head, *self.functions, *self.lines, "macros = {}"])

    def _hot_source(self) -> str:
        """Code that expects what was there before, and leaves everything else to the first code."""
        expected = [root for root in self.roots if root in self.plan.present]
        others = [root for root in self.roots if root not in self.plan.present]
        head = ["def render(c):", "    if type(c) is not dict: return cold(c.get)"]
        if expected:
            head.append("    try:")
            head.extend(f'        v_{root} = c["{root}"]' for root in expected)
            head.append(f"        known = {' and '.join(self.checks) or 'True'}")
            # What the first code raises should not seem to come from a KeyError.
            head += ["    except KeyError: known = False", "    if not known: return cold(c.get)"]
        if self.plan.metered:
            head.append("    m = Meter(E)")
        default = ", U" if self.environment.strict else ""
        head.extend(f'    v_{root} = c.get("{root}"{default})' for root in others)
        head.extend(f"    {name} = {expression}" for expression, name in self.reads.items())
        lines = self.lines
        if self.constants:
            # A tool may refuse.
            lines = ["    try:", *("    " + line for line in lines), "    except FAULTS: return cold(c.get)"]
        return "\n".join([*head, *self.functions, *lines, "macros = {}"])

    def _dynamic_source(self) -> str:
        main = "\n".join(["def body(c, m, w):", *self.functions, *(self.lines or ["    pass"])])
        table = ", ".join(f"{name!r}: {function}" for name, function in self.macros.items())
        return "\n".join([*self.made, main, f"macros = {{{table}}}"])

    def _body(self, nodes: list[Node]) -> None:
        if self.plan.dynamic:
            self.block(nodes)
            return
        if self.plan.hot:
            nodes = self._flat(nodes)
        if not any(isinstance(node, If | Set | Directive) for node in nodes):
            if self.plan.hot and len(nodes) <= 2 * _SMALL:
                self._return_joined(nodes)
                return
            pieces = self.pieces(nodes)
            if len(pieces) == 1:
                self._emit(f"return {pieces[0]}")
            elif len(pieces) <= 2 * _SMALL:
                self._emit(f"return small(m, ''.join({self.tuple(pieces)}))" if pieces else "return ''")
            else:
                self._emit(f"return join(m, {self.tuple(pieces)})")
            return
        self._emit("w = []")
        if self.stops:
            self._emit("try:")
            self._indent += 1
        self.block(nodes)
        if self.stops:
            self._indent -= 1
            self._emit("except StopSignal:")
            self._emit("    pass")
        self._emit("return join(m, w)")

    def _return_joined(self, nodes: list[Node]) -> None:
        """Return one text; only what was put together is measured, as in the first code."""
        values = sum(not isinstance(node, Text) for node in nodes)
        around = any(node.text for node in nodes if isinstance(node, Text))
        self._emit(f"t = {self.joined(nodes)}")
        if values > 1 or (values and around):
            self._emit(f"return t if len(t) <= {self.environment.limits.output} else join(m, (t,))")
        else:
            self._emit("return t")

    def _flat(self, nodes: list[Node]) -> list[Node]:
        """The same nodes, with conditions that only print turned into printed choices."""
        flat: list[Node] = []
        for node in nodes:
            if not isinstance(node, If):
                flat.append(node)
                continue
            branches = [
                (branch.condition, self._flat(self._spaced(branch.block))) for branch in node.branches
            ]
            if any(isinstance(child, If | Set | Directive) for _, block in branches for child in block):
                return nodes
            flat.append(Text(node.place, before(node, self.mode)))
            flat.append(Choice(node.place, branches))
            flat.append(Text(node.place, after(node, self.mode)))
        return flat

    def _emit(self, line: str) -> None:
        self.lines.append("    " * self._indent + line)

    # -- statements

    def block(self, nodes: list[Node]) -> None:
        """Statements at the current indentation."""
        start = len(self.lines)
        for node in nodes:
            if isinstance(node, If | Set | Directive):
                self._text(before(node, self.mode))
                self._statement(node)
                self._text(after(node, self.mode))
            else:
                self._pending.append(node)
        self._flush()
        if len(self.lines) == start:
            self._emit("pass")

    def _text(self, text: str) -> None:
        if text:
            self._pending.append(Text(_NOWHERE, text))

    def _flush(self) -> None:
        nodes, self._pending = self._pending, []
        pieces = self.pieces(nodes)
        if self.stops:
            for piece in pieces:
                self._emit(f"w.append({piece})")
        elif pieces:
            self._emit(f"w += {self.tuple(pieces)}")

    def _statement(self, node: If | Set | Directive) -> None:
        if isinstance(node, If):
            self._if(node)
        elif isinstance(node, Set):
            self._flush()
            self._set(node)
        else:
            handler = _HANDLERS.get(node.name, TemplateCompiler._macro_call)
            handler(self, node)

    def _inner(self, block: Block) -> None:
        """A block one level deeper; in a function of its own where blocks nest deeply."""
        self._blocks += 1
        self._indent += 1
        nodes = self._spaced(block)
        if self.plan.dynamic and self._blocks % _MAX_BLOCKS == 0:
            self._emit(f"{self.function(nodes)}(c, m, w)")
        else:
            self.block(nodes)
        self._indent -= 1
        self._blocks -= 1

    def _spaced(self, block: Block) -> list[Node]:
        start, end = block_start(block, self.mode), block_end(block, self.mode)
        nodes = list(block.children)
        if start:
            nodes.insert(0, Text(block.place, start))
        if end:
            nodes.append(Text(block.place, end))
        return nodes

    def function(self, nodes: list[Node]) -> str:
        """A Python function over (c, m, w) that renders statements; its name."""
        saved = (self.lines, self.functions, self._indent, self._pending, self.plan.loops)
        self.lines, self.functions, self._indent, self._pending, self.plan.loops = [], [], 1, [], []
        self.block(nodes)
        name = self.name("f")
        self.made.append("\n".join([f"def {name}(c, m, w):", *self.functions, *self.lines]))
        self.lines, self.functions, self._indent, self._pending, self.plan.loops = saved
        return name

    def statements(self, nodes: list[Node]) -> str:
        """An expression that renders statements to a text."""
        return f"render_text({self.function(nodes)}, c, m)"

    def _if(self, node: If) -> None:
        self._flush()
        for position, branch in enumerate(node.branches):
            self._branch(branch, "if" if position == 0 else "elif")

    def _branch(self, branch: Branch, word: str) -> None:
        if branch.condition is None:
            self._emit("else:")
        else:
            self._emit(f"{word} {self.test(branch.condition)}:")
        self._inner(branch.block)

    def _set(self, node: Set) -> None:
        target, value = node.target, self.value(node.value)
        if target.alternate is not None or target.kind == "broken":
            self._emit(value)
        elif not target.parts:
            self._assign(target.root, value)
        else:
            self._set_member(target, value)

    def _assign(self, root: str, value: str) -> None:
        check_identifier(root)
        if self.plan.dynamic:
            self._emit(f'c["{root}"] = {value}')
        else:
            self.roots[root] = None
            self._emit(f"v_{root} = {value}")

    def _set_member(self, target: Reference, value: str) -> None:
        held = self.name("x")
        self._emit(f"{held} = {value}")
        number = self.number(target)
        last = target.parts[-1]
        base = Reference(
            target.place,
            target.root,
            target.parts[:-1],
            None,
            target.kind,
            target.escaped,
            "",
            "",
            "",
            tested=True,
            source=target.source,
        )
        inner = self._base(base, number)
        at = number + len(target.parts)
        if self.environment.strict and len(target.parts) > 1:
            inner = f"present(m, {inner}, {at})"
        if isinstance(last, Index):
            self._emit(f"put_index(m, {inner}, {self.value(last.key)}, {held}, {at})")
        elif isinstance(last, Property):
            self._emit(f"put_property(m, {inner}, {last.name!r}, {held}, {number})")
        else:
            self._emit(f"{inner}")

    def _base(self, base: Reference, number: int) -> str:
        if base.parts:
            return self._chain(base, self.number(base))
        variable = self.variable(base.root)
        return f"defined(m, {variable}, {number})" if self.environment.strict else variable

    # -- loops

    def _foreach(self, node: Directive) -> None:
        self._flush()
        element = node.arguments[0]
        if not isinstance(element, Reference) or node.block is None:
            return
        source = node.arguments[2]
        items, count, length = self.name("k"), self.name("i"), self.name("n")
        self._emit(f"{items} = each(m, {self.value(source)}, {self.number(source)})")
        self._emit(f"if {items}:")
        self._indent += 1
        self._loop(node.block, element.root, items, Loop(count, length))
        self._indent -= 1
        if node.alternative is not None:
            self._emit("else:")
            self._inner(node.alternative)

    def _loop(self, block: Block, root: str, items: str, loop: Loop) -> None:
        old, item = self.name("o"), self.name("x")
        dynamic, scope = self.plan.dynamic, self.name("s")
        self._emit(f"{loop.length} = len({items})")
        self._emit(f"{old} = {self.variable(root)}")
        if self.plan.scoped:
            self._emit(f"{scope} = Scope({self.variable('foreach')}, {loop.length})")
            self._assign("foreach", scope)
        weight = _weight(block)
        pairs = f"walked(m, w, {items}, {weight})"
        if not self.plan.changes:
            pairs = f"enumerate({items}) if affords(m, {weight} * {loop.length}) else {pairs}"
        self._emit(f"for {loop.counter}, {item if dynamic else 'v_' + root} in {pairs}:")
        if dynamic:
            self._emit(f'    c["{root}"] = {item}')
        if self.plan.scoped:
            self._emit(f"    {scope}.index = {loop.counter}")
        self.plan.loops.append(loop)
        self._loop_body(block, scope)
        self.plan.loops.pop()
        self._restore(root, old)
        if self.plan.scoped:
            self._restore("foreach", f"{scope}.after()")

    def _loop_body(self, block: Block, scope: str) -> None:
        if not self.plan.scoped:
            self._inner(block)
            return
        self._indent += 1
        self._emit("try:")
        self._inner(block)
        self._emit("except StopSignal as stop:")
        self._emit(f"    if not stop.ends({scope}): raise")
        self._emit("    break")
        self._indent -= 1

    def _restore(self, root: str, held: str) -> None:
        if self.plan.dynamic:
            self._emit(f'restore(c, "{root}", {held})')
        elif self.environment.strict:
            self._emit(f"v_{root} = U if (r := {held}) is None else r")
        else:
            self._emit(f"v_{root} = {held}")

    def _break(self, node: Directive) -> None:
        self._flush()
        if node.arguments:
            argument = node.arguments[0]
            self._emit(f"break_scope(m, {self.value(argument)}, {self.number(argument)})")
        elif self.plan.loops and not self.plan.scoped:
            self._emit("break")
        else:
            self._emit("raise StopSignal()")

    def _stop(self, node: Directive) -> None:
        self._flush()
        if node.arguments:
            self._emit(self.value(node.arguments[0]))
        self._emit("raise StopSignal(everything=True)")

    # -- blocks, macros, evaluated text

    def _define(self, node: Directive) -> None:
        self._flush()
        target = node.arguments[0]
        if node.block is not None:
            name = target.root if isinstance(target, Reference) else target.source[1:]
            self._emit(f"c[{name!r}] = Block(c, m, {self.function(self._spaced(node.block))}, 2)")

    def _macro(self, node: Directive) -> None:
        name = node.arguments[0].source
        if node.block is None:
            return
        parameters = [self._parameter(argument) for argument in node.arguments[1:]]
        body = self.function(self._spaced(node.block))
        self.macros.setdefault(name, f"Macro({name!r}, {self.tuple(parameters)}, {body}, E)")

    def _parameter(self, argument: Node) -> str:
        if isinstance(argument, Default):
            name = self.name("d")
            self.made.append(f"def {name}(c, m):\n    return {self.value(argument.value)}")
            return f"({argument.target.root!r}, {name})"
        return f"({argument.root if isinstance(argument, Reference) else ''!r}, None)"

    def _macro_call(self, node: Directive) -> None:
        self._flush()
        name = node.name.lstrip("@")
        node.literal = unknown_text(node, self.mode)
        number = self.number(node)
        if not self.plan.dynamic:
            if self.environment.strict and node.called:
                self._emit(f"no_macro(m, {name!r}, {number})")
            self._text(node.literal)
            return
        arguments = self.tuple([f"lambda: {self.value(argument)}" for argument in node.arguments])
        body = "None" if node.block is None else self.function(self._spaced(node.block))
        self._emit(f"call_macro(c, m, w, {name!r}, {arguments}, {body}, {number})")

    def _evaluate(self, node: Directive) -> None:
        self._flush()
        self._emit(f"evaluate(c, m, w, {self.value(node.arguments[0])}, {self.number(node)})")

    def _parse(self, node: Directive) -> None:
        self._flush()
        for argument in node.arguments:
            self._emit(f"{node.name}(c, m, w, {self.value(argument)}, {self.number(node)})")


def _weight(block: Block) -> int:
    return 1 + sum(1 for _ in walk(block.children))


_NOWHERE = Place(SourceMap(""), 0)
_HANDLERS: dict[str, Callable[[TemplateCompiler, Directive], None]] = {
    "foreach": TemplateCompiler._foreach,
    "break": TemplateCompiler._break,
    "stop": TemplateCompiler._stop,
    "define": TemplateCompiler._define,
    "macro": TemplateCompiler._macro,
    "evaluate": TemplateCompiler._evaluate,
    "parse": TemplateCompiler._parse,
    "include": TemplateCompiler._parse,
}


def namespace(environment: Environment) -> dict[str, object]:
    """The names that compiled code may use."""
    return {**_NAMES, **sharing.NAMES, "E": environment, "m": Meter(environment)}


def present(meter: Meter, value: object, number: int) -> object:
    """A value whose member is about to be used."""
    if value is None or value is UNDEFINED:
        runtime.no_value(meter, value, number)
    return value


def small(meter: Meter, text: str) -> str:
    """A text made of few pieces, checked after it was made."""
    return text if len(text) <= meter.room else runtime.join(meter, (text,))


def map_literal(pairs: tuple[tuple[object, object], ...]) -> dict[object, object]:
    """``{key : value, …}``"""
    return {map_key(key): value for key, value in pairs}


def _no_macro(meter: Meter, name: str, number: int) -> None:
    meter.fail(MemberError, f"Macro '#{name}' is not defined", meter.node(number))


_NAMES: dict[str, object] = {
    "__builtins__": {
        "type": type,
        "int": int,
        "dict": dict,
        "list": list,
        "str": str,
        "len": len,
        "bool": bool,
        "enumerate": enumerate,
        "KeyError": KeyError,
    },
    "U": UNDEFINED,
    "INF": math.inf,
    "LE": (-1, 0),
    "GE": (0, 1),
    "Meter": Meter,
    "Scope": Scope,
    "StopSignal": StopSignal,
    "Block": runtime.Block,
    "prop": runtime.prop,
    "attr": runtime.attr,
    "text0": runtime.text0,
    "text1": runtime.text1,
    "call1": runtime.call1,
    "functions": runtime.functions,
    "call": runtime.call,
    "index": runtime.index,
    "show": runtime.show,
    "show_led": runtime.show_led,
    "join": runtime.join,
    "small": small,
    "present": present,
    "defined": runtime.defined,
    "undefined": runtime.undefined,
    "equal": arithmetic.equal,
    "negate": arithmetic.negate,
    "order": operators.order,
    "plus": operators.plus,
    "calculate": operators.calculate,
    "number_range": operators.number_range,
    "map_literal": map_literal,
    "each": operators.each,
    "affords": operators.affords,
    "walked": operators.walked,
    "put_property": operators.put_property,
    "put_index": operators.put_index,
    "no_macro": _no_macro,
}
