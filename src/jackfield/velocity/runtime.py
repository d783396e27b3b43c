"""What compiled templates call while they render.

A compiled template is straight Python for the common case (a map, a string) and calls these functions for
everything else: other types, null, errors, limits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, NoReturn

from jackfield.velocity.containers import MAP_MEMBERS
from jackfield.velocity.errors import (
    InvocationError,
    LimitError,
    MacroDepthError,
    MemberError,
    NestingLimitError,
    NullReferenceError,
    OutputLimitError,
    RangeLimitError,
    RegexTimeoutError,
    StepLimitError,
    TimeLimitError,
    UndefinedVariableError,
    VelocityError,
)
from jackfield.velocity.limits import Limits
from jackfield.velocity.members import PLAIN, PLAIN_BY_TYPE, MemberFault, getter, hint_for, method
from jackfield.velocity.nodes import Call, Node, Property, Reference
from jackfield.velocity.regexes import Clock, PatternFault, ReplacementFault
from jackfield.velocity.scopes import Scope
from jackfield.velocity.values import UNDEFINED, ValueDepthError, double_text, java_class, text

_BATCH = 1000
FAULTS = (
    MemberFault,
    PatternFault,
    ReplacementFault,
    TimeoutError,
    OverflowError,
    RecursionError,
    ValueDepthError,
)
_SHORT_TEXT = 256
_SIZED = frozenset({str, list, dict})
_NOTHING: dict[str, Callable[..., Any]] = {}
_SHORT: dict[type, Callable[[Any], str]] = {
    int: str,
    float: double_text,
    bool: lambda value: "true" if value else "false",
}


@dataclass(slots=True)
class Environment:
    """What all renders of one template share. nodes: those that can fail, by the number in the code."""

    name: str
    source: str
    strict: bool
    null_is_error: bool
    limits: Limits
    evaluate: Callable[[str, frozenset[str]], Any]
    load: Callable[[str], str | None] | None = None
    nodes: list[Node] = field(default_factory=list)


class Meter:
    """The bounds of one render, and its errors.

    left counts down to the next check; ``refill`` then joins what was written and takes the next batch
    from the remaining steps.
    """

    __slots__ = (
        "_deadline",
        "_remaining",
        "clock",
        "environment",
        "left",
        "library",
        "macros",
        "room",
        "strict",
    )

    def __init__(self, environment: Environment) -> None:
        limits = environment.limits
        self.environment = environment
        self.strict = environment.strict
        self.room = limits.output
        self.clock = Clock(limits.regex_seconds)
        self.left = min(_BATCH, limits.steps)
        self._remaining = limits.steps - self.left
        self._deadline = perf_counter() + limits.seconds
        self.macros: list[str] = []
        self.library: dict[str, Any] = {}

    def inside(self, environment: Environment) -> Meter:
        """A meter for code compiled from another text; its use is charged by ``absorb``."""
        inner = Meter(environment)
        inner.clock, inner.macros, inner.library = self.clock, self.macros, self.library
        inner.left, inner._remaining, inner._deadline = self.left, self._remaining, self._deadline
        return inner

    def absorb(self, inner: Meter) -> None:
        """Charge what an inner meter used."""
        self.left, self._remaining = inner.left, inner._remaining

    def refill(self, written: list[str]) -> None:
        """Check the output and take the next batch of steps.

        Raises StepLimitError, OutputLimitError, TimeLimitError.
        """
        if perf_counter() > self._deadline:
            limit = self.environment.limits.seconds
            raise TimeLimitError(f"Rendering took longer than {limit} s", template_name=self.environment.name)
        if self._remaining + self.left <= 0:
            steps = self.environment.limits.steps
            raise StepLimitError(f"More than {steps} steps", template_name=self.environment.name)
        batch = max(min(_BATCH - self.left, self._remaining), 0)
        self.left += batch
        self._remaining -= batch
        joined = join(self, written)
        written[:] = (joined,)

    def fail(
        self, kind: type[VelocityError], message: str, node: Node, hint: str = "", rest: str = ""
    ) -> NoReturn:
        """Raise an error at a node; ``rest`` follows the place in the message."""
        place, environment = node.place, self.environment
        raise kind(
            f"{message} at {environment.name}[line {place.line}, column {place.column}]{rest}",
            line=place.line,
            column=place.column,
            template_name=environment.name,
            source=environment.source,
            offset=place.offset,
            hint=hint,
        )

    def node(self, number: int) -> Node:
        """The node with this number."""
        return self.environment.nodes[number]


def join(meter: Meter, pieces: Sequence[str]) -> str:
    """The pieces as one text. Raises OutputLimitError."""
    total = sum(map(len, pieces))
    meter.left -= total >> 10
    if total > meter.room:
        raise OutputLimitError(
            f"The text is longer than {meter.room} characters", template_name=meter.environment.name
        )
    return "".join(pieces)


# -- reading


def prop(meter: Meter, value: object, name: str, number: int) -> object:
    """``value.name``; what inline code does for maps is repeated here for the names of map methods."""
    kind = type(value)
    if isinstance(value, dict) and name not in MAP_MEMBERS:
        return value.get(name)
    if value is None or value is UNDEFINED:
        no_value(meter, value, number)
        return None
    function = getter(dict if isinstance(value, dict) else kind, name)
    if function is None:
        if isinstance(value, Scope):
            return value.find(name)
        if meter.strict:
            message = f"Object '{java_class(value)}' does not contain property '{name}'"
            meter.fail(MemberError, message, meter.node(number), hint_for(type(value), name, called=False))
        return None
    return invoke(meter, function, value, (), name, number)


def attr(meter: Meter, value: object, name: str, number: int) -> object:
    """``value.name`` for a name that is no method of maps."""
    if type(value) is dict:
        return value.get(name)
    return prop(meter, value, name, number)


def text0(meter: Meter, value: object, number: int) -> str:
    """What a reference prints, by its value."""
    return value if type(value) is str else show(meter, value, number)


def text1(meter: Meter, base: object, name: str, number: int) -> str:
    """What ``$base.name`` prints; the number is the reference's, its property's is the next."""
    value = base.get(name) if type(base) is dict else prop(meter, base, name, number + 1)
    return value if type(value) is str else show(meter, value, number)


def no_value(meter: Meter, value: object, number: int) -> None:
    """A member of null, or of a variable that was never set: an error in strict mode."""
    if not meter.strict:
        return
    node = meter.node(number)
    if value is UNDEFINED:
        undefined(meter, number)
    name, hint = "null", "An element of null is read."
    if isinstance(node, Property):
        name, hint = node.name, ""
    elif isinstance(node, Call):
        hint = f"The method {node.name} is called on null."
    meter.fail(NullReferenceError, f"Attempted to access '{name}' on a null value", node, hint)


def undefined(meter: Meter, number: int) -> NoReturn:
    """Raise the error of a variable that was never set; the number is its reference's or its first part's."""
    node = meter.node(number)
    while not isinstance(node, Reference):
        number -= 1
        node = meter.node(number)
    meter.fail(UndefinedVariableError, f"Variable ${node.root} has not been set", node)


def invoke(
    meter: Meter,
    function: Callable[..., Any],
    value: object,
    arguments: tuple[object, ...],
    name: str,
    number: int,
) -> object:
    """Call an allowed member and give its faults their errors."""
    try:
        result = function(meter, value, *arguments)
    except FAULTS as fault:
        refuse(meter, value, name, number, fault)
    charge(meter, value, result, number)
    return result


def charge(meter: Meter, value: object, result: object, number: int) -> None:
    """Count large values as more steps. Raises OutputLimitError."""
    if type(result) is str:
        meter.left -= len(result) >> 8
        if len(result) > meter.room:
            too_big(meter, number)
    if type(value) in _SIZED:
        meter.left -= len(value) >> 6  # type: ignore[arg-type]


def refuse(meter: Meter, value: object, name: str, number: int, fault: Exception) -> NoReturn:
    """Raise what Velocity raises when a Java method throws, or the error of the limit that was crossed."""
    node = meter.node(number)
    if isinstance(fault, TimeoutError):
        limit = meter.environment.limits.regex_seconds
        meter.fail(RegexTimeoutError, f"Regular expressions took longer than {limit} s", node)
    if isinstance(fault, OverflowError):
        too_big(meter, number)
    if isinstance(fault, RecursionError | ValueDepthError):
        meter.fail(NestingLimitError, "The value is nested too deeply", node)
    shown = str(fault)
    if isinstance(fault, PatternFault):
        shown = f"java.util.regex.PatternSyntaxException: {shown}"
    elif isinstance(fault, ReplacementFault):
        shown = f"java.lang.IllegalArgumentException: {shown}"
    message = f"Invocation of method '{name}' in  class {java_class(value)} threw exception {shown}"
    meter.fail(InvocationError, message, node)


def call(meter: Meter, value: object, name: str, number: int, arguments: tuple[object, ...]) -> object:
    """``value.name(arguments)``"""
    function = PLAIN.get((type(value), name, len(arguments)))
    if function is not None:
        return invoke(meter, function, value, arguments, name, number)
    if value is None or value is UNDEFINED:
        no_value(meter, value, number)
        return None
    try:
        found = method(value, name, arguments)
    except MemberFault as fault:
        refuse(meter, value, name, number, fault)
    if found is None:
        if meter.strict:
            classes = ", ".join(map(java_class, arguments))
            message = f"Object '{java_class(value)}' does not contain method {name}({classes})"
            meter.fail(MemberError, message, meter.node(number), hint_for(type(value), name, called=True))
        return None
    return invoke(meter, found[0], value, found[1], name, number)


def functions(kind: type) -> dict[str, Callable[..., Any]]:
    """The methods of a type that take their arguments as they are, by ``name/count``."""
    return PLAIN_BY_TYPE.get(kind, _NOTHING)


def call1(meter: Meter, value: object, key: str, number: int, argument: object) -> object:
    """``value.name(argument)``; the key is ``name/1``."""
    function = PLAIN_BY_TYPE.get(type(value), _NOTHING).get(key)
    if function is None:
        return call(meter, value, key[:-2], number, (argument,))
    try:
        result = function(meter, value, argument)
    except FAULTS as fault:
        refuse(meter, value, key[:-2], number, fault)
    if type(result) is str and len(result) < _SHORT_TEXT:
        return result
    charge(meter, value, result, number)
    return result


def index(meter: Meter, value: object, key: object, number: int) -> object:
    """``value[key]``; a negative number counts from the end."""
    if type(value) is list and type(key) is int and 0 <= key < len(value):
        return value[key]
    if value is None or value is UNDEFINED:
        no_value(meter, value, number)
        return None
    key = from_end(meter, value, key, number)
    try:
        found = method(value, "get", (key,))
        if found is not None:
            return found[0](meter, value, *found[1])
    except MemberFault:
        message = f"Error invoking method 'get({java_class(key)})' in {java_class(value)}"
        meter.fail(InvocationError, message, meter.node(number))
    if meter.strict:
        message = f"Object '{java_class(value)}' does not contain method get({java_class(key)})"
        meter.fail(MemberError, message, meter.node(number))
    return None


def from_end(meter: Meter, value: object, key: object, number: int) -> object:
    if type(key) is int and -(2**31) <= key < 0:
        if isinstance(value, list | tuple | dict | range):
            return len(value) + key
        message = f"A 'size()' method required for negative value {key} does not exist for class"
        meter.fail(MemberError, f"{message} '{java_class(value)}'", meter.node(number))
    return key


def defined(meter: Meter, value: object, number: int) -> object:
    """A variable as a value: strict mode wants it set."""
    if value is UNDEFINED:
        undefined(meter, number)
    return value


# -- writing


def show(meter: Meter, value: object, number: int) -> str:
    """What a reference prints."""
    printer = _SHORT.get(type(value))
    if printer is not None:
        return printer(value)
    if value is None or value is UNDEFINED:
        return absent(meter, value, number)
    if isinstance(value, Block):
        return value.shown(meter, number)
    return shown(meter, value, number)


def shown(meter: Meter, value: object, number: int) -> str:
    """A value's text, within the limits."""
    if type(value) is range and len(value) > meter.environment.limits.range_size:
        too_long(meter, value, number)
    try:
        result = text(value, meter.room)
    except (ValueDepthError, RecursionError):
        meter.fail(NestingLimitError, "The value is nested too deeply", meter.node(number))
    except OverflowError:
        too_big(meter, number)
    meter.left -= len(result) >> 6
    return result


def too_big(meter: Meter, number: int) -> NoReturn:
    """Raise the error of a text that is too long."""
    message = f"The text is longer than {meter.room} characters"
    meter.fail(OutputLimitError, message, meter.node(number))


def absent(meter: Meter, value: object, number: int) -> str:
    """What a reference without a value prints."""
    node = meter.node(number)
    if not isinstance(node, Reference):
        return ""
    if meter.strict:
        if value is UNDEFINED and not node.tested and node.alternate is None:
            undefined(meter, number)
        if node.kind == "quiet":
            return ""
        if meter.environment.null_is_error:
            hint = f"Write $!{{{node.root}…}} to print nothing instead, or test it with #if first."
            message = f"Reference {node.source} evaluated to null when attempting to render"
            meter.fail(NullReferenceError, message, node, hint)
    return node.escape_lead * 2 + node.more_lead + node.null_text


def show_led(meter: Meter, value: object, number: int) -> str:
    """What a reference with backslashes or dollars before it prints."""
    node = meter.node(number)
    if not isinstance(node, Reference):
        return ""
    if node.escaped:
        if value is UNDEFINED:
            undefined(meter, number)
        return node.escape_lead + ("\\" if value is None else "") + node.null_text
    if value is None or value is UNDEFINED:
        return absent(meter, value, number)
    return node.escape_lead + node.more_lead + show(meter, value, number)


def too_long(meter: Meter, made: range, number: int) -> NoReturn:
    """Raise the error of a range that is too long."""
    limit = meter.environment.limits.range_size
    meter.fail(RangeLimitError, f"A range of {len(made)} elements, more than {limit}", meter.node(number))


# -- blocks, loops, macros


class StopSignal(Exception):
    """``#break`` and ``#stop`` on their way up.

    everything: the whole template; scope: one loop; written: what blocks on the way had printed.
    """

    def __init__(self, *, everything: bool = False, scope: object = None) -> None:
        super().__init__()
        self.everything = everything
        self.scope = scope
        self.written: list[str] = []

    def ends(self, scope: object) -> bool:
        """Whether it stops at this scope (None: a macro, a block or evaluated text)."""
        return not self.everything and (self.scope is None or self.scope is scope)


Renderer = Callable[[dict[str, object], Meter, list[str]], None]


class Block:
    """The content of ``#define`` or the body of a block macro: rendered where it is referred to."""

    __slots__ = ("_context", "_depth", "_maximum", "_render", "_running")
    java_name = "org.apache.velocity.runtime.directive.Block$Reference"

    def __init__(self, context: dict[str, object], meter: Meter, render: Renderer, maximum: int) -> None:
        self._context = context
        self._running = meter
        self._render = render
        self._maximum = maximum
        self._depth = 0

    def rendered(self) -> str | None:
        """Its text, or None when it is already being rendered inside itself."""
        if self._depth >= self._maximum:
            return None
        self._depth += 1
        written: list[str] = []
        try:
            self._render(self._context, self._running, written)
        except StopSignal as stop:
            if not stop.ends(None):
                stop.written[:0] = written
                raise
        finally:
            self._depth -= 1
        return join(self._running, written)

    def shown(self, meter: Meter, number: int) -> str:
        """What a reference to it prints."""
        found = self.rendered()
        return absent(meter, None, number) if found is None else found

    def java_text(self) -> str:
        """Its ``toString()``."""
        return self.rendered() or ""


def macro_depth(meter: Meter, name: str, number: int) -> None:
    """Enter a macro. Raises MacroDepthError."""
    limit = meter.environment.limits.macro_depth
    if len(meter.macros) >= limit:
        stack = "->".join(meter.macros)
        message = f"Max calling depth of {limit} was exceeded in macro '{name}' with Call Stack:{stack}"
        meter.fail(MacroDepthError, message, meter.node(number))
    meter.macros.append(name)


__all__ = ["Block", "Environment", "LimitError", "Meter", "StopSignal", "join"]
