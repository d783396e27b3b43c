"""Template values, and how they print.

Values are what a JSON reader makes: dict, list, str, int, float, bool and None. They print as the Java
objects that Jackson's untyped mapping makes of the same JSON: LinkedHashMap, ArrayList, String,
Integer/Long/BigInteger, Double and Boolean. ``range`` stands for a range literal, ``Decimal`` for the
BigDecimal that arithmetic on numeric strings gives.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final, final

_MAX_DEPTH: Final = 400
_MAX_TEXT: Final = 10_000_000


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


def text(value: object, room: int = _MAX_TEXT) -> str:
    """What Java's ``toString`` gives; null prints as ``null``.

    Raises ValueDepthError for values nested deeper than 400 levels, OverflowError when the text would be
    longer than ``room`` (values can share parts, and so be far larger in print than in memory).
    """
    if type(value) is str:
        return value
    return _Printer(room).text(value, 0)


class _Printer:
    """Prints one value. room: characters that are left."""

    __slots__ = ("_room",)

    def __init__(self, room: int) -> None:
        self._room = room

    def text(self, value: object, depth: int) -> str:
        if depth > _MAX_DEPTH:
            raise ValueDepthError
        if isinstance(value, dict):
            return self._map(value, depth)
        if isinstance(value, list | tuple | range):
            parts = ["(this Collection)" if item is value else self.text(item, depth + 1) for item in value]
            return self._charged("[" + ", ".join(parts) + "]", 2 * len(parts))
        if isinstance(value, Entry):
            return f"{self.text(value.key, depth + 1)}={self.text(value.value, depth + 1)}"
        made = _scalar_text(value)
        return self._charged(made, len(made))

    def _map(self, value: dict[object, object], depth: int) -> str:
        parts = [
            ("(this Map)" if key is value else self.text(key, depth + 1))
            + "="
            + ("(this Map)" if item is value else self.text(item, depth + 1))
            for key, item in value.items()
        ]
        return self._charged("{" + ", ".join(parts) + "}", 3 * len(parts))

    def _charged(self, made: str, size: int) -> str:
        self._room -= size
        if self._room < 0:
            raise OverflowError
        return made


def _scalar_text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return double_text(value)
    if isinstance(value, int | Decimal):
        return str(value)
    if value is None or value is UNDEFINED:
        return "null"
    shown = getattr(type(value), "java_text", None)
    return str(shown(value)) if shown is not None else java_class(value)


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
    native = next((name for kind, name in _CLASSES.items() if isinstance(value, kind)), type(value).__name__)
    return str(getattr(type(value), "java_name", native))


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
