"""The expressions of filters to closures ``condition(value, run) -> bool``."""

from __future__ import annotations

import math
from typing import Any, Protocol

from jackfield.jsonpath.comparisons import Comparisons, JsonText
from jackfield.jsonpath.errors import PathEvaluationError, PathNotFound
from jackfield.jsonpath.javaregex import compile_java
from jackfield.jsonpath.limits import Limits
from jackfield.jsonpath.nodes import (
    And,
    BooleanLiteral,
    Comparison,
    Exists,
    Expression,
    JsonLiteral,
    Not,
    NullLiteral,
    NumberLiteral,
    Operand,
    Or,
    PathNode,
    PathOperand,
    PatternLiteral,
    StringLiteral,
)
from jackfield.jsonpath.quicktests import finder, item_test, number_constant, plain_steps
from jackfield.jsonpath.running import Condition, Evaluate, Run
from jackfield.jsonpath.values import UNDEFINED, KeySet


class Paths(Protocol):
    """What conditions need of the compiler: the evaluation of a path, and whether a text is a path."""

    def evaluation(self, path: PathNode, *, required: bool = False) -> Evaluate:
        """See ``Compiler.evaluation``."""

    def looks_like_path(self, text: str) -> bool:
        """Whether a text compiles as a path."""


class ConditionCompiler:
    """Compiles the expressions of the filters of one path."""

    def __init__(self, paths: Paths, limits: Limits, *, quick: bool = True) -> None:
        self.paths = paths
        self.quick = quick
        self.comparisons = Comparisons(limits, paths.looks_like_path)

    def condition(self, expression: Expression, *, required: bool) -> Condition:
        """The expression as a test of one value. ``required``: the filter stands inside an exists check."""
        quick = item_test(expression) if self.quick else None
        if quick is not None:
            return lambda value, _run: quick(value)
        if isinstance(expression, And):
            return _conjunction([self.condition(part, required=required) for part in expression.operands])
        if isinstance(expression, Or):
            return _disjunction([self.condition(part, required=required) for part in expression.operands])
        if isinstance(expression, Not):
            inner = self.condition(expression.operand, required=required)
            return lambda value, run: not inner(value, run)
        if isinstance(expression, Exists):
            return self._exists(expression)
        return self._comparison(expression, required)

    def _exists(self, expression: Exists) -> Condition:
        operand = expression.operand
        wanted = not operand.negated
        evaluate = self.paths.evaluation(operand.path, required=True)

        def condition(value: Any, run: Run) -> bool:
            # Even a $ path is evaluated on the value at hand here; the engine does so.
            try:
                evaluate(value, run)
            except PathNotFound:
                return not wanted
            return wanted

        return condition

    def _comparison(self, expression: Comparison, required: bool) -> Condition:
        left = self._operand(expression.left, required)
        right = self._operand(expression.right, required)
        test = self.comparisons.tests[expression.operator]
        return lambda value, run: test(left(value, run), right(value, run))

    def _operand(self, operand: Operand, required: bool) -> Evaluate:
        if isinstance(operand, PathOperand):
            return self._path(operand.path, required)
        value = constant(operand)
        return lambda _value, _run: value

    def _path(self, path: PathNode, required: bool) -> Evaluate:
        steps = plain_steps(path)
        if self.quick and steps is not None and path.root == "@":
            find = finder(steps)

            def evaluate_simple(value: Any, _run: Run) -> Any:
                found = find(value)
                return checked(found) if isinstance(found, float) else found

            return evaluate_simple
        inner = self.paths.evaluation(path, required=required)
        return _rooted(inner) if path.root == "$" else _local(inner)


def _local(inner: Evaluate) -> Evaluate:
    def evaluate(value: Any, run: Run) -> Any:
        try:
            return checked(inner(value, run))
        except PathNotFound:
            return UNDEFINED

    return evaluate


def _rooted(inner: Evaluate) -> Evaluate:
    def evaluate(_value: Any, run: Run) -> Any:
        key = id(inner)
        if key not in run.cache:
            try:
                run.cache[key] = inner(run.root, run)
            except PathNotFound:
                return UNDEFINED
        return checked(run.cache[key])

    return evaluate


def checked(value: Any) -> Any:
    """A value as an operand. Raises ``PathEvaluationError`` for what the engine cannot compare."""
    if isinstance(value, float) and not math.isfinite(value):
        raise PathEvaluationError(f"{value} cannot be compared", engine_error="NumberFormatException")
    if isinstance(value, KeySet):
        raise PathEvaluationError("The result of keys() cannot be compared")
    return value


def constant(operand: Operand) -> Any:
    """A literal as the operand that comparisons take."""
    if isinstance(operand, StringLiteral | BooleanLiteral):
        return operand.value
    if isinstance(operand, NumberLiteral):
        return number_constant(operand.text)
    if isinstance(operand, JsonLiteral):
        return JsonText(operand.text)
    if isinstance(operand, PatternLiteral):
        return compile_java(operand.pattern, operand.flags)
    assert isinstance(operand, NullLiteral)
    return None


def _conjunction(parts: list[Condition]) -> Condition:
    if len(parts) == 2:
        first, second = parts
        return lambda value, run: first(value, run) and second(value, run)
    return lambda value, run: all(part(value, run) for part in parts)


def _disjunction(parts: list[Condition]) -> Condition:
    if len(parts) == 2:
        first, second = parts
        return lambda value, run: first(value, run) or second(value, run)
    return lambda value, run: any(part(value, run) for part in parts)
