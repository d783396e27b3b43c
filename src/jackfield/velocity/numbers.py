"""The methods of Java's numbers and booleans that templates may call."""

from __future__ import annotations

import math
import struct
from decimal import Decimal

from jackfield.velocity.arithmetic import same
from jackfield.velocity.members import Allowance, Function, MemberFault, register
from jackfield.velocity.values import java_class, text


def wrap(value: float | Decimal, bits: int) -> int:
    """Java's narrowing: integers lose their high bits, doubles stop at the ends of the range."""
    low, high = -(1 << (bits - 1)), (1 << (bits - 1)) - 1
    if isinstance(value, float):
        if math.isnan(value):
            return 0
        return int(max(low, min(high, value))) if math.isfinite(value) else (high if value > 0 else low)
    whole = int(value)
    return ((whole - low) % (1 << bits)) + low


def _int(_run: Allowance, value: float) -> int:
    return wrap(value, 32)


def _long(_run: Allowance, value: float) -> int:
    return wrap(value, 64)


def double(value: float | Decimal) -> float:
    """Java's ``doubleValue()``: what is too large is infinite."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _double(_run: Allowance, value: float) -> float:
    return double(value)


def _compare(_run: Allowance, value: float, other: object) -> int:
    if other is None:
        raise MemberFault("java.lang.NullPointerException")
    if java_class(value) != java_class(other) or not isinstance(other, int | float):
        theirs, ours = java_class(other), java_class(value)
        raise MemberFault(f"java.lang.ClassCastException: class {theirs} cannot be cast to class {ours}")
    return (value > other) - (value < other)


def parse_integer(value: str | None, bits: int) -> int:
    """Java's ``parseInt`` and ``parseLong``."""
    low, high = -(1 << (bits - 1)), (1 << (bits - 1)) - 1
    body = (
        (value or "").removeprefix("-") if (value or "").startswith("-") else (value or "").removeprefix("+")
    )
    if not body.isdecimal() or not body.isascii() or len(body) > 20 or not low <= int(value or "") <= high:
        raise MemberFault(f'java.lang.NumberFormatException: For input string: "{value}"')
    return int(value or "")


def _parse_int(_run: Allowance, _value: object, wanted: str | None) -> int:
    return parse_integer(wanted, 32)


def _parse_long(_run: Allowance, _value: object, wanted: str | None) -> int:
    return parse_integer(wanted, 64)


def _parse_double(_run: Allowance, _value: object, wanted: str | None) -> float:
    try:
        return float((wanted or "").strip().rstrip("dDfF").replace("_", "?"))
    except ValueError:
        raise MemberFault(f'java.lang.NumberFormatException: For input string: "{wanted}"') from None


def _to_string(_run: Allowance, value: object) -> str:
    return text(value)


def _equals(_run: Allowance, value: object, other: object) -> bool:
    return same(value, other)


def _is_nan(_run: Allowance, value: float) -> bool:
    return value != value


def number_hash(_run: Allowance, value: object) -> int:
    """Java's ``hashCode`` of a number or a boolean."""
    if isinstance(value, bool):
        return 1231 if value else 1237
    if isinstance(value, float):
        bits = int.from_bytes(struct.pack(">d", value))
    elif isinstance(value, int) and not -(2**31) <= value < 2**31:
        bits = value & (2**64 - 1)
    else:
        return value if isinstance(value, int) else 0
    return wrap(Decimal((bits ^ (bits >> 32)) & (2**32 - 1)), 32)


_ANY_NUMBER: dict[str, list[tuple[str, Function]]] = {
    "hashCode": [("", number_hash)],
    "intValue": [("", _int)],
    "longValue": [("", _long)],
    "doubleValue": [("", _double)],
    "toString": [("", _to_string)],
    "equals": [("o", _equals)],
    "compareTo": [("o", _compare)],
}
register(
    int,
    {
        **_ANY_NUMBER,
        "parseInt": [("s", _parse_int)],
        "parseLong": [("s", _parse_long)],
        "toHexString": [("i", lambda _run, _value, other: f"{other & 0xFFFFFFFF:x}")],
        "toBinaryString": [("i", lambda _run, _value, other: f"{other & 0xFFFFFFFF:b}")],
        "max": [("ii", lambda _run, _value, left, right: max(left, right))],
        "min": [("ii", lambda _run, _value, left, right: min(left, right))],
        "sum": [("ii", lambda _run, _value, left, right: wrap(Decimal(left + right), 32))],
        "valueOf": [("s", _parse_int), ("i", lambda _run, _value, other: other)],
    },
)
register(
    float,
    {
        **_ANY_NUMBER,
        "parseDouble": [("s", _parse_double)],
        "valueOf": [("s", _parse_double)],
        "isNaN": [("", _is_nan)],
        "isInfinite": [("", lambda _run, value: math.isinf(value))],
    },
)
register(Decimal, {**_ANY_NUMBER, "scale": [("", lambda _run, value: -value.as_tuple().exponent)]})
register(
    bool,
    {
        "hashCode": [("", number_hash)],
        "compareTo": [("o", _compare)],
        "booleanValue": [("", lambda _run, value: value)],
        "toString": [("", _to_string)],
        "equals": [("o", _equals)],
        "parseBoolean": [("s", lambda _run, _value, other: (other or "").lower() == "true")],
    },
)
