"""Compiling and rendering templates."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

from jackfield.velocity.codegen import Plan
from jackfield.velocity.compiler import TemplateCompiler, namespace, plan_for
from jackfield.velocity.errors import DirectiveForbiddenError, NestingLimitError
from jackfield.velocity.expressions import Source
from jackfield.velocity.gobbling import GOBBLING, Gobbling, prepare
from jackfield.velocity.limits import DEFAULT_LIMITS, Limits
from jackfield.velocity.nodes import Call, Default, Directive, If, Index, Node, Property, Reference, Set, walk
from jackfield.velocity.parser import PLUGGABLE, Parser
from jackfield.velocity.runtime import FAULTS, Environment, Meter, Renderer, StopSignal, join
from jackfield.velocity.sharing import Macro
from jackfield.velocity.tools.tool import Tool
from jackfield.velocity.values import ValueDepthError

_HOT = 30
NullMode = Literal["error", "literal"]
Loader = Callable[[str], "str | None"]

ALL_DIRECTIVES = frozenset({"if", "set", *PLUGGABLE})
"""Every directive of the language."""

DATA_ACTION_DIRECTIVES = frozenset({"if", "set"})
"""The directives that data actions are known to allow."""


@dataclass(frozen=True, slots=True)
class ReferenceUse:
    """One use of a variable in a template.

    root: the variable's name; path: the name with the properties, calls and indexes read from it
    (``input.key.replace()``, ``list[]``); line, column, offset: where; quiet: ``$!``; formal: in braces;
    assigned: it is the target of #set, a loop's element or a macro's parameter; tested: it stands alone in
    a condition, where it may be undefined; escaped: a backslash makes it print itself.
    """

    root: str
    path: str
    line: int
    column: int
    offset: int
    quiet: bool
    formal: bool
    assigned: bool
    tested: bool
    escaped: bool


@dataclass(frozen=True, slots=True)
class Options:
    """What decides, besides the text, how a template is compiled."""

    name: str
    strict: bool
    null_mode: NullMode
    directives: frozenset[str]
    limits: Limits
    gobbling: Gobbling
    loader: Loader | None


@dataclass(frozen=True, slots=True)
class Program:
    """Compiled text. render: of the whole template, when variables are locals; body: else."""

    environment: Environment
    nodes: list[Node]
    plan: Plan
    mode: Gobbling
    render: Callable[[Callable[..., object]], str] | None
    body: Renderer
    macros: Mapping[str, Macro]


class Template:
    """A compiled template. Rendering changes nothing in it: one template serves many threads."""

    __slots__ = ("_program", "_references", "_rendered", "_run", "name", "source")

    def __init__(self, source: str, program: Program) -> None:
        self.source = source
        self.name = program.environment.name
        self._program = program
        self._references: tuple[ReferenceUse, ...] | None = None
        self._rendered = 0
        self._run: Callable[[Callable[..., object]], str] | None = None
        if program.render is not None and not program.plan.changes:
            self._run = self._warming

    def __repr__(self) -> str:
        return f"<Template {self.name!r}>"

    @property
    def references(self) -> tuple[ReferenceUse, ...]:
        """Every use of a variable, in source order, those inside strings included."""
        if self._references is None:
            self._references = tuple(_uses(self._program.nodes))
        return self._references

    def render(self, context: Mapping[str, Any]) -> str:
        """The text for these variables.

        context: JSON values (dict, list, str, int, float, bool, None) and tools, by variable name. It is
        not changed: a template that writes into lists or maps works on a copy.

        Raises RenderError and LimitError.
        """
        try:
            if self._run is not None:
                return self._run(context.get)
            values = _copied(context) if self._program.plan.changes else context
            if self._program.render is not None:
                return self._program.render(values.get)
            return _render_shared(self._program, values)
        except (RecursionError, ValueDepthError):
            message = f"The template {self.name} or a value is nested too deeply"
            raise NestingLimitError(message, template_name=self.name) from None

    def _warming(self, get: Callable[..., object]) -> str:
        """The first renders; a template that is rendered often is compiled again, to faster code."""
        program = self._program
        if program.render is None:
            return _render_shared(program, {})
        self._rendered += 1
        if self._rendered >= _HOT:
            self._run = heated(program, get)
        return program.render(get)


def _render_shared(program: Program, values: Mapping[str, object]) -> str:
    meter = Meter(program.environment)
    meter.library = dict(program.macros)
    written: list[str] = []
    try:
        program.body(dict(values), meter, written)
    except StopSignal as stop:
        written.extend(stop.written)
    return join(meter, written)


def _copied(context: Mapping[str, object]) -> dict[str, object]:
    return {
        name: deepcopy(value) if isinstance(value, dict | list) else value for name, value in context.items()
    }


def compile_template(
    text: str,
    *,
    name: str = "template",
    strict: bool = False,
    null_mode: NullMode = "error",
    directives: frozenset[str] | set[str] = ALL_DIRECTIVES,
    limits: Limits = DEFAULT_LIMITS,
    gobbling: Gobbling = "lines",
    loader: Loader | None = None,
) -> Template:
    """Compile a template of the Velocity Template Language, as Apache Velocity 2.4 defines it.

    text: the template; name: what messages call it.
    strict: strict reference mode: undefined variables and members are errors.
    null_mode: what a reference prints in strict mode when its value is null and it is not quiet:
        ``error`` refuses (Velocity's rule), ``literal`` prints the reference itself.
    directives: the names that may be used; ``parse`` and ``include`` also need a loader.
    limits: bounds of one render; gobbling: the white space mode (``none``, ``bc``, ``lines``,
        ``structured``); loader: finds the text of another template by name, or None.

    The last few hundred templates are kept, so that compiling the same text again costs nothing.

    Raises VelocitySyntaxError, DirectiveForbiddenError, NestingLimitError.
    """
    if gobbling not in GOBBLING:
        raise ValueError(f"gobbling must be one of {', '.join(GOBBLING)}, not {gobbling!r}")
    if null_mode not in ("error", "literal"):
        raise ValueError(f"null_mode must be error or literal, not {null_mode!r}")
    options = Options(name, strict, null_mode, frozenset(directives), limits, gobbling, loader)
    return _compiled(text, options)


@lru_cache(maxsize=512)
def _compiled(text: str, options: Options) -> Template:
    return Template(text, build(text, options))


def build(text: str, options: Options, macros: frozenset[str] | None = None) -> Program:
    """Parse and compile a text. macros: for evaluated text, the names of the macros it may call."""
    parser = Parser(
        Source(text, options.name), options.limits, bc=options.gobbling == "bc", macro_names=set(macros or ())
    )
    try:
        nodes = parser.template()
        every = list(walk(nodes))
        _check_directives(every, options, text)
        prepare(nodes, options.gobbling)
        return _program(nodes, every, text, options, macros)
    except (RecursionError, SyntaxError, MemoryError):
        # SyntaxError and MemoryError are Python's words for code that is nested too deeply.
        raise NestingLimitError(
            f"The template {options.name} is nested too deeply", template_name=options.name
        ) from None


def _program(
    nodes: list[Node], every: list[Node], text: str, options: Options, macros: frozenset[str] | None
) -> Program:
    environment = Environment(
        options.name,
        text,
        options.strict,
        options.null_mode == "error",
        options.limits,
        lru_cache(maxsize=64)(lambda source, names: build(source, options, names)),
        options.loader,
    )
    plan = plan_for(nodes, every, macros or frozenset())
    if macros is not None:
        plan.dynamic = plan.scoped = plan.metered = True
    code = TemplateCompiler(environment, plan, options.gobbling).compile(nodes)
    names = namespace(environment)
    exec(code, names)
    render: Any = names.get("render")
    body: Any = names.get("body")
    table: Any = names["macros"]
    return Program(environment, nodes, plan, options.gobbling, render, body, table)


def heated(program: Program, get: Callable[..., object]) -> Callable[[Callable[..., object]], str]:
    """Faster code for a program whose variables are locals; it expects maps where ``get`` has them now."""
    environment = replace(program.environment, nodes=[])
    roots = {node.root for node in walk(program.nodes) if isinstance(node, Reference)}
    maps = frozenset(root for root in roots if type(get(root)) is dict) - program.plan.assigned
    tools = frozenset(root for root in roots if isinstance(get(root), Tool)) - program.plan.assigned
    plan = replace(program.plan, hot=True, maps=maps, tools=tools, loops=[])
    compiler = TemplateCompiler(environment, plan, program.mode)
    cold: Callable[[Callable[..., object]], str] = program.render  # type: ignore[assignment]
    names = {**namespace(environment), "cold": cold}
    exec(compiler.compile(program.nodes), names)
    hot: Callable[[Callable[..., object]], str] = names["render"]  # type: ignore[assignment]

    def render(get: Callable[..., object]) -> str:
        try:
            return hot(get)
        except FAULTS:
            # A tool refused: the first code says where. It changes nothing, so it can run again.
            return cold(get)

    return hot if not compiler.direct else render


def _check_directives(every: list[Node], options: Options, text: str) -> None:
    for node in every:
        name = _directive_name(node)
        if name is None:
            continue
        if name not in options.directives:
            _forbid(f"The directive #{name} is not allowed here", node, options, text)
        if name in ("parse", "include") and options.loader is None:
            _forbid(f"#{name} is refused: no loader for other templates is given", node, options, text)


def _directive_name(node: Node) -> str | None:
    if isinstance(node, If):
        return "if"
    if isinstance(node, Set):
        return "set"
    return node.name if isinstance(node, Directive) and node.name in PLUGGABLE else None


def _forbid(message: str, node: Node, options: Options, text: str) -> None:
    place = node.place
    allowed = ", ".join(f"#{name}" for name in sorted(options.directives))
    raise DirectiveForbiddenError(
        f"{message} at {options.name}[line {place.line}, column {place.column}]",
        line=place.line,
        column=place.column,
        template_name=options.name,
        source=text,
        offset=place.offset,
        hint=f"Allowed here: {allowed}.",
    )


def _uses(nodes: list[Node]) -> Iterator[ReferenceUse]:
    assigned: set[int] = set()
    for node in walk(nodes):
        if isinstance(node, Set | Default):
            assigned.add(id(node.target))
        elif isinstance(node, Directive) and node.arguments and node.name in ("foreach", "define", "macro"):
            targets = node.arguments[1:] if node.name == "macro" else node.arguments[:1]
            assigned.update(map(id, targets))
        elif isinstance(node, Reference) and node.kind not in ("runt", "broken"):
            yield ReferenceUse(
                node.root,
                node.root + "".join(map(_path, node.parts)),
                node.place.line,
                node.place.column,
                node.place.offset,
                "!" in node.source[:2],
                "{" in node.source[:3],
                id(node) in assigned,
                node.tested,
                node.escaped,
            )


def _path(part: Property | Call | Index) -> str:
    if isinstance(part, Index):
        return "[]"
    return f".{part.name}()" if isinstance(part, Call) else f".{part.name}"
