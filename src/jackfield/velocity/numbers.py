"""The methods of Java's numbers and booleans that templates may call."""

from __future__ import annotations

import math
from decimal import Decimal

from jackfield.velocity.arithmetic import same
from jackfield.velocity.members import Allowance, MemberFault, register
from jackfield.velocity.values import text


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


def _double(_run: Allowance, value: float) -> float:
    return float(value)


def _compare(_run: Allowance, value: float, other: float | None) -> int:
    if other is None:
        raise MemberFault("java.lang.NullPointerException")
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


_ANY_NUMBER = {
    "intValue": [("", _int)],
    "longValue": [("", _long)],
    "doubleValue": [("", _double)],
    "toString": [("", _to_string)],
    "equals": [("o", _equals)],
    "compareTo": [("n", _compare)],
}
register(
    int,
    {
        **_ANY_NUMBER,
        "parseInt": [("s", _parse_int)],
        "parseLong": [("s", _parse_long)],
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
        "booleanValue": [("", lambda _run, value: value)],
        "toString": [("", _to_string)],
        "equals": [("o", _equals)],
        "parseBoolean": [("s", lambda _run, _value, other: (other or "").lower() == "true")],
    },
)
