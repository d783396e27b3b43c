"""Directives whose parts share variables: macros, blocks, evaluated text, other templates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from jackfield.velocity.errors import (
    DirectiveForbiddenError,
    InvocationError,
    MemberError,
    NestingLimitError,
    VelocitySyntaxError,
)
from jackfield.velocity.nodes import Directive, Word
from jackfield.velocity.runtime import Block, Environment, Meter, Renderer, StopSignal, join, macro_depth
from jackfield.velocity.scopes import Scope
from jackfield.velocity.values import UNDEFINED, text

Context = dict[str, object]
_BODY = "bodyContent"
_MAX_TEXTS = 20


@dataclass(frozen=True, slots=True)
class Macro:
    """A macro: its parameters with the function that makes their default (or None), and its body."""

    name: str
    parameters: tuple[tuple[str, Callable[[Context, Meter], object] | None], ...]
    body: Renderer
    environment: Environment


def restore(context: Context, name: str, old: object) -> None:
    """Give a variable its earlier value; null and unset are both "unset" here, as in Velocity."""
    if old is None or old is UNDEFINED:
        context.pop(name, None)
    else:
        context[name] = old


def render_text(render: Renderer, context: Context, meter: Meter) -> str:
    """What statements inside a string literal print."""
    written: list[str] = []
    render(context, meter, written)
    return join(meter, written)


def break_scope(meter: Meter, scope: object, number: int) -> None:
    """``#break($scope)``"""
    if isinstance(scope, Scope):
        raise StopSignal(scope=scope)
    node = meter.node(number)
    message = f"{node.source} is not a valid org.apache.velocity.runtime.directive.Scope instance"
    meter.fail(InvocationError, message, node)


def call_macro(
    context: Context,
    meter: Meter,
    written: list[str],
    name: str,
    arguments: tuple[Callable[[], object], ...],
    body: Renderer | None,
    number: int,
) -> None:
    """``#name(…)`` and ``#@name(…) … #end``; what is not a macro prints itself, or fails in strict mode."""
    macro = meter.library.get(name)
    if macro is None:
        node = meter.node(number)
        if meter.strict and isinstance(node, Directive) and node.called:
            meter.fail(MemberError, f"Macro '#{name}' is not defined", node)
        written.append(node.literal if isinstance(node, Directive) else "")
        return
    _refuse_words(meter, name, number)
    meter.left -= 1
    if meter.left < 0:
        meter.refill(written)
    old_body = context.pop(_BODY, None)
    given = None if body is None else Block(context, meter, body, meter.environment.limits.macro_depth)
    if given is not None:
        context[_BODY] = given
    macro_depth(meter, name, number)
    olds, news = _bind(context, meter, macro, arguments)
    try:
        _run(context, meter, written, macro.body, macro.environment)
    except StopSignal as stop:
        if not stop.ends(None):
            raise
    finally:
        meter.macros.pop()
        if context.get(_BODY) is given:
            restore(context, _BODY, old_body)
        _unbind(context, macro, olds, news)


def _refuse_words(meter: Meter, name: str, number: int) -> None:
    node = meter.node(number)
    for argument in node.arguments if isinstance(node, Directive) else ():
        if isinstance(argument, Word):
            meter.fail(VelocitySyntaxError, f"Invalid arg '{argument.text}' in macro #{name}", argument)


def _bind(
    context: Context, meter: Meter, macro: Macro, arguments: tuple[Callable[[], object], ...]
) -> tuple[list[object], list[object]]:
    olds: list[object] = []
    news: list[object] = []
    for position, (name, default) in enumerate(macro.parameters):
        olds.append(context.get(name, UNDEFINED))
        if position < len(arguments):
            news.append(arguments[position]())
        else:
            news.append(None if default is None else default(context, meter))
    for (name, _), value in zip(macro.parameters, news, strict=True):
        context[name] = value
    return olds, news


def _unbind(context: Context, macro: Macro, olds: list[object], news: list[object]) -> None:
    for (name, _), old, new in zip(macro.parameters, olds, news, strict=True):
        if context.get(name) is new:
            if old is UNDEFINED:
                context.pop(name, None)
            else:
                context[name] = old


def _run(
    context: Context, meter: Meter, written: list[str], render: Renderer, environment: Environment
) -> None:
    if environment is meter.environment:
        render(context, meter, written)
        return
    inner = meter.inside(environment)
    try:
        render(context, inner, written)
    finally:
        meter.absorb(inner)


def evaluate(context: Context, meter: Meter, written: list[str], source: object, number: int) -> None:
    """``#evaluate(text)``"""
    _render_source(context, meter, written, "" if source is None else text(source), number)


def _render_source(context: Context, meter: Meter, written: list[str], source: str, number: int) -> None:
    node = meter.node(number)
    if len(meter.macros) >= _MAX_TEXTS:
        meter.fail(NestingLimitError, f"Texts evaluated inside texts more than {_MAX_TEXTS} deep", node)
    meter.left -= 10
    if meter.left < 0:
        meter.refill(written)
    try:
        program = meter.environment.evaluate(source, frozenset(meter.library))
    except VelocitySyntaxError as error:
        meter.fail(VelocitySyntaxError, f"{error.message} in the evaluated text", node, error.hint)
    for name, macro in program.macros.items():
        meter.library.setdefault(name, macro)
    meter.macros.append("#evaluate")
    try:
        _run(context, meter, written, program.body, program.environment)
    except StopSignal as stop:
        if not stop.ends(None):
            raise
    finally:
        meter.macros.pop()


def _loaded(meter: Meter, name: object, number: int) -> str:
    node = meter.node(number)
    load = meter.environment.load
    if load is None:
        meter.fail(DirectiveForbiddenError, "No loader is given for other templates", node)
    found = load(name) if isinstance(name, str) else None
    if found is None:
        meter.fail(InvocationError, f"Unable to find resource '{text(name)}'", node)
    return found


def parse(context: Context, meter: Meter, written: list[str], name: object, number: int) -> None:
    """``#parse(name)``: another template, rendered with the same variables."""
    _render_source(context, meter, written, _loaded(meter, name, number), number)


def include(context: Context, meter: Meter, written: list[str], name: object, number: int) -> None:
    """``#include(name)``: another text, as it is."""
    del context
    written.append(_loaded(meter, name, number))


NAMES: dict[str, object] = {
    "Macro": Macro,
    "restore": restore,
    "render_text": render_text,
    "break_scope": break_scope,
    "call_macro": call_macro,
    "evaluate": evaluate,
    "parse": parse,
    "include": include,
}
