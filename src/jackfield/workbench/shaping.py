"""Compiled actions completed with what only the cloud adds: an address.

The templates stay as they are, so their faults are found where the author wrote them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import quote

from jackfield.domain.action import Action
from jackfield.engine.dialect import DOCUMENTED, Dialect
from jackfield.engine.templates import CompiledAction, CompiledActions, TemplatePart

_KEPT: Final = 1_000


@dataclass(frozen=True, slots=True)
class Shape:
    """What is added to an action.

    Args:
        address: what a relative URL gets in front of it; "" for nothing.
        invokes: the rendered URL names a function, which becomes a segment of the address.
        sees_credentials: templates see `credentials`.
    """

    address: str = ""
    invokes: bool = False
    sees_credentials: bool = True

    def context(self, context: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what the request's templates see."""
        seen = dict(context)
        if not self.sees_credentials:
            seen.pop("credentials", None)
        return seen

    def url(self, rendered: str) -> str:
        """Return the absolute URL for what the template gave."""
        text = rendered.strip()
        if self.invokes:
            name = text if text.startswith(("http://", "https://")) else ""
            return name or f"{self.address}{quote(text, safe='')}/invocations"
        return f"{self.address}{rendered.lstrip()}" if text.startswith("/") and self.address else rendered


class ShapedActions(CompiledActions):
    """Compiles actions as the engine does, and adds what `shape` says.

    Args:
        dialect: how their templates are read.
    """

    def __init__(self, dialect: Dialect = DOCUMENTED) -> None:
        super().__init__(_KEPT, dialect)
        self.shape: Shape | None = None

    def get(self, action: Action) -> CompiledAction:
        """Return an action in compiled form, completed for the run that comes next."""
        compiled = super().get(action)
        shape = self.shape
        if shape is None:
            return compiled
        headers = tuple((name, _ShapedPart(part, shape)) for name, part in compiled.headers)
        return replace(
            compiled,
            method="POST" if shape.invokes else compiled.method,
            url=_ShapedUrl(compiled.url, shape),
            headers=headers,
            body=_ShapedPart(compiled.body, shape) if compiled.body is not None else None,
        )


class _ShapedPart(TemplatePart):
    """A template that sees more, or less, than the engine shows it."""

    __slots__ = ("_shape",)

    def __init__(self, part: TemplatePart, shape: Shape) -> None:
        super().__init__(part.name, part.pointer, part.text, part.dialect)
        self._shape = shape

    def render(self, context: Mapping[str, Any]) -> str:
        """Return the rendered text."""
        return super().render(self._shape.context(context))


class _ShapedUrl(_ShapedPart):
    """The URL's template, made absolute."""

    __slots__ = ()

    def render(self, context: Mapping[str, Any]) -> str:
        """Return the absolute URL."""
        return self._shape.url(super().render(context))
