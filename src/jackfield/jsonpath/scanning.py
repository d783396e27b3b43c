"""Deep scan: ``..``.

The segment behind ``..`` is tried on every object and list, outermost first. Where a list is matched and
more segments follow, the engine passes *every* element on, whatever index was asked for, and sorts out
afterwards: a property at the very end of the path is kept only if the index written before it is that of
the element. Hence ``$..[0].name`` works, ``$..[*].name`` finds names only until the first list is met, and
``$..[0].a.name`` looks into all elements. This module reproduces that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jackfield.jsonpath.errors import PathLimitExceeded, PathNotFound
from jackfield.jsonpath.nodes import Index, Property, Segment, Wildcard
from jackfield.jsonpath.running import Condition, Run, Step
from jackfield.jsonpath.values import CONTAINERS, is_array

Gate = Callable[[Any, list[Any], Run, bool], None]


@dataclass(frozen=True, slots=True)
class ScanPlan:
    """What a deep scan works with.

    ``matches_object`` and ``matches_list`` tell where the segment behind ``..`` applies; ``apply`` is that
    segment with all that follows; ``rest`` is what follows alone, None at the end of the path; ``gate``
    replaces ``rest`` where the engine sorts out afterwards, ``index`` is the index it compares with, -1 for
    none, ``key`` names the scan in ``Run.passed``.
    """

    matches_object: Condition
    matches_list: Condition
    apply: Step
    rest: Step | None
    gate: Gate | None
    index: int
    key: int


def never(_value: Any, _run: Run) -> bool:
    """A segment that a deep scan does not apply to this kind of value."""
    return False


def always(_value: Any, _run: Run) -> bool:
    """A segment that a deep scan applies to every value of this kind."""
    return True


def holds_all(names: tuple[str, ...]) -> Condition:
    """Objects that have all the properties."""
    if len(names) == 1:
        name = names[0]
        return lambda value, _run: name in value
    return lambda value, _run: all(name in value for name in names)


def gate_of(segment: Segment, required: Callable[[Property], PathNotFound] | None) -> Gate | None:
    """The last segment of a path as a gate; None for segments that the engine does not sort out."""
    if isinstance(segment, Wildcard):
        return _wildcard_gate
    if isinstance(segment, Property) and len(segment.names) == 1:
        return _property_gate(segment, required)
    return None


def _property_gate(segment: Property, required: Callable[[Property], PathNotFound] | None) -> Gate:
    name = segment.names[0]

    def gate(value: Any, out: list[Any], _run: Run, allowed: bool) -> None:
        if not isinstance(value, dict):
            return
        if name not in value:
            if required is not None:
                raise required(segment)
        elif allowed:
            out.append(value[name])

    return gate


def _wildcard_gate(value: Any, out: list[Any], run: Run, allowed: bool) -> None:
    if isinstance(value, dict):
        if allowed:
            run.spend(len(value))
            out.extend(value.values())
    elif is_array(value):
        run.spend(len(value))
        out.extend(value)


def gated(gate: Gate, key: int) -> Step:
    """The gate as the step that objects are handed to: shut once the scan went through a list."""

    def step(value: Any, out: list[Any], run: Run) -> None:
        gate(value, out, run, key not in run.passed)

    return step


def index_asked(segment: Segment) -> int:
    """The one index that the engine finds again in the path's text, or -1."""
    if isinstance(segment, Index) and len(segment.indexes) == 1:
        return segment.indexes[0]
    return -1


def scan(plan: ScanPlan) -> Step:
    """The deep scan as a step."""
    through = _through_list(plan)

    def walk(value: Any, out: list[Any], run: Run, depth: int) -> None:
        if depth > run.limits.depth:
            raise PathLimitExceeded("depth", run.limits.depth, "The document is too deep for a deep scan")
        children: Any
        if isinstance(value, dict):
            if plan.matches_object(value, run):
                plan.apply(value, out, run)
            children = value.values()
        else:
            if plan.matches_list(value, run):
                through(value, out, run)
            children = value
        run.spend(len(value) + 1)
        run.check(out)
        for child in children:
            if isinstance(child, CONTAINERS):
                walk(child, out, run, depth + 1)

    def step(value: Any, out: list[Any], run: Run) -> None:
        if isinstance(value, dict) or is_array(value):
            walk(value, out, run, 1)

    return step


def _through_list(plan: ScanPlan) -> Step:
    rest, gate, key, asked = plan.rest, plan.gate, plan.key, plan.index
    if rest is None:
        return plan.apply
    if gate is None:

        def hand_on(value: Any, out: list[Any], run: Run) -> None:
            for item in value:
                rest(item, out, run)

        return hand_on

    def sort_out(value: Any, out: list[Any], run: Run) -> None:
        for index, item in enumerate(value):
            run.passed.add(key)
            gate(item, out, run, index == asked)

    return sort_out
