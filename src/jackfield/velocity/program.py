"""From text to code: parsing, checking and making the code of a template."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

from jackfield.velocity.codegen import Plan
from jackfield.velocity.compiler import TemplateCompiler, namespace, plan_for
from jackfield.velocity.errors import DirectiveForbiddenError, NestingLimitError, VelocitySyntaxError
from jackfield.velocity.expressions import Source
from jackfield.velocity.gobbling import Gobbling, prepare
from jackfield.velocity.limits import Limits
from jackfield.velocity.nodes import Directive, If, Node, Reference, Set, Word, walk
from jackfield.velocity.parser import PLUGGABLE, Parser
from jackfield.velocity.runtime import FAULTS, Environment, Meter, Renderer, StopSignal, join
from jackfield.velocity.sharing import Macro
from jackfield.velocity.tools.tool import Tool

NullMode = Literal["error", "literal"]
Loader = Callable[[str], "str | None"]


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
class Draft:
    """Parsed and checked text, not yet made to code."""

    text: str
    options: Options
    nodes: list[Node]


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


def parse(text: str, options: Options, macros: frozenset[str] = frozenset()) -> Draft:
    """Parse a text and check its directives. macros: names that an evaluated text may call."""
    bc = options.gobbling == "bc"
    parser = Parser(Source(text, options.name), options.limits, bc=bc, macro_names=set(macros))
    with _nesting(options.name):
        nodes = parser.template()
        _check_directives(parser.directives, options, text)
        prepare(nodes, options.gobbling)
        return Draft(text, options, nodes)


@contextmanager
def _nesting(name: str) -> Iterator[None]:
    """Python's words for code that is nested too deeply, in ours."""
    try:
        yield
    except (RecursionError, SyntaxError, MemoryError):
        message = f"The template {name} is nested too deeply"
        raise NestingLimitError(message, template_name=name) from None


def build(draft: Draft, macros: frozenset[str] | None = None) -> Program:
    """Make the code of a draft. macros: for evaluated text, the names of the macros it may call."""
    options = draft.options
    environment = Environment(
        options.name,
        draft.text,
        options.strict,
        options.null_mode == "error",
        options.limits,
        lru_cache(maxsize=64)(lambda text, names: build(parse(text, options, names), names)),
        options.loader,
    )
    with _nesting(options.name):
        plan = plan_for(draft.nodes, list(walk(draft.nodes)), macros or frozenset())
        if macros is not None:
            plan.dynamic = plan.scoped = plan.metered = True
        code = TemplateCompiler(environment, plan, options.gobbling).compile(draft.nodes)
    names = namespace(environment)
    exec(code, names)
    render: Any = names.get("render")
    body: Any = names.get("body")
    table: Any = names["macros"]
    return Program(environment, draft.nodes, plan, options.gobbling, render, body, table)


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


def _check_directives(used: list[Node], options: Options, text: str) -> None:
    for node in used:
        name = _directive_name(node)
        if name is None:
            if isinstance(node, Directive) and options.strict and node.called:
                _refuse_words(node, options, text)
            continue
        if name not in options.directives:
            _forbid(f"The directive #{name} is not allowed here", node, options, text)
        if name in ("parse", "include") and options.loader is None:
            _forbid(f"#{name} is refused: no loader for other templates is given", node, options, text)


def _refuse_words(node: Directive, options: Options, text: str) -> None:
    for argument in node.arguments:
        if isinstance(argument, Word):
            place = argument.place
            raise VelocitySyntaxError(
                f"Invalid arg '{argument.text}' in macro #{node.name} at "
                f"{options.name}[line {place.line}, column {place.column}]",
                line=place.line,
                column=place.column,
                template_name=options.name,
                source=text,
                offset=place.offset,
                hint=f"Text must be quoted ('{argument.text}'), a variable needs its dollar.",
            )


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


def render_shared(program: Program, values: Mapping[str, object]) -> str:
    """Render a program whose variables live in a dictionary."""
    meter = Meter(program.environment)
    meter.library = dict(program.macros)
    written: list[str] = []
    try:
        program.body(dict(values), meter, written)
    except StopSignal as stop:
        written.extend(stop.written)
    return join(meter, written)
