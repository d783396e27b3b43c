"""Holds JSON answers against declared shapes: what the SDKs say their models are.

A fault is anything a typed client would stumble over: a member that the model does not have, a value of
another type, null, a value that is none of an enumeration, a declared member that is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

# Its members are the caller's own schema, of which the SDKs declare only some.
FREE_MODELS = frozenset({"JsonSchemaDocument"})


@dataclass(frozen=True)
class Member:
    """A member of a model.

    Args:
        shape: a scalar's name, a model's name, `list[…]`, `dict[…]` or `any`.
        required: the model always has it.
        values: of an enumeration; empty for any.
    """

    shape: str
    required: bool = False
    values: frozenset[str] = field(default_factory=frozenset)


class Declarations(Protocol):
    """What one SDK declares."""

    def model(self, name: str) -> Mapping[str, Member] | None:
        """Return a model's members by JSON name; None if there is no such model."""

    def result(self, operation: str) -> str:
        """Return the shape of an operation's answer, "" for none."""


def faults(value: Any, shape: str, known: Declarations, pointer: str = "") -> Iterator[str]:
    """Yield each way in which a value is not what a shape says, with its pointer."""
    if value is None:
        yield f"{pointer or '/'} is null"
    elif shape == "any":
        return
    elif shape.startswith("list["):
        yield from _list_faults(value, shape[5:-1], known, pointer)
    elif shape.startswith("dict["):
        yield from _dict_faults(value, shape[5:-1], known, pointer)
    elif shape in _SCALARS:
        if not _SCALARS[shape](value):
            yield f"{pointer or '/'} is no {shape}: {value!r:.60}"
    else:
        yield from _model_faults(value, shape, known, pointer)


def _list_faults(value: Any, inner: str, known: Declarations, pointer: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"{pointer or '/'} is no list: {value!r:.60}"
        return
    for position, item in enumerate(value):
        yield from faults(item, inner, known, f"{pointer}/{position}")


def _dict_faults(value: Any, inner: str, known: Declarations, pointer: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{pointer or '/'} is no object: {value!r:.60}"
        return
    for name, item in value.items():
        yield from faults(item, inner, known, f"{pointer}/{name}")


def _model_faults(value: Any, name: str, known: Declarations, pointer: str) -> Iterator[str]:
    members = known.model(name)
    if members is None:
        yield f"{pointer or '/'} should be a {name}, which is not declared"
        return
    if not isinstance(value, dict):
        yield f"{pointer or '/'} is no {name}: {value!r:.60}"
        return
    if name in FREE_MODELS:
        return
    for key, item in value.items():
        member = members.get(key)
        if member is None:
            yield f"{pointer}/{key} is not declared in {name}"
            continue
        yield from faults(item, member.shape, known, f"{pointer}/{key}")
        if member.values and item not in member.values:
            yield f"{pointer}/{key} is {item!r:.60}, none of {', '.join(sorted(member.values))}"
    for key, member in members.items():
        if member.required and key not in value:
            yield f"{pointer}/{key} is missing, and {name} requires it"


def _is_moment(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        return datetime.fromisoformat(value.replace("Z", "+00:00")).tzinfo is not None
    except ValueError:
        return False


_SCALARS: Mapping[str, Callable[[Any], bool]] = {
    "str": lambda value: isinstance(value, str),
    "int": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "float": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "bool": lambda value: isinstance(value, bool),
    "datetime": _is_moment,
    "date": lambda value: isinstance(value, str) and len(value) == len("2026-01-01"),
}
