"""``$foreach``: what a loop knows about itself."""

from __future__ import annotations

from typing import Final

from jackfield.velocity.members import Allowance, register
from jackfield.velocity.values import Undefined


class Scope:
    """The control object of one loop, and a small map for the template's own notes.

    index: of the current element, from 0; length: of the list being walked; parent: the scope of the loop
    around it; replaced: what ``$foreach`` was before.
    """

    __slots__ = ("index", "length", "parent", "replaced", "storage")
    java_name: Final = "org.apache.velocity.runtime.directive.ForeachScope"

    def __init__(self, previous: object, length: int) -> None:
        self.index = -1
        self.length = length
        self.parent = previous if isinstance(previous, Scope) else None
        self.replaced = None if isinstance(previous, Scope | Undefined) else previous
        self.storage: dict[object, object] = {}

    def __bool__(self) -> bool:
        return bool(self.storage)

    def find(self, key: object) -> object:
        """A note of this loop, or of the nearest loop around it that has one."""
        if key in self.storage or self.parent is None:
            return self.storage.get(key)
        return self.parent.find(key)

    def topmost(self) -> Scope:
        """The outermost loop's scope."""
        return self if self.parent is None else self.parent.topmost()

    def after(self) -> object:
        """What ``$foreach`` is once this loop is over; None when it is unset."""
        return self.parent if self.parent is not None else self.replaced

    def java_text(self) -> str:
        """Its ``toString()``: that of the map."""
        return "{" + ", ".join(f"{key}={value}" for key, value in self.storage.items()) + "}"


def _has_next(_run: Allowance, scope: Scope) -> bool:
    return scope.index + 1 < scope.length


def _first(_run: Allowance, scope: Scope) -> bool:
    return scope.index < 1


def _last(_run: Allowance, scope: Scope) -> bool:
    return scope.index + 1 >= scope.length


def _replaced(run: Allowance, scope: Scope) -> object:
    if scope.replaced is None and scope.parent is not None:
        return _replaced(run, scope.parent)
    return scope.replaced


def _set(_run: Allowance, scope: Scope, key: object, value: object) -> str:
    scope.storage[key] = value
    return ""


register(
    Scope,
    {
        "getIndex": [("", lambda _run, scope: scope.index)],
        "getCount": [("", lambda _run, scope: scope.index + 1)],
        "hasNext": [("", _has_next)],
        "getHasNext": [("", _has_next)],
        "isFirst": [("", _first)],
        "getFirst": [("", _first)],
        "isLast": [("", _last)],
        "getLast": [("", _last)],
        "getParent": [("", lambda _run, scope: scope.parent)],
        "getTopmost": [("", lambda _run, scope: scope.topmost())],
        "getReplaced": [("", _replaced)],
        "get": [("o", lambda _run, scope, key: scope.find(key))],
        "put": [("oo", lambda _run, scope, key, value: scope.storage.update({key: value}))],
        "set": [("oo", _set)],
        "size": [("", lambda _run, scope: len(scope.storage))],
        "isEmpty": [("", lambda _run, scope: not scope.storage)],
    },
)
