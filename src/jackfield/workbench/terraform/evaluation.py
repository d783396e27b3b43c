"""Evaluating the expressions that an action's configuration is made of.

Literals, templates, `local.…`, variables with a value, and the functions that people write actions with. What
else there is, such as attributes of other resources, only Terraform knows: it raises `Unresolved`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from lark import Token, Tree

from jackfield.workbench.terraform.syntax import Expression, SourceFile, read_expression, tokens, trees
from jackfield.workbench.terraform.templates import heredoc_body, template_parts
from jackfield.workbench.terraform.values import Plain, Span, Unresolved, Value, as_text, joined, written

PLAN_ADVICE: Final = (
    "Write the value out, or let Terraform resolve it: `terraform plan -out=tfplan`,"
    " `terraform show -json tfplan > plan.json`, and read that with `--plan plan.json`."
)
_LITERALS: Final[Mapping[str, bool | None]] = {"true": True, "false": False, "null": None}
MAX_DEPTH: Final = 100


@dataclass
class Scope:
    """What names mean in a folder of configuration.

    Args:
        folder: the folder; relative paths are taken from it.
        local_values: expressions of the `locals` blocks.
        variables: values of the variables that have one.
        declared: names of all variables.
        functions: the functions that are known.
    """

    folder: Path
    local_values: Mapping[str, Expression]
    variables: Mapping[str, Expression]
    declared: frozenset[str]
    functions: Mapping[str, Function]
    _open: list[str] = field(default_factory=list)

    def evaluate(self, expression: Expression) -> Value:
        """Return the value of an expression.

        Raises:
            Unresolved: only Terraform knows it.
            OperationRefused: an expression within a heredoc is no HCL.
        """
        tree = expression.tree
        handler = _HANDLERS.get(str(tree.data))
        if handler is None:
            raise Unresolved(expression, f"`{expression.text}` is not evaluated here", PLAN_ADVICE)
        return handler(self, expression)

    def named(self, name: str, expression: Expression, values: Mapping[str, Expression]) -> Value:
        """Return the value of a local or variable, unless it takes part in its own."""
        if name in self._open or len(self._open) > MAX_DEPTH:
            raise Unresolved(expression, f"`{name}` refers to itself", PLAN_ADVICE)
        self._open.append(name)
        try:
            return self.evaluate(values[name.partition(".")[2]])
        finally:
            self._open.pop()

    def template(self, source: SourceFile, spans: Sequence[tuple[int, int]], expression: Expression) -> Value:
        """Return the text of a template that stands in spans of a file."""
        parts: list[Value] = []
        for start, end in spans:
            for part in template_parts(source, start, end):
                if part.kind == "literal":
                    text, where = written(
                        source.text[part.start : part.end], source, part.start, quoted=False
                    )
                    parts.append(Value(text, source, part.start, part.end, where))
                elif part.kind == "expression":
                    parts.append(self.evaluate(read_expression(source, part.start, part.end)))
                else:
                    raise Unresolved(expression, "a template with `%{` is not evaluated here", PLAN_ADVICE)
        empty = Value("", source, expression.start, expression.end)
        return joined([*parts, empty], expression)


Function = Callable[[Scope, Expression, Sequence[Value]], Value]


def _value(expression: Expression, plain: Plain, spans: tuple[Span, ...] = ()) -> Value:
    return Value(plain, expression.source, expression.start, expression.end, spans)


def _term(scope: Scope, expression: Expression) -> Value:
    """Evaluate a literal, a name, or something in parentheses."""
    inner = trees(expression.tree)
    return scope.evaluate(expression.inner(inner[0]))


def _identifier(_scope: Scope, expression: Expression) -> Value:
    raise Unresolved(expression, f"`{expression.text}` is no value", "Put it between quotes if it is a text.")


def _literal(_scope: Scope, expression: Expression) -> Value:
    return _value(expression, _LITERALS[str(next(tokens(expression.tree)))])


def _integer(_scope: Scope, expression: Expression) -> Value:
    return _value(expression, int(str(next(tokens(expression.tree)))))


def _float(_scope: Scope, expression: Expression) -> Value:
    return _value(expression, float(str(next(tokens(expression.tree)))))


def _unary(scope: Scope, expression: Expression) -> Value:
    value = scope.evaluate(expression.inner(trees(expression.tree)[0]))
    sign = str(next(tokens(expression.tree)))
    if sign == "!" and isinstance(value.plain, bool):
        return _value(expression, not value.plain)
    if sign == "-" and isinstance(value.plain, int | float) and not isinstance(value.plain, bool):
        return _value(expression, -value.plain)
    raise Unresolved(expression, f"`{expression.text}` makes no sense", PLAN_ADVICE)


def _string(scope: Scope, expression: Expression) -> Value:
    parts: list[Value] = []
    for tree in trees(expression.tree):
        child = tree.children[0]
        if isinstance(child, Token):
            start = (child.start_pos or 0) + expression.shift
            text, spans = written(str(child), expression.source, start, quoted=True)
            parts.append(Value(text, expression.source, start, start + len(child), spans))
        elif isinstance(child, Tree) and child.data == "interpolation":
            parts.append(scope.evaluate(expression.inner(trees(child)[0])))
        else:
            raise Unresolved(expression, "a template with `%{` is not evaluated here", PLAN_ADVICE)
    if not parts:
        return _value(expression, "", (Span(0, expression.source, expression.start + 1),))
    return joined(parts, expression)


def _heredoc(scope: Scope, expression: Expression) -> Value:
    spans = heredoc_body(expression.source, expression.start, expression.end)
    return scope.template(expression.source, spans, expression)


def _tuple(scope: Scope, expression: Expression) -> Value:
    return _value(expression, [scope.evaluate(expression.inner(tree)) for tree in trees(expression.tree)])


def _object(scope: Scope, expression: Expression) -> Value:
    members: dict[str, Value] = {}
    for element in trees(expression.tree):
        key, value = trees(element)
        members[_key(scope, expression.inner(key))] = scope.evaluate(expression.inner(value))
    return _value(expression, members)


def _key(scope: Scope, expression: Expression) -> str:
    """Return the name of an object's member: a bare word is the word itself."""
    words = [str(token) for token in tokens(expression.tree)]
    if len(words) == 1 and words[0] not in _LITERALS:
        return words[0]
    inner = trees(expression.tree)
    key = as_text(scope.evaluate(expression.inner(inner[0]))) if inner else words[0]
    if key is None:
        raise Unresolved(expression, "a list or an object cannot be a key", PLAN_ADVICE)
    return key


def _attribute_of(scope: Scope, expression: Expression) -> Value:
    """Evaluate `local.…`, `var.…`, `path.…`, or a member of an object."""
    trail = trail_of(expression.tree)
    if trail and trail[0] == "local" and len(trail) > 1 and trail[1] in scope.local_values:
        value = scope.named(f"local.{trail[1]}", expression, scope.local_values)
        return _member_of(value, trail[2:], expression)
    if trail and trail[0] == "var" and len(trail) > 1:
        return _variable(scope, trail, expression)
    if trail in (("path", "module"), ("path", "root"), ("path", "cwd")):
        return _value(expression, ".")
    if trail:
        known_later = f"`{'.'.join(trail)}` is known only to Terraform"
        raise Unresolved(expression, known_later, PLAN_ADVICE)
    base, step = trees(expression.tree)
    name = str(list(tokens(step))[-1])
    return _member_of(scope.evaluate(expression.inner(base)), (name,), expression)


def _variable(scope: Scope, trail: Sequence[str], expression: Expression) -> Value:
    name = trail[1]
    if name in scope.variables:
        return _member_of(scope.named(f"var.{name}", expression, scope.variables), trail[2:], expression)
    if name not in scope.declared:
        advice = f'Declare variable "{name}", or give `--var {name}=VALUE`.'
        raise Unresolved(expression, f"there is no variable `{name}`", advice)
    advice = f"Give `--var {name}=…`, or write it into terraform.tfvars, or give the variable a default."
    raise Unresolved(expression, f"the variable `{name}` has no value here", advice)


def _member_of(value: Value, trail: Sequence[str], expression: Expression) -> Value:
    for name in trail:
        if not isinstance(value.plain, Mapping) or name not in value.plain:
            raise Unresolved(expression, f"there is no `{name}` in it", "Check the name.")
        value = value.plain[name]
    return value


def _index_of(scope: Scope, expression: Expression) -> Value:
    base, step = trees(expression.tree)
    value = scope.evaluate(expression.inner(base))
    index = scope.evaluate(expression.inner(trees(step)[0])).plain if trees(step) else None
    if isinstance(value.plain, Mapping) and isinstance(index, str):
        return _member_of(value, (index,), expression)
    if isinstance(value.plain, list) and isinstance(index, int) and 0 <= index < len(value.plain):
        item = value.plain[index]
        assert isinstance(item, Value)
        return item
    raise Unresolved(expression, f"`{expression.text}` is not evaluated here", PLAN_ADVICE)


def _conditional(scope: Scope, expression: Expression) -> Value:
    condition, true, false = (expression.inner(tree) for tree in trees(expression.tree))
    decided = scope.evaluate(condition).plain
    if not isinstance(decided, bool):
        raise Unresolved(condition, "the condition is no truth value", PLAN_ADVICE)
    return scope.evaluate(true if decided else false)


def _call(scope: Scope, expression: Expression) -> Value:
    inner = trees(expression.tree)
    name = "::".join(str(next(tokens(tree))) for tree in inner if tree.data == "identifier")
    function = scope.functions.get(name)
    if function is None:
        raise Unresolved(expression, f"the function `{name}` is not evaluated here", PLAN_ADVICE)
    given = [tree for tree in inner if tree.data == "arguments"]
    arguments = [scope.evaluate(expression.inner(tree)) for tree in (trees(given[0]) if given else ())]
    return function(scope, expression, arguments)


def trail_of(tree: Tree[Token]) -> tuple[str, ...]:
    """Return the names of a reference such as `local.a.b`; empty if it is something else."""
    parts = trees(tree)
    if tree.data == "identifier":
        return (str(next(tokens(tree))),)
    if tree.data == "expr_term" and len(parts) == 1 and len(tree.children) == 1:
        return trail_of(parts[0])
    if tree.data != "get_attr_expr_term":
        return ()
    base = trail_of(parts[0])
    return (*base, str(list(tokens(parts[1]))[-1])) if base else ()


_HANDLERS: Final[Mapping[str, Callable[[Scope, Expression], Value]]] = {
    "expr_term": _term,
    "identifier": _identifier,
    "literal_value": _literal,
    "int_lit": _integer,
    "float_lit": _float,
    "unary_op": _unary,
    "string": _string,
    "heredoc_template": _heredoc,
    "heredoc_template_trim": _heredoc,
    "tuple": _tuple,
    "object": _object,
    "get_attr_expr_term": _attribute_of,
    "index_expr_term": _index_of,
    "conditional": _conditional,
    "function_call": _call,
}
