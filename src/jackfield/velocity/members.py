"""Which methods and properties a template may reach: this table and nothing else.

A member is found by the Python type of a value and its Java name, so no Python attribute is ever looked
up. Each overload says what its parameters take, in Java's terms:

``s`` String · ``q`` CharSequence · ``i`` int · ``o`` any object · ``k`` a list (Collection) · ``m`` a map ·
``n`` a number · ``*`` any number of objects.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final, Protocol

from jackfield.velocity.values import UNDEFINED, text

if TYPE_CHECKING:
    from jackfield.velocity.regexes import Clock


class Allowance(Protocol):
    """What a member may use of the running render: its bounds, and the clock of its regular expressions."""

    @property
    def room(self) -> int:
        """Characters that a text may have."""
        ...

    @property
    def clock(self) -> Clock:
        """The time left for regular expressions."""
        ...


Function = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Overload:
    """One signature: parameter letters, and the function called with (allowance, value, *arguments)."""

    parameters: str
    function: Function


Members = dict[str, tuple[Overload, ...]]


class MemberFault(Exception):
    """A member refused its arguments; the message is that of the Java exception it stands for."""


NOT_FOUND: Final = object()
_TABLES: dict[type, Members] = {}
_PROPERTIES: dict[type, dict[str, Function]] = {}
PLAIN: dict[tuple[type, str, int], Function] = {}
"""Methods that take their arguments as they are and have no other overload of that length."""
PLAIN_BY_TYPE: dict[type, dict[str, Function]] = {}
"""The same by type and ``name/count``."""


def register(kind: type, members: Mapping[str, Sequence[tuple[str, Function]]]) -> None:
    """Allow these methods on values of exactly this type.

    A method without parameters can also be read as a property: under its own name, and without ``get``
    or ``is`` in front, as Velocity finds getters.
    """
    table = _TABLES.setdefault(kind, {})
    properties = _PROPERTIES.setdefault(kind, {})
    for name, overloads in members.items():
        made = tuple(Overload(letters, function) for letters, function in overloads)
        table[name] = table.get(name, ()) + made
        for overload in made:
            if not overload.parameters:
                _add_getter(properties, name, overload.function)
        _note_plain(kind, name, table[name])


def _add_getter(properties: dict[str, Function], name: str, function: Function) -> None:
    properties[name] = function
    for prefix in ("get", "is"):
        rest = name.removeprefix(prefix)
        if rest != name and rest and rest[0].isupper():
            properties.setdefault(rest, function)
            properties.setdefault(rest[0].lower() + rest[1:], function)


def _note_plain(kind: type, name: str, overloads: tuple[Overload, ...]) -> None:
    by_length: dict[int, list[Overload]] = {}
    for overload in overloads:
        by_length.setdefault(len(overload.parameters), []).append(overload)
    for count, same_length in by_length.items():
        if len(same_length) == 1 and set(same_length[0].parameters) <= {"o"}:
            PLAIN[kind, name, count] = same_length[0].function
            PLAIN_BY_TYPE.setdefault(kind, {})[f"{name}/{count}"] = same_length[0].function


def known(kind: type) -> bool:
    """Whether anything is allowed on values of this type."""
    return kind in _TABLES


def method_names(kind: type) -> frozenset[str]:
    """The names that may follow the dot after a value of this type: methods and properties."""
    return frozenset((*_TABLES.get(kind, {}), *_PROPERTIES.get(kind, {})))


def hint_for(kind: type, name: str, *, called: bool) -> str:
    """Return what was likely meant by a name that a type does not have, or nothing.

    Args:
        kind: type of the value before the dot.
        name: what stands behind it.
        called: with arguments, which may be what does not fit.
    """
    names = method_names(_native(kind))
    if name in names:
        return f"`{name}` takes other arguments." if called else f"`{name}` is a method: write `{name}(…)`."
    by_case = {known.lower(): known for known in names}
    near = get_close_matches(name.lower(), by_case, n=1, cutoff=0.7)
    return f"Did you mean `{by_case[near[0]]}`?" if near else ""


def _native(kind: type) -> type:
    """The type whose members count: for a subclass of a JSON type, that type."""
    if kind in _TABLES:
        return kind
    return next((base for base in _JSON_TYPES if issubclass(kind, base)), kind)


def getter(kind: type, name: str) -> Function | None:
    """The function behind a property, or None."""
    properties = _PROPERTIES.get(_native(kind))
    return properties.get(name) if properties is not None else None


def method(
    value: object, name: str, arguments: tuple[object, ...]
) -> tuple[Function, tuple[Any, ...]] | None:
    """The overload for these arguments, and the arguments as it wants them; None when there is none."""
    table = _TABLES.get(_native(type(value)))
    overloads = table.get(name) if table is not None else None
    if overloads is None:
        return None
    for convert in (_strict, _loose):
        for overload in overloads:
            letters = overload.parameters
            if letters == "*":
                return overload.function, arguments
            if len(letters) == len(arguments):
                made = _converted(letters, arguments, convert)
                if made is not None:
                    return overload.function, made
    return None


def _converted(
    letters: str, arguments: tuple[object, ...], convert: Callable[[str, object], object]
) -> tuple[Any, ...] | None:
    made = []
    for letter, argument in zip(letters, arguments, strict=True):
        value = convert(letter, None if argument is UNDEFINED else argument)
        if value is NOT_FOUND:
            return None
        made.append(value)
    return tuple(made)


_JSON_TYPES = (dict, list, str, int, float, tuple)
_KINDS: dict[str, tuple[type, ...]] = {
    "s": (str,),
    "q": (str,),
    "i": (int,),
    "k": (list, tuple, range),
    "m": (dict,),
    "n": (int, float),
}


def _strict(letter: str, argument: object) -> object:
    if letter == "o":
        return argument
    if argument is None:
        return NOT_FOUND if letter == "i" else None
    if isinstance(argument, bool):
        return NOT_FOUND
    return argument if isinstance(argument, _KINDS[letter]) else NOT_FOUND


def _loose(letter: str, argument: object) -> object:
    found = _strict(letter, argument)
    if found is not NOT_FOUND:
        return found
    if letter == "s":
        return text(argument)
    if letter == "i" and isinstance(argument, str | float):
        try:
            return int(argument)
        except (ValueError, OverflowError):
            raise MemberFault(
                f'java.lang.NumberFormatException: For input string: "{text(argument)}"'
            ) from None
    return NOT_FOUND
