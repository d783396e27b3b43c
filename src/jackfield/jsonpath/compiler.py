"""Nodes to closures.

Every segment becomes a function ``step(value, out, run)`` that finds what it selects in ``value`` and hands
it to the step behind it; the last one appends to ``out``. Which errors a missing property causes depends on
what stands before it, so a step is compiled for its place: behind an indefinite segment (``upstream``
False) missing is silence. Exists checks are compiled a second time with properties *required*.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from jackfield.jsonpath import functions, scanning
from jackfield.jsonpath.conditions import ConditionCompiler
from jackfield.jsonpath.errors import (
    FilterRejection,
    IndexOutOfRange,
    PathEvaluationError,
    PathLimitExceeded,
    PathNotFound,
    PathSyntaxError,
)
from jackfield.jsonpath.lenient import JsonTextError, parse_strict
from jackfield.jsonpath.limits import Limits
from jackfield.jsonpath.nodes import (
    Filter,
    Function,
    Index,
    JsonArgument,
    PathNode,
    Property,
    Scan,
    Segment,
    Slice,
    Wildcard,
)
from jackfield.jsonpath.parser import parse
from jackfield.jsonpath.running import Condition, Evaluate, Run, Step
from jackfield.jsonpath.values import is_array


def is_definite(segments: tuple[Segment, ...]) -> bool:
    """Whether a path leads to at most one value (before functions on deep scans are turned around)."""
    last = len(segments) - 1
    for position, segment in enumerate(segments):
        if isinstance(segment, Scan | Wildcard | Filter | Slice):
            return False
        if isinstance(segment, Index) and len(segment.indexes) > 1:
            return False
        if isinstance(segment, Property) and len(segment.names) > 1 and position < last:
            return False
    return True


def turned(path: PathNode) -> PathNode:
    """``$..a.sum()`` becomes ``$.sum($..a)``, as the engine has it; other paths stay."""
    segments = path.segments
    if not segments or not isinstance(segments[0], Scan) or not isinstance(segments[-1], Function):
        return path
    position = next(i for i, segment in enumerate(segments) if isinstance(segment, Function))
    call = segments[position]
    assert isinstance(call, Function)
    inner = PathNode(path.root, segments[:position], path.column)
    function = Function(call.name, (inner,), call.column)
    return PathNode(path.root, (function, *segments[position + 1 :]), path.column)


class Compiler:
    """Compiles the paths of one user's text: the path itself and the paths in its filters and arguments.

    ``quick`` False leaves the faster conditions out, for the test that compares them with the general ones.
    """

    def __init__(self, text: str, limits: Limits, *, quick: bool = True) -> None:
        self.text = text
        self.limits = limits
        self.conditions = ConditionCompiler(self, limits, quick=quick)

    def evaluation(self, path: PathNode, *, required: bool = False) -> Evaluate:
        """A function (value, run) giving what the path selects: one value, or a list.

        ``required`` compiles for exists checks. The function raises ``PathNotFound`` and
        ``PathEvaluationError``.
        """
        effective = turned(path)
        chain = _Chain(self, effective.segments, required)
        if effective is not path:
            # Behind the function the engine still remembers the deep scan that stood before it.
            chain.upstream, chain.tail = False, 0
        step = chain.compile()
        if not is_definite(effective.segments):
            return _listing(step, self.limits)
        return self._single(step)

    def length_evaluation(self, path: PathNode, *, required: bool) -> Evaluate:
        """The path of ``length(path)``: its children are counted, yet it is still taken for definite."""
        if path.segments and isinstance(path.segments[-1], Function):
            return self.evaluation(path, required=required)
        definite = is_definite(path.segments)
        segments: tuple[Segment, ...] = path.segments
        if segments:
            segments = (*segments, Wildcard(path.column))
        step = _Chain(self, segments, required, len(path.segments) - 1).compile()
        return self._single(step) if definite else _listing(step, self.limits)

    def _single(self, step: Step) -> Evaluate:
        def evaluate(value: Any, run: Run) -> Any:
            out: list[Any] = []
            step(value, out, run)
            if not out:
                raise self.not_found("The path leads to nothing in this document", 0)
            return out[-1]

        return evaluate

    def looks_like_path(self, text: str) -> bool:
        """Whether a text compiles as a path."""
        try:
            node, _ = parse(text, self.limits)
            Compiler(text, self.limits).evaluation(node)
        except PathSyntaxError:
            return False
        return True

    def not_found(self, reason: str, column: int) -> PathNotFound:
        """The error of a step that does not find what it needs."""
        return PathNotFound(reason, path=self.text, column=column)


def _listing(step: Step, limits: Limits) -> Evaluate:
    def evaluate(value: Any, run: Run) -> Any:
        out: list[Any] = []
        step(value, out, run)
        if len(out) > limits.results:
            raise PathLimitExceeded("results", limits.results, "The path selects too many values")
        return out

    return evaluate


def _emit(value: Any, out: list[Any], _run: Run) -> None:
    out.append(value)


def _endless(_value: Any, _out: list[Any], _run: Run) -> None:
    """A deep scan with nothing behind it, as a function right after ``..`` leaves it."""
    raise PathEvaluationError(
        "A name is missing between .. and the function", engine_error="IllegalStateException"
    )


def describe(value: Any) -> str:
    """What kind of JSON value something is, for messages."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, str):
        return "a text"
    if isinstance(value, dict):
        return "an object"
    return "a list" if isinstance(value, list) else "a number"


class _Chain:
    """The segments of one path, compiled from the last to the first.

    ``tail`` is the position of the segment that the engine takes for the last; a segment behind it was put
    there by ``length()``.
    """

    def __init__(
        self, compiler: Compiler, segments: tuple[Segment, ...], required: bool, tail: int | None = None
    ) -> None:
        self.compiler = compiler
        self.segments = segments
        self.required = required
        self.tail = len(segments) - 1 if tail is None else tail
        self.upstream = True

    def compile(self) -> Step:
        """The first step."""
        return self._after(-1)

    def _after(self, position: int) -> Step:
        """The steps behind ``position`` as one."""
        step: Step = _emit
        for index in range(len(self.segments) - 1, position, -1):
            # A deep scan takes the segment behind it along; compiled alone it would be compiled twice.
            if index == position + 1 or not isinstance(self.segments[index - 1], Scan):
                step = self._segment(index, step)
        return step

    def _is_leaf(self, position: int) -> bool:
        return position == len(self.segments) - 1

    def _certain(self, position: int) -> bool:
        """Whether all segments before ``position`` select one value."""
        return self.upstream and all(self._certain_alone(index) for index in range(position))

    def _certain_alone(self, position: int) -> bool:
        segment = self.segments[position]
        if isinstance(segment, Property):
            return len(segment.names) == 1 or self._is_leaf(position)
        if isinstance(segment, Index):
            return len(segment.indexes) == 1
        return isinstance(segment, Function)

    def _segment(self, position: int, following: Step) -> Step:
        segment = self.segments[position]
        if isinstance(segment, Scan):
            return self._scan(position)
        if isinstance(segment, Property):
            return self._property(segment, position, following)
        if isinstance(segment, Index):
            indexes = segment.indexes
            return self._elements(lambda _value: indexes, segment, position, following)
        if isinstance(segment, Slice):
            return self._slice(segment, position, following)
        if isinstance(segment, Wildcard):
            return self._wildcard(following)
        if isinstance(segment, Filter):
            return self._filter(segment, position, following)
        return self._function(segment, position, following)

    # Properties

    def _property(self, segment: Property, position: int, following: Step) -> Step:
        certain = self._certain(position)
        not_found, column = self.compiler.not_found, segment.column
        if len(segment.names) == 1:
            select = self._one_name(segment.names[0], segment, position, following)
        elif self._is_leaf(position):
            select = self._merged(segment)
        else:
            steps = [self._one_name(name, segment, position, following) for name in segment.names]

            def select(value: Any, out: list[Any], run: Run) -> None:
                for step in steps:
                    step(value, out, run)

        shown = ", ".join(segment.names)

        def step(value: Any, out: list[Any], run: Run) -> None:
            if isinstance(value, dict):
                select(value, out, run)
            elif certain:
                raise not_found(f"{shown!r} is looked for in {describe(value)}, not in an object", column)

        return step

    def _one_name(self, name: str, segment: Property, position: int, following: Step) -> Step:
        leaf = self._is_leaf(position)
        certain = len(segment.names) == 1 and self._certain(position)
        strict = self.required or (certain and not leaf)
        not_found = self.compiler.not_found

        def step(value: Any, out: list[Any], run: Run) -> None:
            if name in value:
                following(value[name], out, run)
            elif strict:
                raise not_found(f"There is no property {name!r}", segment.column)

        return step

    def _merged(self, segment: Property) -> Step:
        required, not_found = self.required, self.compiler.not_found

        def step(value: Any, out: list[Any], _run: Run) -> None:
            merged: dict[str, Any] = {}
            for name in segment.names:
                if name in value:
                    merged[name] = value[name]
                elif required:
                    raise not_found(f"There is no property {name!r}", segment.column)
            out.append(merged)

        return step

    # Elements of lists

    def _elements(
        self, choose: Callable[[list[Any]], Any], segment: Index | Slice, position: int, following: Step
    ) -> Step:
        certain = self._certain(position)
        not_found, column = self.compiler.not_found, segment.column

        def step(value: Any, out: list[Any], run: Run) -> None:
            if not is_array(value):
                if certain:
                    raise not_found(f"An index is applied to {describe(value)}, not to a list", column)
                return
            size = len(value)
            for index in choose(value):
                effective = index + size if index < 0 else index
                if 0 <= effective < size:
                    run.spend(1)
                    try:
                        following(value[effective], out, run)
                    except IndexOutOfRange:
                        continue

        return step

    def _slice(self, segment: Slice, position: int, following: Step) -> Step:
        start, stop = segment.start, segment.stop

        def choose(value: list[Any]) -> range:
            size = len(value)
            if start is not None and stop is not None:
                return range(max(start, -size), min(size, stop))
            if start is not None:
                return range(max(0, start + size if start < 0 else start), size)
            assert stop is not None
            return range(min(size, stop + size if stop < 0 else stop))

        return self._elements(choose, segment, position, following)

    def _wildcard(self, following: Step) -> Step:
        required = self.required

        def each(value: list[Any], out: list[Any], run: Run) -> None:
            for item in value:
                try:
                    following(item, out, run)
                except IndexOutOfRange:
                    continue
                except PathNotFound:
                    if required:
                        raise

        def step(value: Any, out: list[Any], run: Run) -> None:
            if isinstance(value, dict):
                run.spend(len(value))
                for item in value.values():
                    following(item, out, run)
            elif is_array(value):
                run.spend(len(value))
                each(value, out, run)
            run.check(out)

        return step

    def _filter(self, segment: Filter, position: int, following: Step) -> Step:
        accept = self.accept(segment)
        certain = self._certain(position)

        def step(value: Any, out: list[Any], run: Run) -> None:
            if isinstance(value, dict):
                run.spend(1)
                if accept(value, run):
                    following(value, out, run)
            elif is_array(value):
                run.spend(len(value))
                for item in value:
                    if accept(item, run):
                        try:
                            following(item, out, run)
                        except IndexOutOfRange:
                            continue
            elif certain:
                raise PathEvaluationError(
                    f"A filter is applied to {describe(value)}",
                    engine_error="InvalidPathException",
                    column=segment.column,
                )
            run.check(out)

        return step

    def accept(self, segment: Filter) -> Callable[[Any, Run], bool]:
        """The filter as a test; an operand that an operator cannot take makes it false."""
        test = self.compiler.conditions.condition(segment.expression, required=self.required)

        def accept(value: Any, run: Run) -> bool:
            try:
                return test(value, run)
            except (FilterRejection, PathNotFound):
                return False
            except PathEvaluationError as failure:
                if failure.engine_error == "InvalidPathException":
                    return False
                raise

        return accept

    # Functions

    def _function(self, segment: Function, position: int, following: Step) -> Step:
        if segment.name in functions.LENGTHS:
            call = self._length(segment)
        else:
            call = self._call(segment)
        leaf = self._is_leaf(position)

        def step(value: Any, out: list[Any], run: Run) -> None:
            result = call(value, run)
            out.append(result)
            if not leaf:
                following(result, out, run)

        return step

    def _call(self, segment: Function) -> Evaluate:
        function = functions.FUNCTIONS.get(segment.name)
        if not segment.arguments:
            return _plain_call(segment, function)
        evaluations = [
            self.compiler.evaluation(argument, required=self.required)
            if isinstance(argument, PathNode)
            else argument
            for argument in segment.arguments
        ]

        def call(value: Any, run: Run) -> Any:
            if function is None:
                raise unknown_function(segment)
            run.spend(1)
            getters: list[Callable[[], Any]] = []
            for evaluation in evaluations:
                if isinstance(evaluation, JsonArgument):
                    getters.append(partial(_json_value, evaluation))
                else:
                    found = evaluation(run.root, run)
                    getters.append(partial(_same, found))
            return function(value, functions.Arguments(getters))

        return call

    def _length(self, segment: Function) -> Evaluate:
        arguments = segment.arguments
        first = arguments[0] if arguments else None
        before = [
            self.compiler.evaluation(argument, required=self.required)
            for argument in arguments
            if isinstance(argument, PathNode)
        ]
        children = (
            self.compiler.length_evaluation(first, required=self.required)
            if isinstance(first, PathNode)
            else None
        )

        def call(value: Any, run: Run) -> Any:
            run.spend(1)
            for evaluate in before:
                evaluate(run.root, run)
            if isinstance(first, JsonArgument):
                raise PathEvaluationError(
                    f"{segment.name}() takes a path, not JSON",
                    engine_error="NullPointerException",
                    column=segment.column,
                )
            if children is not None:
                if value is None:
                    raise PathEvaluationError(
                        f"{segment.name}() is applied to null", engine_error="IllegalArgumentException"
                    )
                inner = children(value, run.rooted(value))
                if is_array(inner):
                    return len(inner)
            return functions.length(value)

        return call

    # Deep scan

    def _scan(self, position: int) -> Step:
        if self._is_leaf(position):
            return _endless
        target = self.segments[position + 1]
        place = position + 1
        rest = None if self._is_leaf(place) else self._after(place)
        gate = None
        if self._is_leaf(place + 1):
            gate = scanning.gate_of(self.segments[place + 1], self._missing if self.required else None)
        key = id(target)
        following: Step = _emit if rest is None else rest
        if gate is not None:
            following = scanning.gated(gate, key)
        matches_object, matches_list = self._scan_tests(target, place)
        return scanning.scan(
            scanning.ScanPlan(
                matches_object=matches_object,
                matches_list=matches_list,
                apply=self._segment(place, following),
                rest=rest,
                gate=gate,
                index=scanning.index_asked(target) if self.tail == place + 1 else -1,
                key=key,
            )
        )

    def _missing(self, segment: Property) -> PathNotFound:
        return self.compiler.not_found(f"There is no property {segment.names[0]!r}", segment.column)

    def _scan_tests(self, target: Segment, place: int) -> tuple[Condition, Condition]:
        """Where a deep scan applies the segment behind it: to which objects, to which lists."""
        if isinstance(target, Property):
            if self._certain_alone(place):
                return scanning.holds_all(target.names), scanning.never
            return scanning.always, scanning.never
        if isinstance(target, Index | Slice):
            return scanning.never, scanning.always
        if isinstance(target, Wildcard):
            return scanning.always, scanning.always
        if isinstance(target, Filter):
            accept = self.accept(target)
            return accept, accept
        return scanning.never, scanning.never


def _plain_call(segment: Function, function: functions.PathFunction | None) -> Evaluate:
    none = functions.Arguments(())

    def call(value: Any, run: Run) -> Any:
        if function is None:
            raise unknown_function(segment)
        run.spend(1)
        return function(value, none)

    return call


def _same(value: Any) -> Any:
    return value


def _json_value(argument: JsonArgument) -> Any:
    try:
        return parse_strict(argument.text)
    except JsonTextError as failure:
        raise PathEvaluationError(
            f"The argument {argument.text} is not JSON: {failure}",
            engine_error="InvalidJsonException",
            column=argument.column,
        ) from None


def unknown_function(segment: Function) -> PathEvaluationError:
    """The error of a function name that does not exist."""
    known = ", ".join(functions.NAMES)
    return PathEvaluationError(
        f"There is no function {segment.name}(); there are: {known}",
        engine_error="InvalidPathException",
        column=segment.column,
    )
