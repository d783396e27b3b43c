"""Everything that can go wrong with a template.

::

    VelocityError                   line, column, template_name, message, hint
    |- VelocitySyntaxError          the text is not a template
    |- DirectiveForbiddenError      the caller's policy refuses this directive
    |- RenderError                  the template met data it cannot render
    |  |- UndefinedVariableError    strict mode: a variable was never set
    |  |- NullReferenceError        strict mode: null was accessed or rendered
    |  |- MemberError               strict mode: no such property or method
    |  `- InvocationError           a method or tool refused its arguments
    `- LimitError                   a bound of ``Limits`` was crossed
       |- StepLimitError, OutputLimitError, NestingLimitError
       `- RangeLimitError, TimeLimitError, RegexTimeoutError, MacroDepthError

``str(error)`` of a render error is Velocity's own sentence, with its ``NAME[line L, column C]``; of a
syntax error it also carries the source line, a caret and the likely cause.
"""

from __future__ import annotations


class VelocityError(Exception):
    """A template that cannot be compiled or rendered.

    message: one sentence, in Velocity's words where Velocity has words for it.
    line, column: where, counted from 1; columns as Velocity counts them (a tab advances to a multiple of 8).
    template_name: the name given to ``compile_template``.
    hint: the likely cause and what to write instead, or an empty string.
    """

    def __init__(
        self,
        message: str,
        *,
        line: int = 0,
        column: int = 0,
        template_name: str = "",
        source: str = "",
        offset: int = -1,
        hint: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column
        self.template_name = template_name
        self.hint = hint
        self.offset = offset
        self._source = source

    def __str__(self) -> str:
        return self.message

    @property
    def excerpt(self) -> str:
        """The source line of the fault, or an empty string when the place is not known."""
        start, end = self._line_bounds()
        return self._source[start:end]

    def caret(self) -> str:
        """The source line with its number, and below it a caret under the fault (at most 110 wide)."""
        if not self._source or self.line < 1:
            return ""
        start, end = self._line_bounds()
        at = max(self.offset - start, 0)
        text = self._source[start:end]
        if len(text) > 110:
            cut = max(0, min(at - 50, len(text) - 100))
            text, at = text[cut : cut + 100], at - cut
        gutter = f"{self.line} | "
        return f"{gutter}{text}\n{' ' * (len(gutter) - 2)}| {_blank(text[:at])}^"

    def explain(self) -> str:
        """Message, caret block and hint, one below the other."""
        return "\n".join(part for part in (self.message, self.caret(), self.hint) if part)

    def _line_bounds(self) -> tuple[int, int]:
        offset = min(max(self.offset, 0), len(self._source))
        start = max(self._source.rfind("\n", 0, offset), self._source.rfind("\r", 0, offset)) + 1
        ends = [i for i in (self._source.find("\n", offset), self._source.find("\r", offset)) if i >= 0]
        return start, min(ends, default=len(self._source))


def _blank(text: str) -> str:
    """As wide as ``text`` on a terminal: tabs stay tabs, everything else becomes a blank."""
    return "".join(char if char == "\t" else " " for char in text)


class VelocitySyntaxError(VelocityError):
    """The text is not a template. ``str()`` shows the place and the likely cause."""

    def __str__(self) -> str:
        return self.explain()


class DirectiveForbiddenError(VelocityError):
    """The template uses a directive that the caller does not allow, or that needs a loader."""


class RenderError(VelocityError):
    """The template met data it cannot render."""


class UndefinedVariableError(RenderError):
    """Strict mode: the variable was never set."""


class NullReferenceError(RenderError):
    """Strict mode: null was accessed, compared or rendered."""


class MemberError(RenderError):
    """Strict mode: the object has no such property or method."""


class InvocationError(RenderError):
    """A method or a tool refused its arguments."""


class LimitError(VelocityError):
    """A bound of :class:`~jackfield.velocity.limits.Limits` was crossed."""


class StepLimitError(LimitError):
    """Too many steps: loops, macro calls."""


class OutputLimitError(LimitError):
    """The text grew too long."""


class NestingLimitError(LimitError):
    """Too deep: directives, brackets, strings in strings, or values in values."""


class RangeLimitError(LimitError):
    """A range has too many elements."""


class TimeLimitError(LimitError):
    """The render took too long."""


class RegexTimeoutError(LimitError):
    """Regular expressions took too long."""


class MacroDepthError(LimitError):
    """Macros called each other too deeply."""
