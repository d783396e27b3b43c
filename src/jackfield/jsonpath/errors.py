"""The errors of this package.

::

    JsonPathError
    ├── PathSyntaxError       the text is not a path: column, caret, likely cause
    ├── PathNotFound          a definite path leads to nothing in this document
    ├── PathEvaluationError   a function or filter cannot be applied to this document
    └── PathLimitExceeded     a bound on nesting, results, steps or regex time was crossed

Reading raises only the last three; compiling only the first.
"""

from __future__ import annotations

_WINDOW = 100


class JsonPathError(Exception):
    """Base of every error raised here, for callers who treat them alike."""


def caret_display(path: str, column: int) -> str:
    """The path on one line with a caret under ``column`` (counted from 1).

    Control characters are shown as one visible character each so that the caret stays aligned; long
    paths are cut to a window around the column.
    """
    visible = "".join(character if character.isprintable() else "·" for character in path)
    start = max(0, column - 1 - _WINDOW // 2)
    shown = visible[start : start + _WINDOW]
    lead = "…" if start else ""
    trail = "…" if start + _WINDOW < len(visible) else ""
    return f"  {lead}{shown}{trail}\n  {' ' * (len(lead) + column - 1 - start)}^"


class PathSyntaxError(JsonPathError, ValueError):
    """The text cannot be compiled.

    Attributes: ``path`` the whole text; ``column`` where the fault is, counted from 1; ``reason`` one
    sentence about the fault; ``hint`` the likely cause and what to write instead (may be empty).
    ``str()`` shows all of it, with a caret under the column.
    """

    def __init__(
        self, reason: str, *, path: str = "", column: int = 1, hint: str = "", recoverable: bool = True
    ) -> None:
        self.reason = reason
        self.path = path
        self.column = max(1, min(column, len(path) + 1))
        self.hint = hint
        # Jayway abandons a comparison and falls back to an exists check on its own exception class only;
        # number formats and reads past the end end the compilation.
        self.recoverable = recoverable
        super().__init__(reason)

    def caret(self) -> str:
        """Two lines: the path, and a caret under the fault."""
        return caret_display(self.path, self.column)

    def __str__(self) -> str:
        text = f"{self.reason} (column {self.column})\n{self.caret()}"
        return f"{text}\n{self.hint}" if self.hint else text


class PathNotFound(JsonPathError, LookupError):
    """A definite path has no value in the document, or a step of it meets the wrong kind of value.

    Attributes: ``path`` the whole text; ``reason``; ``column`` of the step that failed (0 when unknown).
    """

    def __init__(self, reason: str, *, path: str = "", column: int = 0) -> None:
        self.reason = reason
        self.path = path
        self.column = column
        super().__init__(reason)

    def __str__(self) -> str:
        if self.column:
            return f"{self.reason} (column {self.column})\n{caret_display(self.path, self.column)}"
        return f"{self.reason}: {self.path}" if self.path else self.reason


class PathEvaluationError(JsonPathError):
    """A function or a filter cannot be applied to what the document holds.

    ``engine_error`` is the class name of the exception that Jayway JsonPath throws in the same place
    (``JsonPathException``, ``InvalidPathException``, ``ClassCastException`` …).
    """

    def __init__(self, reason: str, *, engine_error: str = "JsonPathException", column: int = 0) -> None:
        self.reason = reason
        self.engine_error = engine_error
        self.column = column
        super().__init__(reason)


class FilterRejection(PathEvaluationError):
    """An operand that the operator cannot take; inside a filter it makes the filter false."""

    def __init__(self, reason: str, *, column: int = 0) -> None:
        super().__init__(reason, engine_error="InvalidPathException", column=column)


class IndexOutOfRange(PathEvaluationError):
    """A function asked for an element beyond the list; an index step upstream swallows it, as Jayway does."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, engine_error="IndexOutOfBoundsException")


class PathLimitExceeded(JsonPathError):
    """A bound was crossed. ``limit`` names it (a field of ``Limits``), ``allowed`` is its value."""

    def __init__(self, limit: str, allowed: float, reason: str) -> None:
        self.limit = limit
        self.allowed = allowed
        super().__init__(f"{reason} (limit {limit} = {allowed})")
