"""From text to code: parsing, checking and making the code of a template."""

from __future__ import annotations

from collections import Counter
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
from jackfield.velocity.nodes import Directive, If, Node, Property, Reference, Set, Word, walk
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


def heated(program: Program, context: Mapping[str, object]) -> Callable[[Mapping[str, Any]], str]:
    """Faster code for a program whose variables are locals.

    It expects what ``context`` has now: these variables, maps and tools where there are some. Where it meets
    something else, or a tool refuses, it leaves the work to the first code, which says where: rendering
    changes nothing, so it can begin again.
    """
    environment = replace(program.environment, nodes=[])
    plan = _expecting(program, context)
    compiler = TemplateCompiler(environment, plan, program.mode)
    code = compiler.compile(program.nodes)
    names = {**namespace(environment), **compiler.constants, "cold": program.render, "FAULTS": FAULTS}
    exec(code, names)
    hot: Callable[[Mapping[str, Any]], str] = names["render"]  # type: ignore[assignment]
    return hot


def _expecting(program: Program, context: Mapping[str, object]) -> Plan:
    """The plan of faster code that expects what is in a context."""
    references = [node for node in walk(program.nodes) if isinstance(node, Reference)]
    fixed = {node.root for node in references} - program.plan.assigned
    found = {root: context[root] for root in fixed if root in context}
    maps = frozenset(root for root, value in found.items() if type(value) is dict)
    tools = {root: type(value) for root, value in found.items() if isinstance(value, Tool)}
    # In strict mode, what is printed without a condition has to be there anyway.
    loud = {node.root for node in program.nodes if isinstance(node, Reference) and node.alternate is None}
    present = {root for root in loud if root in found} if program.environment.strict else set()
    members = Counter(
        (node.root, node.parts[0].name)
        for node in references
        if node.parts and isinstance(node.parts[0], Property)
    )
    repeated = frozenset(member for member, count in members.items() if count > 1)
    return replace(
        program.plan,
        hot=True,
        present=frozenset(present | maps | tools.keys()),
        maps=maps,
        tools=tools,
        repeated=repeated,
        loops=[],
    )


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
