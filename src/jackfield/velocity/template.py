"""Compiling and rendering templates."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jackfield.velocity.errors import NestingLimitError
from jackfield.velocity.gobbling import GOBBLING, Gobbling
from jackfield.velocity.limits import DEFAULT_LIMITS, Limits
from jackfield.velocity.nodes import Call, Default, Directive, Index, Node, Property, Reference, Set, walk
from jackfield.velocity.parser import PLUGGABLE
from jackfield.velocity.program import (
    Draft,
    Loader,
    NullMode,
    Options,
    Program,
    build,
    heated,
    parse,
    render_shared,
)
from jackfield.velocity.values import ValueDepthError

_HOT = 30
"""Renders after which the faster code is made."""

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


class Template:
    """A compiled template. Rendering changes nothing in it: one template serves many threads."""

    __slots__ = ("_draft", "_program", "_references", "_rendered", "_run", "name", "source")

    def __init__(self, draft: Draft) -> None:
        self.source = draft.text
        self.name = draft.options.name
        self._draft = draft
        self._program: Program | None = None
        self._references: tuple[ReferenceUse, ...] | None = None
        self._rendered = 0
        self._run: Callable[[Mapping[str, Any]], str] | None = None

    def __repr__(self) -> str:
        return f"<Template {self.name!r}>"

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The tree, for those who read templates instead of rendering them; it must not be changed."""
        return tuple(self._draft.nodes)

    @property
    def references(self) -> tuple[ReferenceUse, ...]:
        """Every use of a variable, in source order, those inside strings included."""
        if self._references is None:
            self._references = tuple(_uses(self._draft.nodes))
        return self._references

    def render(self, context: Mapping[str, Any]) -> str:
        """The text for these variables.

        context: JSON values (dict, list, str, int, float, bool, None) and tools, by variable name. It is
        not changed: a template that writes into lists or maps works on a copy.

        Raises RenderError and LimitError.
        """
        try:
            run = self._run
            return run(context) if run is not None else self._render(self.program, context)
        except (RecursionError, ValueDepthError):
            message = f"The template {self.name} or a value is nested too deeply"
            raise NestingLimitError(message, template_name=self.name) from None

    @property
    def program(self) -> Program:
        """The code, made when it is first needed."""
        if self._program is None:
            self._program = build(self._draft)
        return self._program

    def _render(self, program: Program, context: Mapping[str, Any]) -> str:
        values = _copied(context) if program.plan.changes else context
        if program.render is None:
            return render_shared(program, values)
        if not program.plan.changes:
            self._run = self._warming
        return program.render(values.get)

    def _warming(self, context: Mapping[str, Any]) -> str:
        """The first renders; a template that is rendered often is compiled again, to faster code."""
        program = self.program
        self._rendered += 1
        if program.render is not None and self._rendered < _HOT:
            return program.render(context.get)
        run = self._run = heated(program, context)
        return run(context)


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
    return Template(parse(text, options))


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
