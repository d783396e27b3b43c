"""Compiled actions completed with what only the cloud adds: an address, a token, a login's answer.

The templates stay as they are, so their faults are found where the author wrote them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import quote

from jackfield.domain.action import Action
from jackfield.domain.secret import Secret
from jackfield.engine.templates import CompiledAction, CompiledActions, TemplatePart

_KEPT: Final = 1_000


@dataclass(frozen=True, slots=True)
class Shape:
    """What is added to an action.

    Args:
        address: what a relative URL gets in front of it; "" for nothing.
        invokes: the rendered URL names a function, which becomes a segment of the address.
        auth_response: what templates see as `authResponse`; None if there is no login.
        authorization: value of the header; None for none.
        sees_credentials: templates see `credentials`.
    """

    address: str = ""
    invokes: bool = False
    auth_response: Mapping[str, Any] | None = None
    authorization: Secret | None = None
    sees_credentials: bool = True

    def context(self, context: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what the request's templates see."""
        seen = dict(context)
        if not self.sees_credentials:
            seen.pop("credentials", None)
        if self.auth_response is not None:
            seen["authResponse"] = self.auth_response
        return seen

    def url(self, rendered: str) -> str:
        """Return the absolute URL for what the template gave."""
        text = rendered.strip()
        if self.invokes:
            name = text if text.startswith(("http://", "https://")) else ""
            return name or f"{self.address}{quote(text, safe='')}/invocations"
        return f"{self.address}{rendered.lstrip()}" if text.startswith("/") and self.address else rendered


class ShapedActions(CompiledActions):
    """Compiles actions as the engine does, and adds what `shape` says."""

    def __init__(self) -> None:
        super().__init__(_KEPT)
        self.shape: Shape | None = None

    def get(self, action: Action) -> CompiledAction:
        """Return an action in compiled form, completed for the run that comes next."""
        compiled = super().get(action)
        shape = self.shape
        if shape is None:
            return compiled
        headers: tuple[tuple[str, TemplatePart], ...] = tuple(
            (name, _ShapedPart(part, shape))
            for name, part in compiled.headers
            if shape.authorization is None or name.lower() != "authorization"
        )
        if shape.authorization is not None:
            headers = (
                *headers,
                ("Authorization", _LiteralPart("Authorization", shape.authorization.reveal())),
            )
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
        super().__init__(part.name, part.pointer, part.text)
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


class _LiteralPart(TemplatePart):
    """A header's value that is no template, whatever characters it has."""

    __slots__ = ()

    def __init__(self, name: str, text: str) -> None:
        super().__init__(name, "/config/request/headers", "")
        self.text, self.plain = text, True
