"""The functions of Terraform that actions are written with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from jackfield.workbench.forms.file_text import read_text_file
from jackfield.workbench.terraform.evaluation import PLAN_ADVICE, Function, Scope
from jackfield.workbench.terraform.syntax import Expression, SourceFile
from jackfield.workbench.terraform.values import Span, Unresolved, Value, as_text, encoded_text


def _jsonencode(_scope: Scope, expression: Expression, arguments: Sequence[Value]) -> Value:
    (value,) = _exactly(1, expression, arguments)
    spans = (Span(0, expression.source, expression.start, is_exact=False),)
    return replace(
        _text(expression, encoded_text(value), spans),
        encoded=value,
    )


def _file(scope: Scope, expression: Expression, arguments: Sequence[Value]) -> Value:
    source = _source(scope, expression, _exactly(1, expression, arguments)[0])
    return _text(expression, source.text, (Span(0, source, 0),))


def _templatefile(scope: Scope, expression: Expression, arguments: Sequence[Value]) -> Value:
    path, variables = _exactly(2, expression, arguments)
    source = _source(scope, expression, path)
    if not isinstance(variables.plain, Mapping) or variables.plain:
        advice = "Use `file` if the template takes nothing of Terraform. " + PLAN_ADVICE
        raise Unresolved(expression, "the variables of `templatefile` are not filled in here", advice)
    return scope.template(source, [(0, len(source.text))], expression)


def _trimspace(_scope: Scope, expression: Expression, arguments: Sequence[Value]) -> Value:
    (value,) = _exactly(1, expression, arguments)
    text = _as_text(expression, value)
    begun = text.lstrip()
    return _cut(expression, value, len(text) - len(begun), begun.rstrip())


def _chomp(_scope: Scope, expression: Expression, arguments: Sequence[Value]) -> Value:
    (value,) = _exactly(1, expression, arguments)
    return _cut(expression, value, 0, _as_text(expression, value).rstrip("\r\n"))


def _tostring(_scope: Scope, expression: Expression, arguments: Sequence[Value]) -> Value:
    (value,) = _exactly(1, expression, arguments)
    return _cut(expression, value, 0, _as_text(expression, value))


def _same(_scope: Scope, expression: Expression, arguments: Sequence[Value]) -> Value:
    return _exactly(1, expression, arguments)[0]


def _join(_scope: Scope, expression: Expression, arguments: Sequence[Value]) -> Value:
    separator, items = _exactly(2, expression, arguments)
    if not isinstance(items.plain, list):
        raise Unresolved(expression, "`join` wants a list", PLAN_ADVICE)
    text = _as_text(expression, separator).join(_as_text(expression, item) for item in items.plain)
    return _text(expression, text, (Span(0, expression.source, expression.start, is_exact=False),))


def _merge(_scope: Scope, expression: Expression, arguments: Sequence[Value]) -> Value:
    members: dict[str, Value] = {}
    for value in arguments:
        if not isinstance(value.plain, Mapping):
            raise Unresolved(expression, "`merge` wants objects", PLAN_ADVICE)
        members |= value.plain
    return Value(members, expression.source, expression.start, expression.end)


FUNCTIONS: Final[Mapping[str, Function]] = {
    "jsonencode": _jsonencode,
    "file": _file,
    "templatefile": _templatefile,
    "trimspace": _trimspace,
    "chomp": _chomp,
    "tostring": _tostring,
    "tomap": _same,
    "tolist": _same,
    "join": _join,
    "merge": _merge,
}


def _exactly(count: int, expression: Expression, arguments: Sequence[Value]) -> Sequence[Value]:
    if len(arguments) != count:
        raise Unresolved(expression, f"it takes {count} arguments, not {len(arguments)}", PLAN_ADVICE)
    return arguments


def _as_text(expression: Expression, value: Value) -> str:
    text = as_text(value)
    if text is None:
        raise Unresolved(expression, "a list or an object is no text", "Use `jsonencode`.")
    return text


def _text(expression: Expression, text: str, spans: tuple[Span, ...]) -> Value:
    return Value(text, expression.source, expression.start, expression.end, spans)


def _cut(expression: Expression, value: Value, first: int, text: str) -> Value:
    """Return a part of a text, with its places."""
    kept = [span for span in value.spans if span.at <= first][-1:]
    kept += [span for span in value.spans if span.at > first]
    moved = tuple(
        replace(span, at=max(0, span.at - first), start=span.start + max(0, first - span.at)) for span in kept
    )
    return _text(expression, text, moved)


def _source(scope: Scope, expression: Expression, path: Value) -> SourceFile:
    """Return a file that the configuration reads, taken from its folder."""
    name = _as_text(expression, path)
    file = scope.folder / name
    if not file.is_file():
        raise Unresolved(expression, f"there is no file `{file}`", "Check the path; it starts at the folder.")
    return SourceFile(file, read_text_file(file))
