"""Compiled paths, and the cache of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from jackfield.jsonpath.compiler import Compiler, is_definite, turned
from jackfield.jsonpath.errors import PathEvaluationError, PathLimitExceeded
from jackfield.jsonpath.limits import DEFAULT_LIMITS, Limits
from jackfield.jsonpath.nodes import PathNode
from jackfield.jsonpath.parser import parse
from jackfield.jsonpath.running import Evaluate, Run
from jackfield.jsonpath.shortcuts import plain_names, shortcut


class Path:
    """A compiled path; immutable, safe to share between threads.

    ``text`` is the path as written; ``node`` its parsed form; ``warnings`` what compiles but hardly means
    what was written, as (column, message); ``is_definite`` tells that the path leads to at most one value.
    ``names`` are those of a path that is nothing but names, empty for any other: through ``dict`` objects,
    following them gives what ``read`` gives, and ``read`` raises ``PathNotFound`` where one has no such name.

    ``read(document)`` gives what the path selects in JSON made of ``dict``, ``list``, ``str``, ``int``,
    ``float``, ``bool`` and ``None``: the value of a definite path, a list (maybe empty) for any other. The
    values are those of the document, not copies. It raises ``PathNotFound`` when a definite path leads
    nowhere or an indefinite one fails before its first indefinite segment, ``PathEvaluationError`` when a
    function or filter cannot be applied, ``PathLimitExceeded`` when a bound is crossed.
    """

    __slots__ = ("is_definite", "names", "node", "read", "text", "warnings")

    def __init__(self, text: str, limits: Limits) -> None:
        self.text = text
        node, warnings = parse(text, limits)
        self.node: PathNode = node
        self.warnings: tuple[tuple[int, str], ...] = tuple(warnings)
        self.is_definite: bool = is_definite(turned(node).segments)
        evaluate = Compiler(text, limits).evaluation(node)
        self.read: Callable[[Any], Any] = shortcut(node, reader(evaluate, limits), limits)
        self.names: tuple[str, ...] = plain_names(node)

    def __repr__(self) -> str:
        return f"Path({self.text!r})"


def reader(evaluate: Evaluate, limits: Limits) -> Callable[[Any], Any]:
    """The general evaluation as a function of the document."""

    def read(document: Any) -> Any:
        if document is None:
            raise PathEvaluationError("The document is null", engine_error="IllegalArgumentException")
        try:
            return evaluate(document, Run(document, limits))
        except RecursionError:
            raise PathLimitExceeded("depth", limits.depth, "The document is too deep") from None

    return read


@lru_cache(maxsize=2048)
def compile_path(path: str, *, limits: Limits = DEFAULT_LIMITS) -> Path:
    """Compile a path; the 2,048 most recent ones are kept.

    ``path`` follows Jayway JsonPath: ``$.a.b``, ``a.b``, ``$..name``, ``$.list[?(@.id == 'x')]`` … Raises
    ``PathSyntaxError``, which shows the column and names the likely cause.
    """
    return Path(path, limits)
