"""Template values, and how they print.

Values are what a JSON reader makes: dict, list, str, int, float, bool and None. They print as the Java
objects that Jackson's untyped mapping makes of the same JSON: LinkedHashMap, ArrayList, String,
Integer/Long/BigInteger, Double and Boolean. ``range`` stands for a range literal, ``Decimal`` for the
BigDecimal that arithmetic on numeric strings gives.
"""

from __future__ import annotations

from collections.abc import Callable, ItemsView, KeysView, ValuesView
from decimal import Decimal
from typing import Final, final

_MAX_DEPTH: Final = 400


@final
class Undefined:
    """A variable that was never set; false, and null to everything but strict mode."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "UNDEFINED"


UNDEFINED: Final = Undefined()


class ValueDepthError(Exception):
    """Values are nested too deeply to be printed."""


class Entry:
    """One entry of a map's ``entrySet()``; printed ``key=value``."""

    __slots__ = ("key", "value")

    def __init__(self, key: object, value: object) -> None:
        self.key = key
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Entry) and self.key == other.key and self.value == other.value

    def __hash__(self) -> int:
        return hash((self.key, str(self.value)))


def double_text(value: float) -> str:
    """Java's ``Double.toString`` by the shortest-digits rule of JDK 19 and later.

    >>> double_text(1.0), double_text(1e7), double_text(0.00012)
    ('1.0', '1.0E7', '1.2E-4')
    """
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    text = repr(value)
    size = abs(value)
    if ((1e-3 <= size < 1e7) or size == 0) and "e" not in text:
        return text
    sign = "-" if text.startswith("-") else ""
    mantissa, _, exponent = text.lstrip("-").partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    leading = len(whole + fraction) - len(digits)
    power = int(exponent or 0) + len(whole) - 1 - leading
    digits = digits.rstrip("0") or "0"
    if len(digits) == 1:
        digits, power = _two_digits(abs(value), digits, power)
    return f"{sign}{digits[0]}.{digits[1:] or '0'}E{power}"


def _two_digits(value: float, digits: str, power: int) -> tuple[str, int]:
    """Where one digit is enough to tell a double, Java takes the nearest two (4.9E-324, not 5.0E-324)."""
    mantissa, _, exponent = f"{value:.1e}".partition("e")
    if float(f"{mantissa}e{exponent}") == value and mantissa[2] != "0":
        return mantissa[0] + mantissa[2], int(exponent)
    return digits, power


def decimal_text(value: Decimal) -> str:
    """Java's ``BigDecimal.toString``."""
    return str(value)


def text(value: object, depth: int = 0) -> str:
    """What Java's ``toString`` gives; null prints as ``null``.

    Raises ValueDepthError for values nested deeper than 400 levels.
    """
    if type(value) is str:
        return value
    printer = _PRINTERS.get(type(value))
    if printer is not None:
        return printer(value, depth)
    if value is None or value is UNDEFINED:
        return "null"
    shown = getattr(type(value), "java_text", None)
    return str(shown(value)) if shown is not None else java_class(value)


def _list_text(value: object, depth: int) -> str:
    if depth > _MAX_DEPTH:
        raise ValueDepthError
    items = value if isinstance(value, list | tuple | range | KeysView | ValuesView | ItemsView) else ()
    parts = ["(this Collection)" if item is value else text(item, depth + 1) for item in items]
    return "[" + ", ".join(parts) + "]"


def _dict_text(value: object, depth: int) -> str:
    if depth > _MAX_DEPTH:
        raise ValueDepthError
    pairs = value.items() if isinstance(value, dict) else ()
    parts = [
        ("(this Map)" if key is value else text(key, depth + 1))
        + "="
        + ("(this Map)" if item is value else text(item, depth + 1))
        for key, item in pairs
    ]
    return "{" + ", ".join(parts) + "}"


def _entry_text(value: object, depth: int) -> str:
    if not isinstance(value, Entry):
        return ""
    return f"{text(value.key, depth + 1)}={text(value.value, depth + 1)}"


def _bool_text(value: object, _depth: int) -> str:
    return "true" if value else "false"


def _int_text(value: object, _depth: int) -> str:
    return str(value)


def _float_text(value: object, _depth: int) -> str:
    return double_text(value) if isinstance(value, float) else ""


def _decimal_text(value: object, _depth: int) -> str:
    return decimal_text(value) if isinstance(value, Decimal) else ""


_PRINTERS: dict[type, Callable[[object, int], str]] = {
    bool: _bool_text,
    int: _int_text,
    float: _float_text,
    Decimal: _decimal_text,
    list: _list_text,
    tuple: _list_text,
    range: _list_text,
    dict: _dict_text,
    Entry: _entry_text,
}


def java_class(value: object) -> str:
    """The name of the Java class a value stands for, as Velocity's messages quote it."""
    if isinstance(value, bool):
        return "java.lang.Boolean"
    if isinstance(value, int):
        if -(2**31) <= value < 2**31:
            return "java.lang.Integer"
        return "java.lang.Long" if -(2**63) <= value < 2**63 else "java.math.BigInteger"
    name = _CLASSES.get(type(value))
    if name is not None:
        return name
    return str(getattr(type(value), "java_name", type(value).__name__))


_CLASSES: dict[type, str] = {
    str: "java.lang.String",
    float: "java.lang.Double",
    Decimal: "java.math.BigDecimal",
    list: "java.util.ArrayList",
    tuple: "java.util.ArrayList",
    dict: "java.util.LinkedHashMap",
    range: "org.apache.velocity.runtime.parser.node.ASTIntegerRange$IntegerRange",
    Entry: "java.util.LinkedHashMap$Entry",
    type(None): "null",
}
