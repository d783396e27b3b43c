"""The Velocity Template Language, as Apache Velocity 2.4 defines it, compiled to Python.

>>> from jackfield.velocity import compile_template
>>> compile_template("Hello ${user.name}!").render({"user": {"name": "Ann"}})
'Hello Ann!'
"""

from jackfield.velocity.errors import (
    DirectiveForbiddenError,
    InvocationError,
    LimitError,
    MacroDepthError,
    MemberError,
    NestingLimitError,
    NullReferenceError,
    OutputLimitError,
    RangeLimitError,
    RegexTimeoutError,
    RenderError,
    StepLimitError,
    TimeLimitError,
    UndefinedVariableError,
    VelocityError,
    VelocitySyntaxError,
)
from jackfield.velocity.limits import DEFAULT_LIMITS, Limits
from jackfield.velocity.template import (
    ALL_DIRECTIVES,
    DATA_ACTION_DIRECTIVES,
    ReferenceUse,
    Template,
    compile_template,
)

__all__ = [
    "ALL_DIRECTIVES",
    "DATA_ACTION_DIRECTIVES",
    "DEFAULT_LIMITS",
    "DirectiveForbiddenError",
    "InvocationError",
    "LimitError",
    "Limits",
    "MacroDepthError",
    "MemberError",
    "NestingLimitError",
    "NullReferenceError",
    "OutputLimitError",
    "RangeLimitError",
    "ReferenceUse",
    "RegexTimeoutError",
    "RenderError",
    "StepLimitError",
    "Template",
    "TimeLimitError",
    "UndefinedVariableError",
    "VelocityError",
    "VelocitySyntaxError",
    "compile_template",
]
